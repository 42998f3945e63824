"""The `crosslet` command: its help and its commands. What a command does stands in its own file.

Commands import what they need when they run, so that `crosslet --help` costs no driver and no framework.
"""

from enum import Enum
from typing import Annotated

import typer


class LoadFormat(Enum):
    """What `crosslet load` reads."""

    csv = "csv"
    jsonl = "jsonl"


app = typer.Typer(
    name="crosslet",
    # Boxes and colours of help cost a reader that is a program, and say nothing more.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"crosslet {version('crosslet')}")
        raise typer.Exit


@app.callback(
    epilog="""\b
Exit codes:
  0  clean
  1  findings: what was asked for works, and something should be changed
  2  usage: the command line cannot be read
  3  configuration cannot load: URL, settings, a driver that is not installed
  4  the database cannot be reached
  5  refused as unsafe

\b
Data goes to stdout, findings and errors to stderr. --json puts both into one
envelope on stdout: {"schema", "ok", "data", "diagnostics"}.
Settings come from options, else CROSSLET_* variables; the URL from the argument, else
DATABASE_URL, else the SQLite file crosslet.db. NO_COLOR is respected."""
)
def crosslet(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """The data layer for FastAPI: look at a database as the application sees it."""


@app.command(
    epilog="""\b
Examples:
  crosslet check
  crosslet check postgresql://app@db.example.org/shop --processes 4
  crosslet check --json | python -m json.tool

Exits with 0, 1, 2, 3 or 4: see crosslet --help."""
)
def check(
    url: Annotated[
        str | None,
        typer.Argument(metavar="URL", help="Database URL; without it DATABASE_URL, else the file crosslet.db."),
    ] = None,
    *,
    processes: Annotated[int, typer.Option(metavar="N", min=1, help="Server processes that share the database.")] = 1,
    pool: Annotated[
        str | None, typer.Option(metavar="PRESET", help="web, worker, serverless or pgbouncer, as the application's.")
    ] = None,
    tls: Annotated[str | None, typer.Option(metavar="MODE", help="off, require or verify.")] = None,
    ca_file: Annotated[str | None, typer.Option(metavar="FILE", help="Certificates to trust, PEM.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON envelope on stdout, schema crosslet.check/1.")
    ] = False,
) -> None:
    """Connect as the application would, and say what was found.

    Prints server, driver, round-trip time, TLS, time zone, isolation, a pooler in between, whether readers are
    read-only, and whether the pools of all processes fit the server. Changes nothing.
    """
    from crosslet.cli.check import check_database

    given = {"DATABASE_URL": url, "CROSSLET_POOL": pool, "CROSSLET_TLS": tls, "CROSSLET_TLS_CA_FILE": ca_file}
    check_database({name: value for name, value in given.items() if value is not None}, processes, as_json=as_json)


# Options of `load` that take several lines.
_Upsert = Annotated[
    str | None, typer.Option(metavar="KEY", help="Change the row that has this unique key: attributes, by comma.")
]
_Update = Annotated[
    str | None, typer.Option(metavar="KEY", help="Change rows that exist, found by these attributes; add none.")
]
_Delimiter = Annotated[
    str | None, typer.Option(metavar="CHAR", help="Between the fields of CSV: a comma, in .tsv a tab.")
]
_Rejected = Annotated[
    str | None, typer.Option(metavar="FILE", help="Write the rows that were not stored there, as they stand.")
]
_LoadJSON = Annotated[bool, typer.Option("--json", help="One JSON envelope on stdout, schema crosslet.load/1.")]
_Form = Annotated[LoadFormat | None, typer.Option("--format", help="What the file is, where its name does not say it.")]


@app.command(
    epilog="""\b
Examples:
  crosslet load shop.models:Product products.csv
  crosslet load shop.models:Product feed.jsonl --upsert code --dry-run
  zcat rows.csv.gz | crosslet load shop.models:Product - --format csv --skip-errors

CSV is UTF-8 with a header that names the attributes of the class; an empty field is NULL.
JSON Lines has an object a line. Dates are ISO 8601, bytes base64, enumerations by name or value.
Exits with 0 when every row was stored, 1 when one was not, else 2, 3 or 4: see crosslet --help."""
)
def load(
    model: Annotated[str, typer.Argument(metavar="MODULE:CLASS", help="The mapped class whose rows they are.")],
    file: Annotated[str, typer.Argument(metavar="FILE", help="A .csv, .tsv, .jsonl or .ndjson file; - for stdin.")],
    *,
    url: Annotated[
        str | None, typer.Option(metavar="URL", help="Database; without it DATABASE_URL, else the file crosslet.db.")
    ] = None,
    form: _Form = None,
    upsert: _Upsert = None,
    update: _Update = None,
    null: Annotated[str, typer.Option(metavar="TEXT", help="What stands for NULL in CSV.")] = "",
    delimiter: _Delimiter = None,
    skip_errors: Annotated[
        bool, typer.Option("--skip-errors", help="Store the rows that can be, although others cannot.")
    ] = False,
    max_errors: Annotated[
        int, typer.Option(metavar="N", min=0, help="Stop when more rows than these are wrong.")
    ] = 1000,
    rejected: _Rejected = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Do all of it, then roll back.")] = False,
    as_json: _LoadJSON = False,
) -> None:
    """Load the rows of a file into a table, in one transaction, by the fastest road of the database.

    Without --skip-errors it is all or nothing, and every wrong row is told by its line. Defaults, types and checks are
    those of session.insert_many; ORM events and validators of the class are not run.
    """
    from crosslet.cli.load import Asked, keys_of, load_file

    if upsert and update:
        raise typer.BadParameter("--upsert and --update exclude each other.")
    if rejected and file == "-":
        raise typer.BadParameter("--rejected needs a file: standard input cannot be read again.")
    if delimiter is not None and len(delimiter) != 1:
        raise typer.BadParameter("--delimiter is one character.")
    asked = Asked(
        model=model,
        file=file,
        form=form.value if form else None,
        null=null,
        delimiter=delimiter or ("\t" if file.lower().endswith(".tsv") else ","),
        upsert=keys_of(upsert),
        update=keys_of(update),
        skips=skip_errors,
        most_errors=max_errors,
        rejected=rejected,
        dry_run=dry_run,
    )
    load_file({"DATABASE_URL": url} if url is not None else {}, asked, as_json=as_json)


def run() -> None:
    """Run the command line and exit with its code."""
    app()
