"""From the JSON of rows to the bytes of an export: a line each, one array, CSV. No I/O."""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import from_json

from crosslet.database.spool import joined
from crosslet.errors import ConfigurationError

# What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?\Z")
_BYTE_ORDER_MARK = "\ufeff"


class Lines:
    """JSON Lines: a row a line, each ended by a line feed."""

    def first(self, texts: Sequence[str]) -> bytes:
        """Write the first rows, of which there may be none."""
        return self.more(texts)

    def more(self, texts: Sequence[str]) -> bytes:
        """Write further rows."""
        return f"{joined(texts)}\n".encode() if texts else b""

    def last(self) -> bytes:
        """Write the end."""
        return b""


class Array(Lines):
    """One array of JSON."""

    def first(self, texts: Sequence[str]) -> bytes:
        """Write the first rows."""
        return f"[{','.join(texts)}".encode()

    def more(self, texts: Sequence[str]) -> bytes:
        """Write further rows."""
        return f",{','.join(texts)}".encode()

    def last(self) -> bytes:
        """Write the end."""
        return b"]"


class Table(Lines):
    """CSV as RFC 4180 has it, a header first: values as in JSON, None as nothing, lists and objects as their JSON.

    Args:
        shape: Its fields are the columns.
        for_spreadsheets: Begin with a byte order mark, and put an apostrophe before texts that a spreadsheet would run
            as formulas.

    Raises:
        ConfigurationError: The shape has no fields.
    """

    def __init__(self, shape: Any, *, for_spreadsheets: bool = False) -> None:
        self._names = columns_of(shape)
        self._for_spreadsheets = for_spreadsheets

    def first(self, texts: Sequence[str]) -> bytes:
        """Write the header and the first rows."""
        mark = _BYTE_ORDER_MARK if self._for_spreadsheets else ""
        return f"{mark}{_csv([self._names])}".encode() + self.more(texts)

    def more(self, texts: Sequence[str]) -> bytes:
        """Write further rows."""
        rows = from_json(f"[{','.join(texts)}]", cache_strings="keys")
        return _csv([self._cells(row) for row in rows]).encode()

    def _cells(self, row: dict[str, Any]) -> Iterator[Any]:
        for name in self._names:
            value = row.get(name)
            if isinstance(value, bool):
                yield "true" if value else "false"
            elif isinstance(value, dict | list):
                yield json.dumps(value, ensure_ascii=False, separators=(",", ":"))
            elif self._for_spreadsheets and isinstance(value, str) and _is_formula(value):
                yield f"'{value}"
            else:
                yield value


def _is_formula(value: str) -> bool:
    return value.startswith(_FORMULA) and not _NUMBER.match(value)


def _csv(rows: Sequence[Any]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    return written.getvalue()


@lru_cache(maxsize=256)
def columns_of(shape: Any) -> tuple[str, ...]:
    """List the names of a shape's fields, as its JSON has them.

    Raises:
        ConfigurationError: It has none.
    """
    schema = TypeAdapter(shape).json_schema(by_alias=True, mode="serialization")
    if "$ref" in schema:
        schema = schema["$defs"][schema["$ref"].rpartition("/")[2]]
    names = tuple(schema.get("properties", ()))
    if not names:
        raise ConfigurationError(f"CSV needs columns: {shape!r} is no model, dataclass or TypedDict with fields.")
    return names
