"""The filters of one session: which are on, with what values, and what they make of a statement."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeVar, cast

from sqlalchemy import Executable, MetaData, inspect
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.evaluator import UnevaluatableError, _EvaluatorCompiler

from crosslet.errors import ConfigurationError
from crosslet.models import SoftDelete
from crosslet.reads.row_filters import SOFT_DELETE, FilterOption, Purging, RowFilter, Switch, Unscoped
from crosslet.reads.switches import ALL

S = TypeVar("S", bound=Executable)
_NONE: Final[frozenset[str]] = frozenset()


def checked_filters(declared: Sequence[RowFilter]) -> tuple[RowFilter, ...]:
    """Return the filters of a Database.

    Raises:
        ConfigurationError: Two have one name.
    """
    names = [SOFT_DELETE.name, *(one.name for one in declared)]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ConfigurationError(f"row_filters: there are two filters of the name {', '.join(twice)}.")
    return tuple(declared)


class Filters:
    """The filters of one session.

    Args:
        declared: Those of the Database; soft delete is there by itself where a class has it.
        metadata: Its tables.
    """

    __slots__ = ("_declared", "_made", "_off", "_values", "metadata", "only_deleted")

    def __init__(self, declared: tuple[RowFilter, ...] = (), metadata: Sequence[MetaData] = ()) -> None:
        self.metadata = metadata
        self._declared = declared
        self._off = _NONE
        self._values: dict[str, Any] = {}
        self._made: dict[frozenset[str], tuple[FilterOption, ...]] = {}
        self.only_deleted = False

    @property
    def known(self) -> tuple[RowFilter, ...]:
        """Return all filters, on or off."""
        return (SOFT_DELETE, *self._declared) if SoftDelete.__subclasses__() else self._declared

    def copy(self) -> "Filters":
        """Return what is on now, for a session that goes on beside this one."""
        made = Filters(self._declared, self.metadata)
        made._off, made._values, made.only_deleted = self._off, dict(self._values), self.only_deleted
        return made

    def give(self, values: Mapping[str, Any]) -> None:
        """Give values to the filters, for the rest of the session.

        Raises:
            ConfigurationError: No filter takes one of them.
        """
        taken = {name for one in self._declared for name in one.parameters}
        if wrong := [name for name in values if name not in taken]:
            known = ", ".join(sorted(taken)) or "nothing"
            raise ConfigurationError(f"No filter takes {', '.join(wrong)}; those of this Database take {known}.")
        self._values |= values
        self._made.clear()

    @contextmanager
    def off(self, names: tuple[str, ...]) -> Iterator[None]:
        """Switch filters off within a block; without names, all of them.

        Raises:
            ConfigurationError: There is no such filter.
        """
        self._refuse_unknown(names)
        before = self._off
        self._off = before | set(names or (ALL,))
        try:
            yield
        finally:
            self._off = before

    @contextmanager
    def only(self) -> Iterator[None]:
        """Find deleted rows only, within a block."""
        before, self.only_deleted = self.only_deleted, True
        try:
            yield
        finally:
            self.only_deleted = before

    def of(self, off: frozenset[str] = _NONE) -> tuple[FilterOption, ...]:
        """Return the filters that are on, as options of a statement.

        Args:
            off: Names of others that the statement does without.

        Raises:
            ConfigurationError: There is no such filter.
        """
        off |= self._off
        found = self._made.get(off)
        if found is None:
            self._refuse_unknown(off)
            on = [one for one in self.known if one.name not in off and ALL not in off]
            found = tuple(one.option(self._values) for one in on)
            self._made[off] = found
        return found

    def _refuse_unknown(self, names: Iterable[str]) -> None:
        known = [one.name for one in (SOFT_DELETE, *self._declared)]
        if wrong := [name for name in names if name not in known and name != ALL]:
            raise ConfigurationError(f"There is no filter {', '.join(wrong)}; there are: {', '.join(known)}.")

    def on(self, statement: S) -> S:
        """Return a statement with the filters that are on, and with no others: it may bring those of its parent."""
        given = statement._with_options
        kept = tuple(option for option in given if not isinstance(option, FilterOption))
        wanted = kept + self.of(off_in(kept))
        return statement if given == wanted else _with_options(statement, wanted)

    def hides(self, row: Any, options: tuple[Any, ...] = ()) -> bool:
        """Tell whether an object that the session holds would not be found by a statement with these options.

        What cannot be said of it without the database counts as hidden: then the database is asked.
        """
        state = inspect(row)
        return any(
            not _holds(option, state.mapper, row)
            for option in self.of(off_in(options))
            if option.filter.is_for(type(row))
        )


def off_in(options: tuple[Any, ...]) -> frozenset[str]:
    """Name the filters that a statement's options switch off."""
    if not options:
        return _NONE
    return _NONE.union(*(option.payload for option in options if isinstance(option, Switch)))


def unfiltered(statement: S) -> S:
    """Return a statement without any filter: what a session holds is refreshed, whatever it has become."""
    kept = tuple(option for option in statement._with_options if not isinstance(option, FilterOption))
    return statement if len(kept) == len(statement._with_options) else _with_options(statement, kept)


def switches_of(statement: Executable) -> tuple[Switch, ...]:
    """Return what switches filters off in a statement, for the others that it leads to."""
    return tuple(option for option in statement._with_options if isinstance(option, Switch))


def is_purging(statement: Executable) -> bool:
    """Tell whether a DELETE is meant to remove rows for good."""
    return any(isinstance(option, Purging) for option in statement._with_options)


def is_unscoped(statement: Executable) -> bool:
    """Tell whether a statement is known to do without any filter."""
    return any(isinstance(option, Unscoped) for option in statement._with_options)


def _with_options(statement: S, options: tuple[Any, ...]) -> S:
    copied: Any = cast("Any", statement)._generate()
    copied._with_options = options
    return cast("S", copied)


def _holds(option: FilterOption, mapper: Mapper[Any], row: Any) -> bool:
    if option.filter is SOFT_DELETE:
        # The usual case, and a hundred times quicker than the general one.
        return inspect(row).dict.get("deleted_at", row) is None
    if option.missing:
        return False
    criterion = option.filter.criterion(mapper.class_, *option.binds)
    try:
        compiler: Any = cast("Any", _EvaluatorCompiler)(mapper.class_)
        return compiler.process(criterion)(row) is True
    except UnevaluatableError:
        return False
