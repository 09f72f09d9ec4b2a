"""What `netsuite-tba query` does: it runs a query, writes its rows, and explains errors."""

import json
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from tempfile import TemporaryFile
from typing import TextIO

import click
from rich.status import Status

from tap_netsuite_tba.commands.account import errors_as_sentences, open_account
from tap_netsuite_tba.commands.query_output import Target, Texts
from tap_netsuite_tba.commands.query_rows import Result, ask
from tap_netsuite_tba.commands.screen import console_of, log_on
from tap_netsuite_tba.errors import TapNetSuiteError
from tap_netsuite_tba.netsuite.errors import NetSuiteError
from tap_netsuite_tba.netsuite.traps import EMPTY, SILENT, Trap, explained, traps


def show_query(
    files: Sequence[str], text: str, keys: tuple[str, ...], target: Target, *, demo: bool
) -> None:
    """Runs a query and writes its rows.

    Args:
        files: Where the settings are.
        text: The query.
        keys: The columns that its user says to tell rows apart; none if they do not say.
        target: Where the rows go, and how.
        demo: Whether the simulator's company is asked.

    Raises:
        ClickException: The query cannot be run, or NetSuite refuses it.
        SystemExit: An error ended it; the exit code is 1.
    """
    known = traps(text)
    if known and known[0].is_fatal:
        raise click.ClickException(str(known[0]))
    with errors_as_sentences():
        try:
            rows = _run(files, text, keys, target, demo=demo)
        except NetSuiteError as error:
            raise click.ClickException(explained(error, text)) from error
    if rows and target.is_terminal:
        click.echo(f"{rows:,} rows." if rows > 1 else "1 row.", err=True)
    elif not rows:
        _tell_of_nothing(known)


def _run(
    files: Sequence[str], text: str, keys: tuple[str, ...], target: Target, *, demo: bool
) -> int:
    """How many rows were written; a person at a terminal sees that something happens."""
    screen = console_of(sys.stderr)
    with (
        open_account(files, demo=demo) as account,
        log_on(screen),
        screen.status("Asking NetSuite") as status,
    ):
        result = ask(text, keys, account)
        for trap in traps(text):
            if trap.effect == SILENT:
                screen.print(f"Warning: {trap}")
        if result.note:
            screen.print(f"Note: {result.note}")
        return _Writing(result, target, status).write()


class _Writing:
    """One result on its way to its target."""

    def __init__(self, result: Result, target: Target, status: Status) -> None:
        self._result, self._target, self._status = result, target, status

    def write(self) -> int:
        """How many rows there were."""
        with TemporaryFile("w+", encoding="utf-8") as spool:
            columns, pages = self._result.columns, self._told(self._result.rows)
            if columns is None:
                names = _spooled(pages, spool)
                columns, pages = self._result.ordered(names), _unspooled(spool)
            return self._written(columns, pages)

    def _written(self, columns: Sequence[str], pages: Iterator[Sequence[Texts]]) -> int:
        first, written = next(pages, []), 0
        if self._target.is_terminal:
            self._status.stop()  # The rows themselves show that something happens.
        with self._target.writer() as writer:
            writer.begin(columns, first)
            try:
                for rows in chain([first], pages):
                    writer.write_rows(rows)
                    written += len(rows)
            except (TapNetSuiteError, click.ClickException):
                click.echo(f"Only the first {written:,} rows are written.", err=True)
                raise
        return written

    def _told(self, pages: Iterator[Sequence[Texts]]) -> Iterator[Sequence[Texts]]:
        """The same pages; a person at a terminal sees how many have come."""
        read, total = 0, self._result.total
        for rows in pages:
            read += len(rows)
            self._status.update(f"{read:,} of {total:,} rows" if total else f"{read:,} rows")
            yield rows


def _spooled(pages: Iterator[Sequence[Texts]], spool: TextIO) -> Sequence[str]:
    """The names of all columns that any row has, which is known when the last row is written."""
    names: dict[str, None] = {}
    for rows in pages:
        for row in rows:
            names |= dict.fromkeys(row)
        spool.write(f"{json.dumps(rows)}\n")
    return tuple(names)


def _unspooled(spool: TextIO) -> Iterator[Sequence[Texts]]:
    spool.seek(0)
    yield from map(json.loads, spool)


def _tell_of_nothing(known: Sequence[Trap]) -> None:
    click.echo("No rows.", err=True)
    for trap in known:
        if trap.effect == EMPTY:
            click.echo(f"Note: {trap}", err=True)
