"""A pass: one complete reading of a table, counted at its end, resumable at any instant."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from tap_netsuite_tba.errors import CountMismatch
from tap_netsuite_tba.extraction.counts import Known, check_count
from tap_netsuite_tba.extraction.ranges import Progress
from tap_netsuite_tba.extraction.reader import Chunk, Reader, Selection
from tap_netsuite_tba.extraction.workers import Workers
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
        counted: How many rows NetSuite announced at its start, where it did.
    """

    since: datetime | None
    started: datetime | None = None
    progress: Progress = field(default_factory=Progress)
    rows: int = 0
    fresh: int = 0
    counted: int | None = None

    def with_chunk(self, chunk: Chunk, cursor: str | None) -> "Pass":
        """The pass once the rows of a chunk are out too; `cursor` tells when each was modified."""
        if self.started is None:
            self = replace(self, started=chunk.asked_at, counted=chunk.total_results)  # noqa: PLW0642
        progress = self.progress.covering(chunk.covered) if chunk.covered else self.progress
        return replace(
            self,
            progress=progress,
            rows=self.rows + len(chunk.rows),
            fresh=self.fresh + self._count_fresh(chunk, cursor),
        )

    def _count_fresh(self, chunk: Chunk, cursor: str | None) -> int:
        if cursor is None or self.started is None:
            return 0
        started = self.started.strftime("%Y-%m-%dT%H:%M:%SZ")
        return sum((row.get(cursor) or "") >= started for row in chunk.rows)


def read_pass(
    selection: Selection, fetch: Fetch, workers: Workers, current: Pass
) -> Iterator[tuple[Chunk, Pass]]:
    """Reads what a pass still lacks, then counts; a pass whose count is wrong is read once more.

    Yields:
        Each page's rows, and the pass as it stands when they are out.

    Raises:
        NetSuiteError: A page could not be had.
        OrderViolation: A page could not be trusted.
        ValueMismatch: A value does not fit its column.
        CountMismatch: Rows are missing, and were again in the second reading.
    """
    for last_try in (False, True):
        resumed = current.started is not None
        pages = 0
        for chunk in Reader(selection, fetch, workers, current.progress).chunks():
            current = current.with_chunk(chunk, selection.table.replication_key)
            pages += 1
            yield chunk, current
        if pages == 1 and not resumed and current.counted == current.rows:
            return
        try:
            known = Known(current.rows, current.fresh, current.counted, _start_of(current))
            check_count(selection, fetch, known)
        except CountMismatch as error:
            if last_try:
                raise
            logger.warning("%s The table is read once more.", error)
            current = Pass(since=current.since)
        else:
            return


def _start_of(current: Pass) -> datetime:
    if current.started is None:
        raise RuntimeError("a pass without a page")
    return current.started
