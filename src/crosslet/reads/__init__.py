"""How to read: what is added to a statement before it is sent, and lists in pages. Statements in, statements out."""

from crosslet.reads.caching import (
    EVERYTHING,
    Cached,
    Keeping,
    Tagged,
    cached,
    keeping_of,
    refuse_cached,
    tag_of,
    tags_of,
    uncached,
)
from crosslet.reads.conditions import Condition, Group, criterion_of, there_is
from crosslet.reads.cursors import Cursor, Signer, key_of_password, key_of_secret
from crosslet.reads.filtering import Filters, checked_filters, is_purging, is_unscoped, off_in, switches_of, unfiltered
from crosslet.reads.json_changes import json_remove, json_set
from crosslet.reads.json_paths import json_value
from crosslet.reads.json_places import is_json_path
from crosslet.reads.operators import Operator, Takes, operators_of
from crosslet.reads.pages import CursorPage, Keyset, Offset, Page, Total, TotalIs
from crosslet.reads.row_filters import SOFT_DELETE, FilterOption, RowFilter
from crosslet.reads.search import search_for
from crosslet.reads.seeking import Request, Seek, seek_of
from crosslet.reads.sorting import Sort, order_by_key, order_of
from crosslet.reads.switches import entities_of, only_deleted, purging, unscoped, with_deleted, without_filters
from crosslet.reads.terms import Family, Hop, Term, is_optional, relationship_hop
from crosslet.reads.totals import CAP, Planned, planned_rows

__all__ = [
    "CAP",
    "EVERYTHING",
    "SOFT_DELETE",
    "Cached",
    "Condition",
    "Cursor",
    "CursorPage",
    "Family",
    "FilterOption",
    "Filters",
    "Group",
    "Hop",
    "Keeping",
    "Keyset",
    "Offset",
    "Operator",
    "Page",
    "Planned",
    "Request",
    "RowFilter",
    "Seek",
    "Signer",
    "Sort",
    "Tagged",
    "Takes",
    "Term",
    "Total",
    "TotalIs",
    "cached",
    "checked_filters",
    "criterion_of",
    "entities_of",
    "is_json_path",
    "is_optional",
    "is_purging",
    "is_unscoped",
    "json_remove",
    "json_set",
    "json_value",
    "keeping_of",
    "key_of_password",
    "key_of_secret",
    "off_in",
    "only_deleted",
    "operators_of",
    "order_by_key",
    "order_of",
    "planned_rows",
    "purging",
    "refuse_cached",
    "relationship_hop",
    "search_for",
    "seek_of",
    "switches_of",
    "tag_of",
    "tags_of",
    "there_is",
    "uncached",
    "unfiltered",
    "unscoped",
    "with_deleted",
    "without_filters",
]
