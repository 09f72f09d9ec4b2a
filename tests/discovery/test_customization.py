"""What the account added to NetSuite, from the four lists that tell it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from tap_netsuite_tba.discovery.customization import (
    CustomField,
    Customization,
    CustomRecord,
    CustomSegment,
    read_customization,
)
from tap_netsuite_tba.errors import TapNetSuiteError
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import (
    ConcurrencyLimitExceeded,
    ConnectionFailed,
    LoginRefused,
    NetSuiteError,
    NotFound,
    PermissionDenied,
    QueryRefused,
    RequestRefused,
    RetriesExhausted,
    ServerFault,
    TimedOut,
)
from tap_netsuite_tba.netsuite.query import PAGE_ROWS, Page, Query

from .role import UNNAMED, Role, Row, columns_of, hidden_table

WORKERS = Workers(4)
LISTS = ("customfield", "customlist", "customrecordtype", "customsegment")

ROWS: Mapping[str, list[Row]] = {
    "customfield": [
        {
            "internalid": "501",
            "scriptid": "CUSTBODY_CHANNEL",
            "name": "Sales Channel",
            "description": "Where it came from",
            "fieldtype": "BODY",
            "fieldvaluetype": "List/Record",
            "fieldvaluetyperecord": "41",
            "isinactive": "F",
        },
        {"internalid": "560", "scriptid": "CUSTRECORD_PLATE", "recordtype": "101"},
    ],
    "customrecordtype": [
        {"internalid": "101", "scriptid": "CUSTOMRECORD_VEHICLE", "name": "Vehicle"}
    ],
    "customlist": [{"internalid": "41", "scriptid": "CUSTOMLIST_CHANNEL", "name": "Channel"}],
    "customsegment": [
        {"internalid": "1", "scriptid": "CSEG_LINE", "name": "Line", "recordtype": "131"}
    ],
}
FIELDS = (
    CustomField(
        "CUSTBODY_CHANNEL",
        "Sales Channel",
        "Where it came from",
        "BODY",
        "List/Record",
        "41",
        isinactive="F",
    ),
    CustomField("CUSTRECORD_PLATE", recordtype="101"),
)
FIRST_FIELD = json.dumps(ROWS["customfield"][:1]).encode()
ALL = Customization(
    fields=FIELDS,
    record_types=(CustomRecord("101", "CUSTOMRECORD_VEHICLE", "Vehicle"),),
    lists=(CustomRecord("41", "CUSTOMLIST_CHANNEL", "Channel"),),
    segments=(CustomSegment("CSEG_LINE", "Line", "131"),),
)


def read(role: Role) -> Customization:
    return read_customization(role.fetch, WORKERS)


def unnamed(table: str, name: str) -> NetSuiteError:
    del name
    return QueryRefused(UNNAMED, table=table)


def fault(table: str, name: str) -> NetSuiteError:
    del name
    error = ServerFault("An error", status=500, code="UNEXPECTED_ERROR", table=table)
    return RetriesExhausted(error, seconds=10)


def test_each_list_is_read_in_one_request() -> None:
    role = Role(rows=ROWS)
    assert read(role) == ALL
    assert sorted(query.table or "" for query in role.queries) == sorted(LISTS)


def test_an_account_without_additions_has_none() -> None:
    assert read(Role()) == Customization()


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_the_role_may_not_see_is_unseen_and_the_others_are_read(name: str) -> None:
    found = read(Role(rows=ROWS, hidden=frozenset({name})))
    assert found.unseen == {name: hidden_table(name)}
    kept = {
        "customfield": (found.fields, FIELDS),
        "customrecordtype": (found.record_types, ALL.record_types),
        "customlist": (found.lists, ALL.lists),
        "customsegment": (found.segments, ALL.segments),
    }
    assert kept.pop(name)[0] == ()
    assert all(seen == there for seen, there in kept.values())


@pytest.mark.parametrize(
    "error",
    [
        PermissionDenied("no", status=403),
        RequestRefused("no", status=400),
        QueryRefused("no", status=400),
    ],
)
@pytest.mark.parametrize("answers_before", [0, 1, 2])
def test_a_refusal_in_any_form_hides_the_list(error: NetSuiteError, answers_before: int) -> None:
    role = Role({"customlist": {"description"}}, rows=ROWS)

    def trouble(query: Query) -> None:
        if len(role.asked_about("customlist")) > answers_before and query.table == "customlist":
            raise error

    role.trouble = trouble
    found = read(role)
    assert found.unseen == {"customlist": "no"}
    assert found.fields == FIELDS


@pytest.mark.parametrize(
    "error",
    [
        LoginRefused("no"),
        NotFound("the address", status=404),
        TimedOut("no answer within 300 s"),
        RetriesExhausted(ConcurrencyLimitExceeded("busy", status=429), seconds=900),
        RetriesExhausted(ConnectionFailed("reset"), seconds=900),
        RetriesExhausted(ServerFault("down", status=503), seconds=10),
    ],
)
@pytest.mark.parametrize("name", LISTS)
def test_trouble_is_not_taken_for_an_account_without_additions(
    error: NetSuiteError, name: str
) -> None:
    def trouble(query: Query) -> None:
        if query.table == name:
            raise error

    with pytest.raises(type(error)):
        read(Role(rows=ROWS, trouble=trouble))


@pytest.mark.parametrize("refusal", [unnamed, fault, None])
def test_the_other_id_will_do(refusal: Callable[[str, str], NetSuiteError] | None) -> None:
    rows = [{"id": "101", "scriptid": "CUSTOMRECORD_VEHICLE", "name": "Vehicle"}]
    role = Role({"customrecordtype": {"internalid"}}, rows={"customrecordtype": rows})
    if refusal:
        role.refusal = refusal
    assert read(role) == Customization(record_types=ALL.record_types)
    last = role.asked_about("customrecordtype")[-1]
    assert last.text.endswith("ORDER BY t.id ASC")
    assert "internalid" not in columns_of(last)


def test_columns_that_the_account_lacks_are_left_empty() -> None:
    role = Role({"customfield": {"description", "recordtype", "isinactive"}}, rows=ROWS)
    first, second = read(role).fields
    assert first.scriptid == "CUSTBODY_CHANNEL"
    assert first.fieldvaluetyperecord == "41"
    assert (first.description, first.isinactive, second.recordtype) == ("", "", "")


def test_a_list_without_script_ids_is_unseen() -> None:
    found = read(Role({"customfield": {"scriptid"}}, rows=ROWS))
    assert found.fields == ()
    assert found.unseen.keys() == {"customfield"}


def test_a_list_without_ids_is_read_if_it_is_short() -> None:
    role = Role({"customrecordtype": {"internalid", "id"}}, rows=ROWS)
    assert read(role).record_types == (CustomRecord("", "CUSTOMRECORD_VEHICLE", "Vehicle"),)
    assert role.asked_about("customrecordtype")[-1].text.endswith(" ORDER BY t.scriptid ASC")

    def fetch(query: Query) -> Page:
        return replace(role.fetch(query), has_more=query.table == "customrecordtype")

    assert "does not show its ids" in read_customization(fetch, WORKERS).unseen["customrecordtype"]


def test_ids_of_records_may_be_texts() -> None:
    rows = [
        {
            "internalid": "1",
            "scriptid": "CUSTBODY_X",
            "fieldvaluetyperecord": "Sales Channel",
            "recordtype": "CUSTOMRECORD_VEHICLE",
            "isinactive": "false",
        }
    ]
    [field] = read(Role(rows={"customfield": rows})).fields
    assert field.fieldvaluetyperecord == "Sales Channel"
    assert field.recordtype == "CUSTOMRECORD_VEHICLE"


def test_ids_that_are_no_integers_are_no_reason_to_do_without_a_list() -> None:
    odd: list[Row] = [{"internalid": "a list", "scriptid": "CUSTOMLIST_X"}]
    assert read(Role(rows={"customlist": odd})).lists == (CustomRecord("a list", "CUSTOMLIST_X"),)


@pytest.mark.parametrize(
    "damage",
    [{"items": b"[1]"}, {"items": b"[]"}, {"count": 3}, {"items": b"[]", "total_results": None}],
)
def test_a_page_that_is_no_rows_or_not_all_is_asked_for_again(damage: Mapping[str, Any]) -> None:
    role = Role(rows=ROWS)

    def fetch(query: Query) -> Page:
        page = role.fetch(query)
        is_first = len(role.asked_about("customfield")) == 1
        return replace(page, **damage) if query.table == "customfield" and is_first else page

    assert read_customization(fetch, WORKERS) == ALL


@pytest.mark.parametrize(
    "damage", [{"items": b"[1]"}, {"items": b"[]"}, {"count": 40}, {"total_results": 40}]
)
def test_a_list_that_stays_damaged_is_trouble_and_not_a_smaller_one(
    damage: Mapping[str, Any],
) -> None:
    role = Role(rows=ROWS)

    def fetch(query: Query) -> Page:
        page = role.fetch(query)
        return replace(page, **damage) if query.table == "customrecordtype" else page

    with pytest.raises(TapNetSuiteError):
        read_customization(fetch, WORKERS)


@pytest.mark.parametrize("sign", [{"has_more": True}, {"count": PAGE_ROWS}])
def test_a_list_that_does_not_end_with_its_first_page_is_read_on(
    sign: Mapping[str, Any],
) -> None:
    role = Role(rows=ROWS)

    def fetch(query: Query) -> Page:
        page = role.fetch(query)
        is_first = query.table == "customfield" and len(role.asked_about("customfield")) == 1
        # The first page has but the first of the fields.
        return replace(page, items=FIRST_FIELD, **sign) if is_first else page

    assert read_customization(fetch, WORKERS) == ALL
    assert len(role.asked_about("customfield")) > 1


def test_an_entry_without_a_script_id_is_left_out() -> None:
    rows = [{"internalid": "1", "name": "Nobody"}, *ROWS["customrecordtype"]]
    found = read(Role(rows={"customrecordtype": rows}))
    assert found.record_types == ALL.record_types
