"""Nothing is too big to be read at once: files, functions, lists of parameters."""

import ast
from collections.abc import Iterable
from pathlib import Path

import pytest

from house.sources import ROOT, expect_none, repository_files, where

FILE_LINES = 400
FUNCTION_LINES = 50
PARAMETERS = 6


def problems(files: Iterable[Path]) -> list[str]:
    """List the files, functions and parameter lists that are too long."""
    found = []
    for path in files:
        text = path.read_text()
        lines = text.count("\n")
        if lines > FILE_LINES:
            found.append(f"{where(path)}: {lines} lines, at most {FILE_LINES}")
        for node in ast.walk(ast.parse(text, str(path))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found += [f"{where(path, node.lineno)}: {node.name} {complaint}" for complaint in judge(node)]
    return found


def judge(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    """Say where a function is too long. Its docstring costs nothing, and neither do options by keyword."""
    found = []
    first = function.body[0]
    documented = ast.get_docstring(function) is not None and first.end_lineno is not None
    docstring = first.end_lineno - first.lineno + 1 if documented and first.end_lineno is not None else 0
    length = (function.end_lineno or function.lineno) - function.lineno + 1 - docstring
    if length > FUNCTION_LINES:
        found.append(f"has {length} lines, at most {FUNCTION_LINES}")
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    count = len(names) - (names[:1] in (["self"], ["cls"]))
    if count > PARAMETERS:
        found.append(f"takes {count} parameters, at most {PARAMETERS}: make the others options by keyword")
    return found


def test_files_functions_and_parameter_lists_are_short() -> None:
    expect_none(problems(path for path in repository_files() if path.suffix == ".py"))


def test_looks_at_the_package_and_at_itself() -> None:
    files = repository_files()
    assert Path(__file__) in files
    assert ROOT / "src" / "crosslet" / "settings.py" in files


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("x = 1\n" * 401, "401 lines, at most 400"),
        ("def f():\n" + "    x = 1\n" * 50, "f has 51 lines"),
        ("class A:\n    async def f(self):\n" + "        x = 1\n" * 50, "f has 51 lines"),
        ("def f(a, b, c, d, e, f, g): ...\n", "takes 7 parameters"),
        ("class A:\n    def f(self, a, b, c, /, d, e, f, g): ...\n", "takes 7 parameters"),
    ],
)
def test_finds_what_is_too_long(text: str, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "long.py"
    path.write_text(text)
    (found,) = problems([path])
    assert complaint in found


@pytest.mark.parametrize(
    "text",
    [
        "x = 1\n" * 400,
        "def f():\n" + '    """' + "Doc.\n" * 99 + '    """\n' + "    x = 1\n" * 49,
        "class A:\n    def f(self, a, b, c, d, e, f, *, g, h, **i): ...\n",
    ],
)
def test_lets_pass_what_just_fits(text: str, tmp_path: Path) -> None:
    path = tmp_path / "short.py"
    path.write_text(text)
    assert problems([path]) == []
