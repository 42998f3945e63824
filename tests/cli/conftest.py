"""A command line without the settings of whoever runs the tests."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crosslet.cli import app

Command = Callable[..., "object"]


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take settings out of the environment and start in an empty folder."""
    for name in list(os.environ):
        if name.startswith(("CROSSLET_", "NO_COLOR", "FORCE_COLOR")) or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def crosslet() -> Command:
    """Give a function that runs `crosslet` with arguments and returns its result."""

    def run(*arguments: object) -> object:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert "Traceback" not in result.stderr
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run
