"""What a class of parameters allows: every parameter a client may send, and what may be sorted by.

Made once, when the class is: a mistake in it is an error then.
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import type_coerce
from sqlalchemy.orm import Mapper, QueryableAttribute

from crosslet.errors import ConfigurationError
from crosslet.reads import Family, Operator, Sort, Term, is_json_path, json_value, operators_of
from crosslet.shapes import mapper_of, moved, name_of
from crosslet.web.params.offers import Offer, mapped_offers, offers_of, renamed
from crosslet.web.params.options import Filter, ParamLimits
from crosslet.web.params.values import TEXT, ValueType, value_type_for, value_type_of

RESERVED = ("filter", "q", "sort")


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One parameter: a term and an operator."""

    term: Term
    operator: Operator
    value: ValueType

    @property
    def name(self) -> str:
        """Return its full name; `eq` can be left out."""
        return f"{self.term.name}__{self.operator.name}"


@dataclass(frozen=True, slots=True, eq=False)
class Allowed:
    """All that a class of parameters allows.

    Attributes:
        choices: By their full names.
        sorts: By what a client calls them.
        searched: The terms that `q` looks into.
        default_sorts: The order where a client asks for none.
    """

    mapper: Mapper[Any]
    choices: Mapping[str, Choice]
    sorts: Mapping[str, Term]
    searched: Sequence[Term]
    default_sorts: Sequence[Sort]
    limits: ParamLimits
    blank_is_absent: bool

    def choice(self, name: str) -> Choice | None:
        """Find a parameter by its full name, or without `eq`."""
        return self.choices.get(name) or self.choices.get(f"{name}__eq")


@dataclass(frozen=True, slots=True)
class Declared:
    """What a class of parameters says."""

    owner: str
    model: Any
    shape: Any
    only: Sequence[str] | None
    filters: Mapping[str, Any]
    sorts: Sequence[str] | None
    search: Sequence[Any]
    default_sort: str
    limits: ParamLimits
    blank_is_absent: bool


def allowed_by(said: Declared) -> Allowed:
    """Work out what a class of parameters allows.

    Raises:
        ConfigurationError: It names what does not exist, or cannot be filtered, sorted or searched.
    """
    return _Work(said).allowed()


