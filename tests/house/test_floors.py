"""The floors of the house: an import goes down only, and through a door."""

from pathlib import Path

import pytest

from house.sources import PACKAGE, Import, Module, expect_none, modules, where, write_sample

FLOORS = (
    ("errors",),
    ("settings",),
    ("dialects", "models"),
    ("connections", "reads", "shapes", "loading"),
    ("transactions", "facts"),
    ("writes", "cache", "rules"),
    ("database", "migrations", "doctor"),
    ("web", "testing", "studio"),
    ("cli", "pytest_plugin"),
)
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}


def problems(package: Path) -> list[str]:
    """List the arrows that the house does not allow."""
    found = []
    for module in modules(package):
        if module.room and module.room not in FLOOR_OF:
            found.append(f"{where(module.path)}: {module.room} has no floor; give it one in FLOORS")
        for one in module.imports():
            if one.module.split(".")[0] == "crosslet":
                complaint = judge(package, module, one)
                if complaint:
                    found.append(f"{where(module.path, one.line)}: {complaint}")
    return found


def judge(package: Path, module: Module, one: Import) -> str | None:
    """Say what is wrong with an import of the package by one of its own modules."""
    path = one.module.split(".")[1:]
    if not path:
        if one.name not in FLOOR_OF:
            return (
                f"{one.name or 'crosslet'} comes in by the front door, which is for users: import the room that has it"
            )
        path = [one.name]
        one = Import(one.line, f"crosslet.{one.name}", None)
    room = path[0]
    if room == module.room:
        return inside(module, one, path)
    if module.room and FLOOR_OF.get(room, len(FLOORS)) >= FLOOR_OF.get(module.room, -1):
        return f"{module.room} must not know {room}: an import goes down the floors only"
    if len(path) > 1 or is_file_of(package / room, one.name):
        return f"{'.'.join(path)} is behind the door of {room}: import from crosslet.{room}"
    return None


def inside(module: Module, one: Import, path: list[str]) -> str | None:
    """Say what is wrong with an import within a room."""
    through_own_door = len(path) == 1 and not module.is_door and module.name != one.module
    if through_own_door and not is_file_of(module.path.parent, one.name):
        return "inside a room import from the file, not through the room's own door"
    return None


def is_file_of(room: Path, name: str | None) -> bool:
    """Tell whether a name is one of a room's files or folders, not a name of its door."""
    return name is not None and ((room / f"{name}.py").is_file() or (room / name).is_dir())


def test_imports_go_down_and_through_doors() -> None:
    expect_none(problems(PACKAGE))


def test_every_floor_is_at_home_in_one_place() -> None:
    rooms = [room for floor in FLOORS for room in floor]
    assert len(rooms) == len(set(rooms))


SAMPLE = {
    "__init__.py": "from crosslet.database import Database\n",
    "errors.py": "",
    "dialects/__init__.py": "from crosslet.dialects.base import Dialect\n",
    "dialects/base.py": "from crosslet.errors import X\nfrom crosslet import errors\nimport crosslet.errors\n",
    "dialects/mysql.py": "from crosslet.dialects.base import Dialect\nfrom .base import Dialect\nfrom . import base\n",
    "models/__init__.py": "",
    "database/__init__.py": "from crosslet.dialects import Dialect\nimport sqlalchemy\n",
}


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("dialects/mysql.py", "from crosslet.web import Reader", "dialects must not know web"),
        ("dialects/mysql.py", "from crosslet.models import Model", "dialects must not know models"),
        ("dialects/mysql.py", "import crosslet.models", "dialects must not know models"),
        ("dialects/mysql.py", "from ..models import Model", "dialects must not know models"),
        ("dialects/mysql.py", "if TYPE_CHECKING:\n    from crosslet.cli import run", "dialects must not know cli"),
        ("dialects/mysql.py", "def late():\n    from crosslet.cli import run", "dialects must not know cli"),
        ("dialects/mysql.py", "from crosslet import database", "dialects must not know database"),
        ("errors.py", "from crosslet.settings import Deadlines", "errors must not know settings"),
        ("database/session.py", "from crosslet import Database", "front door"),
        ("database/session.py", "import crosslet", "front door"),
        ("database/session.py", "from .. import Database", "front door"),
        ("database/session.py", "from crosslet.dialects.base import Dialect", "behind the door of dialects"),
        ("database/session.py", "import crosslet.dialects.base", "behind the door of dialects"),
        ("database/session.py", "from crosslet.dialects import base", "behind the door of dialects"),
        ("__init__.py", "from crosslet.dialects.base import Dialect", "behind the door of dialects"),
        ("dialects/mysql.py", "from crosslet.dialects import Dialect", "the room's own door"),
        ("attic/__init__.py", "", "attic has no floor"),
    ],
)
def test_finds_a_wrong_arrow(file: str, text: str, complaint: str, tmp_path: Path) -> None:
    assert problems(write_sample(tmp_path / "good", SAMPLE)) == []
    (found,) = problems(write_sample(tmp_path / "bad", SAMPLE | {file: text}))
    assert complaint in found
