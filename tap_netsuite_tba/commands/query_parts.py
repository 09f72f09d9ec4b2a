"""All rows of a query that has more than a page.

The query, in parentheses, is then a table: each page begins behind a key, as with any table. Its
columns are those that the query names; where it names them by a star, rows are read as they are.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

import click

from tap_netsuite_tba.commands.account import OpenAccount
from tap_netsuite_tba.commands.query_output import Texts
from tap_netsuite_tba.commands.query_rows import Result, texts_of
from tap_netsuite_tba.discovery.query_as_written import check_told_apart
from tap_netsuite_tba.discovery.query_asking import Asking
from tap_netsuite_tba.discovery.query_keys import KeyWords, check_keys_shown, count_of_proven
from tap_netsuite_tba.errors import Unreadable
from tap_netsuite_tba.extraction.answers import Chunk
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.budget import Budget
from tap_netsuite_tba.extraction.checks import check_page
from tap_netsuite_tba.extraction.ranges import Progress, Range
from tap_netsuite_tba.extraction.reader import Reader
from tap_netsuite_tba.extraction.waiting import patiently
from tap_netsuite_tba.extraction.whole import read_whole
from tap_netsuite_tba.netsuite.all_columns import select_all_after
from tap_netsuite_tba.netsuite.errors import NetSuiteError
from tap_netsuite_tba.netsuite.query import PAGE_ROWS, Fetch, Query
from tap_netsuite_tba.netsuite.query_text import Outline
from tap_netsuite_tba.netsuite.sampling import select_all
from tap_netsuite_tba.netsuite.suiteql import select_rows
from tap_netsuite_tba.own_queries import OwnQuery
from tap_netsuite_tba.tables import Column, ColumnType, KeyValue, Table, is_identifier

logger = logging.getLogger(__name__)

NAME = "query"
"""What the query is called in messages."""

_USUAL_KEYS = ("id", "uniquekey", "internalid")
_MOST_TRIED = 3
_INTEGER = re.compile(r"-?[0-9]{1,18}")
_OF_OPTION = KeyWords(
    which="which --key names",
    columns="columns of --key",
    remedy="Name more columns, or others, by --key; or leave --key out, and a key is looked for.",
)
_GIVE_KEY = "Give --key a column of integers that tells its rows apart."


@dataclass(frozen=True)
class FirstPage:
    """What the first page of a query told.

    Attributes:
        text: The query, as its author wrote it.
        outlined: What its text tells.
        columns: Their names, in order.
        rows: Those of the page.
    """

    text: str
    outlined: Outline
    columns: tuple[str, ...]
    rows: Sequence[Texts]

    @property
    def names_columns(self) -> bool:
        """Whether the text tells all columns, by names that can be asked for."""
        names = self.outlined.names
        return names is not None and all(map(is_identifier, names))

    def table(self, keys: tuple[str, ...]) -> Table:
        """The table that its result is, of texts but for a key of integers."""
        columns = tuple(
            Column(
                name,
                ColumnType.INTEGER if name in keys and self.is_integer(name) else ColumnType.TEXT,
            )
            for name in (self.columns if self.names_columns else keys)
        )
        return OwnQuery(NAME, self.text, primary_keys=keys).table(columns)

    def is_integer(self, name: str) -> bool:
        """Whether all values of a column are integers, as far as it goes."""
        return all(_INTEGER.fullmatch(row.get(name) or "") for row in self.rows)

    def possible_keys(self) -> Sequence[str]:
        """The columns that may tell rows apart, those that are mostly made for it first."""
        possible = [
            name
            for name in self.columns
            if is_identifier(name)
            and self.is_integer(name)
            and len({row[name] for row in self.rows}) == len(self.rows)
        ]
        return sorted(possible, key=lambda name: name not in _USUAL_KEYS)[:_MOST_TRIED]

    def begins_in_order_of(self, key: str) -> bool:
        """Whether its rows are the first by a key that is an integer.

        Without ASC NetSuite was seen to leave rows out.
        """
        keys = [int(row[key] or 0) for row in self.rows]
        is_asked_for = self.is_ordered_by(key) and self.outlined.tokens[-1].word == "ASC"
        return is_asked_for and all(one < other for one, other in pairwise(keys))

    def is_ordered_by(self, key: str) -> bool:
        """Whether the query itself sorts its rows by a key."""
        return self.outlined.ordered_by == key


def read_in_parts(page: FirstPage, keys: tuple[str, ...], account: OpenAccount) -> Result:
    """All rows of a query, by a key.

    Args:
        page: Its first page.
        keys: The columns that its user says to tell rows apart; none if they do not say.
        account: Where.

    Raises:
        ClickException: It has too many rows to be read without a key.
        Unreadable: The keys do not tell rows apart.
        NetSuiteError: NetSuite could not be asked.
    """
    if unknown := set(keys).difference(page.columns):
        raise click.UsageError(
            f"The query has no column {', '.join(sorted(unknown))} for --key; it has "
            f"{', '.join(page.columns)}."
        )
    if page.outlined.is_arbitrary:
        raise click.ClickException(
            f"The query gives only some of its rows, more than the {PAGE_ROWS:,} of a page, and "
            f"does not say which: NetSuite may take others for each page. Add ORDER BY with "
            f"columns that tell rows apart, or leave the limit out."
        )
    asking = Asking(OwnQuery(NAME, page.text), account.connection.fetch)
    try:
        if keys:
            table, total = _with_given_key(page, keys, asking)
        else:
            table, total = _with_found_key(page, asking)
    except Unreadable:
        if asking.refusal is None or not page.names_columns:
            raise
        return _read_as_written(page, keys, account)
    if not table.is_read_by_ranges:
        return _read_whole(page, table, account)
    if len(table.key) > 1 and not page.names_columns:
        raise click.ClickException(
            "A query with *, or without a plain name for each column, is read by one column only: "
            "give --key one, or name the columns."
        )
    return _read_by_key(page, table, total, account)


def _proven(page: FirstPage, keys: tuple[str, ...], asking: Asking) -> tuple[Table, int]:
    """The query with its key, and how many rows it has."""
    table = page.table(keys)
    return table, count_of_proven(table, asking, _OF_OPTION)


def _with_given_key(page: FirstPage, keys: tuple[str, ...], asking: Asking) -> tuple[Table, int]:
    try:
        return _proven(page, keys, asking)
    except Unreadable as error:
        if (refusal := asking.refusal) is None:
            raise
        _ask_for_rows(page, asking)
        # What NetSuite refuses is the proof only.
        raise asking.unreadable(refusal) from error


def _with_found_key(page: FirstPage, asking: Asking) -> tuple[Table, int]:
    """The query with a key that tells its rows apart; without one, where there is none."""
    for key in page.possible_keys():
        try:
            return _proven(page, (key,), asking)
        except Unreadable as error:
            logger.debug("%s is no key of the query: %s", key, error)
            if isinstance(error.__cause__, NetSuiteError):
                break  # NetSuite does not answer it, whatever the key.
    _ask_for_rows(page, asking)
    return page.table(()), 0


def _ask_for_rows(page: FirstPage, asking: Asking) -> None:
    """Whether NetSuite gives rows of the query in parentheses: else it raises."""
    table = page.table(())
    text = select_rows(table, table.columns) if table.columns else select_all(table, ())
    asking.page(text, limit=1)


def _read_by_key(page: FirstPage, table: Table, total: int, account: OpenAccount) -> Result:
    key = " and ".join(table.key)
    is_begun = len(table.key) == 1 and page.begins_in_order_of(key)
    is_ordered = table.is_sequential or page.is_ordered_by(key) or not page.names_columns
    table = replace(table, is_sequential=is_ordered)
    after = int(page.rows[-1][key] or 0) if is_begun else None
    if page.names_columns:
        rows = _planned(table, after, account)
    else:
        rows = _with_all_columns(table, after, account.connection.fetch)
    order = f"the order of {key}" if is_ordered else "no order"
    if page.outlined.has_order and not page.is_ordered_by(key):
        order += ", not in that of the query"
    note = (
        f"{total:,} rows do not fit one page, so that the query is run again, in parts, by {key}, "
        f"which tells them apart; they come in {order}."
    )
    return Result(
        page.outlined,
        page.columns if page.names_columns else None,
        _counted(chain([page.rows] if is_begun else [], rows), total),
        total,
        "" if is_begun else note,
    )


def _planned(table: Table, after: int | None, account: OpenAccount) -> Iterator[Sequence[Texts]]:
    """The rows behind a key, with as many requests at once as the query allows."""
    progress = Progress(None if after is None else (after,))
    selection = Selection(table, table.columns)
    reader = Reader(selection, account.connection.fetch, account.workers, progress)
    return _as_texts(reader.chunks())


def _with_all_columns(table: Table, after: int | None, fetch: Fetch) -> Iterator[Sequence[Texts]]:
    """The rows behind a key as they are, one page after another.

    Raises:
        OrderViolation: NetSuite gives them in another order.
    """
    [key] = table.key
    while True:
        page = fetch(Query(select_all_after(table, after), table=NAME))
        rows = texts_of(page)
        keys: list[KeyValue] = [(int(row.get(key) or 0),) for row in rows]
        check_page(table, Range(None if after is None else (after,)), page, keys)
        yield rows
        if not rows or (page.count < PAGE_ROWS and not page.has_more):
            return
        after = keys[-1][0]


def _read_whole(page: FirstPage, table: Table, account: OpenAccount) -> Result:
    """The rows of a query without a key of integers, if NetSuite gives them all."""
    if not page.names_columns:
        raise click.ClickException(
            f"The result has more than {PAGE_ROWS:,} rows, which a query with *, or without a "
            f"plain name for each column, can have only by a key. Name the columns. {_GIVE_KEY}"
        )
    order = " and ".join(table.key) or "all its columns"
    note = (
        "The rows do not fit one page, and no key of integers is known that tells them apart, so "
        f"that the query is run again for each page; they come in the order of {order}."
    )
    pages = _or_key_wanted(_at_once(table, account))
    first = next(pages)  # If there are too many rows, it is said now.
    return Result(page.outlined, page.columns, chain([first], pages), None, note)


def _read_as_written(page: FirstPage, keys: tuple[str, ...], account: OpenAccount) -> Result:
    """The rows of a query that NetSuite refuses in parentheses, if it gives them all."""
    columns = tuple(Column(name, ColumnType.TEXT) for name in page.columns)
    table = OwnQuery(NAME, page.text, primary_keys=keys).as_written(columns)
    check_told_apart(table)
    check_keys_shown(table, page.rows, _OF_OPTION)
    note = (
        "NetSuite takes the query only as it is written, so that it is run again for each page, "
        "and once more to compare; the rows come in its own order."
    )
    pages = _at_once(table, account)
    first = next(pages)
    return Result(page.outlined, page.columns, chain([first], pages), None, note)


def _at_once(table: Table, account: OpenAccount) -> Iterator[Sequence[Texts]]:
    turn = Budget(account.workers).turn(is_mine=True)
    selection = Selection(table, table.columns)
    chunks = read_whole(selection, account.connection.fetch, account.workers, turn)
    return _as_texts(patiently(chunks))


def _or_key_wanted(rows: Iterator[Sequence[Texts]]) -> Iterator[Sequence[Texts]]:
    try:
        yield from rows
    except Unreadable as error:
        reason = str(error).removesuffix(" Leave the table out.")
        raise click.ClickException(f"The {reason} {_GIVE_KEY}") from error


def _as_texts(chunks: Iterator[Chunk | None]) -> Iterator[Sequence[Texts]]:
    for chunk in filter(None, chunks):
        yield [
            {name: str(value) for name, value in row.items() if value is not None}
            for row in chunk.rows
        ]


def _counted(pages: Iterator[Sequence[Texts]], total: int) -> Iterator[Sequence[Texts]]:
    """The same pages; in the end it is said if their rows are not as many as were counted."""
    read = 0
    for rows in pages:
        read += len(rows)
        yield rows
    if read != total:
        logger.warning(
            "%s rows were read, and %s counted before: the account changed meanwhile.",
            f"{read:,}",
            f"{total:,}",
        )
