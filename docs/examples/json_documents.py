"""JSON documents: read, filter and order by what is at a path, and change one place of a document in the database.

A document that is read, changed in Python and written back as a whole undoes what others wrote to it meanwhile. These
statements change one place, whatever else is in the document by then.
"""

from typing import TypedDict
from uuid import UUID

from sqlalchemy import func, select, update

from crosslet import Session, json_remove, json_set, json_value
from user_model import User


class At:
    """Places in a user's settings, a path in one pair of brackets each.

    What is there is typed: a theme that is no text is as good as none.
    """

    theme = json_value(User.settings["theme"], str)
    visits = json_value(User.settings["visits"], int)
    by_mail = json_value(User.settings["notify", "mail"], bool)
    first_tag = json_value(User.settings["tags", 0], str)


class Chosen(TypedDict):
    """A theme and how many use it."""

    theme: str | None
    users: int


async def theme_of(session: Session, user_id: UUID) -> str | None:
    """Read one value; the document stays where it is."""
    return await session.scalar(select(At.theme).where(User.id == user_id))


async def themes(session: Session) -> list[Chosen]:
    """Group by a value."""
    statement = select(At.theme.label("theme"), func.count().label("users")).group_by("theme").order_by("theme")
    return [Chosen(theme=row.theme, users=row.users) for row in await session.execute(statement)]


async def who_gets_mail(session: Session) -> list[str]:
    """Filter by a flag. It is NULL where nobody said anything, so a default has to be said."""
    statement = select(User.username).where(func.coalesce(At.by_mail, True)).order_by(User.username)
    return list(await session.scalars(statement))


async def tagged_first(session: Session, tag: str) -> list[str]:
    """Filter by an element of a list."""
    return list(await session.scalars(select(User.username).where(At.first_tag == tag).order_by(User.username)))


async def most_frequent(session: Session, limit: int) -> list[str]:
    """Order by a number, as a number. Databases put NULL first or last: ask for the order that is meant."""
    order = (At.visits.is_(None), At.visits.desc(), User.username)
    return list(await session.scalars(select(User.username).order_by(*order).limit(limit)))


async def set_theme(session: Session, user_id: UUID, theme: str) -> None:
    """Set one key; the others stay, and so does what somebody else is writing to them."""
    change = json_set(User.settings["theme"], theme)
    await session.execute(update(User).where(User.id == user_id).values(settings=change))


async def notify_by_mail(session: Session, user: User, wanted: bool) -> None:
    """Set a key of an object that is held. `notify` is made where it is missing; then the document is read again."""
    user.settings = json_set(User.settings["notify", "mail"], wanted)
    await session.flush()
    await session.refresh(user, ["settings"])


async def count_visit(session: Session, user_id: UUID) -> None:
    """Count inside the database: of two at once, none is lost."""
    change = json_set(User.settings["visits"], func.coalesce(At.visits, 0) + 1)
    await session.execute(update(User).where(User.id == user_id).values(settings=change))


async def add_tag(session: Session, user_id: UUID, tag: str) -> None:
    """Append to a list: an index past its end is the place after the last."""
    change = json_set(User.settings["tags", 1_000_000], tag)
    await session.execute(update(User).where(User.id == user_id).values(settings=change))


async def start_over(session: Session, old: str, new: str) -> list[User]:
    """Change two places in one statement, in all rows that it is about, and get those rows."""
    renamed = json_set(User.settings["theme"], new)
    change = json_remove(renamed["visits"])
    return await session.all(User, update(User).where(At.theme == old).values(settings=change))


async def forget(session: Session, user_id: UUID) -> None:
    """Remove a key, or an element of a list. `json_set(..., None)` would leave a null."""
    change = json_remove(User.settings["notify"])
    await session.execute(update(User).where(User.id == user_id).values(settings=change))
