"""Which query an object came with: an option that its statement carries to every object below it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import InstanceState, ORMExecuteState, UserDefinedOption

from crosslet.loading import Site


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """One execution of a query for objects.

    Attributes:
        site: The line that asked for it.
    """

    site: Site | None


class _Carried(UserDefinedOption):
    propagate_to_loaders = True


def origin_of(state: InstanceState[Any]) -> Origin | None:
    """Return the query that an object came with; None where it was not traced, or the object is a new one."""
    return _origin_in(state.load_options)


def origin_of_statement(statement: Any) -> Origin | None:
    """Return the query that a statement belongs to: one that loads what is below, too."""
    return _origin_in(statement._with_options)


def _origin_in(options: Any) -> Origin | None:
    for option in options:
        if isinstance(option, _Carried):
            return option.payload
    return None


def mark_origin(state: ORMExecuteState, site: Site | None) -> None:
    """Let the objects of a query know it, unless they do."""
    statement: Any = state.statement
    if origin_of_statement(statement) is None:
        state.statement = statement.options(_Carried(Origin(site)))


def names_of(path: Any) -> tuple[str, ...]:
    """Name the relationships on the way from a query's own class: `("Author.books", "Book.reviews")`."""
    steps = list(path)
    pairs = zip(steps[::2], steps[1::2], strict=False)
    return tuple(f"{inspect(owner).mapper.class_.__name__}.{attribute.key}" for owner, attribute in pairs)
