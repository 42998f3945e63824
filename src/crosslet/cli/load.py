"""`crosslet load`: the rows of a file into a table, in one transaction, with a bar on a terminal."""

import asyncio
import csv
import importlib
import io
import os
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from sqlalchemy import URL, make_url

from crosslet import errors
from crosslet.cli.load_bar import Bar, bar_of
from crosslet.cli.load_rows import Format, RowSource, TooManyErrors, Unreadable, columns_of, csv_reader
from crosslet.cli.output import Answer, Diagnostic, ExitCode, finish
from crosslet.database import Database, Session
from crosslet.settings import settings_from
from crosslet.writes import BulkResult

SCHEMA = "crosslet.load/1"
# Rows that are read, checked and sent at once.
CHUNK = 5_000
_FIRST = 100
# Wrong rows that are told on a terminal; --json has all.
_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line asks for.

    Attributes:
        model: `package.module:Class`.
        file: A path, or `-` for standard input.
        form: csv or jsonl; None to go by the file's name.
        null: What stands for NULL in CSV.
        upsert: Attributes of the unique key by which rows are inserted or changed.
        update: Those by which rows are changed only.
        skips: Store the rows that can be stored although others cannot.
        most_errors: How many rows may be wrong before reading stops.
        rejected: A file that the rows which were not stored are written to, as they stand.
        dry_run: Do all of it, then roll back.
    """

    model: str
    file: str
    form: Format | None = None
    null: str = ""
    delimiter: str = ","
    upsert: tuple[str, ...] = ()
    update: tuple[str, ...] = ()
    skips: bool = False
    most_errors: int = 1000
    rejected: str | None = None
    dry_run: bool = False


class _RolledBack(Exception):
    """Nothing is to be stored."""


class _Misread(Exception):
    """The command line asks for what there is not."""


@dataclass(slots=True, eq=False)
class _Run:
    source: RowSource
    counts: Counter[str] = field(default_factory=Counter)
    is_stored: bool = False
    why: Diagnostic | None = None
    seconds: float = 0.0


def load_file(given: Mapping[str, str], asked: Asked, *, as_json: bool) -> NoReturn:
    """Load a file and exit.

    Args:
        given: Options of the command line, as the environment variables that they stand for.
        asked: What to load.
        as_json: Print the envelope.

    Raises:
        typer.Exit: Always; 0, 1, 2, 3 or 4.
    """
    finish(_answer({**os.environ, **given}, asked), as_json=as_json)


def _answer(environment: Mapping[str, str], asked: Asked) -> Answer:
    try:
        model = _model_of(asked)
        url, settings = settings_from(environment)
        database = Database(
            url, metadata=model.metadata, pool=settings.pool, tls=settings.tls, deadlines=settings.deadlines
        )
        _refuse_no_file(url, database)
        with _opened(asked.file) as file:
            _check_rejected(asked)
            run = _Run(RowSource(file, _form_of(asked), model, asked.null, asked.delimiter, asked.most_errors))
            asyncio.run(_load(database, asked, run))
        _write_rejected(asked, run)
    except _Misread as error:
        return _failed(ExitCode.USAGE, "usage", str(error))
    except errors.ConfigurationError as error:
        return _failed(ExitCode.CONFIGURATION, error.code or "configuration-error", str(error))
    except (errors.Unavailable, TimeoutError) as error:
        return _failed(ExitCode.UNREACHABLE, "unreachable", str(error) or "There was no answer in time.")
    return _told(asked, run)


def _failed(code: ExitCode, name: str, message: str) -> Answer:
    return Answer(SCHEMA, {}, diagnostics=[Diagnostic(name, "error", message, "")], failure=code)


# --- what is asked for ---------------------------------------------------------------------------------------


def _model_of(asked: Asked) -> Any:
    module, _, name = asked.model.partition(":")
    if not module or not name:
        raise _Misread(f"{asked.model!r}: write module and class, such as shop.models:Product.")
    model = getattr(_imported(module), name, None)
    if model is None:
        raise _Misread(f"{module} has no {name}.")
    known = columns_of(model)
    if unknown := [key for key in (*asked.upsert, *asked.update) if key not in known]:
        raise _Misread(f"{name} has no {', '.join(unknown)}. Its columns: {', '.join(known)}.")
    return model


def _imported(module: str) -> Any:
    sys.path.insert(0, os.getcwd())
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise _Misread(f"There is no module {error.name}: start in the folder that holds it.") from None
    except Exception as error:  # Whatever the application's own code raises.
        raise errors.ConfigurationError(f"{module} cannot be imported: {type(error).__name__}: {error}") from error


def keys_of(text: str | None) -> tuple[str, ...]:
    """Split the names of a key."""
    return tuple(name.strip() for name in (text or "").split(",") if name.strip())


def _form_of(asked: Asked) -> Format:
    if asked.form is not None:
        return asked.form
    ending = Path(asked.file).suffix.lower()
    if ending in {".csv", ".tsv"}:
        return "csv"
    if ending in {".jsonl", ".ndjson"}:
        return "jsonl"
    raise _Misread(f"{asked.file!r}: say --format csv or --format jsonl.")


def _check_rejected(asked: Asked) -> None:
    if asked.rejected is None:
        return
    path = Path(asked.rejected)
    if not path.absolute().parent.is_dir() or path.is_dir():
        raise _Misread(f"{asked.rejected!r} cannot be written: it is a folder, or its folder is not there.")
    if path.exists() and path.samefile(asked.file):
        raise _Misread("--rejected is the file itself: give another.")


def _opened(path: str) -> BinaryIO:
    if path == "-":
        return open(sys.stdin.fileno(), "rb", closefd=False)
    try:
        return open(path, "rb")
    except OSError as error:
        raise _Misread(f"{path!r} cannot be read: {error.strerror}.") from None


def _refuse_no_file(url: str | URL, database: Database) -> None:
    """Refuse a database file that is not there: to connect would make an empty one."""
    name = make_url(url).database or ":memory:"
    if not database.dialect.has_server and not name.startswith((":", "file:")) and not Path(name).exists():
        raise errors.ConfigurationError(
            f"There is no database file {name!r}: let the application or its migrations make the tables first."
        )


# --- what is done --------------------------------------------------------------------------------------------


async def _load(database: Database, asked: Asked, run: _Run) -> None:
    began = time.monotonic()
    try:
        async with database:
            with bar_of(asked.file, run.source.file) as bar:
                async with database.write() as session:
                    await _store(session, asked, run, bar)
        run.is_stored = True
    except _RolledBack:
        pass
    except (Unreadable, TooManyErrors) as error:
        run.why = _stopped(error, asked)
    except errors.Unavailable:
        raise
    except errors.DatabaseError as error:
        run.why = Diagnostic(error.code or "error", "error", str(error), _fate_of(error))
    finally:
        run.seconds = time.monotonic() - began


async def _store(session: Session, asked: Asked, run: _Run, bar: Bar) -> None:
    source, done = run.source, 0
    verb = _verb_of(session, asked)
    with closing(iter(source)) as rows:
        # A chunk a call, so that a file whose rows are all wrong is noticed early.
        while chunk := list(islice(rows, CHUNK if done else _FIRST)):
            result = await verb(source.model, chunk, on_error="skip")
            done += len(chunk)
            _note(run, result)
            bar.show(done, len(source.refused))
    source.refused.sort(key=lambda refused: refused.line)
    if asked.dry_run or (source.refused and not asked.skips):
        raise _RolledBack


def _note(run: _Run, result: BulkResult) -> None:
    source = run.source
    run.counts.update(result.outcomes)
    for row in result.skipped:
        source.refuse(source.lines[row.index], row.error.code or "error", _reason_of(row.error))
    for index in result.missing:
        source.refuse(source.lines[index], "no-such-row", "there is no row with this key")
    source.lines.clear()


def _fate_of(error: errors.DatabaseError) -> str:
    if isinstance(error, errors.CommitOutcomeUnknown):
        return "All rows were stored or none: look at the table before you load the file again."
    return "Nothing was stored."


def _verb_of(session: Session, asked: Asked) -> Callable[..., Awaitable[BulkResult]]:
    if asked.upsert:
        return partial(session.upsert_many, key=asked.upsert)
    if asked.update:
        return partial(session.update_many, key=asked.update)
    return session.insert_many


def _reason_of(error: errors.CrossletError) -> str:
    if isinstance(error, errors.InvalidValue):
        return "; ".join(f"{problem.field}: {problem.reason}" for problem in error.problems)
    return str(error).removesuffix(".")


def _stopped(error: Exception, asked: Asked) -> Diagnostic:
    if isinstance(error, TooManyErrors):
        message = f"More than {asked.most_errors} rows cannot be stored; nothing was."
        return Diagnostic("too-many-errors", "error", message, "Correct the file, or allow more with --max-errors.")
    return Diagnostic("unreadable-file", "error", str(error), "Nothing was stored. Correct the file.")


def _write_rejected(asked: Asked, run: _Run) -> None:
    """Write the rows that were not stored as they stand, to be corrected and loaded again."""
    if asked.rejected is None or run.why is not None or not run.source.refused:
        return
    try:
        _copy_rejected(asked, asked.rejected, run)
    except OSError as error:
        fate = "The other rows are stored." if run.is_stored else "Nothing was stored."
        message = f"The rejected rows could not be written to {asked.rejected!r}: {error.strerror}."
        run.why = Diagnostic(
            "rejected-not-written", "error", message, f"{fate} All rejected rows are told with --json."
        )


def _copy_rejected(asked: Asked, rejected: str, run: _Run) -> None:
    lines = {refused.line for refused in run.source.refused}
    with open(asked.file, "rb") as file, open(rejected, "wb") as out:
        if run.source.form == "jsonl":
            out.writelines(line for number, line in enumerate(file, 1) if number in lines)
            return
        text = io.TextIOWrapper(out, encoding="utf-8", newline="")
        writer = csv.writer(text, delimiter=asked.delimiter)
        with csv_reader(file, asked.delimiter) as reader:
            writer.writerow(next(reader))
            writer.writerows(fields for fields in reader if reader.line_num in lines)
        text.detach()


# --- what is told --------------------------------------------------------------------------------------------


def _told(asked: Asked, run: _Run) -> Answer:
    refused = run.source.refused
    counts = {word: run.counts[word] for word in ("inserted", "updated", "unchanged")}
    data = {
        "model": asked.model,
        "file": asked.file,
        "stored": run.is_stored,
        "dry_run": asked.dry_run,
        **counts,
        "refused": [asdict(one) for one in refused],
        "seconds": round(run.seconds, 3),
    }
    return Answer(SCHEMA, data, _lines(asked, run, counts), _diagnostics(asked, run))


def _lines(asked: Asked, run: _Run, counts: Mapping[str, int]) -> list[tuple[str, str]]:
    if run.why is not None:
        return []
    done = ", ".join(f"{count:,} {word}" for word, count in counts.items() if count) or "no rows"
    took = f"{run.seconds:.1f} s"
    if run.is_stored:
        return [("stored", f"{done}, in {took}")]
    what = "as asked (--dry-run)" if asked.dry_run else "since there are rows that cannot be"
    return [("stored", f"nothing, {what}"), ("would be", f"{done}, in {took}")]


def _diagnostics(asked: Asked, run: _Run) -> list[Diagnostic]:
    refused = run.source.refused
    found = [Diagnostic(one.code, "error", f"Line {one.line}: {one.reason}.", "") for one in refused[:_SHOWN]]
    if len(refused) > _SHOWN:
        found.append(Diagnostic("more-rows", "error", f"And {len(refused) - _SHOWN:,} rows more; --json has all.", ""))
    if run.why is not None:
        return [*found, run.why]
    if refused and not asked.skips:
        fix = "Correct them, or store the others with --skip-errors."
        found.append(
            Diagnostic("rows-refused", "error", f"{len(refused):,} of the rows cannot be stored; nothing was.", fix)
        )
    return found
