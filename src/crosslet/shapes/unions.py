"""Which rows of a polymorphic mapped class each member of a union stands for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Mapper

from crosslet.errors import ConfigurationError
from crosslet.shapes.attributes import Column, found_for, name_of, named
from crosslet.shapes.fields import Field, fields_of
from crosslet.shapes.kinds import Tags
from crosslet.shapes.moving import moved
from crosslet.shapes.nullability import is_never_null

Pairs = tuple[tuple[Any, Any], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """One shape of a union.

    Attributes:
        mapper: Of the mapped class that its rows have in common.
        field: The one that tells it apart.
        tags: What the column that tells the classes apart holds for it, and what the shape calls that.
    """

    shape: Any
    mapper: Mapper[Any]
    field: Field
    tags: Pairs


@dataclass(frozen=True, slots=True, eq=False)
class Division:
    """How a union divides the rows of a mapped class.

    Attributes:
        told_by: Gives the column that tells the classes apart, for the mapped class or an alias of it.
        missing: What that column may hold that no member stands for.
        may_be_null: The column may hold nothing.
    """

    members: tuple[Member, ...]
    told_by: Callable[[Any], ColumnElement[Any]]
    missing: tuple[Any, ...]
    may_be_null: bool

    @property
    def classes(self) -> tuple[Any, ...]:
        """Return the mapped classes whose columns are read."""
        return tuple(dict.fromkeys(member.mapper.class_ for member in self.members))


def divided(at: str, mapper: Mapper[Any], shapes: Sequence[Any], tags: Tags | None) -> Division:
    """Say which rows of a mapped class the members of a union stand for.

    Args:
        at: The field, for texts.
        mapper: Of the related rows.
        shapes: The union's.
        tags: How Pydantic tells them apart.

    Raises:
        ConfigurationError: Pydantic does not tell them apart by a field, or what the field says is no class.
    """
    names = " | ".join(map(name_of, shapes))
    if tags is None:
        raise ConfigurationError(
            f"{at}: Pydantic tries {names} one after another. Say which field tells them apart, a Literal in each: "
            f'`Annotated[{names}, Field(discriminator="type")]`.'
        )
    target = mapper.class_.__name__
    if mapper.polymorphic_on is None:
        raise ConfigurationError(
            f"{at}: all rows of {target} are of one class: it has no polymorphic_on. Write one shape in place of "
            f"{names}."
        )
    if any(one.concrete for one in mapper.self_and_descendants):
        raise ConfigurationError(
            f"{at}: the classes of {target} have tables that share nothing (concrete inheritance). Give each its own "
            "relationship, and its own field."
        )
    identities = {
        identity: one for identity, one in mapper.polymorphic_map.items() if one.isa(mapper) and identity is not None
    }
    members = tuple(_members(at, mapper, identities, tags))
    covered = {identity for member in members for identity, _ in member.tags}
    return Division(
        members,
        lambda entity: _told_by(mapper, entity),
        tuple(identity for identity in identities if identity not in covered),
        not _is_never_null(mapper),
    )


def _members(at: str, mapper: Mapper[Any], identities: dict[Any, Mapper[Any]], tags: Tags) -> list[Member]:
    pairs: dict[Any, list[tuple[Any, Any]]] = {}
    for tag, shape in tags.members:
        identity = next((one for one in identities if _is_called(one, tag)), None)
        if identity is None:
            raise ConfigurationError(
                f"{at}: {name_of(shape)} is for rows of {mapper.class_.__name__} that are {shown(tag)}; they are "
                f"{', '.join(map(shown, identities))}."
            )
        pairs.setdefault(shape, []).append((identity, tag))
    return [
        Member(shape, _common([identities[one] for one, _ in found]), _telling(at, mapper, shape, tags), tuple(found))
        for shape, found in pairs.items()
    ]


def _is_called(identity: Any, tag: Any) -> bool:
    """Tell whether a Literal names an identity; the members of an Enum are called what they hold, too."""
    names = [identity, *([identity.value] if isinstance(identity, Enum) else [])]
    tags = [tag, *([tag.value] if isinstance(tag, Enum) else [])]
    return any(type(name) is type(one) and name == one for name in names for one in tags)


def shown(identity: Any) -> str:
    """Return what a class is called in the column that tells the classes apart, for texts."""
    return repr(identity.value if isinstance(identity, Enum) else identity)


def _common(mappers: Sequence[Mapper[Any]]) -> Mapper[Any]:
    """Return the nearest class that all of some are of."""
    return next(above for above in mappers[0].iterate_to_root() if all(one.isa(above) for one in mappers))


def _telling(at: str, mapper: Mapper[Any], shape: Any, tags: Tags) -> Field:
    """Return the field of a shape that tells it apart: what it is read from has to be what tells the classes apart."""
    field = next(one for one in fields_of(shape) if one.name in tags.names or one.key in tags.names)
    found = found_for(shape, field, mapper) if field.markers else named(mapper, field.name) or named(mapper, field.key)
    if found is not None and not (isinstance(found, Column) and _tells(mapper, found.read(mapper.class_))):
        attribute = _attribute(mapper)
        instead = f"`From({mapper.class_.__name__}.{attribute})`" if attribute else "a name that it has not"
        raise ConfigurationError(
            f"{at}: {name_of(shape)}.{field.name} tells the shapes apart, but {found.name} is not what tells the "
            f"classes of {mapper.class_.__name__} apart. Give the field {instead}."
        )
    return field


def _tells(mapper: Mapper[Any], attribute: Any) -> bool:
    name = _attribute(mapper)
    return name is not None and getattr(attribute, "key", None) == name


def _attribute(mapper: Mapper[Any]) -> str | None:
    """Return the attribute that holds what tells the classes apart; None where only SQLAlchemy knows one."""
    for prop in mapper.column_attrs:
        if any(column is mapper.polymorphic_on for column in prop.columns) and hasattr(mapper.class_, prop.key):
            return str(prop.key)
    return None


def _told_by(mapper: Mapper[Any], entity: Any) -> ColumnElement[Any]:
    name = _attribute(mapper)
    if name is not None:
        return getattr(entity, name)  # type: ignore[no-any-return]
    return moved(mapper.polymorphic_on, mapper, entity)  # type: ignore[no-any-return]


def _is_never_null(mapper: Mapper[Any]) -> bool:
    return is_never_null(mapper.polymorphic_on)
