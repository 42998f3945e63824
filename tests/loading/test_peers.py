"""One statement loads for all that came together: each kind of relationship and of late column, on every driver.

Beside the answers, each test counts the statements; `one` (plain SQLAlchemy) sends one an object, as the first test
shows.
"""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import aliased, lazyload, selectinload, with_loader_criteria

from crosslet import Database, errors, fetch
from crosslet.loading import peers
from loading.library import Author, Book, Copy, Count, Librarian, Loan, Node, Person, Review, Shelf, Topic, touched

Given = tuple[Database, Count]


async def test_one_by_one_without_it(library: Given) -> None:
    db, count = library
    async with db.read() as session:
        authors = await session.all(Author, select(Author).options(fetch("one")))
        await touched(session, lambda: [len(author.books) for author in authors])
    assert count() == 1 + 20


async def test_to_many_in_its_order(library: Given) -> None:
    db, count = library
    async with db.read() as session:
        authors = await session.all(Author, select(Author).order_by(Author.id))
        books = await touched(session, lambda: [[book.id for book in author.books] for author in authors])
    assert books == [[3 * number, 3 * number - 1, 3 * number - 2] for number in range(1, 21)]
    assert count() == 2


async def test_three_levels(library: Given) -> None:
    db, count = library
    async with db.read() as session:
        authors = await session.all(Author, select(Author).order_by(Author.id))
        look = lambda: [[[one.id for one in book.reviews] for book in author.books] for author in authors]  # noqa: E731
        found = await touched(session, look)
    assert sorted(one for books in found for reviews in books for one in reviews) == list(range(1, 121))
    assert count() == 3


async def test_to_one_with_null_and_what_the_session_has(library: Given) -> None:
    db, count = library
    async with db.read() as session:
        books = await session.all(Book, select(Book).order_by(Book.id))
        names = await touched(session, lambda: [book.author and book.author.name for book in books])
        assert names == [*(f"author {(number - 1) // 3 + 1}" for number in range(1, 61)), None]
        assert count() == 2, count.texts
    count.clear()
    async with db.read() as session:
        authors = await session.all(Author, select(Author))
        books = await session.all(Book, select(Book))
        await touched(session, lambda: [book.author for book in books])
        assert count() == 2, count.texts
        assert len(authors) == 20


async def test_many_to_many_into_a_set_both_ways(library: Given) -> None:
    db, count = library
    async with db.read() as session:
        books = await session.all(Book, select(Book).order_by(Book.id))
        topics = await touched(session, lambda: [{topic.id for topic in book.topics} for book in books])
        assert topics == [{number % 4 + 1, (number + 1) % 4 + 1} for number in range(1, 62)]
        assert count() == 2, count.texts
        found = await touched(session, lambda: {len(topic.books) for book in books for topic in book.topics})
        assert found == {30, 31}
    assert count() == 3


async def test_a_tree_takes_a_statement_a_level(library: Given) -> None:
    db, count = library

    def walk(node: Node) -> list[int]:
        return [node.id, *(one for child in node.children for one in walk(child))]

    async with db.read() as session:
        root = await session.one(Node, select(Node).where(Node.id == 1))
        assert sorted(await touched(session, lambda: walk(root))) == list(range(1, 32))
    assert count() == 1 + 5


async def test_composite_keys_both_ways(library: Given) -> None:
    db, count = library
    async with db.read() as session:
        shelves = await session.all(Shelf, select(Shelf).order_by(Shelf.number))
        copies = await touched(session, lambda: [sorted(copy.id for copy in shelf.copies) for shelf in shelves])
        assert copies == [[number, number + 10, number + 20, number + 30] for number in range(10)]
        assert count() == 2, count.texts
    count.clear()
    async with db.read() as session:
        found = await session.all(Copy, select(Copy))
        assert await touched(session, lambda: all(copy.shelf.number == copy.number for copy in found))
    assert count() == 2


async def test_a_join_of_one_s_own(library: Given) -> None:
    db, count = library
    async with db.read() as session:
        authors = await session.all(Author, select(Author).order_by(Author.id))
        found = await touched(session, lambda: [[book.pages for book in one.long_books] for one in authors])
    assert all(pages > 150 for some in found for pages in some)
    assert sum(map(len, found)) == 40
    assert count() == 2


async def test_inheritance(library: Given) -> None:
    db, count = library
    async with db.read() as session:
        people = await session.all(Person, select(Person).order_by(Person.id))
        assert await touched(session, lambda: [len(person.loans) for person in people]) == [3] * 10
        assert count() == 2, count.texts
        staff = [person for person in people if isinstance(person, Librarian)]
        # The sub-class's own columns, of all of them; then their own relationship.
        assert await touched(session, lambda: [one.desk for one in staff]) == [f"desk {one.id}" for one in staff]
        assert count() == 3
        assert await touched(session, lambda: [len(one.notes) for one in staff]) == [3] * 5
    assert count() == 4
    count.clear()
    async with db.read() as session:
        loans = await session.all(Loan, select(Loan).order_by(Loan.id))
        kinds = await touched(session, lambda: [type(loan.person).__name__ for loan in loans])
        assert kinds == ["Librarian" if loan.person_id % 2 else "Person" for loan in loans]
    assert count() == 2


