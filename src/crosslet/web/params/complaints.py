"""What is wrong with a query string, in the form of FastAPI's own validation errors."""

import difflib
from collections.abc import Callable, Iterable
from typing import Any, Final, NoReturn

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

Place = tuple[str | int, ...]
# Nobody reads more, and looking for near names takes time that a client should not have for free.
_MOST: Final = 20
_MOST_GUESSES: Final = 3
_SHOWN_INPUT = 200


class TooMany(Exception):
    """There are more complaints than anyone reads."""


class Complaints:
    """Complaints about one request, gathered so that all are answered at once."""

    def __init__(self) -> None:
        self.found: list[InitErrorDetails] = []
        self._guesses = 0

    def add(self, place: Place, code: str, text: str, given: Any = None) -> None:
        """Add one.

        Raises:
            TooMany: It was the last that is told.
        """
        # The text is no template: what looks like one in it has no context to be filled from.
        error = PydanticCustomError(code, text)
        self.found.append(InitErrorDetails(type=error, loc=place, input=_repeatable(given)))
        if len(self.found) >= _MOST:
            raise TooMany

    def add_unknown(self, place: Place, name: str, known: Iterable[str]) -> None:
        """Complain about a parameter that does not exist, or is not to be known about: the answer is the same."""
        self._guesses += 1
        few = self._guesses <= _MOST_GUESSES and len(name) <= _SHOWN_INPUT
        near = difflib.get_close_matches(name, list(known), n=1) if few else []
        advice = f" Did you mean {near[0]}?" if near else ""
        self.add(place, "extra_forbidden", f"Extra inputs are not permitted: there is no such parameter.{advice}")

    def catch(self, place: Place, read: Callable[[], Any], given: Any = None) -> Any:
        """Return what a function reads; complain, and return None, if it cannot.

        Raises:
            TooMany: See `add`.
        """
        try:
            return read()
        except PydanticCustomError as error:
            self.add(place, error.type, error.message(), given)
        except ValidationError as error:
            for item in error.errors(include_url=False, include_context=False, include_input=False):
                self.add((*place, *item["loc"]), item["type"], item["msg"], given)
        return None

    def keep(self, error: ValidationError) -> None:
        """Take over what Pydantic says of the class's own fields."""
        for item in error.errors(include_url=False, include_context=False):
            self.found.append(
                InitErrorDetails(
                    type=PydanticCustomError(item["type"], item["msg"]),
                    loc=item["loc"],
                    input=_repeatable(item["input"]),
                )
            )

    def raise_all(self, title: str) -> NoReturn:
        """Raise them as one error of Pydantic's.

        Raises:
            ValidationError: Always.
        """
        raise ValidationError.from_exception_data(title, self.found)


def _repeatable(given: Any) -> Any:
    """Return what may be repeated in an answer: short text that can be sent; an answer must not fail on its input."""
    if not isinstance(given, str) or len(given) > _SHOWN_INPUT:
        return None
    return given if given.isprintable() else None
