"""Who reads where in ranges of many pages whose ends NetSuite does not name.

What is unread of such a range is a gap. A gap is read from both its ends: from the bottom in
ascending order and from the top in descending order, each page of which shrinks it. Where more
workers are idle than there are ends, the gap with the most rows is cut in two by the leading key.
So rows come by key alone, and no page is empty unless a cut was unlucky.

How many rows a gap has left is NetSuite's word. It may be missing, capped or wrong: it decides only
which end is read next, and costs some requests where it misleads.
"""

from dataclasses import dataclass

from tap_netsuite_tba.extraction.asking import Request
from tap_netsuite_tba.extraction.ranges import Range, rank
from tap_netsuite_tba.netsuite.query import PAGE_ROWS

_MANY_ROWS = 100_000
"""NetSuite's ceiling: where it does not say how many rows are left, there may be so many."""

# A cut may be unlucky, where keys are very uneven: so many, and one more every few pages.
_FREE_CUTS = 8
_PAGES_PER_CUT = 10
_PAGES_WORTH_A_SECOND_READER = 2
_PAGES_WORTH_A_CUT = 4


@dataclass(frozen=True)
class Gap:
    """What lies unread between two positions.

    Attributes:
        rows: How many rows it may have.
        limit: How many rows a request for it may ask for: fewer after time-outs.
    """

    unread: Range
    rows: int
    limit: int


class Spans:
    """The gaps that are left, and which of their ends are being read.

    Attributes:
        descends: Whether gaps are read from their tops too.
    """

    def __init__(self) -> None:
        self.descends = True
        self._gaps: list[Gap] = []
        self._asked: set[tuple[Range, bool]] = set()
        self._pages = 0
        self._cuts = 0

    @property
    def unread(self) -> list[Range]:
        """What is not read yet."""
        return [gap.unread for gap in self._gaps]

    def add(self, unread: Range, rows: int | None, limit: int) -> None:
        """A range is to be read, of `rows` rows as NetSuite says, at most `limit` a request."""
        self._gaps.append(Gap(unread, _MANY_ROWS if rows is None else rows, limit))
        self._gaps.sort(key=_position)

    def unattended(self) -> Request | None:
        """What is to be asked of a gap that nobody reads; None if all are being read."""
        for gap in self._gaps:
            if not self._is_read_upwards(gap) and not self._is_read_downwards(gap):
                return self._ask(gap)
        return None

    def helping(self) -> Request | None:
        """What one more worker can ask of a gap that is being read; None if it is not worth it."""
        fullest_first = sorted(self._gaps, key=lambda gap: gap.rows, reverse=True)
        for gap in fullest_first:
            if gap.rows > _PAGES_WORTH_A_SECOND_READER * PAGE_ROWS:
                if not self._is_read_upwards(gap):
                    return self._ask(gap)
                if self.descends and not self._is_read_downwards(gap):
                    return self._ask(gap, descending=True)
        for gap in fullest_first:
            halves = gap.unread.halves()
            if halves and gap.rows > _PAGES_WORTH_A_CUT * PAGE_ROWS and self._may_cut():
                return self._cut(gap, *halves)
        return None

    def answered(self, request: Request, read: Range, rows_left: int | None) -> list[Range]:
        """Takes away what one of the requests has read.

        Args:
            request: The request, whose limit may be another than it was.
            read: What its page covers.
            rows_left: How many rows of the request's range lie behind it, as NetSuite says.

        Returns:
            The parts of `read` that had not been read, in ascending order.
        """
        self._asked.remove((request.wanted, request.descending))
        self._pages += 1
        rows_left = _MANY_ROWS if rows_left is None else rows_left
        parts: list[Range] = []
        gaps: list[Gap] = []
        for gap in self._gaps:
            new = gap.unread.overlap(read)
            if new is None:
                gaps.append(gap)
                continue
            parts.append(new)
            limit = min(request.limit * 2, PAGE_ROWS)  # After time-outs it grows again.
            gaps += [
                Gap(rest, _rows_of(rest, gap, request, rows_left), limit)
                for rest in gap.unread.without(read)
            ]
        self._gaps = gaps
        return parts

    def give_up_descending(self, request: Request) -> None:
        """No gap is read from its top any more, for NetSuite does not answer such a request."""
        self.descends = False
        self._asked.remove((request.wanted, request.descending))

    def _ask(self, gap: Gap, *, descending: bool = False) -> Request:
        self._asked.add((gap.unread, descending))
        return Request(gap.unread, gap.limit, descending=descending, of_gap=True)

    def _is_read_upwards(self, gap: Gap) -> bool:
        return any(
            not descending and asked.after == gap.unread.after for asked, descending in self._asked
        )

    def _is_read_downwards(self, gap: Gap) -> bool:
        return any(
            descending and asked.up_to == gap.unread.up_to for asked, descending in self._asked
        )

    def _may_cut(self) -> bool:
        return self._cuts < _FREE_CUTS + self._pages // _PAGES_PER_CUT

    def _cut(self, gap: Gap, lower: Range, upper: Range) -> Request:
        """Reads the upper half of a gap as a gap of its own, from its bottom."""
        self._cuts += 1
        place = self._gaps.index(gap)
        halves = [Gap(half, gap.rows // 2, gap.limit) for half in (lower, upper)]
        self._gaps[place : place + 1] = halves
        return self._ask(halves[-1])


def _position(gap: Gap) -> tuple[float, ...]:
    return rank(gap.unread.after)


def _rows_of(rest: Range, gap: Gap, request: Request, rows_left: int) -> int:
    """How many rows may be left of a gap of which a request has read something."""
    if request.descending and rest.up_to is None:
        return 0  # Above the highest row there are only rows that came meanwhile.
    if request.descending:
        is_all_that_is_left = rest.after == request.wanted.after
    else:
        is_all_that_is_left = rest.up_to == request.wanted.up_to
    return rows_left if is_all_that_is_left else min(rows_left, gap.rows)
