"""What a page is asked with, and what is answered: Pydantic models for parameters and responses of a route."""

from typing import ClassVar, Generic, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

T = TypeVar("T")

Total = Literal["exact", "capped", "estimated", "none"]
TotalIs = Literal["exact", "at_least", "estimated"]

# Above every cursor that `reads` makes, and far below what servers take as a URL.
MOST_CURSOR_CHARACTERS = 4096
_LIMIT, _MOST = 50, 1000


class Offset(BaseModel):
    """Ask for a page by its number: `page: Annotated[Offset, Query()]` in a route.

    The database reads and throws away all rows before the page, so the depth is bounded; Keyset has no such cost. A
    subclass has other limits: `limit: int = Field(default=20, ge=1, le=100)`, `max_depth: ClassVar[int] = 10_000`.

    Attributes:
        max_depth: How many rows may lie before the page.
        limit: How many rows a page has.
        page: Counts from 1.
    """

    max_depth: ClassVar[int] = 100_000

    limit: int = Field(default=_LIMIT, ge=1, le=_MOST, description="How many to return.")
    page: int = Field(default=1, ge=1, description="Which page, from 1.")

    @model_validator(mode="after")
    def _bound_depth(self) -> Self:
        if self.skipped > self.max_depth:
            raise ValueError(f"page {self.page} lies behind more than {self.max_depth} rows")
        return self

    @property
    def skipped(self) -> int:
        """Count the rows before the page."""
        return (self.page - 1) * self.limit


class Keyset(BaseModel):
    """Ask for the page behind or before a row: `page: Annotated[Keyset, Query()]` in a route.

    A subclass has another limit: `limit: int = Field(default=20, ge=1, le=100)`.

    Attributes:
        limit: How many rows a page has.
        cursor: `next` or `previous` of another page; None for the first page.
    """

    limit: int = Field(default=_LIMIT, ge=1, le=_MOST, description="How many to return.")
    cursor: str | None = Field(
        default=None, max_length=MOST_CURSOR_CHARACTERS, description="`next` or `previous` of another page."
    )


class Page(BaseModel, Generic[T]):
    """One page by its number.

    Attributes:
        total: How many rows there are on all pages; None if that was not asked.
        total_is: How true it is: `exact`, `at_least` (counting stopped there: show "10 000+"), or `estimated`.
        has_more: There is a page after it.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True, from_attributes=True)

    items: list[T]
    page: int
    limit: int
    has_more: bool
    total: int | None = None
    total_is: TotalIs | None = None


class CursorPage(BaseModel, Generic[T]):
    """One page by its place in the order.

    Attributes:
        next: The cursor of the page after it; None on the last.
        previous: The cursor of the page before it; None on the first.
        total: As for Page.
        total_is: As for Page.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True, from_attributes=True)

    items: list[T]
    next: str | None = None
    previous: str | None = None
    total: int | None = None
    total_is: TotalIs | None = None
