"""A search: every word stands somewhere in the columns that are searched."""

from collections.abc import Sequence

from crosslet.reads.conditions import Condition, Group
from crosslet.reads.operators import operators_of
from crosslet.reads.terms import Term


def search_for(words: Sequence[str], terms: Sequence[Term]) -> Group:
    """Return the group of conditions that each word is part of any term, in capitals or small letters."""
    return Group(tuple(Group(tuple(_has(term, word) for term in terms), any=True) for word in words))


def _has(term: Term, word: str) -> Condition:
    (operator,) = (one for one in operators_of(term) if one.name == "icontains")
    return Condition(term, operator, word)
