"""However a run ends, nothing of it goes on: no thread, no connection, no request, no wait."""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread

import pytest

from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator
from tests.catalogs import last_state
from tests.contract.gateway import Gateway, Held, is_of, letting_go
from tests.contract.tables import (
    Tables,
    add_tables,
    bare_account,
    catalog_of,
    check_rows,
    run,
    small,
    tables_of,
    tap_of,
    truth,
)
from tests.faults.leftovers import connections_to, fetching
from tests.simulator.waiting import wait_until
from tests.tap_process import TapProcess, Target, configuration, signals_kept

SESSIONS = 5
LONG = {"c_long": 4_000, "d_long": 2_500, "e_long": 2_500}


@pytest.fixture
def account() -> Iterator[Simulator]:
    with bare_account() as account:
        yield account


@pytest.fixture
def others() -> set[Thread]:
    """What other tests left behind is none of this one's."""
    return fetching()


@pytest.fixture
def gateway(account: Simulator) -> Iterator[Gateway]:
    with Gateway(account) as gateway:
        yield gateway


def is_range(query: str) -> bool:
    """Whether a query asks for a page behind the first one of its table."""
    return "_long " in query and " > " in query and "ROW_NUMBER" not in query


def process(account: Simulator, gateway: Gateway, tables: Tables, folder: Path) -> TapProcess:
    """The tap as a process, to be entered."""
    config = configuration(account, base_url=gateway.base_url, tables=list(tables))
    return TapProcess(folder, config, catalog=catalog_of(tables), is_warm=True)


def check_that_nothing_is_left(
    gateway: Gateway, others: set[Thread], held: Held | None = None
) -> None:
    """Checks that all ends once NetSuite answers, and that nothing has been asked after the end."""
    at_the_end = len(gateway.queries)
    gateway.wait_until_quiet()  # What was on its way may not have come yet.
    asked = len(gateway.queries)
    assert asked <= at_the_end + SESSIONS
    if held:
        # What is in flight cannot be taken back; nothing else goes on.
        wait_until(lambda: len(fetching() - others) <= len(held.arrived))
        held.let_go()
    wait_until(lambda: not fetching() - others)
    wait_until(lambda: not connections_to(gateway.port))
    assert len(gateway.queries) == asked


# Of a process


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_run_that_reads_ahead_at_once_and_its_state_is_true(
    account: Simulator, gateway: Gateway, tmp_path: Path, how: signal.Signals
) -> None:
    tables = add_tables(account, {"b": 5} | LONG | small(3))
    held = gateway.hold(is_range)
    target = Target()
    with process(account, gateway, tables, tmp_path) as tap, ThreadPoolExecutor(1) as reader:
        read = reader.submit(lambda: list(tap.messages()))
        wait_until(lambda: len(held.arrived) == SESSIONS)
        tap.process.send_signal(how)
        for message in read.result(timeout=20):
            target.take(message)
        assert tap.process.wait(timeout=10) == 128 + how
        assert "Traceback" not in tap.log
    assert not held.is_over
    assert gateway.peak <= SESSIONS
    held.let_go()
    target.crash()
    assert {"b"} <= target.tables.keys() <= {"b", "c_long"}
    messages, code, log = run(account, gateway, tables, target.state)
    assert code == 0, log
    for message in messages:
        target.take(message)
    for name, kind in tables.items():
        assert len(target.tables[name]) == truth(account, name, kind).total(), name


def test_a_consumer_that_goes_away_ends_a_run_that_waits_for_netsuite(
    account: Simulator, gateway: Gateway, tmp_path: Path
) -> None:
    tables = add_tables(account, LONG)
    held = gateway.hold(is_range)
    with process(account, gateway, tables, tmp_path) as tap:
        assert tap.process.stdout
        next(tap.lines())
        tap.process.stdout.close()
        tap.process.stdout = None
        assert tap.process.wait(timeout=20) == 1
        assert "The messages cannot be written: Broken pipe." in tap.log
        assert "Traceback" not in tap.log
    assert not held.is_over


def test_a_test_ends_although_netsuite_does_not_answer_what_it_does_not_need(
    tmp_path: Path,
) -> None:
    with Simulator(1_200) as account, Gateway(account) as gateway:
        held = gateway.hold(lambda query: "FROM transaction t WHERE t.id > " in query)
        config = configuration(account, base_url=gateway.base_url, tables=["transaction"])
        with TapProcess(tmp_path, config, ("--test",), is_warm=True) as tap:
            assert list(tap.messages())
            assert tap.process.wait(timeout=20) == 0, tap.log
            assert "Traceback" not in tap.log
        assert not held.is_over


# Inside of a process that goes on


def test_a_test_reads_nothing_ahead(account: Simulator, gateway: Gateway) -> None:
    tables = add_tables(account, {"b": 5} | LONG)
    held = gateway.hold(is_of("b"))

    def release_later() -> None:
        with letting_go(held):
            gateway.wait_until(lambda: bool(held.arrived))
            gateway.wait_until_quiet()
            assert tables_of(gateway.queries) == ["door", "b"]

    with gateway.meanwhile(release_later), signals_kept():
        tap = tap_of(gateway, account, tables)
        assert tap.run_connection_test()
    wait_until(lambda: not gateway.in_flight)


def test_a_run_that_ends_well_leaves_nothing_behind(
    account: Simulator, gateway: Gateway, others: set[Thread]
) -> None:
    tables = add_tables(account, LONG | small(9))
    messages, code, log = run(account, gateway, tables)
    assert code == 0, log
    check_rows(account, tables, messages)
    check_that_nothing_is_left(gateway, others)


BROKEN_MAP = {"c_long": {"text_0": "int(text_0)"}}


def test_an_error_in_the_middle_leaves_nothing_behind(
    account: Simulator, gateway: Gateway, others: set[Thread]
) -> None:
    tables = add_tables(account, {"b": 5} | LONG | small(9))
    held = gateway.hold(is_range)
    first, code, log = run(account, gateway, tables, stream_maps=BROKEN_MAP)
    assert code == 1
    assert "stream map" in log
    check_that_nothing_is_left(gateway, others, held)
    messages, code, log = run(account, gateway, tables, last_state(first))
    assert code == 0, log
    check_rows(account, tables, [*first, *messages])


def test_a_login_that_is_refused_for_good_leaves_nothing_behind(
    account: Simulator, gateway: Gateway, others: set[Thread]
) -> None:
    tables = add_tables(account, {"b": 5} | LONG | small(9))
    refused = Fault(FaultKind.TOO_MANY_REQUESTS_AS_401, text="FROM d_long ", times=None)
    account.faults.add(refused)
    _, code, _ = run(account, gateway, tables)
    assert code == 1
    check_that_nothing_is_left(gateway, others)


def test_what_waits_to_ask_again_does_not_ask_once_the_run_has_ended(
    account: Simulator, gateway: Gateway, others: set[Thread]
) -> None:
    tables = add_tables(account, {"b": 5} | LONG)
    busy = Fault(FaultKind.TOO_MANY_REQUESTS, text="FROM d_long ", times=None, retry_after=300)
    account.faults.add(busy)
    held = gateway.hold(is_of("c_long"))

    def release_later() -> None:
        with letting_go(held):
            gateway.wait_until(lambda: bool(gateway.asked("d_long")))
            gateway.wait_until_quiet()

    with gateway.meanwhile(release_later):
        _, code, log = run(account, gateway, tables, stream_maps=BROKEN_MAP)
    assert code == 1
    assert "stream map" in log
    check_that_nothing_is_left(gateway, others)
    assert len(gateway.asked("d_long")) == 1
