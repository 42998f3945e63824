"""The one place that knows SQLAlchemy's loader strategies, which are private: `adopt_all` puts ours in their place.

Ours are theirs with a way out at the point where a statement would be sent for one object: there loads.py decides. What
is used of theirs is checked by `broken_contract`; where that finds something (another SQLAlchemy) nothing is replaced,
a warning says so, and objects load one by one as ever. Read against SQLAlchemy 2.1.9.
"""

import sys
import warnings
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from inspect import signature
from typing import Any, Final
from weakref import WeakSet

from sqlalchemy import Result, bindparam, event, select, tuple_
from sqlalchemy.orm import ColumnProperty, InstanceState, Mapper, RelationshipProperty, Session, loading, strategies
from sqlalchemy.orm.base import LoaderCallableStatus, PassiveFlag
from sqlalchemy.orm.context import _ORMCompileState
from sqlalchemy.orm.mapper import _all_registries
from sqlalchemy.util import EMPTY_DICT

from crosslet.loading.answers import Asking
from crosslet.loading.loads import load_columns_of_peers, load_peers, refuse_detached
from crosslet.loading.origins import ORIGIN, counts_from_statement, reading_for, remember

State = InstanceState[Any]
_LAZY: Final = (("lazy", "select"),)
_PEERS: Final = (("lazy", "crosslet_peers"),)
_SELECTIN: Final = (("lazy", "selectin"),)
_DEFERRED: Final = (("deferred", True), ("instrument", True))
# Where a relationship's own way is another, objects that were expired, or read without it, still load it lazily.
_LAZIES: Final = frozenset({"select", True, "selectin", "joined", False, "subquery", "immediate"})
_PASSIVE_OFF: Final = PassiveFlag.PASSIVE_OFF
_NO_VALUE: Final = LoaderCallableStatus.NO_VALUE
_WAS_SET: Final = LoaderCallableStatus.ATTR_WAS_SET


def _own(of_sqlalchemy: Any) -> Any:
    """Take a part of SQLAlchemy that has no types."""
    return of_sqlalchemy


class _PeersLoader(strategies._LazyLoader):
    """Loads a relationship for all that came together. Whatever is no plain touch goes SQLAlchemy's own way.

    Histories, cascades and merges say so in `passive`; an eager load, and an option of the user's, in the rest.
    """

    __slots__ = ()

    def _load_for_state(self, state: State, passive: Any, *args: Any, **options: Any) -> Any:
        if passive is _PASSIVE_OFF and state.key and state.session is None:
            refuse_detached(state, self.key)
        return _own(super())._load_for_state(state, passive, *args, **options)

    def _emit_lazyload(self, session: Session, state: State, identity: Any, passive: Any, *given: Any) -> Any:
        if passive is _PASSIVE_OFF and state.key and not any(given) and not session._flushing:
            load = RelatedLoad(self, state)
            if load_peers(load, session, state):
                return _WAS_SET
        return _own(super())._emit_lazyload(session, state, identity, passive, *given)


