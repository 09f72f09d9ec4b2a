"""Streams whose rows go to batch files: what is in them, and when the state says so."""

import gzip
import json
import logging
import os
import signal
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from tap_netsuite_tba import refreshed
from tap_netsuite_tba.batches import Batches, Folder
from tap_netsuite_tba.errors import OrderViolation
from tap_netsuite_tba.extraction.passes import pass_steps
from tap_netsuite_tba.extraction.waiting import Waiting
from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.tap import TapNetSuite
from tests.catalogs import last_state, rows_of
from tests.tap_process import Message, configuration, run_for_lines, run_tap, signals_kept

ROWS = 2_500
MAPS = {
    "transaction": {"__alias__": "odd", "__filter__": "id % 2 == 1", "tranid": "md5(tranid or '')"},
    "short": {"__source__": "transaction", "key": "id", "memo": "memo", "__else__": None}
    | {"__key_properties__": ["key"]},
    "customer": {"__else__": None, "id": "id", "entityid": None},
    "vendor": None,
}
FLATTENING = {"flattening_enabled": True, "flattening_max_depth": 1}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "batches"


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(transactions=ROWS) as account:
        yield account


def lines_of(message: Message) -> list[bytes]:
    """What the files that a BATCH message names have."""
    assert message["encoding"] == {"format": "jsonl", "compression": "gzip"}
    paths = [Path(address.removeprefix("file://")) for address in message["manifest"]]
    return [line for path in paths for line in gzip.decompress(path.read_bytes()).splitlines()]


def in_batches(messages: list[Message], stream: str = "transaction") -> list[dict[str, Any]]:
    """The rows of a stream in its files, in the order of the messages."""
    batches = [m for m in messages if m["type"] == "BATCH" and m["stream"] == stream]
    return [json.loads(line) for message in batches for line in lines_of(message)]


def batching(root: Path, rows: int = 1_000, **encoding: str) -> dict[str, Any]:
    given = {"storage": {"root": str(root)}, "batch_size": rows}
    return {"batch_config": given | ({"encoding": encoding} if encoding else {})}


@pytest.mark.parametrize("settings", [{}, {"stream_maps": MAPS} | FLATTENING])
def test_the_files_have_what_the_records_would(
    account: Simulator, root: Path, settings: dict[str, Any]
) -> None:
    config = configuration(account, tables=["customer", "transaction", "vendor"], **settings)
    lines, code, log = run_for_lines(config)
    assert code == 0, log
    records: dict[str, list[bytes]] = {}
    for line in lines:
        if line.startswith(b'{"type":"RECORD"'):
            head, _, rest = line.partition(b',"record":')
            record, _, _ = rest.rpartition(b',"time_extracted"')
            records.setdefault(json.loads(head + b"}")["stream"], []).append(record)
    messages, code, log = run_tap(config | batching(root))
    assert code == 0, log
    batches: dict[str, list[bytes]] = {}
    for message in messages:
        if message["type"] == "BATCH":
            batches.setdefault(message["stream"], []).extend(lines_of(message))
    assert {name: sorted(rows) for name, rows in batches.items()} == {
        name: sorted(rows) for name, rows in records.items()
    }
    assert {"RECORD", "ACTIVATE_VERSION"} & {message["type"] for message in messages} == set()
    schemas = [m for m in messages if m["type"] == "SCHEMA"]
    assert [m["stream"] for m in schemas] == [
        json.loads(line)["stream"] for line in lines if line.startswith(b'{"type":"SCHEMA"')
    ]


def test_a_state_follows_each_batch_and_tells_no_more_than_the_files_have(
    account: Simulator, root: Path
) -> None:
    config = configuration(account) | batching(root, rows=1_500)
    with signals_kept():
        tap = TapNetSuite(config=config)
    messages, code, log = run_tap(config, tap=tap)
    assert code == 0, log
    assert [stream.rows for stream in tap.run.report.streams] == [ROWS]
    complete: set[int] = set()
    positions = []
    for message, after in pairwise(messages):
        if message["type"] == "BATCH":
            complete |= {json.loads(line)["id"] for line in lines_of(message)}
            assert after["type"] == "STATE"
            passed = after["value"]["bookmarks"]["transaction"]["pass"]
            positions.append(passed["after_key"])
            if passed["after_key"]:
                assert complete >= ids_up_to(account, passed["after_key"][0])
    assert len(positions) >= 2
    assert any(positions)
    assert complete == ids_up_to(account)


def ids_up_to(account: Simulator, key: int = 2**62) -> set[int]:
    return {key for (key,) in account.sql("SELECT id FROM transaction WHERE id <= ?", [key])}


