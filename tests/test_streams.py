"""What Singer sees of a pass: which rows come, and what the state says of them at every step."""

import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from singer_sdk.helpers.types import TapState

from tap_netsuite_tba.extraction import ahead, reader
from tap_netsuite_tba.netsuite.errors import ServerFault
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator
from tap_netsuite_tba.tap import TapNetSuite
from tests.catalogs import Message, catalog_of, last_state, metadata_of, rows_of, states_of
from tests.extraction.account import TABLE, MemoryAccount
from tests.tap_process import configuration, run_tap

PAGE = 1000


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    """One for all: no test relies on what another did to it."""
    with Simulator(transactions=300) as account:
        yield account


def count(account: Simulator, table: str, where: str = "TRUE") -> int:
    """How many rows of a table there are."""
    [(rows,)] = account.sql(f"SELECT COUNT(*) FROM {table} WHERE {where}")  # noqa: S608 - a test's own
    return int(rows)


def delete(account: Simulator, table: str, where: str, ago: timedelta = timedelta(0)) -> list[int]:
    """Deletes rows of a table as the log of deletions has it, some time ago."""
    gone = [key for (key,) in account.sql(f"DELETE FROM {table} WHERE {where} RETURNING id")]  # noqa: S608 - a test's own
    for key in gone:
        account.sql(
            "INSERT INTO deletedrecord (recordid, recordtypeid, scriptid, type, deleteddate) "
            "VALUES (?, -30, ?, ?, ?)",
            [key, table, table, datetime.now(UTC).replace(tzinfo=None) - ago],
        )
    return gone


def edit_one(account: Simulator, memo: str) -> None:
    account.sql(
        "UPDATE transaction SET memo = ?, lastmodifieddate = now() AT TIME ZONE 'UTC' "
        "WHERE id = (SELECT min(id) FROM transaction)",
        [memo],
    )


def buried(messages: list[Message], stream: str) -> list[int]:
    """The keys of the tombstones."""
    return [row["id"] for row in rows_of(messages, stream) if row["_sdc_deleted_at"]]


def in_memory(account: MemoryAccount) -> TapNetSuite:
    """The tap over an account in memory."""
    properties = {
        "id": {"type": "integer"},
        "memo": {"type": ["string", "null"]},
        "lastmodifieddate": {"type": ["string", "null"], "format": "date-time"},
    }
    entry = {
        "tap_stream_id": "transaction",
        "stream": "transaction",
        "replication_key": "lastmodifieddate",
        "key_properties": ["id"],
        "schema": {"type": "object", "properties": properties},
        "metadata": [{"breadcrumb": [], "metadata": {"selected": True}}],
    }
    names = ("account_id", "consumer_key", "consumer_secret", "token_id", "token_secret")
    tap = TapNetSuite(config=dict.fromkeys(names, "FAKE"), catalog={"streams": [entry]})
    tap.connection.fetch = account.fetch
    return tap


def rows_before_states(messages: list[Message]) -> list[int]:
    """How many rows came between one STATE and the next."""
    counts = [0]
    for message in messages:
        counts[-1] += message["type"] == "RECORD"
        if message["type"] == "STATE":
            counts.append(0)
    return counts


def test_a_state_goes_out_before_the_first_row_every_ten_pages_and_at_the_end() -> None:
    rows = 25 * PAGE
    memory = MemoryAccount(TABLE, {(key,): None for key in range(rows)})
    messages, code, log = run_tap({}, tap=in_memory(memory))
    assert code == 0, log
    counts = rows_before_states(messages)
    assert (counts[0], sum(counts), counts[-1]) == (0, rows, 0)
    assert max(counts) <= 10 * PAGE
    first, *others = states_of(messages, "transaction")
    assert first["pass"]["started"] == others[-1]["replication_key_value"]
    assert len(others) >= 3


