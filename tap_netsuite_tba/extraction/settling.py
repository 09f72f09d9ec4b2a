"""Rows that changed while they were read, and are read again."""

import logging
import time
from collections import deque
from dataclasses import replace

from tap_netsuite_tba.errors import CountMismatch
from tap_netsuite_tba.extraction.answers import MAX_TORN_TRIES, Answer, Chunk
from tap_netsuite_tba.extraction.asking import Request, Selection
from tap_netsuite_tba.extraction.owners import SplitOwners
from tap_netsuite_tba.extraction.ranges import Range
from tap_netsuite_tba.netsuite.query import PAGE_ROWS

logger = logging.getLogger(__name__)

MAX_TORN_PARTS = 20
"""So many torn parts of a page are read again one by one; of more, the whole page."""
SETTLING_SECONDS = 1.5
"""After so many seconds what was just saved has another date if it is saved again."""


class Settling:
    """What of a table is to be read again, lines and what was torn twice after a while."""

    def __init__(self, selection: Selection) -> None:
        self._table = selection.table
        self._stands_alone = selection.stands_alone
        self._owners = SplitOwners(selection.table)
        self._waiting: deque[tuple[float, Request]] = deque()

    def __bool__(self) -> bool:
        """Whether something is yet to be read again."""
        return bool(self._waiting)

    @property
    def seconds(self) -> float:
        """For how many seconds more nothing of it is to be asked."""
        return max(0.0, self._waiting[0][0] - time.monotonic())

    def due(self) -> Request | None:
        """What is to be asked now; None if that is nothing yet."""
        is_due = self._waiting and self._waiting[0][0] <= time.monotonic()
        return self._waiting.popleft()[1] if is_due else None

    def takes_all(self, request: Request, answer: Answer) -> bool:
        """Whether a page is torn in so many places that all of it is read again."""
        if len(answer.torn) <= MAX_TORN_PARTS or request.torn >= MAX_TORN_TRIES:
            return False
        self._add(replace(request, torn=request.torn + 1))
        return True

    def without_torn(self, request: Request, torn: list[Range], parts: list[Range]) -> list[Range]:
        """The parts of a page without what is torn, which is read again, each piece alone.

        Raises:
            CountMismatch: It changed each time, and nothing may be left to the next run.
        """
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
            self._add(Request(one, PAGE_ROWS, torn=request.torn + 1))
            parts = [rest for part in parts for rest in part.without(one)]
        return parts

    def look_at_owners(self, request: Request, chunk: Chunk) -> None:
        """Reads those owners again whose lines in two ranges turn out to have two dates."""
        if not self._table.is_in_order_of_owners or request.torn >= MAX_TORN_TRIES:
            return
        for owner in self._owners.torn(chunk):
            whole = Range((owner - 1,), (owner,))
            self._add(Request(whole, PAGE_ROWS, torn=request.torn + 1))

    def _add(self, request: Request) -> None:
        if self._table.is_in_order_of_owners or request.torn > 1:
            self._waiting.append((time.monotonic() + SETTLING_SECONDS, request))
        else:
            self._waiting.appendleft((0.0, request))
