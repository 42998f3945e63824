"""What a caller wants back, turned into a statement and a reader of its rows."""

from crosslet.shapes.attributes import Column, name_of, named
from crosslet.shapes.cells import place_for
from crosslet.shapes.changes import Change, New, change_for, insertion_for, is_one_at_most
from crosslet.shapes.columns import Changing, Reading, entity_of, mapper_of, reading_of, row_statement, shape_columns
from crosslet.shapes.decode import array_of, objects_from_rows, objects_of, refuse_strangers, written
from crosslet.shapes.explanation import Explanation, explain
from crosslet.shapes.fields import Field, fields_of, is_shape
from crosslet.shapes.kept import Keyed, Plan, keyed
from crosslet.shapes.markers import Count, Exists, From, Limit, OrderBy, Where
from crosslet.shapes.moving import moved
from crosslet.shapes.options import carried
from crosslet.shapes.outline import Outline, outline_of
from crosslet.shapes.parts import Branch, Composite, Leaf, Part, Tally
from crosslet.shapes.plans import Plans, Source, has_related, plans_of, source_of
from crosslet.shapes.rows import Level, batches, key_of, level_of, listing_of, matching
from crosslet.shapes.trees import Mode
from crosslet.shapes.trees.relations import related_rows
from crosslet.shapes.values import Target
from crosslet.shapes.verification import verify

__all__ = [
    "Branch",
    "Change",
    "Changing",
    "Column",
    "Composite",
    "Count",
    "Exists",
    "Explanation",
    "Field",
    "From",
    "Keyed",
    "Leaf",
    "Level",
    "Limit",
    "Mode",
    "New",
    "OrderBy",
    "Outline",
    "Part",
    "Plan",
    "Plans",
    "Reading",
    "Source",
    "Tally",
    "Target",
    "Where",
    "array_of",
    "batches",
    "carried",
    "change_for",
    "entity_of",
    "explain",
    "fields_of",
    "has_related",
    "insertion_for",
    "is_one_at_most",
    "is_shape",
    "key_of",
    "keyed",
    "level_of",
    "listing_of",
    "mapper_of",
    "matching",
    "moved",
    "name_of",
    "named",
    "objects_from_rows",
    "objects_of",
    "outline_of",
    "place_for",
    "plans_of",
    "reading_of",
    "refuse_strangers",
    "related_rows",
    "row_statement",
    "shape_columns",
    "source_of",
    "verify",
    "written",
]
