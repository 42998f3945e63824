"""Where one statement for all could answer otherwise than one for each: the two are asked and have to agree."""

import pickle
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from sqlalchemy import insert, inspect, literal, select, update
from sqlalchemy.orm import Session, selectin_polymorphic, selectinload, with_polymorphic

from crosslet import Database, fetch, with_deleted
from loading.edges import (
    Bike,
    Car,
    Cry,
    Echo,
    Edges,
    Guest,
    Letter,
    Owner,
    Place,
    Point,
    Saw,
    Tool,
    Use,
    Vehicle,
    Word,
    rows,
    wears,
)


@pytest.fixture
async def edges(url: str) -> AsyncIterator[Database]:
    """Give a Database with all of them."""
    async with Database(url, metadata=Edges) as db:
        await db.create_all()
        async with db.write() as session:
            for row in rows():
                session.add(row)
                await session.flush()
            pairs = [(1, 1), (1, 1), (1, 2), (2, 1), (3, 4), (3, 4)]
            await session.execute(insert(wears), [{"owner_id": owner, "hat_id": hat} for owner, hat in pairs])
        yield db


async def both(db: Database, look: Callable[[Session], Any]) -> Any:
    """Look in a session that loads alone and in one that loads peers; what they saw is the same."""
    found = []
    for mode in ("one", "peers"):
        async with db.write() as session:
            session.fetch_mode = mode  # type: ignore[assignment]
            found.append(await session.run_sync(look))
            await session.rollback()
    assert found[0] == found[1]
    return found[1]


def ids(found: Any) -> Any:
    if isinstance(found, list | set | tuple):
        return [ids(one) for one in found]
    return found if found is None else (type(found).__name__, found.id)


async def test_a_pair_that_is_there_twice_is_one_object(edges: Database) -> None:
    def look(session: Session) -> Any:
        return [(ids(one.hats), one.heads) for one in session.scalars(select(Owner).order_by(Owner.id))]

    assert len((await both(edges, look))[0][0]) == 2


async def test_text_that_only_the_database_takes_for_equal(edges: Database) -> None:
    """MariaDB compares without case: a foreign key `A` belongs to the key `a`."""
    async with edges.write() as session:
        if not await session.scalar(select(literal("a") == literal("A"))):
            pytest.skip("text is compared exactly")
        await session.execute(update(Use).where(Use.id == 3).values(word_id="A"))
        await session.execute(update(Use).where(Use.id == 2).values(word_id="c"))

    def look(session: Session) -> Any:
        down = [ids(one.uses) for one in session.scalars(select(Word).order_by(Word.id))]
        session.expunge_all()
        return down, [ids(one.word) for one in session.scalars(select(Use).order_by(Use.id))]

    down, up = await both(edges, look)
    assert sum(map(len, down)) == 6
    assert None not in up


async def test_types_of_one_s_own(edges: Database) -> None:
    def look(session: Session) -> Any:
        down = [(cry.id, ids(cry.echoes)) for cry in session.scalars(select(Cry).order_by(Cry.id))]
        session.expunge_all()
        echoes = list(session.scalars(select(Echo).order_by(Echo.id)))
        echoes[0].cry_id = "AH"
        session.flush()
        return down, [ids(echo.cry) for echo in echoes]

    await both(edges, look)


async def test_a_foreign_key_that_is_null_in_part(edges: Database) -> None:
    def look(session: Session) -> Any:
        guests = session.scalars(select(Guest).order_by(Guest.id))
        return [guest.room and guest.room.number for guest in guests]

    assert await both(edges, look) == [1, None, None, 2]


async def test_joins_of_one_s_own(edges: Database) -> None:
    def look(session: Session) -> Any:
        owners: list[Any] = list(session.scalars(select(Owner).order_by(Owner.id)))
        letters = list(session.scalars(select(Letter).order_by(Letter.id)))
        session.expire_all()
        return (
            [(ids(one.friends), ids(one.friend_of), ids(one.last_letters)) for one in owners],
            [(ids(one.letters), list(one.texts), one.letter_count, one.place, one.mail) for one in owners],
            [ids(one.owner) for one in letters],
        )

    await both(edges, look)


async def test_late_columns_of_every_kind(edges: Database) -> None:
    def look(session: Session) -> Any:
        owners: list[Any] = list(session.scalars(select(Owner).order_by(Owner.id)))
        first = [(one.place, one.letter_count, one.y) for one in owners]
        for one in owners:
            session.expire(one, ["x", "letter_count", "place"])
        owners[1].place = Point(7, 8)
        session.flush()
        second = [(one.place, one.letter_count, one.version, one.mail) for one in owners]
        for one in owners:
            session.expire(one)
        return first, second, [(one.x, one.place, one.version, one.mail) for one in owners]

    await both(edges, look)


