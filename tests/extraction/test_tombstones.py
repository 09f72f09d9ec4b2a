"""Rows that tell which rows are gone."""

import pytest

from tap_netsuite_tba.decoding import Row
from tap_netsuite_tba.extraction.tombstones import has_tombstones, tombstones
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import DELETED_AT, PARENT_MODIFIED_AT, Column, ColumnType, Table

THEN = "2026-01-02T23:59:59Z"
A_SECOND_LATER = "2026-01-03T00:00:00Z"
TRANSACTION = shipped_tables()["transaction"]
LINES = shipped_tables()["transactionline"]
ACCOUNTING_LINES = shipped_tables()["transactionaccountingline"]
_DELETED = Column(DELETED_AT, ColumnType.DATETIME)
_PARENT_MODIFIED = Column(PARENT_MODIFIED_AT, ColumnType.DATETIME)


def buried(table: Table, *more: Column, keys: tuple[int, ...] = (7,)) -> list[Row]:
    columns = (*table.columns, *more)
    return list(tombstones(table, columns, dict.fromkeys(keys, THEN), lambda *_: False))


def filled(row: Row) -> Row:
    return {name: value for name, value in row.items() if value is not None}


def test_a_tombstone_is_of_full_width_and_holds_its_key_and_when() -> None:
    [row] = buried(TRANSACTION, _DELETED)
    assert list(row) == [*TRANSACTION.column_names, DELETED_AT]
    assert filled(row) == {"id": 7, DELETED_AT: THEN}


def test_each_deleted_row_has_its_own() -> None:
    rows = buried(TRANSACTION, _DELETED, keys=(7, -2, 9))
    assert [row["id"] for row in rows] == [7, -2, 9]


@pytest.mark.parametrize(
    ("table", "main_line"),
    [
        (LINES, {"id": 0}),
        (ACCOUNTING_LINES, {"transactionline": 0, "accountingbook": 1}),
    ],
)
def test_the_lines_of_a_transaction_are_buried_in_the_place_of_its_main_line(
    table: Table, main_line: Row
) -> None:
    [row] = buried(table, _DELETED, _PARENT_MODIFIED)
    assert list(row) == [*table.column_names, DELETED_AT, PARENT_MODIFIED_AT]
    assert [*main_line] == [*table.key[1:]]
    dates = {DELETED_AT: THEN, PARENT_MODIFIED_AT: A_SECOND_LATER}
    assert filled(row) == {"transaction": 7} | main_line | dates


def test_lines_without_the_date_of_their_transaction_have_tombstones_without_it() -> None:
    [row] = buried(LINES, _DELETED)
    assert filled(row) == {"transaction": 7, "id": 0, DELETED_AT: THEN}


def test_what_never_went_out_leaves_no_tombstone() -> None:
    asked = []

    def never_had(key: int, deleted_at: str) -> bool:
        asked.append((key, deleted_at))
        return key > 8

    columns = (*TRANSACTION.columns, _DELETED)
    deleted = {7: THEN, 8: A_SECOND_LATER, 9: THEN}
    rows = tombstones(TRANSACTION, columns, deleted, never_had)
    assert [row["id"] for row in rows] == [7, 8]
    assert asked == [*deleted.items()]


def test_without_the_date_of_deletion_tombstones_could_not_be_told_from_rows() -> None:
    assert has_tombstones((*TRANSACTION.columns, _DELETED))
    assert not has_tombstones(TRANSACTION.columns)
