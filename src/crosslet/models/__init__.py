"""What the data is: the base of models and its parts, column types, and the check of values against columns."""

from crosslet.models.base import Model, Portable, to_dict
from crosslet.models.batches import batch_default, is_same_as_created
from crosslet.models.checks import Check, check_of
from crosslet.models.decimals import ExactDecimal
from crosslet.models.json_values import json_problem
from crosslet.models.keys import BigIntKey, UUIDKey, uuid7
from crosslet.models.soft_delete import SoftDelete, UniqueAlive
from crosslet.models.timestamps import Timestamps
from crosslet.models.types import PortableJSON, UTCDateTime, utc_now
from crosslet.models.values import check_mapping, check_values, checks_of
from crosslet.models.vectors import Binder, Bound
from crosslet.models.versions import Versioned

__all__ = [
    "BigIntKey",
    "Binder",
    "Bound",
    "Check",
    "ExactDecimal",
    "Model",
    "Portable",
    "PortableJSON",
    "SoftDelete",
    "Timestamps",
    "UTCDateTime",
    "UUIDKey",
    "UniqueAlive",
    "Versioned",
    "batch_default",
    "check_mapping",
    "check_of",
    "check_values",
    "checks_of",
    "is_same_as_created",
    "json_problem",
    "to_dict",
    "utc_now",
    "uuid7",
]
