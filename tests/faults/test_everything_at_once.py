"""Rows change, answers are bad, the process is killed: in the end every row is right."""

import signal
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from tap_netsuite_tba.simulator import FaultKind, Simulator
from tests.faults.nights import Nights
from tests.faults.trouble import PASSING, trouble
from tests.faults.users import Users
from tests.faults.warehouse import Warehouse

# Two refused logins in a row end a run.
KINDS = [kind for kind in PASSING if kind is not FaultKind.TOO_MANY_REQUESTS_AS_401]


@pytest.mark.parametrize(
    ("kills", "transactions", "eager"),
    [
        (3, 1_200, True),
        pytest.param(20, 12_000, True, marks=pytest.mark.long),
        pytest.param(20, 12_000, False, marks=pytest.mark.long),
    ],
)
def test_everything_at_once(
    tmp_path: Path, seed: int, kills: int, transactions: int, *, eager: bool
) -> None:
    with Simulator(transactions, seed, latency=0.01) as account:
        nights = Nights(account, tmp_path, warehouse=Warehouse(eager=eager))
        rows = sum(table.total() for table in nights.truth().values())
        users = Users(account, seed)
        account.faults.add(*(trouble(kind, 1 / 8 / len(KINDS)) for kind in KINDS))
        for last, instant in pairwise([0, *sorted(Random(seed).sample(range(1, rows), kills))]):
            assert nights.run(users.work, stop_after=instant - last) == -signal.SIGKILL
        assert nights.run(users.work) == 0, nights.log
        account.faults.clear()
        nights.run_quietly()
        nights.check()
        assert account.counters.peak_in_flight <= 5
