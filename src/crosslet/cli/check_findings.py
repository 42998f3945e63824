"""What `crosslet check` has to say about the facts it gathered. Facts in, diagnostics out: nothing is asked here."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from crosslet.cli.output import Diagnostic
from crosslet.facts import Link, Room, ServerFacts
from crosslet.settings import PoolSettings, TlsMode

_UNICODE = {"UTF8", "utf8mb4", "UTF-8", "UTF-16le", "UTF-16be"}
_UTC = {"UTC", "Etc/UTC", "GMT", "+00:00"}
# Values under which a crash of the server or its machine takes acknowledged commits with it.
_LOSING = {
    "fsync": {"off"},
    "synchronous_commit": {"off"},
    "innodb_flush_log_at_trx_commit": {"0", "2"},
    "synchronous": {"off", "normal"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Everything that was gathered about one database.

    Attributes:
        url: The password masked.
        is_remote: Some host of the URL is not this machine.
        port: What the URL says; None where it names none.
        processes: How many share the database.
        writers: How many connections of the pool are for writing: SQLite's settings are not asked.
    """

    url: str
    is_remote: bool
    port: int | None
    processes: int
    pool: PoolSettings
    writers: int
    tls: TlsMode
    server: ServerFacts
    link: Link
    reader_refuses_writes: bool

    @property
    def pooler_signs(self) -> tuple[str, ...]:
        """List what speaks for something in between, the surest first."""
        return tuple(_pooler_signs(self))

    @property
    def pooler(self) -> Literal["seen", "possible", "none seen"]:
        """Say whether a pooler is in between. A forwarded port looks like one from the outside: `possible`."""
        if self._session_is_foreign:
            return "seen"
        return "possible" if self.pooler_signs else "none seen"

    @property
    def _session_is_foreign(self) -> bool:
        return any(number != self.link.announced_id for number in self.link.session_ids)

    @property
    def per_process(self) -> int | None:
        """Count the connections one process may open; None where the pool sets no limit."""
        return self.writers + self.pool.readers if self.pool.keep else None


def _pooler_signs(checked: Checked) -> Iterator[str]:
    if len(set(checked.link.session_ids)) > 1:
        yield "two transactions of one connection were served by two sessions (transaction mode)"
    elif checked.link.announced_id not in {None, *checked.link.session_ids}:
        yield "the session announced at login is not the one that answers"
    if checked.port is not None and checked.server.port not in {None, checked.port}:
        yield f"the server's own port is {checked.server.port}, the URL's is {checked.port}"


def findings_of(checked: Checked) -> list[Diagnostic]:
    """List what should be changed, the most dangerous first."""
    parts = (_reader, _tls, _strictness, _durability, _pooler, _room, _storage)
    found = [diagnostic for part in parts for diagnostic in part(checked)]
    return sorted(found, key=lambda diagnostic: ("error", "warning", "note").index(diagnostic.severity))


def _reader(checked: Checked) -> Iterator[Diagnostic]:
    if checked.server.is_read_only:
        yield Diagnostic(
            "read-only-server",
            "error",
            "The server takes no writes: it is a replica, or was set to read-only.",
            "Point the URL at the primary.",
        )
    elif not checked.reader_refuses_writes:
        yield Diagnostic(
            "reader-can-write",
            "error",
            "A write through a reader was not refused, so a read may change data.",
            "Something in between resets the session's read-only mode; try --pool pgbouncer.",
        )


def _tls(checked: Checked) -> Iterator[Diagnostic]:
    if not checked.is_remote:
        return
    if not checked.link.is_encrypted:
        yield Diagnostic(
            "tls-off",
            "error",
            "Password and data cross the network in plain text.",
            "Leave CROSSLET_TLS out, or set it to verify; CROSSLET_TLS_CA_FILE names a private authority.",
        )
    elif checked.tls != "verify":
        yield Diagnostic(
            "tls-unverified",
            "warning",
            "The connection is encrypted, but nobody checked to whom: a server in between could read everything.",
            "Set CROSSLET_TLS to verify; CROSSLET_TLS_CA_FILE names a private authority.",
        )


