"""Rows that are changed, entered and deleted while they are read are right in the end."""

from pathlib import Path

import pytest

from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator
from tests.faults.nights import Nights
from tests.faults.users import Users
from tests.tap_process import configuration, run_tap


@pytest.mark.parametrize(
    ("transactions", "refused"),
    [
        (1_200, ()),
        pytest.param(18_000, (), marks=pytest.mark.long),
        pytest.param(10_000, ("ROW_NUMBER",), marks=pytest.mark.long),
        pytest.param(10_000, ("ROW_NUMBER", " DESC"), marks=pytest.mark.long),
    ],
)
def test_what_changes_while_it_is_read_is_right_after_a_quiet_run_by_any_plan(
    tmp_path: Path, seed: int, transactions: int, refused: tuple[str, ...]
) -> None:
    with Simulator(transactions, seed, latency=0.01) as account:
        nights = Nights(account, tmp_path)
        account.faults.add(*(Fault(FaultKind.REFUSED, text=text, times=None) for text in refused))
        before = nights.truth()
        users = Users(account, seed)
        rows = sum(table.total() for table in before.values())
        assert nights.run(users.work, at_states=users.save_late) == 0, nights.log
        assert nights.changed(before) > rows / 20
        assert [*nights.emissions(before)] == [1]
        assert nights.run(users.work, at_states=users.save_late) == 0, nights.log
        # Not while it is read: without a key it can be read only as long as nobody changes it.
        account.sql("UPDATE pricing SET unitprice = unitprice + 1 WHERE item % 3 = 0")
        account.sql("DELETE FROM pricing WHERE item % 3 = 1")
        nights.run_quietly()
        nights.check()
        assert account.counters.peak_in_flight <= 5


def test_what_is_deleted_without_a_trace_stays_and_nothing_else_does(tmp_path: Path) -> None:
    with Simulator(1_000) as account:
        nights = Nights(account, tmp_path, {"tables": ["transaction"]})
        nights.run_quietly()
        traced = account.churn.delete(20)
        untraced = account.churn.delete(20, traced=False)
        nights.run_quietly()
        ghosts = nights.warehouse.rows("transaction") - nights.truth()["transaction"]
        emitted = nights.warehouse.streams["transaction"].emitted
        assert ghosts.total() == len(untraced)
        assert {emitted[key,] for key in untraced} == {1}
        assert {emitted[key,] for key in traced} == {2}


def test_a_run_after_one_edit_reads_the_edit_and_little_more() -> None:
    with Simulator(3_000) as account:
        messages, code, log = run_tap(configuration(account, lookback_seconds=0))
        assert code == 0, log
        state = messages[-1]["value"]
        account.clock.advance(5)
        [edited] = account.churn.edit(1)
        messages, code, log = run_tap(configuration(account, lookback_seconds=0), state=state)
        assert code == 0, log
        keys = [message["record"]["id"] for message in messages if message["type"] == "RECORD"]
        assert keys == [edited]
        new, old = (s["bookmarks"]["transaction"] for s in (messages[-1]["value"], state))
        assert new["replication_key_value"] > old["replication_key_value"]
