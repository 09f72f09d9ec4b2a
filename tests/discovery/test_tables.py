"""From the setting `tables` to the tables that this role can read."""

import math
import re
from dataclasses import replace

import pytest

from tap_netsuite_tba.discovery.found import Wanted
from tap_netsuite_tba.discovery.samples import KEYS
from tap_netsuite_tba.discovery.tables import discover
from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.extraction.groups import MAX_COLUMNS
from tap_netsuite_tba.netsuite.errors import (
    QueryRefused,
    RetriesExhausted,
    ServerFault,
)
from tap_netsuite_tba.netsuite.metadata import RecordCatalog
from tap_netsuite_tba.netsuite.query import Document, Page, Query, Resource
from tap_netsuite_tba.shipped import family, shipped_tables
from tap_netsuite_tba.tables import (
    DELETED_AT,
    PARENT_MODIFIED_AT,
    ColumnType,
    Group,
)

from .discovered import (
    CUSTOM_FIELDS,
    LISTS,
    OWN,
    WORKERS,
    discovered,
    found,
    of_netsuite,
    shipped_names,
)
from .role import UNNAMED, Role, Row, hidden_table


def test_a_role_that_sees_all_gets_all() -> None:
    role = Role(rows=CUSTOM_FIELDS)
    tables = found(role)
    assert set(tables) == shipped_names()
    for name, table in tables.items():
        assert set(shipped_tables()[name].column_names) <= set(table.column_names)
        assert table.replication_key == shipped_tables()[name].replication_key


def test_a_table_as_expected_costs_a_request_and_one_more_for_its_dates() -> None:
    role = Role(rows=CUSTOM_FIELDS)
    for name, table in found(role).items():
        columns = [column for column in table.columns if column.name != DELETED_AT]
        has_dates = any(column.type is ColumnType.DATE for column in columns)
        groups = math.ceil(len(columns) / MAX_COLUMNS)
        assert len(role.asked_about(name)) <= groups + has_dates
    assert all(len(role.asked_about(name)) == 1 for name in LISTS)


def test_nothing_is_asked_of_the_account_that_no_pattern_wants() -> None:
    role = Role(rows=CUSTOM_FIELDS)
    found(role, "currency", "accounttype")
    assert {query.table for query in role.queries} == {"currency", "accounttype"}


def test_what_the_account_made_itself_is_found() -> None:
    tables = found(Role(rows=OWN), "custom*_*", "customrecord49", "map_*")
    assert tables.keys() == {
        "customlist_tag",
        "customrecord49",
        "customrecord_vehicle",
        "map_item_custitem_tags",
    }
    vehicle = tables["customrecord_vehicle"]
    assert vehicle.group is Group.CUSTOM
    assert vehicle.cursor == "lastmodified"
    assert vehicle.column_names[-1] == "custrecord_plate"
    assert DELETED_AT in vehicle.column_names
    # Of a record type without rows the columns of its family are there.
    assert of_netsuite(tables["customrecord49"]) == family("customrecord").column_names


def test_a_record_whose_fields_cannot_be_seen_has_the_columns_of_its_rows() -> None:
    role = Role(rows=OWN, hidden=frozenset({"customfield"}))
    table = found(role, "customrecord_vehicle")["customrecord_vehicle"]
    types = {column.name: column.type for column in table.columns}
    assert types["custrecord_plate"] is ColumnType.TEXT
    assert types["custrecord_axles"] is ColumnType.INTEGER


def test_a_field_whose_record_cannot_be_told_has_its_label_where_rows_have_it() -> None:
    fields: list[Row] = [
        {"internalid": "3", "scriptid": "CUSTRECORD_AXLES", "name": "Axles", "recordtype": "101"}
    ]
    role = Role(rows={**OWN, "customfield": fields}, hidden=frozenset({"customrecordtype"}))
    table = found(role, "customrecord_vehicle")["customrecord_vehicle"]
    titles = {column.name: column.title for column in table.columns}
    assert titles["custrecord_axles"] == "Axles"


@pytest.mark.parametrize("unseen", ["customrecordtype", "customlist"])
def test_records_whose_list_cannot_be_seen_are_named_by_the_metadata_catalog(unseen: str) -> None:
    role = Role(hidden=frozenset({unseen}), record_names=("customRecord_x", "customlist_y", "job"))
    found = discovered(role, "custom*_*")
    assert [table.name for table in found.tables] == ["customlist_y", "customrecord_x"]
    assert found.unseen == ((unseen, hidden_table(unseen)),)


def test_the_metadata_catalog_is_not_asked_where_the_lists_tell() -> None:
    role = Role(rows=OWN, record_names=("customrecord_x",))
    assert "customrecord_x" not in found(role)


def test_that_the_metadata_catalog_cannot_be_seen_either_is_told() -> None:
    found = discovered(Role(hidden=LISTS, record_names=None), "*")
    assert {table.name for table in found.tables} == shipped_names()
    assert [name for name, _ in found.unseen] == sorted({*LISTS, "metadata-catalog"})


def test_trouble_with_the_metadata_catalog_ends_discovery() -> None:
    def get(_: Resource) -> Document:
        raise RetriesExhausted(ServerFault("down", status=503), seconds=900)

    role = Role(hidden=LISTS)
    with pytest.raises(RetriesExhausted):
        discover(Wanted(), role.fetch, RecordCatalog(get), WORKERS)


