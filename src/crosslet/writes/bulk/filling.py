"""Values of columns that a row does not give: Python-side defaults, made for a whole batch where that is possible."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column
from sqlalchemy.orm import Mapper
from sqlalchemy.sql.schema import CallableColumnDefault, ScalarElementColumnDefault

from crosslet.models import batch_default, is_same_as_created

# The values of the batch so far by column key, and the places that lack one: returns a value for each place.
Fill = Callable[[Mapping[str, Sequence[Any]], Sequence[int]], Sequence[Any]]


def fill_of(column: Column[Any], mapper: Mapper[Any]) -> Fill | None:
    """Return what fills a column in Python; None where the database does, an SQL default, or nobody."""
    if column is mapper.version_id_col and callable(mapper.version_id_generator):
        generator = mapper.version_id_generator
        return lambda values, places: [generator(None) for _ in places]
    if column is mapper.polymorphic_on and mapper.polymorphic_identity is not None:
        return lambda values, places: [mapper.polymorphic_identity] * len(places)
    return _fill_by_default(column)


def _fill_by_default(column: Column[Any]) -> Fill | None:
    default = column.default
    if isinstance(default, ScalarElementColumnDefault):
        return lambda values, places: [default.arg] * len(places)
    if not isinstance(default, CallableColumnDefault):
        return None
    if batch := batch_default(column):
        return lambda values, places: batch(len(places))
    if is_same_as_created(column):
        return lambda values, places: _from_created(default, values, places)
    return lambda values, places: [default.arg(RowContext(values, place)) for place in places]  # type: ignore[arg-type]


def _from_created(default: Any, values: Mapping[str, Sequence[Any]], places: Sequence[int]) -> Sequence[Any]:
    created = values.get("created_at")
    if created is None:
        now = default.arg(RowContext({}, 0))
        return [now] * len(places)
    return created if len(places) == len(created) else [created[place] for place in places]


class RowContext:
    """What a default that looks at its row gets to see, in the place of SQLAlchemy's execution context."""

    __slots__ = ("_place", "_values")

    def __init__(self, values: Mapping[str, Sequence[Any]], place: int) -> None:
        self._values = values
        self._place = place

    def get_current_parameters(self, isolate_multiinsert_groups: bool = True) -> dict[str, Any]:
        """Return the row's values so far, by column."""
        return {key: values[self._place] for key, values in self._values.items()}

    @property
    def current_parameters(self) -> dict[str, Any]:
        """Return the same."""
        return self.get_current_parameters()
