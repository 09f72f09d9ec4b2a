"""Rows become files, and a message names a file only once it is complete."""

import gzip
import json
import shutil
import sys
import tempfile
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet
from singer_sdk.helpers._batch import SDKBatchMessage, StorageTarget
from singer_sdk.singerlib import RecordMessage

from tap_netsuite_tba.batches import Batches, read_batch_config
from tap_netsuite_tba.errors import ConfigurationError, OutputFailed
from tap_netsuite_tba.parquet_file import Parquet
from tap_netsuite_tba.settings import SETTINGS, problems
from tap_netsuite_tba.writer import BufferedWriter

SCHEMA: dict[str, Any] = {
    "properties": {
        "id": {"type": ["integer"]},
        "amount": {"type": ["number", "null"]},
        "memo": {"type": ["string", "null"]},
        "is_open": {"type": ["boolean", "null"]},
        "links": {"type": ["array", "null"], "items": {"type": "integer"}},
    }
}
NOTHING = {"amount": None, "memo": None, "is_open": None, "links": None}
ROW = {
    "id": 1,
    "amount": Decimal("98765432109876.543210"),
    "memo": 'quote " tab\t漢 😀 \\N',
    "is_open": True,
    "links": [1, 22],
}

DIGITS = st.decimals(allow_nan=False, allow_infinity=False, places=6, max_value=10**20)

Row = dict[str, Any]


def batches(root: object, *aliases: str, **config: object) -> Batches:
    """Batches of a stream with some stream maps, into a folder."""
    read = read_batch_config({"storage": {"root": str(root)}, **config})
    assert read
    return Batches(read, dict.fromkeys(aliases or ("t",), SCHEMA))


def loaded(message: SDKBatchMessage) -> list[bytes]:
    """The lines of a batch, found as a target of the SDK finds them."""
    [address] = message.manifest
    folder, name = StorageTarget.split_url(address)
    with StorageTarget.from_url(folder).open(name) as file:
        content = file.read()
    is_gzip = message.encoding.compression == "gzip"
    return (gzip.decompress(content) if is_gzip else content).splitlines()


def in_record_messages(rows: list[Row], capsysbinary: pytest.CaptureFixture[bytes]) -> list[bytes]:
    """What stands under `record` in the messages that the writer writes."""
    writer = BufferedWriter()
    for row in rows:
        writer.write_message(RecordMessage(stream="t", record=row))
    writer.flush()
    start, end = b'{"type":"RECORD","stream":"t","record":', b"}"
    lines = capsysbinary.readouterr().out.splitlines()
    assert all(line.startswith(start) for line in lines)
    return [line.removeprefix(start).removesuffix(end) for line in lines]


