"""What a person or a scheduler sees of the tap: messages, sentences and exit codes."""

import json
import os
import select
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tap_netsuite_tba.simulator import ColumnRefusal, Simulator
from tap_netsuite_tba.tap import TapNetSuite
from tests.tap_process import TAP, Target, configuration, run_tap


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


def test_a_catalog_alone_costs_no_request_for_discovery(shared: Simulator, tmp_path: Path) -> None:
    config = configuration(shared, tables=["department"])
    catalog = catalog_of(config)
    before = shared.counters.requests
    messages, code, log = run_tap(tmp_path, config, catalog=catalog)
    assert code == 0, log
    assert rows_of(messages, "department")
    assert shared.counters.requests == before + 1


def test_a_deselected_column_is_never_asked_for(account: Simulator, tmp_path: Path) -> None:
    config = configuration(account, tables=["department"])
    catalog = catalog_of(config)
    metadata_of(catalog, "department", "properties", "fullname")["selected"] = False
    account.refuse("department", "fullname", ColumnRefusal.UNKNOWN)
    messages, code, log = run_tap(tmp_path, config, catalog=catalog)
    assert code == 0, log
    assert all("fullname" not in row for row in rows_of(messages, "department"))


def test_one_bad_table_does_not_end_the_night_but_the_exit_code_tells(
    account: Simulator, tmp_path: Path
) -> None:
    config = configuration(account, tables=["account", "customer", "department"])
    catalog = catalog_of(config)
    account.hide("customer")
    messages, code, log = run_tap(tmp_path, config, catalog=catalog)
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


def test_a_hidden_table_that_was_named_fails_the_discovery(
    account: Simulator, tmp_path: Path
) -> None:
    account.hide("customer")
    _, code, log = run_tap(tmp_path, configuration(account, tables=["customer"]))
    assert code == 1
    assert "The table customer was named" in log


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


def test_a_wrong_secret_costs_two_logins_and_explains_itself(
    account: Simulator, tmp_path: Path
) -> None:
    config = configuration(account, token_secret="wrong-and-not-a-secret", tables=["*"])
    _, code, log = run_tap(tmp_path, config)
    assert code == 1
    assert sum(account.counters.refused_logins.values()) == 2
    assert "Login Audit Trail" in log
    assert "wrong-and-not-a-secret" not in log
    assert "Traceback" not in log


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"max_sessions": 9}, "max_sessions: 9 is greater than the maximum of 5"),
        ({"account_id": "evil.example.com/"}, "account_id"),
        ({"base_url": "http://example.com"}, "base_url"),
        ({"demo": True}, "demo is true and account_id"),
        ({"tables": ["transactoin"]}, "near it: transaction"),
        ({"start_date": "yesterday"}, "start_date is no date"),
    ],
)
def test_a_bad_setting_is_one_sentence(
    shared: Simulator, tmp_path: Path, settings: dict[str, Any], sentence: str
) -> None:
    messages, code, log = run_tap(tmp_path, configuration(shared) | settings)
    assert code == 1
    assert messages == []
    assert sentence in log
    assert "Traceback" not in log


@pytest.mark.parametrize("name", ["state", "catalog"])
@pytest.mark.parametrize("content", ["{", "[]", '"text"'])
def test_a_malformed_file_is_one_sentence(
    shared: Simulator, tmp_path: Path, name: str, content: str
) -> None:
    path = tmp_path / "given.json"
    path.write_text(content)
    messages, code, log = run_tap(tmp_path, configuration(shared), f"--{name}", str(path))
    assert code == 1
    assert messages == []
    assert f"The {name} in {path}" in log
    assert "Traceback" not in log


def test_a_state_of_strangers_is_said_and_kept(shared: Simulator, tmp_path: Path) -> None:
    state = {"bookmarks": {"invoices": {"replication_key_value": "2026-01-01T00:00:00Z"}}}
    config = configuration(shared, tables=["department"])
    messages, code, log = run_tap(tmp_path, config, state=state)
    assert code == 0
    assert "bookmarks of streams that the catalog has not: invoices" in log
    assert messages[-1]["value"]["bookmarks"]["invoices"] == state["bookmarks"]["invoices"]


