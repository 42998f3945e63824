"""A trace: what a block, a request or a test has sent. Gathered here; what is wrong with it is said in `rules`."""

from collections import deque
from contextvars import Token
from time import perf_counter
from types import TracebackType
from typing import Any, Final, Literal, Protocol, Self

from crosslet.connections import Connections, asking_place, number_of
from crosslet.errors import ConfigurationError
from crosslet.facts.loads import LOADS, EagerLoad, LazyLoad, Loads
from crosslet.facts.requests import Request, request_here
from crosslet.facts.sent import Sent, Total, kept_text, parameters_text, template_of
from crosslet.loading import Site, call_site

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


class Trace:
    """The statements of a block: `with trace(db) as found`. It is made by `trace`.

    What concurrent requests and tasks send is not in it; what tasks send that the block has started, is.
    """

    heeds_loads = False
    sums_up = True

    def __init__(self, db: Traced, *, everywhere: bool) -> None:
        self._observers = db.connections.observers
        self._everywhere = everywhere
        self._token: Token[Any] | None = None
        self._count = 0
        # By text: how many, seconds, the longest, rows, failures.
        self._totals: dict[str, list[Any]] = {}

    # --- what was found ----------------------------------------------------------------------------

    @property
    def count(self) -> int:
        """Count the statements that were sent, those that are not kept any more, too."""
        return self._count

    @property
    def totals(self) -> list[Total]:
        """Return what all executions of each statement took, what took most first."""
        found: dict[str, list[Any]] = {}
        for text, numbers in list(self._totals.items()):
            # Lists of other lengths have texts of their own.
            known = found.setdefault(template_of(text), [0, 0.0, 0.0, 0, 0])
            longest = max(known[2], numbers[2])
            known[:] = [one + other for one, other in zip(known, numbers, strict=True)]
            known[2] = longest
        made = [_total(text, *numbers) for text, numbers in found.items()]
        return sorted(made, key=lambda one: one.total_ms, reverse=True)

    @property
    def statements(self) -> list[Sent]:
        """Return the newest statements, in the order in which they were sent; none in `production`."""
        return []

    @property
    def dropped(self) -> int:
        """Count the statements that are not among `statements`."""
        return self._count - len(self.statements)

    @property
    def lazy_loads(self) -> list[LazyLoad]:
        """Return the attributes that were loaded for one object alone; none in `production`."""
        return []

    @property
    def eager_loads(self) -> list[EagerLoad]:
        """Return the relationships that came with queries, and whether they were read; none without `reads`."""
        return []

    # --- the block ---------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        self._token = self._observers.add(self, everywhere=self._everywhere)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._observers.remove(self, self._token)

    # --- what observers are told; see `crosslet.connections.Observer` ------------------------------

    def began(self, statement: str, parameters: Any, connection: Any, context: Any) -> Any:
        """Note a statement that is about to be sent."""
        if context is not None and context.compiled is not None:
            statement = context.compiled.string
        return statement, perf_counter()

    def ended(self, mark: Any, rows: int | None, error: BaseException | None, seconds: float | None) -> None:
        """Note how it ended."""
        statement, started = mark
        self.add(statement, perf_counter() - started if seconds is None else seconds, rows, error)

    def add(self, statement: str, seconds: float, rows: int | None, error: BaseException | None) -> None:
        """Note a statement that has ended."""
        self._count += 1
        total = self._totals.get(statement)
        if total is None:
            total = self._new_total(statement)
        total[0] += 1
        total[1] += seconds
        total[2] = max(total[2], seconds)
        if rows:
            total[3] += rows
        if error is not None:
            total[4] += 1

    def _new_total(self, statement: str) -> list[Any]:
        name = _OTHERS if len(self._totals) >= _MOST_TOTALS else kept_text(statement)
        return self._totals.setdefault(name, [0, 0.0, 0.0, 0, 0])

    def loading(self, state: Any) -> None:
        """Hear of what the ORM loads: nobody asks for it here."""


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

    statement: str
    connection: int
    request: Request | None
    site: Site | None
    parameters: str | None
    loads: str | None
    context: Any
    elapsed: float | None
    rows: int | None
    error: str | None
    started: float


