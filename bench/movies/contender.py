"""What a contender can do: each read as JSON, for a key. The typed one gives objects instead."""

from typing import Any, Protocol

# Name of the read -> the table whose keys it takes.
READS = {
    "get_movie": "movies",
    "get_person": "people",
    "get_user": "users",
    "list_movies": "movies",
    "get_row": "movies",
}
LIST_LENGTH = 50


class Contender(Protocol):
    """One way of reading, on one connection at a time."""

    async def get_movie(self, key: int) -> Any:
        """Read a movie with its average rating, directors, cast, and reviews with their authors, newest first."""

    async def get_person(self, key: int) -> Any:
        """Read a person with the movies acted in and directed, by year and title, with their average ratings."""

    async def get_user(self, key: int) -> Any:
        """Read a user with the ten latest reviews, their movies and those movies' average ratings."""

    async def list_movies(self, key: int) -> Any:
        """Read fifty movies with their directors, from a key on."""

    async def get_row(self, key: int) -> Any:
        """Read one movie by its key, flat."""

    async def close(self) -> None:
        """Close what was opened."""
