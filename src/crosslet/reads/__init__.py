"""How to read: what is added to a statement before it is sent. Statements in, statements out; no I/O."""

from crosslet.reads.conditions import Condition, Group, criterion_of, there_is
from crosslet.reads.filtering import Filters, checked_filters, is_purging, is_unscoped, off_in, switches_of, unfiltered
from crosslet.reads.json_paths import is_json_path, json_value
from crosslet.reads.operators import Operator, Takes, operators_of
from crosslet.reads.row_filters import SOFT_DELETE, FilterOption, RowFilter
from crosslet.reads.search import search_for
from crosslet.reads.sorting import Sort, order_by_key, order_of
from crosslet.reads.switches import entities_of, only_deleted, purging, unscoped, with_deleted, without_filters
from crosslet.reads.terms import Family, Hop, Term, is_optional, relationship_hop

__all__ = [
    "SOFT_DELETE",
    "Condition",
    "Family",
    "FilterOption",
    "Filters",
    "Group",
    "Hop",
    "Operator",
    "RowFilter",
    "Sort",
    "Takes",
    "Term",
    "checked_filters",
    "criterion_of",
    "entities_of",
    "is_json_path",
    "is_optional",
    "is_purging",
    "is_unscoped",
    "json_value",
    "off_in",
    "only_deleted",
    "operators_of",
    "order_by_key",
    "order_of",
    "purging",
    "relationship_hop",
    "search_for",
    "switches_of",
    "there_is",
    "unfiltered",
    "unscoped",
    "with_deleted",
    "without_filters",
]