async def test_two_entities_in_a_row(library: Given) -> None:
    db, count = library
    other = aliased(Book)
    async with db.read() as session:
        statement = select(Book, other).join(other, other.id == Book.id + 10).where(Book.id <= 10)
        rows = (await session.execute(statement)).all()
        await touched(session, lambda: [[len(one.reviews) for one in row] for row in rows])
    # What two of the statement's entities read are two groups.
    assert count() == 1 + 2


async def test_below_an_eager_load(library: Given) -> None:
    db, count = library
    async with db.read() as session:
        authors = await session.all(Author, select(Author).options(selectinload(Author.books)))
        assert count() == 2, count.texts
        await touched(session, lambda: [[len(book.reviews) for book in one.books] for one in authors])
    assert count() == 3


async def test_awaited_attributes_one_after_the_other_and_at_once(library: Given) -> None:
    """Tasks that touch while a load is under way wait for it, and find what they wanted."""
    db, count = library
    async with db.read() as session:
        authors = await session.all(Author, select(Author))
        for author in authors:
            assert len(await author.awaitable_attrs.books) == 3
        assert count() == 2, count.texts
        found = await asyncio.gather(*(author.awaitable_attrs.long_books for author in authors))
        assert sum(map(len, found)) == 40
        assert count() == 3
        await asyncio.gather(*(author.awaitable_attrs.bio for author in authors))
    assert count() == 4


async def test_never_beside_a_statement_of_the_session_s_own_task(library: Given) -> None:
    """One connection, one statement: whichever comes second is refused, and nothing is broken by it."""
    db, _ = library
    async with db.read() as session:
        authors = await session.all(Author, select(Author))
        task = asyncio.create_task(authors[0].awaitable_attrs.books)
        found = await asyncio.gather(session.scalar(select(Topic.id).limit(1)), task, return_exceptions=True)
        refused = [one for one in found if isinstance(one, BaseException)]
        assert [type(one) for one in refused] == [errors.WrongTask]
        assert len(await authors[0].awaitable_attrs.books) == 3


async def test_what_is_pending_on_a_collection_stays(library: Given) -> None:
    db, count = library
    async with db.write() as session:
        authors = await session.all(Author, select(Author).order_by(Author.id))
        with session.no_autoflush:
            Review(id=900, text="new", book=Book(id=901, title="new", pages=1, author=authors[1]))
            books = await touched(session, lambda: [[book.id for book in author.books] for author in authors])
        assert 901 in books[1]
        assert sum(map(len, books)) == 61
        assert count() == 2, count.texts
        session.expunge_all()


async def test_criteria_reach_the_peers(library: Given) -> None:
    db, count = library
    async with db.read() as session:
        only_short = with_loader_criteria(Book, Book.pages == 100)
        authors = await session.all(Author, select(Author).options(only_short))
        pages = await touched(session, lambda: {book.pages for author in authors for book in author.books})
    assert pages == {100}
    assert count() == 2


async def test_deferred_columns_and_their_groups(library: Given) -> None:
    db, count = library
    async with db.read() as session:
        authors = await session.all(Author, select(Author).order_by(Author.id))
        assert await touched(session, lambda: [author.bio for author in authors]) == [f"bio {n}" for n in range(1, 21)]
        assert count() == 2, count.texts
        media = await touched(session, lambda: [(author.photo, author.voice) for author in authors])
        assert media[0] == ("photo 1", "voice 1")
    assert count() == 3


async def test_columns_that_were_expired(library: Given) -> None:
    db, count = library
    async with db.write() as session:
        authors = await session.all(Author, select(Author).order_by(Author.id))
        session.expire_all()
        names = await touched(session, lambda: [author.name for author in authors])
        assert names == [f"author {number}" for number in range(1, 21)]
        assert count() == 2, count.texts
        await touched(session, lambda: [len(author.books) for author in authors])
    assert count() == 3


async def test_a_change_that_is_not_flushed_outlives_the_load_of_the_others(library: Given) -> None:
    db, count = library
    async with db.write() as session:
        authors = await session.all(Author, select(Author).order_by(Author.id))
        with session.no_autoflush:
            authors[3].bio = "mine"
            bios = await touched(session, lambda: [author.bio for author in authors])
            assert bios[3] == "mine"
            assert bios[4] == "bio 5"
            assert session.is_modified(authors[3])
        session.expunge_all()
    assert count() == 2


async def test_a_changed_foreign_key_goes_alone(library: Given) -> None:
    """What the object has now is what SQLAlchemy goes by; the others are as the database has them."""
    db, count = library
    async with db.write() as session:
        books = await session.all(Book, select(Book).order_by(Book.id).limit(9))
        with session.no_autoflush:
            books[0].author_id = 3
            names = await touched(session, lambda: [book.author and book.author.id for book in books])
        assert names == [3, 1, 1, 2, 2, 2, 3, 3, 3]
        assert count() == 1 + 2
        session.expunge_all()


