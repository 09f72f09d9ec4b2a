"""Transactions whose lines lie in two ranges, and were edited between the reading of the two.

Only lines with the highest date of their transaction are live, so a transaction must not go out
with two: half of its lines would be taken for gone until the next run.
"""

from bisect import bisect_right

from tap_netsuite_tba.extraction.answers import Chunk
from tap_netsuite_tba.extraction.ranges import rank
from tap_netsuite_tba.tables import PARENT_MODIFIED_AT, KeyValue, Table


class SplitOwners:
    """What is known of owners at the ends of ranges, of a table in their order."""

    def __init__(self, table: Table) -> None:
        self._width = len(table.key)
        self._half_known: dict[KeyValue, str | None] = {}

    def torn(self, chunk: Chunk) -> list[int]:
        """The owners that turn out to have lines with two dates, in ranges that meet."""
        torn = []
        for part in chunk.covered:
            for end, is_below in ((part.after, False), (part.up_to, True)):
                if end is None or len(end) < self._width:
                    continue  # It stands behind all lines of an owner.
                date = _date_at(end, chunk, is_below=is_below)
                if end not in self._half_known:
                    self._half_known[end] = date
                elif None not in (other := {date, self._half_known.pop(end)}) and len(other) > 1:
                    torn.append(end[0])
        return torn


def _date_at(end: KeyValue, chunk: Chunk, *, is_below: bool) -> str | None:
    """The date of the line next to an end, if it is of the owner that the end lies in."""
    place = bisect_right(chunk.keys, rank(end), key=rank) - is_below
    if not 0 <= place < len(chunk.keys) or chunk.keys[place][0] != end[0]:
        return None
    date: str | None = chunk.rows[place][PARENT_MODIFIED_AT]
    return date
