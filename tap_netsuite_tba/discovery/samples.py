"""The columns of tables that no file describes: from a few of their rows.

A null column is absent from a row, so rows from both ends of a table are looked at. Only where
they tell nothing, for there are none or they have more columns than an answer can have, the
metadata catalog is asked, whose schemas take seconds.
"""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec

from tap_netsuite_tba.decoding import shape
from tap_netsuite_tba.discovery.instants import with_true_dates
from tap_netsuite_tba.discovery.questions import ask, has_rows
from tap_netsuite_tba.discovery.values import common_type, misfit, sampled_type
from tap_netsuite_tba.errors import Unreadable, ValueMismatch
from tap_netsuite_tba.netsuite.errors import NetSuiteError, is_refusal, said_by
from tap_netsuite_tba.netsuite.metadata import RecordCatalog, columns_of
from tap_netsuite_tba.netsuite.query import Fetch, Page
from tap_netsuite_tba.netsuite.sampling import SAMPLE_ROWS, select_all
from tap_netsuite_tba.netsuite.suiteql import select_rows
from tap_netsuite_tba.tables import Column, ColumnType, Source, Table, is_identifier

logger = logging.getLogger(__name__)

MAX_KNOWN_COLUMNS = 95
"""With more, the rows may have over 100 columns, which SuiteQL answers with none at all."""

KEYS = ("id", "internalid", "uniquekey", "nkey", "key")
"""What the key of a table may be called."""

CURSORS = ("lastmodifieddate", "lastmodified", "linelastmodifieddate")
"""What the column may be called that tells when a row last changed."""

_LINKS = "links"  # no column: each row has it, and it is empty
_ROWS = msgspec.json.Decoder(list[dict[str, Any]], float_hook=Decimal)

Values = Mapping[str, Sequence[Any]]
"""The values of each column that are not null, as JSON has them."""


def sampled(
    table: Table, fetch: Fetch, catalog: RecordCatalog, earlier: Table | None = None
) -> Table:
    """A table with the columns that its rows show, and its key and cursor where nothing was known.

    Known columns come first and keep what is known of them; column_types overrules types
    afterwards.

    Args:
        table: What is known of it; without a key, the key and the cursor are looked for.
        fetch: Sends a query.
        catalog: The metadata catalog.
        earlier: As an earlier sample showed it: its columns stay, for these rows may lack values.

    Raises:
        Unreadable: Neither rows nor the catalog tell of a column.
        RequestRefused: The table cannot be read.
        NetSuiteError: NetSuite could not be asked.
        ValueMismatch: A page has something else than rows.
    """
    found, values = table, _values(table, fetch)
    if not table.key:
        found = _with_key(table, values, fetch)
        if found.key and values:
            values = _values(found, fetch) or values
    _say_misfits(found, values or {})
    new: tuple[Column, ...] = ()
    if values:
        new = _sampled_columns(found, values)
    elif values is None or not table.columns:
        new = _described_columns(found, catalog)
    columns = found.columns + _with_earlier(new, found, earlier.columns if earlier else ())
    if not columns:
        raise Unreadable(
            f"Nothing is known of the columns of {table.name}: no row shows any, and NetSuite's "
            f"metadata catalog does not describe them. Add a row in NetSuite, or leave the table "
            f"out of the setting tables.",
            table=table.name,
        )
    found = with_true_dates(found.with_columns(columns), fetch, earlier)
    return found if table.key else _with_cursor(found)


def _with_key(table: Table, shown: Values | None, fetch: Fetch) -> Table:
    """With the first column by which NetSuite sorts and whose samples are of different integers."""
    for name in (name for name in KEYS if not shown or name in shown):
        key = Column(name, ColumnType.INTEGER, source=Source.SAMPLE)
        keyed = replace(table, key=(name,))
        if _tells_apart(keyed, key, fetch):
            known = () if name in table.column_names else (key,)
            return keyed.with_columns((*known, *table.columns))
    return table


def _tells_apart(table: Table, key: Column, fetch: Fetch) -> bool:
    """Whether the highest values of a key, and the lowest ones, are different integers.

    The numbers of lines in their transactions are different among the highest: the longest one's.
    """
    for descending in (True, False):
        page = ask(table, select_rows(table, [key], descending=descending), fetch)
        if page is None:
            return False
        rows = rows_of(table, page)
        values = values_by_column(rows).get(key.name, [])
        is_integer = not values or sampled_type(values) is ColumnType.INTEGER
        if not is_integer or len(set(values)) < len(rows):
            return False
        if not has_others(page):
            return True
    return True


