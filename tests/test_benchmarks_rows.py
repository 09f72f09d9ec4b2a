"""What a row costs and what memory is needed can be measured, on what the tap really does."""

import contextlib
import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from benchmarks import memory, rows
from benchmarks.canned import Canned
from benchmarks.rows import CASES, Case, Loop, Write, measure, run_tap


def lines(run: Callable[[Write], object]) -> list[dict[str, Any]]:
    """The messages that something writes."""
    out = io.TextIOWrapper(io.BytesIO())
    with contextlib.redirect_stdout(out):
        run(out.buffer.write)
    return [json.loads(line) for line in out.buffer.getvalue().splitlines()]


@pytest.mark.parametrize("columns", [12, 60])
def test_the_loop_writes_what_the_tap_writes(columns: int) -> None:
    account = Canned(columns, rows=2_500)
    by_hand = lines(Loop(account, mends=True).run)
    by_tap = lines(lambda _: run_tap(account, Case("", columns)))
    records = [message for message in by_tap if message["type"] == "RECORD"]
    assert [message["record"]["id"] for message in by_hand] == list(range(1, 2_501))
    assert sorted(records, key=lambda message: message["record"]["id"]) == by_hand
    assert len(by_hand[0]["record"]) == columns


def test_every_case_is_measured() -> None:
    for case in CASES:
        measured = measure(case, rows.Size(rows=1_100, pairs=1))
        assert len(measured.to_bare) == len(measured.to_loop) == 1
        assert measured.bare[0] > 0


def test_a_run_tells_its_memory_however_it_is_read() -> None:
    account = Canned(12, rows=1_500)
    for rate in (None, 5e6):
        run = memory.run(account, rate)
        assert run.needed.rows == account.rows
        # The system counts a peak and what is in use now each in its own way, some pages apart.
        assert 20e6 < run.needed.end <= run.needed.peak + 1e6
        assert 20e6 < run.usual <= run.needed.peak + 1e6
