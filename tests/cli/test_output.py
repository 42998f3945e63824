"""Envelope, columns, colours and exit codes: what all commands share."""

import json

import pytest
import typer

from crosslet.cli.output import Answer, Diagnostic, ExitCode, Severity, columns, envelope, finish


def diagnostic(severity: Severity) -> Diagnostic:
    return Diagnostic("a-code", severity, "Something is.", "Do something.")


@pytest.mark.parametrize(
    ("severities", "failure", "code"),
    [
        ([], None, 0),
        (["note"], None, 0),
        (["warning"], None, 1),
        (["note", "error"], None, 1),
        (["error"], ExitCode.UNREACHABLE, 4),
        ([], ExitCode.UNSAFE, 5),
    ],
)
def test_the_exit_code(severities: list[Severity], failure: ExitCode | None, code: int) -> None:
    answer = Answer("x/1", {}, diagnostics=[diagnostic(severity) for severity in severities], failure=failure)
    assert answer.exit_code == code
    assert envelope(answer)["ok"] is (code == 0)
    with pytest.raises(typer.Exit) as caught:
        finish(answer, as_json=True)
    assert caught.value.exit_code == code


def test_the_envelope(capsys: pytest.CaptureFixture[str]) -> None:
    answer = Answer("x/1", {"name": "Zoë"}, [("name", "Zoë")], [diagnostic("warning")])
    with pytest.raises(typer.Exit):
        finish(answer, as_json=True)
    out, err = capsys.readouterr()
    assert err == ""
    assert "Zoë" in out
    assert json.loads(out) == {
        "schema": "x/1",
        "ok": False,
        "data": {"name": "Zoë"},
        "diagnostics": [
            {"code": "a-code", "severity": "warning", "message": "Something is.", "fix": "Do something."},
        ],
    }


def test_data_and_diagnostics_go_different_ways(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        finish(Answer("x/1", {}, [("a", "1"), ("longer", "2")], [diagnostic("error")]), as_json=False)
    out, err = capsys.readouterr()
    assert out == "a       1\nlonger  2\n"
    assert err == "error [a-code] Something is.\n  Do something.\n"


def test_no_columns() -> None:
    assert columns([]) == []


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
    ],
)
def test_colour(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], coloured: bool
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(typer.Exit):
        finish(Answer("x/1", {}, diagnostics=[diagnostic("error")]), as_json=False)
    assert ("\x1b[" in capsys.readouterr().err) is coloured
