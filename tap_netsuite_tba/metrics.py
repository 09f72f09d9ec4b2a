"""What a run, or a stream of it, took, in figures; and the SDK's METRIC lines of them."""

import os
from dataclasses import dataclass
from typing import Any

from singer_sdk.metrics import Metric, Point, Status, Tag, get_metrics_logger, log

from tap_netsuite_tba.netsuite.meter import Counts


@dataclass(frozen=True)
class Figures:
    """What was read, and what that took.

    Attributes:
        counts: What its requests took.
        rows: How many rows went out.
        seconds: From its first request to its end.
        max_sessions: How many sessions there were.
    """

    counts: Counts
    rows: int
    seconds: float
    max_sessions: int

    @property
    def utilisation(self) -> float:
        """Which part of the time that the sessions had they were busy, 0 to 1."""
        return self._per_second(self.counts.busy) / self.max_sessions

    @property
    def rows_per_second(self) -> float:
        """Rows that went out a second."""
        return self._per_second(self.rows)

    @property
    def bytes_per_second(self) -> float:
        """Bytes that came over the wire a second."""
        return self._per_second(self.counts.received)

    def to_json(self) -> dict[str, float]:
        """All of them, by name."""
        return {
            "rows": self.rows,
            "seconds": round(self.seconds, 3),
            **counts_to_json(self.counts),
            "utilisation": round(self.utilisation, 3),
            "rows_per_second": round(self.rows_per_second, 1),
            "bytes_per_second": round(self.bytes_per_second),
        }

    def _per_second(self, amount: float) -> float:
        return amount / self.seconds if self.seconds else 0.0


def counts_to_json(counts: Counts) -> dict[str, float]:
    """What requests took, by name."""
    return {
        "requests": counts.requests,
        "retries": counts.retries,
        "waited_seconds": round(counts.waited, 3),
        "busy_seconds": round(counts.busy, 3),
        "bytes": counts.received,
    }


def log_stream(name: str, figures: Figures) -> None:
    """One METRIC line about a stream; its rows and its duration are in lines of the SDK's own."""
    tags = counts_to_json(figures.counts) | {"utilisation": round(figures.utilisation, 3)}
    requests = tags.pop("requests")
    _log("counter", Metric.HTTP_REQUEST_COUNT, requests, {Tag.STREAM: name, **tags})


def log_run(figures: Figures, *, complete: bool) -> None:
    """One METRIC line about the whole run."""
    tags = figures.to_json()
    seconds = tags.pop("seconds")
    status = Status.SUCCEEDED if complete else Status.FAILED
    _log("timer", Metric.JOB_DURATION, seconds, {Tag.JOB_TYPE: "sync", Tag.STATUS: status, **tags})


def _log(kind: str, metric: Metric, value: float, tags: dict[str, Any]) -> None:
    log(get_metrics_logger(), Point(kind, metric, value, {**tags, Tag.PID: os.getpid()}))
