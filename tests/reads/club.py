"""A club: users whose posts go with them, comments that answer comments, tags, a profile that is deleted for good."""

from sqlalchemy import Column, ForeignKey, String, Table, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from crosslet import Database, Portable, RowFilter, SoftDelete, Timestamps, UniqueAlive

LIVING, DELETED = 1, 2


class Base(Portable, Timestamps, DeclarativeBase):
    """A base of the tests' own."""


class Owned:
    """What belongs to a tenant; only annotated, as mixins often are."""

    tenant: Mapped[int]


TENANT = RowFilter("tenant", Owned, lambda cls, tenant: cls.tenant == tenant)

tagging = Table(
    "tagging",
    Base.metadata,
    Column("post_id", ForeignKey("posts.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id"), primary_key=True),
)


class User(SoftDelete, Base):
    __tablename__ = "users"
    __table_args__ = (UniqueAlive("email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(80))
    posts: Mapped[list["Post"]] = relationship(
        back_populates="author", cascade="all, delete-orphan", order_by="Post.id"
    )
    profile: Mapped["Profile | None"] = relationship(back_populates="user", cascade="all, delete-orphan")
    teams: Mapped[list["Team"]] = relationship(back_populates="owner")


class Profile(Base):
    """Has no soft delete: it stays while its user is marked, and goes when that is purged."""

    __tablename__ = "profiles"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped[User] = relationship(back_populates="profile")


class Post(SoftDelete, Base):
    __tablename__ = "posts"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80))
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    author: Mapped[User] = relationship(back_populates="posts")
    tags: Mapped[list["Tag"]] = relationship(secondary=tagging, order_by="Tag.id")
    comments: Mapped[list["Comment"]] = relationship(cascade="all", order_by="Comment.id")


class Comment(SoftDelete, Base):
    __tablename__ = "comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"))
    answers: Mapped[list["Comment"]] = relationship(cascade="all", order_by="Comment.id")


class Tag(SoftDelete, Base):
    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))


class Team(SoftDelete, Owned, Base):
    """Stands beside its owner: no cascade."""

    __tablename__ = "teams"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id", info={"alive": True}))
    owner: Mapped[User] = relationship(back_populates="teams")


async def fill(database: Database) -> None:
    """Store a living and a deleted user, with what belongs to them: of posts, tags and comments one is deleted."""
    async with database.write() as session:
        session.add_all(
            [
                User(id=LIVING, email="a@x.io", profile=Profile(id=1)),
                User(id=DELETED, email="b@x.io", profile=Profile(id=2)),
                Tag(id=1, name="red"),
                Tag(id=2, name="blue"),
            ]
        )
        await session.flush()
        tags = {tag.id: tag for tag in await session.all(Tag, select(Tag))}
        session.add_all(
            [
                Post(id=1, title="one", author_id=LIVING, tags=[tags[1], tags[2]]),
                Post(id=2, title="two", author_id=LIVING),
                Post(id=3, title="three", author_id=DELETED),
                Comment(id=1, post_id=1, answers=[Comment(id=2, answers=[Comment(id=3)]), Comment(id=4)]),
                Comment(id=5, post_id=3, answers=[Comment(id=6)]),
            ]
        )
    async with database.write() as session:
        for model, key in ((User, DELETED), (Post, 2), (Tag, 2), (Comment, 4)):
            await session.delete(await session.get_one(model, key))