def test_a_state_covers_what_is_out_while_no_further_page_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in (ahead, reader):
        monkeypatch.setattr(module, "IDLE_SECONDS", 0.05)
    told = threading.Event()
    memory = MemoryAccount(TABLE, {(key,): None for key in range(3 * PAGE)})
    tap = in_memory(memory)

    def wait_for_a_state(query: Query) -> Page:
        if "ORDER BY t.id ASC" in query.text and "t.id > " in query.text:
            assert told.wait(timeout=10)
        return memory.fetch(query)

    tap.connection.fetch = wait_for_a_state
    write = tap.state_writer.write_state

    def tell(state: TapState) -> None:
        write(state)
        if state["bookmarks"]["transaction"]["pass"]["rows"]:
            told.set()

    monkeypatch.setattr(tap.state_writer, "write_state", tell)
    messages, code, log = run_tap({}, tap=tap)
    assert code == 0, log
    assert len(rows_of(messages, "transaction")) == 3 * PAGE


def test_a_run_that_the_account_ends_leaves_a_state_of_what_is_out() -> None:
    memory = MemoryAccount(TABLE, {(key,): None for key in range(3 * PAGE)})
    tap = in_memory(memory)

    def fail_later(query: Query) -> Page:
        if "t.id > " in query.text:
            raise ServerFault("An unexpected error occurred.", status=500, table=query.table)
        return memory.fetch(query)

    tap.connection.fetch = fail_later
    messages, code, _ = run_tap({}, tap=tap)
    assert code == 1
    [state] = states_of(messages, "transaction")[-1:]
    assert state["pass"]["rows"] == len(rows_of(messages, "transaction")) > 0


@pytest.mark.parametrize("form", ["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S+00:00", "%Y-%m-%d"])
def test_a_state_written_by_hand_is_understood(account: Simulator, form: str) -> None:
    [(middle,)] = account.sql("SELECT median(lastmodifieddate) FROM transaction")
    text = middle.strftime(form)
    state = {"bookmarks": {"transaction": {"replication_key_value": text}}}
    config = configuration(account, lookback_seconds=0)
    messages, code, log = run_tap(config, state=state)
    assert code == 0, log
    since = datetime.fromisoformat(text).replace(tzinfo=None)
    expected = count(account, "transaction", f"lastmodifieddate >= '{since}'")
    rows = rows_of(messages, "transaction")
    assert 0 < sum(row["_sdc_deleted_at"] is None for row in rows) == expected < 300


def test_an_offset_in_a_state_written_by_hand_counts(account: Simulator) -> None:
    found = []
    for text in ("2026-03-01T00:00:00Z", "2026-02-28T20:00:00-04:00"):
        state = {"bookmarks": {"transaction": {"replication_key_value": text}}}
        messages, code, log = run_tap(configuration(account), state=state)
        assert code == 0, log
        found.append([row["id"] for row in rows_of(messages, "transaction")])
    assert found[0] == found[1] != []


def test_the_state_of_another_stream_is_kept(account: Simulator) -> None:
    vendor = {"replication_key_value": "2026-01-01T00:00:00Z", "anything": [1]}
    state = {"bookmarks": {"vendor": vendor}}
    messages, code, log = run_tap(configuration(account, tables=["currency"]), state=state)
    assert code == 0, log
    assert all(found == vendor for found in states_of(messages, "vendor"))
    assert len(states_of(messages, "vendor")) >= 2


def test_a_start_date_limits_the_first_load_and_a_change_of_it_is_said(account: Simulator) -> None:
    config = configuration(account, start_date="2026-01-01", lookback_seconds=0)
    messages, code, log = run_tap(config)
    assert code == 0, log
    since = count(account, "transaction", "lastmodifieddate >= '2026-01-01'")
    assert 0 < len(rows_of(messages, "transaction")) == since < count(account, "transaction")
    config["start_date"] = "2020-01-01"
    messages, code, log = run_tap(config, state=last_state(messages))
    assert code == 0
    assert "a changed start_date (now 2020-01-01T00:00:00Z)" in log
    assert len(rows_of(messages, "transaction")) < since


def test_a_row_of_a_load_that_was_begun_anew_is_buried_if_it_is_gone(account: Simulator) -> None:
    """It went out, the load was given up, and the next one does not find it any more."""
    config = configuration(account, start_date="2020-01-01")
    messages, _, _ = run_tap(config)
    begun = next(message["value"] for message in messages if message["type"] == "STATE")
    assert begun["bookmarks"]["transaction"]["pass"]["rows"] == 0
    gone = delete(account, "transaction", "id = (SELECT min(id) FROM transaction)")
    config["start_date"] = "2021-01-01"
    messages, code, log = run_tap(config, state=begun)
    assert code == 0, log
    assert "transaction begins anew" in log
    assert set(gone) <= set(buried(messages, "transaction"))


