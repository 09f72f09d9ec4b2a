"""A pass: one complete reading of a table, counted at its end, resumable at any instant."""

import logging
from collections.abc import Generator, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from tap_netsuite_tba.errors import CountMismatch
from tap_netsuite_tba.extraction.answers import Chunk
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.budget import Budget, Turn
from tap_netsuite_tba.extraction.counts import (
    Extent,
    Tally,
    ask_extent,
    check_count,
    count_ahead,
    count_modified,
)
from tap_netsuite_tba.extraction.document_reader import ReadDocument, document_steps
from tap_netsuite_tba.extraction.documents import DocumentChunk
from tap_netsuite_tba.extraction.ranges import Progress
from tap_netsuite_tba.extraction.reader import Reader
from tap_netsuite_tba.extraction.waiting import Waiting, ended, outcome
from tap_netsuite_tba.extraction.whole import read_whole
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import QueryRefused, said_by
from tap_netsuite_tba.netsuite.query import Fetch

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pass:
    """How far one reading of a table has come.

    Attributes:
        since: It reads rows modified at this instant or later; None means all rows.
        started: When its first page was asked for, by NetSuite's clock; None before that.
        progress: The keys whose rows are out.
        rows: How many rows are out.
        fresh: How many of them were modified after the start.
        recent: How many of them were modified before the start, but so shortly that the next pass
            reads them again.
        counted: How many rows NetSuite counted at its start, where that was asked.
        top: The highest leading key value then.
        unread: Of how many of its rows NetSuite refused the document.
    """

    since: datetime | None
    started: datetime | None = None
    progress: Progress = field(default_factory=Progress)
    rows: int = 0
    fresh: int = 0
    recent: int = 0
    counted: int | None = None
    top: int | None = None
    unread: int = 0

    @property
    def begun(self) -> "Pass":
        """The pass as it stood before any rows were out."""
        return Pass(self.since, self.started, counted=self.counted, top=self.top)

    def with_chunk(self, chunk: Chunk, selection: Selection) -> "Pass":
        """The pass, which has begun, once the rows of a chunk are out too."""
        if self.started is None:
            raise RuntimeError("a pass that has not begun")
        progress = self.progress
        for part in chunk.covered:
            progress = progress.covering(part)
        cursor = selection.table.replication_key
        fresh = count_modified(chunk.rows, cursor, self.started)
        settled = self.started - selection.lookback
        unread = len(chunk.unread) if isinstance(chunk, DocumentChunk) else 0
        return replace(
            self,
            progress=progress,
            rows=self.rows + len(chunk.rows),
            fresh=self.fresh + fresh,
            recent=self.recent + count_modified(chunk.rows, cursor, settled) - fresh,
            unread=self.unread + unread,
        )


Read = tuple[Chunk | None, Pass]
"""Rows of a pass, and the pass as it stands when they are out; None: the pass as it is."""

Steps = Generator[Read | Waiting, None, None]
"""A reading: what it found, and when it has to wait."""


@dataclass(frozen=True)
class Means:
    """By what a table is read.

    Attributes:
        fetch: Sends a query.
        workers: Where pages are asked for at the same time.
        turn: Tells whether the rows are wanted now, or the table is only read ahead.
        read: Gets the document of a row, where the rows are ids of records.
    """

    fetch: Fetch
    workers: Workers
    turn: Turn
    read: ReadDocument | None = None


def read_pass(
    selection: Selection, fetch: Fetch, workers: Workers, current: Pass
) -> Iterator[Read]:
    """As `pass_steps`, and waits; None and the pass as it is when no page came for a while."""
    means = Means(fetch, workers, Budget(workers).turn(is_mine=True))
    for step in pass_steps(selection, means, current):
        if not isinstance(step, Waiting):
            _, current = step
            yield step
        elif not step.wait():
            yield None, current


def pass_steps(selection: Selection, means: Means, current: Pass) -> Steps:
    """Reads what a pass still lacks, then counts; a pass whose count is wrong is read once more.

    Yields:
        Each page's rows, and the pass as it stands when they are out; None and a pass that has not
        begun when the one before is given up.

    Raises:
        NetSuiteError: A page could not be had.
        OrderViolation: A page could not be trusted.
        ValueMismatch: A value does not fit its column.
        CountMismatch: Rows are missing, and were again in the second reading.
        Unreadable: There is no way to read the table exactly.
    """
    read = _by_dates if selection.table.is_read_by_ranges else _as_a_whole
    try:
        yield from read(selection, means, current)
    except CountMismatch as error:
        logger.warning("%s The table is read once more.", error)
        anew = Pass(since=current.since)
        yield None, anew  # Both readings may begin within one second.
        yield from read(selection, means, anew)


