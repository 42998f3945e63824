"""From the parameters that came to conditions, an order and a search. What is sent is never trusted: all is bounded."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from crosslet.reads import Condition, Group, Sort, Takes, search_for
from crosslet.web.params.allowed import RESERVED, Allowed, Choice, without
from crosslet.web.params.complaints import Complaints, Place, TooMany
from crosslet.web.params.values import FLAG, TEXT

# `filter` may be as long as this many values of the longest kind.
_LONGEST: Final = 10
_GROUPS: Final = ("and", "or")


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What one request asks for.

    Attributes:
        group: The conditions, those of the search included.
        sorts: The order; empty if the client asks for none.
    """

    group: Group
    sorts: Sequence[Sort]


NOTHING: Final = Asked(Group(), ())


def asked_of(allowed: Allowed, given: Mapping[str, Any], elsewhere: Iterable[str], found: Complaints) -> Asked:
    """Read parameters; what is wrong with them is added to the complaints.

    Args:
        allowed: What they may be.
        given: A text for each, or a list where one was given more than once.
        elsewhere: The parameters that the route has otherwise, which have the right of way.
        found: Gathers what is wrong.
    """
    reading = _Reading(allowed, frozenset(elsewhere), found)
    try:
        return reading.asked({name: value for name, value in given.items() if name not in reading.elsewhere})
    except TooMany:
        return NOTHING


