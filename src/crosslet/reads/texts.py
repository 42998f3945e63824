"""Parts of text, found alike on every database: LIKE where it knows capitals from small letters, GLOB on SQLite.

SQLite's LIKE takes `A` for `a` and nothing else, whatever the column says. What is looked for is always escaped.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, String, func, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Boolean

_ESCAPE: Final = "/"


class _EitherMatch(FunctionElement[bool]):
    """The same question twice: as LIKE, and as SQLite has to be asked."""

    type = Boolean()
    inherit_cache = True


@compiles(_EitherMatch)
def _like(element: _EitherMatch, compiler: SQLCompiler, **kw: Any) -> str:
    return _part(element, 0, compiler, kw)


@compiles(_EitherMatch, "sqlite")
def _glob(element: _EitherMatch, compiler: SQLCompiler, **kw: Any) -> str:
    return _part(element, 1, compiler, kw)


def _part(element: _EitherMatch, place: int, compiler: SQLCompiler, kw: dict[str, Any]) -> str:
    # A wrapper of ours has no operator that would tell SQLAlchemy to set brackets, before a NOT for example.
    return f"({compiler.process(list(element.clauses)[place], **kw)})"


def matches(text: ColumnElement[Any], part: str, *, before: bool, after: bool, fold: bool = False) -> Any:
    """Return the condition that a text has a part.

    Args:
        text: The column.
        part: What to look for, every character for itself.
        before: Something may stand before it.
        after: Something may stand after it.
        fold: Take capitals for small letters. PostgreSQL folds the letters that the database's locale knows (in `C`
            those of ASCII only), MariaDB, MySQL and SQLite those of every alphabet.
    """
    like, glob = _surrounded(_like_text(part), "%", before, after), _surrounded(_glob_text(part), "*", before, after)
    if not fold:
        return _EitherMatch(text.like(literal(like, String()), escape=_ESCAPE), _globs(text, literal(glob, String())))
    lower, small = func.lower, func.crosslet_lower
    return _EitherMatch(
        lower(text).like(lower(literal(like, String())), escape=_ESCAPE),
        _globs(small(text), small(literal(glob, String()))),
    )


def _globs(text: Any, pattern: Any) -> ColumnElement[bool]:
    return text.op("GLOB", is_comparison=True, return_type=Boolean())(pattern)  # type: ignore[no-any-return]


def _surrounded(part: str, anything: str, before: bool, after: bool) -> str:
    return f"{anything if before else ''}{part}{anything if after else ''}"


def _like_text(part: str) -> str:
    for special in (_ESCAPE, "%", "_"):
        part = part.replace(special, _ESCAPE + special)
    return part


def _glob_text(part: str) -> str:
    return "".join(f"[{character}]" if character in "*?[" else character for character in part)
