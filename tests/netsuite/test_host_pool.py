"""Which sessions a process has: those of its host, or its own."""

import logging
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tap_netsuite_tba.netsuite.account import Account
from tap_netsuite_tba.netsuite.host_pool import session_pool, slots_folder
from tap_netsuite_tba.netsuite.private_folder import runtime_folder
from tap_netsuite_tba.netsuite.sessions import SessionPool

ACCOUNT = Account.parse("1234567_SB1")


def pool(account: Account = ACCOUNT, *, is_shared: bool = True) -> SessionPool:
    return session_pool(account, 2, is_shared=is_shared, longest_wait=0)


def test_programs_of_one_account_share_its_slots(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    first, second = pool(), pool(Account.parse("1234567-sb1", "https://proxy.example.com"))
    assert first.shared_in == second.shared_in == runtime_folder() / "1234567_SB1"
    with first.session(), second.session():
        assert len(second.holders()) == 1
    assert caplog.messages[0] == (
        "At most 2 requests at once, together with the other programs of this user on this host "
        f"(session_pool: host, in {first.shared_in})."
    )
    first.close()
    second.close()


def test_a_process_may_keep_to_itself(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    first, second = pool(is_shared=False), pool(is_shared=False)
    with first.session(), first.session(), second.session(), second.session():
        assert first.shared_in is None
    assert (
        caplog.messages
        == ["At most 2 requests at once by this process (session_pool: process)."] * 2
    )
    assert not runtime_folder().exists()


@pytest.mark.parametrize(
    ("account_id", "base_url", "name"),
    [
        ("1234567", None, "1234567"),
        ("1234567-rp", "https://proxy.example.com:8443/netsuite", "1234567_RP"),
        ("1234567", "http://127.0.0.1:8081", "1234567@8081"),
        ("1234567", "http://localhost:8082/", "1234567@8082"),
        ("1234567", "https://localhost", "1234567@443"),
    ],
)
def test_each_account_has_slots_of_its_own(
    account_id: str, base_url: str | None, name: str
) -> None:
    assert slots_folder(Account.parse(account_id, base_url)).name == name


def in_a_file(folder: Path) -> Path:
    (folder / "file").touch()
    return folder / "file"


def open_to_others(folder: Path) -> Path:
    runtime_folder().mkdir()
    runtime_folder().chmod(0o755)
    return folder


@pytest.mark.parametrize("make", [in_a_file, open_to_others])
def test_without_a_folder_to_share_a_process_goes_on_alone_and_says_so_once(
    make: Callable[[Path], Path],
    temporary_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(make(temporary_folder)))
    alone = pool()
    with alone.session():
        assert alone.shared_in is None
    (said,) = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
    assert said.startswith(
        "The slots of requests cannot be shared with other programs of this host"
    )
    assert str(runtime_folder()) in said
    assert "session_pool: process" in said


def test_what_simulators_left_days_ago_is_swept() -> None:
    old = [runtime_folder() / name for name in ("1234567@8081", "1234567")]
    for folder in old:
        folder.mkdir(parents=True, mode=0o700)
        os.utime(folder, times=(0, time.time() - 48 * 3600))
    runtime_folder().chmod(0o700)
    pool().close()
    assert [folder.exists() for folder in old] == [False, True]
