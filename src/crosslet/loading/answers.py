"""Whose the rows of a batch are, where the database takes keys for equal that Python does not.

A foreign key `A` is the key `a` under a collation without case; `"1"` is `1`; what a type of the user's writes in one
way and reads in another is equal there alone. A statement for one object has no such question. Here the rows get the
key that they were asked for by; where that cannot be known, the objects in question are left to be loaded alone.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy.orm import Session

Key = tuple[Any, ...]


class Asking:
    """Stands in for the session where SQLAlchemy's selectin strategy asks, and makes its rows those of the objects.

    Args:
        session: The real one.
        may_repeat: A pair of objects may come several times: a table stands between the two.

    Attributes:
        doubtful: Keys whose rows, or whose lack of rows, cannot be relied on; None for all of a batch.
    """

    def __init__(self, session: Session, *, may_repeat: bool) -> None:
        self._session = session
        self._may_repeat = may_repeat
        self.doubtful: set[Key] | None = set()

    def execute(self, statement: Any, *, params: Mapping[str, Any], execution_options: Mapping[str, Any]) -> "Answer":
        """Send a statement that has the keys of a batch in `primary_keys`."""
        result: Any = self._session.execute(statement, params, execution_options=execution_options)
        uniquing = result.context is not None and result.context.requires_uniquing
        rows = list(result.unique()) if uniquing else result._raw_all_tuples()
        if not self._may_repeat and _is_plain(rows, params["primary_keys"]):
            return Answer(rows)
        asked = {key if isinstance(key, tuple) else (key,) for key in params["primary_keys"]}
        return Answer(_renamed(rows, self._names({tuple(row[:-1]) for row in rows}, asked)))

    def _names(self, found: set[Key], asked: set[Key]) -> dict[Key, list[Key]]:
        """Find by which keys that were asked for the others were found."""
        strange, lacking = found - asked, asked - found
        if not strange and not _has_text(lacking):
            return {}
        names: dict[Key, list[Key]] = {}
        for key in strange:
            alike = [one for one in asked if len(asked) == 1 or _folded(one) == _folded(key)]
            if not alike:
                self.doubtful = None
            elif len(alike) == 1 or lacking.issuperset(alike):
                names[key] = alike
            else:
                self._doubt(alike)
        known = {_folded(key) for key in found - strange}
        self._doubt([key for key in lacking if _folded(key) in known])
        return names

    def _doubt(self, keys: Iterable[Key]) -> None:
        if self.doubtful is not None:
            self.doubtful.update(keys)


def _is_plain(rows: Sequence[Any], asked: Sequence[Any]) -> bool:
    """Tell whether every row is for a key that was asked for, and none that is lacking could be spelt in another way.

    Most answers are so, and of thousands of rows nothing else should be looked at.
    """
    if not rows or len(rows[0]) != 2:  # noqa: PLR2004 - a key of one part, and the object
        return False
    lacking = set(asked)
    found = set(map(itemgetter(0), rows))
    if not found <= lacking:
        return False
    lacking -= found
    return not any(isinstance(key, str) for key in lacking)


def _renamed(rows: Iterable[Any], names: Mapping[Key, list[Key]]) -> Iterator[Key]:
    seen = set()
    for row in rows:
        key = tuple(row[:-1])
        for name in names.get(key, (key,)):
            # By identity: a table between the two may hold a pair twice, and it is one object all the same.
            one = (name, id(row[-1]))
            if one not in seen:
                seen.add(one)
                yield (*name, row[-1])


class Answer:
    """What the strategy reads of a result."""

    context = None

    def __init__(self, rows: Iterable[Key]) -> None:
        self._rows = rows

    def _raw_all_tuples(self) -> Sequence[Key]:
        return list(self._rows)


def _has_text(keys: Iterable[Key]) -> bool:
    return any(isinstance(part, str) for key in keys for part in key)


def _folded(key: Key) -> Key:
    return tuple(_plain(str(part)) for part in key)


def _plain(text: str) -> str:
    """Leave out what collations leave out: case, accents, and blanks at the end."""
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold().rstrip()
