"""The command `netsuite-tba tables`, as it is called."""

from collections.abc import Sequence

import click

from tap_netsuite_tba.commands.options import with_settings


@click.command()
@with_settings
@click.option("--json", "as_json", is_flag=True, help="Write one JSON document.")
@click.option(
    "--count/--no-count",
    "counts",
    default=True,
    help="Count the rows, one request a table (the default), or leave that out.",
)
@click.argument("names", nargs=-1, metavar="[NAME|PATTERN]...")
def tables(
    files: Sequence[str],
    names: Sequence[str],
    *,
    demo: bool,
    as_json: bool,
    counts: bool,
) -> None:
    """List the tables that the role can read, or the columns of one.

    Without a NAME it lists all, with what is missing for those that cannot be read, and the record
    types for the setting records. A PATTERN, such as 'transaction*', or several names list only
    those tables. One NAME shows the columns of that table.

    NetSuite is asked anew each time. The exit code is 1 if a table that is named, here or in the
    setting tables, cannot be read.
    """
    # Only now: who asks for --help need not wait for what reads an account.
    from tap_netsuite_tba.commands.inquiry import show_tables  # noqa: PLC0415

    show_tables(files, names, demo=demo, as_json=as_json, counts=counts)
