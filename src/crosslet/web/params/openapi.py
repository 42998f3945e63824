"""OpenAPI's word for the parameters of lists: FastAPI sees a model without fields, and is told what it takes.

If FastAPI knew a field for each parameter it would look for each of them in every request: 80 of them took it twice
as long as all the rest of a request.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from crosslet.reads import Takes
from crosslet.web.params.allowed import Allowed, Choice, without
from crosslet.web.params.declared import listings_of, names_beside

_SCHEMA = "#/components/schemas/"


def describe_params(app: FastAPI) -> None:
    """Let `app.openapi()` describe the parameters of every ListParams; `install` does so by itself.

    For applications that are mounted into the installed one: each has an OpenAPI document of its own.
    """
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        schema = generate()
        for context in iter_route_contexts(app.routes):
            dependant = getattr(context, "dependant", None)
            for kind in listings_of(dependant) if dependant is not None else ():
                for method in context.methods or ():
                    operation = schema.get("paths", {}).get(context.path_format, {}).get(method.lower())
                    if operation is not None:
                        _describe(kind, context, app, operation, schema)
        return schema

    app.openapi = openapi  # type: ignore[method-assign]


def _describe(kind: Any, context: Any, app: Any, operation: dict[str, Any], schema: dict[str, Any]) -> None:
    parameters = operation.setdefault("parameters", [])
    known = {one["name"] for one in parameters if one["in"] == "query"}
    allowed: Allowed = kind.allowed()
    beside = names_beside(kind, {"route": context.original_route, "app": app})
    for one in _parameters(kind, allowed, beside):
        if one["name"] not in known:
            parameters.append({"in": "query", "required": False, **one})
    if allowed.limits.depth:
        schemas = schema.setdefault("components", {}).setdefault("schemas", {})
        schemas[_group_name(kind)] = _group(kind, allowed)


def _parameters(kind: Any, allowed: Allowed, beside: frozenset[str]) -> Iterator[dict[str, Any]]:
    for name, choice in without(allowed.choices, beside).items():
        yield {"name": name, "description": _says(choice), "schema": _schema(choice, allowed)}
    if allowed.sorts:
        yield _sort(allowed)
    if allowed.searched:
        words = f"At most {allowed.limits.words} words; each is looked for in "
        names = ", ".join(term.name for term in allowed.searched)
        yield {
            "name": "q",
            "description": f"{words}{names}.",
            "schema": {"type": "string", "maxLength": allowed.limits.text},
        }
    if allowed.limits.depth:
        yield {
            "name": "filter",
            "description": "Conditions in groups, as JSON: `and` and `or` take lists of objects.",
            "content": {"application/json": {"schema": {"$ref": _SCHEMA + _group_name(kind)}}},
        }


def _sort(allowed: Allowed) -> dict[str, Any]:
    names = [sign + name for name in allowed.sorts for sign in ("", "-")]
    schema: dict[str, Any] = {
        "type": "array",
        "items": {"type": "string", "enum": names},
        "maxItems": allowed.limits.sorts,
        "uniqueItems": True,
    }
    default = ["-" * sort.descending + sort.term.name for sort in allowed.default_sorts]
    if default and set(default) <= set(names):
        schema["default"] = default
    return {
        "name": "sort",
        "description": "Fields to sort by, with commas between them; `-` reverses one.",
        "style": "form",
        "explode": False,
        "schema": schema,
    }


def _says(choice: Choice) -> str:
    return f"`{choice.term.name}` {choice.operator.says}."


def _schema(choice: Choice, allowed: Allowed) -> dict[str, Any]:
    most = {"maxLength": allowed.limits.text}
    match choice.operator.takes:
        case Takes.FLAG:
            return {"type": "boolean"}
        case Takes.TEXT:
            return {"type": "string", **most}
        case Takes.RANGE:
            return {"type": "array", "items": _item(choice, most), "minItems": 2, "maxItems": 2}
        case Takes.LIST:
            return {"type": "array", "items": _item(choice, most), "minItems": 1, "maxItems": allowed.limits.items}
    return _item(choice, most)


def _item(choice: Choice, most: Mapping[str, int]) -> dict[str, Any]:
    schema = _inlined(choice.value.adapter.json_schema())
    is_text = schema == {"type": "string"}
    return {**schema, **most} if is_text else schema


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """Put an enumeration's own schema in place of the reference to it."""
    definitions = schema.pop("$defs", {})
    reference = schema.get("$ref", "")
    return dict(definitions.get(reference.rpartition("/")[2], schema))


def _group_name(kind: Any) -> str:
    return f"{kind.__name__}Filter"


def _group(kind: Any, allowed: Allowed) -> dict[str, Any]:
    several = {
        "type": "array",
        "items": {"$ref": _SCHEMA + _group_name(kind)},
        "minItems": 1,
        "maxItems": allowed.limits.conditions,
    }
    choices = without(allowed.choices, ()).items()
    return {
        "type": "object",
        "title": _group_name(kind),
        "description": "Conditions that all hold.",
        "properties": {
            **{name: {**_schema(choice, allowed), "description": _says(choice)} for name, choice in choices},
            "and": {**several, "description": "Groups that all hold."},
            "or": {**several, "description": "Groups of which one holds."},
        },
        "additionalProperties": False,
    }
