"""The version of a table that is read whole: what a target must not let go of too early."""

import contextlib
import io
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator
from tap_netsuite_tba.tap import TapNetSuite
from tests.catalogs import Message, catalog_of, last_state, metadata_of, rows_of, states_of
from tests.tap_process import configuration, run_tap


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(transactions=300) as account:
        yield account


def kinds(messages: list[Message]) -> list[str]:
    """The kinds of the messages, each run of equal ones once."""
    types = [message["type"] for message in messages]
    return [one for one, before in zip(types, [None, *types], strict=False) if one != before]


def versions(messages: list[Message], kind: str = "ACTIVATE_VERSION") -> set[int | None]:
    return {message.get("version") for message in messages if message["type"] == kind}


def milliseconds(instant: str) -> int:
    return int(datetime.fromisoformat(instant).timestamp()) * 1000


def without_cursor(config: dict[str, Any], stream: str) -> dict[str, Any]:
    """The catalog with a stream that is to be read whole."""
    catalog = catalog_of(config)
    metadata_of(catalog, stream)["forced-replication-method"] = "FULL_TABLE"
    return catalog


def test_a_table_read_whole_is_activated_behind_its_rows_and_before_its_state(
    account: Simulator,
) -> None:
    messages, code, log = run_tap(configuration(account, tables=["department"]))
    assert code == 0, log
    assert kinds(messages) == ["SCHEMA", "STATE", "RECORD", "ACTIVATE_VERSION", "STATE"]
    bookmark = states_of(messages, "department")[-1]
    version = milliseconds(bookmark["replication_key_value"])
    assert versions(messages, "RECORD") == versions(messages) == {version}
    assert bookmark["pass"]["version"] is None


def test_an_incremental_stream_has_no_version(account: Simulator) -> None:
    messages, code, log = run_tap(configuration(account))
    assert code == 0, log
    assert versions(messages, "RECORD") == {None}
    assert versions(messages) == set()


def test_an_empty_table_is_activated_too(account: Simulator) -> None:
    account.sql("DELETE FROM subsidiary")
    messages, code, log = run_tap(configuration(account, tables=["subsidiary"]))
    assert code == 0, log
    assert kinds(messages) == ["SCHEMA", "ACTIVATE_VERSION", "STATE"]


def test_a_resumed_pass_keeps_its_version(account: Simulator) -> None:
    config = configuration(account, tables=["department"])
    messages, _, _ = run_tap(config)
    begun = next(message["value"] for message in messages if message["type"] == "STATE")
    under_way = begun["bookmarks"]["department"]["pass"]
    under_way["started"] = "2026-01-31T23:59:59Z"
    under_way["version"] = milliseconds(under_way["started"])
    messages, code, log = run_tap(config, state=begun)
    assert code == 0, log
    assert versions(messages, "RECORD") == versions(messages) == {under_way["version"]}


def test_a_table_that_failed_or_shrank_is_not_activated(account: Simulator) -> None:
    config = configuration(account, tables=["accountingperiod"], retry_timeout_seconds=0)
    messages, _, _ = run_tap(config)
    state = last_state(messages)
    catalog = catalog_of(config)
    # The page, the proof of its columns, and that of its key.
    account.faults.add(Fault(FaultKind.UNEXPECTED_ERROR, table="accountingperiod", times=3))
    messages, code, _ = run_tap(config, state=state, catalog=catalog)
    assert (code, versions(messages)) == (1, set())
    account.sql("DELETE FROM accountingperiod WHERE id % 10 > 0")
    messages, code, log = run_tap(config, state=state, catalog=catalog)
    assert (code, versions(messages)) == (1, set())
    assert rows_of(messages, "accountingperiod")
    assert "A role that lost a permission" in log


def test_a_run_that_ends_at_the_limit_of_a_test_activates_nothing(account: Simulator) -> None:
    config = configuration(account, tables=["department", "transaction"])
    output = io.BytesIO()
    with contextlib.redirect_stdout(io.TextIOWrapper(output)):
        tap = TapNetSuite(config=config)
        assert tap.run_connection_test()
        tap.write_schemas()  # Whatever is no record brings out the records before it.
        messages = [json.loads(line) for line in output.getvalue().splitlines()]
    assert [len(rows_of(messages, name)) for name in ("department", "transaction")] == [1, 1]
    assert versions(messages) == set()
    for name in ("department", "transaction"):
        for state in states_of(messages, name):
            assert state["replication_key_value"] is None
            assert (state["pass"]["rows"], state["pass"]["after_key"]) == (0, None)


def test_a_target_that_cannot_take_versions_gets_none(account: Simulator) -> None:
    config = configuration(account, tables=["department"], emit_activate_version_messages=False)
    messages, code, log = run_tap(config)
    assert code == 0, log
    assert versions(messages, "RECORD") == {None}
    assert versions(messages) == set()


def test_each_stream_that_a_map_makes_of_a_table_is_activated(account: Simulator) -> None:
    maps = {
        "department": {"__alias__": "team"},
        "team_copy": {"__source__": "department"},
        "currency": None,
    }
    config = configuration(account, tables=["department", "currency"], stream_maps=maps)
    messages, code, log = run_tap(config)
    assert code == 0, log
    activated = [m["stream"] for m in messages if m["type"] == "ACTIVATE_VERSION"]
    assert sorted(activated) == ["team", "team_copy"]


def test_a_stream_that_becomes_a_full_table_and_an_incremental_one_again(
    account: Simulator,
) -> None:
    config = configuration(account, tables=["vendor"], lookback_seconds=0)
    messages, _, _ = run_tap(config)
    assert versions(messages, "RECORD") == {None}
    rows = len(rows_of(messages, "vendor"))
    whole = without_cursor(config, "vendor")
    messages, code, log = run_tap(config, state=last_state(messages), catalog=whole)
    assert code == 0, log
    assert len(rows_of(messages, "vendor")) == rows
    assert versions(messages, "RECORD") == versions(messages) != {None}
    messages, code, log = run_tap(config, state=last_state(messages))
    assert code == 0, log
    assert len(rows_of(messages, "vendor")) < rows
    assert versions(messages, "RECORD") <= {None}
    assert versions(messages) == set()


def test_a_tombstone_among_rows_of_a_version_has_it_too(account: Simulator) -> None:
    config = configuration(account, tables=["customer"])
    messages, _, _ = run_tap(config)
    [(key,)] = account.sql(
        "DELETE FROM customer WHERE id = (SELECT min(id) FROM customer) RETURNING id"
    )
    account.sql(
        "INSERT INTO deletedrecord (recordid, recordtypeid, scriptid, type, deleteddate) "
        "VALUES (?, -2, 'customer', 'Customer', now() AT TIME ZONE 'UTC')",
        [key],
    )
    whole = without_cursor(config, "customer")
    messages, code, log = run_tap(config, state=last_state(messages), catalog=whole)
    assert code == 0, log
    [tombstone] = [row for row in rows_of(messages, "customer") if row["_sdc_deleted_at"]]
    assert tombstone["id"] == key
    assert versions(messages, "RECORD") == versions(messages) != {None}
    assert kinds(messages)[-2:] == ["ACTIVATE_VERSION", "STATE"]
