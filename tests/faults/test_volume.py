"""Many rows: each once, five requests at a time, and no more memory for more rows."""

from pathlib import Path

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.tap_process import TapProcess, configuration

ALLOWED_GROWTH = 20 * 1024
"""KiB: a page in each worker more or less, not the rows."""


def read(transactions: int, folder: Path) -> int:
    """Reads a company's transactions, checks them, and tells the tap's peak memory in KiB."""
    with (
        Simulator(transactions=transactions, latency=0.05) as account,
        TapProcess(folder, configuration(account)) as tap,
    ):
        status = Path(f"/proc/{tap.process.pid}/status")
        keys = []
        peak = ""
        for count, message in enumerate(tap.messages()):
            if message["type"] == "RECORD":
                keys.append(message["record"]["id"])
            if count % 5_000 == 0:
                [peak] = [line for line in status.read_text().splitlines() if "VmHWM" in line]
        assert tap.process.wait(timeout=60) == 0, tap.log
        assert sorted(keys) == [
            key for (key,) in account.sql("SELECT id FROM transaction ORDER BY 1")
        ]
        assert account.counters.peak_in_flight == 5
        assert account.counters.refused_logins == {}
        assert account.counters.over_limit == 0
        assert account.counters.requests <= transactions / 1000 * 1.03 + 20
    return int(peak.split()[1])


@pytest.mark.long
def test_two_hundred_thousand_rows_come_once_at_the_memory_of_twenty_thousand(
    tmp_path: Path,
) -> None:
    few, many = read(20_000, tmp_path), read(200_000, tmp_path)
    assert many <= few + ALLOWED_GROWTH, (few, many)
