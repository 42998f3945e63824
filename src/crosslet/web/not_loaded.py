"""A response model that reads what no statement has loaded: one error, with route, model and field, in place of many.

Pydantic goes on with the next row and the next field after each, so FastAPI's error repeats the same for all rows.
"""

import inspect
import re
from collections import Counter
from typing import Any, get_args

from fastapi import FastAPI, Request
from fastapi.exceptions import ResponseValidationError
from starlette.responses import Response

from crosslet.errors import DetachedNotLoaded, LoadRefused, NotLoaded

_KINDS: dict[str, Any] = {kind.__name__: kind for kind in (NotLoaded, DetachedNotLoaded, LoadRefused)}
_TEXT = re.compile(rf"({'|'.join(_KINDS)}): ((\w+)\.(\w+) was not loaded.*)", re.S)

_MODULES = re.compile(r"\b(?:\w+\.)+(?=\w)")


def answer_not_loaded(app: FastAPI) -> None:
    """Let responses that read too much fail with one error."""
    if ResponseValidationError not in app.exception_handlers:
        app.add_exception_handler(ResponseValidationError, _handle)


# Starlette's type of a handler has no word for one of a certain error.
async def _handle(request: Request, error: Any) -> Response:
    raise _first_of(error, request) or error


def _first_of(error: ResponseValidationError, request: Request) -> Exception | None:
    found = [(one, match) for one in error.errors() if (match := _TEXT.search(_said(one)))]
    if not found:
        return None
    first, match = found[0]
    lines = [line for line in match[2].splitlines() if not line.lstrip().startswith("touched at:")]
    model = getattr(request.scope.get("route"), "response_model", None)
    lines.insert(1, f"  read by: {request.method} {_path(request)}, as {_name(model)}, field {_field(first)}")
    others = Counter(f"{one[3]}.{one[4]}" for _, one in found)
    lines.insert(2, f"  in this response: {', '.join(f'{name} {count} times' for name, count in others.items())}")
    made: Exception = _KINDS[match[1]](match[3], match[4], "\n".join(lines))
    made.__cause__ = None
    return made


def _said(one: Any) -> str:
    return str(one.get("ctx", {}).get("error", "")) if one.get("type") == "get_attribute_error" else ""


def _path(request: Request) -> str:
    return str(getattr(request.scope.get("route"), "path", request.url.path))


def _name(model: Any) -> str:
    # As it is written in the code: list[AuthorOut], without the modules.
    return _MODULES.sub("", model.__name__ if inspect.isclass(model) and not get_args(model) else str(model))


def _field(one: Any) -> str:
    return ".".join(map(str, one["loc"][1:]))
