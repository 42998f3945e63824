"""A trace: what a block, a request or a test has sent. Gathered here; what is wrong with it is said in `rules`."""

from collections import deque
from contextvars import Token
from time import perf_counter
from types import TracebackType
from typing import Any, Final, Literal, Protocol, Self

from crosslet.connections import Connections, asking_place
from crosslet.errors import ConfigurationError
from crosslet.facts.loads import LOADS, EagerLoad, LazyLoad, Loads
from crosslet.facts.requests import request_here
from crosslet.facts.sent import Sent, Total, kept_text, parameters_text, template_of
from crosslet.loading import call_site

Detail = Literal["sites", "production"]
# Statements of an application are some hundreds; texts that were put together by hand have no end.
_MOST_TOTALS: Final = 1000
# Stands in `totals` for those beyond.
_OTHERS: Final = "(others)"


class Traced(Protocol):
    """A Database, as far as it is needed here."""

    @property
    def connections(self) -> Connections:
        """Show what lies underneath."""


class _Step:
    """A statement under way; a `Sent` is made of it when somebody asks."""

    __slots__ = (
        "connection",
        "context",
        "elapsed",
        "error",
        "loads",
        "parameters",
        "request",
        "rows",
        "site",
        "started",
        "statement",
    )


class Trace:
    """The statements of a block: `with trace(db) as found`. It is made by `trace`.

    What concurrent requests and tasks send is not in it; what tasks send that the block has started, is.
    """

    def __init__(self, db: Traced, *, newest: int, detail: Detail, values: bool, everywhere: bool, reads: bool) -> None:
        self._observers = db.connections.observers
        self._show_values = db.connections.settings.show_values
        self._has_sites = detail == "sites"
        self._has_values = values
        self._everywhere = everywhere
        self._token: Token[Any] | None = None
        self._count = 0
        self._steps: deque[_Step] = deque(maxlen=newest)
        self._loads = Loads(newest, is_watching=reads) if self._has_sites else None
        self._totals: dict[str, list[Any]] = {}

    # --- what was found ----------------------------------------------------------------------------

    @property
    def count(self) -> int:
        """Count the statements that were sent, those that are not kept any more, too."""
        return self._count

    @property
    def dropped(self) -> int:
        """Count the statements that had to make room for newer ones."""
        return self._count - len(self._steps)

    @property
    def statements(self) -> list[Sent]:
        """Return the newest statements, in the order in which they were sent."""
        return [_sent(step) for step in list(self._steps)]

    @property
    def totals(self) -> list[Total]:
        """Return what all executions of each statement took, what took most first."""
        found: dict[str, list[Any]] = {}
        for text, numbers in list(self._totals.items()):
            known = found.setdefault(template_of(text), [0, 0.0, 0.0, 0, 0])
            known[:] = [
                known[0] + numbers[0],
                known[1] + numbers[1],
                max(known[2], numbers[2]),
                known[3] + numbers[3],
                known[4] + numbers[4],
            ]
        made = [
            Total(
                statement=text,
                count=count,
                total_ms=total * 1000,
                max_ms=longest * 1000,
                rows=rows,
                failed=failed,
            )
            for text, (count, total, longest, rows, failed) in found.items()
        ]
        return sorted(made, key=lambda one: one.total_ms, reverse=True)

    @property
    def lazy_loads(self) -> list[LazyLoad]:
        """Return the attributes that were loaded for one object alone; none without sites."""
        return [] if self._loads is None else list(self._loads.lazy)

    @property
    def eager_loads(self) -> list[EagerLoad]:
        """Return the relationships that came with queries, and whether they were read; none without `reads`."""
        return [] if self._loads is None else self._loads.eager

    # --- the block ---------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        self._token = self._observers.add(self, everywhere=self._everywhere)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._observers.remove(self, self._token)
        if self._loads is not None:
            self._loads.end()

    # --- what observers are told -------------------------------------------------------------------

    def began(self, statement: str, parameters: Any, connection: int, context: Any) -> Any:
        """Note a statement that is about to be sent; see `crosslet.connections.Observer`."""
        step = _Step()
        compiled = None if context is None else context.compiled
        step.statement = kept_text(statement if compiled is None else compiled.string)
        step.connection = connection
        step.request = request_here()
        step.site = (asking_place() or call_site()) if self._has_sites else None
        step.parameters = parameters_text(parameters, show_values=self._show_values) if self._has_values else None
        step.loads = None if context is None else context.execution_options.get(LOADS)
        step.context = context if self._loads is not None else None
        step.elapsed = step.rows = step.error = None
        self._count += 1
        self._steps.append(step)
        step.started = perf_counter()
        return step

    def ended(self, mark: Any, *, rows: int | None, error: BaseException | None, seconds: float | None) -> None:
        """Note how it ended."""
        elapsed = mark.elapsed = perf_counter() - mark.started if seconds is None else seconds
        mark.rows = rows
        if error is not None:
            mark.error = type(error).__name__
        context, mark.context = mark.context, None
        if context is not None and self._loads is not None:
            self._look_at(self._loads, context, rows)
        total = self._totals.get(mark.statement)
        if total is None:
            total = self._new_total(mark.statement)
        total[0] += 1
        total[1] += elapsed
        total[2] = max(total[2], elapsed)
        total[3] += rows or 0
        total[4] += error is not None

    def _new_total(self, statement: str) -> list[Any]:
        if len(self._totals) >= _MOST_TOTALS:
            return self._totals.setdefault(_OTHERS, [0, 0.0, 0.0, 0, 0])
        return self._totals.setdefault(statement, [0, 0.0, 0.0, 0, 0])

    def _look_at(self, loads: Loads, context: Any, rows: int | None) -> None:
        if context.isdelete:
            loads.note_delete(getattr(context.compiled.statement, "table", None))
        elif rows:
            loads.note_rows(context)

    def loading(self, state: Any) -> None:
        """Note what the ORM loads, and for whom."""
        if self._loads is not None:
            self._loads.note(state, asking_place() or call_site())


