"""The command as a person or a scheduler runs it: sentences, exit codes and processes."""

import json
import os
import select
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator
from tests.tap_process import TAP, TapProcess, Target, configuration, run_command


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    with Simulator(transactions=1_200) as account:
        yield account


@pytest.fixture
def account() -> Iterator[Simulator]:
    with Simulator(transactions=1_200) as account:
        yield account


def test_a_signal_before_the_state_is_loaded_writes_none(
    account: Simulator, tmp_path: Path
) -> None:
    account.faults.add(Fault(FaultKind.STALL, times=None, seconds=60))
    state = {"bookmarks": {"transaction": {"replication_key_value": "2026-01-01T00:00:00Z"}}}
    with TapProcess(tmp_path, configuration(account), state=state, is_warm=True) as tap:
        while not account.counters.requests:
            assert tap.process.poll() is None
        tap.process.send_signal(signal.SIGTERM)
        assert list(tap.lines()) == []
        assert tap.process.wait(timeout=30) == 128 + signal.SIGTERM


def test_two_processes_discover_the_same_bytes(
    shared: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = ["custom*", "item*", "map_*", "transaction*"]
    config = configuration(shared, tables=tables, discovery_cache_seconds=0, max_sessions=2)
    with ExitStack() as both:
        taps = []
        for seed in ("1", "2"):  # of the order in which Python keeps a set
            monkeypatch.setenv("PYTHONHASHSEED", seed)
            (folder := tmp_path / seed).mkdir()
            taps.append(both.enter_context(TapProcess(folder, config, ("--discover",))))
        one, two = ("".join(tap.lines()) for tap in taps)
        assert [tap.process.wait(timeout=60) for tap in taps] == [0, 0], taps[0].log
    assert one == two
    assert '"map_' in one


def test_a_setting_that_does_not_exist_is_said(shared: Simulator, tmp_path: Path) -> None:
    config = configuration(shared, tables=["department"], max_session=3)
    _, code, log = run_command(tmp_path, config)
    assert code == 0
    assert "There is no setting max_session, it is ignored; did you mean max_sessions?" in log


def test_a_wrong_secret_costs_two_logins_and_explains_itself(
    account: Simulator, tmp_path: Path
) -> None:
    config = configuration(account, token_secret="wrong-and-not-a-secret", tables=["*"])
    _, code, log = run_command(tmp_path, config)
    assert code == 1
    assert sum(account.counters.refused_logins.values()) == 2
    assert "Login Audit Trail" in log
    assert "wrong-and-not-a-secret" not in log
    assert "Traceback" not in log


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"max_sessions": 9}, "max_sessions: 9 is greater than the maximum of 5"),
        ({"account_id": "evil.example.com/"}, "account_id"),
        ({"base_url": "http://example.com"}, "base_url"),
        ({"demo": True}, "demo is true and account_id"),
        ({"tables": ["transactoin"]}, "Tables with names like it: transaction"),
        ({"tables": ["transactoin*"]}, "near it: transaction"),
        ({"start_date": "yesterday"}, "start_date is no date"),
    ],
)
def test_a_bad_setting_is_one_sentence(
    shared: Simulator, tmp_path: Path, settings: dict[str, Any], sentence: str
) -> None:
    messages, code, log = run_command(tmp_path, configuration(shared) | settings)
    assert code == 1
    assert messages == []
    assert sentence in log
    assert "Traceback" not in log


@pytest.mark.parametrize("name", ["state", "catalog"])
@pytest.mark.parametrize("content", ["{", "[]"])
def test_a_malformed_file_is_one_sentence(
    shared: Simulator, tmp_path: Path, name: str, content: str
) -> None:
    path = tmp_path / "given.json"
    path.write_text(content)
    messages, code, log = run_command(tmp_path, configuration(shared), f"--{name}", str(path))
    assert code == 1
    assert messages == []
    assert f"The {name} in {path}" in log
    assert "Traceback" not in log


@pytest.mark.parametrize(
    ("catalog", "sentence"),
    [
        ({"streams": []}, "has no streams"),
        ({"streams": 5}, "is not as --discover writes it"),
        ({"streams": [{"tap_stream_id": "x", "schema": 5}]}, "is not as --discover writes it"),
        (
            {"streams": [{"tap_stream_id": "x", "stream": "x", "schema": {}, "metadata": []}]},
            "The catalog's stream x has no columns; discover a new catalog",
        ),
        (
            {"streams": [{"tap_stream_id": n, "stream": "x", "schema": {}} for n in ("x", "y")]},
            "The catalog's stream x is in it twice; discover a new catalog",
        ),
    ],
)
def test_a_catalog_of_another_shape_is_one_sentence(
    shared: Simulator, tmp_path: Path, catalog: dict[str, Any], sentence: str
) -> None:
    messages, code, log = run_command(tmp_path, configuration(shared), catalog=catalog)
    assert code == 1
    assert messages == []
    assert sentence in log
    assert "Traceback" not in log


def test_test_mode_says_what_is_missing_in_a_sentence(tmp_path: Path) -> None:
    _, code, log = run_command(tmp_path, {"account_id": "1234567"}, "--test")
    assert code == 1
    assert "consumer_key, consumer_secret, token_id, token_secret missing" in log
    assert "Traceback" not in log


def test_test_mode_tells_success_and_failure(account: Simulator, tmp_path: Path) -> None:
    config = configuration(account, tables=["department"])
    _, code, log = run_command(tmp_path, config, "--test")
    assert code == 0, log
    assert "rror" not in log
    account.sql("ALTER TABLE department ALTER COLUMN parent TYPE VARCHAR")
    account.sql("UPDATE department SET parent = 'R-17'")
    _, code, log = run_command(tmp_path, config, "--test")
    assert code == 1
    assert "R-17" not in log
    assert "department" in log


def test_the_demo_needs_no_credentials_and_its_process_ends_with_the_tap(tmp_path: Path) -> None:
    config = {"demo": True, "tables": ["transaction"]}
    environment = os.environ | {"NETSUITE_TBA_DEMO_HOME": str(tmp_path)}
    path = tmp_path / "config.json"
    path.write_text(json.dumps(config))
    with subprocess.Popen(
        [*TAP, "--config", str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    ) as process:
        assert process.stdout
        target = Target()
        for message in map(json.loads, process.stdout):
            target.take(message)
            if sum(target.emitted.get("transaction", {}).values()) == 1_500:
                break
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        [demo] = children.read_text().split() if children.exists() else [""]
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert _ends(int(demo)) if demo else True


def _ends(pid: int) -> bool:
    """Waits for a process that is not our child; true once it is gone."""
    descriptor = os.pidfd_open(pid) if Path(f"/proc/{pid}").exists() else None
    if descriptor is None:
        return True
    ready, _, _ = select.select([descriptor], [], [], 30)
    os.close(descriptor)
    return bool(ready)
