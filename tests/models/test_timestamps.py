"""created_at and updated_at, on every driver."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, insert, literal, select, text, update
from sqlalchemy.exc import StatementError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from crosslet.errors import InvalidValue
from crosslet.models import BigIntKey, Portable, Timestamps, UTCDateTime, utc_now


class Base(Portable, BigIntKey, Timestamps, DeclarativeBase):
    pass


class Note(Base):
    __tablename__ = "notes"
    at: Mapped[datetime | None]
    size: Mapped[int] = mapped_column(default=0)


@pytest.fixture
async def session(engine: AsyncEngine) -> AsyncSession:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with AsyncSession(engine, expire_on_commit=False) as session:
        yield session


async def test_both_are_readable_and_equal_after_a_flush(session: AsyncSession) -> None:
    before = datetime.now(UTC)
    notes = [Note(), Note(), Note()]
    session.add_all(notes)
    await session.flush()
    for note in notes:
        assert note.created_at == note.updated_at
        assert before <= note.created_at <= datetime.now(UTC)
        assert note.created_at.utcoffset() == timedelta(0)


async def test_updated_at_follows_a_created_at_that_was_given(session: AsyncSession) -> None:
    note = Note(created_at=datetime(2001, 2, 3, tzinfo=UTC))
    session.add(note)
    await session.flush()
    assert note.updated_at == note.created_at == datetime(2001, 2, 3, tzinfo=UTC)


async def test_an_update_of_the_object_moves_updated_at_without_a_refetch(session: AsyncSession) -> None:
    note = Note()
    session.add(note)
    await session.flush()
    note.size = 5
    await session.flush()
    assert note.updated_at > note.created_at
    stored = (await session.execute(select(Note.created_at, Note.updated_at))).one()
    assert stored == (note.created_at, note.updated_at)


async def test_a_bulk_update_moves_updated_at(session: AsyncSession) -> None:
    session.add_all([Note(), Note()])
    await session.flush()
    await session.execute(update(Note).values(size=Note.size + 1), execution_options={"synchronize_session": False})
    rows = (await session.execute(select(Note.created_at, Note.updated_at))).all()
    assert all(updated > created for created, updated in rows)


async def test_sql_written_by_hand_gets_the_servers_time(session: AsyncSession) -> None:
    await session.execute(text("INSERT INTO notes (size) VALUES (1)"))
    note = (await session.scalars(select(Note))).one()
    assert abs(note.created_at - datetime.now(UTC)) < timedelta(minutes=5)
    assert abs(note.updated_at - note.created_at) < timedelta(seconds=1)
    # The text that SQLite stores is as wide as Python's, or this comparison would go wrong.
    assert await session.scalar(select(func.count()).where(Note.created_at <= utc_now())) == 1
    assert await session.scalar(select(func.count()).where(Note.created_at > note.created_at)) == 0


async def test_a_moment_keeps_its_microseconds_and_its_meaning(session: AsyncSession) -> None:
    in_nepal = datetime(2024, 5, 1, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    session.add_all([Note(at=in_nepal), Note(at=in_nepal + timedelta(microseconds=1)), Note(at=None)])
    await session.commit()
    found = (await session.scalars(select(Note.at).order_by(Note.id))).all()
    assert found == [in_nepal, in_nepal + timedelta(microseconds=1), None]
    assert found[0].isoformat() == "2024-05-01T06:15:00.123456+00:00"
    assert await session.scalar(select(func.count()).where(Note.at == in_nepal.astimezone(UTC))) == 1
    assert await session.scalar(select(func.count()).where(Note.at > in_nepal)) == 1
    assert await session.scalar(select(func.max(Note.at))) == in_nepal + timedelta(microseconds=1)


async def test_a_moment_can_be_written_into_the_sql(session: AsyncSession) -> None:
    moment = datetime(2024, 5, 1, 12, 0, 0, 123456, tzinfo=UTC)
    session.add(Note(at=moment))
    await session.flush()
    literal_sql = select(Note.id).where(Note.at == literal(moment, UTCDateTime(), literal_execute=True))
    assert await session.scalar(literal_sql) is not None


@pytest.mark.parametrize(
    ("value", "code"),
    [(datetime(2024, 5, 1), "naive_datetime"), ("2024-05-01", "wrong_type"), (timedelta(1), "wrong_type")],
)
async def test_what_is_no_moment_is_refused(session: AsyncSession, value: object, code: str) -> None:
    with pytest.raises(StatementError) as caught:
        await session.execute(insert(Note.__table__).values(at=value))
    assert isinstance(caught.value.orig, InvalidValue)
    assert [problem.code for problem in caught.value.orig.problems] == [code]