def _strictness(checked: Checked) -> Iterator[Diagnostic]:
    modes = checked.server.settings
    fix = "Add STRICT_TRANS_TABLES to the server's sql_mode."
    if "sql_mode" in modes and "STRICT_" not in modes["sql_mode"]:
        yield Diagnostic(
            "not-strict",
            "error",
            "The session is not in strict mode: values that do not fit are cut and rounded without an error.",
            fix,
        )
    elif "server_sql_mode" in modes and "STRICT_" not in modes["server_sql_mode"]:
        yield Diagnostic(
            "server-not-strict",
            "warning",
            "crosslet's sessions are strict, but the server's default is not: other programs that write to it "
            "have values cut and rounded without an error.",
            fix,
        )


def _durability(checked: Checked) -> Iterator[Diagnostic]:
    losing = [f"{name} = {value}" for name, value in checked.server.settings.items() if value in _LOSING.get(name, ())]
    if losing:
        yield Diagnostic(
            "commits-not-durable",
            "warning",
            f"A crash of the server or its machine may lose commits that were confirmed: {', '.join(losing)}.",
            "Set it back to the server's default, unless the data may be lost.",
        )


def _pooler(checked: Checked) -> Iterator[Diagnostic]:
    expected = checked.pool.transaction_pooler
    if checked.pooler == "seen" and not expected:
        yield Diagnostic(
            "pooler-not-expected",
            "error" if len(set(checked.link.session_ids)) > 1 else "warning",
            f"A pooler is in between: {checked.pooler_signs[0]}. In transaction mode other clients would share "
            "this application's session settings, and prepared statements break.",
            "Use the preset pgbouncer (CROSSLET_POOL=pgbouncer), unless the pooler is in session mode.",
        )
    elif checked.pooler == "none seen" and expected:
        yield Diagnostic(
            "pooler-not-seen",
            "note",
            "The preset pgbouncer is in use and no pooler was seen: reads pay for a transaction each.",
            "Without a pooler the preset web is faster.",
        )


def _room(checked: Checked) -> Iterator[Diagnostic]:
    room, each = checked.server.room, checked.per_process
    if room is None or each is None or checked.pooler == "seen" or each * checked.processes <= room.left:
        return
    fitting = room.left // checked.processes
    yield Diagnostic(
        "pool-too-large",
        "error",
        f"{checked.processes} x {each} = {each * checked.processes} connections may be opened and the server has room "
        f"for {room.left} of this application ({_sum(room)}).",
        f"Keep CROSSLET_POOL_WRITERS + CROSSLET_POOL_READERS at {fitting} or less, or raise the server's limit."
        if fitting > 1
        else "Raise the server's limit, run fewer processes, or put a pooler in between.",
    )


def _sum(room: Room) -> str:
    parts = [f"limit {room.max_connections}", f"{room.reserved} reserved", f"{room.others} used by others"]
    return ", ".join([*parts, *([f"account limit {room.account_limit}"] if room.account_limit is not None else [])])


def _storage(checked: Checked) -> Iterator[Diagnostic]:
    server = checked.server
    if server.encoding not in _UNICODE:
        yield Diagnostic(
            "not-unicode",
            "warning",
            f"Text is stored as {server.encoding}, which cannot hold every character.",
            "Create the database with UTF8 (PostgreSQL) or utf8mb4 (MySQL, MariaDB).",
        )
    if server.time_zone is not None and server.time_zone not in _UTC:
        yield Diagnostic(
            "session-not-utc",
            "warning",
            f"The session's time zone is {server.time_zone}: the database's own clock functions disagree with UTC.",
            "Set the account's or the server's time zone to UTC.",
        )
    if server.settings.get("journal_mode", "wal") != "wal":
        yield Diagnostic(
            "no-wal",
            "warning",
            "SQLite could not switch to WAL: readers and the writer wait for each other.",
            "Keep the file on a local disk, in a folder that the application may write to.",
        )
