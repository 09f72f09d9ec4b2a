"""Reads the document of each row of a table whose rows are the ids of records.

The rows come by pages, as those of any table; their documents are asked for one by one, many at
once, and go out in the order of the rows, in pieces. A document that takes long holds up what is
behind it only where as many wait as may be held. The next page of ids is asked for before the last
documents of the one before.

A record that NetSuite refuses is told of instead. Whatever else keeps a document from coming is
trouble of the account, and ends the reading as that of any table.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial

import msgspec

from tap_netsuite_tba.extraction.answers import Chunk
from tap_netsuite_tba.extraction.documents import (
    DocumentChunk,
    DocumentPage,
    Found,
    has_come,
)
from tap_netsuite_tba.extraction.waiting import Waiting
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.query import Document

PIECE_SECONDS = 2.0
"""After so long fewer documents than a piece go out, for the state to follow."""
MAX_HELD = 200
"""So many documents are read, or asked for, ahead of the first that is not out."""
MAX_BYTES = 4 * 2**20
"""So many bytes of JSON they may be; decoded they weigh some 4.5 times as much.

It is some times `PIECE_BYTES`, so that there is room again before they are all there.
"""
LOW_IDS = 100
"""With so few rows left to ask documents of, more of them are asked for."""

ReadDocument = Callable[[int], Document]
"""Gets the document of a record; what it raises and `is_refused` knows is of this record only."""


def document_steps(
    ids: Iterator[Chunk | Waiting], read: ReadDocument, workers: Workers
) -> Iterator[Chunk | Waiting]:
    """The rows of a reader with their documents.

    Of each page a chunk without rows comes first, before any of its documents is asked for.

    Args:
        ids: The steps of the reader.
        read: Gets the document of a record.
        workers: Where documents are asked for at the same time.

    Raises:
        NetSuiteError: As the reader, or documents could not be had.
        ExtractionError: As the reader.
    """
    line = _Line(read, workers)
    is_open = True
    try:
        while is_open or line:
            line.ask()
            waiting = Waiting()
            if is_open and line.is_low:
                step = next(ids, None)
                is_open = step is not None
                if isinstance(step, Chunk):
                    yield line.add(step)
                if not isinstance(step, Waiting):
                    continue
                waiting = step
            running = line.running  # Before it is looked what has come: or that may be missed.
            if piece := line.take():
                yield piece
            else:
                yield Waiting(waiting.futures | running, waiting.seconds)
    finally:
        line.give_up()


class _Line:
    """The rows whose documents are not all out, by their pages, in the order in which they came."""

    def __init__(self, read: ReadDocument, workers: Workers) -> None:
        self._read = read
        self._workers = workers
        self._pages: deque[DocumentPage] = deque()
        self._largest = 0
        self._out_at = time.monotonic()

    def __bool__(self) -> bool:
        return bool(self._pages)

    @property
    def is_low(self) -> bool:
        """Whether there are few rows left to ask documents of."""
        return sum(page.unasked for page in self._pages) < LOW_IDS

    @property
    def running(self) -> frozenset[Future[Found]]:
        """The documents to come."""
        asked = (future for page in self._pages for future in page.asked)
        return frozenset(future for future in asked if not future.done())

    def add(self, chunk: Chunk) -> DocumentChunk:
        """One more page of rows; returns what is to go out of it at once."""
        page = DocumentPage(chunk)
        if page.unasked:
            self._pages.append(page)
        return page.piece()

    def ask(self) -> None:
        """Asks for documents, as long as those that came are not too many to hold.

        Some more are handed to the workers than these can ask for at once, so that none is idle
        while a piece goes out.
        """
        asked = [future for page in self._pages for future in page.asked]
        sizes = [future.result().size for future in asked if has_come(future)]
        self._largest = max(self._largest, *sizes, *(page.largest for page in self._pages), 0)
        held = sum(page.size for page in self._pages) + sum(sizes)
        known = sum(len(page.ready) for page in self._pages) + len(asked)
        running = len(self.running)
        for page in self._pages:
            while page.unasked and known < MAX_HELD and self._may_ask(running, held):
                page.ask(partial(_found, self._read, page.next_key), self._workers)
                known, running = known + 1, running + 1

    def _may_ask(self, running: int, held: int) -> bool:
        if running < self._workers.size:
            return held < MAX_BYTES
        return running < 2 * self._workers.size and held + running * self._largest < MAX_BYTES

    def take(self) -> DocumentChunk | None:
        """The next piece, if it is due.

        Raises:
            NetSuiteError: What kept its first document from coming.
        """
        if not self._pages:
            return None
        page = self._pages[0]
        page.take_in()
        if page.failure and not page.ready:
            raise page.failure
        waited = time.monotonic() - self._out_at
        if not page.is_due and not (page.ready and waited >= PIECE_SECONDS):
            return None
        piece = page.piece()
        if page.is_out:
            self._pages.popleft()
        self._out_at = time.monotonic()
        return piece

    def give_up(self) -> None:
        """Takes back what nobody waits for any more."""
        for future in self.running:
            future.cancel()


def _found(read: ReadDocument, key: int) -> Found:
    document = read(key)
    return Found(document, len(msgspec.json.encode(document)))
