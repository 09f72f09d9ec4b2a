"""Reads the rows that a pass still lacks, with as many requests at once as there are workers.

Three ways, each where NetSuite does not answer the one before:

1. It names the next page ends itself, which become ranges of one page each (`plan`).
2. Gaps are read from both ends, and cut where that leaves workers idle (`spans`).
3. Gaps are read upwards, one page after another.

A sequential table is read only so, one request at a time, from the start.

A range that holds more rows than a page, against the plan or where a pass is resumed, is a gap too.
Rows that changed while they were read are read again, alone.

Before its turn a reader asks for what it can, and holds the pages as they came: decoded they would
weigh several times as much.
"""

import logging
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from tap_netsuite_tba.errors import OrderViolation, ValueMismatch
from tap_netsuite_tba.extraction.answers import Answer, Chunk, understand
from tap_netsuite_tba.extraction.asking import Request, Selection, ask_page_ends, ask_rows
from tap_netsuite_tba.extraction.budget import Budget, Turn
from tap_netsuite_tba.extraction.groups import GroupDecoder
from tap_netsuite_tba.extraction.plan import first_width
from tap_netsuite_tba.extraction.planner import PATIENCE, Planner
from tap_netsuite_tba.extraction.ranges import Progress, Range
from tap_netsuite_tba.extraction.settling import Settling
from tap_netsuite_tba.extraction.spans import Spans
from tap_netsuite_tba.extraction.underway import UnderWay
from tap_netsuite_tba.extraction.waiting import IDLE_SECONDS, Waiting, patiently
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import NetSuiteError, TimedOut, is_unanswerable, said_by
from tap_netsuite_tba.netsuite.query import PAGE_ROWS, Fetch

logger = logging.getLogger(__name__)

_LOW_RANGES = 10


