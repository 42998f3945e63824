"""Tests of what a block sends: how many statements, none in a loop, no more for more rows, a budget for each route.

Each is a plain function or context manager over a trace; a failure shows every statement with its line.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from crosslet.errors import ConfigurationError
from crosslet.facts import Sent, Trace, Traced, trace
from crosslet.rules import findings_in, n_plus_one

_MOST = 10_000
_SHOWN = 60
_LENGTH = 160


@contextmanager
def assert_statements(db: Traced, *, max: int | None = None, exactly: int | None = None) -> Iterator[Trace]:  # noqa: A002
    """Fail where a block sends another number of statements than it may.

    BEGIN, COMMIT and savepoints do not count. An error inside the block is raised as it is.

    Args:
        db: The Database.
        max: The most that it may send.
        exactly: How many it has to send.

    Raises:
        AssertionError: It sent another number.
        ConfigurationError: Not one of `max` and `exactly` is given.
    """
    if (max is None) == (exactly is None):
        raise ConfigurationError("assert_statements() takes max= or exactly=, one of them.")
    with trace(db, newest=_MOST) as found:
        yield found
    if exactly is not None and found.count != exactly:
        raise AssertionError(report(found, f"{_statements(found.count)} instead of {exactly}"))
    if max is not None and found.count > max:
        raise AssertionError(report(found, f"{_statements(found.count)}, at most {max} allowed"))


@contextmanager
def assert_no_n_plus_one(db: Traced, *, least: int = 2) -> Iterator[Trace]:
    """Fail where objects of one query load the same attribute one after the other.

    Args:
        db: The Database.
        least: How many such loads make a failure.

    Raises:
        AssertionError: They did; the text has the option that loads it with the query.
    """
    with trace(db, newest=_MOST) as found:
        yield found
    problems = n_plus_one(found.lazy_loads, least=least)
    if problems:
        raise AssertionError(report(found, "N+1: " + "; ".join(problem.message for problem in problems)))


async def assert_constant_statements(
    db: Traced,
    make: Callable[[int], Awaitable[Any]],
    run: Callable[[], Awaitable[Any]],
    *,
    sizes: tuple[int, ...] = (2, 10),
) -> None:
    """Fail where more rows take more statements.

    `run` is called once before, with the first size, so that what is sent only once is not counted.

    Args:
        db: The Database.
        make: Makes so many rows, beside those of smaller sizes; called with each size and not measured.
        run: What is measured.
        sizes: In rising order, two at least.

    Raises:
        AssertionError: `run` sent more statements for a larger size.
        ConfigurationError: The sizes do not rise.
    """
    if len(sizes) < 2 or any(later <= earlier for earlier, later in pairwise(sizes)):  # noqa: PLR2004
        raise ConfigurationError(f"sizes={sizes}: give at least two, in rising order.")
    counts: dict[int, int] = {}
    for size in sizes:
        await make(size)
        if not counts:
            await run()
        with trace(db, newest=_MOST) as found:
            await run()
        counts[size] = found.count
        if found.count > counts[sizes[0]]:
            grown = ", ".join(f"{count} with {size}" for size, count in counts.items())
            raise AssertionError(report(found, f"statements grow with the rows: {grown}"))


class RouteBudgets:
    """Statements that each request may send, by route: `with RouteBudgets(db, {"GET /users/{id}": 1}):`.

    Requests are those that the block, or a task started in it, sends to an application of this process, on which
    `install` was called.

    Args:
        db: The Database.
        budgets: By method and path of the route.
        default: For other routes; None for any number.
    """

    def __init__(self, db: Traced, budgets: Mapping[str, int], *, default: int | None = None) -> None:
        for name in budgets:
            method, _, path = name.partition(" ")
            if not method.isupper() or not path.startswith("/"):
                raise ConfigurationError(f"{name!r} is no route: write method and path, such as 'GET /users/{{id}}'.")
        self._budgets = dict(budgets)
        self._default = default
        self._trace = trace(db, newest=_MOST)

    def __enter__(self) -> Trace:
        return self._trace.__enter__()

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        """Compare.

        Raises:
            AssertionError: A request sent more than it may.
        """
        self._trace.__exit__(kind, error, traceback)
        if error is None:
            self._compare()

    def _compare(self) -> None:
        requests: dict[int, list[Sent]] = {}
        for one in self._trace.statements:
            if one.request is not None:
                requests.setdefault(one.request, []).append(one)
        over: dict[str, list[Sent]] = {}
        for sent in requests.values():
            route = str(sent[0].route)
            budget = self._budgets.get(route, self._default)
            if budget is not None and len(sent) > max(budget, len(over.get(route, ()))):
                over[route] = sent
        if over:
            lines = [
                f"{route}: {_statements(len(sent))}, at most {self._budgets.get(route, self._default)} allowed\n"
                + listing(sent)
                for route, sent in over.items()
            ]
            raise AssertionError("\n".join([*lines, *_findings(self._trace)]))


def report(found: Trace, headline: str) -> str:
    """Write what a trace has seen: each statement with its line and time, and what is wrong with it."""
    return "\n".join([headline, listing(found.statements), *_findings(found)])


def listing(statements: list[Sent]) -> str:
    """Write statements, a line each, with the line of the code that asked for it below."""
    lines = []
    for number, one in enumerate(statements[:_SHOWN], 1):
        text = " ".join(one.statement.split())
        text = text if len(text) <= _LENGTH else f"{text[: _LENGTH - 3]}..."
        elapsed = "running" if one.elapsed_ms is None else f"{one.elapsed_ms:.1f} ms"
        failed = f", {one.error}" if one.error else ""
        loads = f", loads {one.loads} of one object" if one.loads else ""
        lines.append(f"{number:>4}. {text}\n      {one.site or 'no line of yours'} ({elapsed}{failed}{loads})")
    if len(statements) > _SHOWN:
        lines.append(f"      and {len(statements) - _SHOWN} more")
    return "\n".join(lines)


def _findings(found: Trace) -> list[str]:
    return [str(finding) for finding in findings_in(found)]


def _statements(count: int) -> str:
    return f"{count} statement{'' if count == 1 else 's'}"
