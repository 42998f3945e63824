"""Options and plugins of the whole suite; see fix_servers.py for servers, fix_databases.py for databases."""

import pytest

pytest_plugins = ["fix_servers", "fix_databases", "fix_base"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that choose databases and the length of a run."""
    group = parser.getgroup("crosslet")
    group.addoption(
        "--db",
        metavar="NAME",
        help="sqlite, postgresql, mariadb, all, or a target such as mariadb-asyncmy; a server that is then missing is "
        "a failure. Without the option a missing server is a skip, unless CI is set.",
    )
    group.addoption("--full", action="store_true", help="every driver on every server, not each one once")
    group.addoption("--quick", action="store_true", help="leave out the tests marked slow")


def pytest_configure(config: pytest.Config) -> None:
    """Name the suite's own markers."""
    config.addinivalue_line("markers", "needs(*abilities): skip where the target's Dialect lacks one of them")
    config.addinivalue_line("markers", "slow: takes seconds; --quick leaves it out")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is slow, if asked to."""
    if config.getoption("--quick"):
        slow = [item for item in items if item.get_closest_marker("slow") is not None]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item.get_closest_marker("slow") is None]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run every `async def test_…` on asyncio: SQLAlchemy's async side knows no other loop."""
    return "asyncio"
