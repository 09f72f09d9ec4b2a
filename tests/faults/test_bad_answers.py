"""Answers that are no answers: they cost time, and nothing else."""

from pathlib import Path

import pytest

from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator
from tests.faults.nights import Nights
from tests.faults.trouble import DEAR, PASSING, trouble
from tests.faults.users import Users


def test_one_request_in_eight_fails_in_every_way_and_no_row_is_lost_or_doubled(
    tmp_path: Path, seed: int
) -> None:
    with Simulator(2_000, seed) as account:
        nights = Nights(account, tmp_path)
        before, asked = nights.truth(), account.counters.requests
        cheap = [kind for kind in PASSING if kind not in DEAR]
        account.faults.add(*(trouble(kind, 1, times=1) for kind in PASSING))
        account.faults.add(*(trouble(kind, 1 / 8 / len(cheap)) for kind in cheap))
        assert nights.run() == 0, nights.log
        assert set(account.faults.dealt) == set(PASSING)
        asked = account.counters.requests - asked
        assert account.faults.dealt.total() >= asked / 8
        nights.check()
        assert [*nights.emissions(before)] == [1]
        assert account.counters.peak_in_flight <= 5
        assert account.counters.over_limit == 0
        assert account.counters.refused_logins == {}
        assert "Traceback" not in nights.log


@pytest.mark.long
@pytest.mark.parametrize("kind", PASSING)
def test_one_request_in_eight_fails_in_one_way_while_rows_change(
    tmp_path: Path, seed: int, kind: FaultKind
) -> None:
    # Two refused logins in a row end a run.
    times = 1 if kind is FaultKind.TOO_MANY_REQUESTS_AS_401 else None
    with Simulator(12_000, seed, latency=0.01) as account:
        nights = Nights(account, tmp_path)
        before = nights.truth()
        users = Users(account, seed)
        account.faults.add(trouble(kind, 1 / 8, times))
        assert nights.run(users.work) == 0, nights.log
        assert account.faults.dealt[kind] >= (times or 10)
        assert [*nights.emissions(before)] == [1]
        nights.run_quietly()
        nights.check()
        assert account.counters.peak_in_flight <= 5


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (FaultKind.REFUSED, "NetSuite refused the query"),
        (FaultKind.UNEXPECTED_ERROR, "Gave up"),
    ],
)
def test_one_bad_table_does_not_end_the_night_and_is_read_in_the_next(
    tmp_path: Path, kind: FaultKind, words: str
) -> None:
    with Simulator(1_000) as account:
        settings = {"tables": ["currency", "customer", "item"], "retry_timeout_seconds": 1}
        nights = Nights(account, tmp_path, settings)
        account.faults.add(Fault(kind, text="FROM customer ", times=None))
        assert nights.run() == 1
        assert f"customer was not read to its end: {words}" in nights.log
        assert "Not read to their end: customer." in nights.log
        account.faults.clear()
        nights.run_quietly()
        nights.check()
        assert set(nights.warehouse.streams["item"].emitted.values()) == {1}


def test_a_table_that_goes_bad_in_its_middle_is_finished_by_the_next_run(tmp_path: Path) -> None:
    with Simulator(2_300) as account:
        table = "transactionaccountingline"
        nights = Nights(account, tmp_path, {"tables": ["currency", table]})
        account.faults.add(Fault(FaultKind.REFUSED, text=f"FROM {table} ", skip=6, times=None))
        assert nights.run() == 1
        account.faults.clear()
        nights.run_quietly()
        nights.check()
