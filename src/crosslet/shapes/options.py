"""Options of a statement that another must have, too: those that say which rows there are."""

from typing import Any, TypeVar, cast

from sqlalchemy import Executable, Select

S = TypeVar("S", bound=Executable)


def carried(options: tuple[Any, ...], to: S) -> S:
    """Return a statement with the criteria and the caller's own options among some.

    Those about loading are of no use to columns, and refused there.
    """
    wanted = tuple(one for one in options if one._is_criteria_option or one._is_user_defined)
    if to._with_options == wanted:
        return to
    made: Any = cast("Any", to)._generate()
    made._with_options = wanted
    return cast("S", made)


def with_columns(statement: Select[Any], *columns: Any) -> Select[Any]:
    """Return a statement that reads other columns of the same rows.

    SQLAlchemy's own `with_only_columns` keeps the options where nobody can change them any more, and they would be
    there twice after the next.
    """
    reading = carried((), statement).with_only_columns(*columns, maintain_column_froms=True)
    return carried(statement._with_options, reading)
