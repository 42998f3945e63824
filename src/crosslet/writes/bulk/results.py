"""What a bulk verb tells afterwards: how many rows, what became of each, and which were left out, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, overload

from crosslet.errors import CrossletError

Outcome = Literal["inserted", "updated", "unchanged", "missing", "skipped"]
_WORDS: Final[tuple[Outcome, ...]] = ("inserted", "updated", "unchanged", "missing", "skipped")
_NUMBERS: Final = {word: number for number, word in enumerate(_WORDS)}


class Outcomes(Sequence[Outcome]):
    """What became of each row, in the order of the rows: one byte for each."""

    __slots__ = ("_numbers",)

    def __init__(self) -> None:
        self._numbers = bytearray()

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[Outcome]:
        return map(_WORDS.__getitem__, self._numbers)

    @overload
    def __getitem__(self, index: int) -> Outcome: ...
    @overload
    def __getitem__(self, index: slice) -> list[Outcome]: ...
    def __getitem__(self, index: int | slice) -> Outcome | list[Outcome]:
        if isinstance(index, slice):
            return [_WORDS[number] for number in self._numbers[index]]
        return _WORDS[self._numbers[index]]

    def __repr__(self) -> str:
        counts = {word: found for word in _WORDS if (found := self.count(word))}
        return f"<Outcomes {counts}>"

    def count(self, value: object) -> int:
        """Count the rows that became of a kind."""
        return self._numbers.count(_NUMBERS[value]) if value in _NUMBERS else 0

    def add(self, count: int, outcome: Outcome) -> None:
        """Append the outcome of so many rows."""
        self._numbers += bytes((_NUMBERS[outcome],)) * count

    def change(self, index: int, outcome: Outcome, count: int = 1) -> None:
        """Put another outcome in the place of a row, or of so many in a row."""
        self._numbers[index : index + count] = bytes((_NUMBERS[outcome],)) * count

    def choose(self, indexes: Sequence[int], chosen: Sequence[bool], outcome: Outcome, other: Outcome) -> None:
        """Put one of two outcomes in the place of each of some rows, whose indexes grow."""
        numbers = bytes(map({True: _NUMBERS[outcome], False: _NUMBERS[other]}.__getitem__, chosen))
        if indexes and indexes[-1] - indexes[0] + 1 == len(indexes):
            self._numbers[indexes[0] : indexes[-1] + 1] = numbers
            return
        for index, number in zip(indexes, numbers, strict=True):
            self._numbers[index] = number


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that was left out.

    Attributes:
        index: Its place in the iterable, counted from 0.
        error: Why: an InvalidValue, an IntegrityViolation or a DataRejected. Its text carries no values.
    """

    index: int
    error: CrossletError


@dataclass(slots=True)
class BulkResult:
    """What a bulk verb did.

    Attributes:
        outcomes: What became of each row, in the order of the rows.
        skipped: The rows that were left out, with `on_error="skip"`; by index.
    """

    outcomes: Outcomes = field(default_factory=Outcomes)
    skipped: list[RowError] = field(default_factory=list)

    @property
    def inserted(self) -> int:
        """Count the rows that are new."""
        return self.outcomes.count("inserted")

    @property
    def updated(self) -> int:
        """Count the rows that were there and were changed."""
        return self.outcomes.count("updated")

    @property
    def missing(self) -> list[int]:
        """List the places of rows whose key does not exist, for `update_many`."""
        return [index for index, outcome in enumerate(self.outcomes) if outcome == "missing"]
