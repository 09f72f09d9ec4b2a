"""Files that one process at a time may lock."""

import stat
from pathlib import Path

import portalocker
import pytest

from tap_netsuite_tba.netsuite.file_locks import LockFile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "run").mkdir(mode=0o700)
    (tmp_path / "run" / "account").mkdir(mode=0o700)
    return tmp_path / "run" / "account" / "slot-1"


def test_one_at_a_time_locks_it(path: Path) -> None:
    first, second = LockFile(path), LockFile(path)
    assert first.try_lock()
    assert not second.try_lock()
    first.unlock()
    assert second.try_lock()
    assert not first.try_lock()
    second.close()
    assert first.try_lock()


def test_it_is_for_its_owner_alone(path: Path) -> None:
    assert LockFile(path).try_lock()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_says_what_was_written_last_to_whoever_looks(path: Path) -> None:
    first, second = LockFile(path), LockFile(path)
    first.write(b"a long one")
    first.write(b"another   ")
    assert second.read(7) == b"another"


def test_what_was_removed_is_made_anew(path: Path) -> None:
    first, second = LockFile(path), LockFile(path)
    assert first.try_lock()
    first.unlock()
    path.unlink()
    path.parent.rmdir()
    assert second.try_lock()
    assert not first.try_lock()
    second.unlock()
    assert first.try_lock()


def test_it_is_no_link(path: Path, tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("precious")
    path.symlink_to(tmp_path / "victim")
    with pytest.raises(OSError, match="symbolic links"):
        LockFile(path).try_lock()


def test_a_file_system_without_locks_is_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise portalocker.LockException(OSError(95, "Operation not supported"))

    monkeypatch.setattr(portalocker, "lock", fail)
    with pytest.raises(OSError, match=r"cannot be locked: .*not supported"):
        LockFile(path).try_lock()


def test_to_unlock_or_close_what_was_never_opened_does_nothing(path: Path) -> None:
    file = LockFile(path)
    file.unlock()
    file.close()
    assert not path.exists()
