"""Trouble of every kind while a table is read: it costs time, and nothing else."""

from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator
from tests.tap_process import configuration, run_tap


def test_every_kind_of_trouble_in_one_run_costs_no_row() -> None:
    kinds = [kind for kind in FaultKind if kind is not FaultKind.STALL]
    with Simulator(transactions=30_000) as account:
        account.faults.add(*(Fault(kind, request=5 + 3 * n) for n, kind in enumerate(kinds)))
        messages, code, log = run_tap(configuration(account))
        truth = [key for (key,) in account.sql("SELECT id FROM transaction ORDER BY id")]
        assert code == 0, log
        assert set(account.faults.dealt) == set(kinds)
        assert account.counters.peak_in_flight <= 5
        assert account.counters.refused_logins == {}
    keys = [message["record"]["id"] for message in messages if message["type"] == "RECORD"]
    assert sorted(keys) == truth
    assert "Traceback" not in log


def test_a_server_fault_that_stays_fails_the_table_after_the_patience_that_was_set() -> None:
    with Simulator(transactions=3_000) as account:
        account.faults.add(
            Fault(FaultKind.UNEXPECTED_ERROR, table="department", skip=1, times=None)
        )
        config = configuration(account, tables=["department", "currency"], retry_timeout_seconds=1)
        messages, code, log = run_tap(config)
    assert code == 1
    assert "department was not read to its end: Gave up" in log
    assert {m["stream"] for m in messages if m["type"] == "RECORD"} == {"currency"}
