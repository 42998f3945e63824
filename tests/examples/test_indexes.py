"""Each index is what the planner takes for the query that it was made for, on every driver."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.dialects import mysql
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.schema import CreateIndex

import indexes
from crosslet import Database, Keyset, Session
from fix_databases import Target
from indexes import Base, Ticket

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
ROWS = 4000


def rows() -> Iterator[dict[str, Any]]:
    for number in range(ROWS):
        yield {
            "number": number,
            "team": f"team {number % 40}",
            "agent": f"agent {number % 200}",
            "subject": f"Subject {number}",
            "email": f"Client{number % 1000}@Example.org",
            "status": "closed" if number % 50 else "open",
            "priority": number % 5,
            "minutes": number % 7,
            "opened_at": BEGIN + timedelta(minutes=number * 17 % 4001),
            "due_at": None if number % 3 == 0 else BEGIN + timedelta(minutes=number * 7),
        }


class Explained:
    """Runs a query, and asks for the plan of what it has sent."""

    def __init__(self, db: Database, engine: AsyncEngine) -> None:
        self.db, self.engine = db, engine
        self.name = engine.dialect.name

    @contextmanager
    def listening(self) -> Iterator[list[tuple[str, Any]]]:
        sent: list[tuple[str, Any]] = []

        def note(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
            if statement.lstrip().startswith("SELECT") and "tickets" in statement:
                sent.append((statement, parameters))

        event.listen(self.engine.sync_engine, "before_cursor_execute", note)
        yield sent
        event.remove(self.engine.sync_engine, "before_cursor_execute", note)

    async def plan_of(self, query: Callable[[Session], Awaitable[Any]]) -> str:
        async with self.db.write() as session:
            with self.listening() as sent:
                await query(session)
        assert len(sent) == 1
        statement, parameters = sent[0]
        word = "EXPLAIN QUERY PLAN" if self.name == "sqlite" else "EXPLAIN"
        async with self.engine.connect() as connection:
            plan = await connection.exec_driver_sql(f"{word} {statement}", parameters)
            return "\n".join(str(dict(row)) for row in plan.mappings())

    def is_covered(self, plan: str) -> bool:
        """Tell whether the table itself is not looked at."""
        return any(words in plan for words in ("USING COVERING INDEX", "Index Only Scan", "Using index'"))

    def is_sorted(self, plan: str) -> bool:
        """Tell whether rows are sorted that came from the index in another order."""
        return any(words in plan for words in ("TEMP B-TREE", "Sort", "filesort"))


@pytest.fixture
async def explained(url: str) -> AsyncIterator[Explained]:
    async with Database(url, metadata=Base, secret="sixteen characters or more") as db:
        await db.create_all()
        async with db.write() as session:
            await session.insert_many(Ticket, rows())
        engine = await db.engine()
        async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            # What PostgreSQL has vacuumed it need not look up in the table.
            words = {"sqlite": "ANALYZE", "postgresql": "VACUUM (ANALYZE) tickets"}
            await connection.execute(text(words.get(engine.dialect.name, "ANALYZE TABLE tickets")))
        yield Explained(db, engine)


async def test_composite(explained: Explained) -> None:
    plan = await explained.plan_of(lambda session: indexes.newest_of_team(session, "team 7", 10))
    assert "ix_tickets_team_opened_at" in plan
    assert not explained.is_sorted(plan)
    async with explained.db.read() as session:
        found = await indexes.newest_of_team(session, "team 7", 100)
        assert len(found) == 100
        assert [one.opened_at for one in found] == sorted((one.opened_at for one in found), reverse=True)


async def test_covering(explained: Explained) -> None:
    plan = await explained.plan_of(lambda session: indexes.minutes_of_agent(session, "agent 7"))
    assert "ix_tickets_agent_minutes" in plan
    assert explained.is_covered(plan)
    async with explained.db.read() as session:
        assert await indexes.minutes_of_agent(session, "agent 7") == sum(one % 7 for one in range(7, ROWS, 200))
        assert await indexes.minutes_of_agent(session, "nobody") == 0


async def test_unique_and_covering(explained: Explained) -> None:
    plan = await explained.plan_of(lambda session: indexes.status_of(session, 7))
    # MariaDB looks a unique row up while it plans, and SQLite has no INCLUDE.
    assert "uq_tickets_number" in plan
    assert explained.is_covered(plan) is (explained.name == "postgresql")
    async with explained.db.read() as session:
        assert [await indexes.status_of(session, number) for number in (50, 51, -1)] == ["open", "closed", None]


async def test_partial(explained: Explained) -> None:
    plan = await explained.plan_of(lambda session: indexes.oldest_open(session, 10))
    assert "ix_tickets_open" in plan
    assert not explained.is_sorted(plan)
    async with explained.db.read() as session:
        wanted = sorted(range(0, ROWS, 50), key=lambda number: number * 17 % 4001)
        assert list(await indexes.oldest_open(session, 10)) == wanted[:10]


async def test_a_computed_column(explained: Explained) -> None:
    plan = await explained.plan_of(lambda session: indexes.from_address(session, "CLIENT7@example.org"))
    assert "ix_tickets_email_key" in plan
    async with explained.db.read() as session:
        assert sorted(await indexes.from_address(session, "CLIENT7@example.org")) == [7, 1007, 2007, 3007]


async def test_an_expression(explained: Explained, target: Target) -> None:
    plan = await explained.plan_of(lambda session: indexes.about(session, "SUBJECT 7"))
    assert ("ix_tickets_subject_lower" in plan) is (target.dialect_name != "mariadb")
    async with explained.db.read() as session:
        assert await indexes.about(session, "SUBJECT 7") == [7]


async def test_descending(explained: Explained) -> None:
    plan = await explained.plan_of(lambda session: indexes.most_urgent(session, 10))
    assert "ix_tickets_urgent" in plan
    assert not explained.is_sorted(plan)
    async with explained.db.read() as session:
        wanted = sorted(range(4, ROWS, 5), key=lambda number: number * 17 % 4001)
        assert list(await indexes.most_urgent(session, 10)) == wanted[:10]


async def test_nulls_first(explained: Explained) -> None:
    plan = await explained.plan_of(lambda session: indexes.by_due_date(session, Keyset(limit=10)))
    assert "ix_tickets_due" in plan
    assert not explained.is_sorted(plan)
    async with explained.db.read() as session:
        page = await indexes.by_due_date(session, Keyset(limit=10))
        assert [line.due_at for line in page.items] == [None] * 10


async def test_without_its_index_a_query_sorts(explained: Explained) -> None:
    """Hold the other plans against one where there is nothing to find."""
    async with explained.engine.begin() as connection:
        urgent = next(index for index in Ticket.__table__.indexes if index.name == "ix_tickets_urgent")
        await connection.run_sync(urgent.drop)
    plan = await explained.plan_of(lambda session: indexes.most_urgent(session, 10))
    assert "ix_tickets_urgent" not in plan
    assert explained.is_sorted(plan)
    assert not explained.is_covered(plan)


def test_what_mysql_is_told() -> None:
    dialect = mysql.dialect()
    told = {str(index.name): str(CreateIndex(index).compile(dialect=dialect)) for index in Ticket.__table__.indexes}
    assert told["ix_tickets_subject_lower"].endswith("ON tickets ((lower(subject)))")
    assert told["ix_tickets_urgent"].endswith("ON tickets (priority DESC, opened_at)")
    assert told["uq_tickets_number"] == "CREATE UNIQUE INDEX uq_tickets_number ON tickets (number)"
    assert told["ix_tickets_open"].endswith("ON tickets (status, opened_at)")
