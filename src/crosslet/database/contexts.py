"""A unit of work as a block: `async with db.read()`, `async with db.write()`, and the same again after a failure."""

from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Concatenate, NoReturn, ParamSpec, TypeVar

from crosslet.database.session import Session
from crosslet.errors import ConfigurationError
from crosslet.settings import Retry
from crosslet.transactions import Hook, run_again, run_hooks

T = TypeVar("T")
P = ParamSpec("P")


class UnitContext:
    """One unit of work as an `async with` block."""

    __slots__ = ("_finish", "_isolation", "_open", "_read_only", "_retry", "_session")

    def __init__(
        self,
        open_: Callable[..., Awaitable[Session]],
        finish: Callable[[Session], Awaitable[list[Hook]]],
        retry: Retry,
        *,
        read_only: bool,
        isolation: str | None = None,
    ) -> None:
        self._open = open_
        self._finish = finish
        self._retry = retry
        self._read_only = read_only
        self._isolation = isolation
        self._session: Session | None = None

    async def run(self, unit: Callable[Concatenate[Session, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a whole unit as `Database.run` does: `await db.write(isolation="SERIALIZABLE").run(unit)`.

        Args:
            unit: Called as `unit(session, *args, **kwargs)`.
            *args: Handed to the unit.
            **kwargs: Handed to the unit.
        """
        opened: list[Session] = []

        async def attempt() -> T:
            once = UnitContext(
                self._open, self._finish, self._retry, read_only=self._read_only, isolation=self._isolation
            )
            async with once as session:
                opened.append(session)
                return await unit(session, *args, **kwargs)

        # A unit that committed half-way and failed after it must not store its first half twice.
        return await run_again(attempt, self._retry, lambda: not any(session.commits for session in opened))

    def __enter__(self) -> NoReturn:
        raise ConfigurationError("A unit waits for the database: write `async with`.")

    def __exit__(self, *error: object) -> None:
        """Never reached; `with` looks for it first."""

    async def __aenter__(self) -> Session:
        if self._session is not None:
            raise ConfigurationError("A unit can be entered once: call db.read() or db.write() for each block.")
        self._session = await self._open(read_only=self._read_only, isolation=self._isolation)
        return self._session

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        session = self._session
        if session is None:
            return
        if error is not None or self._read_only:
            try:
                if error is None:
                    session.refuse_changes()
            finally:
                await session.close()
            return
        await run_hooks(await self._finish(session))
