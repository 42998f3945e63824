"""The page of settings knows every setting and every variable, with the default of each, and no others."""

import re
from dataclasses import fields
from typing import Any

import pytest

from crosslet import Deadlines, PoolSettings, Retry, Tls
from crosslet.errors import ConfigurationError
from crosslet.settings import settings_from
from docs.pages import DOCS, name_of, pages

PAGE = (DOCS / "reference" / "settings.md").read_text()
ROW = re.compile(r"^\| `(\w+)` \| `([^`]+)` \|", re.MULTILINE)
VARIABLE = re.compile(r"\bCROSSLET_[A-Z_]+[A-Z]\b")


def section_of(heading: str) -> str:
    """Return the text below a heading."""
    return PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("group", [PoolSettings, Deadlines, Tls, Retry])
def test_the_page_has_every_field_with_its_default(group: Any) -> None:
    expected = [(field.name, repr(field.default).replace("'", '"')) for field in fields(group)]
    assert ROW.findall(section_of(group.__name__)) == expected


def variables() -> set[str]:
    """Name the variables that are read: one a deadline, and those of the function's own list."""
    listed = set(VARIABLE.findall(str(settings_from.__doc__)))
    return listed | {f"CROSSLET_{field.name.upper()}_TIMEOUT" for field in fields(Deadlines)}


def is_read(name: str) -> bool:
    """Tell whether a variable is known, whatever its value ought to be."""
    try:
        settings_from({name: "1"})
    except ConfigurationError as error:
        return "not a setting" not in str(error)
    return True


def test_the_list_of_variables_is_that_of_the_code() -> None:
    assert [name for name in variables() if not is_read(name)] == []
    assert not is_read("CROSSLET_NO_SUCH_THING")


def test_the_page_has_every_variable() -> None:
    assert variables() - set(VARIABLE.findall(PAGE)) == set()


def test_every_variable_that_a_page_names_is_read() -> None:
    named = {(name_of(page), name) for page in pages() for name in VARIABLE.findall(page.read_text())}
    assert [f"{page}: {name}" for page, name in sorted(named) if not is_read(name)] == []