class SiteTrace(Trace):
    """A trace that tells the line behind each statement, and what the ORM loads."""

    heeds_loads = True
    sums_up = False

    def __init__(self, db: Traced, *, everywhere: bool, newest: int, values: bool, reads: bool) -> None:
        super().__init__(db, everywhere=everywhere)
        self._show_values = db.connections.settings.show_values
        self._has_values = values
        self._steps: deque[_Step] = deque(maxlen=newest)
        self._loads = Loads(newest, is_watching=reads)

    @property
    def statements(self) -> list[Sent]:
        """Return the newest statements, in the order in which they were sent."""
        return [_sent(step) for step in list(self._steps)]

    @property
    def dropped(self) -> int:
        """Count the statements that had to make room for newer ones."""
        return self._count - len(self._steps)

    @property
    def lazy_loads(self) -> list[LazyLoad]:
        """Return the attributes that were loaded for one object alone."""
        return list(self._loads.lazy)

    @property
    def eager_loads(self) -> list[EagerLoad]:
        """Return the relationships that came with queries, and whether they were read; none without `reads`."""
        return self._loads.eager

    def __exit__(self, *error: Any) -> None:
        super().__exit__(*error)
        self._loads.end()

    def began(self, statement: str, parameters: Any, connection: Any, context: Any) -> Any:
        """Note a statement that is about to be sent."""
        step = _Step()
        compiled = None if context is None else context.compiled
        step.statement = kept_text(statement if compiled is None else compiled.string)
        step.connection = number_of(connection)
        step.request = request_here()
        step.site = asking_place() or call_site()
        step.parameters = parameters_text(parameters, show_values=self._show_values) if self._has_values else None
        step.loads = None if context is None else context.execution_options.get(LOADS)
        step.context = context
        step.elapsed = step.rows = step.error = None
        self._steps.append(step)
        step.started = perf_counter()
        return step

    def ended(self, mark: Any, rows: int | None, error: BaseException | None, seconds: float | None) -> None:
        """Note how it ended."""
        mark.elapsed = perf_counter() - mark.started if seconds is None else seconds
        mark.rows = rows
        mark.error = None if error is None else type(error).__name__
        self.add(mark.statement, mark.elapsed, rows, error)
        context, mark.context = mark.context, None
        if context is not None and context.isdelete:
            self._loads.note_delete(getattr(context.compiled.statement, "table", None))
        elif context is not None and rows:
            self._loads.note_rows(context)

    def loading(self, state: Any) -> None:
        """Note what the ORM loads, and for whom."""
        self._loads.note(state, asking_place() or call_site())


def _total(text: str, count: int, seconds: float, longest: float, rows: int, failed: int) -> Total:
    return Total(statement=text, count=count, total_ms=seconds * 1000, max_ms=longest * 1000, rows=rows, failed=failed)


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
    """Gather what a block sends to a database: `with facts.trace(db) as found`, around code that awaits.

    It adds no listener to SQLAlchemy, so reads go past its engine as they do without it. BEGIN, COMMIT, savepoints,
    pings and what sets a connection up are not statements of the application and are not in it.

    Args:
        db: The Database.
        detail: `sites` keeps the newest statements, the line behind each, and what the ORM loads for one object alone;
            `production` keeps totals of each statement only, for a few microseconds.
        newest: How many statements and loads are kept.
        values: Keep the values of statements, as a text: for development. Masked unless the Database has
            `show_values`.
        everywhere: What all tasks of the process send, not only the block and tasks that it starts.
        reads: Note which relationships are read, so that eager loads for nothing show: for tests. While it goes on,
            relationships tell of each access.

    Raises:
        ConfigurationError: `newest` is no positive number, `detail` is none of the two, or `production` keeps no
                such thing.
    """
    if newest < 1:
        raise ConfigurationError(f"newest={newest}: a trace keeps at least one statement.")
    if detail not in {"sites", "production"}:
        raise ConfigurationError(f"detail={detail!r}: choose sites or production.")
    if detail == "production" and (reads or values):
        raise ConfigurationError("detail='production' keeps totals only: values=True and reads=True need 'sites'.")
    if detail == "production":
        return Trace(db, everywhere=everywhere)
    return SiteTrace(db, everywhere=everywhere, newest=newest, values=values, reads=reads)
