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
from tap_netsuite_tba.extraction.plan import STEP, Plan
from tap_netsuite_tba.extraction.ranges import Progress, Range, rank
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import QueryRefused, TimedOut
from tap_netsuite_tba.netsuite.query import PAGE_ROWS, Fetch, Page, Query
from tap_netsuite_tba.netsuite.suiteql import select_page_ends, select_rows
from tap_netsuite_tba.tables import Column, ColumnType, Table

logger = logging.getLogger(__name__)

MAX_WAITING_PAGES = 5
MAX_WAITING_BYTES = 16 * 2**20
_LOW_RANGES = 10
_PAGE_ENDS = RowDecoder("the page ends", (Column("k", ColumnType.INTEGER),), ("k",))


@dataclass(frozen=True)
class Selection:
    """What is to be read of a table.

    Attributes:
        columns: The columns; the key is among them.
        since: Only rows modified at this instant or later; None for all.
    """

    table: Table
    columns: tuple[Column, ...]
    since: datetime | None = None


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
    limit: int = PAGE_ROWS
    again: bool = False
    horizon: int | None = None


@dataclass(frozen=True)
class _Answer:
    page: Page
    seconds: float


class Reader:
    """One reading of one table: yields the pages of all missing ranges as they arrive."""

    def __init__(
        self, selection: Selection, fetch: Fetch, workers: Workers, progress: Progress
    ) -> None:
        self._selection = selection
        self._table = selection.table
        self._fetch = fetch
        self._workers = workers
        self._decoder = RowDecoder(self._table.name, selection.columns, self._table.key)
        self._progress = progress
        self._plan: Plan | None = None
        self._sequential = False
        self._queue = deque(map(_Request, progress.missing(Range())))
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
            self._queue.appendleft(_Request(Range(self._plan.front), horizon=self._plan.horizon))
        arrived = [future for future in self._pending if future.done()]
        running = len(self._pending) - len(arrived)
        held = sum(len(f.result().page.items) for f in arrived if not f.exception())
        while self._queue and running < self._workers.size:
            if len(arrived) >= MAX_WAITING_PAGES or held >= MAX_WAITING_BYTES:
                return
            request = self._queue.popleft()
            self._pending[self._workers.submit(self._asking(request))] = request
            running += 1

    def _wants_page_ends(self) -> bool:
        asking = any(r.horizon for r in (*self._queue, *self._pending.values()))
        return self._plan_is_open and not asking and len(self._queue) < _LOW_RANGES

    def _asking(self, request: _Request) -> Callable[[], _Answer]:
        selection, wanted = self._selection, request.wanted
        if request.horizon:
            text = select_page_ends(
                self._table,
                after=wanted.after,
                pages=request.horizon,
                step=STEP,
                since=selection.since,
            )
        else:
            text = select_rows(
                self._table,
                selection.columns,
                after=wanted.after,
                up_to=wanted.up_to,
                since=selection.since,
            )
        query = Query(text, limit=request.limit, table=self._table.name)

        def ask() -> _Answer:
            began = time.monotonic()
            return _Answer(self._fetch(query), time.monotonic() - began)

        return ask

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
            return self._rows_of(request, answer.page)
        except OrderViolation as error:
            if request.again:
                raise
            logger.warning("%s It is read once more.", error)
            self._queue.appendleft(replace(request, again=True))
            return None

    def _rows_of(self, request: _Request, page: Page) -> Chunk:
        rows = self._decoder.decode(page.items)
        keys = [self._decoder.key_of(row) for row in rows]
        wanted = request.wanted
        check_page(self._table, wanted, page, keys)
        # A total beyond this page is a hint that cost nothing to follow: there may be rows behind.
        hinted = bool(keys) and (page.total_results or 0) > len(keys)
        if len(rows) < request.limit and not page.has_more and not hinted:
            covered = wanted if wanted.up_to is not None else None
            if covered is None and keys:
                covered = Range(wanted.after, keys[-1])
            return Chunk(rows, covered, page.asked_at, page.total_results)
        rest = Range(keys[-1], wanted.up_to)
        if rest.up_to is not None or self._sequential:
            self._queue.appendleft(replace(request, wanted=rest, again=False))
        else:
            self._plan = Plan(front=rest.after)
        return Chunk(rows, Range(wanted.after, keys[-1]), page.asked_at, page.total_results)

    def _learn_page_ends(self, future: Future[_Answer]) -> None:
        if self._plan is None:
            raise RuntimeError("page ends came without a plan")
        try:
            answer = future.result()
            ends = [row["k"] for row in _PAGE_ENDS.decode(answer.page.items)]
        except (QueryRefused, TimedOut, ValueMismatch) as error:
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
            self._queue.extend(map(_Request, self._progress.missing(planned)))

    def _ask_for_less(self, request: _Request, error: TimedOut) -> None:
        """A page that timed out is asked for again as two halves, or in smaller pages."""
        halves = request.wanted.halves()
        if halves is None and request.limit == 1:
            raise error
        logger.warning("%s It is asked for in halves.", error)
        if halves:
            self._queue.extendleft(replace(request, wanted=half) for half in reversed(halves))
        else:
            self._queue.appendleft(replace(request, limit=request.limit // 2))