class RelatedLoad:
    """A relationship that is to be loaded for several objects at once, by SQLAlchemy's selectin strategy.

    Attributes:
        key: Its name.
    """

    def __init__(self, loader: Any, touched: State) -> None:
        self.key: str = loader.key
        self._loader = loader
        self._touched = touched
        self._selectin = loader.parent_property._get_strategy(_SELECTIN)
        self._parent = loader.parent_property.parent
        known = self._parent._columntoproperty
        self._local = {known[column].key for column in loader.parent_property.local_columns if column in known}

    def is_done(self, state: State) -> bool:
        """Tell whether an object has it."""
        return self.key in state.dict

    def fits(self, state: State) -> bool:
        """Tell whether an object lacks it, and is as the database has it in all that the relationship goes by."""
        return (
            self.key not in state.dict
            # There stands what an option of the user's says about this one attribute.
            and self.key not in state.callables
            # Or what was deleted of it and is not flushed.
            and state.committed_state.get(self.key, _NO_VALUE) is _NO_VALUE
            and not state._deleted
            and state.manager.mapper.isa(self._parent)
            and not self._local.intersection(state.committed_state)
            and not self._local.intersection(state.expired_attributes)
            and state.load_options == self._touched.load_options
            and self._can_start_from(state)
        )

    def _can_start_from(self, state: State) -> bool:
        """Tell whether the statement finds an object by what it has: its row may be hidden, or a key not be loaded."""
        if self._selectin._query_info.load_with_join:
            return not getattr(state.session, "hides", _hides_nothing)(state)
        return not self._loader.use_get or self._local <= state.dict.keys()

    def is_near(self, state: State, session: Session) -> bool:
        """Tell whether an object will find it in the session, without a statement."""
        if not self._loader.use_get:
            return False
        identity = self._loader._get_ident_for_use_get(session, state, PassiveFlag.PASSIVE_NO_FETCH)
        if None in identity:
            return True
        if any(part is LoaderCallableStatus.PASSIVE_NO_RESULT for part in identity):
            return False
        found = session._identity_lookup(
            self._loader.entity, identity, passive=PassiveFlag.PASSIVE_NO_FETCH_RELATED, lazy_loaded_from=state
        )
        return found is not None and not isinstance(found, LoaderCallableStatus)

    def run(self, session: Session, states: Sequence[State], options: dict[str, Any]) -> None:
        """Load it for these, in statements of 500 objects each."""
        loader, touched = self._loader, self._touched
        may_repeat = loader.parent_property.secondary is not None or self._selectin._query_info.load_with_join
        context = _Context(Asking(session, may_repeat=may_repeat), touched.load_options)
        pairs = [(state, False) for state in states]
        # Options count from their statement on. Without any the way begins here, as for one object: what SQLAlchemy
        # keeps of the statement serves at any depth, and what is loaded eagerly below is not taken for a circle.
        path = touched.load_path if counts_from_statement(touched) else _own(touched.mapper)._path_registry
        self._selectin._load_for_path(context, path, pairs, None, loader.entity, None, None, options)
        for state in self._doubtful(states, context.session.doubtful):
            # It is not loaded, then, and asks for itself.
            state.dict.pop(self.key, None)

    def _doubtful(self, states: Sequence[State], keys: set[Any] | None) -> Iterator[State]:
        if keys is None:
            yield from states
        elif keys:
            own = self._parent._state_ident_getter
            columns = [self._loader._equated_columns[one] for one in self._loader.mapper.primary_key]
            related = own(columns, passive=PassiveFlag.PASSIVE_NO_FETCH) if self._loader.use_get else None
            for state in states:
                # Whose the keys are, the strategy has chosen: to be too careful costs a statement.
                key: Any = state.key
                if key[1] in keys or (related is not None and related(state, state.dict) in keys):
                    yield state


def _hides_nothing(state: State) -> bool:
    return False


class _Context:
    """What the selectin strategy asks of the query whose objects it loads for."""

    __slots__ = ("_options", "populate_existing", "session")

    def __init__(self, session: Asking, options: Sequence[Any]) -> None:
        self.session = session
        self.populate_existing = False
        self._options = options

    def _loader_strategy_options(self) -> Sequence[Any]:
        return self._options


class _PeersColumn(strategies._DeferredColumnLoader):
    """Loads a deferred column for all that came together."""

    __slots__ = ()

    def _load_for_state(self, state: State, passive: Any) -> Any:
        if passive is _PASSIVE_OFF and state.key:
            if state.session is None:
                refuse_detached(state, self.key)
            if load_columns_of_peers(ColumnLoad(state, self._names(state.mapper), lambda _: self.key), state):
                return _WAS_SET
        return _own(super())._load_for_state(state, passive)

    def _names(self, mapper: Mapper[Any]) -> list[str]:
        if not self.group:
            return [self.key]
        return [one.key for one in mapper.column_attrs if getattr(one, "group", None) == self.group]


def _load_expired(mapper: Mapper[Any], state: State, names: Collection[str], passive: Any) -> None:
    """Load what was expired, for all that came together; in place of SQLAlchemy's `_load_scalar_attributes`."""
    # Not relationships, though what is expired names them as well.
    wanted = [name for name in names if name in mapper.column_attrs]
    if passive is _PASSIVE_OFF and state.key and wanted:
        if state.session is None:
            refuse_detached(state, _touched_in(wanted))
        if load_columns_of_peers(ColumnLoad(state, wanted, _touched_in), state):
            return
    _own(loading)._load_scalar_attributes(mapper, state, names, passive)


