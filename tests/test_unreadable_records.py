"""Records that NetSuite refuses: the rest goes on, and each of them is told of."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tap_netsuite_tba import plain_stream, record_stream, refused_records
from tap_netsuite_tba.extraction import documents
from tap_netsuite_tba.netsuite.errors import QueryRefused
from tap_netsuite_tba.simulator import Simulator
from tests.catalogs import Message, catalog_of, last_state, metadata_of, rows_of, states_of
from tests.tap_process import TapProcess, run_tap

from .test_record_streams import SMALL_PIECES, STREAM, config_of, edit, ids

UNREADABLE = "unreadable_record"


@pytest.fixture(scope="module")
def home() -> Iterator[Simulator]:
    with Simulator(transactions=100) as account:
        yield account


@pytest.fixture(autouse=True)
def _all_is_said(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")


@pytest.fixture
def account(home: Simulator) -> Iterator[Simulator]:
    """All of its records can be read, but for those that a test locks."""
    yield home
    home.records.refuse_language(refused=False)
    for record_type, table in (("salesorder", "transaction"), ("subsidiary", "subsidiary")):
        home.records.release(record_type)
        home.records.release(record_type, *ids(home, table, "TRUE"))


def unread_of(messages: list[Message]) -> dict[int, Any]:
    return {row["id"]: row for row in rows_of(messages, UNREADABLE)}


def read_of(messages: list[Message]) -> list[int]:
    return [row["id"] for row in rows_of(messages, STREAM)]


def test_a_locked_record_in_the_middle_is_told_of_and_the_rest_goes_on(account: Simulator) -> None:
    orders = ids(account)
    locked = orders[len(orders) // 2]
    account.records.lock("salesorder", locked)
    messages, code, log = run_tap(config_of(account))
    assert code == 0, log
    assert read_of(messages) == [key for key in orders if key != locked]
    [row] = rows_of(messages, UNREADABLE)
    assert (row["type"], row["id"], row["status"]) == ("salesorder", locked, 400)
    assert row["code"] == "USER_ERROR"
    assert "locked" in row["detail"]
    assert row["refused_at"].endswith("Z")
    [told] = [m for m in messages if m["type"] == "RECORD" and m["stream"] == UNREADABLE]
    assert told["time_extracted"].startswith(row["refused_at"].removesuffix("Z"))
    assert states_of(messages, STREAM)[-1]["count"] == len(orders)


def test_their_schema_goes_out_once_before_them(
    account: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "PIECE", 5)
    orders = ids(account)
    account.records.lock("salesorder", orders[0], orders[-1])
    messages, _, _ = run_tap(config_of(account))
    told = [m for m in messages if m.get("stream") == UNREADABLE]
    assert [m["type"] for m in told] == ["SCHEMA", "RECORD", "RECORD"]
    assert told[0]["key_properties"] == ["type", "id"]
    assert told[0]["bookmark_properties"] == ["refused_at"]


def test_the_summary_has_documents_as_rows_and_tells_at_the_end_why_others_are_none(
    account: Simulator,
) -> None:
    orders = ids(account)
    account.records.lock("salesorder", *orders[:7])
    account.records.reserve("salesorder", orders[7])
    _, _, log = run_tap(config_of(account))
    [line] = [line for line in log.splitlines() if line.endswith("8 unreadable")]
    assert line.split()[:2] == [STREAM, str(len(orders) - 8)]
    [warning] = [line for line in log.splitlines() if "could not be read" in line]
    assert "7: 400 USER_ERROR. The record is locked" in warning
    assert "1: 400 USER_ERROR. The record is an administrator's" in warning
    said = [line for line in log.splitlines() if " cannot be read: " in line]
    assert len(said) == 5


def test_rows_of_refused_records_come_before_the_state_that_passes_them(
    account: Simulator, tmp_path: Path
) -> None:
    """Also if the run ends right after that."""
    orders = ids(account)
    account.records.lock("salesorder", *orders[3:6])
    seen: list[Message] = []
    with TapProcess(tmp_path, config_of(account), prelude=SMALL_PIECES, is_warm=True) as tap:
        for message in tap.messages():
            seen.append(message)
            state = message["type"] == "STATE" and states_of([message], STREAM)
            if state and (state[-1]["pass"]["after_key"] or [0]) >= [orders[5]]:
                tap.process.kill()
                break
    assert set(unread_of(seen)) == set(orders[3:6])
    assert states_of(seen, STREAM)[-1]["pass"]["unread"] == 3
    rest, code, log = run_tap(config_of(account), state=last_state(seen))
    assert code == 0, log
    assert not rows_of(rest, UNREADABLE)
    assert {*read_of(seen), *read_of(rest)} == set(orders) - set(orders[3:6])


def test_they_are_read_again_when_they_change(account: Simulator) -> None:
    *_, locked = ids(account)
    config = config_of(account, lookback_seconds=0)
    account.records.lock("salesorder", locked)
    messages, _, _ = run_tap(config)
    assert set(unread_of(messages)) == {locked}
    account.records.release("salesorder", locked)
    edit(account, locked)
    again, _, _ = run_tap(config, state=last_state(messages))
    assert locked in read_of(again)
    assert not rows_of(again, UNREADABLE)


def test_deselected_they_are_counted_and_are_no_rows(account: Simulator) -> None:
    account.records.lock("salesorder", *ids(account)[:2])
    config = config_of(account)
    catalog = catalog_of(config)
    metadata_of(catalog, UNREADABLE)["selected"] = False
    messages, code, log = run_tap(config, catalog=catalog)
    assert code == 0
    assert UNREADABLE not in {message.get("stream") for message in messages}
    assert "2 unreadable" in log
    assert f"{UNREADABLE}, but they are deselected" in log


def test_they_pass_stream_maps_and_lose_what_is_deselected(account: Simulator) -> None:
    locked = ids(account)[0]
    account.records.lock("salesorder", locked)
    maps = {UNREADABLE: {"__alias__": "refused", "id": "id", "why": "detail.upper()"}}
    messages, _, _ = run_tap(config_of(account, stream_maps=maps))
    [row] = rows_of(messages, "refused")
    assert row["id"] == locked
    assert "LOCKED" in row["why"]
    catalog = catalog_of(config_of(account))
    metadata_of(catalog, UNREADABLE, "properties", "detail")["selected"] = False
    messages, _, _ = run_tap(config_of(account), catalog=catalog)
    [row] = rows_of(messages, UNREADABLE)
    assert "detail" not in row


def test_a_type_that_is_forbidden_fails_after_its_first_records(
    account: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "PIECE", 5)
    monkeypatch.setattr(refused_records, "FIRST_RECORDS", 5)
    config = config_of(account)
    catalog = catalog_of(config)
    account.records.forbid("salesorder")
    messages, code, log = run_tap(config, catalog=catalog)
    assert code == 1
    assert not read_of(messages)
    assert "Edit" in log
    assert "cannot be read" in log
    assert len(unread_of(messages)) == 5
    [state] = states_of(messages, STREAM)[-1:]
    assert state["replication_key_value"] is None
    account.records.release("salesorder")
    again, code, _ = run_tap(config, state=last_state(messages), catalog=catalog)
    assert code == 0
    assert read_of(again) == ids(account)


def test_a_type_of_which_most_records_are_locked_fails_at_its_end(account: Simulator) -> None:
    orders = ids(account)
    most = orders[: len(orders) // 2 + 1]
    account.records.lock("salesorder", *most)
    messages, code, log = run_tap(config_of(account))
    assert code == 1
    assert read_of(messages) == orders[len(most) :]
    assert set(unread_of(messages)) == set(most)
    assert f"{len(most)} of {len(orders)} records of {STREAM} cannot be read" in log
    assert "workflow" in log
    assert "FAILED" in log


def test_half_of_a_type_is_no_failure(account: Simulator) -> None:
    orders = ids(account)
    account.records.lock("salesorder", *orders[: len(orders) // 2])
    _, code, _ = run_tap(config_of(account))
    assert code == 0


def test_of_a_few_changed_records_all_may_be_refused(account: Simulator) -> None:
    *_, one, two = ids(account)
    config = config_of(account, lookback_seconds=0)
    messages, _, _ = run_tap(config)
    account.records.lock("salesorder", one, two)
    edit(account, one)
    edit(account, two)
    again, code, _ = run_tap(config, state=last_state(messages))
    assert code == 0
    assert {one, two} <= set(unread_of(again))


def test_a_whole_reading_with_a_refused_record_lets_go_of_none(account: Simulator) -> None:
    """A target would take what it has of the refused one for gone."""
    first = ids(account, "subsidiary", "TRUE")[0]
    account.records.lock("subsidiary", first)
    messages, code, log = run_tap(config_of(account, "subsidiary"))
    assert code == 0
    assert not [m for m in messages if m["type"] == "ACTIVATE_VERSION"]
    assert "not told which records of record_subsidiary are gone" in log


def test_a_record_that_is_deleted_while_others_are_read_hinders_no_whole_reading(
    account: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = config_of(account, "subsidiary")
    catalog = catalog_of(config)
    *kept, gone = ids(account, "subsidiary", "TRUE")
    check = account.records.check

    def check_too_late(record_type: str, record_id: str) -> None:
        if record_id == str(gone):
            account.sql("UPDATE subsidiary SET id = -id WHERE id = ?", [gone])
        check(record_type, record_id)

    monkeypatch.setattr(account.records, "check", check_too_late)
    try:
        messages, code, log = run_tap(config, catalog=catalog)
    finally:
        account.sql("UPDATE subsidiary SET id = -id WHERE id = ?", [-gone])
    assert code == 0, log
    assert [row["id"] for row in rows_of(messages, "record_subsidiary")] == kept
    assert list(unread_of(messages)) == [gone]
    assert [m for m in messages if m["type"] == "ACTIVATE_VERSION"]


def test_where_that_cannot_be_told_it_lets_go_of_none(
    account: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> set[int]:
        raise QueryRefused("Invalid or unsupported search", status=400)

    monkeypatch.setattr(record_stream, "present_keys", refused)
    account.records.lock("subsidiary", ids(account, "subsidiary", "TRUE")[0])
    messages, code, _ = run_tap(config_of(account, "subsidiary"))
    assert code == 0
    assert not [m for m in messages if m["type"] == "ACTIVATE_VERSION"]


def test_a_record_that_an_earlier_run_could_not_read_lets_go_of_none_either(
    account: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "PIECE", 1)
    monkeypatch.setattr(plain_stream, "STATE_PAGES", 1)
    config = config_of(account, "subsidiary")
    account.records.lock("subsidiary", ids(account, "subsidiary", "TRUE")[0])
    messages, _, _ = run_tap(config)
    begun = next(
        m["value"]
        for m in messages
        if m["type"] == "STATE" and '"unread": 1' in json.dumps(m["value"])
    )
    again, code, _ = run_tap(config, state=begun)
    assert code == 0
    assert not unread_of(again)
    assert not [m for m in again if m["type"] == "ACTIVATE_VERSION"]


def test_a_user_whose_language_is_refused_is_told_so(account: Simulator) -> None:
    catalog = catalog_of(config_of(account))
    account.records.refuse_language()
    _, code, log = run_tap(config_of(account), catalog=json.loads(json.dumps(catalog)))
    assert code == 1
    assert "Set that user's language" in log
