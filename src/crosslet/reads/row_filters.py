"""Named filters: criteria that a session adds to every statement of the ORM, each of which can be switched off.

Statements in, statements out; who adds them, and when, is in `transactions`. The idea of several named filters a class
is EF Core's. This is the one file that builds on SQLAlchemy's `LoaderCriteriaOption`, a test holds it to its contract.
"""

import inspect as signatures
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, bindparam, inspect
from sqlalchemy.orm import LoaderCriteriaOption, Mapper, UserDefinedOption
from sqlalchemy.sql import coercions, roles, visitors
from sqlalchemy.sql.util import _deep_annotate
from sqlalchemy.types import NullType

from crosslet.errors import ConfigurationError
from crosslet.models import SoftDelete

_KINDS: Final = (
    signatures.Parameter.POSITIONAL_ONLY,
    signatures.Parameter.POSITIONAL_OR_KEYWORD,
)


class RowFilter:
    """A criterion for all rows of some classes, under a name by which it can be switched off.

    `RowFilter("tenant", TenantOwned, lambda cls, tenant_id: cls.tenant_id == tenant_id)`, given to
    `Database(row_filters=[...])`. What stands behind `cls` is a value that each session is given once:
    `session.filter_by(tenant_id=...)`. Without it a statement on such a class is refused: it shows nothing by mistake.

    Args:
        name: By which it is switched off: `without_filters(statement, "tenant")`.
        on: A mapped class, with its subclasses, or a mixin of mapped classes.
        criterion: Makes the condition for one of these classes, or an alias of it. It is called when a statement is
            compiled: it must depend on nothing but its arguments.

    Raises:
        ConfigurationError: The criterion is no function of a class.
    """

    __slots__ = ("criterion", "name", "on", "parameters")

    def __init__(self, name: str, on: type[Any], criterion: Callable[..., ColumnElement[bool]]) -> None:
        given = list(signatures.signature(criterion).parameters.values()) if callable(criterion) else []
        if not name.isidentifier() or not given or any(one.kind not in _KINDS for one in given):
            raise ConfigurationError(
                f"RowFilter({name!r}): give a name that is an identifier, and a function of the class and of values of "
                "the session: `lambda cls, tenant_id: cls.tenant_id == tenant_id`."
            )
        self.name = name
        self.on = on
        self.criterion = criterion
        self.parameters = tuple(one.name for one in given[1:])

    def __repr__(self) -> str:
        return f"RowFilter({self.name!r}, {self.on.__name__})"

    def mappers(self) -> Iterator[Mapper[Any]]:
        """Yield the mappers of the classes that it is for."""
        waiting: list[type[Any]] = [self.on]
        while waiting:
            one = waiting.pop()
            mapper = inspect(one, raiseerr=False)
            if isinstance(mapper, Mapper):
                yield from mapper.self_and_descendants
            else:
                waiting += one.__subclasses__()

    def is_for(self, model: type[Any]) -> bool:
        """Tell whether rows of a class are filtered."""
        return issubclass(model, self.on)

    def option(self, values: Mapping[str, Any]) -> "FilterOption":
        """Return the filter with a session's values, as an option of a statement."""
        missing = tuple(name for name in self.parameters if name not in values)
        # Without a type each takes that of the column it is compared with.
        names = () if missing else self.parameters
        binds = tuple(bindparam(f"{self.name}_{name}_filter", values[name], NullType()) for name in names)
        return FilterOption(self, binds, missing)


class FilterOption(LoaderCriteriaOption):
    """A filter with its values, as an option of a statement: SQLAlchemy adds it wherever the classes are read.

    Its own `with_loader_criteria` runs the function once on a stand-in of the mixin, and fails where an attribute is
    only annotated there; this one calls it for mapped classes only. The values are part of the cache key as parameters.
    """

    __slots__ = ("binds", "filter", "missing")

    _traverse_internals = [  # noqa: RUF012 - as SQLAlchemy declares it
        ("filter", visitors.ExtendedInternalTraversal.dp_plain_obj),
        ("binds", visitors.InternalTraversal.dp_clauseelement_tuple),
        ("missing", visitors.ExtendedInternalTraversal.dp_plain_obj),
    ]

    def __init__(self, given: RowFilter, binds: tuple[BindParameter[Any], ...], missing: tuple[str, ...]) -> None:
        self.filter = given
        self.binds = binds
        self.missing = missing
        self.root_entity, self.entity = given.on, None
        self.include_aliases = self.propagate_to_loaders = self.deferred_where_criteria = True

    def __reduce__(self) -> Any:
        # Objects carry the options of their statement, through `pickle` too. Functions and values of a session do not
        # go there: what is loaded for them later is filtered by the session that they are in then.
        return Switch, (frozenset(),)

    def _all_mappers(self) -> Iterator[Mapper[Any]]:
        return self.filter.mappers()

    def _resolve_where_criteria(self, entity: Any) -> ColumnElement[bool]:
        # Only for statements that read such a class, and never kept: what cannot be compiled is in no cache.
        if self.missing:
            shown = ", ".join(f"{name}=..." for name in self.missing)
            raise ConfigurationError(
                f"{entity.mapper.class_.__name__} has the filter {self.filter.name!r}, which has no value here: call "
                f"`session.filter_by({shown})` first, or say `without_filters(statement, {self.filter.name!r})`."
            )
        made = coercions.expect(roles.WhereHavingRole, self.filter.criterion(entity.entity, *self.binds))
        # What keeps SQLAlchemy from adding the criterion to the criterion's own sub-selects.
        marks = {"for_loader_criteria": self}
        return _deep_annotate(made, marks, detect_subquery_cols=True, ind_cols_on_fromclause=True)


class Switch(UserDefinedOption):
    """Names of filters that a statement, and what it loads later, is read without."""

    __slots__ = ()

    propagate_to_loaders = True
    payload: frozenset[str]


class Purging(UserDefinedOption):
    """Marks a DELETE that means it, on a class with soft delete."""

    __slots__ = ()


class Unscoped(UserDefinedOption):
    """Marks a statement without classes whose author knows that no filter touches it."""

    __slots__ = ()


SOFT_DELETE: Final = RowFilter("soft_delete", SoftDelete, lambda cls: cls.deleted_at.is_(None))
