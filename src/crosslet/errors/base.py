"""The root of the tree."""


class CrossletError(Exception):
    """The base of everything crosslet raises."""

    code: str | None = "crosslet-error"

    def __str__(self) -> str:
        # SQLAlchemy's classes would add a link to a page of theirs for this code.
        return str(self.args[0]) if self.args else ""
