"""The line of the user's own code: through greenlets, generators, libraries and templates."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import jinja2
import pytest
import uvloop
from pydantic import BaseModel, model_validator
from sqlalchemy.util import greenlet_spawn

from crosslet.loading import Site, call_site


def expect(site: Site | None, marker: str, function: str) -> None:
    lines = Path(__file__).read_text().splitlines()
    assert site is not None
    assert (site.file, lines[site.line - 1].rpartition("# ")[2]) == (__file__, marker)
    assert site.function.endswith(function)


def test_of_a_plain_call() -> None:
    expect(call_site(), "plain", "test_of_a_plain_call")  # plain


async def test_through_greenlets() -> None:
    async def inner() -> Site | None:
        return await greenlet_spawn(call_site)  # in a greenlet

    expect(await asyncio.create_task(inner()), "in a greenlet", "test_through_greenlets.inner")


async def test_through_greenlets_within_greenlets() -> None:
    """As where the tests themselves, or a request, run in one."""
    found: list[Site | None] = []

    async def inner() -> None:
        found.append(await greenlet_spawn(call_site))  # inside

    def drive(coroutine: Any) -> None:
        try:
            coroutine.send(None)
        except StopIteration:
            return

    await greenlet_spawn(drive, inner())
    expect(found[0], "inside", "inner")


def test_of_a_generator() -> None:
    def some() -> Iterator[Site | None]:
        yield call_site()  # generator

    expect(next(some()), "generator", "some")


def test_of_code_that_a_library_calls_back() -> None:
    class Seen(BaseModel):
        at: str = ""

        @model_validator(mode="after")
        def look(self) -> "Seen":
            self.at = str(call_site())
            return self

    assert Seen().at.endswith(" in test_of_code_that_a_library_calls_back.Seen.look")


def test_of_a_template(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<h1>\n{{ 1 }}\n{{ site() }}</h1>")
    pages = jinja2.Environment(loader=jinja2.FileSystemLoader(tmp_path), autoescape=True)
    assert pages.get_template("page.html").render(site=call_site).endswith("page.html:3</h1>")


def test_installed_code_counts_where_no_other_is_on_the_stack(tmp_path: Path) -> None:
    """An application may be installed as a package, beside the libraries that call it."""
    folder = tmp_path / "site-packages"
    folder.mkdir()
    file = folder / "shop.py"
    file.write_text("def ask(call):\n    return call()\n")
    names: dict[str, Any] = {"__name__": "shop"}
    exec(compile(file.read_text(), str(file), "exec"), names)
    expect(names["ask"](call_site), "nearest", "test_installed_code_counts_where_no_other_is_on_the_stack")  # nearest

    found: list[Site | None] = []
    names["keep"] = found.append
    exec(compile("def alone(call):\n    keep(call())\n", str(file), "exec"), names)
    # The stack of a thread begins in the standard library: nothing of this file is on it.
    thread = Thread(target=names["alone"], args=[call_site])
    thread.start()
    thread.join()
    assert found == [Site(str(file), 2, "alone")]


@pytest.mark.parametrize("runner", [asyncio.run, uvloop.run])
def test_a_task_of_a_library_s_was_not_asked_for_where_the_loop_began(runner: Any) -> None:
    names: dict[str, Any] = {"__name__": "sqlalchemy.tasks", "call_site": call_site}
    exec("async def of_a_library():\n    return call_site()\n", names)

    async def main() -> list[Site | None]:
        return [*await asyncio.gather(names["of_a_library"](), names["of_a_library"]()), await names["of_a_library"]()]

    first, second, awaited = runner(main())
    assert (first, second) == (None, None)
    assert awaited is not None
    assert awaited.function.endswith("main")


def test_how_it_is_written() -> None:
    assert str(Site("a.py", 3, "f")) == "a.py:3 in f"
    assert str(Site("a.html", 3, "")) == "a.html:3"
    assert str(Site(str(Path.cwd() / "app" / "a.py"), 3, "f")) == "app/a.py:3 in f"
