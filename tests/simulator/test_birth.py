import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tap_netsuite_tba.simulator.birth import remembered_birth, state_directory


@pytest.fixture(name="home")
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NETSUITE_TBA_DEMO_HOME", str(tmp_path / "demo"))
    return tmp_path / "demo"


def test_the_first_start_is_remembered(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    born = remembered_birth()
    assert born.second == born.microsecond == 0
    assert born.utcoffset() == timedelta()
    earlier = born - timedelta(days=3)
    (home / "demo.json").write_text(json.dumps({"born": earlier.isoformat()}), encoding="utf-8")
    assert remembered_birth() == earlier
    assert not caplog.records


@pytest.mark.parametrize(
    "content",
    ["", "{}", "[]", '{"born": 5}', '{"born": "2026-01-01"}', '{"born": "2999-01-01T00:00:00Z"}'],
)
def test_a_birth_that_cannot_be_true_is_said(
    home: Path, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    home.mkdir()
    (home / "demo.json").write_text(content, encoding="utf-8")
    now = datetime.now(UTC)
    assert now - timedelta(minutes=2) < remembered_birth() <= datetime.now(UTC)
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert "cannot be remembered" in record.getMessage()


def test_an_unwritable_directory_is_said(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    home.write_text("a file where the directory should be", encoding="utf-8")
    assert remembered_birth() <= datetime.now(UTC)
    assert "NETSUITE_TBA_DEMO_HOME" in caplog.text


def test_where_it_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NETSUITE_TBA_DEMO_HOME", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert state_directory() == tmp_path / "tap-netsuite-tba"
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert state_directory() == tmp_path / ".local" / "state" / "tap-netsuite-tba"
