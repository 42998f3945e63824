"""`scripts/demo --check`: start the demo as a user would, call it as a client would, stop it, and say what failed."""

import contextlib
import http.client
import json
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any
from uuid import uuid4

_START_TIMEOUT = _STOP_TIMEOUT = 60.0
_CALL_TIMEOUT = 30.0


class CheckFailed(Exception):
    """Something was not as it should be."""


@dataclass
class Client:
    """Calls a server and insists on the status of each answer."""

    address: str

    def call(self, method: str, path: str, body: Any = None, *, expect: int) -> Any:
        """Send a request and return the JSON of its answer, None if it has no body."""
        data = None if body is None else json.dumps(body)
        connection = http.client.HTTPConnection(self.address, timeout=_CALL_TIMEOUT)
        with contextlib.closing(connection):
            connection.request(method, path, data, {"content-type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
        if answer.status != expect:
            raise CheckFailed(f"{method} {path} answered {answer.status}, not {expect}: {text.decode()[:500]}")
        return json.loads(text) if text else None


def check(url: str | None) -> int:
    """Run every step; return the exit code."""
    try:
        with tempfile.TemporaryDirectory(prefix="crosslet-demo-") as folder:
            with _running(url or f"sqlite:///{folder}/demo.db") as client:
                for step in STEPS:
                    step(client)
                    print(f"ok  {(step.__doc__ or step.__name__).rstrip('.')}", flush=True)
            print("ok  stopped by Ctrl-C, exit code 0")
    except (CheckFailed, OSError, http.client.HTTPException) as error:
        print(f"failed: {error}", file=sys.stderr)
        return 1
    return 0


@contextlib.contextmanager
def _running(url: str) -> Iterator[Client]:
    command = [sys.executable, "-m", "demo", "--port", "0", "--url", url]
    with (
        tempfile.TemporaryFile("w+") as errors,
        # Its own interpreter and module, in a process group of its own: a Ctrl-C here is not also one there.
        subprocess.Popen(  # noqa: S603
            command, stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True
        ) as process,
    ):
        try:
            yield Client(_wait_for_address(process, errors))
            process.send_signal(signal.SIGINT)
            output, _ = process.communicate(timeout=_STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            raise CheckFailed(f"it did not stop within {_STOP_TIMEOUT:.0f} s of Ctrl-C") from None
        finally:
            process.kill()
        if process.returncode != 0 or "Stopped." not in output:
            raise CheckFailed(f"it ended with exit code {process.returncode}: {_text_of(errors)}")


def _wait_for_address(process: "subprocess.Popen[str]", errors: IO[str]) -> str:
    """Read what it prints until it names its address, which it does once it serves."""
    assert process.stdout is not None
    timer = threading.Timer(_START_TIMEOUT, process.kill)
    timer.start()
    try:
        for line in process.stdout:
            if found := re.match(r"API +http://(\S+?)/users", line):
                return found[1]
    finally:
        timer.cancel()
    if process.wait() == -signal.SIGKILL:
        raise CheckFailed(f"it did not start within {_START_TIMEOUT:.0f} s: {_text_of(errors)}")
    raise CheckFailed(f"it did not start: {_text_of(errors)}")


def _text_of(errors: IO[str]) -> str:
    errors.seek(0)
    return errors.read().strip()[-2000:] or "it printed no error"


def _require(holds: bool, complaint: str) -> None:
    if not holds:
        raise CheckFailed(complaint)


def _new_user(client: Client, **fields: Any) -> Any:
    body = {"email": f"{uuid4().hex}@example.com", "name": "Check", **fields}
    return client.call("POST", "/users", body, expect=201)


def health(client: Client) -> None:
    """Health: alive and ready."""
    client.call("GET", "/health/live", expect=200)
    client.call("GET", "/health/ready", expect=200)


def documented(client: Client) -> None:
    """OpenAPI describes the routes."""
    paths = client.call("GET", "/openapi.json", expect=200)["paths"]
    _require("/users" in paths and "/transfers" in paths, f"OpenAPI knows only {', '.join(paths)}")


def sample_data(client: Client) -> None:
    """Sample data is there: users, their posts, statistics."""
    page = client.call("GET", "/users?limit=5", expect=200)
    _require(len(page["items"]) == 5 and page["total"] > 100, f"{page['total']} users listed")
    (busiest,) = client.call("GET", "/statistics/authors?since=2024-01-01T00:00:00Z&top=1", expect=200)
    posts = client.call("GET", f"/users/{busiest['user_id']}/posts?limit=100", expect=200)
    _require(posts["total"] == busiest["posts"] > 0, f"{posts['total']} posts listed, {busiest['posts']} counted")


def create_get_patch_delete(client: Client) -> None:
    """A user is created, read, changed, deleted, and then a 404."""
    user = _new_user(client, profile={"theme": "dark"})
    _require(
        client.call("GET", f"/users/{user['id']}", expect=200) == user, "a user reads otherwise than it was created"
    )
    changed = client.call("PATCH", f"/users/{user['id']}", {"bio": "New."}, expect=200)
    _require(changed["bio"] == "New." and changed["name"] == user["name"], "a patch changed what it should not")
    client.call("DELETE", f"/users/{user['id']}", expect=204)
    missing = client.call("GET", f"/users/{user['id']}", expect=404)
    _require(missing["code"] == "not-found", f"the 404 says {missing}")


def duplicate(client: Client) -> None:
    """A duplicate e-mail is a 409 that names the field."""
    user = _new_user(client)
    problem = client.call("POST", "/users", {"email": user["email"], "name": "Again"}, expect=409)
    _require(problem["fields"] == ["email"] and user["email"] not in json.dumps(problem), f"the 409 says {problem}")


def bad_input(client: Client) -> None:
    """Bad input is a 422, and nothing is stored."""
    before = client.call("GET", "/users", expect=200)["total"]
    for wrong in ({"email": "no"}, {"name": ""}, {"name": "a\0b"}, {"latitude": float("nan")}, {"id": str(uuid4())}):
        body = {"email": f"{uuid4().hex}@example.com", "name": "Check", **wrong}
        client.call("POST", "/users", body, expect=422)
    client.call("GET", "/users?limit=-1", expect=422)
    client.call("GET", f"/accounts/{2**63}", expect=422)
    _require(client.call("GET", "/users", expect=200)["total"] == before, "something refused was stored")


def one_transaction(client: Client) -> None:
    """A user with a first post: both, or neither."""
    email = f"{uuid4().hex}@example.com"
    body: Any = {"user": {"email": email, "name": "Check"}, "post": {"title": "a\0b", "text": ""}}
    client.call("POST", "/users/with-first-post", body, expect=422)
    body["post"]["title"] = "First"
    made = client.call("POST", "/users/with-first-post", body, expect=201)
    _require(made["post"]["author_email"] == email, f"the post says {made['post']}")


def money(client: Client) -> None:
    """Money moves once, to the cent, and never more than is there."""
    owner = _new_user(client)["id"]
    source, target = (
        client.call("POST", "/accounts", {"owner_id": owner, "name": name, "balance": balance}, expect=201)["id"]
        for name, balance in (("from", "10.10"), ("to", "0.20"))
    )
    body = {"token": str(uuid4()), "source_id": source, "target_id": target, "amount": "10.00"}
    client.call("POST", "/transfers", body, expect=201)
    client.call("POST", "/transfers", {**body, "amount": "0.10"}, expect=409)  # the same token
    client.call("POST", "/transfers", {**body, "token": str(uuid4()), "amount": "0.11"}, expect=409)  # not enough
    client.call("GET", f"/transfers/{body['token']}", expect=200)
    balances = [client.call("GET", f"/accounts/{number}", expect=200)["balance"] for number in (source, target)]
    _require(balances == ["0.10", "10.20"], f"the balances are {balances}, not 0.10 and 10.20")


STEPS: Sequence[Callable[[Client], None]] = (
    health,
    documented,
    sample_data,
    create_get_patch_delete,
    duplicate,
    bad_input,
    one_transaction,
    money,
)
