"""OpenAPI's word for requests that FastAPI refuses: what is answered, a problem document, not FastAPI's own form."""

import json
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from crosslet.web.problems import problem_responses

_SCHEMA = "#/components/schemas/"


def describe_refusals(app: FastAPI) -> None:
    """Let `app.openapi()` describe the 422 of invalid requests as a problem document."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        schema = generate()
        for responses in _responses(schema):
            if _refers(responses.get("422")):
                responses.update({"422": problem_responses(422)[422]})
        _drop_unused(schema, "HTTPValidationError")
        _drop_unused(schema, "ValidationError")
        return schema

    app.openapi = openapi  # type: ignore[method-assign]


def _responses(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in schema.get("paths", {}).values():
        for operation in path.values():
            if isinstance(operation, dict):
                yield operation.get("responses", {})


def _refers(response: Any) -> bool:
    content = (response or {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    return bool(schema == {"$ref": f"{_SCHEMA}HTTPValidationError"})


def _drop_unused(schema: dict[str, Any], name: str) -> None:
    if f'"{_SCHEMA}{name}"' not in json.dumps(schema, default=str):
        schema.get("components", {}).get("schemas", {}).pop(name, None)
