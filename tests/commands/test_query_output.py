"""Rows on a terminal, and where programs read them."""

import csv
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from tap_netsuite_tba.commands.query_output import Target, Texts
from tests.commands.test_screen import Terminal

ROWS: list[Texts] = [
    {"id": "-3", "name": "Müller & Söhne 54 GmbH", "total": "12.50"},
    {"id": "411", "name": "中村機械"},
    {"name": "x" * 200, "total": "-1"},
]
COLUMNS = ("id", "name", "total")


def shown(
    monkeypatch: pytest.MonkeyPatch,
    stream: io.StringIO,
    form: str | None,
    rows: Sequence[Texts],
    columns: Sequence[str] = COLUMNS,
) -> str:
    """What stands in a stream after a result was written to it, in two pages."""
    monkeypatch.setattr(sys, "stdout", stream)
    with Target(form, None).writer() as writer:
        writer.begin(columns, rows[:2])
        writer.write_rows(rows[:2])
        writer.write_rows(rows[2:])
    return stream.getvalue()


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def test_a_terminal_gets_a_table_and_a_pipe_csv(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, Terminal(), None, ROWS).splitlines()[:4] == [
        " id  name                    total",
        "---  ----------------------  -----",
        " -3  Müller & Söhne 54 GmbH  12.50",
        "411  中村機械",
    ]
    assert shown(monkeypatch, io.StringIO(), None, ROWS).startswith("id,name,total\n-3,Müller")


def test_what_is_longer_than_the_first_rows_is_cut_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cut = shown(monkeypatch, Terminal(), None, ROWS).splitlines()[-1]
    assert cut == f"     {'x' * 21}…     -1"
    whole = shown(monkeypatch, io.StringIO(), "table", ROWS).splitlines()[-1]
    assert "x" * 200 in whole


@pytest.mark.parametrize("width", [80, 120])
def test_a_table_is_no_wider_than_its_terminal(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    row = dict.fromkeys(("a", "b", "c", "d", "e"), "中" * 100)
    lines = shown(monkeypatch, Terminal(), None, [row] * 3, tuple(row)).splitlines()
    assert len(lines) == 5
    assert max(map(cell_len, lines)) <= width


def test_where_columns_have_no_room_each_row_is_a_list_without_nulls(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = [f"column_{n}" for n in range(20)]
    rows: list[Texts] = [dict.fromkeys(names[:2], "value"), {names[9]: "last"}]
    written = shown(monkeypatch, Terminal(), None, rows, names)
    assert written == "column_0   value\ncolumn_1   value\n\ncolumn_9   last\n\n"


@pytest.mark.parametrize("form", ["table", "csv", "jsonl"])
def test_no_value_steers_a_terminal(monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    rows: list[Texts] = [{"id": "\x1b[2J\x9b1m\x07\x7f\u202e\r中"}]
    written = shown(monkeypatch, Terminal(), form, rows)
    assert not [c for c in written if not c.isprintable() and c != "\n"]
    assert "中" in written


VALUES = st.none() | st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@example([dict.fromkeys(COLUMNS, "\r")])
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(COLUMNS, VALUES))))
def test_programs_read_what_was_written(rows: list[dict[str, str | None]]) -> None:
    found = [{k: v for k, v in row.items() if v is not None} for row in rows]
    with pytest.MonkeyPatch.context() as monkeypatch:
        lines = shown(monkeypatch, io.StringIO(), "jsonl", found).split("\n")
        assert [json.loads(line) for line in lines[:-1]] == rows
        text = shown(monkeypatch, io.StringIO(), "csv", found)
    head, *read = csv.reader(io.StringIO(text, newline=""))
    assert tuple(head) == COLUMNS
    assert read == [[row[name] or "" for name in COLUMNS] for row in rows]


def test_a_program_gets_utf_8_whatever_the_terminal_is_set_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, "ascii"))
    with Target("csv", None).writer() as writer:
        writer.begin(("a",), [])
        writer.write_rows([{"a": "中"}])
    assert written.getvalue() == "a\n中\n".encode()


def test_a_result_without_columns_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for form in ("table", "csv", "jsonl"):
        assert shown(monkeypatch, Terminal(), form, [], ()) == ""


def test_an_ending_of_no_format_needs_one(tmp_path: Path) -> None:
    with pytest.raises(click.UsageError, match=r"ending \.xlsx.*\.csv.*--format"):
        Target(None, str(tmp_path / "a.xlsx")).check()
    for form, name in (("csv", "a.xlsx"), (None, "a.NDJSON"), (None, "a"), (None, None)):
        Target(form, name and str(tmp_path / name)).check()


def test_a_file_is_written_as_a_pipe_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "stdout", Terminal())
    with Target(None, str(tmp_path / "a.csv")).writer() as writer:
        writer.begin(("a",), [])
        writer.write_rows([{"a": "x\r\ny\x1b"}, {"a": "\r"}, {}])
    assert (tmp_path / "a.csv").read_bytes() == b'a\n"x\r\ny\x1b"\n"\r"\n""\n'
