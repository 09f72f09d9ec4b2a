"""What the pages of a range say: its rows, how far they reach, and which of them are torn."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tap_netsuite_tba.decoding import Row, instant_text
from tap_netsuite_tba.extraction.asking import Request
from tap_netsuite_tba.extraction.checks import check_page
from tap_netsuite_tba.extraction.groups import Found, GroupDecoder
from tap_netsuite_tba.extraction.ranges import Range, before, rank
from tap_netsuite_tba.netsuite.query import PAGE_ROWS, Page
from tap_netsuite_tba.tables import PARENT_MODIFIED_AT, KeyValue, Table

MAX_TORN_TRIES = 5
"""So often what changed while it was read is read again."""

# Dates further ahead of NetSuite's clock are no sign that somebody saves right now.
_FUTURE = timedelta(minutes=1)


@dataclass(frozen=True)
class Chunk:
    """The rows of one page.

    Attributes:
        keys: Theirs, in ascending order; none where the table has no key of integers.
        covered: The ranges of which these are all rows; none when no row was left in an open range.
        asked_at: When the page was asked for, by NetSuite's clock.
        total_results: What NetSuite says the query has in all.
        size: Of how many bytes the pages were.
    """

    rows: list[Row]
    keys: list[KeyValue]
    covered: tuple[Range, ...]
    asked_at: datetime
    total_results: int | None
    size: int

    @property
    def is_all(self) -> bool:
        """Whether NetSuite says that the page is all there is."""
        return self.total_results == len(self.rows) < PAGE_ROWS


@dataclass(frozen=True)
class Answer:
    """What was read of a range.

    Attributes:
        rows: In ascending order, those with the keys `keys`.
        read: The range of which these are all rows but those in `torn`.
        torn: Where rows changed while they were read, so that they must be read again.
        rows_left: How many rows of the range NetSuite says are left; None if it does not say.
        asked_at: When the first page was asked for, by NetSuite's clock.
        total_results: What NetSuite says the range has in all.
        size: Of how many bytes the pages were.
    """

    rows: list[Row]
    keys: list[KeyValue]
    read: Range
    torn: list[Range]
    rows_left: int | None
    asked_at: datetime
    total_results: int | None
    size: int

    def chunk(self, parts: Sequence[Range]) -> Chunk:
        """The rows of some parts, in ascending order, of what was read."""
        rows, keys = self.rows, self.keys
        if parts != [self.read]:
            places = [self._place_of(part) for part in parts]
            rows = [row for place in places for row in self.rows[place]]
            keys = [key for place in places for key in self.keys[place]]
        covered = tuple(filter(None, map(self._closed, parts)))
        return Chunk(rows, keys, covered, self.asked_at, self.total_results, self.size)

    def _place_of(self, part: Range) -> slice:
        start = bisect_right(self.keys, rank(part.after), key=rank)
        if part.up_to is None:
            return slice(start, None)
        return slice(start, bisect_right(self.keys, rank(part.up_to), key=rank))

    def _closed(self, part: Range) -> Range | None:
        """A part up to its last row where it is open above, for more rows may come there."""
        if part.up_to is not None:
            return part
        if not self.keys or rank(self.keys[-1]) <= rank(part.after):
            return None
        return Range(part.after, self.keys[-1])


def understand(
    table: Table, request: Request, pages: Sequence[Page], decoder: GroupDecoder
) -> Answer:
    """What the pages of all groups of columns say together.

    Raises:
        OrderViolation: One of them is not what was asked for.
        ValueMismatch: A value does not fit its column.
    """
    found: list[Found] = []
    cut_at: list[KeyValue] = []
    for group, page in enumerate(pages):
        rows, keys = decoder.decode(group, page)
        if request.descending:
            rows.reverse()
            keys.reverse()
        check_page(table, request.wanted, _without_echo(request, page, keys), keys)
        if _is_cut(page, keys, request.limit):
            cut_at.append(keys[0] if request.descending else keys[-1])
        found.append((rows, keys))
    rows, keys = found[0]
    read = _read(request, keys, cut_at)
    torn_keys: list[KeyValue] = []
    if len(found) > 1:
        rows, keys, torn_keys = decoder.join(found, read)
    asked_at = min(page.asked_at for page in pages)
    torn = [Range(before(key), key) for key in torn_keys]
    if table.is_in_order_of_owners:
        owners = {key[0] for key in torn_keys}
        if request.torn < MAX_TORN_TRIES:
            owners |= _unsettled_owners(rows, keys, asked_at)
        torn = [Range((owner - 1,), (owner,)) for owner in sorted(owners)]
        if owners:
            settled = [n for n, key in enumerate(keys) if key[0] not in owners]
            rows, keys = [rows[n] for n in settled], [keys[n] for n in settled]
    return Answer(
        rows,
        keys,
        read,
        torn,
        rows_left=_rows_left(pages[0]),
        asked_at=asked_at,
        total_results=pages[0].total_results,
        size=sum(len(page.items) for page in pages),
    )


def _unsettled_owners(rows: list[Row], keys: list[KeyValue], asked_at: datetime) -> set[int]:
    """The transactions, of which these are lines, that were saved in the second of the question.

    Saved once more within that second, they would have other lines and the same date, by which
    their lines are told from those that are gone.
    """
    now, future = instant_text(asked_at), instant_text(asked_at + _FUTURE)
    return {
        key[0]
        for row, key in zip(rows, keys, strict=True)
        if now <= (row.get(PARENT_MODIFIED_AT) or "") < future
    }


def _read(request: Request, keys: list[KeyValue], cut_at: list[KeyValue]) -> Range:
    """How much of a range its pages hold: each as far as it reaches."""
    after, up_to = request.wanted.after, request.wanted.up_to
    if not request.descending:
        if up_to is None:
            # What only a later group saw behind the first's last row came meanwhile: not read yet.
            cut_at = [min(key, keys[-1]) for key in cut_at if keys]
        return Range(after, min(cut_at, default=up_to))
    if up_to is None and keys:
        up_to = keys[-1]
    return Range(before(max(cut_at)) if cut_at else after, up_to)


def _rows_left(page: Page) -> int | None:
    if page.total_results is None or page.total_results < page.count:
        return None
    return page.total_results - page.count


def _is_cut(page: Page, keys: list[KeyValue], limit: int) -> bool:
    """Whether rows that were asked for may lie behind a page."""
    # A total beyond this page is a hint that costs nothing to follow.
    hinted = (page.total_results or 0) > len(keys)
    return bool(keys) and (len(keys) >= limit or page.has_more or hinted)


def _without_echo(request: Request, page: Page, keys: list[KeyValue]) -> Page:
    """A page that once more announces rows behind none, where there are none."""
    return replace(page, has_more=False) if request.tries and not keys else page
