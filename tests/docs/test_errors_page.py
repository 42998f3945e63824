"""What the page of errors says of a class is what the code does; tests/house looks after its headings."""

import re

import pytest

from crosslet import errors
from docs.facts import classes, facts_of
from docs.pages import DOCS, name_of, pages

PAGE = (DOCS / "reference" / "errors.md").read_text()


def section_of(code: str) -> str:
    """Return the text below a code's heading."""
    return PAGE.partition(f"## {code}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("kind", classes(), ids=lambda kind: kind.__name__)
def test_the_facts_on_the_page_are_those_of_the_code(kind: type[errors.CrossletError]) -> None:
    lines = [line for line in section_of(str(kind.code)).splitlines() if line.startswith(("`errors.", "Codes:"))]
    if kind is errors.UnitPoisoned:
        # Which status it is depends on the error that was swallowed, so the page says it in words.
        lines = [line.replace(" · HTTP 500, or 503 with `Retry-After: 1`", " · HTTP 500") for line in lines]
    assert lines == list(facts_of(kind))


def test_every_error_that_a_page_names_exists() -> None:
    named = {
        (name_of(page), name) for page in pages() for name in re.findall(r"\berrors\.([A-Z]\w+)", page.read_text())
    }
    assert named
    assert [f"{page}: errors.{name}" for page, name in sorted(named) if not hasattr(errors, name)] == []
