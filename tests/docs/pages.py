"""The pages of the documentation and what stands in them: blocks of code, headings, links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"

_FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CHECK = re.compile(r"^<!-- check\n(.*?)^-->$", re.MULTILINE | re.DOTALL)
_FRAGMENT = "<!-- fragment -->\n"
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    """Code of a page that is run, or only compiled where it is a fragment.

    Attributes:
        line: Number of its first line.
        is_fragment: It cannot run by itself.
        is_check: Readers do not see it.
    """

    line: int
    code: str
    is_fragment: bool = False
    is_check: bool = False


def pages() -> list[Path]:
    """List the pages."""
    return sorted(DOCS.rglob("*.md"))


def name_of(page: Path) -> str:
    """Return a page's path below docs/."""
    return page.relative_to(DOCS).as_posix()


def blocks_of(text: str) -> list[Block]:
    """List the Python blocks of a page, and the checks in its comments, in their order.

    A check is Python in an HTML comment that begins with `<!-- check`: the reader need not see it. A block
    after `<!-- fragment -->` cannot run by itself.
    """
    found = [
        Block(_line_of(text, match.start(2)), match[2], text.endswith(_FRAGMENT, 0, match.start()))
        for match in _FENCE.finditer(text)
        if match[1] == "python"
    ]
    found += [Block(_line_of(text, match.start(1)), match[1], is_check=True) for match in _CHECK.finditer(text)]
    return sorted(found, key=lambda block: block.line)


def _line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def prose_of(text: str) -> str:
    """Return a page without its blocks and comments, its lines where they were."""

    def blank(match: re.Match[str]) -> str:
        return "\n" * match[0].count("\n")

    return _CHECK.sub(blank, _FENCE.sub(blank, text))


def headings_of(text: str) -> list[str]:
    """List the anchors of a page's headings."""
    return [anchor_of(line.lstrip("# ")) for line in prose_of(text).splitlines() if line.startswith("#")]


def anchor_of(heading: str) -> str:
    """Return the anchor that Markdown's table of contents gives a heading."""
    plain = re.sub(r"[^\w\s-]", "", heading).strip().lower()
    return re.sub(r"[-\s]+", "-", plain)


def links_of(text: str) -> Iterator[tuple[int, str]]:
    """List a page's links and the lines they are on."""
    for number, line in enumerate(prose_of(text).splitlines(), 1):
        for match in _LINK.finditer(line):
            yield number, match[1]
