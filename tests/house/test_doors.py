"""A door (`__init__.py`) holds names and nothing else: a docstring, imports, and a sorted `__all__` that matches."""

import ast
import importlib
from pathlib import Path
from typing import TypeGuard

import pytest

import crosslet
from house.sources import PACKAGE, Module, expect_none, modules, where, write_sample


def problems(package: Path) -> list[str]:
    """List what is wrong with a package's doors."""
    return [
        f"{where(door.path)}: {complaint}" for door in modules(package) if door.is_door for complaint in judge(door)
    ]


def judge(door: Module) -> list[str]:
    """Say what is wrong with one door."""
    found = []
    if ast.get_docstring(door.tree) is None:
        found.append("a door begins with a docstring: what the room holds")
    imported: set[str] = set()
    listed: list[str] | None = None
    for node in door.tree.body:
        if isinstance(node, ast.Assign) and names_of(node) == ["__all__"]:
            listed = ast.literal_eval(node.value)
        elif isinstance(node, ast.ImportFrom) and (door.room or is_ours(node)):
            imported |= {alias.asname or alias.name for alias in node.names}
        elif not (is_docstring(node) or (not door.room and belongs_to_the_front(node))):
            found.append(f"line {node.lineno} is code: a door holds imports and __all__")
    if not door.room:
        imported |= {alias.name for node in ast.walk(door.tree) if is_ours(node) for alias in node.names}
    return found + judge_list(listed, imported)


def is_ours(node: ast.AST) -> TypeGuard[ast.ImportFrom]:
    """Tell whether something is an import from the package."""
    return isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "crosslet"


def belongs_to_the_front(node: ast.stmt) -> bool:
    """Tell whether a statement serves the front door, which imports each name when it is first asked for."""
    if isinstance(node, ast.If):
        only_imports = all(is_ours(inner) for inner in (*node.body, *node.orelse))
        return only_imports and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    if isinstance(node, ast.FunctionDef):
        return node.name in {"__getattr__", "__dir__"}
    if isinstance(node, ast.Assign):
        return all(name.startswith("_") for name in names_of(node))
    return isinstance(node, ast.ImportFrom)


def judge_list(listed: list[str] | None, imported: set[str]) -> list[str]:
    """Say what is wrong with a door's `__all__`."""
    if listed is None:
        return ["there is no __all__"] if imported else []
    found = []
    if listed != sorted(listed, key=order):
        found.append("__all__ is not sorted: CONSTANTS, Classes, functions")
    if len(listed) != len(set(listed)):
        found.append("__all__ repeats a name")
    if set(listed) != imported:
        found.append(f"__all__ and the imports differ by {sorted(set(listed) ^ imported)}")
    return found


def order(name: str) -> tuple[int, str]:
    """Sort as ruff's RUF022 does."""
    rank = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return rank, name


def names_of(node: ast.Assign) -> list[str]:
    """Return the plain names that an assignment sets."""
    return [target.id if isinstance(target, ast.Name) else "?" for target in node.targets]


def is_docstring(node: ast.stmt) -> bool:
    """Tell whether a statement is nothing but text."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def test_doors_hold_names_only() -> None:
    expect_none(problems(PACKAGE))


def test_every_room_has_a_door() -> None:
    folders = {path.parent for path in PACKAGE.rglob("*.py") if ".agents" not in path.parts}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_the_front_door_gives_what_it_lists() -> None:
    (front,) = (module for module in modules() if module.name == "crosslet")
    for node in ast.walk(front.tree):
        for alias in node.names if is_ours(node) else ():
            assert node.module is not None
            home = importlib.import_module(node.module if node.module != "crosslet" else f"crosslet.{alias.name}")
            given = getattr(crosslet, alias.name)
            assert given is (home if node.module == "crosslet" else getattr(home, alias.name)), alias.name
    assert set(crosslet.__all__) <= set(dir(crosslet))
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = crosslet.no_such_name


GOOD = '"""A room."""\nfrom crosslet.room.a import LIMIT, Zebra, ant\n__all__ = ["LIMIT", "Zebra", "ant"]\n'


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (GOOD.replace('"""A room."""', ""), "docstring"),
        (GOOD + "x = 1\n", "is code"),
        (GOOD + "def f(): ...\n", "is code"),
        (GOOD + "__version__ = '1'\n", "is code"),
        (GOOD + "if True:\n    import os\n", "is code"),
        (GOOD.replace('"ant"', '"bee"'), "differ by ['ant', 'bee']"),
        (GOOD.replace('"Zebra", "ant"', '"ant", "Zebra"'), "not sorted"),
        (GOOD.replace('"ant"', '"ant", "ant"'), "repeats"),
        ('"""A room."""\nfrom crosslet.room.a import ant\n', "no __all__"),
    ],
)
def test_finds_a_wrong_door(text: str, complaint: str, tmp_path: Path) -> None:
    front = {"__init__.py": '"""Front."""\n__version__ = "1"\n'}
    assert problems(write_sample(tmp_path / "good", front | {"room/__init__.py": GOOD})) == []
    (found,) = problems(write_sample(tmp_path / "bad", front | {"room/__init__.py": text}))
    assert complaint in found


FRONT = """'''Front.'''
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from crosslet.room import ant
__version__ = "1"
__all__ = ["ant"]
def __getattr__(name): ...
"""


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (FRONT + "def f(): ...\n", "is code"),
        (FRONT + "x = 1\n", "is code"),
        (FRONT.replace("    from crosslet.room import ant", "    from crosslet.room import bee"), "differ by"),
        (FRONT.replace("TYPE_CHECKING:", "True:"), "is code"),
    ],
)
def test_finds_a_wrong_front_door(text: str, complaint: str, tmp_path: Path) -> None:
    assert problems(write_sample(tmp_path / "good", {"__init__.py": FRONT})) == []
    (found,) = problems(write_sample(tmp_path / "bad", {"__init__.py": text}))
    assert complaint in found
