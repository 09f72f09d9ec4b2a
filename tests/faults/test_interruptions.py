"""Kills, signals and restarts: no row that was there throughout is lost, none is left half told."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator
from tests.tap_process import TapProcess, Target, configuration, run_tap


def churn(account: Simulator, step: int) -> set[int]:
    """Edits rows, inserts some ahead of and behind the reader, deletes some; tells the deleted."""
    account.sql(
        "UPDATE transaction SET memo = ?, lastmodifieddate = now() AT TIME ZONE 'UTC' "
        "WHERE id % 11 = ?",
        [f"edited {step}", step % 11],
    )
    deleted = account.sql("DELETE FROM transaction WHERE id % 97 = ? RETURNING id", [step % 97])
    account.sql(
        "INSERT INTO transaction (id, tranid, type, lastmodifieddate) "
        "SELECT id + 1, 'new', type, now() AT TIME ZONE 'UTC' FROM transaction t "
        "WHERE id % 89 = ? AND NOT EXISTS (SELECT 1 FROM transaction o WHERE o.id = t.id + 1)",
        [step % 89],
    )
    return {key for (key,) in deleted}


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(transactions=30_000, latency=0.01) as account:
        yield account


def test_killed_twice_while_rows_change_every_stable_row_arrives_once_a_state(
    tmp_path: Path,
) -> None:
    with Simulator(transactions=45_000, latency=0.01) as account:
        _kill_twice(account, tmp_path)


def _kill_twice(account: Simulator, tmp_path: Path) -> None:
    at_start = {key for (key,) in account.sql("SELECT id FROM transaction")}
    target = Target()
    config = configuration(account)
    deleted: set[int] = set()
    resumed = 0
    for step, limit in enumerate([14_000, 13_000, None]):
        with TapProcess(tmp_path, config, state=target.state) as tap:
            for count, message in enumerate(tap.messages()):
                target.take(message)
                if count % 5_000 == 0:
                    deleted |= churn(account, step * 10 + count // 5_000)
                if limit is not None and count >= limit:
                    tap.process.kill()
                    break
            else:
                assert tap.process.wait(timeout=60) == 0, tap.log
        target.crash()
        assert target.state is not None
        resumed += target.state["bookmarks"]["transaction"]["pass"]["rows"] > 0
    committed = {key for (key,) in target.tables["transaction"]}
    assert len(deleted) > 100
    assert at_start - deleted <= committed
    read_again = sum(target.emitted["transaction"].values()) - len(target.emitted["transaction"])
    assert resumed == 2
    assert read_again <= 2 * 20 * 1000 < len(committed)
    assert target.state is not None
    assert target.state["bookmarks"]["transaction"]["pass"]["started"] is None
    assert account.counters.peak_in_flight <= 5


def test_an_incremental_run_after_an_edit_reads_the_edit_and_little_more() -> None:
    with Simulator(transactions=3_000) as account:
        _edit_one_row(account)


def _edit_one_row(account: Simulator) -> None:
    messages, code, log = run_tap(configuration(account, lookback_seconds=0))
    assert code == 0, log
    state = messages[-1]["value"]
    assert messages[-1]["type"] == "STATE"
    [(key,)] = account.sql("SELECT min(id) FROM transaction WHERE memo IS NULL")
    account.sql(
        "UPDATE transaction SET memo = 'late', "
        "lastmodifieddate = now() AT TIME ZONE 'UTC' WHERE id = ?",
        [key],
    )
    messages, code, log = run_tap(configuration(account, lookback_seconds=0), state=state)
    assert code == 0, log
    rows = [message["record"] for message in messages if message["type"] == "RECORD"]
    assert [row["memo"] for row in rows if row["id"] == key] == ["late"]
    assert len(rows) < 30
    value = messages[-1]["value"]["bookmarks"]["transaction"]["replication_key_value"]
    assert value >= state["bookmarks"]["transaction"]["replication_key_value"]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_with_whole_lines_a_true_state_and_its_exit_code(
    account: Simulator, tmp_path: Path, how: signal.Signals
) -> None:
    target = Target()
    with TapProcess(tmp_path, configuration(account)) as tap:
        for count, message in enumerate(tap.messages()):
            target.take(message)
            if count == 3_000:
                tap.process.send_signal(how)
        assert tap.process.wait(timeout=10) == 128 + how
        assert f"Stopped by {how.name}" in tap.log
    assert message["type"] == "STATE"
    under_way = message["value"]["bookmarks"]["transaction"]["pass"]
    committed = {key for (key,) in target.tables["transaction"]}
    [after] = under_way["after_key"]
    expected = {key for (key,) in account.sql("SELECT id FROM transaction WHERE id <= ?", [after])}
    assert expected <= committed


def test_a_signal_ends_a_run_whose_requests_all_stall(tmp_path: Path) -> None:
    target = Target()
    with Simulator(transactions=30_000) as account:
        account.faults.add(
            Fault(FaultKind.STALL, table="transaction", skip=9, times=None, seconds=60)
        )
        with TapProcess(tmp_path, configuration(account)) as tap:
            for message in tap.messages():
                target.take(message)
                if (
                    target.emitted.get("transaction")
                    and len(target.emitted["transaction"]) == 4_000
                ):
                    tap.process.send_signal(signal.SIGTERM)
            assert tap.process.wait(timeout=30) == 128 + signal.SIGTERM
        assert target.state is not None
        assert target.state["bookmarks"]["transaction"]["pass"]["rows"] >= 3_000


def test_a_full_refresh_that_is_killed_is_finished_by_the_next_run(
    account: Simulator, tmp_path: Path
) -> None:
    """Meltano merges the state of the killed refresh into the old one, key by key."""
    messages, code, log = run_tap(configuration(account))
    assert code == 0, log
    old = messages[-1]["value"]
    target = Target()
    with TapProcess(tmp_path, configuration(account)) as tap:
        for count, message in enumerate(tap.messages()):
            target.take(message)
            if count >= 15_000:
                tap.process.kill()
                break
    target.crash()
    assert target.state is not None
    refreshed = target.state["bookmarks"]["transaction"]
    merged = {
        "bookmarks": {
            "transaction": old["bookmarks"]["transaction"]
            | {key: value for key, value in refreshed.items() if value is not None}
        }
    }
    messages, code, log = run_tap(configuration(account), state=merged)
    assert code == 0, log
    for message in messages:
        target.take(message)
    everything = {key for (key,) in account.sql("SELECT id FROM transaction")}
    assert {key for (key,) in target.tables["transaction"]} >= everything
    assert target.state["bookmarks"]["transaction"]["pass"]["started"] is None


def test_a_loader_that_dies_is_a_sentence_and_no_traceback(
    account: Simulator, tmp_path: Path
) -> None:
    with TapProcess(tmp_path, configuration(account)) as tap:
        assert tap.process.stdout
        next(tap.lines())
        tap.process.stdout.close()
        assert tap.process.wait(timeout=60) == 1
        assert "The messages cannot be written: Broken pipe." in tap.log
        assert "Traceback" not in tap.log
        tap.process.stdout = None
