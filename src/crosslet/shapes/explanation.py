"""How a shape is read, told to people."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect

from crosslet.shapes.outline import Branch
from crosslet.shapes.plans import Source, made_for
from crosslet.shapes.rows import level_of
from crosslet.shapes.trees import Mode
from crosslet.shapes.values import Target


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a shape is read, and why not faster.

    Attributes:
        way: `json`: the database's JSON leaves as it is. `typed`: Pydantic makes objects of it, and JSON of those.
            `rows`: columns, with a statement for each list.
        reasons: What stands in the way of a faster one, a line each, by field.
        statements: How many statements it takes; of the lists of `rows` one for 500 parents.
        sql: The statement of `json` and `typed`; of `rows` the first.
    """

    way: str
    reasons: tuple[str, ...]
    statements: int
    sql: str

    def __str__(self) -> str:
        lines = [
            f"{self.way}, {self.statements} statement{'s' if self.statements > 1 else ''}",
            *self.reasons,
            self.sql,
        ]
        return "\n".join(lines)


def explain(shape: Any, source: Source, dialect: Dialect) -> Explanation:
    """Say how a shape is read as JSON from a statement."""
    kept = made_for(shape, source.entity, source.statement, Mode.SENT, Target(dialect), ())
    if kept.statement is not None:
        way = "json" if kept.mode is Mode.SENT else "typed"
        return Explanation(way, kept.reasons, 1, str(kept.statement.compile(dialect=dialect)))
    lists = sum(1 for _, part in kept.outline.walk() if isinstance(part, Branch) and part.many)
    first = level_of(kept.outline, source.entity).selecting(source.statement)
    return Explanation("rows", kept.reasons, 1 + lists, str(first.compile(dialect=dialect)))
