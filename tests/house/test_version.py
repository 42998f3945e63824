"""One version: in pyproject.toml, at the top of the changelog, and in the package."""

import re
import tomllib

import pytest

import crosslet
from house.sources import ROOT


def top_entry(changelog: str) -> str | None:
    """Return the version of a changelog's first entry, None if that names none."""
    heading = re.search(r"^## (.*)$", changelog, re.MULTILINE)
    version = re.match(r"\[?v?(\d+\.\d+\.\d+\w*)\b", heading.group(1)) if heading is not None else None
    return version.group(1) if version is not None else None


def test_the_package_and_its_metadata_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert crosslet.__version__ == project["version"]


def test_the_changelog_begins_with_this_version() -> None:
    assert top_entry((ROOT / "CHANGELOG.md").read_text()) == crosslet.__version__


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("# Changelog\n\n## 0.2.0\n\n- New.\n\n## 0.1.0\n", "0.2.0"),
        ("# Changelog\n\n## [1.0.0] - 2030-01-01\n", "1.0.0"),
        ("# Changelog\n\n## Unreleased\n\n## 0.1.0\n", None),
        ("# Changelog\n", None),
    ],
)
def test_reads_the_top_entry_only(text: str, version: str | None) -> None:
    assert top_entry(text) == version
