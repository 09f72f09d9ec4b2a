"""What a discovery keeps of an earlier one's tables."""

from collections.abc import Mapping

import pytest

from tap_netsuite_tba.discovery.found import Wanted
from tap_netsuite_tba.discovery.tables import discover
from tap_netsuite_tba.tables import ColumnType, Table

from .discovered import LISTS, WORKERS, found
from .role import Role, Row

BLIND = frozenset({"customfield"})


def found_after(earlier: Mapping[str, Table], role: Role, *patterns: str) -> dict[str, Table]:
    known = tuple(earlier.values())
    found = discover(Wanted(patterns), role.fetch, role.catalog, WORKERS, known)
    return {table.name: table for table in found.tables}


@pytest.mark.parametrize(
    ("table", "column"), [("systemnote2", "extra"), ("vendor", "custentity_tier")]
)
def test_a_column_that_only_rows_showed_stays_where_other_rows_lack_it(
    table: str, column: str
) -> None:
    rows: list[Row] = [{"id": "1", "name": "a", column: "x"}]
    first = found(Role(hidden=BLIND, rows={table: rows}), table)
    other: list[Row] = [{"id": "2", "name": "b"}]
    assert found_after(first, Role(hidden=BLIND, rows={table: other}), table) == first


def test_a_column_that_only_rows_showed_is_gone_where_netsuite_refuses_it() -> None:
    first = found(Role(rows={"systemnote2": [{"id": "1", "extra": "x"}]}), "systemnote2")
    role = Role({"systemnote2": {"extra"}}, rows={"systemnote2": [{"id": "2"}]})
    assert found_after(first, role, "systemnote2")["systemnote2"].column_names == ("id",)


def test_what_the_catalog_of_records_told_stays_where_rows_tell_of_others() -> None:
    plate = {"properties": {"custentity_plate": {"type": "string", "title": "Plate"}}}
    first = found(Role(hidden=BLIND, schemas={"vendor": plate}), "vendor")
    role = Role(hidden=BLIND, rows={"vendor": [{"id": "1", "custentity_tier": "2"}]})
    columns = found_after(first, role, "vendor")["vendor"].columns
    titles = {column.name: column.title for column in columns}
    assert (titles["custentity_plate"], titles["custentity_tier"]) == ("Plate", "")


def test_what_the_catalog_of_records_tells_anew_counts() -> None:
    def plate(kind: str) -> Role:
        schema = {"properties": {"custentity_plate": {"type": kind}}}
        return Role(hidden=BLIND, schemas={"vendor": schema})

    first, now = found(plate("integer"), "vendor"), found(plate("string"), "vendor")
    assert found_after(first, plate("string"), "vendor") == now != first


def test_a_date_that_was_an_instant_stays_one() -> None:
    first = found(Role(times={"transaction": {"trandate": "13:00:00"}}), "transaction")
    role = Role(times={"transaction": {"trandate": "00:00:00"}})
    assert found_after(first, role, "transaction") == first
    assert found(role, "transaction") != first


@pytest.mark.parametrize("value", ["3", "Net 30"])
def test_the_type_of_a_shipped_column_is_the_same_whatever_rows_show(value: str) -> None:
    role = Role(hidden=LISTS, rows={"vendor": [{"id": "1", "terms": value}]})
    types = {column.name: column.type for column in found(role, "vendor")["vendor"].columns}
    assert types["terms"] is ColumnType.INTEGER


def test_nothing_is_said_of_a_value_whose_column_is_read_as_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    role = Role(hidden=LISTS, rows={"vendor": [{"id": "1", "terms": "Net 30"}]})
    found(role, "vendor", column_types={"vendor.terms": ColumnType.TEXT})
    assert "vendor.terms" not in caplog.text
