"""Parts of text: every character stands for itself, and capitals are told apart on every database."""

import pytest
from sqlalchemy import select

from crosslet import Database
from crosslet.web import ListParams
from reads.world import Author, AuthorOut, author

PLAIN = ("100 sure", "axb", "x", "Élan", "élan", "ÉLAN", "Straße", "Ж", "")
NAMES = (*PLAIN, "100% sure", "a_b", "a/b", "a\\b", "[x]", "*?")


class Params(ListParams, model=Author, shape=AuthorOut):
    only = ("name",)
    search = ("name",)


async def names(db: Database, query: str) -> list[str]:
    async with db.read() as session:
        found = await session.all(Author, Params.parse(query).apply(select(Author)))
    return sorted(one.name for one in found)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("name__contains=%25", ["100% sure"]),
        ("name__starts_with=100%25", ["100% sure"]),
        ("name__contains=_", ["a_b"]),
        ("name__icontains=A_B", ["a_b"]),
        ("name__contains=/", ["a/b"]),
        ("name__contains=\\", ["a\\b"]),
        ("name__starts_with=[", ["[x]"]),
        ("name__ends_with=?", ["*?"]),
        ("name__contains=*", ["*?"]),
        ("name__contains=[x]", ["[x]"]),
        ("name__contains=%C3%89", ["ÉLAN", "Élan"]),
        ("name__starts_with=el", []),
        ("name__icontains=%C3%A9LAN", ["ÉLAN", "Élan", "élan"]),
        ("name__icontains=%D0%B6", ["Ж"]),
        ("name__icontains=STRA", ["Straße"]),
        ("name__contains=STRA", []),
        ("name=%C3%A9lan", ["élan"]),
        ("name=x%20", []),
        ("name__ends_with=", sorted(NAMES)),
        ("name__starts_with=", sorted(NAMES)),
        ("name__ends_with=sure&name__starts_with=100&name__contains=0%20", ["100 sure"]),
        ("q=SURE%20100%25", ["100% sure"]),
        ("q=%20", sorted(NAMES)),
    ],
)
async def test_what_a_part_is_found_in(query: str, wanted: list[str], url: str) -> None:
    async with Database(url, metadata=Author) as db:
        await db.create_all()
        async with db.write() as session:
            session.add_all(author(name) for name in NAMES)
        assert await names(db, query) == wanted


async def test_conditions_can_be_turned_around(world: Database) -> None:
    found = Params.parse("name__starts_with=A").criterion()
    async with world.read() as session:
        others = await session.all(Author, select(Author).where(~found))
    assert "Ada" not in {one.name for one in others}
    assert len(others) == 3
