"""A file's name says what is in it: the words that say nothing are not used."""

from collections.abc import Iterable
from pathlib import Path, PurePath

import pytest

from house.sources import ROOT, expect_none, repository_files

EMPTY_WORDS = {"util", "helper", "common", "manager", "service", "core", "misc"}


def problems(paths: Iterable[PurePath]) -> list[str]:
    """List the paths with a file or folder whose name has an empty word in it."""
    return [str(path) for path in paths if any(is_empty(word) for part in path.parts for word in words(part))]


def words(part: str) -> list[str]:
    """Take the name of a file or folder apart."""
    return part.partition(".")[0].lower().replace("-", "_").split("_")


def is_empty(word: str) -> bool:
    """Tell whether a word, or its plural, says nothing."""
    return word in EMPTY_WORDS or word.removesuffix("s") in EMPTY_WORDS


def test_no_file_or_folder_has_an_empty_name() -> None:
    expect_none(problems(path.relative_to(ROOT) for path in repository_files()))


@pytest.mark.parametrize(
    "path", ["src/crosslet/utils.py", "core/a.py", "tests/db_helpers.py", "a/common", "user_service.py", "Managers/x"]
)
def test_finds_an_empty_name(path: str) -> None:
    assert problems([Path(path)]) == [path]


@pytest.mark.parametrize("path", ["src/crosslet/scores.py", "uncommon/a.py", "servers.py"])
def test_lets_pass_what_only_looks_like_one(path: str) -> None:
    assert problems([Path(path)]) == []
