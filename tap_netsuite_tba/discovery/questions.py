"""Questions about a few rows of a table, which a discovery can do without."""

import logging
from dataclasses import replace

from tap_netsuite_tba.decoding import RowDecoder
from tap_netsuite_tba.netsuite.errors import (
    NetSuiteError,
    TimedOut,
    is_fault,
    is_refusal,
    said_by,
)
from tap_netsuite_tba.netsuite.query import SHORT_PATIENCE, Fetch, Page, Query
from tap_netsuite_tba.netsuite.sampling import SAMPLE_ROWS
from tap_netsuite_tba.netsuite.suiteql import select_count, select_rows
from tap_netsuite_tba.tables import Column, ColumnType, Table

logger = logging.getLogger(__name__)

# Seconds of faults, at first.
_FIRST_PATIENCE = 1.0

_COUNT = RowDecoder("the count", (Column("n", ColumnType.INTEGER),), ("n",), expressions=("n",))


def ask(table: Table, text: str, fetch: Fetch) -> Page | None:
    """A page of a few rows; None if NetSuite refuses the query, fails at it alone or is slow at it.

    Raises:
        NetSuiteError: NetSuite could not be asked.
    """
    try:
        return ask_in_time(table, text, fetch)
    except TimedOut as error:
        logger.info("%s It is done without.", error.fact)
        return None


def ask_in_time(table: Table, text: str, fetch: Fetch) -> Page | None:
    """As `ask`, but that NetSuite is slow at it is raised, for parts of it may be as slow.

    Raises:
        TimedOut: NetSuite did not answer in time, twice.
        NetSuiteError: NetSuite could not be asked.
    """
    query = Query(
        text, limit=SAMPLE_ROWS, table=table.name, patience=_FIRST_PATIENCE, is_optional=True
    )
    try:
        return fetch(query)
    except NetSuiteError as error:
        if is_refusal(error):
            logger.debug("%s", said_by(error))
            return None
        if not (is_fault(error) or isinstance(error, TimedOut)):
            raise
    # It is because of the query only if it comes again just after the table has answered, by which
    # an outage is waited out.
    has_rows(table, fetch)
    try:
        return fetch(replace(query, patience=SHORT_PATIENCE))
    except NetSuiteError as error:
        if not (is_refusal(error) or is_fault(error)):
            raise
        logger.debug("%s", said_by(error))
        return None


def has_rows(table: Table, fetch: Fetch) -> bool:
    """Whether a table has rows, by its key, or by their number where it has no key.

    Raises:
        RequestRefused: The table cannot be read.
        NetSuiteError: NetSuite could not be asked.
    """
    key = [column for column in table.columns if column.name in table.key]
    if key:
        # NetSuite may fail to count a table that it can read.
        return fetch(Query(select_rows(table, key[:1]), limit=1, table=table.name)).count > 0
    page = fetch(Query(select_count(table), table=table.name))
    return any(row["n"] for row in _COUNT.decode(page.items))