def _by_dates(selection: Selection, means: Means, current: Pass) -> Steps:
    """Reads by ranges; lines by the dates of their transactions alone, if it must be."""
    has_begun = False
    try:
        for step in _by_ranges(selection, means, current):
            has_begun |= _has_rows(step)
            yield step
    except QueryRefused as error:
        simpler = selection.table.without_line_cursor()
        if has_begun or selection.since is None or simpler == selection.table:
            raise
        for step in _by_ranges(replace(selection, table=simpler), means, current):
            # Only now it is known that nothing else was refused, such as a column.
            if _has_rows(step) and not has_begun:
                has_begun = True
                logger.warning(
                    "NetSuite does not tell which lines of %s changed by themselves, so only those "
                    "of transactions that changed are read. %s",
                    selection.table.name,
                    said_by(error),
                )
            yield step


def _has_rows(step: Read | Waiting) -> bool:
    return not isinstance(step, Waiting) and step[0] is not None


def _by_ranges(selection: Selection, means: Means, current: Pass) -> Steps:
    counting = _CountAhead(selection, means)
    try:
        yield from _read_and_count(selection, means, current, counting)
    finally:
        counting.give_up()


def _read_and_count(
    selection: Selection, means: Means, current: Pass, counting: "_CountAhead"
) -> Steps:
    whole: int | None = None
    if means.read:
        # A page of ids lasts for a thousand documents: there is nothing to win by planning them.
        selection = replace(selection, table=replace(selection.table, is_sequential=True))
    reader = Reader(selection, means.fetch, means.workers, current.progress, means.turn)
    steps = reader.steps()
    if means.read:
        steps = document_steps(steps, means.read, means.workers)
    for chunk in steps:
        if isinstance(chunk, Waiting):
            if current.started and whole is None and reader.is_ending:
                counting.begin(current.started)
            yield chunk
            continue
        if current.started is None:
            current = yield from _begin(current, selection, means, chunk)
            whole = chunk.total_results if chunk.is_all else None
        current = current.with_chunk(chunk, selection)
        yield chunk, current
    if current.rows == whole:
        return
    if current.started is None:
        raise RuntimeError("a pass without a page")
    extent = Extent(current.counted, current.top)
    yield None, current  # NetSuite may take its time to count.
    highest = current.progress.highest
    tally = Tally(current.rows, current.fresh, current.recent, highest, extent, current.started)
    if (yield from counting.is_enough(tally)):
        return
    yield from outcome(means.workers, partial(check_count, selection, means.fetch, tally))


class _CountAhead:
    """The count of a table with a cursor, asked while its last pages are on their way."""

    def __init__(self, selection: Selection, means: Means) -> None:
        self._selection = selection
        self._means = means
        self._counting: Future[int | None] | None = None

    def begin(self, started: datetime) -> None:
        """Asks, if it may and has not asked yet."""
        turn, has_cursor = self._means.turn, self._selection.table.replication_key is not None
        if self._counting is None and has_cursor and turn.is_mine and turn.may_ask:
            ask = partial(count_ahead, self._selection, started, self._means.fetch)
            self._counting = self._means.workers.submit(ask)

    def is_enough(self, tally: Tally) -> Generator[Waiting, None, bool]:
        """Whether a pass has all rows by this count, or NetSuite does not count."""
        if self._counting is None:
            return False
        counted = yield from ended(self._counting)
        return counted is None or tally.unchanged >= counted

    def give_up(self) -> None:
        if self._counting:
            self._counting.cancel()


def _begin(
    current: Pass, selection: Selection, means: Means, first: Chunk
) -> Generator[Waiting, None, Pass]:
    """The pass at its first page; unless that is all, its end will be compared with its start."""
    begun = Extent()
    if first.is_all:
        begun = Extent(first.total_results)
    elif selection.table.replication_key is None:
        ask = partial(ask_extent, selection.table, means.fetch)
        begun = yield from outcome(means.workers, ask)
    return replace(current, started=first.asked_at, counted=begun.rows, top=begun.top)


def _as_a_whole(selection: Selection, means: Means, current: Pass) -> Steps:
    # Where such a reading was cut short cannot be told by its rows, so it begins anew.
    current = Pass(since=current.since)
    for chunk in read_whole(selection, means.fetch, means.workers, means.turn):
        if isinstance(chunk, Waiting):
            yield chunk
            continue
        current = replace(current, started=current.started or chunk.asked_at)
        current = current.with_chunk(chunk, selection)
        yield chunk, current
