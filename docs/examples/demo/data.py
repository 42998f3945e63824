"""Sample data: the same people, posts and money at each run, because every choice comes from one seed."""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert

from crosslet import Database, Session
from demo.models import Account, Comment, Follow, Post, Role, Transfer, User, user_roles
from demo.words import CITIES, FIRST_NAMES, LAST_NAMES, OPENINGS, REMARKS, SUBJECTS, TOPICS

USERS: Final = 2_000
_BATCH: Final = 1_000
_FIRST_DAY: Final = datetime(2024, 1, 1, tzinfo=UTC)
_DAYS: Final = 500

Progress = Callable[[str], None]


async def fill(database: Database, *, users: int = USERS, seed: int = 1, say: Progress = lambda line: None) -> bool:
    """Fill an empty database in one unit of work; tell whether it was empty.

    All or nothing: a run that is interrupted leaves the database empty, and the next begins afresh.
    """
    async with database.write() as session:
        if await session.exists(User):
            return False
        await _write(session, Generator(seed), users, say)
    return True


async def _write(session: Session, generator: "Generator", users: int, say: Progress) -> None:
    roles = generator.roles()
    people = generator.users(users)
    await _add(session, roles, say, "roles")
    await _add(session, people, say, "users")
    grants = [{"user_id": user.id, "role_id": role.id} for user, role in generator.grants(people, roles)]
    await session.execute(insert(user_roles), grants)
    await _add(session, generator.follows(people), say, "follows")
    posts = generator.posts(people)
    await _add(session, posts, say, "posts")
    await _add(session, generator.comments(people, posts), say, "comments")
    accounts = generator.accounts(people)
    await _add(session, accounts, say, "accounts")
    # Account numbers come from the database, so transfers can only be made once accounts are written.
    await _add(session, generator.transfers(accounts), say, "transfers")


async def _add(session: Session, rows: Sequence[Any], say: Progress, name: str) -> None:
    # A flush sends its rows in a few large statements; batches keep each of them within any server's limits.
    for batch in _batches(rows):
        session.add_all(batch)
        await session.flush()
    say(f"{len(rows):>7,} {name}")


def _batches(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), _BATCH):
        yield rows[start : start + _BATCH]


class Generator:
    """Makes rows out of a seed. Nothing here touches a database."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  # Sample data is no secret.

    def roles(self) -> list[Role]:
        """Make the roles."""
        return [Role(**self._born(_FIRST_DAY), name=name) for name in ("admin", "editor", "moderator")]

    def users(self, count: int) -> list[User]:
        """Make users, each with an address of their own, who joined one after the other."""
        step = timedelta(days=_DAYS) / count
        return [self._user(number, _FIRST_DAY + number * step) for number in range(count)]

    def _user(self, number: int, joined: datetime) -> User:
        first, last = self._random.choice(FIRST_NAMES), self._random.choice(LAST_NAMES)
        city, latitude, longitude = self._random.choice(CITIES)
        is_shown = self._random.random() < 0.7
        return User(
            **self._born(joined),
            email=f"{first}.{last}{number}@example.com".lower(),
            name=f"{first} {last}",
            bio=f"{self._random.choice(OPENINGS)} {self._random.choice(TOPICS)}." if is_shown else None,
            is_active=self._random.random() < 0.95,
            latitude=round(latitude + self._random.uniform(-0.2, 0.2), 5) if is_shown else None,
            longitude=round(longitude + self._random.uniform(-0.2, 0.2), 5) if is_shown else None,
            profile={
                "city": city,
                "theme": self._random.choice(["light", "dark"]),
                "interests": self._random.sample(TOPICS, 3),
                "notifications": {"email": self._random.random() < 0.5, "digest": "weekly"},
            },
        )

    def grants(self, users: Sequence[User], roles: Sequence[Role]) -> list[tuple[User, Role]]:
        """Give one user in twenty a role."""
        chosen = self._random.sample(users, max(1, len(users) // 20))
        return [(user, self._random.choice(roles)) for user in chosen]

    def follows(self, users: Sequence[User]) -> list[Follow]:
        """Let everyone follow a few others, never themselves."""
        pairs = {
            (user.id, other.id)
            for user in users
            for other in self._random.choices(users, k=self._random.randint(0, 6))
            if other is not user
        }
        return [Follow(follower_id=one, followed_id=other, created_at=self._moment()) for one, other in sorted(pairs)]

    def posts(self, users: Sequence[User]) -> list[Post]:
        """Write a few posts for most users; one in ten stays a draft."""
        return [self._post(user) for user in users for _ in range(self._random.choice([0, 1, 1, 2, 2, 3, 6]))]

    def _post(self, author: User) -> Post:
        written = self._after(author.created_at)
        topic = self._random.choice(TOPICS)
        is_published = self._random.random() < 0.9
        return Post(
            **self._born(written),
            author_id=author.id,
            title=f"{self._random.choice(SUBJECTS)} {topic}",
            text=" ".join(self._random.choices(REMARKS, k=self._random.randint(2, 8))),
            published_at=written + timedelta(minutes=self._random.randint(1, 600)) if is_published else None,
        )

    def comments(self, users: Sequence[User], posts: Sequence[Post]) -> list[Comment]:
        """Comment on published posts."""
        return [
            Comment(
                **self._born(self._after(post.published_at)),
                post_id=post.id,
                author_id=self._random.choice(users).id,
                text=self._random.choice(REMARKS),
            )
            for post in posts
            if post.published_at is not None
            for _ in range(self._random.choice([0, 0, 1, 2, 4]))
        ]

    def accounts(self, users: Sequence[User]) -> list[Account]:
        """Open an account for everyone, and a second one for some."""
        names = [(user, name) for user in users for name in ("everyday", "savings")]
        return [
            Account(owner_id=user.id, name=name, balance=self._money(5_000), created_at=self._after(user.created_at))
            for user, name in names
            if name == "everyday" or self._random.random() < 0.2
        ]

    def transfers(self, accounts: Sequence[Account]) -> list[Transfer]:
        """Move money about, without ever overdrawing an account; balances change along."""
        made = []
        for _ in range(len(accounts) // 2):
            source, target = self._random.sample(accounts, 2)
            amount = min(self._money(200) + 1, source.balance)
            if amount <= 0:
                continue
            source.balance -= amount
            target.balance += amount
            moment = self._after(max(source.created_at, target.created_at))
            made.append(
                Transfer(
                    **self._born(moment),
                    token=self._key(moment),
                    source_id=source.id,
                    target_id=target.id,
                    amount=amount,
                )
            )
        return made

    def _born(self, moment: datetime) -> dict[str, Any]:
        return {"id": self._key(moment), "created_at": moment}

    def _key(self, moment: datetime) -> UUID:
        """Make the UUIDv7 that the row would have got at that moment."""
        milliseconds = int(moment.timestamp() * 1000)
        bits = self._random.getrandbits(74)
        return UUID(int=milliseconds << 80 | 7 << 76 | (bits >> 62) << 64 | 2 << 62 | bits & (1 << 62) - 1)

    def _moment(self) -> datetime:
        return self._after(_FIRST_DAY)

    def _after(self, moment: datetime) -> datetime:
        return moment + timedelta(seconds=self._random.randint(60, 90 * 86_400))

    def _money(self, most: int) -> Decimal:
        return Decimal(self._random.randint(0, most * 100)).scaleb(-2)
