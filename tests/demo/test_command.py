"""The command behind scripts/demo, run as a user would: its own process, its own SQLite file."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TIMEOUT = 120


def start(*arguments: str, folder: Path) -> "subprocess.Popen[str]":
    path = os.pathsep.join(str(ROOT / name) for name in ("docs/examples", "src"))
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("CROSSLET_", "DATABASE_"))}
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "demo", *arguments],
        cwd=folder,
        env=environment | {"PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def run(*arguments: str, folder: Path) -> tuple[int, str, str]:
    with start(*arguments, folder=folder) as process:
        try:
            output, errors = process.communicate(timeout=TIMEOUT)
        finally:
            process.kill()
    return process.returncode, output, errors


def test_check_passes_and_leaves_nothing_behind(tmp_path: Path) -> None:
    code, output, errors = run("--check", folder=tmp_path)
    assert (code, errors) == (0, "")
    assert output.count("ok  ") == 9
    assert list(tmp_path.iterdir()) == []


def test_serves_until_ctrl_c_and_keeps_its_data(tmp_path: Path) -> None:
    for attempt in ("first", "second"):
        with start("--port", "0", folder=tmp_path) as process:
            assert process.stdout is not None
            try:
                printed = ""
                while "Ctrl-C" not in printed:
                    line = process.stdout.readline()
                    assert line, process.communicate()[1]
                    printed += line
                process.send_signal(signal.SIGINT)
                output, errors = process.communicate(timeout=TIMEOUT)
            finally:
                process.kill()
        assert ("has data already" in printed) == (attempt == "second")
        assert (process.returncode, output, errors) == (0, "Stopped.\n", "")
    assert (tmp_path / "demo.db").exists()


def test_says_so_when_the_port_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, output, errors = run("--port", str(port), folder=tmp_path)
    assert (code, output) == (1, "")
    assert f"127.0.0.1:{port}: Address already in use. Try --port" in errors
    assert list(tmp_path.iterdir()) == []


def test_says_so_when_the_port_is_no_port(tmp_path: Path) -> None:
    code, _, errors = run("--port", "70000", folder=tmp_path)
    assert code == 2
    assert "'70000' is not a number from 0 to 65535" in errors


def test_says_so_when_the_database_cannot_be_reached_or_is_no_database(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"postgresql+asyncpg://nobody@127.0.0.1:{unused.getsockname()[1]}/nothing"
        code, _, errors = run("--port", "0", "--url", url, folder=tmp_path)
    assert code == 4
    assert errors.count("\n") == 1
    assert "cannot be reached" in errors
    code, _, errors = run("--port", "0", "--url", "oracle://x/y", folder=tmp_path)
    assert code == 2
    assert errors.count("\n") == 1
    code, _, errors = run("--check", "--url", url, folder=tmp_path)
    assert code == 1
    assert "it did not start" in errors
