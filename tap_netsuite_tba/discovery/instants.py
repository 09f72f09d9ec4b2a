"""Dates that are really instants: NetSuite shows neither a time of day until it is asked for it."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from tap_netsuite_tba.decoding import RowDecoder
from tap_netsuite_tba.discovery.questions import ask, ask_in_time
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
from tap_netsuite_tba.netsuite.suiteql import select_rows
from tap_netsuite_tba.tables import Column, ColumnType, Source, Table

logger = logging.getLogger(__name__)

_MIDNIGHT = "00:00:00"


def with_true_instants(
    table: Table, fetch: Fetch, fixed: Collection[str] = (), earlier: Table | None = None
) -> Table:
    """A table whose dates are instants where half of its newest rows or more have a time of day.

    Custom fields that are called dates or instants are texts where NetSuite takes the values of
    those rows for neither. NetSuite must be asked again whether it reads the changed columns so.

    Args:
        table: The table, with columns that NetSuite accepts.
        fetch: Sends a query.
        fixed: The names of columns whose type is not to be changed.
        earlier: The table as an earlier discovery found it: its instants stay instants.

    Raises:
        NetSuiteError: NetSuite could not be asked; that it refuses, or is slow, is no error.
    """
    stated = [
        column
        for column in table.columns
        if column.name not in fixed
        and (
            (column.type is ColumnType.DATE and column.source not in {Source.SAMPLE, Source.TAP})
            or (column.type is ColumnType.DATETIME and column.source is Source.CUSTOM_FIELD)
        )
    ]
    corrected = _corrected(table, stated, fetch, earlier)
    for column in corrected.columns:
        if column not in table.columns and column.type is ColumnType.DATETIME:
            logger.info(
                "%s.%s is read as an instant, for rows have a time of day.", table.name, column.name
            )
    return corrected


def with_true_dates(table: Table, fetch: Fetch, earlier: Table | None = None) -> Table:
    """A table whose sampled instants are dates where few of its newest rows have a time of day.

    They are texts where NetSuite takes them for neither.

    Args:
        table: The table, with columns that its rows have.
        fetch: Sends a query.
        earlier: As with `with_true_instants`.

    Raises:
        NetSuiteError: As `with_true_instants`.
    """
    guessed = [
        column
        for column in table.columns
        if column.type is ColumnType.DATETIME and column.source is Source.SAMPLE
    ]
    return _corrected(table, guessed, fetch, earlier)


def _corrected(
    table: Table, unsure: Sequence[Column], fetch: Fetch, earlier: Table | None
) -> Table:
    """The table with the types that the times of day of some of its columns tell."""
    known = {c.name for c in (earlier.columns if earlier else ()) if c.type is ColumnType.DATETIME}
    types = {column.name: ColumnType.DATETIME for column in unsure if column.name in known}
    unsure = [column for column in unsure if column.name not in known]
    for start in range(0, len(unsure), MAX_COLUMNS):
        types |= _types(table, unsure[start : start + MAX_COLUMNS], fetch)
    # What was a date is not text because NetSuite did not tell its times of day this once.
    dates = {c.name for c in (earlier.columns if earlier else ()) if c.type is ColumnType.DATE}
    sampled = {column.name for column in unsure if column.source is Source.SAMPLE}
    types |= {
        name: ColumnType.DATE
        for name in sampled & dates
        if types.get(name, ColumnType.TEXT) is ColumnType.TEXT
    }
    return table.with_columns(
        tuple(replace(column, type=types.get(column.name, column.type)) for column in table.columns)
    )


def _types(table: Table, columns: Sequence[Column], fetch: Fetch) -> dict[str, ColumnType]:
    """What the columns are by the time of day in the newest rows, where those tell."""
    by_alias = {f"c{n}": column for n, column in enumerate(columns)}
    try:
        page = ask_in_time(table, select_times(table, by_alias), fetch)
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
    return {column.name: _without_times(table, column, fetch)}


def _without_times(table: Table, column: Column, fetch: Fetch) -> ColumnType:
    """What a column is of whose newest rows NetSuite tells no times of day."""
    if column.source is Source.SAMPLE:
        return ColumnType.TEXT  # The sample took a text for a date.
    as_text = replace(column, type=ColumnType.TEXT)
    typed, plain = (
        ask(table, select_rows(table, [kind], descending=True), fetch) for kind in (column, as_text)
    )
    if typed is not None or plain is None:
        logger.info("NetSuite does not tell the times of day of %s.%s.", table.name, column.name)
        return column.type
    logger.warning(
        "%s.%s is read as text: it is of type %s (%s), but NetSuite cannot read the newest rows "
        'so. To keep it text whatever rows come, set column_types to {"%s.%s": "string"}.',
        table.name,
        column.name,
        column.type,
        column.source,
        table.name,
        column.name,
    )
    return ColumnType.TEXT


def _told_by(page: Page, table: Table, by_alias: Mapping[str, Column]) -> dict[str, ColumnType]:
    texts = tuple(Column(alias, ColumnType.TEXT) for alias in by_alias)
    rows = RowDecoder(table.name, texts, (), expressions=tuple(by_alias)).decode(page.items)
    types = {}
    for alias, column in by_alias.items():
        if column.type is ColumnType.DATETIME and column.source is not Source.SAMPLE:
            continue  # It stays one, whatever its times of day are.
        times = [row[alias] for row in rows if row[alias]]
        with_time = sum(time != _MIDNIGHT for time in times)
        if 0 < 2 * with_time < len(times):
            logger.warning(
                "%s.%s is read as a date, though %d of %d rows have a time of day, which is lost. "
                'To read it as an instant, set column_types to {"%s.%s": "date-time"}.',
                table.name,
                column.name,
                with_time,
                len(times),
                table.name,
                column.name,
            )
        if times:
            is_instant = 2 * with_time >= len(times)
            types[column.name] = ColumnType.DATETIME if is_instant else ColumnType.DATE
    return types


def _is_slow(error: NetSuiteError) -> bool:
    last = error.last if isinstance(error, RetriesExhausted) else error
    return isinstance(last, TimedOut)