class _Reading:
    def __init__(self, allowed: Allowed, elsewhere: frozenset[str], found: Complaints) -> None:
        self.allowed, self.elsewhere, self.found = allowed, elsewhere, found
        self.conditions = 0

    def asked(self, given: Mapping[str, Any]) -> Asked:
        members: list[Condition | Group] = []
        sorts: Sequence[Sort] = ()
        for name, raw in given.items():
            if self.allowed.blank_is_absent and (raw := _without_blanks(raw)) is None:
                continue
            if name == "sort" and self.allowed.sorts:
                sorts = self._sorts(raw)
            elif name == "q" and self.allowed.searched:
                members.append(self._search(raw))
            elif name == "filter" and self.allowed.limits.depth:
                members.append(self._filter(raw))
            elif (condition := self._condition(name, raw, (name,), in_json=False)) is not None:
                members.append(condition)
        return Asked(Group(tuple(members)), sorts)

    def _condition(self, name: str, raw: Any, place: Place, *, in_json: bool) -> Condition | None:
        choice = self.allowed.choice(name) if in_json or name not in RESERVED else None
        if choice is None:
            self.found.add_unknown(place, name, without(self.allowed.choices, self.elsewhere))
            return None
        self.conditions += 1
        if self.conditions > self.allowed.limits.conditions:
            self.found.add(place, "too_many", f"Input has more than {self.allowed.limits.conditions} conditions")
            raise TooMany
        value = self._value(choice, raw, place, in_json=in_json)
        return Condition(choice.term, choice.operator, value) if value is not None else None

    def _value(self, choice: Choice, raw: Any, place: Place, *, in_json: bool) -> Any:
        if choice.operator.takes in (Takes.LIST, Takes.RANGE):
            return self._values(choice, raw if in_json or isinstance(raw, list) else [raw], place)
        return self._one(choice, raw, place)

    def _values(self, choice: Choice, raw: Any, place: Place) -> list[Any] | None:
        wrong = self._wrong_list(choice, raw)
        if wrong is not None:
            self.found.add(place, *wrong)
            return None
        values = [self._one(choice, item, (*place, number)) for number, item in enumerate(raw)]
        return None if any(value is None for value in values) else values

    def _one(self, choice: Choice, raw: Any, place: Place) -> Any:
        wrong = self._wrong_value(raw)
        if wrong is not None:
            self.found.add(place, *wrong)
            return None
        return self.found.catch(place, lambda: _read(choice, raw), raw)

    def _wrong_list(self, choice: Choice, raw: Any) -> tuple[str, str] | None:
        if not isinstance(raw, list):
            return "list_type", "Input should be a valid list"
        if choice.operator.takes is Takes.RANGE:
            two = "Input should be two values, the first and the last"
            return ("wrong_length", two) if len(raw) != 2 else None  # noqa: PLR2004 - a range has two ends
        most = self.allowed.limits.items
        return None if 1 <= len(raw) <= most else ("wrong_length", f"Input should have 1 to {most} values")

    def _wrong_value(self, raw: Any) -> tuple[str, str] | None:
        if isinstance(raw, list):
            return "given_twice", "Input should be one value"
        if raw is None:
            return "null", "Input should be a value; ask for rows without one by is_null"
        most = self.allowed.limits.text
        too_long = isinstance(raw, str) and len(raw) > most
        return ("string_too_long", f"Input should have at most {most} characters") if too_long else None

    def _sorts(self, raw: Any) -> Sequence[Sort]:
        names = [name.strip() for text in _texts(raw) for name in text.split(",", self.allowed.limits.sorts + 1)]
        if len(names) > self.allowed.limits.sorts:
            self.found.add(("sort",), "too_many", f"Input should have at most {self.allowed.limits.sorts} fields")
            return ()
        sorts = [self._sort(name, number) for number, name in enumerate(names)]
        good = [sort for sort in sorts if sort is not None]
        if len({sort.term.name for sort in good}) < len(good):
            self.found.add(("sort",), "given_twice", "Input should name each field once")
        return good

    def _sort(self, name: str, number: int) -> Sort | None:
        term = self.allowed.sorts.get(name.removeprefix("-"))
        if term is None:
            self.found.add_unknown(("sort", number), name.removeprefix("-"), self.allowed.sorts)
            return None
        return Sort(term, descending=name.startswith("-"))

    def _search(self, raw: Any) -> Group:
        limits = self.allowed.limits
        texts = list(_texts(raw))
        if len(texts) > 1:
            self.found.add(("q",), "given_twice", "Input should be one value")
            return Group()
        (text,) = texts
        words = list(dict.fromkeys(text.split())) if len(text) <= limits.text else []
        if len(text) > limits.text or len(words) > limits.words:
            self.found.add(
                ("q",), "too_long", f"Input should be {limits.words} words at most, in {limits.text} characters"
            )
            return Group()
        if self.found.catch(("q",), lambda: TEXT.checked(text), text) is None:
            return Group()
        return search_for(words, self.allowed.searched)

    def _filter(self, raw: Any) -> Group:
        most = _LONGEST * self.allowed.limits.text
        if isinstance(raw, list):
            self.found.add(("filter",), "given_twice", "Input should be one value")
        elif len(raw) > most:
            self.found.add(("filter",), "string_too_long", f"Input should have at most {most} characters")
        else:
            try:
                read = json.loads(raw, object_pairs_hook=_object, parse_constant=_no_constant)
            except (ValueError, RecursionError):
                self.found.add(("filter",), "json_invalid", "Input should be a JSON object that names nothing twice")
            else:
                return self._group(read, ("filter",), 0)
        return Group()

    def _group(self, raw: Any, place: Place, depth: int) -> Group:
        if not isinstance(raw, dict):
            self.found.add(place, "dict_type", "Input should be a JSON object")
            return Group()
        members: list[Condition | Group] = []
        for name, value in raw.items():
            inner = (*place, name)
            if name in _GROUPS:
                members.append(self._list(value, inner, depth + 1))
            elif (condition := self._condition(name, value, inner, in_json=True)) is not None:
                members.append(condition)
        return Group(tuple(members))

    def _list(self, raw: Any, place: Place, depth: int) -> Group:
        limits = self.allowed.limits
        if depth > limits.depth:
            self.found.add(place, "too_deep", f"Groups may stand in each other {limits.depth} levels deep")
        elif not isinstance(raw, list) or not 1 <= len(raw) <= limits.conditions:
            self.found.add(place, "list_type", f"Input should be a list of 1 to {limits.conditions} JSON objects")
        else:
            groups = tuple(self._group(item, (*place, number), depth) for number, item in enumerate(raw))
            return Group(groups, any=place[-1] == "or")
        return Group()


def _read(choice: Choice, raw: Any) -> Any:
    if choice.operator.takes is Takes.FLAG:
        return FLAG.read(raw)
    if choice.operator.takes is Takes.TEXT:
        return choice.value.checked(TEXT.read(raw))
    return choice.value.read(raw)


def _texts(raw: Any) -> Iterable[str]:
    return raw if isinstance(raw, list) else [raw]


def _without_blanks(raw: Any) -> Any:
    """Return what is left of a parameter once blanks are taken for nothing; None if that is nothing."""
    rest = [text for text in _texts(raw) if text != ""]
    return None if not rest else rest if len(rest) > 1 else rest[0]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError
    return made


def _no_constant(name: str) -> Any:
    raise ValueError(name)
