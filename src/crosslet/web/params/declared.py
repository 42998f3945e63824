"""Which parameters a request's route has beside those of one class: they are its own affair.

A model in `Query()` sees the whole query string and nothing of its route, so the middleware tells it the request.
"""

from collections.abc import Iterator
from typing import Any, get_args
from weakref import finalize

from fastapi.routing import iter_route_contexts
from fastapi.security import APIKeyQuery
from pydantic import AliasChoices, BaseModel
from pydantic.fields import FieldInfo

# By the ids of route and application, as neither can be a key; forgotten when the route goes.
_known: dict[tuple[int, int], tuple[frozenset[str], tuple[Any, ...]]] = {}


def names_beside(cls: Any, scope: Any) -> frozenset[str]:
    """Name the query parameters that a request's route declares beside one class of parameters.

    Args:
        cls: The class; parameters that it has in common with another class belong to both.
        scope: ASGI's; without it, or a route in it, nothing is known to be declared.
    """
    route = (scope or {}).get("route")
    if route is None:
        return frozenset()
    app = scope.get("app")
    key = id(route), id(app)
    found = _known.get(key)
    if found is None:
        dependants = list(_dependants_of(route, app))
        names = frozenset(name for dependant in dependants for name in _names_of(dependant))
        classes = tuple({kind for dependant in dependants for kind in listings_of(dependant)})
        found = _known[key] = names, classes
        finalize(route, _known.pop, key, None)
    names, classes = found
    return names.union(*(other.parameter_names() for other in classes if other is not cls))


def _dependants_of(route: Any, app: Any) -> Iterator[Any]:
    """Yield what a route depends on; several where its router is included more than once."""
    contexts = [one for one in iter_route_contexts(getattr(app, "routes", ())) if one.original_route is route]
    for context in contexts or [route]:
        dependant = getattr(context, "dependant", None)
        if dependant is not None:
            yield dependant


def _names_of(dependant: Any) -> Iterator[str]:
    for field in dependant.query_params:
        model = _model_of(field)
        if model is None:
            yield field.alias
        else:
            yield from own_names(model)
    if isinstance(dependant.call, APIKeyQuery):
        yield dependant.call.model.name
    for inner in dependant.dependencies:
        yield from _names_of(inner)


def own_names(model: type[BaseModel]) -> Iterator[str]:
    """Yield what the fields of a model are called in a query string."""
    for name, info in model.model_fields.items():
        yield from _names_for(name, info)


def _names_for(name: str, info: FieldInfo) -> Iterator[str]:
    alias = info.validation_alias or info.alias or name
    if isinstance(alias, AliasChoices):
        yield from (choice for choice in alias.choices if isinstance(choice, str))
    else:
        yield str(alias)


def listings_of(dependant: Any) -> Iterator[Any]:
    """Yield the classes of parameters that a route takes, in `Query()` or in `Depends()`."""
    for candidate in (dependant.call, *map(_model_of, dependant.query_params)):
        if isinstance(candidate, type) and hasattr(candidate, "parameter_names"):
            yield candidate
    for inner in dependant.dependencies:
        yield from listings_of(inner)


def _model_of(field: Any) -> type[BaseModel] | None:
    annotation = field.field_info.annotation
    rest = [item for item in get_args(annotation) if item is not type(None)]
    if len(rest) == 1 and type(None) in get_args(annotation):
        (annotation,) = rest
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None
