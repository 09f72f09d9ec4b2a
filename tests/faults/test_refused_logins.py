"""What a refused login costs over runs: five in a row lock the user out."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tap_netsuite_tba.simulator import AuditReason, Simulator
from tests.contract.tables import Tables, add_tables, bare_account, catalog_of, check_rows, small
from tests.tap_process import CONFIGURED, TapProcess, configuration, run_tap

WRONG = {"tba": {"token_secret": "wrong-and-fake"}, "oauth2": {"certificate_id": "of-no-one"}}
RUNS = 3
"""As often as schedulers run again what failed."""


def refusals(account: Simulator) -> int:
    return sum(account.counters.refused_logins.values())


@pytest.mark.parametrize("method", CONFIGURED)
def test_wrong_credentials_cost_two_refused_logins_however_often_they_run(method: str) -> None:
    with bare_account() as account:
        tables = add_tables(account, small(5))
        config = CONFIGURED[method](account, tables=list(tables))
        logs = []
        for _ in range(RUNS):
            messages, code, log = run_tap(config | WRONG[method], catalog=catalog_of(tables))
            assert code == 1
            assert {message["type"] for message in messages} <= {"SCHEMA", "STATE"}
            logs.append(log)
        assert refusals(account) == 2
        assert "netsuite-tba check" in logs[-1]
        messages, code, log = run_tap(config, catalog=catalog_of(tables))
        assert code == 0, log
        check_rows(account, tables, messages)


def six_at_once(folder: Path, config: Mapping[str, Any], tables: Tables) -> list[int]:
    """The exit codes of six runs of the command."""
    with ExitStack() as taps:
        started = []
        for number in range(6):
            (own := folder / str(number)).mkdir()
            tap = TapProcess(own, config, catalog=catalog_of(tables), is_warm=True)
            started.append(taps.enter_context(tap))
        with ThreadPoolExecutor(6) as threads:
            list(threads.map(lambda tap: list(tap.messages()), started))
        return [tap.process.wait(timeout=60) for tap in started]


@pytest.mark.parametrize("method", CONFIGURED)
def test_six_runs_at_once_with_wrong_credentials_cost_two_refused_logins_together(
    tmp_path: Path, method: str
) -> None:
    with bare_account() as account:
        tables = add_tables(account, small(5))
        config = CONFIGURED[method](account, tables=list(tables)) | WRONG[method]
        assert six_at_once(tmp_path, config, tables) == [1] * 6
        assert refusals(account) == 2


def test_six_runs_at_once_on_a_host_that_is_minutes_off_are_never_refused_in_a_row(
    tmp_path: Path,
) -> None:
    with bare_account() as account:
        tables = add_tables(account, small(5))
        account.clock.advance(-60 * 12)
        before = [0]
        account.watchers.append(lambda _: before.append(refusals(account)))
        config = configuration(account, tables=list(tables))
        assert six_at_once(tmp_path, config, tables) == [0] * 6
        assert account.counters.refused_logins == {AuditReason.INVALID_TIMESTAMP: 6}
        assert all(later <= earlier + 1 for earlier, later in pairwise(before))


def test_a_token_revoked_in_the_middle_of_a_run_costs_those_in_flight_and_one_more() -> None:
    with Simulator(company=False, latency=0.05) as account:
        tables = add_tables(account, {"a_long": 30_000})

        def revoke(_: object) -> None:
            account.logins.token_revoked = account.counters.requests > 12

        account.watchers.append(revoke)
        _, code, log = run(account, tables)
        assert code == 1
        assert "NetSuite refused the login" in log
        assert 2 <= refusals(account) <= 5 + 1


@pytest.mark.parametrize("minutes", [-12, 12])
def test_a_host_that_is_minutes_off_reads_all_after_one_refused_login_a_run(minutes: int) -> None:
    with bare_account() as account:
        tables = add_tables(account, small(5))
        account.clock.advance(-60 * minutes)
        for number in range(1, RUNS):
            messages, code, log = run(account, tables)
            assert code == 0, log
            check_rows(account, tables, messages)
            assert f"This machine's clock is {abs(minutes)}.0 minutes" in log
            assert account.counters.refused_logins == {AuditReason.INVALID_TIMESTAMP: number}


def run(account: Simulator, tables: Mapping[str, Any]) -> tuple[list[dict[str, Any]], int, str]:
    config = configuration(account, tables=list(tables))
    return run_tap(config, catalog=catalog_of(tables))
