"""What every database's file answers: the SQL for each form a value can have in JSON."""

from abc import ABC, abstractmethod

from crosslet.shapes.kinds import Kind
from crosslet.shapes.values.held import Held
from crosslet.shapes.values.sql import Sql, Write, as_is, writer
from crosslet.shapes.values.target import Target


class Forms(ABC):
    """The forms of values in one database's JSON.

    Each method returns SQL for a column, None where only Python can write it. With `exact`, the JSON is Pydantic's;
    without, something cheaper may stand there that Pydantic reads to the same value.
    """

    def __init__(self, target: Target) -> None:
        self.target = target

    def writer(self, sql: Sql, held: Held) -> Write:
        """Return what puts the SQL around a column."""
        return writer(sql)

    @abstractmethod
    def boolean(self, held: Held, *, exact: bool) -> Sql | None:
        """Return true, false."""

    def integer(self, held: Held, *, exact: bool) -> Sql | None:
        """Return a whole number."""
        return as_is

    @abstractmethod
    def real(self, held: Held, *, exact: bool) -> Sql | None:
        """Return a float; NaN and the infinities are null in the exact form."""

    @abstractmethod
    def decimal(self, held: Held, *, exact: bool) -> Sql | None:
        """Return a decimal number as text."""

    def number(self, held: Held, *, exact: bool) -> Sql | None:
        """Return a decimal number as a JSON number."""
        return as_is

    def text(self, held: Held, *, exact: bool) -> Sql | None:
        """Return text."""
        return as_is

    @abstractmethod
    def uuid(self, held: Held, *, exact: bool) -> Sql | None:
        """Return 36 characters."""

    def date(self, held: Held, *, exact: bool) -> Sql | None:
        """Return an ISO date."""
        return as_is

    @abstractmethod
    def time(self, held: Held, *, exact: bool) -> Sql | None:
        """Return an ISO time with no fraction, or six digits of it."""

    @abstractmethod
    def datetime(self, held: Held, *, exact: bool) -> Sql | None:
        """Return an ISO date and time; UTC is a Z."""

    @abstractmethod
    def duration(self, held: Held, kind: Kind, *, exact: bool) -> Sql | None:
        """Return an ISO duration; seconds, a float that loses microseconds, in the exact form only."""

    @abstractmethod
    def binary(self, held: Held, kind: Kind, *, exact: bool) -> Sql | None:
        """Return bytes in one of Pydantic's three styles."""

    @abstractmethod
    def enumeration(self, held: Held, *, exact: bool) -> Sql | None:
        """Return the value that the stored name stands for."""

    def json(self, held: Held, *, exact: bool) -> Sql | None:
        """Return JSON within JSON."""
        return as_is

    def array(self, held: Held, item: Sql, *, exact: bool) -> Sql | None:
        """Return a list of what `item` makes of each element."""
        return None

    def address(self, held: Held, *, exact: bool) -> Sql | None:
        """Return an IPv4 address or network."""
        return None
