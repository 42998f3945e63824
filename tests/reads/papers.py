"""Papers with a document each, and what Python makes of one: what every database is compared with."""

import copy
import math
from typing import Any

from sqlalchemy import JSON, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from crosslet import BigIntKey, Portable, PortableJSON

Path_ = tuple[str | int, ...]


class Base(Portable, DeclarativeBase):
    metadata = MetaData()


class Paper(BigIntKey, Base):
    __tablename__ = "json_papers"

    portable: Mapped[Any] = mapped_column(PortableJSON(), nullable=True)
    plain: Mapped[Any] = mapped_column(JSON(), nullable=True)
    number: Mapped[int] = mapped_column(default=3)


def fits(key: str | int, node: Any) -> bool:
    return isinstance(node, dict if isinstance(key, str) else list)


def is_there(key: Any, node: Any) -> bool:
    return fits(key, node) and (key in node if isinstance(key, str) else key < len(node))


def set_in_python(document: Any, path: Path_, value: Any) -> Any:
    """Change a copy step by step, and return the document as it was where a step fits nothing."""
    whole = [copy.deepcopy(document)]
    node: Any = whole
    here: str | int = 0
    for key in path:
        if node[here] is None:
            node[here] = {} if isinstance(key, str) else []
        node, here = node[here], key
        if not fits(here, node):
            return document
        if not is_there(here, node):
            if isinstance(here, str):
                node[here] = None
            else:
                node.append(None)
                here = len(node) - 1
    node[here] = value
    return whole[0]


def removed_in_python(document: Any, path: Path_) -> Any:
    whole = copy.deepcopy(document)
    node = whole
    for key in path[:-1]:
        if not is_there(key, node):
            return document
        node = node[key]
    if is_there(path[-1], node):
        del node[path[-1]]
    return whole


def read_in_python(document: Any, path: Path_, kind: type) -> Any:
    for key in path:
        if not is_there(key, document):
            return None
        document = document[key]
    return document if type(document) is kind else None


def same(left: Any, right: Any) -> bool:
    """Compare as JSON does: a whole float is the number that it is, but true is not 1."""
    if isinstance(left, dict):
        return isinstance(right, dict) and left.keys() == right.keys() and all(same(left[k], right[k]) for k in left)
    if isinstance(left, list):
        return isinstance(right, list) and len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float) or isinstance(right, float):
        return type(right) in (int, float) and type(left) in (int, float) and math.isclose(left, right, rel_tol=0)
    return type(left) is type(right) and left == right
