"""The benchmarks run."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.long
def test_a_discovery_is_measured_cold_and_warm() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.discovery"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    measured = [line.split(" | ") for line in done.stdout.splitlines() if line.startswith("| ")]
    assert [line[0].strip("| ") for line in measured[1:]] == ["cold", "warm"]
