"""The `crosslet` command: its help and its commands. What a command does stands in its own file.

Commands import what they need when they run, so that `crosslet --help` costs no driver and no framework.
"""

from typing import Annotated

import typer

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


def run() -> None:
    """Run the command line and exit with its code."""
    app()