def _values(table: Table, fetch: Fetch) -> Values | None:
    """The values in the newest and the oldest rows; None if the rows cannot show them."""
    if sum(column.source is not Source.TAP for column in table.columns) > MAX_KNOWN_COLUMNS:
        return None
    newest = ask(table, select_all(table, table.key), fetch)
    if newest is None:
        has_rows(table, fetch)  # a table that is not there is refused here
        logger.info("NetSuite does not show all columns of %s at once.", table.name)
        return None
    rows = rows_of(table, newest)
    if table.key and has_others(newest):
        oldest = ask(table, select_all(table, table.key, "ASC"), fetch)
        rows += rows_of(table, oldest) if oldest else []
    values = values_by_column(rows)
    if not values and (rows or newest.has_more or newest.total_results or has_rows(table, fetch)):
        logger.info("%s has rows and shows none: too many columns for an answer.", table.name)
        return None
    return values


def has_others(page: Page) -> bool:
    """Whether a sample is not all of a table."""
    return page.has_more or page.count >= SAMPLE_ROWS


def rows_of(table: Table, page: Page) -> list[dict[str, Any]]:
    """The rows of a page as they are.

    Raises:
        ValueMismatch: It has something else than rows.
    """
    try:
        return _ROWS.decode(page.items)
    except msgspec.ValidationError as error:
        raise ValueMismatch(
            f"A sample of {table.name} has something else than rows: {error}. If this comes again, "
            f"please report it.",
            table=table.name,
        ) from None


def values_by_column(rows: Sequence[Mapping[str, Any]]) -> Values:
    """What each column has in some rows, by its name in lower case."""
    values: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        for name, value in row.items():
            if name.lower() != _LINKS and value not in (None, ""):
                values[name.lower()].append(value)
    return values


def _say_misfits(table: Table, values: Values) -> None:
    """Says which known columns have a value that cannot be of their type, and stay of it."""
    for column in table.columns:
        value = misfit(values.get(column.name, ()), column.type)
        if value is not None:
            logger.warning(
                "%s.%s is of type %s (%s), but a row has a value that looks like %s. If its stream "
                'fails for that, set column_types to {"%s.%s": "string"}.',
                table.name,
                column.name,
                column.type,
                column.source,
                shape(value),
                table.name,
                column.name,
            )


def _sampled_columns(table: Table, values: Values) -> tuple[Column, ...]:
    """The columns that a table did not have before its rows were looked at."""
    new = sorted(values.keys() - set(table.column_names))
    if odd := [name for name in new if not is_identifier(name)]:
        logger.warning(
            "%s has columns whose names no query can write, which are left out: %s.",
            table.name,
            ", ".join(map(repr, odd)),
        )
    return tuple(
        Column(name, sampled_type(values[name]), source=Source.SAMPLE)
        for name in new
        if name not in odd
    )


def _with_earlier(
    new: Sequence[Column], table: Table, earlier: Sequence[Column]
) -> tuple[Column, ...]:
    """New columns of a table, and those that only an earlier sample showed, of types for both."""
    told = {Source.SHIPPED, Source.TAP}
    known = table.column_names
    found = {c.name: c for c in earlier if c.source not in told and c.name not in known}
    found |= {column.name: _of_both(column, found.get(column.name, column)) for column in new}
    return tuple(found[name] for name in sorted(found))


def _of_both(column: Column, before: Column) -> Column:
    if column.source is not Source.SAMPLE:
        return column
    return replace(column, type=common_type(column.type, before.type))


def _described_columns(table: Table, catalog: RecordCatalog) -> tuple[Column, ...]:
    """The columns that the metadata catalog adds; none if it does not have the table."""
    try:
        schema = catalog.schema(table.name)
    except NetSuiteError as error:
        if not is_refusal(error):
            raise
        logger.info("The metadata catalog does not show %s: %s", table.name, said_by(error))
        schema = None
    if schema is None and table.columns:
        logger.warning(
            "%s is read with the %d columns that are known: neither its rows nor the metadata "
            "catalog tell of others.",
            table.name,
            len(table.columns),
        )
    names = table.column_names
    return tuple(column for column in columns_of(schema or {}) if column.name not in names)


def _with_cursor(table: Table) -> Table:
    """With the first column that may be the cursor, if rows are told apart by a key."""
    instants = {column.name for column in table.columns if column.type is ColumnType.DATETIME}
    cursor = next((name for name in CURSORS if name in instants), None)
    return replace(table, cursor=cursor) if table.key else table