async def test_hierarchies(edges: Database) -> None:
    def look(session: Session) -> Any:
        found: list[Any] = []
        plan = with_polymorphic(Vehicle, [Car, Bike])
        for statement in (
            select(Vehicle).order_by(Vehicle.id),
            select(Vehicle).options(selectin_polymorphic(Vehicle, [Car])).order_by(Vehicle.id),
            select(plan).order_by(plan.id),
            select(Car).order_by(Car.id),
        ):
            for expired in (False, True):
                vehicles: list[Any] = list(session.scalars(statement))
                if expired:
                    session.expire_all()
                found.append([ids(one.keeper) for one in vehicles])
                found.append([(one.doors, one.maker) if isinstance(one, Car) else one.kind for one in vehicles])
                found.append([one.gears for one in vehicles if isinstance(one, Bike)])
                session.expunge_all()
        for cls in (Tool, Saw):
            tools = list(session.scalars(select(cls).order_by(cls.id)))
            found.append([(ids(one.hat), one.note) for one in tools])
            session.expire_all()
            found.append([(one.note, ids(one.hat)) for one in tools])
        return found

    await both(edges, look)


async def test_what_was_added_and_flushed_here(edges: Database) -> None:
    """Such an object came from no statement."""

    def look(session: Session) -> Any:
        new = [Use(id=50, word_id="a"), Use(id=51, word_id="b")]
        word = Word(id="new")
        session.add_all([*new, word])
        session.flush()
        return [ids(one.word) for one in new], ids(word.uses)

    assert await both(edges, look) == ([("Word", "a"), ("Word", "b")], [])


async def test_what_was_taken_away_and_is_not_flushed_stays_so(edges: Database) -> None:
    def look(session: Session) -> Any:
        uses = list(session.scalars(select(Use).order_by(Use.id)))
        with session.no_autoflush:
            del uses[1].word
            words = [ids(one.word) for one in uses]
        session.flush()
        return words, [one.word_id for one in uses]

    words, _ = await both(edges, look)
    assert words[1] is None


async def test_an_object_whose_row_is_deleted_still_finds_what_it_belonged_to(edges: Database) -> None:
    """A join cannot start from its row any more."""

    def look(session: Session) -> Any:
        letters = list(session.scalars(select(Letter).order_by(Letter.id)))
        session.expire_all()
        assert letters[0].email is not None
        for one in letters:
            session.refresh(one, ["email"])
        session.delete(letters[0])
        session.flush()
        return ids(letters[1].owner), ids(letters[0].owner), ids(letters[3].owner)

    await both(edges, look)


async def test_what_was_marked_as_deleted_still_finds_what_belonged_to_it(edges: Database) -> None:
    found = []
    for mode in ("one", "peers"):
        for wanted in (lambda statement: statement, with_deleted):
            async with edges.write() as session:
                session.fetch_mode = mode  # type: ignore[assignment]
                places = await session.all(Place, wanted(select(Place).order_by(Place.id)))
                await session.delete(places[1])
                await session.flush()
                found.append(await session.run_sync(lambda _: [[one.id for one in place.near] for place in places]))  # noqa: B023
                await session.rollback()
    assert found[:2] == found[2:]
    assert found[0][1] == [1, 3, 4]
    assert found[1][0] == [2, 3, 4]


async def test_objects_of_one_statement_in_two_sessions(edges: Database) -> None:
    async with edges.write() as session, edges.read() as other:
        words = await session.all(Word, select(Word).order_by(Word.id))
        for one in words[1:]:
            session.expunge(one)
            other.add(one)
        found = await session.run_sync(lambda _: [len(one.uses) for one in words[:1]])
        assert not any("uses" in inspect(one).dict for one in words[1:])
        assert found + await other.run_sync(lambda _: [len(one.uses) for one in words[1:]]) == [2, 2, 2]


async def test_objects_that_were_pickled(edges: Database) -> None:
    async with edges.read() as session:
        statement = select(Owner).options(fetch("peers", window=2), selectinload(Owner.letters)).order_by(Owner.id)
        text = pickle.dumps(await session.all(Owner, statement))
    async with edges.read() as session:
        owners: list[Any] = pickle.loads(text)
        session.add_all(owners)
        found = await session.run_sync(lambda _: [(ids(one.friends), one.y, len(one.letters)) for one in owners])
    assert [one[0] for one in found] == [[("Owner", 2)], [("Owner", 3)], [("Owner", 4)], []]
