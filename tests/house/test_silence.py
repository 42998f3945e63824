"""The project speaks of itself alone: not of the machine it was written on, nor of how the work was shared out."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from house.sources import expect_none, repository_files, where

# In two halves each, so that this file does not say what it forbids.
HALVES = [
    ("/wo", "rk/"),
    ("/tmp/", "env"),
    ("/tmp/", "brief"),
    ("/opt/", "pypi"),
    (r"\bfa", "rm-"),
    ("sub", "-?agent"),
    (r"\bissues", r" (show|close)\b"),
    (r"\b[1-7] of", r" 7\b"),
    (r"\.\./sha", "red"),
    (r"\bco-autho", "red-by"),
    (r"\bpy", r"pi\.org"),
    ("python", r"hosted\.org"),
    (r"\bdeb\.deb", r"ian\.org"),
    ("npm", r"js\.org"),
]
FORBIDDEN = re.compile("|".join(first + second for first, second in HALVES), re.IGNORECASE)


def problems(files: Iterable[Path]) -> list[str]:
    """List the places where a file says what it should not."""
    found = []
    for path in files:
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue  # a picture
        for number, line in enumerate(text.splitlines(), 1):
            found += [f"{where(path, number)}: {match.group()}" for match in FORBIDDEN.finditer(line)]
    return found


def test_no_file_betrays_the_workplace() -> None:
    expect_none(problems(repository_files()))


@pytest.mark.parametrize(
    "halves",
    [
        ("see /wo", "rk/x"),
        ("cd /tmp/", "env/py"),
        ("a fa", "rm-out"),
        ("a Sub", "agent"),
        ("pages 2 of", " 7"),
        ("https://py", "pi.org/simple"),
        ("Co-Autho", "red-By: x"),
    ],
)
def test_hears_it(halves: tuple[str, str], tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text("".join(halves))
    assert len(problems([path])) == 1


@pytest.mark.parametrize("text", ["a platform-wide network/path", "it issues shows", "3 of 70"])
def test_does_not_mishear(text: str, tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text(text)
    assert problems([path]) == []
