"""What the tap makes of settings, catalogs, states and what the account has."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.simulator import ColumnRefusal, Fault, FaultKind, Simulator
from tap_netsuite_tba.tap import TapNetSuite
from tests.tap_process import configuration, run_tap


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    with Simulator(transactions=1_200) as account:
        yield account


@pytest.fixture
def account() -> Iterator[Simulator]:
    with Simulator(transactions=1_200) as account:
        yield account


def catalog_of(config: dict[str, Any]) -> dict[str, Any]:
    """The discovered catalog, by way of JSON, as a user would edit it."""
    catalog: dict[str, Any] = json.loads(TapNetSuite(config=config).catalog_json_text)
    return catalog


def metadata_of(catalog: dict[str, Any], stream: str, *breadcrumb: str) -> dict[str, Any]:
    [entry] = [e for e in catalog["streams"] if e["tap_stream_id"] == stream]
    [found] = [m for m in entry["metadata"] if m["breadcrumb"] == list(breadcrumb)]
    metadata: dict[str, Any] = found["metadata"]
    return metadata


def rows_of(messages: list[dict[str, Any]], stream: str) -> list[dict[str, Any]]:
    return [m["record"] for m in messages if m["type"] == "RECORD" and m["stream"] == stream]


def test_a_catalog_alone_costs_no_request_for_discovery(shared: Simulator) -> None:
    config = configuration(shared, tables=["department"])
    catalog = catalog_of(config)
    before = shared.counters.requests
    messages, code, log = run_tap(config, catalog=catalog)
    assert code == 0, log
    assert rows_of(messages, "department")
    assert shared.counters.requests == before + 1


def test_a_deselected_column_is_never_asked_for(account: Simulator) -> None:
    config = configuration(account, tables=["department"])
    catalog = catalog_of(config)
    metadata_of(catalog, "department", "properties", "fullname")["selected"] = False
    account.refuse("department", "fullname", ColumnRefusal.UNKNOWN)
    messages, code, log = run_tap(config, catalog=catalog)
    assert code == 0, log
    assert all("fullname" not in row for row in rows_of(messages, "department"))


def test_one_bad_table_does_not_end_the_night_but_the_exit_code_tells(account: Simulator) -> None:
    config = configuration(account, tables=["account", "customer", "department"])
    catalog = catalog_of(config)
    account.hide("customer")
    messages, code, log = run_tap(config, catalog=catalog)
    assert code == 1
    assert rows_of(messages, "department")
    assert "customer was not read to its end" in log
    assert "Record 'customer' was not found" in log
    assert "Not read to their end: customer" in log
    assert "Traceback" not in log
    assert (
        messages[-1]["value"]["bookmarks"].get("customer", {}).get("pass", {}).get("started")
        is None
    )


def test_a_hidden_table_that_was_named_makes_the_exit_code_tell_while_others_are_read(
    account: Simulator,
) -> None:
    account.hide("customer")
    config = configuration(account, tables=["Customer", "department"])
    messages, code, log = run_tap(config)
    assert code == 1
    assert rows_of(messages, "department")
    assert "The table customer is left out" in log
    assert "Not read to their end: customer" in log


def test_a_named_table_that_a_given_catalog_lacks_makes_the_exit_code_tell(
    account: Simulator,
) -> None:
    catalog = catalog_of(configuration(account, tables=["department"]))
    config = configuration(account, tables=["customer", "department"])
    messages, code, log = run_tap(config, catalog=catalog)
    assert code == 1
    assert rows_of(messages, "department")
    assert "Not read to their end: customer" in log


def test_a_role_that_may_read_nothing_is_told_so(account: Simulator) -> None:
    account.hide("customer")
    messages, code, log = run_tap(configuration(account, tables=["customer"]))
    assert code == 1
    assert messages == []
    assert "Record 'customer' was not found" in log


def test_a_table_of_more_columns_than_one_query_gives_is_read_whole(account: Simulator) -> None:
    names = [f"custitem_{number:03}" for number in range(120)]
    for number, name in enumerate(names):
        account.sql(f"ALTER TABLE item ADD COLUMN {name} BIGINT DEFAULT {number}")
        account.sql(
            "INSERT INTO customfield (id, scriptid, name, fieldvaluetype) "
            "VALUES (?, ?, ?, 'Integer Number')",
            [5000 + number, name.upper(), name],
        )
    messages, code, log = run_tap(configuration(account, tables=["item"]))
    assert code == 0, log
    rows = rows_of(messages, "item")
    assert len(rows) == account.sql("SELECT COUNT(*) FROM item")[0][0]
    assert all(row[name] == number for row in rows for number, name in enumerate(names))


def test_rows_without_a_modification_date_are_read_when_they_are_new(account: Simulator) -> None:
    config = configuration(account, tables=["customer"], lookback_seconds=0)
    messages, code, log = run_tap(config)
    assert code == 0, log
    account.sql("INSERT INTO customer (id, entityid) SELECT max(id) + 1, 'undated' FROM customer")
    for expected in (["undated"], []):
        messages, code, log = run_tap(config, state=messages[-1]["value"])
        assert code == 0, log
        undated = [r for r in rows_of(messages, "customer") if r["lastmodifieddate"] is None]
        assert [row["entityid"] for row in undated] == expected


def test_a_hidden_table_that_a_pattern_meant_is_left_out_with_a_warning(
    account: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    account.hide("customer")
    catalog = catalog_of(configuration(account, tables=["c*"]))
    assert [entry["tap_stream_id"] for entry in catalog["streams"]] == ["currency"]
    assert "The table customer is left out" in caplog.text


def test_custom_fields_of_the_account_are_in_the_catalog(shared: Simulator) -> None:
    catalog = catalog_of(configuration(shared, tables=["transaction", "item"]))
    custom = {
        name
        for entry in catalog["streams"]
        for name in entry["schema"]["properties"]
        if name.startswith("cust")
    }
    in_account = shared.sql(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_name IN ('transaction', 'item') AND column_name LIKE 'cust%'"
    )
    assert custom <= {name for (name,) in in_account}
    assert len(custom) >= 4


def test_a_state_of_strangers_is_said_and_kept(shared: Simulator) -> None:
    state = {"bookmarks": {"invoices": {"replication_key_value": "2026-01-01T00:00:00Z"}}}
    config = configuration(shared, tables=["department"])
    messages, code, log = run_tap(config, state=state)
    assert code == 0
    assert "bookmarks of streams that the catalog has not: invoices" in log
    assert messages[-1]["value"]["bookmarks"]["invoices"] == state["bookmarks"]["invoices"]


def test_a_state_written_by_hand_is_understood(shared: Simulator) -> None:
    [(middle,)] = shared.sql("SELECT median(lastmodifieddate) FROM transaction")
    state = {
        "bookmarks": {"transaction": {"replication_key_value": f"{middle:%Y-%m-%dT%H:%M:%SZ}"}}
    }
    config = configuration(shared, lookback_seconds=0)
    messages, code, log = run_tap(config, state=state)
    assert code == 0, log
    [(count,)] = shared.sql(
        "SELECT COUNT(*) FROM transaction WHERE lastmodifieddate >= date_trunc('second', ?)",
        [middle],
    )
    rows = rows_of(messages, "transaction")
    assert sum(row["_sdc_deleted_at"] is None for row in rows) == count


def test_a_start_date_limits_the_first_load_and_a_change_of_it_is_said(shared: Simulator) -> None:
    config = configuration(shared, start_date="2026-01-01", lookback_seconds=0)
    messages, code, log = run_tap(config)
    assert code == 0, log
    [(count,)] = shared.sql(
        "SELECT COUNT(*) FROM transaction WHERE lastmodifieddate >= '2026-01-01'"
    )
    assert 0 < len(rows_of(messages, "transaction")) == count < 1_200
    state = messages[-1]["value"]
    config["start_date"] = "2020-01-01"
    messages, code, log = run_tap(config, state=state)
    assert code == 0
    assert "a changed start_date (now 2020-01-01T00:00:00Z)" in log
    assert len(rows_of(messages, "transaction")) < count


def test_stream_maps_apply_to_the_rows(shared: Simulator) -> None:
    maps = {"transaction": {"tranid": "tranid.lower()", "__filter__": "id % 2 == 0"}}
    config = configuration(shared, stream_maps=maps)
    messages, code, log = run_tap(config)
    assert code == 0, log
    rows = rows_of(messages, "transaction")
    [(even,)] = shared.sql("SELECT COUNT(*) FROM transaction WHERE id % 2 = 0")
    assert len(rows) == even
    assert all(row["tranid"] == (row["tranid"] or "").lower() for row in rows if row["tranid"])


def test_a_run_in_full_table_mode_ignores_the_bookmark(shared: Simulator) -> None:
    config = configuration(shared)
    catalog = catalog_of(config)
    metadata_of(catalog, "transaction")["forced-replication-method"] = "FULL_TABLE"
    state = {"bookmarks": {"transaction": {"replication_key_value": "2026-11-01T00:00:00Z"}}}
    messages, code, log = run_tap(config, state=state, catalog=catalog)
    assert code == 0, log
    assert len(rows_of(messages, "transaction")) == 1_200


def test_an_empty_run_moves_the_bookmark(account: Simulator) -> None:
    account.sql("DELETE FROM vendor")
    messages, code, log = run_tap(configuration(account, tables=["vendor"]))
    assert code == 0, log
    bookmark = messages[-1]["value"]["bookmarks"]["vendor"]
    assert bookmark["count"] == 0
    assert bookmark["replication_key_value"] is not None
    assert bookmark["pass"]["started"] is None


def test_a_table_that_lost_most_of_its_rows_fails_rather_than_passes(account: Simulator) -> None:
    config = configuration(account, tables=["accountingperiod"])
    messages, _, _ = run_tap(config)
    before = messages[-1]["value"]
    account.sql("DELETE FROM accountingperiod WHERE id % 10 > 0")
    messages, code, log = run_tap(config, state=before)
    assert code == 1
    assert "A role that lost a permission or a subsidiary looks like that" in log
    after = [message["value"] for message in messages if message["type"] == "STATE"][-1]
    bookmark = before["bookmarks"]["accountingperiod"]
    assert after["bookmarks"]["accountingperiod"]["count"] == bookmark["count"]
    account.sql("INSERT INTO accountingperiod (id) SELECT range + 900000 FROM range(200)")
    messages, code, log = run_tap(config, state=after)
    assert code == 0, log
    assert len(rows_of(messages, "accountingperiod")) > 200


def test_a_value_that_does_not_fit_fails_its_table_and_names_the_override(
    account: Simulator,
) -> None:
    account.sql("ALTER TABLE department ALTER COLUMN parent TYPE VARCHAR")
    account.sql("UPDATE department SET parent = 'R-17' WHERE id = (SELECT max(id) FROM department)")
    config = configuration(account, tables=["department"])
    _, code, log = run_tap(config)
    assert code == 1
    assert 'set column_types to {"department.parent": "string"}' in log
    assert "R-17" not in log
    config["column_types"] = {"department.parent": "string"}
    messages, code, log = run_tap(config)
    assert code == 0, log
    assert "R-17" in {row["parent"] for row in rows_of(messages, "department")}


def test_a_deleted_row_leaves_a_tombstone_of_full_width(account: Simulator) -> None:
    config = configuration(account)
    messages, code, log = run_tap(config)
    assert code == 0, log
    state = messages[-1]["value"]
    width = rows_of(messages, "transaction")[0].keys()
    [(key,)] = account.sql("SELECT min(id) FROM transaction")
    account.sql("DELETE FROM transaction WHERE id = ?", [key])
    account.sql(
        "INSERT INTO deletedrecord (recordid, recordtypeid, scriptid, type, deleteddate) VALUES "
        "(?, -30, 'salesorder', 'Sales Order', now() AT TIME ZONE 'UTC')",
        [key],
    )
    messages, code, log = run_tap(config, state=state)
    assert code == 0, log
    [tombstone] = [r for r in rows_of(messages, "transaction") if r["_sdc_deleted_at"]]
    assert tombstone["id"] == key
    assert tombstone.keys() == width
    filled = {name for name, value in tombstone.items() if value is not None}
    assert filled == {"id", "_sdc_deleted_at"}


def test_without_permission_for_the_log_of_deletions_a_warning_says_so(account: Simulator) -> None:
    messages, _, _ = run_tap(configuration(account))
    account.hide("deletedrecord")
    _, code, log = run_tap(configuration(account), state=messages[-1]["value"])
    assert code == 0
    assert "Deleted rows of transaction cannot be seen" in log


def test_a_deletion_before_a_full_refresh_leaves_its_tombstone_too(account: Simulator) -> None:
    config = configuration(account, lookback_seconds=0)
    messages, _, _ = run_tap(config)
    [(key,)] = account.sql("SELECT min(id) FROM transaction")
    account.sql("DELETE FROM transaction WHERE id = ?", [key])
    account.sql(
        "INSERT INTO deletedrecord (recordid, recordtypeid, scriptid, type, deleteddate) "
        "VALUES (?, -30, 'salesorder', 'Sales Order', now() AT TIME ZONE 'UTC')",
        [key],
    )
    catalog = catalog_of(config)
    metadata_of(catalog, "transaction")["forced-replication-method"] = "FULL_TABLE"
    messages, code, log = run_tap(config, state=messages[-1]["value"], catalog=catalog)
    assert code == 0, log
    [tombstone] = [r for r in rows_of(messages, "transaction") if r["_sdc_deleted_at"]]
    assert tombstone["id"] == key


def test_a_log_of_deletions_that_fails_does_not_freeze_the_stream(account: Simulator) -> None:
    config = configuration(account, lookback_seconds=0, retry_timeout_seconds=0)
    messages, _, _ = run_tap(config)
    state = messages[-1]["value"]
    account.faults.add(Fault(FaultKind.UNEXPECTED_ERROR, table="deletedrecord", times=2))
    for memo, code_expected in [("one", 1), ("two", 1), ("three", 0)]:
        account.sql(
            "UPDATE transaction SET memo = ?, lastmodifieddate = now() AT TIME ZONE 'UTC' "
            "WHERE id = (SELECT min(id) FROM transaction)",
            [memo],
        )
        messages, code, log = run_tap(config, state=state)
        assert code == code_expected, log
        assert memo in {row["memo"] for row in rows_of(messages, "transaction")}
        states = [message["value"] for message in messages if message["type"] == "STATE"]
        state = states[-1] if states else state


def test_a_pass_whose_count_stays_wrong_is_not_gone_on_with(account: Simulator) -> None:
    """A deletion later must not make the count right, and the missing row forgotten."""
    config = configuration(account)
    [(lost, gone)] = account.sql("SELECT min(id), max(id) FROM transaction")
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
    states = [message["value"] for message in messages if message["type"] == "STATE"]
    messages, code, log = run_tap(config, state=states[-1])
    assert code == 0, log
    assert lost in {row["id"] for row in rows_of(messages, "transaction")}
