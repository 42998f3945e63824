"""The tables of these tests: the simplest ones in which a lost or a halved unit shows."""

from typing import Any

from sqlalchemy import ForeignKeyConstraint, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """A base of its own: what is promised must not hang on crosslet's models."""

    metadata = MetaData()


class Item(Base):
    """One row a unit; its name is the unit's token."""

    __tablename__ = "item"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)


class Account(Base):
    """A balance: the sum over all accounts never changes."""

    __tablename__ = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    balance: Mapped[int]


def _can_defer(ddl: Any, target: Any, bind: Any, **rest: Any) -> bool:
    return rest["dialect"].name in {"postgresql", "sqlite"}


class Order(Base):
    """Belongs to an item, which the database looks at only when it commits (MariaDB: never)."""

    __tablename__ = "order_of_item"
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int]
    __table_args__ = (
        ForeignKeyConstraint(["item_id"], ["item.id"], name="order_item", deferrable=True, initially="DEFERRED").ddl_if(
            callable_=_can_defer
        ),
    )
