"""What the page of errors says about each class that can be read from the code."""

from collections.abc import Iterator, Mapping

from sqlalchemy import exc
from sqlalchemy.orm import exc as orm_exc

from crosslet import errors
from crosslet.dialects import mysql, postgresql, sqlite
from crosslet.web import answers

_MYSQL = {str(number): kind for number, kind in mysql._KINDS.items()}
_POSTGRESQL = {**postgresql._KINDS, **{f"{start}xxx": kind for start, kind in postgresql._CLASSES.items()}}
_SQLITE = {**sqlite._KINDS, **{f"{start}*": kind for start, kind in sqlite._PREFIXES}}
_LISTS = {"PostgreSQL": _POSTGRESQL, "MySQL, MariaDB": _MYSQL, "SQLite": _SQLITE}


def classes() -> list[type[errors.CrossletError]]:
    """List the errors, as they stand in the module."""
    found = [value for value in vars(errors).values() if isinstance(value, type)]
    return [kind for kind in found if issubclass(kind, errors.CrossletError)]


def facts_of(kind: type[errors.CrossletError]) -> Iterator[str]:
    """Write the lines of facts about one class."""
    base = f" · also `{_base_of(kind)}`" if _base_of(kind) else ""
    yield f"`errors.{kind.__name__}`{base} · {_status_of(kind)}"
    codes = [f"{name} {_codes(kind, known)}" for name, known in _LISTS.items() if _codes(kind, known)]
    if codes:
        yield f"Codes: {' · '.join(codes)}."


def _base_of(kind: type[errors.CrossletError]) -> str:
    direct = next((base for base in kind.__mro__ if base.__module__ in {exc.__name__, orm_exc.__name__}), None)
    if direct is not None:
        return f"{direct.__module__}.{direct.__name__}"
    builtin = next((base for base in kind.__mro__ if base in {ValueError, RuntimeError}), None)
    return builtin.__name__ if builtin else ""


def _status_of(kind: type[errors.CrossletError]) -> str:
    answer = next((answer for known, answer in answers._ANSWERS if issubclass(kind, known)), None)
    if answer is None:
        return "HTTP 500"
    wait = f" with `Retry-After: {answer.retry_after}`" if answer.retry_after else ""
    return f"HTTP {answer.status}{wait}"


def _codes(kind: type[errors.CrossletError], known: Mapping[str, type[errors.CrossletError]]) -> str:
    return ", ".join(f"`{code}`" for code in sorted(code for code, found in known.items() if found is kind))
