"""How every command answers: exit codes, the JSON envelope, plain columns. No command's own words live here."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any, Literal, NoReturn

import typer

Severity = Literal["error", "warning", "note"]
_COLOURS: dict[Severity, str] = {"error": "red", "warning": "yellow", "note": "blue"}


class ExitCode(IntEnum):
    """What a command's exit code means; `crosslet --help` lists them."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    CONFIGURATION = 3
    UNREACHABLE = 4
    UNSAFE = 5


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing to say about what was found.

    Attributes:
        code: Stable, for programs.
        severity: A `note` needs nothing done and leaves the exit code alone.
        message: What is, in one sentence.
        fix: What to do about it.
    """

    code: str
    severity: Severity
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command found.

    Attributes:
        schema: Name and version of the shape of `data`, such as `crosslet.check/1`.
        data: For programs; whatever JSON can hold.
        lines: The same for people: a label and its text each.
        diagnostics: Errors, warnings, notes.
        failure: Why the command could not do its work; None where it did.
    """

    schema: str
    data: Mapping[str, Any]
    lines: Sequence[tuple[str, str]] = ()
    diagnostics: Sequence[Diagnostic] = ()
    failure: ExitCode | None = None

    @property
    def exit_code(self) -> ExitCode:
        """Say how the command ends."""
        if self.failure is not None:
            return self.failure
        found = any(diagnostic.severity != "note" for diagnostic in self.diagnostics)
        return ExitCode.FINDINGS if found else ExitCode.CLEAN


def finish(answer: Answer, *, as_json: bool) -> NoReturn:
    """Print an answer and exit: data on stdout, diagnostics on stderr, or all in one envelope on stdout.

    Raises:
        typer.Exit: Always, with the answer's exit code.
    """
    if as_json:
        typer.echo(json.dumps(envelope(answer), indent=2, ensure_ascii=False))
    else:
        for line in columns(answer.lines):
            typer.echo(line)
        for diagnostic in answer.diagnostics:
            _print_diagnostic(diagnostic)
    raise typer.Exit(answer.exit_code)


def envelope(answer: Answer) -> dict[str, Any]:
    """Return what `--json` prints. `ok` is true exactly when the exit code is 0."""
    return {
        "schema": answer.schema,
        "ok": answer.exit_code is ExitCode.CLEAN,
        "data": dict(answer.data),
        "diagnostics": [asdict(diagnostic) for diagnostic in answer.diagnostics],
    }


def columns(lines: Sequence[tuple[str, str]]) -> list[str]:
    """Align labels and texts."""
    width = max((len(label) for label, _ in lines), default=0)
    return [f"{label:<{width}}  {text}" for label, text in lines]


def _print_diagnostic(diagnostic: Diagnostic) -> None:
    word = typer.style(diagnostic.severity, fg=_COLOURS[diagnostic.severity], bold=True)
    typer.echo(f"{word} [{diagnostic.code}] {diagnostic.message}", err=True, color=_colour())
    if diagnostic.fix:
        typer.echo(f"  {diagnostic.fix}", err=True)


def _colour() -> bool | None:
    """Say whether to colour: no, yes, or as the terminal is (None). See no-color.org and force-color.org."""
    if os.environ.get("NO_COLOR"):
        return False
    return True if os.environ.get("FORCE_COLOR") else None
