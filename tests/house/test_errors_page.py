"""Every error has a code of its own, and the page of errors has a heading for each."""

import inspect
import re
from types import ModuleType

import pytest

from crosslet import errors
from house.sources import ROOT, expect_none

PAGE = ROOT / "docs" / "reference" / "errors.md"


def codes(module: ModuleType) -> list[tuple[str, str]]:
    """List the errors that a module defines and the code that each one sets for itself."""
    classes = (value for value in vars(module).values() if inspect.isclass(value) and issubclass(value, Exception))
    return [(one.__name__, vars(one).get("code", "")) for one in classes if one.__module__.startswith(module.__name__)]


def problems(module: ModuleType, page: str) -> list[str]:
    """List the errors without a code of their own and the differences from the page."""
    found = [f"{name} has no code of its own" for name, code in codes(module) if not code]
    known = [code for _, code in codes(module) if code]
    headings = [heading.strip("` ") for heading in re.findall(r"^## (.*)$", page, re.MULTILINE)]
    found += [f"{code} is the code of two errors" for code in set(known) if known.count(code) > 1]
    found += [f"{heading} has two headings" for heading in set(headings) if headings.count(heading) > 1]
    found += [f"{code} has no heading on the page" for code in known if code not in headings]
    return found + [f"{heading} is no error's code" for heading in headings if heading not in known]


def test_the_page_describes_every_error() -> None:
    expect_none(problems(errors, PAGE.read_text()))


def sample() -> ModuleType:
    module = ModuleType("sample")
    exec("class A(Exception):\n    code = 'a'\nclass B(A):\n    code = 'b'\n", vars(module))
    return module


@pytest.mark.parametrize(
    ("page", "complaint"),
    [
        ("## a\n", "b has no heading on the page"),
        ("## a\n## b\n## c\n", "c is no error's code"),
        ("## a\n## b\n## `b`\n", "b has two headings"),
    ],
)
def test_finds_what_the_page_lacks(page: str, complaint: str) -> None:
    assert problems(sample(), "# Errors\n\n## `a`\n\n## b\n") == []
    assert problems(sample(), page) == [complaint]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("class C(A):\n    pass\n", "C has no code of its own"),
        ("class C(A):\n    code = 'b'\n", "b is the code of two errors"),
    ],
)
def test_finds_an_error_without_a_code_of_its_own(text: str, complaint: str) -> None:
    module = sample()
    exec(text, vars(module))
    assert problems(module, "## a\n## b\n") == [complaint]
