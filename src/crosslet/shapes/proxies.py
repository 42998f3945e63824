"""What an association proxy leads to: related rows, and what is read of each in its place."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.ext.associationproxy import AssociationProxy
from sqlalchemy.util import duck_type_collection

from crosslet.errors import ConfigurationError
from crosslet.shapes.attributes import Found, Proxied, Relation, named


def led_to(at: str, proxied: Proxied) -> tuple[Relation, Found]:
    """Return the relationship of an association proxy, and what it reads of the related row.

    Args:
        at: The field, for texts.
        proxied: The proxy.

    Raises:
        ConfigurationError: Python code has a part in what it gives, or its rows have keys.
    """
    proxy, name = proxied.proxy, proxied.name
    relation = named(proxied.mapper, proxy.target_collection)
    if not isinstance(relation, Relation):
        raise ConfigurationError(f"{at}: {name} leads through {proxy.target_collection}, which is no relationship.")
    if type(proxy) is not AssociationProxy or proxy.getset_factory or proxy.proxy_factory:
        raise ConfigurationError(
            f"{at}: {name} is an association proxy with code of its own. Write the rows that it goes through as a "
            f"shape: `{relation.key}: {_suggested(relation)}`."
        )
    if relation.many and _is_keyed(getattr(proxied.mapper.relationships[relation.key], "collection_class", None)):
        raise ConfigurationError(
            f"{at}: {name} is a dictionary, and SQL knows no keys of it. Write its rows as a shape of "
            f"{relation.target.class_.__name__}: `{relation.key}: {_suggested(relation)}`, keys and values as fields."
        )
    value = named(relation.target, proxy.value_attr)
    if value is None:
        target = relation.target.class_.__name__
        raise ConfigurationError(
            f"{at}: {name} leads to {target}.{proxy.value_attr}, which is Python code or an attribute of a subclass. "
            f"Make it a hybrid_property with an SQL expression, or write the rows as a shape of {target}: "
            f"`{relation.key}: {_suggested(relation)}`."
        )
    return relation, value


def _suggested(relation: Relation) -> str:
    name = f"{relation.target.class_.__name__}Out"
    return f"list[{name}]" if relation.many else name


def _is_keyed(collection: type | Callable[[], Any] | None) -> bool:
    return collection is not None and duck_type_collection(collection()) is dict
