"""Which tables a statement changes: all that it names as changed, those that follow by cascade, or everything."""

from typing import Any

import pytest
from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    column,
    delete,
    insert,
    literal,
    select,
    table,
    text,
    update,
)
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.schema import CreateTable

from crosslet.reads import EVERYTHING
from crosslet.transactions import written_by

metadata = MetaData()


def made(name: str, *references: Any) -> Table:
    columns = [Column(f"r{number}", Integer, reference) for number, reference in enumerate(references)]
    return Table(name, metadata, Column("id", Integer, primary_key=True), *columns)


root = made("root")
child = made("child", ForeignKey("root.id", ondelete="cascade"))
grandchild = made("grandchild", ForeignKey("child.id", ondelete="SET NULL"), ForeignKey("nowhere.id"))
renamed = made("renamed", ForeignKey("root.id", onupdate="CASCADE"))
restricted = made("restricted", ForeignKey("root.id", ondelete="RESTRICT"))
loop = made("loop", ForeignKey("loop.id", ondelete="CASCADE"))
elsewhere = Table("root", metadata, Column("id", Integer, primary_key=True), schema="other")

BELOW = {"root", "child", "grandchild", "renamed"}


def written(statement: Any, dialect: Any = None) -> set[str]:
    compiled = statement.compile(dialect=dialect or postgresql.dialect())
    return {tag.removeprefix("table:") for tag in written_by(compiled, str(compiled))}


removing = delete(root).returning(root.c.id).cte("removed")
adding = insert(child).values(id=1).returning(child.c.id).cte("added")


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (select(root), set()),
        (select(root).with_for_update(), set()),
        (select(root).union_all(select(root)), set()),
        (insert(root).values(id=1), {"root"}),
        (insert(root).from_select(["id"], select(child.c.id)), {"root"}),
        (update(root).values(id=1), BELOW),
        (delete(root), BELOW),
        (delete(child), {"child", "grandchild"}),
        (delete(restricted), {"restricted"}),
        (delete(loop), {"loop"}),
        (delete(elsewhere), {"other.root"}),
        (delete(table("light", column("id"))), {"light"}),
        (postgresql.insert(root).values(id=1).on_conflict_do_update(index_elements=["id"], set_={"id": 2}), BELOW),
        (insert(root).prefix_with("OR REPLACE").values(id=1), BELOW),
        (select(removing), BELOW),
        (select(literal(1)).add_cte(adding), {"child"}),
        (insert(restricted).from_select(["id"], select(removing)), BELOW | {"restricted"}),
        (select(text("DELETE FROM root RETURNING id").columns(root.c.id).cte("x")), {EVERYTHING}),
        (text("SELECT 1").columns(root.c.id), set()),
        (CreateTable(root), {EVERYTHING}),
    ],
)
def test_a_statement_says_what_it_changes(statement: Any, expected: set[str]) -> None:
    assert written(statement) == expected


def test_several_tables_at_once() -> None:
    both = update(child).values({child.c.r0: 1, restricted.c.r0: 2}).where(child.c.id == restricted.c.id)
    assert {"child", "restricted"} <= written(both, mysql.dialect())  # type: ignore[no-untyped-call]
    assert {"root"} <= written(sqlite.insert(root).values(id=1).on_conflict_do_nothing(), sqlite.dialect())


@pytest.mark.parametrize(
    ("sql", "is_write"),
    [
        ("SELECT * FROM users FOR UPDATE", False),
        ("select * from users for no key update", False),
        ("SET LOCAL statement_timeout = 5", False),
        ("SHOW WARNINGS", False),
        ("SAVEPOINT a", False),
        ("EXPLAIN SELECT 1", False),
        ("SELECT updated_at FROM users", False),
        ("update users set name = 'x'", True),
        ("WITH gone AS (DELETE FROM users RETURNING 1) SELECT 1", True),
        ("SELECT 1; TRUNCATE users", True),
        ("CALL refresh_all()", True),
        ("MERGE INTO users USING x ON true WHEN MATCHED THEN DO NOTHING", True),
        ("REFRESH MATERIALIZED VIEW totals", True),
        ("COPY users FROM STDIN", True),
        ("SELECT 'delete'", True),  # too much, and safe
    ],
)
def test_sql_by_hand_changes_everything_or_nothing(sql: str, is_write: bool) -> None:
    expected = {EVERYTHING} if is_write else set()
    assert written_by(None, sql) == expected
    assert written(text(sql)) == set(expected)


def test_a_table_that_is_declared_later_is_followed() -> None:
    own = MetaData()
    first = Table("first", own, Column("id", Integer, primary_key=True))
    compiled = delete(first).compile(dialect=postgresql.dialect())
    assert written_by(compiled, str(compiled)) == {"table:first"}
    Table("second", own, Column("id", ForeignKey("first.id", ondelete="CASCADE"), primary_key=True))
    assert written_by(compiled, str(compiled)) == {"table:first", "table:second"}