def test_a_state_written_by_hand_is_understood(shared: Simulator, tmp_path: Path) -> None:
    [(middle,)] = shared.sql("SELECT median(lastmodifieddate) FROM transaction")
    state = {
        "bookmarks": {"transaction": {"replication_key_value": f"{middle:%Y-%m-%dT%H:%M:%SZ}"}}
    }
    config = configuration(shared, lookback_seconds=0)
    messages, code, log = run_tap(tmp_path, config, state=state)
    assert code == 0, log
    [(count,)] = shared.sql(
        "SELECT COUNT(*) FROM transaction WHERE lastmodifieddate >= date_trunc('second', ?)",
        [middle],
    )
    rows = rows_of(messages, "transaction")
    assert sum(row["_sdc_deleted_at"] is None for row in rows) == count


def test_a_start_date_limits_the_first_load_and_a_change_of_it_is_said(
    shared: Simulator, tmp_path: Path
) -> None:
    config = configuration(shared, start_date="2026-01-01", lookback_seconds=0)
    messages, code, log = run_tap(tmp_path, config)
    assert code == 0, log
    [(count,)] = shared.sql(
        "SELECT COUNT(*) FROM transaction WHERE lastmodifieddate >= '2026-01-01'"
    )
    assert 0 < len(rows_of(messages, "transaction")) == count < 1_200
    state = messages[-1]["value"]
    config["start_date"] = "2020-01-01"
    messages, code, log = run_tap(tmp_path, config, state=state)
    assert code == 0
    assert "a changed start_date (now 2020-01-01T00:00:00Z)" in log
    assert len(rows_of(messages, "transaction")) < count


def test_stream_maps_apply_to_the_rows(shared: Simulator, tmp_path: Path) -> None:
    maps = {"transaction": {"tranid": "tranid.lower()", "__filter__": "id % 2 == 0"}}
    config = configuration(shared, stream_maps=maps)
    messages, code, log = run_tap(tmp_path, config)
    assert code == 0, log
    rows = rows_of(messages, "transaction")
    [(even,)] = shared.sql("SELECT COUNT(*) FROM transaction WHERE id % 2 = 0")
    assert len(rows) == even
    assert all(row["tranid"] == (row["tranid"] or "").lower() for row in rows if row["tranid"])


def test_a_run_in_full_table_mode_ignores_the_bookmark(shared: Simulator, tmp_path: Path) -> None:
    config = configuration(shared)
    catalog = catalog_of(config)
    metadata_of(catalog, "transaction")["forced-replication-method"] = "FULL_TABLE"
    state = {"bookmarks": {"transaction": {"replication_key_value": "2026-11-01T00:00:00Z"}}}
    messages, code, log = run_tap(tmp_path, config, state=state, catalog=catalog)
    assert code == 0, log
    assert len(rows_of(messages, "transaction")) == 1_200


def test_an_empty_run_moves_the_bookmark(account: Simulator, tmp_path: Path) -> None:
    account.sql("DELETE FROM vendor")
    messages, code, log = run_tap(tmp_path, configuration(account, tables=["vendor"]))
    assert code == 0, log
    bookmark = messages[-1]["value"]["bookmarks"]["vendor"]
    assert bookmark["count"] == 0
    assert bookmark["replication_key_value"] is not None
    assert bookmark["pass"]["started"] is None


def test_a_table_that_lost_most_of_its_rows_fails_rather_than_passes(
    account: Simulator, tmp_path: Path
) -> None:
    config = configuration(account, tables=["accountingperiod"])
    messages, _, _ = run_tap(tmp_path, config)
    before = messages[-1]["value"]
    account.sql("DELETE FROM accountingperiod WHERE id % 10 > 0")
    messages, code, log = run_tap(tmp_path, config, state=before)
    assert code == 1
    assert "A role that lost a permission or a subsidiary looks like that" in log
    after = messages[-1]["value"]["bookmarks"]["accountingperiod"]
    assert after["count"] == before["bookmarks"]["accountingperiod"]["count"]


