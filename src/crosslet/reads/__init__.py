"""How to read: what is added to a statement before it is sent, and lists in pages. Statements in, statements out."""

from crosslet.reads.cursors import Cursor, Signer, key_of_password, key_of_secret
from crosslet.reads.filtering import Filters, checked_filters, is_purging, is_unscoped, off_in, switches_of, unfiltered
from crosslet.reads.pages import CursorPage, Keyset, Offset, Page, Total, TotalIs
from crosslet.reads.row_filters import SOFT_DELETE, FilterOption, RowFilter
from crosslet.reads.seeking import Request, Seek, seek_of
from crosslet.reads.switches import entities_of, only_deleted, purging, unscoped, with_deleted, without_filters
from crosslet.reads.totals import CAP, Planned, planned_rows

__all__ = [
    "CAP",
    "SOFT_DELETE",
    "Cursor",
    "CursorPage",
    "FilterOption",
    "Filters",
    "Keyset",
    "Offset",
    "Page",
    "Planned",
    "Request",
    "RowFilter",
    "Seek",
    "Signer",
    "Total",
    "TotalIs",
    "checked_filters",
    "entities_of",
    "is_purging",
    "is_unscoped",
    "key_of_password",
    "key_of_secret",
    "off_in",
    "only_deleted",
    "planned_rows",
    "purging",
    "seek_of",
    "switches_of",
    "unfiltered",
    "unscoped",
    "with_deleted",
    "without_filters",
]
