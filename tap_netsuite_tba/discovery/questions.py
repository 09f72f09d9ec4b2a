"""Questions about a few rows of a table, which a discovery can do without."""

import logging
from dataclasses import replace

from tap_netsuite_tba.decoding import RowDecoder
from tap_netsuite_tba.netsuite.errors import NetSuiteError, is_fault, is_refusal, said_by
from tap_netsuite_tba.netsuite.query import SHORT_PATIENCE, Fetch, Page, Query
from tap_netsuite_tba.netsuite.sampling import SAMPLE_ROWS
from tap_netsuite_tba.netsuite.suiteql import select_count
from tap_netsuite_tba.tables import Column, ColumnType, Table

logger = logging.getLogger(__name__)

# Seconds of faults. A question gets few at first; then the table itself is asked for, by which an
# outage is waited out.
_FIRST_PATIENCE = 1.0
_PATIENCE_WITH_TABLE = 60.0

_COUNT = RowDecoder("the count", (Column("n", ColumnType.INTEGER),), ("n",), expressions=("n",))


def ask(table: Table, text: str, fetch: Fetch) -> Page | None:
    """A page of a few rows; None if NetSuite refuses the query, or fails at it alone.

    Raises:
        NetSuiteError: NetSuite could not be asked.
    """
    query = Query(text, limit=SAMPLE_ROWS, table=table.name, patience=_FIRST_PATIENCE)
    try:
        return fetch(query)
    except NetSuiteError as error:
        if is_refusal(error):
            logger.debug("%s", said_by(error))
            return None
        if not is_fault(error):
            raise
    # It is the query's fault only if it comes again just after the table has answered.
    has_rows(table, fetch)
    try:
        return fetch(replace(query, patience=SHORT_PATIENCE))
    except NetSuiteError as error:
        if not (is_refusal(error) or is_fault(error)):
            raise
        logger.debug("%s", said_by(error))
        return None


def has_rows(table: Table, fetch: Fetch) -> bool:
    """Whether a table has rows.

    Raises:
        RequestRefused: The table cannot be read.
        NetSuiteError: NetSuite could not be asked.
    """
    text = select_count(table)
    page = fetch(Query(text, table=table.name, patience=_PATIENCE_WITH_TABLE))
    return any(row["n"] for row in _COUNT.decode(page.items))
