"""The text of queries over rows that are a part of a table, or the result of a SELECT."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tap_netsuite_tba.netsuite.sampling import select_all, select_times
from tap_netsuite_tba.netsuite.suiteql import (
    Since,
    select_count,
    select_every,
    select_extent,
    select_nothing,
    select_page_ends,
    select_present,
    select_rows,
    select_unchanged_count,
)
from tap_netsuite_tba.tables import Column, ColumnType, Table

SINCE = Since(datetime(2026, 3, 1, tzinfo=UTC))
COLUMNS = (Column("id", ColumnType.INTEGER), Column("lastmodifieddate", ColumnType.DATETIME))
ORDERS = Table(
    "record_salesorder",
    ("id",),
    COLUMNS,
    "lastmodifieddate",
    source="transaction",
    only=(("recordtype", "sales'order"),),
)
OWN = Table("late_orders", ("id",), COLUMNS, source="(SELECT o.id FROM transaction o)")
IS_ORDER = "t.recordtype = 'sales''order'"

TEXTS: dict[str, Callable[[Table], str]] = {
    "rows": lambda table: select_rows(table, COLUMNS, after=(5,)),
    "rows since": lambda table: select_rows(table, COLUMNS, since=SINCE),
    "page ends": lambda table: select_page_ends(table, after=(5,), pages=9, step=990),
    "every row": lambda table: select_every(1000, table, COLUMNS),
    "extent": select_extent,
    "count": select_count,
    "count up to": lambda table: select_count(table, up_to=(7,)),
    "proof": lambda table: select_nothing(table, COLUMNS),
    "presence": lambda table: select_present(table, [1, 2]),
    "sample": lambda table: select_all(table, ["id"]),
    "times": lambda table: select_times(table, {"c0": COLUMNS[1]}),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_what_stands_for_a_table_is_asked_in_its_place(kind: str) -> None:
    assert "FROM (SELECT o.id FROM transaction o) t" in TEXTS[kind](OWN)
    assert "FROM transaction t" in TEXTS[kind](ORDERS)


@pytest.mark.parametrize("kind", TEXTS)
def test_rows_of_others_in_the_same_table_are_left_out(kind: str) -> None:
    assert TEXTS[kind](ORDERS).count(IS_ORDER) == 1


def test_rows_of_others_are_no_more_counted_than_read() -> None:
    text = select_unchanged_count(ORDERS, SINCE.instant, since=None, highest=(9,))
    assert text.partition(" WHERE ")[2].startswith(f"{IS_ORDER} AND (SYS_EXTRACT_UTC(")


def test_a_condition_that_is_no_name_gets_as_far_as_no_query() -> None:
    with pytest.raises(ValueError, match="no name"):
        replace(ORDERS, only=(("1 = 1 OR t.type", "x"),))
