"""Figures of what a run took, and the METRIC lines that other programs read."""

import json
import logging
import os
from typing import Any

import pytest

from tap_netsuite_tba.metrics import Figures, log_run, log_stream
from tap_netsuite_tba.netsuite.meter import Counts

COUNTS = Counts(requests=12, retries=2, waited=3.4567, received=1_000_000, busy=40)
FIGURES = Figures(COUNTS, rows=5_000, seconds=10, max_sessions=5)


def metric(caplog: pytest.LogCaptureFixture) -> dict[str, Any]:
    [record] = caplog.records
    assert (record.name, record.levelno) == ("singer_sdk.metrics", logging.INFO)
    point: dict[str, Any] = json.loads(record.getMessage().removeprefix("METRIC: "))
    return point


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO)
    return caplog


def test_the_sessions_are_as_busy_as_the_time_they_had() -> None:
    assert FIGURES.utilisation == 0.8
    assert FIGURES.rows_per_second == 500
    assert FIGURES.bytes_per_second == 100_000


def test_no_time_is_no_rate() -> None:
    nothing = Figures(Counts(), rows=0, seconds=0, max_sessions=5)
    assert (nothing.utilisation, nothing.rows_per_second, nothing.bytes_per_second) == (0, 0, 0)


def test_a_stream_gets_one_line_with_its_requests(lines: pytest.LogCaptureFixture) -> None:
    log_stream("vendor", FIGURES)
    assert metric(lines) == {
        "type": "counter",
        "metric": "http_request_count",
        "value": 12,
        "tags": {
            "stream": "vendor",
            "retries": 2,
            "waited_seconds": 3.457,
            "busy_seconds": 40,
            "bytes": 1_000_000,
            "utilisation": 0.8,
            "pid": os.getpid(),
        },
    }


@pytest.mark.parametrize("status", ["succeeded", "failed"])
def test_a_run_gets_one_line_with_all_its_figures(
    lines: pytest.LogCaptureFixture, status: str
) -> None:
    log_run(FIGURES, complete=status == "succeeded")
    point = metric(lines)
    assert (point["type"], point["metric"], point["value"]) == ("timer", "job_duration", 10)
    assert point["tags"]["status"] == status
    assert point["tags"]["requests"] == 12
    assert point["tags"]["utilisation"] == 0.8
