"""What a person sees: a line a stream while the tap runs, a table at its end."""

import logging
import sys
import time
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

from tap_netsuite_tba.extraction.answers import Chunk
from tap_netsuite_tba.extraction.ranges import rank
from tap_netsuite_tba.tables import KeyValue

logger = logging.getLogger("tap-netsuite-tba")

_LIVE_SECONDS = 0.5


@dataclass
class StreamReport:
    """What became of one stream in this run.

    Attributes:
        mode: `first load`, `incremental` or `full table`.
        rows: Rows that went out.
        deleted: Tombstones that went out besides.
        new: Those whose key is higher than any that was read before.
        failure: Why the stream was not read to its end, if it was not.
        complete: Whether it was read to its end.
        undated: Rows without modification date; None where the table has no such column.
        gone: Columns that NetSuite did not give any more.
    """

    name: str
    mode: str
    rows: int = 0
    new: int = 0
    deleted: int = 0
    failure: str | None = None
    complete: bool = False
    undated: int | None = None
    gone: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def count(self, chunk: Chunk, cursor: str | None, highest: KeyValue | None) -> None:
        """Counts rows that are out; new ones have a higher key than any that was read before."""
        self.rows += len(chunk.rows)
        known = 0 if highest is None else bisect_right(chunk.keys, rank(highest), key=rank)
        self.new += len(chunk.rows) - known
        if cursor:
            undated = [row[cursor] for row in chunk.rows].count(None)
            self.undated = (self.undated or 0) + undated

    @property
    def note(self) -> str:
        """What is to be said of it besides the numbers."""
        if not self.complete:
            return "FAILED" if self.failure else "stopped"
        notes = []
        if self.mode == "full table":
            why = ": it has no modification date" if self.undated is None else ""
            notes.append(f"read whole{why}")
        if self.undated:
            notes.append(f"{self.undated:,} without modification date, whose edits are not seen")
        if self.gone:
            notes.append(f"columns gone: {', '.join(self.gone)}")
        return "; ".join(notes)

    @property
    def changed(self) -> int:
        """Rows of an incremental run that had been read before."""
        return self.rows - self.new if self.mode == "incremental" else 0


class Report:
    """Collects what became of each stream, and says it.

    Attributes:
        streams: In the order in which they began.
        never_begun: Tables that the settings name and the catalog does not have.
        deleted_types: Types of deleted records that no table here has, with the most deletions that
            any stream saw of each.
    """

    def __init__(self) -> None:
        self.streams: list[StreamReport] = []
        self.never_begun: list[str] = []
        self.deleted_types: dict[str, int] = {}
        self._live_at = 0.0

    @property
    def failures(self) -> list[StreamReport]:
        """The streams that were not read to their end for a reason of their own."""
        return [stream for stream in self.streams if stream.failure]

    def begin(self, name: str, mode: str) -> StreamReport:
        """A stream begins; its report is to be kept up to date."""
        stream = StreamReport(name, mode)
        self.streams.append(stream)
        return stream

    def page(self, stream: StreamReport) -> None:
        """Some rows of a stream are out: shown on a terminal, and nowhere else."""
        now = time.monotonic()
        if sys.stderr.isatty() and now - self._live_at >= _LIVE_SECONDS:
            self._live_at = now
            sys.stderr.write(f"\r\033[K{stream.name}: {_rows(stream.rows)}")
            sys.stderr.flush()

    def end(self, stream: StreamReport) -> None:
        """A stream has been read to its end, failed, or was stopped on the way."""
        if self._live_at:
            sys.stderr.write("\r\033[K")
            self._live_at = 0.0
        seconds = time.monotonic() - stream.began
        if stream.failure:
            logger.error("%s was not read to its end: %s", stream.name, stream.failure)
            return
        how = stream.mode if stream.complete else f"{stream.mode}, stopped"
        logger.info("%s: %s in %.1f s (%s).", stream.name, _rows(stream.rows), seconds, how)

    def unburied(self, types: Mapping[str, int]) -> None:
        """A stream saw so many deletions of types that no table here has."""
        for name, count in types.items():
            self.deleted_types[name] = max(count, self.deleted_types.get(name, 0))

    def missing(self, name: str) -> None:
        """A table that the settings name is not in the catalog, so it was not begun."""
        self.never_begun.append(name)
        logger.error(
            "%s was not read at all: the discovery left it out and said why, or the catalog that "
            "was given does not have it.",
            name,
        )

    def summary(self) -> str:
        """The table at the end: rows, new, changed and deleted ones, of each stream."""
        width = max(len(stream.name) for stream in self.streams)
        heads = "".join(f"  {head:>12}" for head in ("rows", "new", "changed", "deleted"))
        lines = [f"{'':{width}}{heads}"]
        for stream in self.streams:
            incremental = stream.mode == "incremental"
            changed = f"{stream.changed:,}" if incremental else "-"
            deleted = f"{stream.deleted:,}" if incremental or stream.deleted else "-"
            note = f"  {stream.note}" if stream.note else ""
            lines.append(
                f"{stream.name:{width}}  {stream.rows:>12,}  {stream.new:>12,}  {changed:>12}"
                f"  {deleted:>12}{note}"
            )
        return "\n".join(lines)


def _rows(count: int) -> str:
    return f"{count:,} row" if count == 1 else f"{count:,} rows"
