"""What a person sees: a line a stream while the tap runs, a table at its end."""

import logging
import sys
import time
from dataclasses import dataclass, field

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
    """

    name: str
    mode: str
    rows: int = 0
    new: int = 0
    deleted: int = 0
    failure: str | None = None
    complete: bool = False
    began: float = field(default_factory=time.monotonic)

    @property
    def changed(self) -> int:
        """Rows of an incremental run that had been read before."""
        return self.rows - self.new if self.mode == "incremental" else 0


class Report:
    """Collects what became of each stream, and says it.

    Attributes:
        streams: In the order in which they began.
        deleted_types: Types of deleted records that the log named and some stream did not know.
    """

    def __init__(self) -> None:
        self.streams: list[StreamReport] = []
        self.deleted_types: set[str] = set()
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
            sys.stderr.write(f"\r\033[K{stream.name}: {stream.rows:,} rows")
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
        logger.info("%s: %s rows in %.1f s (%s).", stream.name, f"{stream.rows:,}", seconds, how)

    def missing(self, name: str) -> None:
        """A table that was named could not be discovered."""
        stream = self.begin(name, "not read")
        stream.failure = "it cannot be read by this role; the discovery said why"
        self.end(stream)

    def summary(self) -> str:
        """The table at the end: rows, new, changed and deleted ones, of each stream."""
        width = max(len(stream.name) for stream in self.streams)
        heads = "".join(f"  {head:>12}" for head in ("rows", "new", "changed", "deleted"))
        lines = [f"{'':{width}}{heads}"]
        for stream in self.streams:
            incremental = stream.mode == "incremental"
            changed = f"{stream.changed:,}" if incremental else "-"
            deleted = f"{stream.deleted:,}" if incremental else "-"
            note = "" if stream.complete else "  FAILED" if stream.failure else "  stopped"
            if stream.complete and stream.mode == "full table":
                note = "  read whole: it has no modification date"
            lines.append(
                f"{stream.name:{width}}  {stream.rows:>12,}  {stream.new:>12,}  {changed:>12}"
                f"  {deleted:>12}{note}"
            )
        return "\n".join(lines)
