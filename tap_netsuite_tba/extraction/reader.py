"""Reads the rows that a pass still lacks, with as many requests at once as there are workers."""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, replace
from datetime import datetime

from tap_netsuite_tba.decoding import Row, RowDecoder
from tap_netsuite_tba.errors import OrderViolation, ValueMismatch
from tap_netsuite_tba.extraction.checks import check_page
from tap_netsuite_tba.extraction.groups import GroupDecoder
from tap_netsuite_tba.extraction.plan import STEP, Plan
from tap_netsuite_tba.extraction.ranges import Progress, Range, rank
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import NetSuiteError, TimedOut, is_unanswerable
from tap_netsuite_tba.netsuite.query import PAGE_ROWS, SHORT_PATIENCE, Fetch, Page, Query
from tap_netsuite_tba.netsuite.suiteql import Since, select_page_ends, select_rows
from tap_netsuite_tba.tables import Column, ColumnType, KeyValue, Table

logger = logging.getLogger(__name__)

MAX_WAITING_PAGES = 5
MAX_WAITING_BYTES = 16 * 2**20
MAX_TORN_TRIES = 3
_LOW_RANGES = 10
_PAGE_ENDS = RowDecoder("the page ends", (Column("k", ColumnType.INTEGER),), ("k",))


@dataclass(frozen=True)
class Selection:
    """What is to be read of a table.

    Attributes:
        columns: The columns; the key is among them.
        since: Only rows that were modified since; None for all.
    """

    table: Table
    columns: tuple[Column, ...]
    since: Since | None = None


@dataclass(frozen=True)
class Chunk:
    """The rows of one page.

    Attributes:
        covered: The range of which these are all rows; None when no row was left in an open range.
        asked_at: When the page was asked for, by NetSuite's clock.
        total_results: What NetSuite says the query has in all.
    """

    rows: list[Row]
    covered: Range | None
    asked_at: datetime
    total_results: int | None


@dataclass(frozen=True)
class _Request:
    """A range to read, or a question for page ends where `horizon` is set."""

    wanted: Range
    limit: int
    tries: int = 0
    torn: int = 0
    horizon: int | None = None


@dataclass(frozen=True)
class _Answer:
    pages: list[Page]
    seconds: float

    @property
    def size(self) -> int:
        return sum(len(page.items) for page in self.pages)


