"""The command `netsuite-tba query`, as it is called."""

from collections.abc import Sequence

import click

from tap_netsuite_tba.commands.options import with_settings

FORMATS = ("table", "csv", "jsonl")
"""How a result can be written."""


@click.command()
@with_settings
@click.option(
    "--key",
    metavar="COLUMN[,COLUMN]",
    help="What tells the rows apart, for results of more than 1,000 rows where it is not found.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="A table for people (the default on a terminal), CSV (the default elsewhere), or JSON "
    "lines.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Write to this file; without --format its ending (.csv, .jsonl) tells the format.",
)
@click.argument("query", required=False, metavar="[SELECT|FILE|-]")
def query(  # noqa: PLR0913 - its options
    files: Sequence[str],
    query: str | None,
    *,
    demo: bool,
    key: str | None,
    form: str | None,
    output: str | None,
) -> None:
    """Run a SuiteQL query, and print its rows.

    The query is given as it is, or in a FILE, or on standard input (- or a pipe).

    Any number of rows is read. Up to 1,000 come in one request, in the order that the query asks
    for; more are read by a key, which tells the rows apart: --key, or one that is found. Where
    there is none, 100,000 rows can be read.

    Values are as SuiteQL writes them. The exit code is 1 if NetSuite refuses the query, or a part
    of the result cannot be had.
    """
    # Only now: who asks for --help need not wait for what reads an account.
    from tap_netsuite_tba.commands.query_input import read_query  # noqa: PLC0415
    from tap_netsuite_tba.commands.query_output import Target  # noqa: PLC0415
    from tap_netsuite_tba.commands.querying import show_query  # noqa: PLC0415

    keys = tuple(name.strip().lower() for name in key.split(",")) if key else ()
    target = Target(form, output)
    target.check()
    show_query(files, read_query(query), keys, target, demo=demo)
