import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tap_netsuite_tba.simulator.process import DemoAccount, DemoError

PARENT = """
import sys
from tap_netsuite_tba.simulator.process import DemoAccount
account = DemoAccount()
print(account.start().base_url, flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETSUITE_TBA_DEMO_HOME", str(tmp_path))


def test_importing_it_needs_no_extra() -> None:
    code = (
        "import sys, tap_netsuite_tba.simulator.process;"
        "sys.exit(bool({'duckdb', 'sqlglot'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_demo_account_answers_and_ends(tmp_path: Path) -> None:
    with DemoAccount() as connection:
        assert json.loads((tmp_path / "demo.json").read_text(encoding="utf-8"))["born"]
        assert connection.consumer_secret not in repr(connection)
        assert requests.get(f"{connection.base_url}/services", timeout=30).status_code == 401
    assert is_gone(connection.base_url)


def test_it_ends_when_its_parent_is_killed() -> None:
    parent = subprocess.Popen(  # our own interpreter
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdin is not None
    assert parent.stdout is not None
    base_url = parent.stdout.readline().strip()
    assert requests.get(f"{base_url}/services", timeout=30).status_code == 401
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    # The demo's process wrote its one line to a pipe of the parent, so nothing tells its end but
    # its port.
    assert is_gone(base_url)
    parent.stdin.close()
    parent.stdout.close()


def test_it_says_nothing_when_who_started_it_does_not_wait() -> None:
    program = [sys.executable, "-m", "tap_netsuite_tba.simulator.demo", "2026-01-01T00:00:00+00:00"]
    demo = subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert demo.stdout is not None
    demo.stdout.close()
    demo.stdout = None
    _, said = demo.communicate()
    assert (demo.returncode, said) == (0, b"")


def test_a_process_that_does_not_start_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(DemoError, match="ended before it was ready"):
        DemoAccount().start()


def test_a_missing_extra_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util as u; find = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'duckdb' else find(name, *a)\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(DemoError, match=r"needs duckdb.*tap-netsuite-tba\[simulator\]"):
        DemoAccount().start()


def is_gone(base_url: str) -> bool:
    """Wait until nothing listens at an address; a test's time limit is its end."""
    while True:
        try:
            requests.get(base_url, timeout=30)
        except requests.ConnectionError:
            return True
