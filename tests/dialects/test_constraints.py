"""Every broken rule of a table, on a real server: the same class and the same names on each driver."""

from dataclasses import dataclass

import pytest
from sqlalchemy import text

from crosslet import Database, errors
from fix_databases import Target


@dataclass(frozen=True)
class Broken:
    """One statement, and what its error says where the database tells everything there is."""

    name: str
    statement: str
    kind: type[errors.DatabaseError]
    constraint: str | None
    table: str | None
    columns: tuple[str, ...]

    def __str__(self) -> str:
        return self.name


UNIQUE = (
    Broken(
        "unique",
        "INSERT INTO authors (id, name, email) VALUES (2, 'Ben', 'ann@x')",
        errors.UniqueViolation,
        "uq_authors_email",
        "authors",
        ("email",),
    ),
    Broken(
        "unique by update",
        "UPDATE authors SET email = 'ann@x' WHERE id = 3",
        errors.UniqueViolation,
        "uq_authors_email",
        "authors",
        ("email",),
    ),
    Broken(
        "unique over two columns",
        "INSERT INTO authors (id, name, country, code) VALUES (2, 'Ben', 'de', 'x')",
        errors.UniqueViolation,
        "uq_authors_country_code",
        "authors",
        ("country", "code"),
    ),
    Broken(
        "unique index",
        "INSERT INTO books (id, isbn) VALUES (2, 'i1')",
        errors.UniqueViolation,
        "ix_books_isbn",
        "books",
        ("isbn",),
    ),
)
FOREIGN = (
    Broken(
        "parent missing",
        "INSERT INTO books (id, author_id) VALUES (2, 99)",
        errors.ForeignKeyViolation,
        "fk_books_author_id",
        "books",
        ("author_id",),
    ),
    Broken(
        "parent still referenced",
        "DELETE FROM authors WHERE id = 1",
        errors.ForeignKeyViolation,
        "fk_books_author_id",
        "books",
        ("author_id",),
    ),
)


async def fail(db: Database, statement: str) -> errors.DatabaseError:
    with pytest.raises(errors.DatabaseError) as caught:
        async with db.write() as session:
            await session.execute(text(statement))
    return caught.value


@pytest.mark.parametrize("case", UNIQUE, ids=str)
async def test_a_duplicate_names_its_columns(shop: Database, target: Target, case: Broken) -> None:
    error = await fail(shop, case.statement)
    constraint = case.constraint if target.dialect.names_constraint_in_errors else None
    assert (type(error), error.constraint, error.table, error.columns) == (
        case.kind,
        constraint,
        case.table,
        case.columns,
    )


@pytest.mark.parametrize("case", FOREIGN, ids=str)
@pytest.mark.needs("names_constraint_in_errors")
async def test_a_broken_reference_names_the_referring_column(shop: Database, target: Target, case: Broken) -> None:
    error = await fail(shop, case.statement)
    assert (type(error), error.constraint, error.table, error.columns) == (
        case.kind,
        case.constraint,
        case.table,
        case.columns,
    )


@pytest.mark.parametrize("case", FOREIGN, ids=str)
async def test_a_broken_reference_is_one_on_every_database(shop: Database, case: Broken) -> None:
    assert type(await fail(shop, case.statement)) is case.kind


async def test_a_duplicate_primary_key(shop: Database, target: Target) -> None:
    error = await fail(shop, "INSERT INTO authors (id, name) VALUES (1, 'Ben')")
    assert type(error) is errors.UniqueViolation
    # MariaDB says no more than PRIMARY, of whichever table.
    assert (error.constraint, error.table, error.columns) in {
        ("authors_pkey", "authors", ("id",)),
        ("PRIMARY", None, ()),
        (None, "authors", ("id",)),
    }


async def test_a_check_names_its_columns(shop: Database) -> None:
    error = await fail(shop, "INSERT INTO authors (id, name, age) VALUES (2, 'Ben', -1)")
    assert (type(error), error.constraint, error.table, error.columns) == (
        errors.CheckViolation,
        "ck_authors_age",
        "authors",
        ("age",),
    )


@pytest.mark.parametrize(
    "statement",
    ["INSERT INTO authors (id, name) VALUES (2, NULL)", "INSERT INTO authors (id) VALUES (2)"],
    ids=["null", "left out"],
)
async def test_a_missing_value_names_its_column(shop: Database, statement: str) -> None:
    error = await fail(shop, statement)
    assert (type(error), error.constraint, error.columns) == (errors.NotNullViolation, None, ("name",))


@pytest.mark.parametrize(
    "statement",
    ["SELECT * FROM no_such_table", "SELECT no_such_column FROM authors", "SELEC 1"],
    ids=["table", "column", "syntax"],
)
async def test_a_wrong_statement_is_rejected(shop: Database, statement: str) -> None:
    assert type(await fail(shop, statement)) is errors.StatementRejected


@pytest.mark.parametrize(
    ("column", "value"),
    [("name", "'" + "x" * 30 + "'"), ("age", "99999999999"), ("age", "'many'")],
    ids=["too long", "out of range", "not a number"],
)
@pytest.mark.needs("has_server")  # SQLite stores all three as they are.
async def test_a_value_that_does_not_fit_is_rejected(shop: Database, column: str, value: str) -> None:
    error = await fail(shop, f"UPDATE authors SET {column} = {value}")
    assert type(error) is errors.DataRejected


async def test_the_text_of_a_database_error_has_no_values_in_it(shop: Database) -> None:
    error = await fail(shop, "INSERT INTO authors (id, name, email) VALUES (2, 'Ben', 'ann@x')")
    link: BaseException | None = error
    while link is not None:
        assert "ann@x" not in f"{link!r} {link}"
        link = link.__cause__


async def test_an_exclusion(shop: Database) -> None:
    try:
        async with shop.write() as session:
            await session.execute(
                text("CREATE TABLE stays (days int4range, CONSTRAINT ex_stays EXCLUDE USING gist (days WITH &&))")
            )
    except errors.DatabaseError:
        pytest.skip("PostgreSQL alone has them")
    async with shop.write() as session:
        await session.execute(text("INSERT INTO stays VALUES ('[1,5)')"))
    error = await fail(shop, "INSERT INTO stays VALUES ('[4,6)')")
    assert (type(error), error.constraint, error.table) == (errors.ExclusionViolation, "ex_stays", "stays")
