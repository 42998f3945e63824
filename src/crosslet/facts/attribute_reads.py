"""Who reads which relationship of which object: told by the attributes of classes, while somebody wants to know.

The class of an attribute is exchanged for one that tells; nothing else of it changes, and it is put back at the end.
"""

from collections.abc import Callable
from threading import Lock
from typing import Any
from weakref import WeakSet

from sqlalchemy.orm import InstanceState, Mapper, QueryableAttribute
from sqlalchemy.orm.attributes import InstrumentedAttribute, instance_state

Reader = Callable[[InstanceState[Any], Any], None]
_lock = Lock()
_readers: tuple[Reader, ...] = ()
_exchanged: list[Any] = []
_known: "WeakSet[Any]" = WeakSet()


class TellingAttribute(InstrumentedAttribute[Any]):
    """A relationship's attribute that tells when an object has it read or replaced."""

    __slots__ = ()
    inherit_cache = True

    def __get__(self, instance: Any, owner: Any) -> Any:
        if instance is not None:
            _tell(self, instance)
        return super().__get__(instance, owner)

    def __set__(self, instance: Any, value: Any) -> None:
        _tell(self, instance)
        super().__set__(instance, value)


def _tell(attribute: Any, instance: Any) -> None:
    for reader in _readers:
        reader(instance_state(instance), attribute.prop)


def watch(mapper: Mapper[Any], reader: Reader) -> None:
    """Tell somebody of reads of all relationships, in the classes that a mapper's registry has."""
    global _readers  # noqa: PLW0603 - what classes are is the process's, and so is this
    with _lock:
        if reader not in _readers:
            _readers = (*_readers, reader)
        if mapper.registry in _known:
            return
        _known.add(mapper.registry)
        for one in list(mapper.registry.mappers):
            for relationship in one.relationships:
                _exchange(one, relationship.key)


def _exchange(mapper: Mapper[Any], key: str) -> None:
    attribute: QueryableAttribute[Any] | None = mapper.class_manager.get(key)
    if type(attribute) is InstrumentedAttribute:
        attribute.__class__ = TellingAttribute
        _exchanged.append(attribute)


def unwatch(reader: Reader) -> None:
    """Tell somebody no longer; with the last, the attributes are as they were."""
    global _readers  # noqa: PLW0603 - as above
    with _lock:
        _readers = tuple(one for one in _readers if one != reader)
        if _readers:
            return
        while _exchanged:
            _exchanged.pop().__class__ = InstrumentedAttribute
        _known.clear()