def test_a_value_that_does_not_fit_fails_its_table_and_names_the_override(
    account: Simulator, tmp_path: Path
) -> None:
    account.sql("ALTER TABLE department ALTER COLUMN parent TYPE VARCHAR")
    account.sql("UPDATE department SET parent = 'R-17' WHERE id = (SELECT max(id) FROM department)")
    config = configuration(account, tables=["department"])
    _, code, log = run_tap(tmp_path, config)
    assert code == 1
    assert 'set column_types to {"department.parent": "string"}' in log
    assert "R-17" not in log
    config["column_types"] = {"department.parent": "string"}
    messages, code, log = run_tap(tmp_path, config)
    assert code == 0, log
    assert "R-17" in {row["parent"] for row in rows_of(messages, "department")}


def test_a_deleted_row_leaves_a_tombstone_of_full_width(account: Simulator, tmp_path: Path) -> None:
    config = configuration(account)
    messages, code, log = run_tap(tmp_path, config)
    assert code == 0, log
    state = messages[-1]["value"]
    width = rows_of(messages, "transaction")[0].keys()
    [(key,)] = account.sql("SELECT min(id) FROM transaction")
    account.sql("DELETE FROM transaction WHERE id = ?", [key])
    account.sql(
        "INSERT INTO deletedrecord (recordid, recordtypeid, scriptid, type, deleteddate) VALUES "
        "(?, -30, 'salesorder', 'Sales Order', now() AT TIME ZONE 'UTC'), "
        "(999999999, -30, 'salesorder', 'Sales Order', now() AT TIME ZONE 'UTC')",
        [key],
    )
    messages, code, log = run_tap(tmp_path, config, state=state)
    assert code == 0, log
    [tombstone] = [r for r in rows_of(messages, "transaction") if r["_sdc_deleted_at"]]
    assert tombstone["id"] == key
    assert tombstone.keys() == width
    filled = {name for name, value in tombstone.items() if value is not None}
    assert filled == {"id", "_sdc_deleted_at"}


def test_without_permission_for_the_log_of_deletions_a_warning_says_so(
    account: Simulator, tmp_path: Path
) -> None:
    messages, _, _ = run_tap(tmp_path, configuration(account))
    account.hide("deletedrecord")
    _, code, log = run_tap(tmp_path, configuration(account), state=messages[-1]["value"])
    assert code == 0
    assert "Deleted rows of transaction cannot be seen" in log


def test_test_mode_tells_success_and_failure(account: Simulator, tmp_path: Path) -> None:
    config = configuration(account, tables=["department"])
    _, code, log = run_tap(tmp_path, config, "--test")
    assert code == 0, log
    account.sql("ALTER TABLE department ALTER COLUMN parent TYPE VARCHAR")
    account.sql("UPDATE department SET parent = 'R-17'")
    _, code, _ = run_tap(tmp_path, config, "--test")
    assert code == 1


def test_the_demo_needs_no_credentials_and_its_process_ends_with_the_tap(tmp_path: Path) -> None:
    config = {"demo": True, "tables": ["transaction"]}
    environment = os.environ | {"NETSUITE_TBA_DEMO_HOME": str(tmp_path)}
    path = tmp_path / "config.json"
    path.write_text(json.dumps(config))
    with subprocess.Popen(
        [*TAP, "--config", str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    ) as process:
        assert process.stdout
        target = Target()
        for message in map(json.loads, process.stdout):
            target.take(message)
            if sum(target.emitted.get("transaction", {}).values()) == 1_500:
                break
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        [demo] = children.read_text().split() if children.exists() else [""]
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert _ends(int(demo)) if demo else True


def _ends(pid: int) -> bool:
    """Waits for a process that is not our child; true once it is gone."""
    descriptor = os.pidfd_open(pid) if Path(f"/proc/{pid}").exists() else None
    if descriptor is None:
        return True
    ready, _, _ = select.select([descriptor], [], [], 30)
    os.close(descriptor)
    return bool(ready)