def _touched_in(names: Sequence[str]) -> str:
    """Find which of several expired attributes was touched, for a message: nobody hands it on."""
    frame: Any = sys._getframe()
    while frame is not None and frame.f_code.co_name != "_fire_loader_callables":
        frame = frame.f_back
    key = frame.f_locals.get("key") if frame is not None else None
    return str(key) if key in names else min(names)


class ColumnLoad:
    """Columns that are to be loaded for several objects at once."""

    def __init__(self, touched: State, names: Sequence[str], key_in: Callable[[Sequence[str]], str] = min) -> None:
        self._all = names
        self._key_in = key_in
        self._touched = touched
        self._mapper: Mapper[Any] = touched.manager.mapper
        self._names = frozenset(names)

    @property
    def key(self) -> str:
        """Name the one that was touched."""
        return self._key_in(self._all)

    def is_done(self, state: State) -> bool:
        """Tell whether an object has them."""
        return self._names <= state.dict.keys()

    def fits(self, state: State) -> bool:
        """Tell whether an object lacks them, and has no change of its own there."""
        return (
            state.manager.mapper is self._mapper
            and not any(name in state.dict or name in state.committed_state for name in self._names)
            and (self._touched.expired or not state.expired)
        )

    def is_near(self, state: State, session: Session) -> bool:
        """Tell that no column is to be had without a statement."""
        return False

    def run(self, session: Session, states: Sequence[State], options: dict[str, Any]) -> None:
        """Load them for these, in one statement: a row that meets an object of the session fills in what it lacks."""
        mapper = self._mapper
        keys = mapper.primary_key
        column: Any = keys[0] if len(keys) == 1 else tuple_(*keys)
        values = [state.key[1] if len(keys) > 1 else state.key[1][0] for state in states if state.key is not None]
        reading: Any = select(mapper).where(column.in_(bindparam("primary_keys")))
        names = self._names | mapper._primary_key_propkeys
        if mapper.polymorphic_on is not None:
            names |= {mapper.get_property_by_column(mapper.polymorphic_on).key}
        only = {"_only_load_props": names, "_enable_eagerloads": False}
        reading._compile_options = _ORMCompileState.default_compile_options + only
        session.execute(reading, {"primary_keys": values}, execution_options=options).all()


def execute_from_origin(
    execute: Callable[..., Any], statement: Any, *args: Any, _scalar_result: bool = False, **options: Any
) -> Any:
    """Execute a statement of a session, and note where the objects come from that it reads.

    Args:
        execute: The session's `_execute_internal`.
        statement: Of any kind; those that read no objects are left alone.
        *args: For `execute`.
        _scalar_result: As for `execute`.
        **options: For `execute`.
    """
    if getattr(statement, "_propagate_attrs", EMPTY_DICT).get("compile_state_plugin") != "orm":
        return execute(statement, *args, _scalar_result=_scalar_result, **options)
    given = options.get("execution_options", EMPTY_DICT)
    reading = reading_for(given)
    options["execution_options"] = EMPTY_DICT.merge_with(given, {ORIGIN: reading})
    # The scalar is taken here: what it leads to would be numbered first.
    result = execute(statement, *args, **options)
    # Results that read no objects have no such number. With other threads about it is not just the last one.
    run = getattr(getattr(result, "context", None), "runid", None)
    if run is not None:
        remember(run, reading)
    return result.scalar() if _scalar_result else result


# --- in their place -------------------------------------------------------------------------------

_ADOPTED: WeakSet[Mapper[Any]] = WeakSet()


def adopt_all() -> None:
    """Let every class that is mapped by now load as its mode says."""
    for registry in list(_all_registries()):
        # A class whose mapping has failed is among them, and has no mapper.
        for mapper in [manager.mapper for manager in list(registry._managers) if manager.is_mapped]:
            if mapper.configured and mapper not in _ADOPTED:
                _adopt(mapper)
            # A backref may come with another class.
            for relationship in mapper.relationships if mapper.configured else ():
                _adopt_relationship(relationship)


