"""Reads the repository for the house tests: its files, the package's modules and their imports. Judges nothing."""

import ast
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "crosslet"
_NOT_OURS = {".git", ".venv", "dist", "site", "__pycache__", "node_modules"}


@dataclass(frozen=True)
class Import:
    """One imported thing: `from module import name`, or `import module` with no name."""

    line: int
    module: str
    name: str | None


@dataclass(frozen=True)
class Module:
    """A Python file of the package (or of a sample that stands for it)."""

    path: Path
    name: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """Return the room that the module belongs to; empty for the front door."""
        return [*self.name.split("."), ""][1]

    @property
    def is_door(self) -> bool:
        """Tell whether the module is a folder's `__init__.py`."""
        return self.path.name == "__init__.py"

    def imports(self) -> Iterator[Import]:
        """List the module's imports, wherever they stand: in functions and under TYPE_CHECKING too."""
        package = self.name.split(".") if self.is_door else self.name.split(".")[:-1]
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield Import(node.lineno, alias.name, None)
            elif isinstance(node, ast.ImportFrom):
                above = package[: len(package) - node.level + 1] if node.level else []
                module = ".".join([*above, *([node.module] if node.module else [])])
                for alias in node.names:
                    yield Import(node.lineno, module, alias.name)


def modules(package: Path = PACKAGE) -> list[Module]:
    """Read every module of a package."""
    found = []
    for path in sorted(package.rglob("*.py")):
        parts = [package.name, *path.relative_to(package).with_suffix("").parts]
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found.append(Module(path, name, ast.parse(path.read_text(), str(path))))
    return found


def repository_files() -> list[Path]:
    """List the files that belong to the repository: what git tracks or would, else all that is not made by tools."""
    git = shutil.which("git")
    if git is not None and (ROOT / ".git").exists():
        command = [git, "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            named = [ROOT / name for name in done.stdout.split("\0") if name]
            return [path for path in named if path.is_file()]
    found = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in _NOT_OURS and not name.endswith(("_cache", ".egg-info"))]
        found += [Path(folder, name) for name in files]
    return found


def write_sample(folder: Path, files: dict[str, str]) -> Path:
    """Write a small package called crosslet, for a house test to find fault with."""
    package = folder / "crosslet"
    for name, text in files.items():
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return package


def expect_none(problems: list[str]) -> None:
    """Fail with the whole list, which an assertion would cut short."""
    if problems:
        pytest.fail(f"{len(problems)} problems:\n" + "\n".join(problems), pytrace=False)


def where(path: Path, line: int = 1) -> str:
    """Return a place as editors understand it."""
    base = ROOT if path.is_relative_to(ROOT) else path.anchor
    return f"{path.relative_to(base)}:{line}"
