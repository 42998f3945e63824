"""How to read: what is added to a statement before it is sent. Statements in, statements out; no I/O."""

from crosslet.reads.filtering import Filters, checked_filters, is_purging, is_unscoped, off_in, switches_of, unfiltered
from crosslet.reads.row_filters import SOFT_DELETE, FilterOption, RowFilter
from crosslet.reads.switches import entities_of, only_deleted, purging, unscoped, with_deleted, without_filters

__all__ = [
    "SOFT_DELETE",
    "FilterOption",
    "Filters",
    "RowFilter",
    "checked_filters",
    "entities_of",
    "is_purging",
    "is_unscoped",
    "off_in",
    "only_deleted",
    "purging",
    "switches_of",
    "unfiltered",
    "unscoped",
    "with_deleted",
    "without_filters",
]
