"""Paths into JSON for SQLite's connections.

SQLite's own compare a key with the text that is stored: before 3.45 no path leads to a key with a quotation mark, a
backslash or a line's end in it, nor to one that was stored with escapes.
"""

import json
from collections.abc import Callable
from typing import Any, Final

# A path is a JSON list of keys and indexes, a value JSON. A document is JSON or NULL; what is a number and nothing else
# became one in the column, whose type is none that SQLite knows.
Document = str | int | float | None


def _json_at(document: Document, path: str) -> str | None:
    """Return what stands at a path; None if nothing does."""
    if document is None:
        return None
    node = _read(document)
    for key in json.loads(path):
        if not _is_in(key, node):
            return None
        node = node[key]
    return _written(node)


def _json_set(document: Document, path: str, value: str) -> Document:
    """Return a document with another value at a path: the same document if the path leads through other things."""
    root = _read(document)
    changed = _put(root, json.loads(path), json.loads(value))
    return document if changed is root else _written(changed)


def _json_remove(document: Document, path: str) -> Document:
    """Return a document without what stands at a path; the same one if nothing does."""
    root = _read(document)
    changed = _drop(root, json.loads(path))
    return document if changed is root else _written(changed)


def _read(document: Document) -> Any:
    return json.loads(document) if isinstance(document, str) else document


def _is_in(key: str | int, node: Any) -> bool:
    return _leads(key, node) and (key in node if isinstance(key, str) else key < len(node))


def _leads(key: str | int, node: Any) -> bool:
    return isinstance(node, dict if isinstance(key, str) else list)


def _put(node: Any, path: list[Any], value: Any) -> Any:
    if not path:
        return value
    key, *rest = path
    if node is None:
        node = {} if isinstance(key, str) else []
    if not _leads(key, node):
        return node
    if isinstance(key, str):
        return node | {key: _put(node.get(key), rest, value)}
    inner = _put(node[key] if key < len(node) else None, rest, value)
    # Past the end the slices are everything and nothing.
    return [*node[:key], inner, *node[key + 1 :]]


def _drop(node: Any, path: list[Any]) -> Any:
    key, *rest = path
    if not _is_in(key, node):
        return node
    if rest:
        inner = _drop(node[key], rest)
        return node | {key: inner} if isinstance(key, str) else [*node[:key], inner, *node[key + 1 :]]
    if isinstance(key, str):
        return {name: value for name, value in node.items() if name != key}
    return [*node[:key], *node[key + 1 :]]


def _written(value: Any) -> str:
    # NaN and infinity are no JSON, which SQLite would only say when the document is read.
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


# By name, with the number of arguments.
JSON_FUNCTIONS: Final[dict[str, tuple[Callable[..., Any], int]]] = {
    "crosslet_json_at": (_json_at, 2),
    "crosslet_json_set": (_json_set, 3),
    "crosslet_json_remove": (_json_remove, 2),
}
