"""One JSON file of what a run took, for whoever watches runs; docs/metrics.md shows one."""

import json
import logging
import os
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tap_netsuite_tba.metrics import counts_to_json
from tap_netsuite_tba.progress import Report, StreamReport

logger = logging.getLogger("tap-netsuite-tba")

FORMAT = 1


def write_metrics(path: Path, report: Report, *, complete: bool) -> None:
    """Writes the file at once and whole; that it cannot be is said, and ends no run.

    Args:
        path: Where to; what is there is replaced.
        report: What became of the run.
        complete: Whether the run ended as it should.
    """
    content = json.dumps(to_json(report, complete=complete), indent=2)
    written = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        try:
            written.write_text(f"{content}\n")
            written.replace(path)
        finally:
            written.unlink(missing_ok=True)
    except OSError as error:
        logger.warning("The metrics cannot be written to %s: %s.", path, error.strerror or error)


def to_json(report: Report, *, complete: bool) -> dict[str, Any]:
    """What the file holds."""
    return {
        "format": FORMAT,
        "version": version("tap-netsuite-tba"),
        "ended_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "complete": complete,
        "max_sessions": report.max_sessions,
        "run": report.figures.to_json(),
        "discovery": counts_to_json(report.discovery),
        "streams": [_stream(report, stream) for stream in report.streams],
        "others": [
            {"table": table, **counts_to_json(counts)}
            for table, counts in sorted(report.others.items())
        ],
    }


def _stream(report: Report, stream: StreamReport) -> dict[str, Any]:
    return {
        "stream": stream.name,
        "mode": stream.mode,
        "ended": stream.how_it_ended,
        "new": stream.new,
        "changed": stream.changed,
        "deleted": stream.deleted,
        **report.figures_of(stream).to_json(),
    }