def _sent(step: _Step) -> Sent:
    request = step.request
    return Sent(
        statement=template_of(step.statement),
        elapsed_ms=None if step.elapsed is None else step.elapsed * 1000,
        rows=step.rows,
        site=step.site,
        route=None if request is None else request.route,
        request=None if request is None else request.number,
        connection=step.connection,
        parameters=step.parameters,
        error=step.error,
        loads=step.loads,
    )


def trace(
    db: Traced,
    *,
    detail: Detail = "sites",
    newest: int = 1000,
    values: bool = False,
    everywhere: bool = False,
    reads: bool = False,
) -> Trace:
    """Gather what a block sends to a database: `with trace(db) as found`, around code that awaits.

    It adds no listener to SQLAlchemy, so reads go past its engine as they do without it. BEGIN, COMMIT, savepoints,
    pings and what sets a connection up are not statements of the application and are not in it.

    Args:
        db: The Database.
        detail: `sites` tells the line behind each statement and what the ORM loads for one object alone; `production`
            leaves both out and costs a few microseconds a statement.
        newest: How many statements and loads are kept.
        values: Keep the values of statements, as a text: for development. Masked unless the Database has
            `show_values`.
        everywhere: What all tasks of the process send, not only the block and tasks that it starts.
        reads: Note which relationships are read, so that eager loads for nothing show: for tests. While it goes on,
            relationships tell of each access.

    Raises:
        ConfigurationError: `newest` is no positive number, `detail` is none of the two, or `reads` needs sites.
    """
    if newest < 1:
        raise ConfigurationError(f"newest={newest}: a trace keeps at least one statement.")
    if detail not in {"sites", "production"}:
        raise ConfigurationError(f"detail={detail!r}: choose sites or production.")
    if reads and detail != "sites":
        raise ConfigurationError("reads=True needs detail='sites': production does not look at what the ORM loads.")
    return Trace(db, newest=newest, detail=detail, values=values, everywhere=everywhere, reads=reads)
