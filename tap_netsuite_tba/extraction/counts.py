"""Whether as many rows came out of a pass as NetSuite counts.

The count at the end is of rows that were there all along, so that each of them must be out:

- With a cursor: rows not modified since the start (of lines: neither the transaction nor any of
  its lines); of those without a modification date, the ones up to the highest key that was read,
  for ids ascend, and a later pass reads what lies above. Rows that are missing but were modified
  shortly before the start were saved late, or are hidden: the next pass looks back and reads them
  again, so they are only warned of.
- With an id and no cursor: rows up to the highest key that was read, or that there was at the
  start; what was inserted meanwhile lies above.
- With a key of several columns and no cursor, such as pairs, or of a query, whatever its key: rows
  may be inserted anywhere, and none tells when. The smaller of the counts before and after decides.
  It is too high by at most the rows that were deleted while others were inserted, so the second
  reading is a fair judge; it is blind to as many missing rows as were deleted behind the reader.

With a cursor it is asked already while the last pages are on their way, of all rows without a
modification date. That finds no fewer rows than the count at the end would: a pass that has as many
is complete, and only one that has not is counted again.

Totals of responses decide nothing: they are capped at 100,000 rows, or at 1,000 pages.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tap_netsuite_tba.decoding import Row, RowDecoder, instant_text
from tap_netsuite_tba.errors import CountMismatch, ValueMismatch
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.ranges import later
from tap_netsuite_tba.netsuite.errors import NetSuiteError, is_unanswerable, said_by
from tap_netsuite_tba.netsuite.query import SHORT_PATIENCE, Fetch, Query
from tap_netsuite_tba.netsuite.suiteql import (
    cursor_expression,
    select_count,
    select_extent,
    select_unchanged_count,
)
from tap_netsuite_tba.tables import Column, ColumnType, KeyValue, Table

logger = logging.getLogger(__name__)

_N = Column("n", ColumnType.INTEGER)
_HIGHEST = Column("highest", ColumnType.INTEGER)
_COUNT = RowDecoder("the count", (_N,), ("n",), expressions=("n",))
_EXTENT = RowDecoder("the count", (_N, _HIGHEST), ("n",), expressions=("n", "highest"))


@dataclass(frozen=True)
class Extent:
    """How far a table reached when a pass over it began, as far as NetSuite told.

    Attributes:
        rows: How many rows it had.
        top: Its highest leading key value.
    """

    rows: int | None = None
    top: int | None = None


@dataclass(frozen=True)
class Tally:
    """The rows of a pass, as its count needs them.

    Attributes:
        rows: How many are out.
        fresh: How many of them were modified at the start or later.
        recent: How many were modified before the start, and will be read by the next pass again.
        highest: The highest position that was read; None if there were no rows.
        begun: How far the table reached at the start.
        started: When the pass began, by NetSuite's clock.
    """

    rows: int
    fresh: int
    recent: int
    highest: KeyValue | None
    begun: Extent
    started: datetime

    @property
    def unchanged(self) -> int:
        """How many are out that were not modified since the start."""
        return self.rows - self.fresh


def ask_extent(table: Table, fetch: Fetch) -> Extent:
    """How far a table without cursor reaches now, before what lies behind its first page is read.

    Raises:
        NetSuiteError: NetSuite could not be asked.
    """
    row = _ask(table, select_extent(table), _EXTENT, fetch)
    return Extent(row["n"], row["highest"]) if row else Extent()


def count_rows(table: Table, text: str, fetch: Fetch) -> int | None:
    """What a `select_count` finds; None, and a warning, if NetSuite does not answer it.

    Raises:
        NetSuiteError: NetSuite could not be asked.
    """
    row = _ask(table, text, _COUNT, fetch)
    return row["n"] if row else None


def count_ahead(selection: Selection, started: datetime, fetch: Fetch) -> int | None:
    """How many rows of a table with a cursor a pass must have at most, asked before its end.

    Returns:
        None, and a warning, if NetSuite does not count.

    Raises:
        NetSuiteError: NetSuite could not be asked.
    """
    text = select_unchanged_count(selection.table, started, since=selection.since, highest=())
    return count_rows(selection.table, text, fetch)


def check_count(selection: Selection, fetch: Fetch, tally: Tally) -> None:
    """Compares the rows of a pass with NetSuite's own count; the module says which rows.

    Raises:
        CountMismatch: Rows are missing.
        NetSuiteError: NetSuite could not be asked.
    """
    table = selection.table
    has_cursor = cursor_expression(table) is not None
    found = tally.unchanged
    if has_cursor:
        expected = _unchanged(selection, fetch, tally, tally.started)
    else:
        expected = _expected_without_cursor(table, fetch, tally)
    if expected is None or found >= expected:
        return
    mismatch = CountMismatch(
        f"{tally.rows} rows of {table.name} were read, {tally.fresh} of which changed meanwhile, "
        f"and NetSuite counts {expected} that did not. Rows may have been hidden or shown while "
        f"the table was read; if this comes again, compare it with what the role may see in "
        f"NetSuite, and report it.",
        table=table.name,
    )
    if not has_cursor or not selection.lookback:
        raise mismatch
    old = _unchanged(selection, fetch, tally, tally.started - selection.lookback)
    if old is None or found - tally.recent < old:
        raise mismatch
    logger.warning(
        "%s rows of %s that were modified shortly before this run came too late for it, or were "
        "hidden; the next run looks back and reads them.",
        expected - found,
        table.name,
    )


def count_modified(rows: Sequence[Row], cursor: str | None, since: datetime) -> int:
    """How many of some rows were modified at an instant or later."""
    instant = instant_text(since)
    return sum((row.get(cursor) or "") >= instant for row in rows) if cursor else 0


def _unchanged(
    selection: Selection, fetch: Fetch, tally: Tally, unchanged_since: datetime
) -> int | None:
    text = select_unchanged_count(
        selection.table, unchanged_since, since=selection.since, highest=tally.highest
    )
    return count_rows(selection.table, text, fetch)


def _expected_without_cursor(table: Table, fetch: Fetch, tally: Tally) -> int | None:
    if tally.begun.rows == 0:
        return 0
    if len(table.key) == 1 and not table.is_select:
        top = None if tally.begun.top is None else (tally.begun.top,)
        return count_rows(table, select_count(table, up_to=later(tally.highest, top)), fetch)
    now = count_rows(table, select_count(table), fetch)
    if now is None or tally.begun.rows is None:
        return now
    return min(now, tally.begun.rows)


def _ask(table: Table, text: str, decoder: RowDecoder, fetch: Fetch) -> Row | None:
    try:
        page = fetch(Query(text, limit=1, table=table.name, patience=SHORT_PATIENCE))
        rows = decoder.decode(page.items)
    except (NetSuiteError, ValueMismatch) as error:
        if isinstance(error, NetSuiteError) and not is_unanswerable(error):
            raise
        logger.warning("The rows of %s could not be counted. %s", table.name, said_by(error))
        return None
    if len(rows) != 1:
        logger.warning("The rows of %s could not be counted. No count came.", table.name)
        return None
    return rows[0]
