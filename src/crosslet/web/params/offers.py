"""What a shape offers to be filtered and sorted by: its fields, as far as they show what the columns hold.

Left out is what the shape hides, masks or computes in Python: a filter would tell what the answer does not.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, EmailStr
from sqlalchemy import select
from sqlalchemy.orm import Mapper
from sqlalchemy.sql.functions import func

from crosslet.reads import Family, Hop, Term, is_optional, relationship_hop, there_is
from crosslet.shapes import Branch, Column, Composite, Leaf, Outline, Part, Tally, named, outline_of, related_rows
from crosslet.web.params.values import COUNT, FLAG, ValueType, value_type_of


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """A term, how its values are read, and whether it is offered without being asked for."""

    term: Term
    value: ValueType
    by_default: bool = True
    sortable: bool = True


def offers_of(shape: Any, mapper: Mapper[Any]) -> Iterator[Offer]:
    """Yield what a shape offers, related rows included.

    Raises:
        ConfigurationError: The shape does not fit the mapped class.
    """
    return _below(outline_of(shape, mapper), mapper, (), "")


def mapped_offers(mapper: Mapper[Any], name: str) -> list[Offer]:
    """Return what a path of mapped attributes offers, such as `author.email`; nothing if there is none."""
    hops: list[Hop] = []
    *steps, last = name.split(".")
    for step in steps:
        if step not in mapper.relationships:
            return []
        hops.append(relationship_hop(mapper, step))
        mapper = mapper.relationships[step].mapper
    if last in mapper.relationships:
        return [_rows_offer(name, tuple(hops), relationship_hop(mapper, last))]
    found = named(mapper, last)
    value = value_type_of(found.type) if isinstance(found, Column) else None
    return [_column_offer(name, tuple(hops), found, value)] if isinstance(found, Column) and value is not None else []


def _below(outline: Outline, mapper: Mapper[Any], path: tuple[Hop, ...], prefix: str) -> Iterator[Offer]:
    for part in outline.parts:
        if not _is_hidden(outline.shape, part.field.name):
            yield from _of_part(part, outline.shape, mapper, path, prefix + part.field.written)


def _of_part(part: Part, shape: Any, mapper: Mapper[Any], path: tuple[Hop, ...], name: str) -> Iterator[Offer]:
    match part:
        case Leaf():
            value = value_type_of(part.type, _bare(part.field.annotation))
            if value is not None and _shows_the_column(part, shape):
                yield _column_offer(name, path, part.column, value)
        case Composite():
            yield from _below(part.outline, mapper, path, f"{name}.")
        case Branch():
            yield from _of_branch(part, mapper, path, name)
        case Tally():
            yield _tally_offer(part, path, name)


def _of_branch(part: Branch, mapper: Mapper[Any], path: tuple[Hop, ...], name: str) -> Iterator[Offer]:
    optional = part.many or bool(part.criteria) or is_optional(mapper.relationships[part.relationship])
    hop = Hop(name, lambda entity: _rows(part, entity), part.many)
    if optional:
        yield _rows_offer(name, path, hop)
    target = part.outline.mapper
    if part.is_value:
        # What stands for the related row is called as the row is.
        yield from _of_part(part.outline.parts[0], None, target, (*path, hop), name)
    else:
        yield from _below(part.outline, target, (*path, hop), f"{name}.")


def _rows(part: Branch | Tally, entity: Any) -> tuple[Any, Any]:
    rows = related_rows(part, entity)
    return rows.source, rows.condition


def _rows_offer(name: str, path: tuple[Hop, ...], hop: Hop) -> Offer:
    return Offer(Term(name, path, lambda entity: there_is(*hop.reach(entity)), Family.ROWS, False), FLAG)


def _tally_offer(part: Tally, path: tuple[Hop, ...], name: str) -> Offer:
    """Offer what counts related rows, which is asked of each row: only where the application names it."""

    def count(entity: Any) -> Any:
        alias, joined = _rows(part, entity)
        counting = select(func.count()).select_from(alias).where(joined)
        return counting.correlate_except(None).scalar_subquery()

    if not part.is_count:
        return Offer(Term(name, path, lambda entity: there_is(*_rows(part, entity)), Family.FLAG, False), FLAG)
    return Offer(Term(name, path, count, Family.ORDERED, False), COUNT, by_default=False)


def _column_offer(name: str, path: tuple[Hop, ...], column: Column, value: ValueType) -> Offer:
    by_name = hasattr(value.sql, "enums")
    return Offer(Term(name, path, column.read, value.family, column.nullable is not False, by_name), value)


def renamed(offer: Offer, name: str) -> Offer:
    """Return an offer under another name."""
    return replace(offer, term=replace(offer.term, name=name))


def _is_hidden(shape: Any, name: str) -> bool:
    if not (isinstance(shape, type) and issubclass(shape, BaseModel)):
        return False
    info = shape.model_fields[name]
    return bool(info.exclude) or getattr(info, "exclude_if", None) is not None


def _shows_the_column(leaf: Leaf, shape: Any) -> bool:
    """Tell whether a client sees what the column holds: no code stands between."""
    if leaf.kind.is_plain:
        return True
    # Checks an address, and makes small letters of its domain.
    return _bare(leaf.field.annotation) is EmailStr and not _is_decorated(shape, leaf.field.name)


def _is_decorated(shape: Any, name: str) -> bool:
    if not (isinstance(shape, type) and issubclass(shape, BaseModel)):
        return True
    found = shape.__pydantic_decorators__
    whole = (found.model_serializers, found.model_validators, found.root_validators)
    single = (found.field_serializers, found.field_validators, found.validators)
    fields = {field for each in single for one in each.values() for field in one.info.fields}
    return any(whole) or bool(fields & {name, "*"}) or len(shape.model_fields[name].metadata) > 0


def _bare(annotation: Any) -> Any:
    """Take `| None` and `Annotated` away."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    rest = [item for item in get_args(annotation) if item is not type(None)]
    return _bare(rest[0]) if len(rest) == 1 and type(None) in get_args(annotation) else annotation