class Reader:
    """One reading of one table: yields the pages of all missing ranges as they arrive."""

    def __init__(
        self, selection: Selection, fetch: Fetch, workers: Workers, progress: Progress
    ) -> None:
        self._selection = selection
        self._table = selection.table
        self._fetch = fetch
        self._workers = workers
        self._decoder = GroupDecoder(self._table, selection.columns)
        self._progress = progress
        self._plan: Plan | None = None
        self._sequential = False
        self._queue = deque(map(self._request, progress.missing(Range())))
        self._pending: dict[Future[_Answer], _Request] = {}

    def chunks(self) -> Iterator[Chunk]:
        """The pages as they arrive, each range once, in no promised order.

        Raises:
            NetSuiteError: A page could not be had.
            ExtractionError: A page could not be trusted, not even read again.
        """
        try:
            while self._queue or self._pending or self._plan_is_open:
                self._submit()
                future = self._first_arrived()
                request = self._pending.pop(future)
                chunk = self._take(request, future)
                if chunk:
                    yield chunk
        finally:
            for future in self._pending:
                future.cancel()

    @property
    def _plan_is_open(self) -> bool:
        return self._plan is not None and not self._plan.complete

    def _submit(self) -> None:
        """Hands requests to the workers, as long as what has arrived is not too much to hold."""
        if self._wants_page_ends() and self._plan:
            self._queue.appendleft(
                _Request(Range(self._plan.front), PAGE_ROWS, horizon=self._plan.horizon)
            )
        arrived = [future for future in self._pending if future.done()]
        running = len(self._pending) - len(arrived)
        held = sum(future.result().size for future in arrived if not future.exception())
        while self._queue and running < self._workers.size:
            if len(arrived) >= MAX_WAITING_PAGES or held >= MAX_WAITING_BYTES:
                return
            request = self._queue.popleft()
            self._pending[self._workers.submit(self._asking(request))] = request
            running += 1

    def _wants_page_ends(self) -> bool:
        asking = any(r.horizon for r in (*self._queue, *self._pending.values()))
        return self._plan_is_open and not asking and len(self._queue) < _LOW_RANGES

    def _request(self, wanted: Range) -> _Request:
        return _Request(wanted, PAGE_ROWS)

    def _asking(self, request: _Request) -> Callable[[], _Answer]:
        ask = self._ask_page_ends if request.horizon else self._ask_rows

        def timed() -> _Answer:
            began = time.monotonic()
            return _Answer(ask(request), time.monotonic() - began)

        return timed

    def _ask_page_ends(self, request: _Request) -> list[Page]:
        text = select_page_ends(
            self._table,
            after=request.wanted.after,
            pages=request.horizon or 0,
            step=STEP,
            since=self._selection.since,
        )
        return [self._fetch(Query(text, table=self._table.name, patience=SHORT_PATIENCE))]

    def _ask_rows(self, request: _Request) -> list[Page]:
        """The pages of all groups of columns; the first one bounds the others."""
        pages: list[Page] = []
        wanted = request.wanted
        for group in self._decoder.groups:
            text = select_rows(
                self._table,
                group,
                after=wanted.after,
                up_to=wanted.up_to,
                since=self._selection.since,
            )
            limit = PAGE_ROWS if pages else request.limit
            pages.append(self._fetch(Query(text, limit=limit, table=self._table.name)))
            if len(pages) == 1 and len(self._decoder.groups) > 1:
                _, keys = self._decoder.first(pages[0])
                if not keys:
                    break
                wanted = Range(wanted.after, keys[-1])
        return pages

    def _first_arrived(self) -> Future[_Answer]:
        arrived = wait(self._pending, return_when=FIRST_COMPLETED).done
        return min(arrived, key=lambda future: rank(self._pending[future].wanted.after))

    def _take(self, request: _Request, future: Future[_Answer]) -> Chunk | None:
        if request.horizon:
            self._learn_page_ends(future)
            return None
        try:
            answer = future.result()
        except TimedOut as error:
            self._ask_for_less(request, error)
            return None
        try:
            return self._rows_of(request, answer.pages)
        except OrderViolation as error:
            if request.tries:
                raise
            logger.warning("%s It is read once more.", error)
            self._queue.appendleft(replace(request, tries=1))
            return None

    def _rows_of(self, request: _Request, pages: list[Page]) -> Chunk | None:
        wanted, page = request.wanted, pages[0]
        rows, keys = self._decoder.first(page)
        if request.tries and page.has_more and not keys:
            page = replace(page, has_more=False)  # It says so again, and there is nothing behind.
        check_page(self._table, wanted, page, keys)
        end = keys[-1] if self._goes_on(request, page, keys) else None
        if len(pages) > 1:
            later = self._decoder.later(pages[1:])
            reach = None
            for other, (_, found) in zip(pages[1:], later, strict=True):
                check_page(self._table, Range(wanted.after, keys[-1]), other, found)
                if _is_cut(other, found, PAGE_ROWS):
                    reach = min(found[-1], reach or found[-1])
            joined = self._decoder.join((rows, keys), later, reach)
            if joined.torn and request.torn < MAX_TORN_TRIES:
                self._queue.appendleft(replace(request, torn=request.torn + 1))
                return None
            if joined.torn:
                logger.warning(
                    "%s rows of %s changed while their columns were read; the next run reads them "
                    "again.",
                    len(joined.torn),
                    self._table.name,
                )
            rows, end = joined.rows, reach or end
        covered = self._cover(request, keys, end)
        return Chunk(rows, covered, page.asked_at, page.total_results)

    def _goes_on(self, request: _Request, page: Page, keys: list[KeyValue]) -> bool:
        """Whether rows of the range may lie behind the page."""
        if not keys or keys[-1] == request.wanted.up_to:
            return False
        return _is_cut(page, keys, request.limit)

    def _cover(self, request: _Request, keys: list[KeyValue], end: KeyValue | None) -> Range | None:
        """What has been read of a range, up to a key or whole; what lies behind is asked for."""
        wanted = request.wanted
        if end is None:
            if wanted.up_to is not None:
                return wanted
            return Range(wanted.after, keys[-1]) if keys else None
        if wanted.up_to is not None or self._sequential:
            limit = min(request.limit * 2, PAGE_ROWS)  # After time-outs it grows again.
            rest = _Request(Range(end, wanted.up_to), limit)
            self._queue.appendleft(rest)
        else:
            self._plan = Plan(front=end)
        return Range(wanted.after, end)

    def _learn_page_ends(self, future: Future[_Answer]) -> None:
        if self._plan is None:
            raise RuntimeError("page ends came without a plan")
        try:
            answer = future.result()
            ends = [row["k"] for row in _PAGE_ENDS.decode(answer.pages[0].items)]
        except (NetSuiteError, ValueMismatch) as error:
            if isinstance(error, NetSuiteError) and not is_unanswerable(error):
                raise
            logger.warning(
                "NetSuite does not name the page ends of %s, so it is read one page after another: "
                "%s",
                self._table.name,
                error,
            )
            self._sequential = True
            ranges, self._plan = self._plan.given_up()
        else:
            ranges, self._plan = self._plan.named(ends, answer.seconds)
        for planned in ranges:
            self._queue.extend(map(self._request, self._progress.missing(planned)))

    def _ask_for_less(self, request: _Request, error: TimedOut) -> None:
        """A page that timed out is asked for again as two halves, or in smaller pages."""
        halves = request.wanted.halves()
        if halves is None and (request.limit == 1 or self._holds_one_row(request.wanted)):
            raise error
        logger.warning("%s It is asked for in halves.", error)
        if halves:
            self._queue.extendleft(replace(request, wanted=half) for half in reversed(halves))
        else:
            self._queue.appendleft(replace(request, limit=request.limit // 2))

    def _holds_one_row(self, wanted: Range) -> bool:
        if len(self._table.key) > 1 or wanted.after is None or wanted.up_to is None:
            return False
        return wanted.up_to[0] - wanted.after[0] <= 1


def _is_cut(page: Page, keys: list[KeyValue], limit: int) -> bool:
    """Whether rows that were asked for may lie behind a page."""
    # A total beyond this page is a hint that costs nothing to follow.
    hinted = (page.total_results or 0) > len(keys)
    return bool(keys) and (len(keys) >= limit or page.has_more or hinted)
