"""What is used of SQLAlchemy's private loaders is there; where it were not, objects load one by one, and rightly."""

import subprocess
import sys
from pathlib import Path

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import DeclarativeBase, Mapped, backref, configure_mappers, mapped_column, relationship

from crosslet import Database
from crosslet.loading import broken_contract
from loading.library import Count, counted, touched

OTHER_SQLALCHEMY = """
import warnings
from sqlalchemy.orm import strategies

usual = strategies._LazyLoader._emit_lazyload
strategies._LazyLoader._emit_lazyload = lambda self, session, *renamed: usual(self, session, *renamed)
with warnings.catch_warnings(record=True) as heard:
    warnings.simplefilter("always")
    import crosslet.transactions
print(*[str(one.message) for one in heard if one.category is RuntimeWarning])

import asyncio
from sqlalchemy import select
from crosslet import Database
from loading.library import Author, filled, touched

async def main():
    async for db, count in filled("sqlite://"):
        async with db.read() as session:
            authors = await session.all(Author, select(Author))
            print(await touched(session, lambda: sum(len(author.books) for author in authors)), count())

asyncio.run(main())
"""


def test_it_holds() -> None:
    assert list(broken_contract()) == []


def test_with_another_sqlalchemy_objects_load_one_by_one_and_a_warning_says_so() -> None:
    done = subprocess.run(
        [sys.executable, "-c", OTHER_SQLALCHEMY],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    heard, found = done.stdout.splitlines()
    assert "one object at a time" in heard
    assert "_emit_lazyload(self session renamed)" in heard
    assert found == "60 21"


async def test_classes_that_are_mapped_late_and_relationships_that_others_bring(url: str) -> None:
    class Base(DeclarativeBase):
        pass

    class Shop(Base):
        __tablename__ = "shops"

        id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)

    configure_mappers()

    class Sale(Base):
        __tablename__ = "sales"

        id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
        shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
        shop: Mapped[Shop] = relationship(backref=backref("sales", order_by="Sale.id"), lazy="selectin")

    async with Database(url, metadata=Base) as db:
        await db.create_all()
        async with db.write() as session:
            session.add_all(Shop(id=number) for number in range(5))
            session.add_all(Sale(id=number, shop_id=number % 5) for number in range(20))
        with counted(await db.engine(read_only=True)) as count:
            async with db.read() as session:
                shops = await session.all(Shop, select(Shop))
                assert await touched(session, lambda: [len(shop.sales) for shop in shops]) == [4] * 5  # type: ignore[attr-defined]
            # Its shop is in the session already, so the eager load finds nothing to do.
            assert count() == 2, count.texts
            await _eager_by_itself_and_expired(db, Sale, count)


async def _eager_by_itself_and_expired(db: Database, sale: type, count: Count) -> None:
    """A relationship whose own way is eager loads for all that came together once it was expired."""
    async with db.read() as session:
        sales = await session.all(sale, select(sale))
        count.clear()
        for one in sales:
            session.expire(one, ["shop"])
        session.expunge_all()
        for one in sales:
            session.add(one)
        await touched(session, lambda: [one.shop for one in sales])  # type: ignore[attr-defined]
        assert count() == 1, count.texts
