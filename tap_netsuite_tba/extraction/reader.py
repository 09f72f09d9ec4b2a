"""Reads the rows that a pass still lacks, with as many requests at once as there are workers.

Three ways, each where NetSuite does not answer the one before:

1. It names the next page ends itself, which become ranges of one page each (`plan`).
2. Gaps are read from both ends, and cut where that leaves workers idle (`spans`).
3. Gaps are read upwards, one page after another.

A range that holds more rows than a page, against the plan or where a pass is resumed, is a gap too.
Rows that changed while they were read are read again, alone.

Before its turn a reader asks for what it can, and holds the pages as they came: decoded they would
weigh several times as much.
"""

import logging
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from typing import Any

from tap_netsuite_tba.errors import CountMismatch, OrderViolation, ValueMismatch
from tap_netsuite_tba.extraction.answers import MAX_TORN_TRIES, Answer, Chunk, understand
from tap_netsuite_tba.extraction.asking import Request, Selection, ask_page_ends, ask_rows
from tap_netsuite_tba.extraction.budget import Budget, Turn
from tap_netsuite_tba.extraction.groups import GroupDecoder
from tap_netsuite_tba.extraction.owners import SplitOwners
from tap_netsuite_tba.extraction.plan import first_width
from tap_netsuite_tba.extraction.planner import PATIENCE, Planner
from tap_netsuite_tba.extraction.ranges import Progress, Range
from tap_netsuite_tba.extraction.spans import Spans
from tap_netsuite_tba.extraction.underway import UnderWay
from tap_netsuite_tba.extraction.waiting import IDLE_SECONDS, Waiting, patiently
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import NetSuiteError, TimedOut, is_unanswerable, said_by
from tap_netsuite_tba.netsuite.query import PAGE_ROWS, Fetch

logger = logging.getLogger(__name__)

MAX_TORN_PARTS = 20
"""So many torn parts of a page are read again one by one; of more, the whole page."""
SETTLING_SECONDS = 1.5
"""After so many seconds what was just saved has another date if it is saved again."""

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
        self._table = selection.table
        self._stands_alone = selection.stands_alone
        self._workers = workers
        self._decoder = GroupDecoder(self._table, selection.columns)
        self._ask_rows = partial(ask_rows, selection, fetch)
        self._planner = Planner(
            lambda plan: workers.submit(partial(ask_page_ends, selection, fetch, plan))
        )
        self._spans = Spans()
        self._owners = SplitOwners(self._table)
        self._queue = deque(Request(part, PAGE_ROWS) for part in progress.missing(Range()))
        self._under_way: list[UnderWay] = []
        self._settling: deque[tuple[float, Request]] = deque()

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
                self._submit()
                if self._has_learnt():
                    continue
                if self._turn.is_mine and any(request.ended for request in self._under_way):
                    if chunk := self._take_lowest():
                        yield chunk
                else:
                    yield Waiting(frozenset(self._running()), self._seconds())
        finally:
            for future in self._running():
                future.cancel()

    @property
    def is_ending(self) -> bool:
        """Whether all that is left has been asked for."""
        return not (self._queue or self._settling or self._spans.unread or self._planner.is_open)

    def _has_learnt(self) -> bool:
        """Whether something came that tells what to ask for next."""
        if not self._turn.is_mine:
            return self._plan_ahead()
        if not self._was_mine:
            self._was_mine = True
            self._planner.wait_anew()
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
        if first is None or self._table.replication_key is None or not first.is_open_and_full:
            return False
        page = first.pages[0].result()
        if (keys := self._decoder.outer_keys(page)) is None:
            return False
        self._under_way = [first.up_to(keys[-1])]
        self._planner.begin(keys[-1], first_width(keys, page.count, page.total_results))
        return True

    @property
    def _is_going_on(self) -> bool:
        read_on = self._queue or self._under_way or self._spans.unread or self._settling
        return bool(read_on) or self._planner.is_open

    def _submit(self) -> None:
        """Hands requests to idle workers, as long as what has arrived is not too much to hold."""
        if self._planner.is_open and not self._planner.question and self._workers.has_abandoned:
            # One such question at a time: each keeps a session busy, in vain.
            if self._turn.is_mine:
                self._give_up_plan("An earlier question of this kind is not answered yet.")
        elif len(self._queue) < _LOW_RANGES and (self._turn.is_mine or self._may_ask):
            self._planner.ask()
        while self._may_ask:
            request = self._next()
            if request is None:
                return
            groups = self._decoder.groups
            calls = (partial(self._ask_rows, request, columns) for columns in groups)
            self._under_way.append(UnderWay(request, [*map(self._workers.submit, calls)]))

    def _next(self) -> Request | None:
        """What an idle worker is to ask for: what lies low first, so that little is read beyond."""
        if self._settling and self._settling[0][0] <= time.monotonic():
            return self._settling.popleft()[1]
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

    @property
    def _may_ask(self) -> bool:
        arrived = [page for request in self._under_way for page in request.arrived]
        self._turn.hold([0 if page.exception() else len(page.result().items) for page in arrived])
        return self._turn.may_ask

    def _seconds(self) -> float:
        """For how many seconds there is nothing to do but wait."""
        ends = [IDLE_SECONDS]
        if (patience := self._planner.patience_left) > 0:
            ends.append(patience)
        if self._settling and self._may_ask:
            ends.append(max(0.0, self._settling[0][0] - time.monotonic()))
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
        if len(answer.torn) > MAX_TORN_PARTS and request.torn < MAX_TORN_TRIES:
            self._read_again(replace(request, torn=request.torn + 1))
            return None
        parts = self._book(request, answer)
        if answer.torn:
            parts = self._without_torn(request, answer.torn, parts)
        if not parts:
            return None
        chunk = answer.chunk(parts)
        if self._table.is_in_order_of_owners and request.torn < MAX_TORN_TRIES:
            for owner in self._owners.torn(chunk):
                whole = Range((owner - 1,), (owner,))
                self._read_again(Request(whole, PAGE_ROWS, torn=request.torn + 1))
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
            if rest.up_to is None and not self._planner.given_up:
                width = first_width(answer.keys, len(answer.keys), answer.total_results)
                self._planner.begin(rest.after, width)
            else:
                limit = min(request.limit * 2, PAGE_ROWS)  # After time-outs it grows again.
                self._spans.add(rest, answer.rows_left, limit)
        return [answer.read]

    def _without_torn(self, request: Request, torn: list[Range], parts: list[Range]) -> list[Range]:
        """The parts without what is torn, which is read again, each piece alone."""
        ours = [common for part in parts for one in torn if (common := part.overlap(one))]
        if ours and request.torn >= MAX_TORN_TRIES:
            changed = (
                f"{len(ours)} of the rows of {self._table.name} changed each time they were read."
            )
            if self._stands_alone:
                raise CountMismatch(
                    f"{changed} All rows must be there before those that are gone are told from "
                    f"them: read the table when fewer people work on it, or with fewer columns.",
                    table=self._table.name,
                )
            logger.warning("%s They are left out; the next run reads them.", changed)
            return parts
        for one in ours:
            self._read_again(Request(one, PAGE_ROWS, torn=request.torn + 1))
            parts = [rest for part in parts for rest in part.without(one)]
        return parts

    def _read_again(self, request: Request) -> None:
        """Reads a torn part once more: lines, and what is torn again, when it has settled."""
        if self._table.is_in_order_of_owners or request.torn > 1:
            self._settling.append((time.monotonic() + SETTLING_SECONDS, request))
        else:
            self._queue.appendleft(request)
