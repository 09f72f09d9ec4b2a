"""What a person sees: a line a stream while the tap runs, a table at its end."""

import logging
import sys
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from tap_netsuite_tba.extraction.answers import Chunk
from tap_netsuite_tba.extraction.ranges import rank
from tap_netsuite_tba.metrics import Figures, log_stream
from tap_netsuite_tba.netsuite.meter import Counts, Meter
from tap_netsuite_tba.refused_records import Refusal, listed
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
        unread: How many records refused to be read, by their refusals.
        began: When its turn came, by the meter's clock.
        ended: When it was over.
    """

    name: str
    mode: str
    began: float
    rows: int = 0
    new: int = 0
    deleted: int = 0
    failure: str | None = None
    complete: bool = False
    undated: int | None = None
    gone: list[str] = field(default_factory=list)
    unread: Counter[Refusal] = field(default_factory=Counter)
    ended: float | None = None

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
        notes = [f"{self.unread.total():,} unreadable"] if self.unread else []
        if not self.complete:
            return "; ".join(["FAILED" if self.failure else self.how_it_ended, *notes])
        if self.mode == "full table":
            why = ": it has no modification date" if self.undated is None else ""
            notes.append(f"read whole{why}")
        if self.undated:
            notes.append(f"{self.undated:,} without modification date, whose edits are not seen")
        if self.gone:
            notes.append(f"columns gone: {', '.join(self.gone)}")
        return "; ".join(notes)

    @property
    def how_it_ended(self) -> str:
        """`complete`, `failed`, or `stopped` by what ended the run."""
        if self.complete:
            return "complete"
        return "failed" if self.failure else "stopped"

    @property
    def changed(self) -> int:
        """Rows of an incremental run that had been read before."""
        return self.rows - self.new if self.mode == "incremental" else 0


class Report:
    """Collects what became of each stream, and says it.

    Args:
        meter: Counts the requests of the run.
        max_sessions: How many of them there may be at once.

    Attributes:
        streams: In the order in which they began.
        never_begun: Tables that the settings name and the catalog does not have.
        deleted_types: Types of deleted records that no table here has, with the most deletions that
            any stream saw of each.
        discovery: What the requests took that were sent before the first stream was read.
    """

    def __init__(self, meter: Meter | None = None, max_sessions: int = 5) -> None:
        self.meter = meter or Meter()
        self.max_sessions = max_sessions
        self.discovery = Counts()
        self.streams: list[StreamReport] = []
        self.never_begun: list[str] = []
        self.deleted_types: dict[str, int] = {}
        self._live_at = 0.0

    @property
    def failures(self) -> list[StreamReport]:
        """The streams that were not read to their end for a reason of their own."""
        return [stream for stream in self.streams if stream.failure]

    @property
    def figures(self) -> Figures:
        """What the run took so far, its discovery included."""
        began = self.meter.began
        seconds = 0.0 if began is None else self.meter.monotonic() - began
        rows = sum(stream.rows for stream in self.streams)
        counts = self.discovery + self.meter.total
        return Figures(counts, rows, seconds, self.max_sessions)

    def figures_of(self, stream: StreamReport) -> Figures:
        """What a stream took so far, from its first request on, which may come before its turn."""
        counts = self.meter.tables.get(stream.name, Counts())
        began = min(stream.began, self.meter.first_of(stream.name) or stream.began)
        seconds = (stream.ended or self.meter.monotonic()) - began
        return Figures(counts, stream.rows, seconds, self.max_sessions)

    @property
    def others(self) -> Mapping[str, Counts]:
        """What requests took that are of no single stream, by the table they are about."""
        names = {stream.name for stream in self.streams}
        return {name: used for name, used in self.meter.tables.items() if name not in names}

    def begin_reading(self) -> None:
        """The discovery is over: from now on requests are the streams'."""
        self.discovery = self.meter.begin_anew()

    def begin(self, name: str, mode: str) -> StreamReport:
        """A stream begins; its report is to be kept up to date."""
        stream = StreamReport(name, mode, self.meter.monotonic())
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
        stream.ended = self.meter.monotonic()
        log_stream(stream.name, self.figures_of(stream))
        if stream.failure:
            logger.error("%s was not read to its end: %s", stream.name, stream.failure)
            return
        how = stream.mode if stream.complete else f"{stream.mode}, stopped"
        seconds = stream.ended - stream.began
        logger.info("%s: %s in %.1f s (%s).", stream.name, _rows(stream.rows), seconds, how)

    def unburied(self, types: Mapping[str, int]) -> None:
        """A stream saw so many deletions of types that no table here has."""
        for name, count in types.items():
            self.deleted_types[name] = max(count, self.deleted_types.get(name, 0))

    @property
    def is_amiss(self) -> bool:
        """Whether something that was wanted was not read to its end."""
        return bool(self.failures or self.never_begun)

    def conclude(self, never_begun: Collection[str]) -> None:
        """Says what became of the run.

        Args:
            never_begun: Tables that the settings name and the catalog does not have.
        """
        self.never_begun = sorted(never_begun)
        for name in self.never_begun:
            logger.error(
                "%s was not read at all: the discovery left it out and said why, or the catalog "
                "that was given does not have it.",
                name,
            )
        if self.deleted_types:
            logger.warning(
                "Deleted records of these types have no table here and leave no tombstone: %s.",
                ", ".join(f"{name} ({n:,})" for name, n in sorted(self.deleted_types.items())),
            )
        for stream in self.streams:
            if stream.unread:
                logger.warning(
                    "%s: %s could not be read; the stream unreadable_record names them. %s",
                    stream.name,
                    _counted(stream.unread.total(), "record"),
                    listed(stream.unread),
                )
        if self.streams:
            logger.info("Done.\n%s", self.summary())
        if self.never_begun:
            logger.error("Not read at all: %s.", ", ".join(self.never_begun))
        if self.failures:
            logger.error(
                "Not read to their end: %s. The next run goes on from their last STATE.",
                ", ".join(stream.name for stream in self.failures),
            )

    def summary(self) -> str:
        """The table at the end: rows, new, changed and deleted ones, of each stream; its cost."""
        lines = [("", *_HEADS, "")]
        for stream in self.streams:
            incremental = stream.mode == "incremental"
            numbers = (
                f"{stream.rows:,}",
                f"{stream.new:,}",
                f"{stream.changed:,}" if incremental else "-",
                f"{stream.deleted:,}" if incremental or stream.deleted else "-",
                f"{self.figures_of(stream).counts.requests:,}",
            )
            lines.append((stream.name, *numbers, stream.note))
        name, *widths, _ = (max(map(len, column)) for column in zip(*lines, strict=True))
        shown = [
            "  ".join([f"{line[0]:{name}}", *map(str.rjust, line[1:-1], widths), line[-1]]).rstrip()
            for line in lines
        ]
        return "\n".join([*shown, _cost(self.figures, self.discovery)])


_HEADS = ("rows", "new", "changed", "deleted", "requests")


def _cost(figures: Figures, discovery: Counts) -> str:
    """What a run took, in a sentence."""
    counts, sessions = figures.counts, figures.max_sessions
    parts = []
    if discovery.requests:
        parts.append(f"{discovery.requests:,} of them for the discovery")
    if counts.retries:
        parts.append(f"{counts.retries:,} of them retries, which waited {counts.waited:,.1f} s")
    thereof = f" ({'; '.join(parts)})" if parts else ""
    busy = "the session was" if sessions == 1 else f"the {sessions} sessions were"
    return (
        f"Requests: {counts.requests:,}{thereof}; {busy} busy {figures.utilisation * 100:.0f} % of "
        f"{figures.seconds:,.1f} s; {figures.rows_per_second:,.0f} rows and "
        f"{_size(figures.bytes_per_second)} a second."
    )


def _rows(count: int) -> str:
    return _counted(count, "row")


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _size(count: float) -> str:
    """A number of bytes, in the unit in which people would say it."""
    unit, name = (1e6, "MB") if count >= 1e6 else (1e3, "kB")  # noqa: PLR2004 - a million
    return f"{count / unit:,.1f} {name}"