def test_a_run_in_full_table_mode_ignores_the_bookmark(account: Simulator) -> None:
    config = configuration(account)
    catalog = catalog_of(config)
    metadata_of(catalog, "transaction")["forced-replication-method"] = "FULL_TABLE"
    state = {"bookmarks": {"transaction": {"replication_key_value": "2026-11-01T00:00:00Z"}}}
    messages, code, log = run_tap(config, state=state, catalog=catalog)
    assert code == 0, log
    live = [row for row in rows_of(messages, "transaction") if not row["_sdc_deleted_at"]]
    assert len(live) == count(account, "transaction")


def test_a_catalog_without_replication_key_makes_a_full_table(account: Simulator) -> None:
    config = configuration(account)
    catalog = catalog_of(config)
    [entry] = catalog["streams"]
    del entry["replication_key"]
    entry["replication_method"] = "FULL_TABLE"
    state = {"bookmarks": {"transaction": {"replication_key_value": "2026-11-01T00:00:00Z"}}}
    messages, code, log = run_tap(config, state=state, catalog=catalog)
    assert code == 0, log
    live = [row for row in rows_of(messages, "transaction") if not row["_sdc_deleted_at"]]
    assert len(live) == count(account, "transaction")


def test_an_empty_run_moves_the_bookmark(account: Simulator) -> None:
    account.sql("DELETE FROM vendor")
    messages, code, log = run_tap(configuration(account, tables=["vendor"]))
    assert code == 0, log
    bookmark = states_of(messages, "vendor")[-1]
    assert bookmark["count"] == 0
    assert bookmark["replication_key_value"] is not None
    assert bookmark["pass"]["started"] is None


def test_rows_without_a_modification_date_are_read_when_they_are_new(
    account: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "tap-netsuite-tba")
    config = configuration(account, tables=["customer"], lookback_seconds=0)
    messages, code, log = run_tap(config)
    assert code == 0, log
    account.sql("INSERT INTO customer (id, entityid) SELECT max(id) + 1, 'undated' FROM customer")
    for expected in (["undated"], []):
        messages, code, log = run_tap(config, state=last_state(messages))
        assert code == 0, log
        assert ("1 without modification date, whose edits" in log) is bool(expected)
        undated = [r for r in rows_of(messages, "customer") if r["lastmodifieddate"] is None]
        assert [row["entityid"] for row in undated] == expected


def test_a_table_that_lost_most_of_its_rows_fails_rather_than_passes(account: Simulator) -> None:
    config = configuration(account, tables=["accountingperiod"])
    messages, _, _ = run_tap(config)
    before = last_state(messages)
    account.sql("DELETE FROM accountingperiod WHERE id % 10 > 0")
    messages, code, log = run_tap(config, state=before)
    assert code == 1
    assert "A role that lost a permission or a subsidiary looks like that" in log
    after = last_state(messages)
    bookmark = after["bookmarks"]["accountingperiod"]
    assert bookmark["count"] == before["bookmarks"]["accountingperiod"]["count"]
    assert bookmark["pass"]["started"] is None
    account.sql("INSERT INTO accountingperiod (id) SELECT range + 900000 FROM range(200)")
    messages, code, log = run_tap(config, state=after)
    assert code == 0, log
    assert len(rows_of(messages, "accountingperiod")) > 200


def test_a_deletion_before_a_full_refresh_leaves_its_tombstone_too(account: Simulator) -> None:
    config = configuration(account, lookback_seconds=0)
    messages, _, _ = run_tap(config)
    gone = delete(account, "transaction", "id = (SELECT min(id) FROM transaction)")
    catalog = catalog_of(config)
    metadata_of(catalog, "transaction")["forced-replication-method"] = "FULL_TABLE"
    messages, code, log = run_tap(config, state=last_state(messages), catalog=catalog)
    assert code == 0, log
    assert set(gone) <= set(buried(messages, "transaction"))


