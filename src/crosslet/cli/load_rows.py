"""The rows of a file, as a table's own types: CSV with a header, or JSON Lines. What is wrong with one is told by line.

Nothing is stored here.
"""

import csv
import io
import json
from base64 import b64decode
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Any, BinaryIO, Final, Literal

from pydantic import BeforeValidator, ConfigDict, TypeAdapter, ValidationError
from pydantic_core import from_json
from sqlalchemy import JSON, Column, inspect
from sqlalchemy.orm import Mapper
from typing_extensions import TypedDict

from crosslet.errors import ConfigurationError

Format = Literal["csv", "jsonl"]
Row = dict[str, Any]
# The most characters of one field of CSV.
_LONGEST_FIELD: Final = 2**26
_TO_STANDARD: Final = str.maketrans("-_", "+/")
# Type checkers know it with literals only.
_TYPED_DICT: Final[Any] = TypedDict
_CONFIG: Final = ConfigDict(extra="forbid")


class Unreadable(Exception):
    """The file is not of its format, from some place on: nothing after it could be told for certain."""


class TooManyErrors(Exception):
    """More rows were refused than was allowed for."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be stored.

    Attributes:
        line: Where it stands in the file, counted from 1; of a row of several lines, the last one.
        code: Stable, for programs.
        reason: Why; it holds no values.
    """

    line: int
    code: str
    reason: str


@dataclass(slots=True, eq=False)
class RowSource:
    """Reads rows and remembers their lines.

    Attributes:
        file: Open for reading.
        most_errors: How many rows may be wrong.
        lines: Those of the rows that were given, in order, since the caller last emptied it.
        refused: The rows that were not.
    """

    file: BinaryIO
    form: Format
    model: type[Any]
    null: str = ""
    delimiter: str = ","
    most_errors: int = 1000
    lines: list[int] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def __iter__(self) -> Generator[Row]:
        """Give the rows that can be read as the table's types.

        Raises:
            Unreadable: The file is not of its format.
            TooManyErrors: More rows than allowed are wrong.
        """
        read = self._csv if self.form == "csv" else self._json_lines
        for line, make in read():
            try:
                row = make()
            except (ValueError, RecursionError) as error:
                self.refuse(line, "invalid-value", "; ".join(_reasons(error)))
            else:
                self.lines.append(line)
                yield row

    def refuse(self, line: int, code: str, reason: str) -> None:
        """Note a row that cannot be stored.

        Raises:
            TooManyErrors: There are more than allowed.
        """
        self.refused.append(Refused(line, code, reason))
        if len(self.refused) > self.most_errors:
            raise TooManyErrors

    def _json_lines(self) -> Iterator[tuple[int, Callable[[], Row]]]:
        adapter = _adapter_of(self.model, "jsonl")
        for number, line in enumerate(self.file, 1):
            if content := line.strip():
                yield number, lambda content=content: adapter.validate_python(_parsed(content))  # type: ignore[misc]

    def _csv(self) -> Iterator[tuple[int, Callable[[], Row]]]:
        adapter = _adapter_of(self.model, "csv")
        with csv_reader(self.file, self.delimiter) as reader:
            try:
                names = _header(next(reader, []), self.model)
                for fields in filter(None, reader):
                    if len(fields) != len(names):
                        reason = f"there are {len(fields)} fields, and the header has {len(names)}"
                        self.refuse(reader.line_num, "field-count", reason)
                        continue
                    given = dict(zip(names, fields, strict=True))
                    yield reader.line_num, lambda given=given: self._typed(adapter, given)  # type: ignore[misc]
            except (csv.Error, UnicodeDecodeError) as error:
                what = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
                raise Unreadable(f"After line {reader.line_num}: {what}.") from None

    def _typed(self, adapter: TypeAdapter[Row], given: dict[str, str]) -> Row:
        known = {name: text for name, text in given.items() if text != self.null}
        return dict.fromkeys(given) | adapter.validate_strings(known)


@contextmanager
def csv_reader(file: BinaryIO, delimiter: str) -> Iterator[Any]:
    """Give a reader of the fields of each row; the file stays open."""
    csv.field_size_limit(_LONGEST_FIELD)
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        yield csv.reader(text, delimiter=delimiter, strict=True)
    finally:
        text.detach()


def columns_of(model: type[Any]) -> dict[str, Column[Any]]:
    """Return the columns that a row of a file may name, by attribute.

    Raises:
        ConfigurationError: The class is not mapped.
    """
    mapper = inspect(model, raiseerr=False)
    if not isinstance(mapper, Mapper):
        raise ConfigurationError(f"{getattr(model, '__name__', model)!r} is not a mapped class.")
    found = {attribute.key: attribute.columns[0] for attribute in mapper.column_attrs}
    return {name: one for name, one in found.items() if isinstance(one, Column) and one.computed is None}


def _header(names: Sequence[str], model: type[Any]) -> Sequence[str]:
    if not names:
        raise Unreadable("It is empty: the first line of CSV names the columns.")
    known = columns_of(model)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise Unreadable(f"{model.__name__} has no {', '.join(unknown)}. Its columns: {', '.join(known)}.")
    if len(set(names)) < len(names):
        raise Unreadable("A column stands in the header twice.")
    return names


def _adapter_of(model: type[Any], form: Format) -> TypeAdapter[Row]:
    types = {name: _type_of(column, form) for name, column in columns_of(model).items()}
    fields = types if form == "csv" else {name: one | None for name, one in types.items()}
    row = _TYPED_DICT("Row", fields, total=False)
    row.__pydantic_config__ = _CONFIG
    return TypeAdapter(row)


def _type_of(column: Column[Any], form: Format) -> Any:
    if isinstance(column.type, JSON):
        return Annotated[Any, BeforeValidator(from_json if form == "csv" else _plain)]
    try:
        found: Any = column.type.python_type
    except NotImplementedError:  # SQLAlchemy's word for a type that has no one type in Python: taken as it comes
        return Any
    if found is bytes:
        return Annotated[bytes, BeforeValidator(_decoded)]
    if issubclass(found, Enum):
        members = found.__members__
        return Annotated[
            found, BeforeValidator(lambda given: members.get(given, given) if isinstance(given, str) else given)
        ]
    return found


class _Number(float):
    """A number as it is written, which a Decimal takes digit by digit."""

    _text: str

    def __new__(cls, text: str) -> "_Number":
        made = super().__new__(cls, text)
        made._text = text
        return made

    def __str__(self) -> str:
        return self._text


def _parsed(content: bytes) -> Any:
    return json.loads(content, parse_float=_Number, parse_constant=_refuse_constant)


def _refuse_constant(text: str) -> None:
    raise ValueError(f"JSON has no {text}")


def _plain(value: Any) -> Any:
    """Make plain numbers of what stands in a document."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return float(value) if isinstance(value, _Number) else value


def _decoded(value: Any) -> Any:
    # Both alphabets of base64.
    return b64decode(value.translate(_TO_STANDARD), validate=True) if isinstance(value, str) else value


def _reasons(error: Exception) -> Iterator[str]:
    if not isinstance(error, ValidationError):
        yield "it is nested too deeply" if isinstance(error, RecursionError) else f"it is not JSON: {error}"
        return
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        name = ".".join(map(str, problem["loc"]))
        yield f"{name}: {problem['msg']}" if name else problem["msg"]
