"""A run that is cut short, however it is, is taken up from what a STATE covered."""

import json
import re
import signal
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator, Switches
from tests.faults.network import Network
from tests.faults.nights import Nights
from tests.faults.test_volume import account_of, catalog_of
from tests.faults.users import Users
from tests.faults.warehouse import Warehouse
from tests.simulator.waiting import wait_until
from tests.tap_process import TapProcess, configuration

LINES = "transactionaccountingline"
PAGE = 1_000
MAX_OPEN = 11 * PAGE
"""Rows that no STATE covers: one goes out every ten pages, and a page may be under way."""
MAX_ASKED = 10
"""Pages that are asked for and not out: five wait to be written, and five are in flight."""
QUESTIONS = 15
"""Requests of a run besides those for whole pages; the first one asks for the customization."""
QUICK_TIMEOUTS = (
    "from tap_netsuite_tba.netsuite.client import Client\n"
    "Client.__init__.__kwdefaults__['read_timeout'] = 1.5"
)


@pytest.mark.parametrize(
    ("kills", "transactions"), [(2, 19_000), pytest.param(10, 150_000, marks=pytest.mark.long)]
)
def test_killed_again_and_again_while_rows_change_it_loses_nothing_and_reads_little_twice(
    tmp_path: Path, seed: int, kills: int, transactions: int
) -> None:
    with account_of(transactions) as account:
        catalog = catalog_of("transaction", "id", "memo", "lastmodifieddate")
        [entry] = catalog["streams"]
        entry |= {"replication_key": "lastmodifieddate", "replication_method": "INCREMENTAL"}
        deleted_at = {"type": ["string", "null"], "format": "date-time"}
        entry["schema"]["properties"]["_sdc_deleted_at"] = deleted_at
        nights = Nights(account, tmp_path, {"tables": ["transaction"]}, catalog=catalog)
        before = nights.truth()
        users = Users(account, seed)
        uncovered = 0
        places = sorted(Random(seed).sample(range(MAX_OPEN, transactions), kills))
        for last, place in pairwise([0, *places]):
            asked = account.counters.requests
            assert nights.run(users.work, stop_after=place - last) == -signal.SIGKILL
            asked = account.counters.requests - asked
            assert asked <= (place - last) / PAGE + MAX_ASKED + QUESTIONS
            assert len(nights.warehouse.pending) <= MAX_OPEN
            uncovered += len(nights.warehouse.pending)
        assert nights.run(users.work) == 0, nights.log
        emissions = nights.emissions(before)
        assert 0 not in emissions
        assert sum((times - 1) * rows for times, rows in emissions.items()) <= uncovered
        nights.run_quietly()
        nights.check()
        assert account.counters.peak_in_flight <= 5


@pytest.mark.parametrize(
    ("cuts", "whole", "eager"),
    [
        (2, (), True),
        *(
            pytest.param(40, whole, eager, marks=pytest.mark.long)
            for whole in ((), (LINES,))
            for eager in (False, True)
        ),
    ],
)
def test_cut_off_around_any_state_or_version_it_loses_and_keeps_nothing_wrongly(
    tmp_path: Path, seed: int, cuts: int, whole: tuple[str, ...], *, eager: bool
) -> None:
    with Simulator(600, seed) as account:
        settings = {"tables": ["itemvendor", "transaction", LINES]}
        nights = Nights(account, tmp_path, settings, whole, warehouse=Warehouse(eager=eager))
        nights.run_quietly()
        users = Users(account, seed)
        for _ in range(20):
            users.work()
        lines, loaded = nights.written(), nights.warehouse
        ends = [place for place, line in enumerate(lines) if not is_record(line)]
        places = sorted({*ends, *(place + 1 for place in ends)})
        for cut in Random(seed).sample(places, min(cuts, len(places))):
            nights.warehouse = deepcopy(loaded)
            for line in lines[:cut]:
                nights.warehouse.read(line)
            users.work()
            nights.run_quietly()  # finishes the pass, which may be past what was changed just now
            nights.run_quietly()
            nights.check()


def is_record(line: bytes) -> bool:
    """Whether a line is a message with a row."""
    return bool(json.loads(line)["type"] == "RECORD")