def test_a_deleted_row_leaves_a_tombstone_of_full_width_and_one_never_had_none(
    account: Simulator,
) -> None:
    config = configuration(account)
    messages, _, _ = run_tap(config)
    width = rows_of(messages, "transaction")[0].keys()
    [(highest,)] = account.sql("SELECT max(id) FROM transaction")
    account.sql("INSERT INTO transaction (id) VALUES (?), (?)", [highest + 1, highest + 2])
    delete(account, "transaction", f"id > {highest}", ago=timedelta(minutes=1))
    gone = delete(account, "transaction", "id = (SELECT min(id) FROM transaction)")
    messages, code, log = run_tap(config, state=last_state(messages))
    assert code == 0, log
    assert not {highest + 1, highest + 2}.intersection(buried(messages, "transaction"))
    [tombstone] = [row for row in rows_of(messages, "transaction") if row["id"] == gone[0]]
    assert tombstone.keys() == width
    account.sql(
        "INSERT INTO transaction (id, lastmodifieddate) VALUES (?, now() AT TIME ZONE 'UTC')",
        [highest + 3],
    )
    for _ in range(2):
        messages, code, log = run_tap(config, state=last_state(messages))
        assert code == 0, log
        assert not {highest + 1, highest + 2}.intersection(buried(messages, "transaction"))
    filled = {name: value for name, value in tombstone.items() if value is not None}
    assert filled == {"id": gone[0], "_sdc_deleted_at": filled["_sdc_deleted_at"]}


def test_deletions_of_types_without_a_table_are_counted(account: Simulator) -> None:
    config = configuration(account, tables=["customer", "vendor"])
    messages, _, _ = run_tap(config)
    account.sql(
        "INSERT INTO deletedrecord (recordid, recordtypeid, scriptid, type, deleteddate) "
        "SELECT 700000 + range, 9, 'bin', 'Bin', now() AT TIME ZONE 'UTC' FROM range(12)"
    )
    _, code, log = run_tap(config, state=last_state(messages))
    assert code == 0, log
    assert "have no table here and leave no tombstone: Bin (12)" in log


def test_a_log_of_deletions_that_fails_costs_no_row_and_no_tombstone(account: Simulator) -> None:
    config = configuration(account, lookback_seconds=0, retry_timeout_seconds=0)
    messages, _, _ = run_tap(config)
    gone = delete(account, "transaction", "id = (SELECT max(id) FROM transaction)")
    state = last_state(messages)
    for memo, is_well in [("one", False), ("two", False), ("three", True)]:
        edit_one(account, memo)
        if not is_well:
            fault = Fault(FaultKind.UNEXPECTED_ERROR, table="deletedrecord", times=2)
            account.faults.add(fault)
        messages, code, log = run_tap(config, state=state)
        assert code == (0 if is_well else 1), log
        assert memo in {row["memo"] for row in rows_of(messages, "transaction")}
        assert set(gone).issubset(buried(messages, "transaction")) is is_well
        state = last_state(messages)
        assert state["bookmarks"]["transaction"]["pass"]["started"] is None
    assert state["bookmarks"]["transaction"]["unsettled_since"] is None


def test_a_pass_whose_count_stays_wrong_is_not_gone_on_with(account: Simulator) -> None:
    """A deletion later must not make the count right, and the missing row forgotten."""
    config = configuration(account)
    [(lost, gone)] = account.sql(
        "SELECT min(id), max(id) FROM transaction WHERE lastmodifieddate < '2026-01-01'"
    )
    tap = TapNetSuite(config=config)
    fetch = tap.connection.fetch

    def without_a_row(query: Query) -> Page:
        page = fetch(query)
        if "ORDER BY t.id ASC" not in query.text or "ROW_NUMBER" in query.text:
            return page
        rows = [row for row in json.loads(page.items) if row.get("id") != str(lost)]
        return replace(page, items=json.dumps(rows).encode(), count=len(rows))

    tap.connection.fetch = without_a_row
    messages, code, log = run_tap(config, tap=tap)
    assert code == 1
    assert "transaction was not read to its end" in log
    account.sql("DELETE FROM transaction WHERE id = ?", [gone])
    state = last_state(messages)
    assert state["bookmarks"]["transaction"]["unsettled_since"] is not None
    messages, code, log = run_tap(config, state=state)
    assert code == 0, log
    assert lost in {row["id"] for row in rows_of(messages, "transaction")}
