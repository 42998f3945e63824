"""Every public name says what it is for."""

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from house.sources import expect_none, modules


def problems(module: ModuleType) -> list[str]:
    """List the public names of a module that have no docstring, and were not inherited with one."""
    return [f"{module.__name__}{'.' if name else ''}{name}" for name, documented in judged(module) if not documented]


def judged(module: ModuleType) -> Iterator[tuple[str, bool]]:
    """Say of each public thing that a module defines whether it is documented."""
    yield "", bool(module.__doc__)
    for name, value in vars(module).items():
        if name.startswith("_") or getattr(value, "__module__", None) != module.__name__:
            continue
        if inspect.isfunction(value):
            yield name, bool(value.__doc__)
        elif inspect.isclass(value):
            # A dataclass without a docstring is given its signature for one.
            own = value.__dict__.get("__doc__") or ""
            yield name, bool(own) and not own.startswith(f"{value.__name__}(")
            yield from ((f"{name}.{method}", documented) for method, documented in judged_methods(value))


def judged_methods(owner: type) -> Iterator[tuple[str, bool]]:
    """Say of each public method and property whether it is documented; what overrides may inherit its text."""
    for name, value in vars(owner).items():
        inner = getattr(value, "__func__", value)
        if not name.startswith("_") and (inspect.isfunction(inner) or isinstance(inner, property)):
            yield name, any(getattr(vars(one).get(name), "__doc__", None) for one in owner.__mro__)


def test_public_names_are_documented() -> None:
    # Importing a __main__ runs it.
    names = [module.name for module in modules() if module.path.name != "__main__.py"]
    expect_none([problem for name in names for problem in problems(importlib.import_module(name))])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("def f():\n    pass\n", "sample.f"),
        ("async def f():\n    pass\n", "sample.f"),
        ("class A:\n    pass\n", "sample.A"),
        ("from dataclasses import dataclass\n@dataclass\nclass A:\n    x: int\n", "sample.A"),
        ('class A:\n    """A."""\n    def f(self):\n        pass\n', "sample.A.f"),
        ('class A:\n    """A."""\n    @property\n    def f(self):\n        pass\n', "sample.A.f"),
        ('class A:\n    """A."""\n    @classmethod\n    def f(cls):\n        pass\n', "sample.A.f"),
    ],
)
def test_finds_what_is_not_documented(text: str, name: str) -> None:
    module = ModuleType("sample")
    exec('"""Sample."""\n' + text, vars(module))
    assert problems(module) == [name]


def test_lets_pass_what_inherits_its_text_or_is_private() -> None:
    module = ModuleType("sample", "Sample.")
    base = 'class A:\n    """A."""\n    def f(self):\n        """F."""\n'
    heir = 'class B(A):\n    """B."""\n    def f(self):\n        pass\n    def _g(self):\n        pass\n'
    exec(base + heir + "def _h():\n    pass\nfrom os import path\n", vars(module))
    assert problems(module) == []


def test_finds_a_module_without_a_docstring() -> None:
    assert problems(ModuleType("sample")) == ["sample"]


def test_looks_at_every_module() -> None:
    names = {module.name for module in modules()}
    assert {"crosslet", "crosslet.errors", "crosslet.dialects.base"} <= names
    assert all(module.path.is_relative_to(Path(module.path.anchor)) for module in modules())
