"""Finding: one thing that a rule has found wrong, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from crosslet.loading import Site

# `warning`: it is so. `hint`: it was so in what was seen, and may be right elsewhere.
Level = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule says of facts.

    Attributes:
        rule: The rule's name, which is that of its page: `docs/rules/n_plus_one.md`.
        level: `error`, `warning` or `hint`.
        message: What was found, in a sentence.
        site: The line to look at; None where none is known.
        fix: What to do.
        data: The same for programs: values that JSON has a form for.
    """

    rule: str
    level: Level
    message: str
    site: Site | None
    fix: str
    data: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def __str__(self) -> str:
        place = f"{self.site}: " if self.site is not None else ""
        return f"{place}{self.message}\n    fix: {self.fix} [{self.rule}]"
