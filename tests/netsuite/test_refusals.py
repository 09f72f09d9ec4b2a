"""Refused logins are remembered over runs, and nothing can be told from what is remembered."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tap_netsuite_tba.netsuite.account import Account, Credentials
from tap_netsuite_tba.netsuite.file_locks import LockFile
from tap_netsuite_tba.netsuite.refusals import (
    RefusedLogins,
    default_path,
    fingerprint,
    lock_beside,
)

ACCOUNT = Account.parse("1234567_SB1")
CREDENTIALS = Credentials("fake-key", "fake-secret", "fake-token", "fake-token-secret")
MARK = fingerprint(ACCOUNT, CREDENTIALS)


def at(path: Path, seconds: float) -> RefusedLogins:
    return RefusedLogins(path / "refused.json", now=lambda: seconds)


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    refused = RefusedLogins(tmp_path / "cache" / "refused.json")
    refused.remember(MARK)
    modes = [path.stat().st_mode & 0o777 for path in (refused.path, refused.path.parent)]
    assert modes == [0o600, 0o700]


def test_what_is_forgotten_is_tried_again_and_nothing_else(tmp_path: Path) -> None:
    refused = at(tmp_path, 1000)
    refused.remember(MARK)
    refused.remember("another")
    refused.forget(MARK)
    refused.forget("never remembered")
    assert refused.refused_at(MARK) is None
    assert refused.refused_at("another") == 1000


def test_for_half_an_hour_they_are_remembered(tmp_path: Path) -> None:
    assert at(tmp_path, 1000).remember(MARK) == 1000
    assert at(tmp_path, 2799).refused_at(MARK) == 1000
    assert at(tmp_path, 2801).refused_at(MARK) is None


def test_of_many_that_are_remembered_at_once_none_is_lost(tmp_path: Path) -> None:
    marks = [str(number) for number in range(40)]
    stores = [at(tmp_path, 1000) for _ in marks]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(RefusedLogins.remember, stores, marks))
    assert all(stores[0].refused_at(mark) == 1000 for mark in marks)


def test_a_change_waits_for_that_of_another_program(tmp_path: Path) -> None:
    refused = at(tmp_path, 1000)
    other = lock_beside(refused.path, refused.path.name)
    assert other.try_lock()
    with ThreadPoolExecutor(1) as threads:
        remembered = threads.submit(refused.remember, MARK)
        with pytest.raises(TimeoutError):
            remembered.result(timeout=0.1)
        refused.path.write_text('{"another": 999}')
        other.close()
    assert [refused.refused_at(mark) for mark in (MARK, "another")] == [1000, 999]


def test_it_goes_on_without_where_files_cannot_be_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: LockFile) -> bool:
        raise OSError("no locks available")

    monkeypatch.setattr(LockFile, "try_lock", fail)
    refused = at(tmp_path, 1000)
    refused.remember(MARK)
    assert refused.refused_at(MARK) == 1000


def test_nothing_is_written_to_forget_what_was_not_remembered(tmp_path: Path) -> None:
    refused = at(tmp_path, 1000)
    refused.forget(MARK)
    assert not refused.path.exists()


@dataclass(frozen=True)
class OtherCredentials:
    """Of another kind, with the same texts."""

    consumer_key: str = "fake-key"
    consumer_secret: str = "fake-secret"
    token_id: str = "fake-token"
    token_secret: str = "fake-token-secret"


def test_each_account_kind_of_credentials_and_text_has_a_mark_of_its_own() -> None:
    texts = {name: getattr(CREDENTIALS, name) for name in vars(CREDENTIALS)}
    others = [Credentials(**texts | {name: "another"}) for name in texts]
    marks = [MARK, fingerprint(ACCOUNT, OtherCredentials())]
    marks += [fingerprint(ACCOUNT, each) for each in others]
    elsewhere = (Account.parse("1234567"), Account.parse("1234567_SB1", "https://proxy.example"))
    marks += [fingerprint(account, CREDENTIALS) for account in elsewhere]
    assert len({*marks}) == len(marks)
    assert fingerprint(ACCOUNT, Credentials(**texts)) == MARK


def test_nothing_of_the_credentials_is_in_the_file(tmp_path: Path) -> None:
    refused = at(tmp_path, 1000)
    refused.remember(MARK)
    assert "fake" not in refused.path.read_text()
    assert "1234567" not in refused.path.read_text()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"a": "b"}'])
def test_a_file_that_cannot_be_read_is_said_and_is_no_obstacle(
    tmp_path: Path, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    refused = at(tmp_path, 1000)
    refused.path.write_text(content)
    assert refused.refused_at(MARK) is None
    assert "cannot be read" in caplog.text
    refused.remember(MARK)
    assert refused.refused_at(MARK) == 1000


def test_a_folder_that_cannot_be_written_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    RefusedLogins(tmp_path / "file" / "refused.json").remember(MARK)
    assert "cannot be remembered" in caplog.text


def test_the_file_lies_in_the_users_cache(cache_folder: Path) -> None:
    assert default_path() == cache_folder / "tap-netsuite-tba" / "refused-logins.json"