def test_a_table_that_only_the_settings_name_has_the_columns_of_its_rows() -> None:
    rows: list[Row] = [
        {"id": "7", "plan": "Monthly", "lastmodifieddate": "1/2/2026"},
        {"id": "8", "amount": "1.5"},
    ]
    role = Role(rows={"revenueplan": rows}, times={"revenueplan": {"lastmodifieddate": "09:30:00"}})
    table = found(role, "revenueplan")["revenueplan"]
    assert (table.key, table.cursor) == (("id",), "lastmodifieddate")
    assert {column.name: column.type for column in table.columns} == {
        "id": ColumnType.INTEGER,
        "amount": ColumnType.DECIMAL,
        "lastmodifieddate": ColumnType.DATETIME,
        "plan": ColumnType.TEXT,
    }


def test_a_table_of_which_nothing_tells_is_left_out() -> None:
    role = Role({"revenueplan": set(KEYS)})
    [unreadable] = discovered(role, "revenueplan", "vendor").unreadable
    assert unreadable.table.name == "revenueplan"
    assert unreadable.is_named
    assert "metadata catalog does not describe" in unreadable.reason


def test_a_sample_that_cannot_be_understood_costs_that_table_only() -> None:
    role = Role(rows=OWN)

    def fetch(query: Query) -> Page:
        page = role.fetch(query)
        is_sample = query.text.startswith("SELECT t.*") and query.table == "customrecord49"
        return replace(page, items=b'["?"]') if is_sample else page

    found = discover(Wanted(("customrecord*_*", "customrecord49")), fetch, role.catalog, WORKERS)
    assert [table.name for table in found.tables] == ["customrecord_vehicle"]
    [unreadable] = found.unreadable
    assert "customrecord49" in unreadable.reason


def test_a_date_with_a_time_of_day_is_an_instant() -> None:
    role = Role(rows=CUSTOM_FIELDS, times={"transaction": {"custbody_project": "09:30:00"}})
    columns = found(role, "transaction")["transaction"].columns
    assert {c.name: c.type for c in columns}["custbody_project"] is ColumnType.DATETIME


def test_a_date_with_a_time_of_day_stays_one_where_netsuite_gives_no_instant() -> None:
    def trouble(query: Query) -> None:
        if re.search(r"SYS_EXTRACT_UTC\([^,]*t\.custbody_project", query.text):
            raise QueryRefused(UNNAMED, table=query.table)

    times = {"transaction": {"custbody_project": "09:30:00"}}
    role = Role(rows=CUSTOM_FIELDS, times=times, trouble=trouble)
    columns = found(role, "transaction")["transaction"].columns
    assert {c.name: c.type for c in columns}["custbody_project"] is ColumnType.DATE


def test_a_type_that_was_set_is_not_changed_by_a_time_of_day() -> None:
    role = Role(rows=CUSTOM_FIELDS, times={"transaction": {"custbody_project": "09:30:00"}})
    types = {"transaction.custbody_project": ColumnType.DATE}
    columns = found(role, "transaction", column_types=types)["transaction"].columns
    assert {c.name: c.type for c in columns}["custbody_project"] is ColumnType.DATE


def test_labels_stand_behind_the_columns_that_get_them() -> None:
    found = discovered(Role(), "vendor", include_labels=("vendor.currency", "customer.*"))
    [table] = found.tables
    names = table.column_names
    assert names[names.index("currency") + 1] == "currency_label"
    assert [name for name in names if name.endswith("_label")] == ["currency_label"]


def test_custom_fields_are_columns_of_their_tables() -> None:
    tables = found(Role(rows=CUSTOM_FIELDS), "transaction", "customer", "vendor", "item")
    assert "custbody_project" in tables["transaction"].column_names
    assert "custentity_tier" in tables["customer"].column_names
    assert "custentity_tier" in tables["vendor"].column_names
    assert of_netsuite(tables["item"]) == shipped_tables()["item"].column_names


def test_lines_get_the_date_of_their_transaction() -> None:
    table = found(Role(), "transactionline")["transactionline"]
    assert {c.name: c.type for c in table.columns}[PARENT_MODIFIED_AT] is ColumnType.DATETIME
    assert table.replication_key == PARENT_MODIFIED_AT


def test_tables_whose_deletions_are_logged_get_the_date_of_deletion() -> None:
    role = Role()
    for name, table in found(role).items():
        logged = bool(shipped_tables()[name].deleted_types)
        assert (DELETED_AT in table.column_names) is logged
    assert not any("deleted" in query.text for query in role.queries)


def test_a_type_that_was_set_overrules_the_discovered_one() -> None:
    role = Role(rows=CUSTOM_FIELDS)
    tables = found(
        role,
        "transaction",
        "customer",
        column_types={
            "transaction.custbody_project": ColumnType.TEXT,
            "customer.custentity_tier": ColumnType.INTEGER,
        },
    )
    types = {column.name: column.type for table in tables.values() for column in table.columns}
    assert types["custbody_project"] is ColumnType.TEXT
    assert types["custentity_tier"] is ColumnType.INTEGER
    assert "t.custbody_project FROM" in role.asked_about("transaction")[0].text


@pytest.mark.parametrize(
    ("name", "kind"),
    [("vendor.id", ColumnType.TEXT), ("entitystatus.key", ColumnType.INTEGER)],
)
def test_the_type_of_a_key_cannot_be_set(name: str, kind: ColumnType) -> None:
    with pytest.raises(ConfigurationError, match=rf"{name} is the key.* must stay of type"):
        found(Role(), name.partition(".")[0], column_types={name: kind})


def test_a_type_for_a_column_that_no_table_has_is_said(caplog: pytest.LogCaptureFixture) -> None:
    found(Role(), "vendor", column_types={"vendor.custentity_typo": ColumnType.TEXT})
    assert "custentity_typo" in caplog.text
