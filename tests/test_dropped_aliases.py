"""Columns that a query computes, where NetSuite drops their aliases and numbers them."""

import json
from typing import Any

import pytest

from tap_netsuite_tba.decoding import RowDecoder
from tap_netsuite_tba.errors import ValueMismatch
from tap_netsuite_tba.netsuite.suiteql import expressions
from tap_netsuite_tba.tables import PARENT_MODIFIED_AT, Column, ColumnType

COLUMNS = (
    Column("id", ColumnType.INTEGER),
    Column("trandate", ColumnType.DATE),
    Column("lastmodifieddate", ColumnType.DATETIME),
    Column(PARENT_MODIFIED_AT, ColumnType.DATETIME),
    Column("memo", ColumnType.TEXT),
)
EXPRESSIONS = ("trandate", "lastmodifieddate", "sdc_parent_modified_at")
DATES = ("2024-02-29", "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z")
FIRST = ("1", *DATES, "memo")


def decode_numbered(*rows: str) -> list[dict[str, Any]]:
    decoder = RowDecoder("transaction", COLUMNS, ("id",), EXPRESSIONS)
    # The first page shows how all keys are written, so that the second is decoded in one step.
    names = (column.wire_name for column in COLUMNS)
    [first] = decoder.decode(json.dumps([dict(zip(names, FIRST, strict=True))]).encode())
    assert first["id"] == 1
    return decoder.decode(f"[{','.join(rows)}]".encode())


def dates_of(row: dict[str, Any]) -> tuple[str | None, ...]:
    return row["trandate"], row["lastmodifieddate"], row[PARENT_MODIFIED_AT]


@pytest.mark.parametrize("dropped", [(0,), (1,), (2,), (0, 1), (1, 2), (0, 1, 2)])
def test_numbers_tell_the_columns_whose_aliases_were_dropped(dropped: tuple[int, ...]) -> None:
    names = [f"expr{n + 1}" if n in dropped else name for n, name in enumerate(EXPRESSIONS)]
    row = json.dumps({"id": "7"} | dict(zip(names, DATES, strict=True)))
    [decoded_row] = decode_numbered(row)
    assert dates_of(decoded_row) == DATES


def test_a_null_moves_no_number() -> None:
    first, second = decode_numbered(
        f'{{"id":"7","expr2":"{DATES[1]}"}}', f'{{"id":"8","expr1":"{DATES[0]}"}}'
    )
    assert dates_of(first) == (None, DATES[1], None)
    assert dates_of(second) == (DATES[0], None, None)


def test_the_numbers_are_understood_in_upper_case_from_the_first_page() -> None:
    decoder = RowDecoder("transaction", COLUMNS, ("id",), EXPRESSIONS)
    [row] = decoder.decode(f'[{{"ID":"7","EXPR1":"{DATES[0]}"}}]'.encode())
    assert row["trandate"] == DATES[0]


@pytest.mark.parametrize(
    "row",
    [
        '{"id":"7","expr4":"x"}',
        '{"id":"7","expr0":"x"}',
        '{"id":"7","expr1":"2024-02-29","trandate":"2024-02-29"}',
    ],
)
def test_a_number_that_tells_no_column_is_refused(row: str) -> None:
    with pytest.raises(ValueMismatch, match=r"calls a column of transaction expr\d"):
        decode_numbered(row)


def test_a_number_where_nothing_is_computed_is_refused() -> None:
    with pytest.raises(ValueMismatch, match="calls a column of transaction expr1"):
        RowDecoder("transaction", COLUMNS, ("id",)).decode(b'[{"id":"7","expr1":"5"}]')


def test_text_that_looks_like_a_number_of_an_expression_stays_text() -> None:
    assert decode_numbered('{"id":"7","memo":"expr1"}')[0]["memo"] == "expr1"


def test_a_number_in_upper_case_on_a_later_page_is_not_overlooked() -> None:
    [row] = decode_numbered(f'{{"id":"7","EXPR1":"{DATES[0]}"}}')
    assert row["trandate"] == DATES[0]


def test_a_number_and_its_alias_on_one_page_are_refused() -> None:
    decoder = RowDecoder("transaction", COLUMNS, ("id",), EXPRESSIONS)
    with pytest.raises(ValueMismatch, match="expr2"):
        decoder.decode(
            f'[{{"id":"7","lastmodifieddate":"{DATES[1]}","sdc_parent_modified_at":"{DATES[2]}"}},'
            f'{{"id":"8","expr2":"{DATES[2]}"}}]'.encode()
        )


def test_a_label_and_a_reserved_word_are_told_by_their_numbers_too() -> None:
    columns = (
        Column("id", ColumnType.INTEGER),
        Column("entity", ColumnType.INTEGER),
        Column("entity_label", ColumnType.TEXT, label_of="entity"),
        Column("date", ColumnType.DATE),
    )
    decoder = RowDecoder("systemnote", columns, ("id",), expressions(columns))
    for named in (
        '"entity_label":"ACME","sdc_date":"2024-02-29"',
        '"EXPR1":"ACME","expr2":"2024-02-29"',
    ):
        [row] = decoder.decode(f'[{{"id":"7","entity":"5",{named}}}]'.encode())
        assert row == {"id": 7, "entity": 5, "entity_label": "ACME", "date": "2024-02-29"}
