"""The command `netsuite-tba tables`: what the role can read, what it cannot, and why."""

import json
import sys
from collections.abc import Sequence
from itertools import count

import click
from rich.status import Status

from tap_netsuite_tba.commands.account import (
    OpenAccount,
    errors_as_sentences,
    open_account,
    with_settings,
)
from tap_netsuite_tba.commands.documents import Document, document_of_listing, document_of_table
from tap_netsuite_tba.commands.listing import Rows, count_tables, listing
from tap_netsuite_tba.commands.screen import console_of, log_on
from tap_netsuite_tba.commands.shown import show_listing, show_table
from tap_netsuite_tba.discovery import report
from tap_netsuite_tba.discovery.candidates import candidate_tables, named_tables
from tap_netsuite_tba.discovery.customization import read_customization
from tap_netsuite_tba.discovery.customtables import custom_tables
from tap_netsuite_tba.discovery.fields import custom_columns
from tap_netsuite_tba.discovery.found import Discovery, Unreadable, Wanted, fits
from tap_netsuite_tba.discovery.tables import discover
from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.netsuite.errors import QueryRefused
from tap_netsuite_tba.netsuite.query import Fetch, Page, Query
from tap_netsuite_tba.settings import Settings


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

    Without a NAME it lists all, with what is missing for those that cannot be read. A PATTERN, such
    as 'transaction*', or several names list only those. One NAME shows the columns of that table.

    NetSuite is asked anew each time. The exit code is 1 if a table that is named, here or in the
    setting tables, cannot be read.
    """
    with errors_as_sentences(), open_account(files, demo=demo) as account:
        is_one = len(names) == 1 and bool(named_tables(names))
        found, rows = _ask(account, names, counts=counts)
        console = console_of(sys.stdout)
        if is_one and as_json:
            _write(document_of_table(found, rows))
        elif is_one:
            show_table(found, rows, console)
        else:
            listed = listing(found, rows, names, account.settings.tables)
            if as_json:
                _write(document_of_listing(listed))
            else:
                show_listing(listed, console)
    if any(unreadable.is_named for unreadable in found.unreadable):
        sys.exit(1)


def _ask(account: OpenAccount, names: Sequence[str], *, counts: bool) -> tuple[Discovery, Rows]:
    """What there is, and how many rows; a person at a terminal sees that something happens."""
    screen, connection = console_of(sys.stderr), account.connection
    with log_on(screen, without={report.__name__}), screen.status("Asking NetSuite") as status:
        fetch = _telling("Asking for", connection.fetch_patiently, status)
        wanted = _wanted(names, account.settings)
        try:
            found = discover(wanted, fetch, connection.record_catalog, account.workers)
        except QueryRefused as error:
            if len(names) > 1 or not named_tables(names):
                raise
            raise _explained(names[0].lower(), error, account) from error
        if not counts:
            return found, {}
        fetch = _telling("Counting the rows of", connection.fetch, status)
        return found, count_tables(found.tables, fetch, account.workers)


def _wanted(names: Sequence[str], settings: Settings) -> Wanted:
    """What the user asks for, or else all that there is, in the types that a sync would have."""
    patterns = tuple(names) or ("*", *sorted(named_tables(settings.tables)))
    types = {
        column: kind
        for column, kind in settings.column_types.items()
        if fits(column.partition(".")[0], patterns)
    }
    return Wanted(patterns, types, settings.include_labels)


def _telling(what: str, fetch: Fetch, status: Status) -> Fetch:
    """The same fetch, which shows for which table it is."""
    numbers = count(1)

    def fetch_and_tell(query: Query) -> Page:
        status.update(f"{what} {query.table}, request {next(numbers)}")
        return fetch(query)

    return fetch_and_tell


def _explained(name: str, refusal: QueryRefused, account: OpenAccount) -> ConfigurationError:
    """Why a table cannot be read, and what to do about it; of an unknown one, what is like it."""
    customization = read_customization(account.connection.fetch_patiently, account.workers)
    columns = custom_columns(customization)
    own = custom_tables(customization, columns, ())
    [table] = candidate_tables((name,), customization, columns)
    there = Discovery(unseen=tuple(customization.unseen.items()), own=tuple(own))
    remedy = report.remedy(Unreadable(table, refusal.detail, is_named=True), there)
    return ConfigurationError(f"{name} cannot be read. {report.short(refusal.detail)} {remedy}")


def _write(document: Document) -> None:
    click.echo(json.dumps(document, indent=2))
