"""From custom fields to the columns that tables may have."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.discovery.customization import (
    CustomField,
    Customization,
    CustomRecord,
    CustomSegment,
)
from tap_netsuite_tba.discovery.families import (
    OTHER_RECORDS,
    STANDARD_RECORDS,
    TABLES_BY_PREFIX,
    TYPES,
)
from tap_netsuite_tba.discovery.fields import CustomColumns, custom_columns
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import Column, ColumnType, Source, is_identifier

VEHICLE = CustomRecord("101", "CUSTOMRECORD_VEHICLE", "Vehicle")
CHANNELS = CustomRecord("41", "CUSTOMLIST_CHANNEL", "Sales Channel")
ACTIVITIES = ("task", "calendarevent", "phonecall", "supportcase", "projecttask")
ENTITIES = ("customer", "vendor", "employee", "contact", "partner", "job")


def found(*fields: CustomField) -> dict[str, list[str]]:
    """The names of the columns that tables may have."""
    columns = custom_columns(
        Customization(fields=fields, record_types=(VEHICLE,), lists=(CHANNELS,))
    )
    return {table: [c.name for c in named] for table, named in columns.by_table.items()}


def column(field: CustomField) -> Column:
    customization = Customization(fields=(field,), record_types=(VEHICLE,), lists=(CHANNELS,))
    columns = custom_columns(customization).by_table
    return next(iter(columns.values()))[0]


@pytest.mark.parametrize(
    ("script_id", "tables"),
    [
        ("CUSTBODY_PROJECT", ("transaction",)),
        ("custbody58", ("transaction",)),
        ("CUSTCOL_BATCH", ("transactionline", "timebill")),
        ("CUSTENTITY_TIER", ENTITIES),
        ("CUSTITEM_WIDTH", ("item",)),
        # An item's field may be called so, too: custitemnumberofdoors.
        ("CUSTITEMNUMBER_LOT", ("item", "inventorynumber")),
        ("CUSTEVENT_REASON", ACTIVITIES),
        ("CSEG_REGION", TABLES_BY_PREFIX["cseg"]),
    ],
)
def test_the_beginning_of_a_script_id_tells_the_tables(
    script_id: str, tables: tuple[str, ...]
) -> None:
    assert found(CustomField(script_id)) == {table: [script_id.lower()] for table in tables}


def test_every_family_is_on_tables_that_this_version_knows() -> None:
    named = {name for tables in TABLES_BY_PREFIX.values() for name in tables}
    assert named | set(OTHER_RECORDS) <= shipped_tables().keys()
    assert set(STANDARD_RECORDS.values()) <= shipped_tables().keys()


@pytest.mark.parametrize(
    "owner", ["101", "CUSTOMRECORD_VEHICLE", "customrecord_vehicle", "vehicle"]
)
def test_a_field_of_a_custom_record_is_on_its_table_however_that_is_named(owner: str) -> None:
    field = CustomField("CUSTRECORD_PLATE", fieldtype="RECORD", recordtype=owner)
    assert found(field) == {"customrecord_vehicle": ["custrecord_plate"]}


def test_a_record_field_of_a_standard_record_is_on_its_table() -> None:
    field = CustomField("CUSTRECORD_FLAG", fieldtype="OTHER", recordtype="-112")
    assert found(field) == {"account": ["custrecord_flag"]}


def test_a_record_field_of_other_records_may_be_on_each_of_them() -> None:
    field = CustomField("CUSTRECORD_FLAG", fieldtype="Other")
    assert found(field) == {table: ["custrecord_flag"] for table in OTHER_RECORDS}


@pytest.mark.parametrize(
    "field",
    [
        CustomField("CUSTRECORD_X", fieldtype="RECORD"),
        CustomField("CUSTRECORD_X", fieldtype="RECORD", recordtype="999"),
        CustomField("CUSTRECORD_X"),
        CustomField("CUSTOMSCRIPT_X"),
    ],
)
def test_a_field_of_an_unknown_record_is_on_no_table_and_said(
    field: CustomField, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        columns = custom_columns(Customization(fields=(field,)))
    assert columns.by_table == {}
    assert list(columns.of_no_table) == [field.scriptid.lower()]
    assert field.scriptid.lower() in caplog.text


@pytest.mark.parametrize(
    ("kind", "type_"),
    [
        ("Check Box", ColumnType.BOOLEAN),
        ("Currency", ColumnType.DECIMAL),
        ("Decimal Number", ColumnType.DECIMAL),
        ("Percent", ColumnType.DECIMAL),
        ("Integer Number", ColumnType.INTEGER),
        ("List/Record", ColumnType.INTEGER),
        ("Date", ColumnType.DATE),
        ("Date/Time", ColumnType.DATETIME),
        ("Multiple Select", ColumnType.MULTISELECT),
        ("Free-Form Text", ColumnType.TEXT),
        ("Time Of Day", ColumnType.TEXT),
        ("Something new", ColumnType.TEXT),
        ("CHECK BOX", ColumnType.BOOLEAN),
        ("CHECKBOX", ColumnType.BOOLEAN),
        ("MULTISELECT", ColumnType.MULTISELECT),
        ("", ColumnType.TEXT),
        ("DATETIMETZ", ColumnType.DATETIME),
        ("Date / Time", ColumnType.DATETIME),
        ("_multipleSelect", ColumnType.MULTISELECT),
        ("DECIMAL_NUMBER", ColumnType.DECIMAL),
    ],
)
def test_the_kind_of_a_field_tells_the_type_of_its_column(kind: str, type_: ColumnType) -> None:
    assert column(CustomField("CUSTBODY_X", fieldvaluetype=kind)).type is type_


def test_kinds_are_kept_as_letters() -> None:
    assert all(kind.isalpha() and kind == kind.lower() for kind in TYPES)


def test_kinds_that_nobody_knows_are_said(caplog: pytest.LogCaptureFixture) -> None:
    kinds = {"A": "Some New", "B": "Long Text", "C": "", "D": "Other"}
    fields = (CustomField(f"CUSTBODY_{n}", fieldvaluetype=kind) for n, kind in kinds.items())
    with caplog.at_level(logging.INFO):
        found(*fields)
    [said] = caplog.messages
    assert said.endswith("custbody_a (Some New), custbody_d (Other).")


@pytest.mark.parametrize(
    ("values", "table"),
    [
        ("41", "customlist_channel"),
        ("Sales Channel", "customlist_channel"),
        ("101", "customrecord_vehicle"),
        ("-2", "customer"),
        ("Customer", "customer"),
        ("Accounting Period", "accountingperiod"),
        ("Class", "classification"),
        ("-99999", ""),
        ("Nothing known", ""),
        ("", ""),
    ],
)
def test_the_values_of_a_field_refer_to_a_table_where_it_is_known(values: str, table: str) -> None:
    field = CustomField("CUSTBODY_X", fieldvaluetype="List/Record", fieldvaluetyperecord=values)
    assert column(field).references == table


def test_a_name_that_two_tables_have_refers_to_none() -> None:
    customers = CustomRecord("55", "CUSTOMRECORD_CUSTOMER", "Customer")
    by_name, by_id = (
        CustomField(name, fieldvaluetype="List/Record", fieldvaluetyperecord=values)
        for name, values in (("CUSTBODY_A", "Customer"), ("CUSTBODY_B", "55"))
    )
    columns = custom_columns(Customization(fields=(by_name, by_id), record_types=(customers,)))
    assert [c.references for c in columns.of("transaction")] == ["", "customrecord_customer"]


def test_a_column_has_the_label_and_the_description_of_its_field() -> None:
    told = column(CustomField("CUSTBODY_X", "Sales Channel", "Where it came from"))
    assert (told.title, told.description) == ("Sales Channel", "Where it came from")
    assert told.source is Source.CUSTOM_FIELD


@pytest.mark.parametrize("table", TABLES_BY_PREFIX["cseg"])
def test_a_segment_may_be_a_column_of_what_it_is_mostly_applied_to(table: str) -> None:
    segment = CustomSegment("CSEG_LINE", "Line", "101")
    columns = custom_columns(Customization(segments=(segment,), record_types=(VEHICLE,)))
    [told] = columns.of(table)
    assert (told.name, told.type, told.title) == ("cseg_line", ColumnType.INTEGER, "Line")
    assert told.references == "customrecord_vehicle"


def test_on_which_tables_segments_are_looked_for_is_said_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO):
        custom_columns(Customization(segments=(CustomSegment("CSEG_A"), CustomSegment("CSEG_B"))))
    [said] = caplog.messages
    assert said.endswith("employee, account, and on no other table: cseg_a, cseg_b.")


@pytest.mark.parametrize(
    "other",
    [CustomRecord("101", "CUSTOMLIST_X", "X"), CustomRecord("7", "CUSTOMLIST_X", "Vehicle")],
)
@pytest.mark.parametrize("owner", ["101", "Vehicle"])
def test_lists_own_no_fields_whatever_they_are_called(owner: str, other: CustomRecord) -> None:
    field = CustomField("CUSTRECORD_PLATE", fieldtype="RECORD", recordtype=owner)
    account = Customization(fields=(field,), record_types=(VEHICLE,), lists=(other,))
    assert custom_columns(account).by_table.keys() == {"customrecord_vehicle"}


def test_an_id_tells_more_than_a_name() -> None:
    odd = CustomRecord("7", "CUSTOMRECORD_ODD", "101")
    field = CustomField("CUSTRECORD_PLATE", recordtype="101")
    account = Customization(fields=(field,), record_types=(VEHICLE, odd))
    assert custom_columns(account).by_table.keys() == {"customrecord_vehicle"}


def test_of_many_fields_the_first_are_named_and_the_others_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    fields = [CustomField(f"CUSTBODY_{number:03}", isinactive="T") for number in range(25)]
    with caplog.at_level(logging.INFO):
        found(*fields)
    assert "custbody_018, custbody_019 and 5 more." in caplog.text


def test_an_inactive_field_is_left_out_and_said(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        assert found(CustomField("CUSTBODY_OLD", isinactive="T")) == {}
    assert "Inactive custom fields are left out: custbody_old" in caplog.text


def test_a_name_that_suiteql_does_not_take_is_said_and_left_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    odd, plain = CustomField("custbody-x; DROP"), CustomField("custbody_y")
    assert found(odd, plain) == {"transaction": ["custbody_y"]}
    assert "'custbody-x; DROP' is left out, for SuiteQL takes no such name" in caplog.text


@pytest.mark.parametrize(("pattern", "warns"), [("currency", False), ("Trans*", True)])
def test_of_fields_of_tables_that_nobody_wants_nobody_is_warned(
    pattern: str,
    warns: bool,  # noqa: FBT001 - a parameter of pytest
    caplog: pytest.LogCaptureFixture,
) -> None:
    fields = CustomField("custbody-x"), CustomField("CUSTBODY_Y"), CustomField("custbody_y")
    custom_columns(Customization(fields=fields), [pattern])
    assert len(caplog.records) == (2 if warns else 0)


@pytest.mark.parametrize(
    ("kinds", "merged"),
    [
        (["Date", "Date"], ColumnType.DATE),
        (["Date", "Percent"], ColumnType.TEXT),
        (["Date", "Percent", "Date"], ColumnType.TEXT),
        (["Currency", "Percent"], ColumnType.DECIMAL),
    ],
)
def test_a_field_that_comes_twice_is_one_column(
    kinds: list[str], merged: ColumnType, caplog: pytest.LogCaptureFixture
) -> None:
    fields = tuple(CustomField("CUSTENTITY_X", fieldvaluetype=kind) for kind in kinds)
    for columns in custom_columns(Customization(fields=fields)).by_table.values():
        assert [(c.name, c.type) for c in columns] == [("custentity_x", merged)]
    assert not caplog.records


def test_fields_that_differ_in_case_only_are_one_column_and_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    fields = CustomField("CUSTBODY_X"), CustomField("custbody_x")
    assert found(*fields) == {"transaction": ["custbody_x"]}
    assert "CUSTBODY_X and custbody_x are one column" in caplog.text


script_ids = st.sampled_from([*TABLES_BY_PREFIX, "custrecord", "custom"]).flatmap(
    lambda prefix: st.text("aB_1-ü ", max_size=4).map(lambda rest: prefix.upper() + rest)
)
custom_fields = st.builds(
    CustomField,
    scriptid=script_ids,
    fieldtype=st.sampled_from(["", "RECORD", "OTHER"]),
    fieldvaluetype=st.sampled_from(["", "Date", "Currency", "Multiple Select"]),
    recordtype=st.sampled_from(["", "101", "7"]),
    isinactive=st.sampled_from(["", "F", "T"]),
)


@given(st.lists(custom_fields, max_size=8).map(tuple))
def test_each_active_field_with_a_name_is_a_column_once_or_said_in_any_order(
    fields: tuple[CustomField, ...],
) -> None:
    columns = custom_columns(Customization(fields=fields, record_types=(VEHICLE,)))
    usable = {
        field.scriptid.lower()
        for field in fields
        if field.isinactive != "T" and is_identifier(field.scriptid.lower())
    }
    named = {table: [c.name for c in found] for table, found in columns.by_table.items()}
    assert set().union(*named.values(), columns.of_no_table) == usable
    assert all(names == sorted(set(names)) for names in named.values())
    reverse = custom_columns(Customization(fields=fields[::-1], record_types=(VEHICLE,)))
    assert types_of(reverse) == types_of(columns)


def types_of(columns: CustomColumns) -> dict[str, dict[str, ColumnType]]:
    return {table: {c.name: c.type for c in found} for table, found in columns.by_table.items()}
