"""The rolling plan: NetSuite itself names the next page ends, so that ranges hold a page each.

It knows a horizon, never the table: some hundred ends at a time, asked for again as they run low.
NetSuite numbers rows to find them. Of a huge table it is to number only those that are likely to be
needed, not all behind the front each time; so the question is bounded above, as far as the last
page ends tell how far the next ones may be. A bound never decides where the table ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tap_netsuite_tba.decoding import INTEGER_MAX
from tap_netsuite_tba.extraction.ranges import Range, rank
from tap_netsuite_tba.netsuite.query import PAGE_ROWS
from tap_netsuite_tba.tables import KeyValue

STEP = 990
"""Rows a range: ten fewer than a page, so that rows inserted meanwhile still fit."""

FIRST_HORIZON = 256
MAX_HORIZON = PAGE_ROWS
QUICK_SECONDS = 5.0

_CEILINGS = (100_000, 1_000_000)
"""Totals that NetSuite gives of more rows too; from the higher one on a table is huge."""
_ROOM = 2
"""So many times further than the last page ends lay apart the next ones are looked for."""
_MUCH_ROOM = 16
"""So many times, once more, where that was too little."""


@dataclass(frozen=True)
class Plan:
    """How far ranges have been named.

    Attributes:
        front: The position up to which ranges have been named.
        horizon: How many page ends the next question asks for.
        width: How far above the front it looks, in values of the leading key; None: to the end.
        is_huge: Whether there may be too many rows behind the front to look at all of them often.
        complete: Whether the last range, open above, has been named.
    """

    front: KeyValue | None
    horizon: int = field(default_factory=lambda: FIRST_HORIZON)
    width: int | None = None
    is_huge: bool = False
    complete: bool = False

    @property
    def bound(self) -> KeyValue | None:
        """Up to which position the next question looks; None: to the end of the table."""
        if self.front is None or self.width is None:
            return None
        leading = self.front[0] + self.width
        return (leading,) if leading <= INTEGER_MAX else None

    def named(self, ends: Sequence[KeyValue], seconds: float) -> "tuple[list[Range], Plan]":
        """The ranges between the page ends that NetSuite named, and the plan behind them.

        Args:
            ends: The keys at which pages end, ascending.
            seconds: How long the answer took: the horizon doubles while it is quick.
        """
        ranges, front = [], self.front
        for end in ends:
            if rank(end) > rank(front):
                ranges.append(Range(front, end))
                front = end
        if ends and not ranges:
            return self.given_up()  # NetSuite overlooked what lies before the front.
        if len(ends) < self.horizon and self.bound is None:
            return [*ranges, Range(front)], replace(self, front=front, complete=True)
        if len(ends) < self.horizon:
            # Behind the bound the table may end, or go on after a gap.
            width = self.width * _MUCH_ROOM if self.width and ends else None
            return ranges, replace(self, front=front, width=width)
        horizon = min(self.horizon * 2, MAX_HORIZON) if seconds < QUICK_SECONDS else self.horizon
        width = None
        if self.is_huge and self.front and front:
            width = _width(self.front, front, len(ends) * STEP, horizon)
        return ranges, replace(self, front=front, horizon=horizon, width=width)

    def given_up(self) -> "tuple[list[Range], Plan]":
        """Everything that is left as one range, to be read page after page."""
        return [Range(self.front)], replace(self, complete=True)


def first_width(keys: Sequence[KeyValue], rows: int, total: int | None) -> int | None:
    """How far above a page its plan looks first; None: to the end, for the table is not huge.

    Args:
        keys: Those of the page's rows, or of its first and its last.
        rows: How many it has.
        total: How many rows NetSuite says there are in all; None if it does not say.
    """
    is_known = total is not None and rows <= total < max(_CEILINGS) and total not in _CEILINGS
    return None if is_known or not keys else _width(keys[0], keys[-1], rows, FIRST_HORIZON)


def _width(first: KeyValue, last: KeyValue, rows: int, horizon: int) -> int:
    """How far above its front a plan looks, by how far apart so many rows lay."""
    spread = max(1, last[0] - first[0])
    return _ROOM * spread * horizon * STEP // rows + 1
