"""Runs the blocks of pages, a fresh folder, namespace and set of models each; prints a line of JSON a page.

A process of its own: pages declare tables called alike, on crosslet's own Model, and so do other tests.
"""

import ast
import asyncio
import contextlib
import io
import json
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from crosslet import Model
from docs.pages import Block, blocks_of


def main(paths: list[str]) -> None:
    """Run the pages of these paths."""
    for name in [name for name in os.environ if name.startswith(("CROSSLET_", "DATABASE_"))]:
        del os.environ[name]
    for path in paths:
        print(json.dumps({"page": path, "error": problem_with(Path(path))}), flush=True)


def problem_with(page: Path) -> str | None:
    """Run a page and return the text of the first error; None if there was none."""
    text = page.read_text()
    module = ModuleType(f"page_{page.stem.replace('-', '_')}")
    with fresh_folder(), asyncio.Runner() as loop, contextlib.redirect_stdout(io.StringIO()):
        sys.modules[module.__name__] = module
        try:
            for block in blocks_of(text):
                run(block, page, module, loop)
        except BaseException as error:
            return where(error, page) + "".join(traceback.format_exception_only(error))
        finally:
            del sys.modules[module.__name__]
            Model.registry.dispose(cascade=True)
            Model.metadata.clear()
    return None


def where(error: BaseException, page: Path) -> str:
    """Name the lines of the page that an error came through."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(page)]
    return "".join(f"{page}:{frame.lineno}: {frame.line}\n" for frame in frames)


@contextlib.contextmanager
def fresh_folder() -> Iterator[None]:
    """Work in an empty folder."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        yield


def run(block: Block, page: Path, module: ModuleType, loop: asyncio.Runner) -> None:
    """Run one block; `await` at its top level is allowed, as in a notebook."""
    code = compile(
        "\n" * (block.line - 1) + block.code,
        str(page),
        "exec",
        flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT,
        dont_inherit=True,
    )
    if block.is_fragment:
        return
    waiting = eval(code, vars(module))
    if waiting is not None:
        loop.run(waiting)


if __name__ == "__main__":
    main(sys.argv[1:])
