"""Every block of Python in the pages runs, on SQLite, in the order of its page."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from docs.pages import ROOT, blocks_of, name_of, pages

# Longer lines have to be scrolled on the built pages.
COLUMN = 104
README = ROOT / "README.md"
RUNNER = Path(__file__).parent / "runner.py"


def run(paths: list[Path]) -> dict[str, str | None]:
    """Run pages in one process; return the error of each, None where there was none."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (ROOT / "src", ROOT / "tests")))}
    command = [sys.executable, "-W", "error", str(RUNNER), *map(str, paths)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if len(answers) != len(paths):
        pytest.fail(f"the runner ended early:\n{done.stderr}")
    return {answer["page"]: answer["error"] for answer in answers}


@pytest.fixture(scope="module")
def errors() -> dict[str, str | None]:
    return run([*pages(), README])


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_the_blocks_of_a_page_run(page: Path, errors: dict[str, str | None]) -> None:
    assert errors[str(page)] is None, errors[str(page)]


def test_the_blocks_of_the_readme_run(errors: dict[str, str | None]) -> None:
    assert errors[str(README)] is None, errors[str(README)]


def test_fragments_are_rare() -> None:
    blocks = [block for page in pages() for block in blocks_of(page.read_text())]
    assert len(blocks) > 40
    assert sum(block.is_fragment for block in blocks) <= len(blocks) // 10


def test_blocks_fit_their_column() -> None:
    wide = [
        f"{name_of(page)}:{block.line + number}"
        for page in pages()
        for block in blocks_of(page.read_text())
        for number, line in enumerate(block.code.splitlines())
        if len(line) > COLUMN and not block.is_check
    ]
    assert wide == []


PAGE = """\
# Page

```python
from crosslet import Model
from sqlalchemy.orm import Mapped

class Thing(Model):
    __tablename__ = "things"
    size: Mapped[int]
```

```python
import asyncio
await asyncio.sleep(0)
found = Thing(size=1)
```

<!-- check
assert found.size == {size}
-->

<!-- fragment -->
```python
nobody_defined_this()
```
"""


def test_a_page_that_is_right_passes_and_one_that_is_wrong_does_not(tmp_path: Path) -> None:
    right, same, wrong = tmp_path / "right.md", tmp_path / "same.md", tmp_path / "wrong.md"
    right.write_text(PAGE.format(size=1))
    same.write_text(PAGE.format(size=1))
    wrong.write_text(PAGE.format(size=2))
    answers = run([right, same, wrong])
    assert answers[str(right)] is answers[str(same)] is None
    assert str(answers[str(wrong)]).startswith(f"{wrong}:19: assert found.size == 2\n")
