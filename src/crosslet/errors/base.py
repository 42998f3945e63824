"""The root of the tree."""

from typing import Any


class CrossletError(Exception):
    """The base of everything crosslet raises."""

    code: str | None = "crosslet-error"

    def __str__(self) -> str:
        # SQLAlchemy's classes would add a link to a page of theirs for this code.
        return str(self.args[0]) if self.args else ""

    def __reduce__(self) -> tuple[Any, ...]:
        # Exception's own would call the class with the finished message.
        state = {name: value for name, value in self.__dict__.items() if not name.startswith("_")}
        return _restored, (type(self), self.args, state)


def _restored(kind: type[CrossletError], args: tuple[Any, ...], state: dict[str, Any]) -> CrossletError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error
