"""The tables that the account made itself."""

import pytest

from tap_netsuite_tba.discovery.customization import (
    CustomField,
    Customization,
    CustomRecord,
    CustomSegment,
)
from tap_netsuite_tba.discovery.customtables import custom_tables, has_known_columns
from tap_netsuite_tba.discovery.fields import custom_columns
from tap_netsuite_tba.shipped import family, shipped_tables
from tap_netsuite_tba.tables import Group, Table

VEHICLE = CustomRecord("101", "CUSTOMRECORD_VEHICLE", "Vehicle", "Fuhrpark")
CHANNELS = CustomRecord("41", "CUSTOMLIST_CHANNEL", "Sales Channel")


def found(customization: Customization, *record_names: str) -> dict[str, Table]:
    return custom_tables(customization, custom_columns(customization), record_names)


def test_a_custom_record_type_is_a_table_with_its_fields() -> None:
    plate = CustomField("CUSTRECORD_PLATE", "Plate", recordtype="101")
    [table] = found(Customization(fields=(plate,), record_types=(VEHICLE,))).values()
    template = family("customrecord")
    assert table.name == "customrecord_vehicle"
    assert table.column_names == (*template.column_names, "custrecord_plate")
    assert (table.key, table.cursor, table.group) == (("id",), "lastmodified", Group.CUSTOM)
    assert "Vehicle: Fuhrpark" in table.description


def test_deletions_are_told_by_script_id_which_may_differ_in_an_underscore_only() -> None:
    # By the name of the second the log calls those of NetSuite's own customers.
    entries = (
        CustomRecord("1", "CUSTOMRECORD_A_B", "Log"),
        CustomRecord("2", "CUSTOMRECORD_AB", "Customer"),
        CustomRecord("49", "CUSTOMRECORD49", "Log"),
    )
    for name, table in found(Customization(record_types=entries)).items():
        assert table.deleted_types == {name}


def test_a_custom_list_is_a_detail_table() -> None:
    [table] = found(Customization(lists=(CHANNELS,))).values()
    assert table.name == "customlist_channel"
    assert table.group is Group.DETAIL
    assert table.columns == family("customlist").columns


@pytest.mark.parametrize(
    ("segment", "record_types", "name"),
    [
        (CustomSegment("CSEG_LINE", recordtype="131"), (), "customrecord_cseg_line"),
        (CustomSegment("CSEG_LINE"), (), "customrecord_cseg_line"),
        (
            CustomSegment("CSEG_LINE", recordtype="131"),
            (CustomRecord("131", "CUSTOMRECORD_CSEG_OTHER"),),
            "customrecord_cseg_other",
        ),
    ],
)
def test_the_values_of_a_segment_are_a_detail_table(
    segment: CustomSegment, record_types: tuple[CustomRecord, ...], name: str
) -> None:
    [table] = found(Customization(segments=(segment,), record_types=record_types)).values()
    assert table.name == name
    assert table.group is Group.DETAIL


def test_a_multiple_select_pairs_each_of_its_tables_with_what_is_selected() -> None:
    fields = (
        CustomField("CUSTBODY_A", fieldvaluetype="Multiple Select", fieldvaluetyperecord="41"),
        CustomField("CUSTENTITY_B", fieldvaluetype="Multiple Select"),
        CustomField("CUSTRECORD_C", fieldvaluetype="Multiple Select", recordtype="101"),
        CustomField("CUSTITEM_D", fieldvaluetype="List/Record"),
    )
    tables = found(Customization(fields=fields, record_types=(VEHICLE,), lists=(CHANNELS,)))
    mappings = {name: table for name, table in tables.items() if name.startswith("map_")}
    entities = ("customer", "vendor", "employee", "contact", "partner", "job")
    assert mappings.keys() == {
        "map_transaction_custbody_a",
        *(f"map_{entity}_custentity_b" for entity in entities),
        "map_customrecord_vehicle_custrecord_c",
    }
    table = mappings["map_transaction_custbody_a"]
    assert (table.key, table.group) == (("mapone", "maptwo"), Group.DETAIL)
    assert {c.name: c.references for c in table.columns} == {
        "mapone": "transaction",
        "maptwo": "customlist_channel",
    }
    assert table.permissions == shipped_tables()["transaction"].permissions


def test_records_that_only_the_catalog_names_are_tables_if_they_are_the_accounts_own() -> None:
    names = ("customrecord_x", "customlist5", "customer", "customrecordtype", "salesorder")
    tables = found(Customization(record_types=(VEHICLE,)), *names, "customrecord_vehicle")
    assert tables.keys() == {"customrecord_vehicle", "customrecord_x", "customlist5"}
    assert tables["customrecord_vehicle"].description.endswith("Fuhrpark")
    assert tables["customrecord_x"].group is Group.CUSTOM
    assert tables["customlist5"].group is Group.DETAIL


def test_a_name_that_suiteql_does_not_take_is_said_and_left_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    odd = CustomRecord("1", "CUSTOMRECORD_É-1", "Odd")
    assert found(Customization(record_types=(odd, VEHICLE))).keys() == {"customrecord_vehicle"}
    assert "'customrecord_é-1' is left out, for SuiteQL takes no such name" in caplog.text


def test_rows_are_looked_at_where_the_family_does_not_tell_all_columns() -> None:
    assert has_known_columns("customlist_x")
    assert has_known_columns("map_item_custitem_x")
    assert not has_known_columns("customrecord_x")
    assert not has_known_columns("revenueplan")
