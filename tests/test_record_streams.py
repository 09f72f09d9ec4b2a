"""What Singer sees of documents: a row for each record, as NetSuite shows it, and its state."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from tap_netsuite_tba.extraction.answers import Chunk
from tap_netsuite_tba.netsuite.query import Document
from tap_netsuite_tba.netsuite.records import RecordService
from tap_netsuite_tba.progress import StreamReport
from tap_netsuite_tba.record_stream import RecordStream
from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.tap import TapNetSuite
from tests.catalogs import (
    Catalog,
    Message,
    catalog_of,
    last_state,
    metadata_of,
    rows_of,
)
from tests.tap_process import TapProcess, configuration, run_tap
from tests.test_streams import delete

STREAM = "record_salesorder"
ORDERS = "recordtype = 'salesorder'"
SMALL_PIECES = (
    "from tap_netsuite_tba import plain_stream; plain_stream.STATE_PAGES = 1\n"
    "from tap_netsuite_tba.extraction import documents; documents.PIECE = 5\n"
)
"""A prelude with which the state goes out every five records."""


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    """One for all: no test relies on what another did to it."""
    with Simulator(transactions=100) as account:
        yield account


def config_of(account: Simulator, *records: str, **settings: object) -> dict[str, Any]:
    return configuration(account, tables=[], records=[*records] or ["salesorder"], **settings)


@pytest.fixture(scope="module")
def catalog(account: Simulator) -> Catalog:
    return catalog_of(config_of(account))


def ids(account: Simulator, table: str = "transaction", where: str = ORDERS) -> list[int]:
    rows = account.sql(f"SELECT id FROM {table} WHERE {where} ORDER BY id")  # noqa: S608 - a test's own
    return [key for (key,) in rows]


def edit(account: Simulator, key: int) -> None:
    account.sql(
        "UPDATE transaction SET memo = 'edited', lastmodifieddate = now() AT TIME ZONE 'UTC' "
        "WHERE id = ?",
        [key],
    )


def schema_of(messages: list[Message], stream: str = STREAM) -> dict[str, Any]:
    [schema] = [m["schema"] for m in messages if m["type"] == "SCHEMA" and m["stream"] == stream]
    return dict(schema)


def test_each_record_of_the_type_is_a_row_in_the_order_of_ids(account: Simulator) -> None:
    messages, code, _ = run_tap(config_of(account))
    assert code == 0
    assert [row["id"] for row in rows_of(messages, STREAM)] == ids(account)
    assert {m["stream"] for m in messages if m["type"] == "SCHEMA"} == {STREAM, "unreadable_record"}


def test_rows_are_whole_documents_of_the_schema(account: Simulator) -> None:
    messages, _, _ = run_tap(config_of(account))
    validator = Draft7Validator(schema_of(messages))
    rows = rows_of(messages, STREAM)
    assert not [error.message for row in rows for error in validator.iter_errors(row)]
    truth = account.records.document("salesorder", rows[0]["id"])
    lines = rows[0]["item"]
    assert len(lines["items"]) == lines["totalResults"] == len(truth["item"]["items"]) > 0
    assert rows[0]["entity"]["refName"] == truth["entity"]["refName"]
    assert rows[0]["lastModifiedDate"] == truth["lastModifiedDate"]
    assert '"links"' not in json.dumps(rows)


def test_names_are_taken_in_any_case_and_once(account: Simulator) -> None:
    catalog = catalog_of(config_of(account, "salesOrder", "SALESORDER"))
    assert [e["tap_stream_id"] for e in catalog["streams"]] == [STREAM, "unreadable_record"]


def test_the_catalog_has_the_key_and_the_date_as_documents_write_them(catalog: Catalog) -> None:
    root = metadata_of(catalog, STREAM)
    assert root["table-key-properties"] == ["id"]
    assert root["valid-replication-keys"] == ["lastModifiedDate"]
    assert root["selected-by-default"]
    for name in ("id", "lastModifiedDate"):
        assert metadata_of(catalog, STREAM, "properties", name)["inclusion"] == "automatic"


def test_a_given_catalog_is_enough_to_read_by(account: Simulator, catalog: Catalog) -> None:
    config = config_of(account)
    discovered, _, _ = run_tap(config)
    asked = account.counters.services["/services/rest/record/v1/metadata-catalog/"]
    given, code, log = run_tap(config, catalog=catalog)
    assert code == 0, log
    assert rows_of(given, STREAM) == rows_of(discovered, STREAM)
    assert account.counters.services["/services/rest/record/v1/metadata-catalog/"] == asked


def test_a_date_that_documents_lack_comes_from_suiteql(
    account: Simulator, catalog: Catalog
) -> None:
    renamed = json.loads(json.dumps(catalog).replace('"lastModifiedDate"', '"lastModified"'))
    messages, code, log = run_tap(config_of(account), catalog=renamed)
    assert code == 0, log
    for row in rows_of(messages, STREAM):
        assert row["lastModified"] == row["_sdc_extra"]["lastModifiedDate"]


def test_what_is_deselected_does_not_go_out(account: Simulator, catalog: Catalog) -> None:
    edited = json.loads(json.dumps(catalog))
    for name in ("item", "memo", "_sdc_deleted_at"):
        metadata_of(edited, STREAM, "properties", name)["selected"] = False
    messages, _, _ = run_tap(config_of(account), catalog=edited)
    [names] = {tuple(row) for row in rows_of(messages, STREAM)}
    assert {"item", "memo", "_sdc_deleted_at"}.isdisjoint(names)
    assert set(names) == set(schema_of(messages)["properties"])
    assert {"id", "entity", "lastModifiedDate"} <= set(names)


def test_whoever_names_a_type_and_deselects_it_is_told(
    account: Simulator, catalog: Catalog
) -> None:
    edited = json.loads(json.dumps(catalog))
    metadata_of(edited, STREAM)["selected"] = False
    messages, code, log = run_tap(config_of(account), catalog=edited)
    assert code == 0
    assert not rows_of(messages, STREAM)
    assert f"{STREAM}, but they are deselected" in log


def test_an_incremental_run_reads_what_changed_and_buries_what_is_gone(
    account: Simulator,
) -> None:
    config = config_of(account, lookback_seconds=0)
    messages, _, _ = run_tap(config)
    [*_, gone, changed] = ids(account)
    edit(account, changed)
    assert delete(account, "transaction", f"id = {gone}") == [gone]
    again, code, log = run_tap(config, state=last_state(messages))
    assert code == 0, log
    rows = {row["id"]: row for row in rows_of(again, STREAM)}
    assert rows[changed]["memo"] == "edited"
    assert rows[gone]["_sdc_deleted_at"]
    assert not {name for name, value in rows[gone].items() if value} - {"id", "_sdc_deleted_at"}
    assert set(rows[gone]) == set(rows[changed])
    assert len(rows) < len(ids(account))


def test_deselected_tombstones_do_not_go_out(account: Simulator, catalog: Catalog) -> None:
    edited = json.loads(json.dumps(catalog))
    metadata_of(edited, STREAM, "properties", "_sdc_deleted_at")["selected"] = False
    config = config_of(account, lookback_seconds=0)
    messages, _, _ = run_tap(config, catalog=edited)
    gone = ids(account)[-1]
    delete(account, "transaction", f"id = {gone}")
    again, code, log = run_tap(config, state=last_state(messages), catalog=edited)
    assert code == 0, log
    assert gone not in {row["id"] for row in rows_of(again, STREAM)}


def test_a_document_without_its_id_has_that_of_its_row(
    account: Simulator, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = RecordService.read

    def without_id(*record: Any, **means: Any) -> Document:  # noqa: ANN401 - as they come
        document = read(*record, **means)
        return {name: value for name, value in document.items() if name != "id"}

    monkeypatch.setattr(RecordService, "read", without_id)
    messages, code, log = run_tap(config_of(account), catalog=catalog)
    assert code == 0, log
    assert [row["id"] for row in rows_of(messages, STREAM)] == ids(account)


def test_rows_without_documents_are_never_passed_over(account: Simulator) -> None:
    tap = TapNetSuite(config=config_of(account))
    [stream] = [each for each in tap.streams.values() if isinstance(each, RecordStream)]
    at = datetime(2026, 1, 1, tzinfo=UTC)
    chunk = Chunk(rows=[{"id": 5}], keys=[(5,)], covered=(), asked_at=at, total_results=1, size=1)
    with pytest.raises(TypeError, match="without documents"):
        next(stream._rows(chunk, StreamReport(STREAM, "full table", 0.0)))  # noqa: SLF001


def test_a_record_is_read_again_if_one_of_its_lines_changed_without_it(
    account: Simulator,
) -> None:
    config = config_of(account, lookback_seconds=0)
    messages, _, _ = run_tap(config)
    changed = ids(account)[3]
    account.sql(
        "UPDATE transactionline SET memo = 'alone', "
        "linelastmodifieddate = now() AT TIME ZONE 'UTC' WHERE transaction = ? AND id = 1",
        [changed],
    )
    again, code, log = run_tap(config, state=last_state(messages))
    assert code == 0, log
    [row] = [row for row in rows_of(again, STREAM) if row["id"] == changed]
    assert "alone" in json.dumps(row["item"])


def test_a_type_without_dates_is_read_whole_and_activated(account: Simulator) -> None:
    config = config_of(account, "subsidiary")
    messages, code, log = run_tap(config)
    assert code == 0, log
    versions = [m["version"] for m in messages if m["type"] == "ACTIVATE_VERSION"]
    rows = [m for m in messages if m["type"] == "RECORD"]
    assert {m["version"] for m in rows} == set(versions)
    assert [m["record"]["id"] for m in rows] == ids(account, "subsidiary", "TRUE")


def test_a_type_that_cannot_be_read_is_said_in_each_run_and_its_exit_code_tells(
    account: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    config = config_of(account, "saleorder", "currency")
    for _ in range(2):
        caplog.clear()
        messages, code, log = run_tap(config)
        assert code == 1
        assert rows_of(messages, "record_currency")
        assert "The stream record_saleorder is left out" in log
        assert "salesorder" in log
        assert "Not read at all: record_saleorder." in log


def test_a_discovery_is_remembered_until_fields_change(account: Simulator) -> None:
    def asked() -> int:
        return account.counters.services["/services/rest/record/v1/metadata-catalog/"]

    config = config_of(account, "currency")
    first = catalog_of(config)
    before = asked()
    assert catalog_of(config) == first
    assert asked() == before
    account.sql("UPDATE customfield SET lastmodifieddate = now() AT TIME ZONE 'UTC' WHERE id = 1")
    account.sql("DELETE FROM customfield WHERE id = (SELECT max(id) FROM customfield)")
    assert catalog_of(config) == first
    assert asked() > before


def test_a_test_reads_few_records(account: Simulator, tmp_path: Path) -> None:
    config = config_of(account, "currency", "salesorder")
    before = account.counters.requests
    with TapProcess(tmp_path, config, ("--test",), is_warm=True) as tap:
        messages = list(tap.messages())
        assert tap.process.wait(60) == 0
    assert [m["stream"] for m in messages if m["type"] == "RECORD"].count(STREAM) == 1
    assert account.counters.requests - before < 100


def test_several_types_are_read_in_one_run(account: Simulator) -> None:
    messages, code, log = run_tap(config_of(account, "vendor", "customrecord_vehicle"))
    assert code == 0, log
    for name in ("vendor", "customrecord_vehicle"):
        read = [row["id"] for row in rows_of(messages, f"record_{name}")]
        assert read == ids(account, name, "TRUE")
    assert account.counters.peak_in_flight <= 5
