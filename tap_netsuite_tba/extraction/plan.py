"""The rolling plan: NetSuite itself names the next page ends, so that ranges hold a page each.

It knows a horizon, never the table: some hundred ends at a time, asked for again as they run low.
"""

from dataclasses import dataclass, replace

from tap_netsuite_tba.extraction.ranges import Range, rank
from tap_netsuite_tba.netsuite.query import PAGE_ROWS
from tap_netsuite_tba.tables import KeyValue

STEP = 990
"""Rows a range: ten fewer than a page, so that rows inserted meanwhile still fit."""

FIRST_HORIZON = 16
MAX_HORIZON = PAGE_ROWS
QUICK_SECONDS = 5.0


@dataclass(frozen=True)
class Plan:
    """How far ranges have been named.

    Attributes:
        front: The position up to which ranges have been named.
        horizon: How many page ends the next question asks for.
        complete: Whether the last range, open above, has been named.
    """

    front: KeyValue | None
    horizon: int = FIRST_HORIZON
    complete: bool = False

    def named(self, ends: list[int], seconds: float) -> "tuple[list[Range], Plan]":
        """The ranges between the page ends that NetSuite named, and the plan behind them.

        Args:
            ends: The leading key values at which pages end, ascending.
            seconds: How long the answer took: the horizon doubles while it is quick.
        """
        ranges, front = [], self.front
        for end in ends:
            # A leading value with more rows than a page ends several; it bounds one range.
            if rank((end,)) > rank(front):
                ranges.append(Range(front, (end,)))
                front = (end,)
        if ends and not ranges:
            return self.given_up()  # NetSuite overlooked what lies before the front.
        if len(ends) < self.horizon:
            return [*ranges, Range(front)], replace(self, front=front, complete=True)
        horizon = min(self.horizon * 2, MAX_HORIZON) if seconds < QUICK_SECONDS else self.horizon
        return ranges, replace(self, front=front, horizon=horizon)

    def given_up(self) -> "tuple[list[Range], Plan]":
        """Everything that is left as one range, to be read page after page."""
        return [Range(self.front)], replace(self, complete=True)
