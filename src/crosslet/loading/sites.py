"""Where in the user's own code something was asked for: the first frame that is no library's, through greenlets.

SQLAlchemy runs its half of an `await` in a greenlet, whose stack ends where it began: the walk goes on with the frame
of the greenlet that waits for it. A frame of a Jinja template stands for the line of the template.
"""

import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final

import greenlet

# What calls us, or is called by what calls us; also where an application is installed beside them.
_LIBRARIES: Final = frozenset(
    {
        "aiomysql",
        "aiosqlite",
        "alembic",
        "anyio",
        "asyncmy",
        "asyncpg",
        "crosslet",
        "fastapi",
        "greenlet",
        "httpx",
        "hypercorn",
        "jinja2",
        "pluggy",
        "psycopg",
        "psycopg_pool",
        "pydantic",
        "pydantic_core",
        "pytest",
        "_pytest",
        "sqlalchemy",
        "starlette",
        "typer",
        "uvicorn",
        "uvloop",
    }
)
_STDLIB: Final = sysconfig.get_path("stdlib")
_INSTALLED: Final = ("site-packages", "dist-packages")
_USERS, _INSTALLED_CODE, _LIBRARY, _LOOP = range(4)
# Where a loop runs its tasks: what is below has started the loop, and asks for nothing that a task does.
_LOOPS: Final = frozenset(
    {
        ("asyncio.events", "_run"),
        ("asyncio.base_events", "run_forever"),
        ("asyncio.base_events", "run_until_complete"),
        ("asyncio.runners", "run"),
        ("uvloop", "run"),
    }
)
# Code objects and lines of an application: some thousands.
_MOST: Final = 20_000
# By identity, since the hash of a code object is one of all that it holds; it is kept, so that nobody else gets its id.
_kinds: dict[int, tuple[int, CodeType]] = {}
_sites: dict[tuple[int, int], "Site"] = {}


@dataclass(frozen=True, slots=True)
class Site:
    """A line of the user's code.

    Attributes:
        file: Its path; the name of a template where it is one.
        function: The function around it; empty in a template.
    """

    file: str
    line: int
    function: str

    def __str__(self) -> str:
        return f"{_short(self.file)}:{self.line}" + (f" in {self.function}" if self.function else "")


def call_site() -> Site | None:
    """Return the innermost line of the user's code that is being run; None where there is none.

    Code of an installed package counts where no other is on the stack: an application may be installed, too.
    """
    frame: FrameType | None = sys._getframe()
    around: Any = None
    installed: FrameType | None = None
    while frame is not None:
        known = _kinds.get(id(frame.f_code)) or _learnt(frame)
        if known[0] == _USERS:
            return _site(frame)
        if known[0] == _INSTALLED_CODE and installed is None:
            installed = frame
        if known[0] == _LOOP:
            break
        frame = frame.f_back
        while frame is None:
            # The greenlet's stack ends here: on with that of the one that waits for it.
            around = (greenlet.getcurrent() if around is None else around).parent
            if around is None:
                break
            frame = around.gr_frame
    return None if installed is None else _site(installed)


def _learnt(frame: FrameType) -> tuple[int, CodeType]:
    if len(_kinds) > _MOST:
        _kinds.clear()
        _sites.clear()
    code = frame.f_code
    known = _kinds[id(code)] = _kind_of(frame), code
    return known


def _kind_of(frame: FrameType) -> int:
    if "__jinja_template__" in frame.f_globals:
        return _USERS
    name, file = str(frame.f_globals.get("__name__", "")), frame.f_code.co_filename
    if (name, frame.f_code.co_name) in _LOOPS:
        return _LOOP
    if file.startswith("<") or name.partition(".")[0] in _LIBRARIES:
        return _LIBRARY
    if any(part in file for part in _INSTALLED):
        return _INSTALLED_CODE
    return _LIBRARY if file.startswith(_STDLIB) else _USERS


def _site(frame: FrameType) -> Site:
    key = id(frame.f_code), frame.f_lineno
    found = _sites.get(key)
    if found is None:
        if len(_sites) > _MOST:
            _sites.clear()
        found = _sites[key] = _made(frame)
    return found


def _made(frame: FrameType) -> Site:
    code, line = frame.f_code, frame.f_lineno
    template = frame.f_globals.get("__jinja_template__")
    if template is not None:
        return Site(template.name or code.co_filename, template.get_corresponding_lineno(line), "")
    return Site(code.co_filename, line, getattr(code, "co_qualname", code.co_name).replace(".<locals>", ""))


def _short(file: str) -> str:
    """Leave out the folder that one works in."""
    try:
        return str(Path(file).relative_to(Path.cwd()))
    except ValueError:
        return file