def test_no_batch_ends_because_nothing_comes_for_a_while(
    account: Simulator, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hesitant(*arguments: Any) -> Iterator[Any]:  # noqa: ANN401 - whatever the original takes
        for step in pass_steps(*arguments):
            yield step
            if not isinstance(step, Waiting):
                yield None, step[1]

    monkeypatch.setattr(refreshed, "pass_steps", hesitant)
    messages, code, log = run_tap(configuration(account) | batching(root, rows=100_000))
    assert code == 0, log
    assert [m["type"] for m in messages if m["type"] != "STATE"] == ["SCHEMA", "BATCH"]
    assert len(in_batches(messages)) == ROWS


@pytest.mark.parametrize("at", [(Batches, "add", 1_300), (Folder, "keep", 2)])
def test_a_run_that_is_stopped_leaves_no_part_of_a_file_and_a_state_without_its_rows(
    account: Simulator, root: Path, monkeypatch: pytest.MonkeyPatch, at: tuple[type, str, int]
) -> None:
    owner, name, calls = at
    original, left = getattr(owner, name), [calls]

    def stopping(*arguments: object) -> object:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGTERM)
        return original(*arguments)

    config = configuration(account) | batching(root, rows=1_500)
    with monkeypatch.context() as patched:
        patched.setattr(owner, name, stopping)
        first, code, log = run_tap(config)
    assert code == 128 + signal.SIGTERM, log
    named = {Path(a.removeprefix("file://")) for m in first for a in m.get("manifest", ())}
    assert set(root.iterdir()) == named
    out = {row["id"] for row in in_batches(first)}
    assert len(out) < ROWS

    second, code, log = run_tap(config, state=last_state(first))
    assert code == 0, log
    again = {row["id"] for row in in_batches(second)}
    assert out | again == ids_up_to(account)
    assert not out & again


def test_a_table_that_fails_keeps_the_rows_that_it_had(
    account: Simulator, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = configuration(account) | batching(root, rows=100_000)
    with monkeypatch.context() as patched:
        patched.setattr("tap_netsuite_tba.streams.check_shrink", unlike_before)
        first, code, log = run_tap(config)
    assert code == 1, log
    assert "transaction was not read to its end: nothing is as before" in log
    assert {row["id"] for row in in_batches(first)} == ids_up_to(account)
    [batch] = [place for place, m in enumerate(first) if m["type"] == "BATCH"]
    states = [m["value"]["bookmarks"]["transaction"] for m in first[:batch] if m["type"] == "STATE"]
    assert all(state["pass"]["after_key"] is None for state in states)
    assert first[batch + 1]["type"] == "STATE"


def unlike_before(stream: str, *_: object) -> None:
    raise OrderViolation("nothing is as before", table=stream)


def test_what_leaves_no_row_moves_the_state_all_the_same(account: Simulator, root: Path) -> None:
    maps = {"transaction": {"__filter__": "id < 0"}}
    config = configuration(account, stream_maps=maps) | batching(root)
    messages, code, log = run_tap(config)
    assert code == 0, log
    assert list(root.iterdir()) == []
    positions = [
        m["value"]["bookmarks"]["transaction"]["pass"]["after_key"]
        for m in messages
        if m["type"] == "STATE"
    ]
    assert len(positions) >= 3
    assert last_state(messages)["bookmarks"]["transaction"]["replication_key_value"]


def test_tombstones_go_to_files_too(root: Path) -> None:
    with Simulator(transactions=300) as account:
        config = configuration(account) | batching(root)
        messages, code, log = run_tap(config)
        assert code == 0, log
        account.clock.advance(60)
        [gone] = account.churn.delete(1)
        messages, code, log = run_tap(config, state=last_state(messages))
    assert code == 0, log
    assert rows_of(messages, "transaction") == []
    [tombstone] = [row for row in in_batches(messages) if row["_sdc_deleted_at"]]
    assert tombstone["id"] == gone
    assert messages[-1]["type"] == "STATE"


def test_rows_under_a_version_stay_in_record_messages(
    account: Simulator, root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    config = configuration(account, tables=["currency", "customer"]) | batching(root)
    messages, code, log = run_tap(config)
    assert code == 0, log
    [said] = [line for line in caplog.messages if line.startswith("Read whole, and hence not")]
    assert "to batch files, where rows have no version: currency. With emit_activate_" in said
    assert all(m["version"] for m in messages if m["type"] == "RECORD")
    assert {m["stream"] for m in messages if m["type"] == "RECORD"} == {"currency"}
    assert {m["stream"] for m in messages if m["type"] == "ACTIVATE_VERSION"} == {"currency"}
    assert {m["stream"] for m in messages if m["type"] == "BATCH"} == {"customer"}


def test_without_versions_whole_tables_go_to_files(account: Simulator, root: Path) -> None:
    config = configuration(account, tables=["currency"], emit_activate_version_messages=False)
    messages, code, log = run_tap(config | batching(root))
    assert code == 0, log
    assert "Read whole" not in log
    [(count,)] = account.sql("SELECT COUNT(*) FROM currency")
    assert len(in_batches(messages, "currency")) == count
    assert {m["type"] for m in messages} == {"SCHEMA", "BATCH", "STATE"}


def test_parquet_has_the_same_rows(account: Simulator, root: Path) -> None:
    config = configuration(account, tables=["customer"])
    messages, code, log = run_tap(config | batching(root, format="parquet"))
    assert code == 0, log
    [batch] = [m for m in messages if m["type"] == "BATCH"]
    assert batch["encoding"] == {"format": "parquet", "compression": "gzip"}
    records, code, log = run_tap(config)
    assert code == 0, log
    [file] = root.glob("*.parquet")
    rows = parquet.read_table(file).to_pylist()
    assert [json_like(row) for row in rows] == rows_of(records, "customer")


def json_like(row: dict[str, Any]) -> dict[str, Any]:
    encoded = json.dumps(row, default=float)
    decoded: dict[str, Any] = json.loads(encoded)
    return decoded


def test_a_test_of_the_connection_writes_no_file(account: Simulator, root: Path) -> None:
    with signals_kept():
        tap = TapNetSuite(config=configuration(account) | batching(root))
        assert tap.run_connection_test()
        tap.hang_up()
    assert not root.exists()
