"""Accounts that refuse a way of reading, over HTTP: the next way is as complete and as wide."""

import pytest

from tap_netsuite_tba.extraction import planner
from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator
from tests.contract.gateway import Gateway, letting_go
from tests.tap_process import configuration, run_tap

ROWS = 8_000
# Besides its pages a run asks for tables, columns, counts and what was deleted.
OTHER_REQUESTS = 20


def read_all(account: Simulator, **settings: object) -> str:
    """Reads the transactions; what was said."""
    messages, code, log = run_tap(configuration(account, **settings))
    assert code == 0, log
    truth = [key for (key,) in account.sql("SELECT id FROM transaction ORDER BY id")]
    found = [message["record"]["id"] for message in messages if message["type"] == "RECORD"]
    assert sorted(found) == truth
    return log


def is_range(query: str) -> bool:
    """Whether a query is for rows behind a key."""
    return " > " in query and "ROW_NUMBER" not in query and "COUNT(" not in query


def test_without_the_plan_five_read_from_both_ends() -> None:
    with Simulator(transactions=ROWS) as account, Gateway(account) as gateway:
        account.faults.add(Fault(FaultKind.REFUSED, text="ROW_NUMBER", times=None))
        [(end,)] = account.sql("SELECT id FROM transaction ORDER BY id LIMIT 1 OFFSET 999")
        # The first look at each end behind the first page tells what there is for five to read.
        held = gateway.hold(lambda query: is_range(query) and f" > {end} ORDER BY " not in query)

        def release() -> None:
            with letting_go(held):
                gateway.wait_until(lambda: len(held.arrived) == 5)

        with gateway.meanwhile(release):
            log = read_all(account, base_url=gateway.base_url)
        assert gateway.peak == 5
        assert account.counters.requests <= ROWS / 1000 * 1.3 + OTHER_REQUESTS
    assert "does not name the page ends of transaction" in log
    assert "descending" not in log


def test_without_descending_order_either_one_page_follows_another() -> None:
    with Simulator(transactions=4_000, latency=0.02) as account:
        account.faults.add(Fault(FaultKind.REFUSED, text="ROW_NUMBER", times=None))
        account.faults.add(Fault(FaultKind.REFUSED, text=" DESC", times=None))
        log = read_all(account)
        # Four lists of the account's customization are read at once; pages would be five.
        assert account.counters.peak_in_flight <= 4
    assert log.count("does not name the page ends of transaction") == 1
    assert log.count("does not give transaction in descending order") == 1


def test_a_plan_that_is_slow_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planner, "PATIENCE", 0.1)
    with Simulator(transactions=4_000) as account:
        account.faults.add(Fault(FaultKind.STALL, text="ROW_NUMBER", seconds=600, times=None))
        log = read_all(account)
    assert log.count("does not name the page ends of transaction") == 1
