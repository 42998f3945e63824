"""Many rows at once, by COPY or in long statements, end what was read from their table."""

from sqlalchemy import select

from cache.club import Note, NoteOut, club, names
from crosslet import cached


async def test_many_rows_at_once_end_what_was_read_from_their_table(url: str) -> None:
    async with club(url) as db:
        notes = cached(select(Note).order_by(Note.id), ttl=60)

        async def texts() -> list[str]:
            async with db.read() as session:
                return [note.text for note in await session.all(NoteOut, notes)]

        assert await texts() == ["hello"]
        assert await names(db) == ["ada", "bob"]
        async with db.write() as session:
            await session.insert_many(
                Note, [{"id": 2, "text": "x", "member_id": 1}, {"id": 3, "text": "y", "member_id": 1}]
            )
        assert await texts() == ["hello", "x", "y"]
        async with db.write() as session:
            await session.update_many(Note, [{"id": 2, "text": "z"}], key="id")
        assert await texts() == ["hello", "z", "y"]
        async with db.write() as session:
            await session.delete_many(Note, [2, 3])
        assert await texts() == ["hello"]
        hits = db.cache_statistics().hits
        assert await names(db) == ["ada", "bob"]
        assert db.cache_statistics().hits == hits + 1, "nobody wrote to that table"
