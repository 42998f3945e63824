"""A stored value may look like the server's own words; it must not choose what an error names."""

import pytest
from sqlalchemy import text

from crosslet import Database, errors

VALUES = (
    "x for key 'authors.PRIMARY'",
    "x' for key 'uq_other",
    "Key (id)=(1)",
    "a)=(b",
    "(id)=(1",
    "CONSTRAINT `ck_other` failed",
    "for column 'id' at row 1",
    "Column 'id' cannot be null",
    "CHECK constraint failed: id",
)


async def fail(db: Database, statement: str, **values: object) -> errors.DatabaseError:
    with pytest.raises(errors.DatabaseError) as caught:
        async with db.write() as session:
            await session.execute(text(statement), values)
    return caught.value


@pytest.mark.parametrize("value", VALUES)
async def test_a_duplicate_value_does_not_choose_the_columns(shop: Database, value: str) -> None:
    insert = "INSERT INTO authors (id, name, email) VALUES (:id, 'Ben', :email)"
    async with shop.write() as session:
        await session.execute(text(insert), {"id": 10, "email": value})
    error = await fail(shop, insert, id=11, email=value)
    assert (type(error), error.table, error.columns) == (errors.UniqueViolation, "authors", ("email",))


@pytest.mark.parametrize("value", VALUES)
async def test_a_value_beside_a_broken_check_does_not_choose_the_columns(shop: Database, value: str) -> None:
    insert = "INSERT INTO authors (id, name, email, age) VALUES (2, 'Ben', :email, -1)"
    error = await fail(shop, insert, email=value)
    assert (type(error), error.constraint, error.columns) == (errors.CheckViolation, "ck_authors_age", ("age",))


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.needs("has_server")
async def test_a_refused_value_does_not_choose_the_columns(shop: Database, value: str) -> None:
    literal = value.replace("'", "''").replace(":", r"\:")
    error = await fail(shop, f"UPDATE authors SET age = '{literal}'")
    # PostgreSQL does not say which column it was.
    assert type(error) is errors.DataRejected
    assert error.columns in {(), ("age",)}


@pytest.mark.parametrize("value", ["(id)=(1", "Key (id)=(1"])
async def test_a_value_in_an_expression_index_does_not_choose_the_columns(shop: Database, value: str) -> None:
    try:
        async with shop.write() as session:
            await session.execute(text("CREATE UNIQUE INDEX ix_lower ON authors (lower(name))"))
    except errors.StatementRejected:
        pytest.skip("MariaDB has no index on an expression")
    insert = "INSERT INTO authors (id, name) VALUES (:id, :name)"
    async with shop.write() as session:
        await session.execute(text(insert), {"id": 10, "name": value})
    error = await fail(shop, insert, id=11, name=value.upper())
    assert (type(error), error.constraint, error.columns) == (errors.UniqueViolation, "ix_lower", ())
