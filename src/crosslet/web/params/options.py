"""What a class of parameters can say beside its shape: limits, and terms of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from crosslet.errors import ConfigurationError

# What even a generous application would rather refuse: by then a request is a file, not a question.
_CEILINGS: Final = {"conditions": 100, "items": 1_000, "text": 2_000, "words": 20, "sorts": 10, "depth": 5}


@dataclass(frozen=True, slots=True)
class ParamLimits:
    """How much one request may ask for; what goes beyond is a 422.

    Args:
        conditions: Filters in all, those in groups included; 100 at most.
        items: Values of one `in`; 1,000 at most.
        text: Characters of one value; 2,000 at most. The JSON of `filter` may have ten times as many.
        words: Words of a search; 20 at most.
        sorts: Fields to sort by; 10 at most.
        depth: How deep groups of `filter` may stand in each other, 5 at most; 0 for no `filter`.

    Raises:
        ConfigurationError: A limit is negative, or higher than it may be.
    """

    conditions: int = 20
    items: int = 100
    text: int = 200
    words: int = 8
    sorts: int = 4
    depth: int = 3

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not 0 <= value <= _CEILINGS[field.name]:
                raise ConfigurationError(
                    f"ParamLimits({field.name}={value}): it goes from 0 to {_CEILINGS[field.name]}."
                )


@dataclass(frozen=True, slots=True, eq=False)
class Filter:
    """A term that is no field of the shape: an SQL expression over the class, and the type of its values.

    `Filter(func.length(User.name), int)`; a path into a JSON column, `Filter(User.settings["theme", "dark"], bool)`,
    is NULL where there is nothing, or a value of another type.

    Args:
        expression: Over the mapped class of the parameters.
        type: `str`, `int`, `float`, `Decimal`, `bool`, `datetime`, `date`, `time`, `timedelta`, `UUID`, an
            enumeration or a `Literal`; of a JSON path `str`, `int`, `float` or `bool`.
        operators: Only these; all of the type's by default.
        sort: It may be sorted by, too. No index serves that unless you made one of the expression.
    """

    expression: Any
    type: Any
    operators: Sequence[str] | None = None
    sort: bool = False