class Reader:
    """One reading of one table: yields the pages of all missing ranges as they arrive.

    Args:
        selection: What is to be read.
        fetch: Sends a query.
        workers: Where pages are asked for at the same time.
        progress: What has been read already.
        turn: Tells whether the pages are wanted now; they are, if it is not given.
    """

    def __init__(
        self,
        selection: Selection,
        fetch: Fetch,
        workers: Workers,
        progress: Progress,
        turn: Turn | None = None,
    ) -> None:
        self._turn = turn or Budget(workers).turn(is_mine=True)
        self._was_mine = self._turn.is_mine
        self._first_asked_at: datetime | None = None
        self._table = selection.table
        self._workers = workers
        self._decoder = GroupDecoder(self._table, selection.columns)
        self._ask_rows = partial(ask_rows, selection, fetch)
        self._planner = Planner(
            lambda plan: workers.submit(partial(ask_page_ends, selection, fetch, plan))
        )
        self._spans = Spans()
        self._queue = deque(Request(part, PAGE_ROWS) for part in progress.missing(Range()))
        self._under_way: list[UnderWay] = []
        self._settling = Settling(selection)

    def chunks(self) -> Iterator[Chunk | None]:
        """The pages as they arrive, each row once, in no promised order.

        Yields:
            A page, or None when none has arrived for a while, `IDLE_SECONDS` at most.

        Raises:
            NetSuiteError: A page could not be had.
            ExtractionError: A page could not be trusted, not even read again.
        """
        return patiently(self.steps())

    def steps(self) -> Iterator[Chunk | Waiting]:
        """As `chunks`, but others wait, and may do something else meanwhile."""
        try:
            while self._is_going_on:
                if self._turn.is_mine and not self._was_mine:
                    self._begin_turn()
                self._submit()
                running = self._running()  # Before it is looked what has come: or it may be missed.
                if self._has_learnt():
                    continue
                if self._turn.is_mine and any(request.ended for request in self._under_way):
                    if chunk := self._take_lowest():
                        yield chunk
                else:
                    yield Waiting(frozenset(running), self._seconds())
        finally:
            for future in self._running():
                future.cancel()

    @property
    def is_ending(self) -> bool:
        """Whether all that is left has been asked for; of a sequential table nobody knows."""
        is_open = self._table.is_sequential or self._planner.is_open
        return not (self._queue or self._settling or self._spans.unread or is_open)

    def _has_learnt(self) -> bool:
        """Whether something came that tells what to ask for next."""
        if not self._turn.is_mine:
            return self._plan_ahead()
        if self._planner.question and self._planner.question.done():
            self._learn_page_ends()
            return True
        return False

    def _plan_ahead(self) -> bool:
        """Before its turn: plans behind a full first page, and takes what the plan names.

        What went wrong, or must be decoded to go on, waits for the turn. So does a table without
        cursor, whose rows are counted before anything behind its first page is read.
        """
        question = self._planner.question
        if question and question.done() and not question.exception():
            self._learn_page_ends()
            return True
        first = self._under_way[0] if len(self._under_way) == 1 else None
        is_plannable = self._table.replication_key is not None and not self._table.is_sequential
        if first is None or not is_plannable or not first.is_open_and_full:
            return False
        page = first.pages[0].result()
        if (keys := self._decoder.outer_keys(page)) is None:
            return False
        self._first_asked_at = page.asked_at
        self._under_way = [first.up_to(keys[-1])]
        self._planner.begin(keys[-1], first_width(keys, page.count, page.total_results))
        return True

    def _begin_turn(self) -> None:
        """What was read ahead is taken from now on.

        But the first page of a table without cursor is asked for once more, unless it is all: the
        rows are compared with those that there are when it is taken.
        """
        self._was_mine = True
        self._planner.wait_anew()
        if self._table.replication_key is None:
            old = [asked for asked in self._under_way if asked.ended and not asked.is_whole]
            self._under_way = [asked for asked in self._under_way if asked not in old]
            self._queue.extendleft(asked.request for asked in reversed(old))

    @property
    def _is_going_on(self) -> bool:
        read_on = self._queue or self._under_way or self._spans.unread or self._settling
        return bool(read_on) or self._planner.is_open

    def _submit(self) -> None:
        """Hands requests to idle workers, as long as what has arrived is not too much to hold."""
        if len(self._queue) < _LOW_RANGES:
            self._ask_page_ends()
        while self._told().may_ask and not (self._table.is_sequential and self._under_way):
            request = self._next()
            if request is None:
                return
            groups = self._decoder.groups
            calls = (partial(self._ask_rows, request, columns) for columns in groups)
            self._under_way.append(UnderWay(request, [*map(self._workers.submit, calls)]))

    def _ask_page_ends(self) -> None:
        """One such question at a time where an earlier one keeps a session busy, in vain."""
        if not self._planner.is_open or self._planner.question:
            return
        if not self._workers.has_abandoned and self._told().may_plan:
            self._planner.ask()
        elif self._turn.is_mine:
            self._give_up_plan("An earlier question of this kind is not answered yet.")

    def _next(self) -> Request | None:
        """What an idle worker is to ask for: what lies low first, so that little is read beyond."""
        if request := self._settling.due():
            return request
        is_late = self._turn.is_mine and self._planner.patience_left <= 0
        if not self._queue and self._planner.question and is_late:
            self._workers.abandon(self._planner.question)
            self._give_up_plan(f"It takes more than {PATIENCE:g} seconds.")
        if request := self._spans.unattended():
            return request
        return self._queue.popleft() if self._queue else self._spans.helping()

    def _running(self) -> set[Future[Any]]:
        futures = {page for request in self._under_way for page in request.pages}
        question = {self._planner.question} if self._planner.question else set()
        return {future for future in futures | question if not future.done()}

    def _told(self) -> Turn:
        """The turn, told what this reader holds and waits for by now."""
        arrived = [page for request in self._under_way for page in request.arrived]
        self._turn.hold(
            [0 if page.exception() else len(page.result().items) for page in arrived],
            running=len(self._running()),
            is_planning=self._planner.question in self._running(),
        )
        return self._turn

    def _seconds(self) -> float:
        """For how many seconds there is nothing to do but wait."""
        ends = [IDLE_SECONDS]
        if (patience := self._planner.patience_left) > 0:
            ends.append(patience)
        if self._settling and self._told().may_ask:
            ends.append(self._settling.seconds)
        return min(ends)

    def _learn_page_ends(self) -> None:
        try:
            ranges = self._planner.take_answer()
        except (NetSuiteError, ValueMismatch) as error:
            if isinstance(error, NetSuiteError) and not is_unanswerable(error):
                raise
            self._give_up_plan(said_by(error))
        else:
            self._queue.extend(Request(planned, PAGE_ROWS) for planned in ranges)

    def _give_up_plan(self, cause: str) -> None:
        logger.warning(
            "NetSuite does not name the page ends of %s, so it is read from both ends of what is "
            "left, with some more requests; no row is lost. %s",
            self._table.name,
            cause,
        )
        for unplanned in self._planner.give_up():
            self._spans.add(unplanned, None, PAGE_ROWS)

    def _take_lowest(self) -> Chunk | None:
        """The rows of the lowest request that has ended; what it leaves is asked for."""
        ended = (request for request in self._under_way if request.ended)
        under_way = min(ended, key=lambda request: request.position)
        self._under_way.remove(under_way)
        request = under_way.request
        try:
            answer = understand(self._table, request, under_way.results(), self._decoder)
        except (NetSuiteError, OrderViolation) as error:
            self._queue.extendleft(reversed(self._instead_of(request, error)))
            return None
        if self._settling.takes_all(request, answer):
            return None
        parts = self._book(request, answer)
        if answer.torn:
            parts = self._settling.without_torn(request, answer.torn, parts)
        if not parts:
            return None
        chunk = answer.chunk(parts)
        if self._first_asked_at:
            # The pass begins then, even if the first page was read again and others came before it.
            asked_at, self._first_asked_at = min(chunk.asked_at, self._first_asked_at), None
            chunk = replace(chunk, asked_at=asked_at)
        self._settling.look_at_owners(request, chunk)
        return chunk

    def _instead_of(self, request: Request, error: NetSuiteError | OrderViolation) -> list[Request]:
        """What to ask instead of a request that failed; raises the error if that is nothing."""
        if isinstance(error, OrderViolation) and not request.tries:
            logger.warning("%s It is read once more.", error)
            return [replace(request, tries=1)]
        if request.descending and (isinstance(error, OrderViolation) or is_unanswerable(error)):
            if self._spans.descends:
                logger.warning(
                    "NetSuite does not give %s in descending order, so it is read in ascending "
                    "order only; no row is lost. %s",
                    self._table.name,
                    said_by(error),
                )
            self._spans.give_up_descending(request)
            return []
        smaller = request.for_less(len(self._table.key)) if isinstance(error, TimedOut) else []
        if not smaller:
            raise error
        logger.warning("%s It is asked for in halves.", error)
        return smaller

    def _book(self, request: Request, answer: Answer) -> list[Range]:
        """Notes what is left of a range; returns what nobody else has read of it."""
        if request.of_gap:
            return self._spans.answered(request, answer.read, answer.rows_left)
        for rest in request.wanted.without(answer.read):
            if self._table.is_sequential:
                self._queue.appendleft(Request(rest, min(request.limit * 2, PAGE_ROWS)))
            elif rest.up_to is None and not self._planner.given_up:
                width = first_width(answer.keys, len(answer.keys), answer.total_results)
                self._planner.begin(rest.after, width)
            else:
                limit = min(request.limit * 2, PAGE_ROWS)  # After time-outs it grows again.
                self._spans.add(rest, answer.rows_left, limit)
        return [answer.read]
