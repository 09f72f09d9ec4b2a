"""Dates that are really instants: NetSuite shows neither a time of day until it is asked for it."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from tap_netsuite_tba.decoding import RowDecoder
from tap_netsuite_tba.discovery.questions import ask
from tap_netsuite_tba.extraction.groups import MAX_COLUMNS
from tap_netsuite_tba.netsuite.errors import (
    NetSuiteError,
    RetriesExhausted,
    TimedOut,
    is_refusal,
    said_by,
)
from tap_netsuite_tba.netsuite.query import Fetch, Page
from tap_netsuite_tba.netsuite.sampling import select_times
from tap_netsuite_tba.tables import Column, ColumnType, Source, Table

logger = logging.getLogger(__name__)

_MIDNIGHT = "00:00:00"


def with_true_instants(table: Table, fetch: Fetch, fixed: Collection[str] = ()) -> Table:
    """A table whose dates are instants where one of its newest rows has a time of day.

    NetSuite must be asked again whether it reads the changed columns so.

    Args:
        table: The table, with columns that NetSuite accepts.
        fetch: Sends a query.
        fixed: The names of columns whose type is not to be changed.

    Raises:
        NetSuiteError: NetSuite could not be asked; that it refuses, or is slow, is no error.
    """
    stated = [
        column
        for column in table.columns
        if column.type is ColumnType.DATE
        and column.source not in {Source.SAMPLE, Source.TAP}
        and column.name not in fixed
    ]
    corrected = _corrected(table, stated, fetch)
    for column in corrected.columns:
        if column not in table.columns:
            logger.info(
                "%s.%s is read as an instant, for rows have a time of day.", table.name, column.name
            )
    return corrected


def with_true_dates(table: Table, fetch: Fetch) -> Table:
    """A table whose sampled instants are dates where none of its newest rows has a time of day.

    They are texts where NetSuite takes them for neither.

    Args:
        table: The table, with columns that its rows have.
        fetch: Sends a query.

    Raises:
        NetSuiteError: As `with_true_instants`.
    """
    guessed = [
        column
        for column in table.columns
        if column.type is ColumnType.DATETIME and column.source is Source.SAMPLE
    ]
    return _corrected(table, guessed, fetch)


def _corrected(table: Table, unsure: Sequence[Column], fetch: Fetch) -> Table:
    """The table with the types that the times of day of some of its columns tell."""
    types: dict[str, ColumnType] = {}
    for start in range(0, len(unsure), MAX_COLUMNS):
        types |= _types(table, unsure[start : start + MAX_COLUMNS], fetch)
    return table.with_columns(
        tuple(replace(column, type=types.get(column.name, column.type)) for column in table.columns)
    )


def _types(table: Table, columns: Sequence[Column], fetch: Fetch) -> dict[str, ColumnType]:
    """What the columns are by the time of day in the newest rows, where those tell."""
    by_alias = {f"c{n}": column for n, column in enumerate(columns)}
    try:
        page = ask(table, select_times(table, by_alias), fetch)
    except NetSuiteError as error:
        if not (is_refusal(error) or _is_slow(error)):
            raise
        logger.info("Whether dates of %s are instants is not known: %s", table.name, said_by(error))
        return {}
    if page is not None:
        return _told_by(page, table, by_alias)
    if len(columns) > 1:
        middle = len(columns) // 2
        return _types(table, columns[:middle], fetch) | _types(table, columns[middle:], fetch)
    (column,) = columns
    logger.info("NetSuite does not tell the times of day of %s.%s.", table.name, column.name)
    # What is stated to be a date stays one; a sample may have taken a text for a date.
    return {column.name: ColumnType.TEXT} if column.source is Source.SAMPLE else {}


def _told_by(page: Page, table: Table, by_alias: Mapping[str, Column]) -> dict[str, ColumnType]:
    texts = tuple(Column(alias, ColumnType.TEXT) for alias in by_alias)
    rows = RowDecoder(table.name, texts, (), expressions=tuple(by_alias)).decode(page.items)
    types = {}
    for alias, column in by_alias.items():
        times = {row[alias] for row in rows if row[alias]}
        if times:
            is_date = times == {_MIDNIGHT}
            types[column.name] = ColumnType.DATE if is_date else ColumnType.DATETIME
    return types


def _is_slow(error: NetSuiteError) -> bool:
    last = error.last if isinstance(error, RetriesExhausted) else error
    return isinstance(last, TimedOut)
