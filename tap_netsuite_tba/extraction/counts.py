"""Whether as many rows came out of a pass as NetSuite counts."""

import logging
from dataclasses import dataclass
from datetime import datetime

from tap_netsuite_tba.decoding import RowDecoder
from tap_netsuite_tba.errors import CountMismatch, ValueMismatch
from tap_netsuite_tba.extraction.reader import Selection
from tap_netsuite_tba.netsuite.errors import NetSuiteError, is_unanswerable
from tap_netsuite_tba.netsuite.query import SHORT_PATIENCE, Fetch, Query
from tap_netsuite_tba.netsuite.suiteql import cursor_expression, select_count
from tap_netsuite_tba.tables import Column, ColumnType

logger = logging.getLogger(__name__)

# NetSuite announces at most so many rows, or ten times as many with SuiteAnalytics Connect.
_CEILING = 100_000
_COUNT = RowDecoder(
    "the count",
    (Column("n", ColumnType.INTEGER), Column("changed", ColumnType.INTEGER)),
    ("n",),
    expressions=("n", "changed"),
)


@dataclass(frozen=True)
class Known:
    """What a pass knows of its rows.

    Attributes:
        rows: How many came out.
        fresh: How many of them had been modified after the start.
        counted: How many NetSuite announced at the start, if it did.
        started: When the pass began, by NetSuite's clock.
    """

    rows: int
    fresh: int
    counted: int | None
    started: datetime


def check_count(selection: Selection, fetch: Fetch, known: Known) -> None:
    """Compares the rows of a pass with NetSuite's own count, allowing for what changed meanwhile.

    A row that NetSuite counts now and that was not modified since the start was there all along, so
    it must be out, unmodified. A table without cursor cannot tell; there the smaller of the counts
    before and after decides.

    Args:
        selection: What was read.
        fetch: Sends a query.
        known: What the pass knows.

    Raises:
        CountMismatch: Rows are missing.
        NetSuiteError: NetSuite could not be asked.
    """
    table = selection.table
    query = Query(
        select_count(table, since=selection.since, started=known.started),
        limit=1,
        table=table.name,
        patience=SHORT_PATIENCE,
    )
    try:
        page = fetch(query)
        counts = _COUNT.decode(page.items)
    except (NetSuiteError, ValueMismatch) as error:
        if isinstance(error, NetSuiteError) and not is_unanswerable(error):
            raise
        logger.warning("The rows of %s could not be counted: %s", table.name, error)
        return
    if len(counts) != 1:
        logger.warning("The rows of %s could not be counted: no count came.", table.name)
        return
    [count] = counts
    now, changed = count["n"], count["changed"] or 0
    expected, unchanged = now - changed, known.rows - known.fresh
    if cursor_expression(table) is None and known.counted and known.counted % _CEILING:
        expected = min(now, known.counted)
    if unchanged < expected:
        raise CountMismatch(
            f"{known.rows} rows of {table.name} were read, and NetSuite counts {now}, of which "
            f"{changed} changed meanwhile. Rows may have been hidden or shown while the "
            f"table was read; if this comes again, report it with the request id "
            f"{page.request_id}.",
            table=table.name,
        )
