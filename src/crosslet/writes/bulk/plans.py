"""What a bulk verb has to know of a mapped class: its columns, who fills what is not given, its unique keys."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Column, Computed, Dialect, Index, PrimaryKeyConstraint, Table, UniqueConstraint, inspect
from sqlalchemy.orm import Mapper

from crosslet.errors import ConfigurationError
from crosslet.models import Binder, Timestamps, UniqueAlive
from crosslet.writes.bulk.filling import Fill, fill_of


@dataclass(frozen=True, slots=True, eq=False)
class BulkColumn:
    """One column, by the attribute that rows name.

    Attributes:
        fill: Makes the value of rows that have none; None where nothing in Python does.
        left_out: Where a row has no value, the column is left out, and the database or an SQL default makes one.
        has_sql_default: That default stands in the INSERT, so a row without a value needs one.
    """

    key: str
    column: Column[Any]
    binder: Binder
    fill: Fill | None
    left_out: bool
    has_sql_default: bool

    @property
    def required(self) -> bool:
        """Tell whether None cannot be stored."""
        return not self.column.nullable


@dataclass(frozen=True, slots=True)
class UniqueKey:
    """Attributes whose values name one row at most.

    Attributes:
        where: The rows that it is about, where those are not all.
        is_alive: They are those that are not deleted.
    """

    keys: tuple[str, ...]
    where: Any = None
    is_alive: bool = False


@dataclass(slots=True, eq=False)
class BulkPlan:
    """A mapped class as the bulk verbs see it, on one SQLAlchemy dialect.

    Attributes:
        columns: By attribute, in the order of the table.
        unseen: Attributes that no row may name: computed columns.
        texts: Statements compiled before.
    """

    mapper: Mapper[Any]
    table: Table
    dialect: Dialect
    columns: Mapping[str, BulkColumn]
    primary: tuple[str, ...]
    unique: tuple[UniqueKey, ...]
    texts: dict[Any, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the class's name."""
        return str(self.mapper.class_.__name__)

    @property
    def version(self) -> str | None:
        """Return the attribute of the version counter."""
        column = self.mapper.version_id_col
        return None if column is None else str(self.mapper.get_property_by_column(column).key)

    def stamps_of_creation(self) -> frozenset[str]:
        """Name the attributes that an update does not move unless it is told to."""
        return frozenset({"created_at"} if issubclass(self.mapper.class_, Timestamps) else ()) | set(self.primary)

    def key_of(self, asked: Any) -> UniqueKey:
        """Return the unique key that a caller means.

        Args:
            asked: An attribute, its name, or several of either; None for the primary key.

        Raises:
            ConfigurationError: There is no such key.
        """
        if asked is None:
            return self.unique[0]
        several = asked if isinstance(asked, Iterable) and not isinstance(asked, str) else [asked]
        names = [str(one if isinstance(one, str) else getattr(one, "key", one)) for one in several]
        for key in self.unique:
            if set(key.keys) == set(names):
                return key
        known = "; ".join(", ".join(key.keys) for key in self.unique)
        raise ConfigurationError(f"{self.name} has no unique key of {', '.join(names) or 'nothing'}. It has: {known}.")

    def others(self, key: UniqueKey, given: Iterable[str]) -> bool:
        """Tell whether a new row could meet an existing one by another unique key than the one meant."""
        names = set(given)
        for other in self.unique:
            is_ours = all(self.columns[name].fill is not None and name not in names for name in other.keys)
            if other is not key and not (other.keys == self.primary and is_ours):
                return True
        return False


_plans: WeakKeyDictionary[Mapper[Any], WeakKeyDictionary[Dialect, BulkPlan]] = WeakKeyDictionary()


def plan_of(model: Any, dialect: Dialect) -> BulkPlan:
    """Return what is known of a mapped class, made at the first call.

    Raises:
        ConfigurationError: The class is not mapped, or its rows lie in several tables.
    """
    mapper = inspect(model, raiseerr=False)
    if not isinstance(mapper, Mapper):
        raise ConfigurationError(f"A bulk verb takes a mapped class, not {getattr(model, '__name__', model)!s}.")
    found = _plans.setdefault(mapper, WeakKeyDictionary())
    if dialect not in found:
        found[dialect] = _made(mapper, dialect)
    return found[dialect]


def _made(mapper: Mapper[Any], dialect: Dialect) -> BulkPlan:
    table = mapper.local_table
    if not isinstance(table, Table) or len(mapper.tables) != 1:
        raise ConfigurationError(
            f"The rows of {mapper.class_.__name__} lie in more than one table, or in none: use `session.add_all`, or a "
            "class for each table."
        )
    by_column: dict[Any, str] = {attribute.columns[0]: attribute.key for attribute in mapper.column_attrs}
    columns = {
        by_column[column]: _column(by_column[column], column, mapper, dialect)
        for column in table.columns
        if column in by_column and not isinstance(column.computed, Computed)
    }
    primary = tuple(by_column[column] for column in table.primary_key.columns)
    return BulkPlan(mapper, table, dialect, columns, primary, _unique_keys(table, by_column, dialect))


def _column(key: str, column: Column[Any], mapper: Mapper[Any], dialect: Dialect) -> BulkColumn:
    fill = fill_of(column, mapper)
    has_sql = fill is None and column.default is not None
    counts = column is column.table._autoincrement_column or column.identity is not None
    left_out = fill is None and (has_sql or column.server_default is not None or counts)
    return BulkColumn(key, column, Binder(column.type, dialect), fill, left_out, has_sql)


def _unique_keys(table: Table, by_column: Mapping[Any, str], dialect: Dialect) -> tuple[UniqueKey, ...]:
    """List the primary key and then the others, in an order of their own that stays."""
    found = [UniqueKey(tuple(by_column[column] for column in table.primary_key.columns))]
    rest: list[UniqueKey] = []
    everything: list[Any] = [*table.constraints, *table.indexes]
    for one in everything:
        is_unique = isinstance(one, UniqueConstraint) or (isinstance(one, Index) and bool(one.unique))
        if isinstance(one, PrimaryKeyConstraint) or not is_unique:
            continue
        parts: list[Any] = list(one.expressions if isinstance(one, Index) else one.columns)
        if all(part in by_column for part in parts):
            is_alive = isinstance(one, UniqueAlive)
            # On MySQL and MariaDB it has no condition, but one column more, which says the same.
            asked = "postgresql" if is_alive else dialect.name
            options: Mapping[str, Any] = one.dialect_options.get(asked, {}) if isinstance(one, Index) else {}
            where = options.get("where") if asked in ("postgresql", "sqlite") else None
            rest.append(UniqueKey(tuple(by_column[part] for part in parts), where, is_alive))
    return (*found, *sorted(rest, key=lambda key: key.keys))
