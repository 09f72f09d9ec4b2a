import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.client import column, rows
from tests.simulator.metadata.catalog import names, schema

# The columns that others have met in real accounts.
COLUMNS = {
    "companyfeaturesetup": "id, name, isavailable, isactive",
    "customfield": "internalid, name, scriptid, description, fieldtype, fieldvaluetype,"
    " fieldvaluetyperecord, recordtype, ismandatory, isstored, isshowinlist, isinactive, owner,"
    " visibleontransactions, lastmodifieddate",
    "customlist": "name, scriptid, description, owner, isordered, isinactive",
    "customrecordtype": "internalid, name, scriptid, recordname, description, owner, includename,"
    " showid, allowattachments, allowinlineediting, isinactive",
    "customsegment": "internalid, name, scriptid, recordtype, glimpact, isinactive, balancing,"
    " displayorder, internal",
    "deletedrecord": "name, recordid, recordtypeid, scriptid, type, context, deletedby,"
    " deleteddate, iscustomlist, iscustomrecord, iscustomtransaction",
}


@pytest.mark.parametrize("table", COLUMNS)
def test_customization_is_in_tables(company: Simulator, table: str) -> None:
    assert rows(company, f"SELECT {COLUMNS[table]} FROM {table}")  # noqa: S608


def test_the_values_of_a_segment_are_custom_records(company: Simulator) -> None:
    [segment] = rows(company, "SELECT scriptid, recordtype FROM customsegment")
    table = f"customrecord_{segment['scriptid'].lower()}"
    [record] = rows(
        company,
        "SELECT scriptid FROM customrecordtype WHERE internalid = ?",
        segment["recordtype"],
    )
    assert record["scriptid"].lower() == table
    assert column(company, f"SELECT name FROM {table} WHERE parent IS NULL")  # noqa: S608
    assert schema(company, table)["x-ns-custom-record"] is True


def test_where_a_segment_is_displayed_is_a_number(company: Simulator) -> None:
    assert column(company, "SELECT displayorder + 0 AS v FROM customsegment") == ["1"]


def test_each_custom_record_type_and_list_is_a_record_type(company: Simulator) -> None:
    made = column(company, "SELECT scriptid FROM customrecordtype")
    made += column(company, "SELECT scriptid FROM customlist")
    assert {name.lower() for name in made} <= set(names(company))


def test_the_features_say_how_this_account_is_reached(company: Simulator) -> None:
    active = column(company, "SELECT id FROM companyfeaturesetup WHERE isactive = 'T'")
    assert set(active) >= {"TBA", "RESTWEBSERVICES", "WORKBOOK"}
