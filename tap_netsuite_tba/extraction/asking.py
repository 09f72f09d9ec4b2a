"""What one worker asks: a page of some columns of a range, or where the next pages end."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import NamedTuple

from tap_netsuite_tba.decoding import RowDecoder
from tap_netsuite_tba.extraction.plan import STEP, Plan
from tap_netsuite_tba.extraction.ranges import Range
from tap_netsuite_tba.netsuite.query import SHORT_PATIENCE, Fetch, Page, Query
from tap_netsuite_tba.netsuite.suiteql import Since, page_end_names, select_page_ends, select_rows
from tap_netsuite_tba.tables import Column, ColumnType, KeyValue, Table


@dataclass(frozen=True)
class Selection:
    """What is to be read of a table.

    Attributes:
        columns: The columns; the key is among them.
        since: Only rows that were modified since; None for all.
        lookback: The next pass reads again what was modified so shortly before this one.
        stands_alone: What this pass leaves out counts as gone, for no later one would read it.
    """

    table: Table
    columns: tuple[Column, ...]
    since: Since | None = None
    lookback: timedelta = timedelta(0)
    stands_alone: bool = False


@dataclass(frozen=True)
class Request:
    """A page of a range that is wanted, with all its columns.

    Attributes:
        wanted: The range.
        limit: The most rows wanted.
        descending: Whether the page is to hold the range's highest rows, not its lowest.
        of_gap: Whether the range is a gap: `Spans` knows what is to be read of it next.
        tries: How often its answer could not be trusted.
        torn: How often its rows changed while it was read.
    """

    wanted: Range
    limit: int
    descending: bool = False
    of_gap: bool = False
    tries: int = 0
    torn: int = 0

    def for_less(self, width: int) -> "list[Request]":
        """The same in two halves, or for half the rows; nothing if it can only be one row.

        Args:
            width: Of how many values the table's key is.
        """
        halves = None if self.of_gap else self.wanted.halves()
        if halves:
            return [replace(self, wanted=half) for half in halves]
        if self.limit == 1 or self.wanted.holds_one_row(width):
            return []
        return [replace(self, limit=self.limit // 2)]


class PageEnds(NamedTuple):
    """The keys at which pages end, and how many seconds the answer took."""

    ends: list[KeyValue]
    seconds: float


def ask_rows(
    selection: Selection, fetch: Fetch, request: Request, columns: Sequence[Column]
) -> Page:
    """The page of some columns of a range."""
    text = select_rows(
        selection.table,
        columns,
        after=request.wanted.after,
        up_to=request.wanted.up_to,
        since=selection.since,
        descending=request.descending,
    )
    return fetch(Query(text, limit=request.limit, table=selection.table.name))


def ask_page_ends(selection: Selection, fetch: Fetch, plan: Plan) -> PageEnds:
    """Where the pages behind the front of a plan end."""
    began = time.monotonic()
    text = select_page_ends(
        selection.table,
        after=plan.front,
        up_to=plan.bound,
        pages=plan.horizon,
        step=STEP,
        since=selection.since,
    )
    page = fetch(Query(text, table=selection.table.name, patience=SHORT_PATIENCE))
    names = page_end_names(selection.table)
    columns = tuple(Column(name, ColumnType.INTEGER) for name in names)
    decoder = RowDecoder("the page ends", columns, names, names)
    ends = decoder.keys_of(decoder.decode(page.items))
    return PageEnds(ends, time.monotonic() - began)