class _Work:
    def __init__(self, said: Declared) -> None:
        mapper = mapper_of(said.model)
        if mapper is None:
            raise ConfigurationError(f"{said.owner}: model={name_of(said.model)} is not a mapped class.")
        self.said, self.mapper = said, mapper
        self.offered: dict[str, list[Offer]] = {}
        for offer in offers_of(said.shape, mapper):
            self.offered.setdefault(offer.term.name, []).append(offer)

    def allowed(self) -> Allowed:
        said = self.said
        chosen = self._chosen()
        choices = [choice for offer, names in chosen for choice in self._choices(offer, names)]
        return Allowed(
            self.mapper,
            {choice.name: choice for choice in choices},
            self._sorts([offer for offer, _ in chosen]),
            [self._searched(item) for item in said.search],
            [self._default_sort(item) for item in said.default_sort.split(",") if item],
            said.limits,
            said.blank_is_absent,
        )

    def _chosen(self) -> list[tuple[Offer, Sequence[str] | None]]:
        """Return what may be filtered by, with the operators that were chosen."""
        said = self.said
        names = (
            said.only
            if said.only is not None
            else [name for name, offers in self.offered.items() if any(offer.by_default for offer in offers)]
        )
        wanted: dict[str, Any] = dict.fromkeys(names, True) | dict(said.filters)
        return [
            (offer, change if isinstance(change, list | tuple) else getattr(change, "operators", None))
            for name, change in wanted.items()
            if change is not False
            for offer in self._offers(name, change, where="only" if name not in said.filters else "filters")
        ]

    def _offers(self, name: str, change: Any, *, where: str) -> Sequence[Offer]:
        if isinstance(change, Filter):
            return [self._expression(name, change)]
        if isinstance(change, QueryableAttribute):
            return [renamed(offer, name) for offer in self._attribute(name, change)]
        if change is not True and not isinstance(change, list | tuple):
            raise ConfigurationError(
                f"{self.said.owner}.filters[{name!r}] takes True, False, operators, an attribute of "
                f"{self.mapper.class_.__name__} or a Filter()."
            )
        return self._found(name, where)

    def _found(self, name: str, where: str) -> Sequence[Offer]:
        found = self.offered.get(name) or mapped_offers(self.mapper, name)
        if not found:
            raise self._nothing(name, where, self._names())
        return found

    def _attribute(self, name: str, attribute: QueryableAttribute[Any]) -> Sequence[Offer]:
        found = mapped_offers(self.mapper, attribute.key) if self.mapper.isa(attribute.parent.mapper) else []
        if not found:
            raise ConfigurationError(
                f"{self.said.owner}: {name!r} is {attribute}, which is no column of {self.mapper.class_.__name__} with "
                "operators. Related rows are named by their path, 'author.email'; for other types write "
                "Filter(expression, str)."
            )
        return found

    def _expression(self, name: str, given: Filter) -> Offer:
        value = value_type_for(given.type)
        if value is None:
            raise ConfigurationError(
                f"{self.said.owner}.filters[{name!r}]: no operators are known for {name_of(given.type)}. Take str, "
                "int, float, Decimal, bool, datetime, date, time, timedelta, UUID, an enumeration or a Literal."
            )
        expression = getattr(given.expression, "__clause_element__", lambda: given.expression)()
        if is_json_path(expression):
            expression = json_value(expression, given.type)
        known = value_type_of(expression.type)
        if known is not None and known.annotation == value.annotation:
            value = known
        elif not is_json_path(given.expression):
            expression = type_coerce(expression, value.sql)
        mapper = self.mapper
        term = Term(name, (), lambda entity: moved(expression, mapper, entity), value.family, nullable=True)
        return Offer(term, value, sortable=given.sort)

    def _choices(self, offer: Offer, names: Sequence[str] | None) -> Iterable[Choice]:
        operators = {operator.name: operator for operator in operators_of(offer.term)}
        for name in operators if names is None else names:
            # A name may stand for rows and for a value of theirs; operators that are named are the value's.
            if name in operators:
                yield Choice(offer.term, operators[name], offer.value)
            elif offer.term.family is not Family.ROWS:
                raise self._nothing(f"{offer.term.name}__{name}", "filters", operators)

    def _sorts(self, offers: Sequence[Offer]) -> dict[str, Term]:
        if self.said.sorts is None:
            return {one.term.name: one.term for one in offers if one.term.is_single and one.sortable}
        given = {one.term.name: one.term for one in offers if one.term.is_single}
        return {name: given.get(name) or self._sorted(name, "sorts") for name in self.said.sorts}

    def _sorted(self, name: str, where: str) -> Term:
        terms = [offer.term for offer in self._found(name, where)]
        single = next((term for term in terms if term.is_single), None)
        if single is None:
            raise ConfigurationError(
                f"{self.said.owner}.{where}: {name!r} leads to many rows, and a row cannot be sorted by many values."
            )
        return single

    def _default_sort(self, item: str) -> Sort:
        name = item.strip().removeprefix("-")
        return Sort(self._sorted(name, "default_sort"), descending=item.strip().startswith("-"))

    def _searched(self, item: Any) -> Term:
        is_name = isinstance(item, str)
        offers = self._found(item, "search") if is_name else self._attribute("search", item)
        term = next((offer.term for offer in offers if offer.value.family is TEXT.family), None)
        if term is None:
            raise ConfigurationError(f"{self.said.owner}.search: {item} is not text.")
        return term

    def _names(self) -> list[str]:
        return [*self.offered, *self.mapper.all_orm_descriptors.keys()]

    def _nothing(self, name: str, where: str, names: Iterable[str]) -> ConfigurationError:
        near = difflib.get_close_matches(name, list(names), n=1)
        return ConfigurationError(
            f"{self.said.owner}.{where}: there is no {name!r} to filter or sort by: it is no field of "
            f"{name_of(self.said.shape)} or column of {self.mapper.class_.__name__} with operators."
            + (f" Did you mean {near[0]!r}?" if near else "")
        )


def without(choices: Mapping[str, Choice], names: Iterable[str]) -> dict[str, Choice]:
    """Return choices by the names they go by beside other parameters: `eq` is left out where the name is free."""
    taken = {*RESERVED, *names}
    return {
        choice.term.name if choice.operator.name == "eq" and choice.term.name not in taken else name: choice
        for name, choice in choices.items()
    }
