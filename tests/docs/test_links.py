"""Links between pages lead somewhere, and no page asks the reader's browser for anything from elsewhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.pages import DOCS, headings_of, links_of, name_of, pages


def problems(page: Path) -> Iterator[str]:
    """List the links of a page that lead nowhere."""
    for number, link in links_of(page.read_text()):
        target, _, anchor = link.partition("#")
        if "://" in target:
            continue
        path = (page.parent / target).resolve() if target else page
        if not path.is_file():
            yield f"line {number}: there is no {target}"
        elif anchor and anchor not in headings_of(path.read_text()):
            yield f"line {number}: {path.name} has no heading {anchor}"


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    assert list(problems(page)) == []


def test_every_page_can_be_reached_from_the_first() -> None:
    seen: set[Path] = set()
    waiting = [DOCS / "index.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        links = (link.partition("#")[0] for _, link in links_of(page.read_text()) if "://" not in link)
        waiting += [(page.parent / link).resolve() for link in links if link]
    assert [name_of(page) for page in pages() if page not in seen] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[a](other.md)", []),
        ("[a](other.md#two-words)", []),
        ("[a](#here)\n\n## Here", []),
        ("[a](none.md)", ["line 1: there is no none.md"]),
        ("\n[a](other.md#three)", ["line 2: other.md has no heading three"]),
        ("[a](#there)", ["line 1: page.md has no heading there"]),
        ("```text\n[a](none.md)\n```\n", []),
    ],
)
def test_finds_a_link_that_leads_nowhere(text: str, found: list[str], tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# Other\n\n## Two words\n")
    page = tmp_path / "page.md"
    page.write_text(text)
    assert list(problems(page)) == found