@pytest.mark.parametrize("compression", ["gzip", "none"])
def test_a_line_is_the_record_of_a_message_byte_by_byte(
    tmp_path: Path, compression: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    rows = [ROW | {"id": key} for key in range(2_345)]
    filled = batches(tmp_path, encoding={"compression": compression})
    for row in rows:
        filled.add("t", row)
    [message] = filled.complete()
    lines = loaded(message)
    assert lines == in_record_messages(rows, capsysbinary)
    assert json.loads(lines[0], parse_float=Decimal)["amount"] == ROW["amount"]


def test_a_file_is_in_its_folder_only_once_it_is_complete(tmp_path: Path) -> None:
    filled = batches(tmp_path)
    for key in range(5_000):
        filled.add("t", ROW | {"id": key})
    assert list(tmp_path.iterdir()) == []
    [message] = filled.complete()
    assert [f"file://{path}" for path in tmp_path.iterdir()] == message.manifest
    assert len(loaded(message)) == 5_000


def test_a_batch_has_what_came_since_the_last_one(tmp_path: Path) -> None:
    filled = batches(tmp_path)
    names = []
    for key in range(3):
        filled.add("t", ROW | {"id": key})
        [message] = filled.complete()
        assert [json.loads(line)["id"] for line in loaded(message)] == [key]
        names += message.manifest
    assert names == sorted(set(names))
    assert list(filled.complete()) == []


def test_each_stream_map_has_files_of_its_own(tmp_path: Path) -> None:
    filled = batches(tmp_path, "client", "crm-client/all", "none")
    filled.add("client", {"id": 1})
    filled.add("crm-client/all", {"id": 1, "memo": "x"})
    filled.add("crm-client/all", {"id": 2, "memo": "y"})
    found = {message.stream: loaded(message) for message in filled.complete()}
    assert found == {
        "client": [b'{"id":1}'],
        "crm-client/all": [b'{"id":1,"memo":"x"}', b'{"id":2,"memo":"y"}'],
    }


def test_a_batch_is_due_when_so_many_rows_have_been_read(tmp_path: Path) -> None:
    filled = batches(tmp_path, batch_size=1_500)
    is_due = []
    for rows in (1_000, 500):
        filled.count(rows)
        is_due.append(filled.is_due)
    assert is_due == [False, True]
    assert list(filled.complete()) == []  # A stream map may have left no row.
    assert not filled.is_due


@pytest.mark.parametrize("place", ["a b/ü", "file", "relative"])
def test_a_target_of_the_sdk_finds_the_files(
    tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    root = {"a b/ü": tmp_path / "a b/ü", "file": tmp_path.as_uri(), "relative": "there"}[place]
    read = read_batch_config({"storage": {"root": str(root), "prefix": "netsuite/of-"}})
    assert read
    filled = Batches(read, {"t": SCHEMA})
    filled.add("t", {"id": 7})
    [message] = filled.complete()
    assert loaded(message) == [b'{"id":7}']
    assert "/netsuite/of-t-" in message.manifest[0]


def test_another_file_system_takes_them_too() -> None:
    filled = batches("memory://batches/here")
    filled.add("t", {"id": 7})
    [message] = filled.complete()
    assert message.manifest[0].startswith("memory:///batches/here/t-")


def test_of_a_file_that_cannot_be_written_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary, root = tmp_path / "temporary", tmp_path / "root"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    filled = batches(root)
    filled.add("t", ROW)
    [_] = filled.complete()
    shutil.rmtree(root)
    filled.add("t", ROW)
    with pytest.raises(OutputFailed, match=r"cannot be written.*goes on from the last"):
        list(filled.complete())
    assert list(temporary.iterdir()) == []
    root.mkdir()
    [message] = filled.complete()
    assert len(loaded(message)) == 1


def test_a_folder_that_cannot_be_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="batch_config: the folder cannot be used: "):
        batches(tmp_path / "file" / "below")


@pytest.mark.parametrize(
    ("given_config", "sentence"),
    [
        ({}, "'storage' is a required property"),
        ({"storage": {}}, "'root' is a required property"),
        ({"storage": {"root": "x"}, "encoding": {"format": "csv"}}, "'csv' is not one of"),
        ({"storage": {"root": "x"}, "batch_size": 0}, "0 is less than the minimum of 1"),
        ({"storage": {"root": "x"}, "size": 5}, "'size' was unexpected"),
    ],
)
def test_a_setting_that_cannot_be_is_said_in_a_sentence(given_config: Row, sentence: str) -> None:
    [said] = problems({"demo": True, "batch_config": given_config}, SETTINGS)
    assert said.startswith("batch_config: ")
    assert sentence in said


def test_a_password_in_an_address_is_not_shown() -> None:
    with pytest.raises(ConfigurationError) as raised:
        batches("nowhere://me:not-to-be-shown@host/x")
    assert "not-to-be-shown" not in str(raised.value)
    read = read_batch_config({"storage": {"root": "ftp://me:not-to-be-shown@host/x"}})
    assert "not-to-be-shown" not in repr(read)


def test_options_of_the_file_system_are_in_no_repr() -> None:
    storage = {"root": "s3://bucket", "params": {"secret": "not-to-be-shown"}}
    assert "not-to-be-shown" not in repr(read_batch_config({"storage": storage}))


def in_parquet(pages: list[list[Row]], schema: Row = SCHEMA) -> parquet.ParquetFile:
    file = Parquet("gzip", schema)
    for page in pages:
        file.write(page)
    return parquet.ParquetFile(BytesIO(file.content()))


@given(st.lists(st.lists(st.none() | DIGITS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_parquet_has_every_digit_whatever_the_pages_have(pages: list[list[Decimal | None]]) -> None:
    file = in_parquet([[{"id": 1, "amount": value} for value in page] for page in pages])
    assert file.read().column("amount").to_pylist() == [value for page in pages for value in page]


def test_parquet_has_the_types_of_the_schema_also_where_all_is_null() -> None:
    full, empty = in_parquet([[ROW]]), in_parquet([[{"id": 1} | NOTHING]])
    assert full.read().to_pylist() == [ROW]
    types = {field.name: str(field.type) for field in empty.schema_arrow}
    assert types == {field.name: str(field.type) for field in full.schema_arrow} | {
        "amount": "decimal128(1, 0)"
    }
    assert empty.read().to_pylist() == [{"id": 1} | NOTHING]


def test_parquet_has_objects_as_json_whatever_is_in_them() -> None:
    some = {"type": ["object", "null"], "properties": {"id": {"type": ["integer", "null"]}}}
    many = {"type": ["array", "null"], "items": some}
    pages: list[list[Row]] = [
        [{"some": {"id": 5, "rate": Decimal("1.10")}, "many": [{"id": "WY"}]}, {}],
        [{"some": {"id": "WY"}, "many": []}],
    ]
    table = in_parquet(pages, {"properties": {"some": some, "many": many}}).read()
    assert table.column("some").to_pylist() == ['{"id":5,"rate":1.10}', None, '{"id":"WY"}']
    assert table.column("many").to_pylist() == ['[{"id":"WY"}]', None, "[]"]
    empty = in_parquet([[{}]], {"properties": {"some": some}})
    assert str(empty.schema_arrow.field("some").type) == "string"


def test_parquet_takes_what_a_stream_map_makes_of_numbers() -> None:
    pages: list[list[Row]] = [[{"amount": 0}], [{"amount": 2.5}], [{"amount": Decimal("1.10")}]]
    values = in_parquet(pages, {"properties": {"amount": SCHEMA["properties"]["amount"]}}).read()
    assert values.column("amount").to_pylist() == [0, Decimal("2.5"), Decimal("1.1")]


@pytest.mark.parametrize(
    "pages",
    [
        [[{"memo": "a"}, {"memo": 1}]],
        [[{"memo": ROW["amount"]}], [{"memo": 2.5}]],
        [[{"memo": 2**70}]],
        [[{"amount": "many"}]],
        [[{"amount": Decimal("1E+70")}], [{"amount": Decimal("1E-70")}]],
    ],
)
def test_parquet_says_what_it_cannot_take(pages: list[list[Row]]) -> None:
    [name] = pages[0][0]
    with pytest.raises(ConfigurationError, match=f"values of {name} do not fit into one column"):
        in_parquet(pages, {"properties": {name: SCHEMA["properties"][name]}})


def test_parquet_without_its_package_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.delitem(sys.modules, "tap_netsuite_tba.parquet_file")
    filled = batches(tmp_path, encoding={"format": "parquet"})
    filled.add("t", ROW)
    with pytest.raises(ConfigurationError, match=r"Install tap-netsuite-tba\[parquet\]"):
        list(filled.complete())
