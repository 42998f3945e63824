"""`crosslet check`: connect as the application would, gather facts, say what they mean."""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from sqlalchemy import URL

from crosslet import errors
from crosslet.cli.check_findings import Checked, findings_of
from crosslet.cli.check_text import data_of, lines_of
from crosslet.cli.output import Answer, Diagnostic, ExitCode, finish
from crosslet.connections import is_loopback
from crosslet.database import Database
from crosslet.dialects import dialect_of, parse_url
from crosslet.facts import link_of, refuses_writes, server_of
from crosslet.settings import settings_from

SCHEMA = "crosslet.check/1"

# By the words of CannotConnect: which step failed, and what to do.
_STEPS: tuple[tuple[str, str, str], ...] = (
    ("host name", "looking up the host", "Correct the host in the URL, or the machine's DNS."),
    ("nothing listens", "opening the connection", "Start the server, or correct host and port in the URL."),
    ("no answer", "waiting for an answer", "Look for a firewall in between, a wrong address, or a server that hangs."),
    ("closed", "the login", "See the server's log; make sure that the port is the database's own."),
    ("certificate", "TLS", "Name the authority with --ca-file, and use a host name that the certificate is for."),
    ("plain text", "TLS", "Switch TLS on at the server. --tls off is for a network that nobody else can listen to."),
    ("TLS", "TLS", "Switch TLS on at the server. --tls off is for a network that nobody else can listen to."),
    ("user or password", "the login", "Correct user and password; the account may also be tied to certain hosts."),
    ("the account may not use", "choosing the database", "Grant the account the database, or correct its name."),
    ("the account", "the login", "Let the account in from this host: pg_hba.conf, or the host part of the account."),
    ("the user", "the login", "Create the account, or correct the user in the URL."),
    ("database does not exist", "choosing the database", "Create the database, or correct its name in the URL."),
    ("file cannot be opened", "opening the file", "Create the folder, and let this account write to it."),
    ("not an SQLite database", "opening the file", "Correct the path: the file holds something else."),
)
_ANY_STEP = ("the login", "See the server's log for the reason.")


def check_database(given: Mapping[str, str], processes: int, *, as_json: bool) -> NoReturn:
    """Check one database and exit.

    Args:
        given: Options of the command line, as the environment variables that they stand for.
        processes: How many share the database.
        as_json: Print the envelope.

    Raises:
        typer.Exit: Always; 0, 1, 3 or 4.
    """
    finish(_answer({**os.environ, **given}, processes), as_json=as_json)


def _answer(environment: Mapping[str, str], processes: int) -> Answer:
    try:
        url, settings = settings_from(environment)
        if (absent := _absent_file(parse_url(url))) is not None:
            return Answer(SCHEMA, {}, diagnostics=[absent])
        database = Database(url, pool=settings.pool, tls=settings.tls, deadlines=settings.deadlines)
        checked = asyncio.run(_check(database, processes))
    except errors.ConfigurationError as error:
        return _failed(ExitCode.CONFIGURATION, Diagnostic("configuration-error", "error", str(error), ""))
    except (errors.DatabaseError, TimeoutError) as error:
        return _failed(ExitCode.UNREACHABLE, _unreachable(error))
    return Answer(SCHEMA, data_of(checked), lines_of(checked), findings_of(checked))


def _failed(code: ExitCode, diagnostic: Diagnostic) -> Answer:
    return Answer(SCHEMA, {}, diagnostics=[diagnostic], failure=code)


async def _check(database: Database, processes: int) -> Checked:
    try:
        return await _gather(database, processes)
    finally:
        await database.close()


async def _gather(database: Database, processes: int) -> Checked:
    engine, connections = await database.engine(), database.connections
    dialect, ping_deadline = database.dialect, database.settings.deadlines.ping
    link = await link_of(engine, connections.driver, dialect, ping_deadline)
    async with database.read() as session:
        server = await server_of(session, dialect)
    async with database.read() as session:
        reader_refuses_writes = await refuses_writes(session, dialect)
    pool = database.settings.pool
    return Checked(
        url=database.url,
        is_remote=not is_loopback(connections.url, dialect),
        port=connections.url.port,
        processes=processes,
        pool=pool,
        writers=1 if dialect.has_single_writer else pool.writers,
        tls=connections.tls.mode,
        server=server,
        link=link,
        reader_refuses_writes=reader_refuses_writes,
    )


def _absent_file(url: URL) -> Diagnostic | None:
    """Speak of a file that is not there: looking would create it, and looking is all that a check may do."""
    path = url.database or ":memory:"
    if dialect_of(url).has_server or path.startswith((":memory:", "file:")) or os.path.exists(path):
        return None
    folder = Path(path).absolute().parent
    if not folder.is_dir():
        raise errors.CannotConnect(f"the file cannot be opened: there is no folder {folder}")
    return Diagnostic(
        "no-database-file",
        "warning",
        f"There is no file {Path(path).absolute()}; the application would start with an empty database there.",
        "Correct the URL if there should be one: its path is relative to the working directory.",
    )


def _unreachable(error: Exception) -> Diagnostic:
    if isinstance(error, errors.CannotConnect):
        # Behind "at" stands the place, whose name people choose.
        why = error.reason.partition(" at ")[0]
        known = ((step, fix) for words, step, fix in _STEPS if words in why)
        step, fix = next(known, _ANY_STEP)
        return Diagnostic(error.code, "error", f"The database cannot be reached: {step} failed, {error.reason}.", fix)
    if isinstance(error, errors.DatabaseError):
        return Diagnostic(error.code or "database-error", "error", f"{error.summary} ({error.sqlstate}).", error.advice)
    return Diagnostic("no-answer", "error", f"The connection is open, but {error}.", "Look at the server's load.")
