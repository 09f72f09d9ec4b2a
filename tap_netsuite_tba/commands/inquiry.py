"""What `netsuite-tba tables` does: what the role can read, what it cannot, and why."""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import count

import click
from rich.status import Status

from tap_netsuite_tba.commands.account import OpenAccount, errors_as_sentences, open_account
from tap_netsuite_tba.commands.documents import Document, document_of_listing, document_of_table
from tap_netsuite_tba.commands.listing import Rows, count_tables, is_of_all, listing
from tap_netsuite_tba.commands.record_listing import record_types
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


def show_tables(
    files: Sequence[str],
    names: Sequence[str],
    *,
    demo: bool,
    as_json: bool,
    counts: bool,
) -> None:
    """Shows all tables, some, or the columns of one.

    Args:
        files: Where the settings are.
        names: What is asked for; nothing for all.
        demo: Whether the simulator's company is asked.
        as_json: Whether it is shown as one JSON document.
        counts: Whether the rows are counted.

    Raises:
        SystemExit: A named table cannot be read, or none; the exit code is 1.
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
            settings = account.settings
            listed = listing(found, rows, names, settings.tables, _own(settings))
            if is_of_all(names):
                catalog = account.connection.record_catalog
                types = record_types(catalog, found, settings.records)
                listed = replace(listed, record_types=types)
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


def _own(settings: Settings) -> tuple[str, ...]:
    """The streams of record types and queries, as `select` takes them."""
    records = ("record_*", "unreadable_*") if settings.records else ()
    return (*records, *(query.name for query in settings.queries))


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
