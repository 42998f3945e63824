"""The ways to set a Database up lead to one that works."""

import pytest
from httpx2 import ASGITransport, AsyncClient

import database_setup
from crosslet import Database
from user_model import User

MAKERS = [
    database_setup.from_a_url,
    database_setup.for_a_worker,
    database_setup.with_everything_chosen,
]


@pytest.mark.parametrize("make", MAKERS)
async def test_every_way_reaches_the_database(make: type[Database], url: str) -> None:
    async with make(url) as db:
        assert await database_setup.is_reachable(db)
        await database_setup.start_afresh(db)
        await database_setup.start_afresh(db)
        async with db.read() as session:
            assert await session.count(User) == 0


async def test_the_environment_names_the_database(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("CROSSLET_POOL_WRITERS", "3")
    async with database_setup.from_the_environment() as db:
        assert db.settings.pool.writers == 3
        assert await database_setup.is_reachable(db)


async def test_what_is_not_there_is_not_reachable() -> None:
    async with database_setup.from_a_url("sqlite:////no/such/folder/x.db") as db:
        assert not await database_setup.is_reachable(db)


async def test_the_application_opens_and_keeps_its_own_lifespan(url: str) -> None:
    db = database_setup.from_a_url(url)
    app = database_setup.make_app(db)
    transport = ASGITransport(app)
    async with app.router.lifespan_context(app), AsyncClient(transport=transport, base_url="http://test") as http:
        assert app.state.is_new is True
        assert (await http.get("/health/ready")).status_code == 200