async def test_the_window(library: Given) -> None:
    db, count = library
    async with db.read() as session:
        authors = await session.all(Author, select(Author).order_by(Author.id).options(fetch(window=8)))
        await touched(session, lambda: len(authors[4].books))
        assert ["books" in author.__dict__ for author in authors] == [False] * 4 + [True] * 8 + [False] * 8
        await touched(session, lambda: [len(author.books) for author in authors])
    assert count() == 1 + 1 + 2
    async with db.read() as session:
        authors = await session.all(Author, select(Author).options(fetch(window=None)))
        await touched(session, lambda: len(authors[-1].books))
        assert all("books" in author.__dict__ for author in authors)


async def test_never_for_a_cascade(library: Given) -> None:
    """Deleting one book loads its own reviews, and no other's."""
    db, _ = library
    async with db.write() as session:
        books = await session.all(Book, select(Book).order_by(Book.id))
        await session.delete(books[60])
        assert not any("reviews" in book.__dict__ for book in books[:60])
        session.expunge_all()
        await session.rollback()


async def test_never_for_a_merge(library: Given) -> None:
    db, _ = library
    async with db.write() as session:
        books = await session.all(Book, select(Book).order_by(Book.id))
        merged = await session.merge(Book(id=1, title="merged", pages=1, reviews=[]))
        assert merged is books[0]
        assert not any("reviews" in book.__dict__ for book in books[1:])
        await session.rollback()


async def test_never_where_the_user_wrote_lazyload(library: Given) -> None:
    db, count = library
    async with db.read() as session:
        authors = await session.all(Author, select(Author).options(lazyload(Author.books)).limit(3))
        await touched(session, lambda: [len(author.books) for author in authors])
    assert count() == 1 + 3


async def test_never_for_a_refresh(library: Given) -> None:
    db, _ = library
    async with db.read() as session:
        authors = await session.all(Author, select(Author))
        await session.refresh(authors[0], ["books"])
        assert "books" in authors[0].__dict__
        assert not any("books" in author.__dict__ for author in authors[1:])


async def test_a_pending_object_has_no_peers(library: Given) -> None:
    db, count = library
    async with db.write() as session:
        new = Author(id=77, name="n", bio="b", photo="p", voice="v")
        session.add(new)
        assert await touched(session, lambda: list(new.books)) == []
        assert count() == 0
        session.expunge_all()


async def test_a_stream_s_partitions(library: Given) -> None:
    """Each partition is a group of its own on PostgreSQL and SQLite; see test_streams.py for the others."""
    db, count = library
    if not db.dialect.can_interleave:
        pytest.skip("a stream there has its connection to itself")
    async with db.write() as session:
        seen = 0
        result = await session.stream_scalars(select(Author).execution_options(yield_per=5))
        async for some in result.partitions():
            seen += sum(await touched(session, lambda some=some: [len(one.books) for one in some]))  # type: ignore[misc]
    assert seen == 60
    assert count() == 1 + 4


async def test_objects_that_are_gone_are_not_loaded_for(library: Given) -> None:
    db, count = library
    async with db.read() as session:
        authors = await session.all(Author, select(Author).order_by(Author.id))
        kept = authors[:2]
        del authors
        assert await touched(session, lambda: [len(author.books) for author in kept]) == [3, 3]
    assert count() == 2


async def test_deleted_meanwhile(library: Given) -> None:
    """A row that is gone has no related rows; an expired object whose row is gone says so, as ever."""
    db, _ = library
    async with db.write() as session:
        reviews = await session.all(Review, select(Review).where(Review.book_id == 61))
        topic = await session.one(Topic, select(Topic).where(Topic.id == 1))
        assert reviews == []
        assert len(await touched(session, lambda: topic.books)) == 30


async def test_what_was_got_one_by_one_is_sorted_once(library: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each object of a loop over `get` is new to the session: only what is new is looked at."""
    db, count = library
    usual, walks = peers.Groups._sort, []

    def sort(groups: peers.Groups, states: Any) -> None:
        walks.append(len(states))
        usual(groups, states)

    monkeypatch.setattr(peers.Groups, "_sort", sort)
    async with db.read() as session:
        kept = []
        for number in range(1, 11):
            kept.append(await session.get_one(Author, number))
            await kept[-1].awaitable_attrs.books
    # Ten authors and their thirty books.
    assert sum(walks) <= 10 + 30
    assert count() == 10 + 10


async def test_what_was_read_again_is_a_group_again(library: Given) -> None:
    db, count = library
    async with db.read() as session:
        authors = await session.all(Author, select(Author))
        await touched(session, lambda: authors[0].bio)
        again = await session.all(Author, select(Author).execution_options(populate_existing=True))
        assert again == authors
        count.clear()
        await touched(session, lambda: [len(author.books) for author in authors])
        assert count() == 1
