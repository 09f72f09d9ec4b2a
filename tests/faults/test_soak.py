"""An hour of runs in one process, on an account that changes and answers badly."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import IO

import pytest

from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator, Switches
from tests.faults import soaking
from tests.faults.nights import Nights
from tests.faults.users import Users
from tests.faults.warehouse import Warehouse

SECONDS = float(os.environ.get("SOAK_SECONDS", "3600"))
WARM_UP = min(60.0, SECONDS / 4)
"""Seconds after which a process has all that it will ever need."""
PACE = 5.0
"""A run begins so many seconds after the one before, that it can go on beside other work."""
LOADS_EVERY = 4
"""Of so many runs one reads everything."""
STEP = 900
CHANGES = 1 / 4
"""After so many messages, and at each STATE, somebody may change something: so likely."""
TRANSACTIONS = 600
LATENCY = 0.2
ALLOWED_GROWTH = 1.05 if SECONDS >= 600 else 1.2
"""A short soak ends before the first runs have had all the memory that they will ever need."""
RATES = {
    FaultKind.TOO_MANY_REQUESTS: 0.02,
    FaultKind.UNEXPECTED_ERROR: 0.02,
    FaultKind.UNAVAILABLE: 0.01,
    FaultKind.WRONG_JSON: 0.01,
    FaultKind.RESET: 0.02,
    FaultKind.RESET_IN_BODY: 0.01,
    FaultKind.TRUNCATED: 0.01,
    FaultKind.SLOW: 0.01,
    FaultKind.STALL: 0.005,
}
_SLOW_SECONDS, _STALLED_SECONDS = 0.5, 600.0


@dataclass(frozen=True)
class Rest:
    """What a process holds between two runs.

    Attributes:
        at: Seconds since the soak began.
        memory: Its resident memory, in KiB.
        threads: How many it has.
        descriptors: How many it has open.
    """

    at: float
    memory: int
    threads: int
    descriptors: int


@dataclass
class Soak:
    """One process that runs the tap again and again.

    Attributes:
        rests: What it held after each run.
    """

    process: "subprocess.Popen[str]"
    log_path: Path
    rests: list[Rest] = field(default_factory=list)
    _began: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self._began

    def run(self, nights: Nights, happening: Callable[[], None]) -> None:
        """One run into a warehouse, with something that happens now and then."""
        stdin, stdout = self._pipes()
        order = {
            "config": nights.config,
            "state": nights.warehouse.state,
            "catalog": nights.catalog,
        }
        stdin.write(json.dumps(order) + "\n")
        stdin.flush()
        for count, line in enumerate(stdout, start=1):
            if line.startswith('{"type": "END"'):
                assert json.loads(line)["code"] == 0, self.log_path.read_text()[-5_000:]
                self.rests.append(self._rest())
                return
            message = nights.warehouse.read(line)
            if message["type"] == "STATE" or count % STEP == 0:
                happening()
        raise AssertionError(self.log_path.read_text()[-5_000:])

    def _pipes(self) -> tuple[IO[str], IO[str]]:
        assert self.process.stdin
        assert self.process.stdout
        return self.process.stdin, self.process.stdout

    def _rest(self) -> Rest:
        folder = Path(f"/proc/{self.process.pid}")
        status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
        return Rest(
            self.seconds,
            memory=int(status["VmRSS"].split()[0]),
            threads=int(status["Threads"]),
            descriptors=len(list((folder / "fd").iterdir())),
        )


@contextmanager
def soaked(folder: Path) -> Iterator[Soak]:
    """A process that ends with the test."""
    log_path = folder / "stderr"
    command = [sys.executable, "-m", soaking.__name__]
    with (
        log_path.open("w") as log,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        try:
            yield Soak(process, log_path)
        finally:
            process.kill()


def faults() -> list[Fault]:
    """What goes wrong: each kind at the beginning once, then all the time."""
    seconds = {FaultKind.SLOW: _SLOW_SECONDS, FaultKind.STALL: _STALLED_SECONDS}
    # Only a range can be asked for in halves; whatever else gets no answer fails for the night.
    texts = {FaultKind.STALL: " ORDER BY t.transaction ASC"}
    once = [Fault(kind, text=texts.get(kind), seconds=seconds.get(kind, 0.0)) for kind in RATES]
    return once + [replace(fault, rate=RATES[fault.kind], times=None) for fault in once]


@pytest.mark.long
def test_an_hour_of_runs_leaves_nothing_behind_and_loses_nothing(tmp_path: Path, seed: int) -> None:
    switches = Switches(abandoned="freed")
    with (
        Simulator(TRANSACTIONS, seed, latency=LATENCY, switches=switches) as account,
        soaked(tmp_path) as soak,
    ):
        nights = Nights(account, tmp_path)
        users, dice = Users(account, seed), Random(seed)
        account.faults.add(*faults())
        loads = 0

        def happen() -> None:
            if dice.random() < CHANGES:
                users.work()

        while soak.seconds < SECONDS:
            began = time.monotonic()
            is_load = len(soak.rests) % LOADS_EVERY == 0
            if is_load:
                nights.warehouse = Warehouse()
                before = nights.truth()
            soak.run(nights, happen)
            if is_load:
                loads += 1
                assert [*nights.emissions(before)] == [1]
            account.churn.delete(entered_since(account))
            time.sleep(max(0.0, PACE - (time.monotonic() - began)))
        account.faults.clear()
        nights.run_quietly()
        nights.check()
        assert loads >= 2
        assert account.counters.dealt_faults.keys() == {kind.value for kind in RATES}
        assert account.counters.over_limit == 0
        check_flat(soak.rests)


def entered_since(account: Simulator) -> int:
    """How many transactions there are more than at the beginning."""
    [(count,)] = account.sql("SELECT COUNT(*) FROM transaction")
    return max(0, int(count) - TRANSACTIONS)


def check_flat(rests: list[Rest]) -> None:
    """Checks that a process holds no more threads, files and memory as time goes by."""
    warm = [rest for rest in rests if rest.at >= WARM_UP]
    tenth = max(3, len(warm) // 10)
    early, late = warm[:tenth], warm[-tenth:]
    # A thread may still be about to end, so the least of several runs counts.
    assert min(rest.threads for rest in late) <= min(rest.threads for rest in early), rests
    assert min(rest.descriptors for rest in late) <= min(rest.descriptors for rest in early), rests
    # What the allocator keeps for later it has got together by half-time.
    quarter = max(3, len(warm) // 4)
    third, last = warm[-2 * quarter : -quarter], warm[-quarter:]
    was, now = (statistics.median(rest.memory for rest in part) for part in (third, last))
    assert now <= was * ALLOWED_GROWTH, (was, now, rests)