def test_a_signal_ends_a_run_after_a_true_state_and_the_next_one_goes_on(tmp_path: Path) -> None:
    with Simulator(3_000, latency=0.01) as account:
        nights = Nights(account, tmp_path, {"tables": ["currency", LINES]})
        assert nights.run(stop_after=5_000, how=signal.SIGTERM) == 128 + signal.SIGTERM
        assert "Stopped by SIGTERM" in nights.log
        assert not nights.warehouse.pending
        nights.run_quietly()
        nights.check()
        emitted = nights.warehouse.streams[LINES].emitted
        assert emitted.total() - len(emitted) <= 1_000


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_with_all_five_requests_stalled_a_signal_leaves_a_true_state_at_once(
    tmp_path: Path, how: signal.Signals
) -> None:
    switches = Switches(abandoned="freed")  # else the next run would have to wait for a place
    with Simulator(2_300, switches=switches) as account, ThreadPoolExecutor(1) as reader:
        nights = Nights(account, tmp_path, {"tables": [LINES]})
        stall = Fault(FaultKind.STALL, table=LINES, skip=3, times=None, seconds=600)
        account.faults.add(stall)
        with nights.process() as tap:
            read = reader.submit(lambda: [nights.warehouse.read(line) for line in tap.lines()])
            wait_until(lambda: account.counters.dealt_faults == {FaultKind.STALL: 5})
            tap.process.send_signal(how)
            assert tap.process.wait(timeout=5) == 128 + how
            read.result()
        assert not nights.warehouse.pending
        assert nights.warehouse.rows(LINES).total() >= 1_000
        account.faults.clear()
        nights.run_quietly()
        nights.check()


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_right_behind_the_first_does_not_disturb_the_end(
    tmp_path: Path, second: signal.Signals
) -> None:
    with Simulator(2_300) as account, ThreadPoolExecutor(1) as reader:
        nights = Nights(account, tmp_path, {"tables": [LINES]})
        account.faults.add(Fault(FaultKind.STALL, table=LINES, skip=3, times=None, seconds=600))
        with nights.process() as tap:
            read = reader.submit(lambda: [message["type"] for message in tap.messages()])
            wait_until(lambda: account.counters.dealt_faults == {FaultKind.STALL: 5})
            for how in (signal.SIGINT, second):
                tap.process.send_signal(how)
            code = tap.process.wait(timeout=10)
            [first] = re.findall(r"Stopped by (\w+)", tap.log)
            assert code == 128 + signal.Signals[first]
            assert "Traceback" not in tap.log
            assert read.result()[-1] == "STATE"


def test_a_run_that_lost_its_network_goes_on_when_it_is_back(tmp_path: Path) -> None:
    with Simulator(2_000, latency=0.01) as account, Network(account) as network:
        settings = {"tables": ["transaction", LINES], "base_url": network.base_url}
        nights = Nights(account, tmp_path, settings)
        users = Users(account, 1)

        def lose() -> None:
            users.work()
            network.lose(attempts=5)

        assert nights.run(lose) == 0, nights.log
        assert network.refused >= 5
        nights.run_quietly()
        nights.check()


def test_requests_that_time_out_are_asked_for_in_parts_and_no_sixth_is_opened(
    tmp_path: Path,
) -> None:
    with Simulator(3_000) as account:
        nights = Nights(account, tmp_path, {"tables": [LINES]}, prelude=QUICK_TIMEOUTS)
        account.faults.add(Fault(FaultKind.STALL, table=LINES, skip=3, times=2, seconds=600))
        assert nights.run() == 0, nights.log
        nights.check()
        assert "asked for in halves" in nights.log
        assert set(nights.warehouse.streams[LINES].emitted.values()) == {1}
        assert account.counters.over_limit == 0


def test_a_full_table_that_is_killed_is_finished_by_the_next_run_and_then_loses_what_is_gone(
    tmp_path: Path,
) -> None:
    with Simulator(3_300, latency=0.01) as account:
        nights = Nights(account, tmp_path, {"tables": [LINES]}, whole=(LINES,))
        nights.run_quietly()
        whole = nights.warehouse.rows(LINES).total()
        account.churn.delete(50, traced=False)
        account.churn.edit(50)
        assert nights.run(stop_after=11_000) == -signal.SIGKILL
        assert nights.warehouse.rows(LINES).total() == whole
        nights.run_quietly()
        nights.check()


def test_a_full_refresh_that_is_killed_is_finished_by_the_next_run(tmp_path: Path) -> None:
    """Meltano merges the state of the killed refresh into the old one, key by key."""
    with Simulator(3_300, latency=0.01) as account:
        nights = Nights(account, tmp_path, {"tables": [LINES]})
        nights.run_quietly()
        old = bookmark_of(nights)
        nights.warehouse = Warehouse()
        account.clock.advance(2)  # NetSuite tells whole seconds; nobody refreshes in the same one.
        assert nights.run(stop_after=11_000) == -signal.SIGKILL
        refreshed = {key: value for key, value in bookmark_of(nights).items() if value is not None}
        nights.warehouse.state = {"bookmarks": {LINES: old | refreshed}}
        nights.run_quietly()
        nights.check()


def bookmark_of(nights: Nights) -> dict[str, Any]:
    """The state of the lines."""
    assert nights.warehouse.state is not None
    bookmark: dict[str, Any] = nights.warehouse.state["bookmarks"][LINES]
    return bookmark


def test_a_loader_that_dies_is_a_sentence_and_no_traceback(tmp_path: Path) -> None:
    with Simulator(3_000) as account, TapProcess(tmp_path, configuration(account)) as tap:
        assert tap.process.stdout
        next(tap.lines())
        tap.process.stdout.close()
        assert tap.process.wait(timeout=60) == 1
        assert "The messages cannot be written: Broken pipe." in tap.log
        assert "Traceback" not in tap.log
        tap.process.stdout = None
