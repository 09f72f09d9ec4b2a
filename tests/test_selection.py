"""Which streams and columns are asked for: what is not selected costs NetSuite nothing."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.tap import TapNetSuite
from tests.catalogs import Catalog, Message, catalog_of, last_state, metadata_of, rows_of
from tests.tap_process import configuration, run_tap


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(transactions=300) as account:
        yield account


def run(
    config: dict[str, Any], catalog: Catalog, state: dict[str, Any] | None = None
) -> tuple[list[Message], list[str]]:
    """The messages of a run with a catalog, and the queries that it sent."""
    tap = TapNetSuite(config=config, catalog=catalog, state=state)
    fetch, queries = tap.connection.fetch, []

    def listen(query: Query) -> Page:
        queries.append(query.text)
        return fetch(query)

    tap.connection.fetch = listen
    messages, code, log = run_tap(config, tap=tap)
    assert code == 0, log
    return messages, queries


@pytest.mark.parametrize(
    ("tables", "stream", "selected"),
    [
        (["depart*"], "department", True),
        (["entitystat*"], "entitystatus", False),
        (["entitystat*", "EntityStatus"], "entitystatus", True),
        (["pricing"], "pricing", True),
    ],
)
def test_core_tables_and_those_named_exactly_are_selected_by_default(
    account: Simulator,
    tables: list[str],
    stream: str,
    selected: bool,  # noqa: FBT001 - pytest calls it
) -> None:
    metadata = metadata_of(catalog_of(configuration(account, tables=tables)), stream)
    assert metadata["selected-by-default"] is selected
    assert metadata["selected"] is selected


def test_a_catalog_names_the_cursor_and_is_the_same_each_time(account: Simulator) -> None:
    config = configuration(account, tables=["vendor", "transactionline", "department"])
    catalog = catalog_of(config)
    assert json.dumps(catalog) == json.dumps(catalog_of(config))
    assert [e["tap_stream_id"] for e in catalog["streams"]] == [
        "department",
        "transactionline",
        "vendor",
    ]
    cursors = {
        entry["tap_stream_id"]: metadata_of(catalog, entry["tap_stream_id"]).get(
            "valid-replication-keys"
        )
        for entry in catalog["streams"]
    }
    assert cursors == {
        "department": None,
        "transactionline": ["_sdc_parent_modified_at"],
        "vendor": ["lastmodifieddate"],
    }


def test_a_deselected_column_is_never_asked_for(account: Simulator) -> None:
    config = configuration(account, tables=["department"])
    catalog = catalog_of(config)
    metadata_of(catalog, "department", "properties", "fullname")["selected"] = False
    messages, queries = run(config, catalog)
    assert queries
    assert not any("fullname" in query for query in queries)
    assert all("fullname" not in row for row in rows_of(messages, "department"))
    [schema] = [message["schema"] for message in messages if message["type"] == "SCHEMA"]
    assert "fullname" not in schema["properties"]


def test_labels_come_with_a_given_catalog_and_only_if_they_are_selected(
    account: Simulator,
) -> None:
    config = configuration(account, tables=["vendor"], include_labels=["vendor.currency"])
    catalog = catalog_of(config)
    names = dict(account.sql("SELECT id, name FROM currency"))
    messages, _ = run(config, catalog)
    rows = rows_of(messages, "vendor")
    assert {row["currency_label"] for row in rows} == {names[row["currency"]] for row in rows}
    metadata_of(catalog, "vendor", "properties", "currency_label")["selected"] = False
    _, queries = run(config, catalog)
    assert not any("BUILTIN.DF" in query for query in queries)


def test_a_multiple_select_is_a_list_of_ids(account: Simulator) -> None:
    config = configuration(account, tables=["department"])
    messages, _ = run(config, catalog_of(config))
    known = {key for (key,) in account.sql("SELECT id FROM subsidiary")}
    lists = [row["subsidiary"] for row in rows_of(messages, "department")]
    assert any(len(ids) > 1 for ids in lists)
    assert known.issuperset(key for ids in lists for key in ids)


def test_a_deselected_stream_asks_nothing(account: Simulator) -> None:
    config = configuration(account, tables=["department", "currency"])
    catalog = catalog_of(config)
    metadata_of(catalog, "department")["selected"] = False
    messages, queries = run(config, catalog)
    assert {message["stream"] for message in messages if "stream" in message} == {"currency"}
    assert not any("department" in query for query in queries)


@pytest.mark.parametrize("changes", [{}, {"inclusion": "available"}])
def test_key_and_cursor_come_whatever_is_deselected(
    account: Simulator, changes: dict[str, str]
) -> None:
    config = configuration(account, tables=["vendor"])
    catalog = catalog_of(config)
    [entry] = catalog["streams"]
    for column in entry["schema"]["properties"]:
        metadata = metadata_of(catalog, "vendor", "properties", column)
        assert (metadata["inclusion"] == "automatic") is (column in {"id", "lastmodifieddate"})
        metadata |= {"selected": False, **changes}
    messages, _ = run(config, catalog)
    [schema] = [message["schema"] for message in messages if message["type"] == "SCHEMA"]
    assert schema["properties"].keys() == {"id", "lastmodifieddate"}
    assert {tuple(row) for row in rows_of(messages, "vendor")} == {("id", "lastmodifieddate")}


def test_without_the_column_of_tombstones_the_log_of_deletions_is_not_asked(
    account: Simulator,
) -> None:
    config = configuration(account, tables=["vendor"])
    catalog = catalog_of(config)
    messages, queries = run(config, catalog)
    _, queries = run(config, catalog, last_state(messages))
    assert any("deletedrecord" in query for query in queries)
    metadata_of(catalog, "vendor", "properties", "_sdc_deleted_at")["selected"] = False
    _, queries = run(config, catalog, last_state(messages))
    assert not any("deletedrecord" in query for query in queries)


def test_columns_without_metadata_come_with_their_stream(account: Simulator) -> None:
    config = configuration(account, tables=["department"])
    catalog = catalog_of(config)
    [entry] = catalog["streams"]
    entry["metadata"] = [{"breadcrumb": [], "metadata": {"selected": True}}]
    messages, _ = run(config, catalog)
    [row, *_] = rows_of(messages, "department")
    assert row.keys() == entry["schema"]["properties"].keys()


def test_the_replication_method_that_meltano_puts_into_a_catalog_is_understood(
    account: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    config = configuration(account, tables=["vendor"])
    catalog = catalog_of(config)
    metadata_of(catalog, "vendor")["replication-method"] = "FULL_TABLE"
    state = {"bookmarks": {"vendor": {"replication_key_value": "2026-11-01T00:00:00Z"}}}
    arguments = []
    for name, content in [("config", config), ("catalog", catalog), ("state", state)]:
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(content))
        arguments += [f"--{name}", str(path)]
    result = CliRunner().invoke(TapNetSuite.cli, arguments)
    assert result.exit_code == 0
    messages = list(map(json.loads, result.stdout.splitlines()))
    assert len(rows_of(messages, "vendor")) == account.sql("SELECT COUNT(*) FROM vendor")[0][0]
    assert "ACTIVATE_VERSION" in {message["type"] for message in messages}
