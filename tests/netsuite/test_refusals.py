"""Refused logins are remembered over runs, and nothing can be told from what is remembered."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tap_netsuite_tba.netsuite.account import Account, Credentials
from tap_netsuite_tba.netsuite.errors import LoginRefused, QueryRefused
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.netsuite.refusals import (
    Heard,
    RefusedLogins,
    default_path,
    fingerprint,
    guarded,
)

QUERY = Query("SELECT t.id FROM customer t", table="customer")
ACCOUNT = Account.parse("1234567_SB1")
CREDENTIALS = Credentials("fake-key", "fake-secret", "fake-token", "fake-token-secret")
MARK = fingerprint(ACCOUNT, CREDENTIALS)


class Door:
    """An account that refuses or lets in, and counts who knocks."""

    def __init__(self, *, opens: bool) -> None:
        self.opens = opens
        self.knocks = 0

    def fetch(self, query: Query) -> Page:
        self.knocks += 1
        if not self.opens:
            raise LoginRefused("Invalid login attempt.", table=query.table)
        return Page(b"[]", 0, False, 0, datetime.now(UTC))  # noqa: FBT003 - no more rows


def at(path: Path, seconds: float) -> RefusedLogins:
    return RefusedLogins(path / "refused.json", now=lambda: seconds)


def test_refused_credentials_are_not_tried_again_in_the_next_run(tmp_path: Path) -> None:
    door = Door(opens=False)
    with pytest.raises(LoginRefused):
        guarded(door.fetch, at(tmp_path, 1000), MARK)(QUERY)
    with pytest.raises(LoginRefused, match=r"at 00:16 UTC.*before 00:46 UTC.*netsuite-tba check"):
        guarded(door.fetch, at(tmp_path, 2000), MARK)(QUERY)
    assert door.knocks == 1


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


def test_nothing_is_written_to_forget_what_was_not_remembered(tmp_path: Path) -> None:
    refused = at(tmp_path, 1000)
    refused.forget(MARK)
    assert not refused.path.exists()


def test_after_half_an_hour_they_are_tried_again(tmp_path: Path) -> None:
    at(tmp_path, 1000).remember(MARK)
    door = Door(opens=True)
    guarded(door.fetch, at(tmp_path, 2801), MARK)(QUERY)
    assert door.knocks == 1


def test_other_credentials_are_tried_at_once(tmp_path: Path) -> None:
    at(tmp_path, 1000).remember(MARK)
    mended = Credentials("fake-key", "fake-secret", "fake-token", "another-fake")
    door = Door(opens=True)
    guarded(door.fetch, at(tmp_path, 1001), fingerprint(ACCOUNT, mended))(QUERY)
    assert door.knocks == 1


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


def test_a_refusal_after_a_success_is_not_remembered(tmp_path: Path) -> None:
    door, refused = Door(opens=True), at(tmp_path, 1000)
    fetch = guarded(door.fetch, refused, MARK)
    fetch(QUERY)
    door.opens = False
    with pytest.raises(LoginRefused):
        fetch(QUERY)
    assert refused.refused_at(MARK) is None


def test_nor_is_one_after_a_success_of_another_way(tmp_path: Path) -> None:
    refused, heard = at(tmp_path, 1000), Heard()
    guarded(Door(opens=True).fetch, refused, MARK, heard)(QUERY)
    with pytest.raises(LoginRefused):
        guarded(Door(opens=False).fetch, refused, MARK, heard)(QUERY)
    assert refused.refused_at(MARK) is None


def test_the_first_answer_is_announced(tmp_path: Path) -> None:
    heard = Heard()
    with pytest.raises(LoginRefused):
        guarded(Door(opens=False).fetch, at(tmp_path, 1000), MARK, heard)(QUERY)
    assert not heard.first_answer.is_set()
    guarded(Door(opens=True).fetch, at(tmp_path, 1000), MARK, heard)(QUERY)
    assert heard.first_answer.is_set()


def test_a_query_that_is_refused_shows_that_the_credentials_are_good(tmp_path: Path) -> None:
    def refuse(query: Query) -> Page:
        raise QueryRefused("No.", code="INVALID_PARAMETER", table=query.table)

    refused, heard = at(tmp_path, 1000), Heard()
    with pytest.raises(QueryRefused):
        guarded(refuse, refused, MARK, heard)(QUERY)
    assert heard.first_answer.is_set()
    with pytest.raises(LoginRefused):
        guarded(Door(opens=False).fetch, refused, MARK, heard)(QUERY)
    assert refused.refused_at(MARK) is None


def test_what_this_run_was_told_is_said_by_it_in_the_same_words_again(tmp_path: Path) -> None:
    refused, heard = at(tmp_path, 1000), Heard()
    for _ in range(2):
        with pytest.raises(LoginRefused, match="Invalid login attempt"):
            guarded(Door(opens=False).fetch, refused, MARK, heard)(QUERY)


def test_whoever_hears_of_a_refusal_has_remembered_it(tmp_path: Path) -> None:
    refused, heard = at(tmp_path, 1000), Heard(refused=True)  # Another thread is about to write it.
    with pytest.raises(LoginRefused):
        guarded(Door(opens=False).fetch, refused, MARK, heard)(QUERY)
    assert refused.refused_at(MARK) == 1000