def _adopt(mapper: Mapper[Any]) -> None:
    _ADOPTED.add(mapper)
    mapper.class_manager.expired_attribute_loader = partial(_load_expired, mapper)
    for column in mapper.column_attrs:
        _adopt_column(column)


def _adopt_relationship(relationship: RelationshipProperty[Any]) -> None:
    prop: Any = relationship
    if prop.lazy not in _LAZIES or _PEERS in prop._strategies:
        return
    plain, ours = prop._get_strategy(_LAZY), _PeersLoader(prop, _PEERS)
    prop._strategies[_PEERS] = ours
    # What is class-level is the usual way; `lazyload()` is no longer, and so is written on each object.
    ours.is_class_level, plain.is_class_level = True, False
    if prop.lazy in {"select", True}:
        prop.strategy_key, prop.strategy = _PEERS, ours
    _answer_with(prop, plain, ours)


def _adopt_column(column: ColumnProperty[Any]) -> None:
    prop: Any = column
    plain = prop._strategies.get(_DEFERRED)
    if isinstance(plain, _PeersColumn):
        return  # A class above has it, too.
    if plain is None and (len(column.columns) != 1 or hasattr(column, "composite_class")):
        return
    ours = prop._strategies[_DEFERRED] = _own(_PeersColumn)(prop, _DEFERRED)
    if plain is not None:
        ours.is_class_level = plain.is_class_level
        if prop.strategy is plain:
            prop.strategy = ours
        _answer_with(prop, plain, ours)


def _answer_with(prop: Any, plain: Any, ours: Any) -> None:
    """Let the attribute of each class call ours where it called SQLAlchemy's."""
    for mapper in prop.parent.self_and_descendants:
        manager = mapper.class_manager
        if mapper._props.get(prop.key) is prop and prop.key in manager:
            impl = manager[prop.key].impl
            if impl.callable_ == plain._load_for_state:
                impl.callable_ = ours._load_for_state


_SIGNATURES: Final[Sequence[tuple[Any, str, str]]] = (
    (
        strategies._LazyLoader,
        "_emit_lazyload",
        "self session state primary_key_identity passive loadopt extra_criteria extra_options alternate_effective_path "
        "execution_options",
    ),
    (
        strategies._LazyLoader,
        "_load_for_state",
        "self state passive loadopt extra_criteria extra_options alternate_effective_path execution_options",
    ),
    (strategies._LazyLoader, "_get_ident_for_use_get", "self session state passive"),
    (strategies._DeferredColumnLoader, "_load_for_state", "self state passive"),
    (
        strategies._SelectInLoader,
        "_load_for_path",
        "self context path states load_only effective_entity loadopt recursion_depth execution_options",
    ),
    (loading, "_load_scalar_attributes", "mapper state attribute_names passive"),
    (
        Session,
        "_identity_lookup",
        "self mapper primary_key_identity identity_token passive lazy_loaded_from execution_options bind_arguments",
    ),
)


def broken_contract() -> Iterator[str]:
    """Yield what SQLAlchemy has no longer as it is used here."""
    for owner, name, expected in _SIGNATURES:
        found = " ".join(signature(getattr(owner, name)).parameters) if hasattr(owner, name) else "nothing"
        if found != expected:
            yield f"{getattr(owner, '__name__', owner)}.{name}({found})"
    for owner, names in (
        (InstanceState, ("runid", "load_options", "load_path", "expired_attributes", "callables")),
        (Result, ("_raw_all_tuples",)),
    ):
        yield from (f"{owner.__name__}.{name}" for name in names if not hasattr(owner, name))


def install() -> None:
    """Put ours in place of SQLAlchemy's, in all classes that are mapped, now and later."""
    broken = list(broken_contract())
    if broken:
        warnings.warn(
            f"crosslet loads related rows one object at a time: this SQLAlchemy is not the one it was made for "
            f"({', '.join(broken)}).",
            RuntimeWarning,
            stacklevel=2,
        )
        return
    event.listen(Mapper, "after_configured", adopt_all)
    adopt_all()
