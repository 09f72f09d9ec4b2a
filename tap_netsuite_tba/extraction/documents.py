"""The documents of a page of rows that are ids of records: they go out in pieces, in its order."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from tap_netsuite_tba.extraction.answers import Chunk
from tap_netsuite_tba.extraction.ranges import Range
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import NetSuiteError
from tap_netsuite_tba.netsuite.query import PAGE_ROWS, Document
from tap_netsuite_tba.netsuite.records import is_refused

PIECE = 50
"""So many documents go out at once at most."""
PIECE_BYTES = 2**20
"""With so many bytes of JSON fewer documents are enough."""


@dataclass(frozen=True)
class Unread:
    """A record that NetSuite refuses.

    Attributes:
        key: Its internal id.
        status: The HTTP status; None where no answer came in time.
        code: NetSuite's `o:errorCode`.
        detail: NetSuite's words.
        at: When it was refused, by NetSuite's clock.
    """

    key: int
    status: int | None
    code: str | None
    detail: str
    at: datetime


@dataclass(frozen=True)
class DocumentChunk(Chunk):
    """Some rows of a page, in ascending order, each with its document or why there is none.

    Attributes:
        documents: The internal ids and their documents, as NetSuite gives them.
        unread: The others.
        page_rows: How many rows the page has.
    """

    documents: list[tuple[int, Document]] = field(repr=False)
    unread: list[Unread]
    page_rows: int

    @property
    def is_all(self) -> bool:
        """Whether NetSuite says that the page is all there is."""
        return self.total_results == self.page_rows < PAGE_ROWS


class Found(NamedTuple):
    """A document, and how many bytes it is as JSON."""

    document: Document
    size: int


class DocumentPage:
    """The rows of a page whose documents are not all out.

    Attributes:
        ready: The documents of the first rows that are not out, come or refused.
        size: How many bytes these are.
        largest: How many the largest one was of all that came.
        asked: Those of the rows behind them, as far as they were asked for.
        failure: What kept the first of these from coming.
    """

    def __init__(self, chunk: Chunk) -> None:
        self.ready: deque[Future[Found]] = deque()
        self.size = self.largest = 0
        self.asked: deque[Future[Found]] = deque()
        self.failure: BaseException | None = None
        self._chunk = chunk
        self._out = 0

    @property
    def unasked(self) -> int:
        """Of how many rows no document was asked for."""
        return len(self._chunk.keys) - self._out - len(self.ready) - len(self.asked)

    @property
    def next_key(self) -> int:
        """The id of the first of them."""
        return self._chunk.keys[-self.unasked][0]

    @property
    def is_due(self) -> bool:
        """Whether a piece is ready: large enough, or all that there is or may be for now."""
        if len(self.ready) >= PIECE or self.failure or not self.asked:
            return bool(self.ready)
        return self.size >= PIECE_BYTES

    @property
    def is_out(self) -> bool:
        """Whether all of its rows are out."""
        return self._out == len(self._chunk.keys)

    def ask(self, call: Callable[[], Found], workers: Workers) -> None:
        """Asks for the next document."""
        self.asked.append(workers.submit(call))

    def take_in(self) -> None:
        """Takes note of what has come, in the order of the rows."""
        while self.asked and self.asked[0].done() and self.failure is None:
            error = self.asked[0].exception()
            if error is not None and not is_refused(error):
                self.failure = error
                return
            outcome = self.asked.popleft()
            bytes_read = 0 if error else outcome.result().size
            self.size, self.largest = self.size + bytes_read, max(self.largest, bytes_read)
            self.ready.append(outcome)

    def piece(self) -> DocumentChunk:
        """What is ready, which is out from then on; nothing at first."""
        chunk, start = self._chunk, self._out
        end = self._out = start + min(len(self.ready), PIECE)
        documents: list[tuple[int, Document]] = []
        unread: list[Unread] = []
        size = 0
        for key, *_ in chunk.keys[start:end]:
            outcome = self.ready.popleft()
            if has_come(outcome):
                document, bytes_read = outcome.result()
                documents.append((key, document))
                size += bytes_read
            else:
                unread.append(_unread(key, outcome.exception(), chunk.asked_at))
        self.size -= size
        return DocumentChunk(
            rows=chunk.rows[start:end],
            keys=chunk.keys[start:end],
            covered=self._covered(start, end),
            asked_at=chunk.asked_at,
            total_results=chunk.total_results,
            size=size,
            documents=documents,
            unread=unread,
            page_rows=len(chunk.rows),
        )

    def _covered(self, start: int, end: int) -> tuple[Range, ...]:
        """The ranges of which these are all rows; those between two rows go with the second."""
        keys = self._chunk.keys
        if start == end < len(keys):
            return ()
        part = Range(keys[start - 1] if start else None, keys[end - 1] if end < len(keys) else None)
        return tuple(filter(None, map(part.overlap, self._chunk.covered)))


def has_come(future: Future[Found]) -> bool:
    """Whether a document is there."""
    return future.done() and future.exception() is None


def _unread(key: int, error: BaseException | None, asked_at: datetime) -> Unread:
    if not isinstance(error, NetSuiteError):
        raise TypeError("only NetSuite refuses records")
    return Unread(key, error.status, error.code, error.detail, error.at or asked_at)
