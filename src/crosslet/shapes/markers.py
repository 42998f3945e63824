"""What a field of a shape can say beside its name and type: `Annotated[list[PostOut], OrderBy(...), Limit(10)]`.

Pydantic leaves them alone, so a shape is still any model. Expressions are written with the mapped class
(`Post.created_at.desc()`); where its table is read under another name they are moved there.
"""

from typing import Any

from crosslet.errors import ConfigurationError


class Marker:
    """The base of what can be said of a field."""

    __slots__ = ()


class OrderBy(Marker):
    """Order a list of related rows; instead of the relationship's own order.

    Args:
        by: `Post.created_at.desc()`, several if need be; columns of the association table of a many-to-many, too.
    """

    __slots__ = ("by",)

    def __init__(self, *by: Any) -> None:
        if not by:
            raise ConfigurationError("OrderBy() needs something to order by: OrderBy(Post.created_at.desc()).")
        self.by = by


class Where(Marker):
    """Take only the related rows for which all of this holds.

    Args:
        criteria: `Post.is_published`, several if need be.
    """

    __slots__ = ("criteria",)

    def __init__(self, *criteria: Any) -> None:
        if not criteria:
            raise ConfigurationError("Where() needs a condition: Where(Post.is_published).")
        self.criteria = criteria


class Limit(Marker):
    """Take at most so many related rows of each parent.

    Without an order, OrderBy or the relationship's own, which ones come is chance.

    Args:
        count: At least 1.
        offset: How many to skip first.
    """

    __slots__ = ("count", "offset")

    def __init__(self, count: int, *, offset: int = 0) -> None:
        if count < 1 or offset < 0:
            raise ConfigurationError("Limit() takes a count of at least 1 and an offset of at least 0.")
        self.count = count
        self.offset = offset


class Related(Marker):
    """The base of what is told of related rows without reading them.

    Args:
        relationship: `User.posts`.
        criteria: Only those for which all of this holds.
    """

    __slots__ = ("criteria", "relationship")

    def __init__(self, relationship: Any, *criteria: Any) -> None:
        self.relationship = relationship
        self.criteria = criteria


class Count(Related):
    """Count the related rows: `post_count: Annotated[int, Count(User.posts)]`."""

    __slots__ = ()


class Exists(Related):
    """Tell whether there is a related row: `has_posts: Annotated[bool, Exists(User.posts)]`."""

    __slots__ = ()


class From(Marker):
    """Read a field from something of another name, or from an expression over the row's columns.

    `email: Annotated[str, From(func.lower(User.email))]`; a relationship under another name is `From(User.posts)`.

    Args:
        expression: A mapped attribute, or an SQL expression.
    """

    __slots__ = ("expression",)

    def __init__(self, expression: Any) -> None:
        self.expression = expression
