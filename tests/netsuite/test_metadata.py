"""The metadata catalog: how it is asked, and which columns its schemas tell of."""

import json
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tap_netsuite_tba.connection import Connection
from tap_netsuite_tba.netsuite.errors import (
    ConcurrencyLimitExceeded,
    ConnectionFailed,
    LoginRefused,
    MalformedResponse,
    NetSuiteError,
    NotFound,
    PermissionDenied,
    RequestRefused,
    RetriesExhausted,
    ServerFault,
    TimedOut,
    is_refusal,
)
from tap_netsuite_tba.netsuite.metadata import (
    CATALOG,
    RecordCatalog,
    columns_of,
    columns_of_lines,
)
from tap_netsuite_tba.netsuite.query import Document, Query, Resource
from tap_netsuite_tba.netsuite.sessions import COOLING_SECONDS, SessionPool
from tap_netsuite_tba.settings import read_settings
from tap_netsuite_tba.simulator import Simulator, Switches
from tap_netsuite_tba.tables import Column, ColumnType, Source
from tests.netsuite.conftest import Connect, Skipping, Time
from tests.netsuite.server import (
    GATEWAY_PAGE,
    LOGIN_REFUSED,
    TOO_MANY,
    Answer,
    Server,
    refusal,
)
from tests.tap_process import configuration

PATH = "/services/rest/record/v1/metadata-catalog"
FAULT = refusal(500, "UNEXPECTED_ERROR")
NO_SUCH_TYPE = refusal(404, "NONEXISTENT_ID", "Record type 'x' does not exist.", errorUrl=PATH)
QUERY = Query("SELECT t.id FROM customer t ORDER BY t.id ASC", table="customer")
LINK = {"$ref": f"{PATH}/nsLink"}


def document(body: object) -> Answer:
    return Answer(body=json.dumps(body).encode())


def listing(*names: object) -> Answer:
    return document({"items": [{"name": name, "links": []} for name in names]})


def test_the_list_is_asked_for_once_whoever_wants_it(server: Server, connect: Connect) -> None:
    server.script([listing("customer", "salesOrder", "customrecord49")], then=FAULT)
    catalog = RecordCatalog(connect().get)
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: catalog.names(), range(8)))
    assert found == [{"customer", "salesorder", "customrecord49"}] * 8
    (asked,) = server.asked
    assert (asked.method, asked.target, asked.body) == ("GET", PATH, b"")
    assert asked.headers["Accept"] == "application/json"
    assert "Content-Type" not in asked.headers


def test_a_schema_is_asked_for_as_json_schema(server: Server, connect: Connect) -> None:
    server.script([document({"type": "object"})])
    assert RecordCatalog(connect().get).schema("customrecord_a#$/b") == {"type": "object"}
    (asked,) = server.asked
    assert (asked.method, asked.target) == ("GET", f"{PATH}/customrecord_a%23%24%2Fb")
    assert asked.headers["Accept"] == "application/schema+json"


def test_what_the_catalog_does_not_have_has_no_schema(server: Server, connect: Connect) -> None:
    server.script([NO_SUCH_TYPE])
    catalog = RecordCatalog(connect().get)
    assert [catalog.schema("transaction") for _ in range(2)] == [None, None]
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refusal(403, "INSUFFICIENT_PERMISSION"), PermissionDenied),
        (refusal(400, "USER_ERROR"), RequestRefused),
        (refusal(400, "INVALID_REQUEST"), RequestRefused),
        (refusal(405, "INVALID_METHOD"), RequestRefused),
    ],
)
def test_a_refusal_says_what_it_is_about_and_is_not_asked_again(
    server: Server, connect: Connect, answer: Answer, error: type[Exception]
) -> None:
    server.script([answer] * 2)
    catalog = RecordCatalog(connect().get)
    with pytest.raises(error, match=rf"\({CATALOG}/customer\)"):
        catalog.schema("customer")
    with pytest.raises(error, match=rf"\({CATALOG}\)"):
        catalog.names()
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    "trouble",
    [
        TOO_MANY,
        refusal(400, "CONCURRENCY_LIMIT_EXCEEDED"),
        FAULT,
        GATEWAY_PAGE,
        Answer(200, b"<html><title>Scheduled maintenance</title></html>"),
        Answer(204),
        Answer(400, b"<html></html>"),
        Answer(404, b"<html></html>"),
        listing("customer").cut(0),
        listing("customer").cut(20),
        document(["customer"]),
    ],
)
def test_temporary_trouble_is_waited_out_signed_anew(
    server: Server, connect: Connect, trouble: Answer
) -> None:
    server.script([trouble] * 2, then=listing("customer"))
    client = connect()
    assert RecordCatalog(client.get).names() == {"customer"}
    assert len({asked.oauth["oauth_nonce"] for asked in server.asked}) == 3
    assert (client.counts.requests, client.counts.retries) == (3, 2)


def test_a_schema_that_always_fails_is_refused_and_said_while_others_are_answered(
    server: Server, connect: Connect, time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    server.answer_by(lambda asked: listing() if asked.target == PATH else FAULT)
    with pytest.raises(RequestRefused, match="customrecord_odd"):
        RecordCatalog(connect().get).schema("customrecord_odd")
    assert 19 < sum(time.slept) < 60
    assert f"({CATALOG}/customrecord_odd)" in caplog.messages[-1]


@pytest.mark.parametrize(
    "trouble",
    [
        GATEWAY_PAGE,
        Answer(200, b"<html><title>Sign in</title></html>"),
        Answer(503, b"<html></html>"),
        listing("customer").cut(20),
        document([]),
    ],
)
def test_so_is_one_for_which_something_else_answers(
    server: Server, connect: Connect, time: Time, trouble: Answer
) -> None:
    server.answer_by(lambda asked: listing() if asked.target == PATH else trouble)
    with pytest.raises(RequestRefused, match="customrecord_odd"):
        RecordCatalog(connect().get).schema("customrecord_odd")
    assert sum(time.slept) < 60


FAILED = RetriesExhausted(ServerFault("An error.", status=500, code="UNEXPECTED_ERROR"), seconds=10)
DENIED = PermissionDenied("You may not see the catalog.", status=403)


@pytest.mark.parametrize("of_list", [{"items": []}, DENIED, NotFound("It is not there.")])
def test_a_fault_of_a_schema_that_passes_is_waited_out_by_the_list(
    of_list: Document | NetSuiteError,
) -> None:
    answers = iter([FAILED, of_list, {"type": "object"}])
    assert RecordCatalog(lambda _: given(next(answers))).schema("customer") == {"type": "object"}


@pytest.mark.parametrize(
    "last", [FAILED.last, ConnectionFailed("reset"), MalformedResponse("HTML")], ids=repr
)
def test_a_catalog_that_stays_at_fault_is_trouble(last: NetSuiteError) -> None:
    with pytest.raises(RetriesExhausted):
        RecordCatalog(lambda _: given(RetriesExhausted(last, seconds=10))).schema("customer")


def test_a_schema_for_which_there_is_no_room_is_not_done_without() -> None:
    full = RetriesExhausted(ConcurrencyLimitExceeded("Blocked.", status=429), seconds=900)
    with pytest.raises(RetriesExhausted):
        RecordCatalog(lambda asked: given({"items": []} if asked.path == PATH else full)).schema(
            "customer"
        )


def given(answer: Document | NetSuiteError) -> Document:
    if isinstance(answer, NetSuiteError):
        raise answer
    return answer


def test_a_schema_that_takes_too_long_is_asked_for_twice() -> None:
    asked: list[str] = []

    def get(resource: Resource) -> Document:
        asked.append(resource.path)
        if resource.path == PATH:
            return {"items": []}
        raise TimedOut("not a byte for 300 s", table=resource.table)

    with pytest.raises(RequestRefused, match="not a byte for 300 s"):
        RecordCatalog(get).schema("customer")
    assert asked == [f"{PATH}/customer", PATH, f"{PATH}/customer"]


def test_a_catalog_that_is_not_there_is_a_refusal(server: Server, connect: Connect) -> None:
    server.script([refusal(404, "NONEXISTENT_ID")])
    with pytest.raises(RequestRefused) as raised:
        RecordCatalog(connect().get).names()
    assert is_refusal(raised.value)


def test_a_slow_list_is_asked_for_again_when_its_slot_is_cool(
    server: Server, connect: Connect, time: Time
) -> None:
    never = threading.Event()
    server.script([Answer(after=never)], then=listing("customer"))
    pool = SessionPool(1, monotonic=time.monotonic, changed=Skipping(time))
    began = time.now
    client = connect(sessions=pool, read_timeout=0.05, retry_timeout=2 * COOLING_SECONDS)
    assert RecordCatalog(client.get).names() == {"customer"}
    assert time.now == began + COOLING_SECONDS
    never.set()


def test_what_is_no_list_of_record_types_is_said(server: Server, connect: Connect) -> None:
    server.script([document({"name": "customer"})])
    with pytest.raises(MalformedResponse, match=CATALOG):
        RecordCatalog(connect().get).names()


def test_names_that_are_none_are_passed_over(server: Server, connect: Connect) -> None:
    server.script([document({"items": [{"name": "vendor"}, {"name": None}, {}, "customer"]})])
    assert RecordCatalog(connect().get).names() == {"vendor"}


@pytest.mark.parametrize("schema", [{"properties": {}}, None])
def test_a_schema_is_asked_for_once(schema: Document | None) -> None:
    asked: list[str] = []

    def get(wanted: Resource) -> Document:
        asked.append(wanted.path)
        if schema is None:
            raise NotFound("No.", status=404)
        return schema

    catalog = RecordCatalog(get)
    assert [catalog.schema("vendor"), catalog.schema("vendor")] == [schema, schema]
    assert len(asked) == 1


def test_half_a_character_in_a_schema_does_no_harm(server: Server, connect: Connect) -> None:
    server.script([Answer(body=b'\xef\xbb\xbf{"title": "a\\ud83d"}')])
    assert RecordCatalog(connect().get).schema("item") == {"title": "a\N{REPLACEMENT CHARACTER}"}


def test_a_refused_login_is_tried_twice_by_all_ways_together(
    server: Server, connect: Connect
) -> None:
    server.script([], then=LOGIN_REFUSED)
    client = connect()
    for _ in range(2):
        with pytest.raises(LoginRefused):
            RecordCatalog(client.get).names()
        with pytest.raises(LoginRefused):
            client.fetch(QUERY)
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("described", "kind"),
    [
        ({"type": "string"}, ColumnType.TEXT),
        ({"type": "string", "format": "date", "nullable": True}, ColumnType.DATE),
        ({"type": "string", "format": "date-time"}, ColumnType.DATETIME),
        ({"type": "string", "format": "email"}, ColumnType.TEXT),
        ({"type": "string", "enum": ["-5", "12"]}, ColumnType.TEXT),
        ({"type": "number", "format": "double"}, ColumnType.DECIMAL),
        ({"type": "number", "format": "float"}, ColumnType.DECIMAL),
        ({"type": "number"}, ColumnType.DECIMAL),
        ({"type": "integer", "format": "int64"}, ColumnType.INTEGER),
        ({"type": "boolean"}, ColumnType.BOOLEAN),
        ({"type": ["null", "integer"]}, ColumnType.INTEGER),
        ({"type": "null"}, ColumnType.TEXT),
        ({"title": "Quantity"}, ColumnType.TEXT),
        ({}, ColumnType.TEXT),
        (True, ColumnType.TEXT),
        ({"$ref": f"{PATH}/nsResource"}, ColumnType.INTEGER),
        ({"type": "object", "properties": {"id": {}, "links": LINK}}, ColumnType.INTEGER),
        (
            {"type": "object", "properties": {"id": {"enum": ["1", "-2"]}, "refName": {}}},
            ColumnType.INTEGER,
        ),
        (
            {"type": "object", "properties": {"id": {"enum": ["1", "US"]}, "links": LINK}},
            ColumnType.TEXT,
        ),
        ({"type": "object", "properties": {"id": {"type": "string"}}}, ColumnType.TEXT),
        ({"type": "object", "properties": {"addr1": {"type": "string"}}}, ColumnType.TEXT),
        ({"type": "object", "properties": None}, ColumnType.TEXT),
        ({"type": "string", "x-ns-custom-field": True}, ColumnType.TEXT),
    ],
)
def test_a_property_is_a_column_of_a_type(described: object, kind: ColumnType) -> None:
    (column,) = columns_of({"properties": {"theField": described}})
    assert (column.name, column.type, column.source) == ("thefield", kind, Source.METADATA)


@pytest.mark.parametrize(
    "properties",
    [
        {"links": {"type": "array", "items": LINK}},
        {"refName": {"type": "string"}},
        {"contactList": {"type": "array", "items": {"type": "object"}}},
        {"item": {"type": "object", "properties": {"links": {}, "items": {"type": "array"}}}},
        {"not a name": {"type": "string"}},
        {"überschrift": {"type": "string"}},
        {},
    ],
)
def test_what_suiteql_cannot_have_is_no_column(properties: Mapping[str, Any]) -> None:
    assert columns_of({"properties": properties}) == ()


def test_the_rows_of_sublists_have_columns_too() -> None:
    rows = {"type": "array", "items": {"properties": {"custcol_a": {}, "item": {"$ref": "x"}}}}
    sublist = {"type": "object", "properties": {"links": {}, "items": rows}}
    more = {"properties": {"items": {"items": {"properties": {"amount": {"type": "number"}}}}}}
    odd = {"properties": {"items": {"items": True}}}
    properties = {"item": sublist, "expense": more, "odd": odd, "flag": True, "memo": {}}
    columns = columns_of_lines({"properties": properties})
    assert {column.name: column.type for column in columns} == {
        "amount": ColumnType.DECIMAL,
        "custcol_a": ColumnType.TEXT,
        "item": ColumnType.INTEGER,
    }


@pytest.mark.parametrize("schema", [{}, {"properties": None}, {"properties": []}, {"name": "x"}])
def test_a_schema_without_properties_tells_of_no_columns(schema: Mapping[str, Any]) -> None:
    assert columns_of(schema) == ()


def test_labels_come_along_without_their_html() -> None:
    described = {
        "type": "string",
        "title": "Start Date",
        "description": "<p>Enter the date.</p><p>Customers &amp; leads</p>",
    }
    assert columns_of({"properties": {"startDate": described}}) == (
        Column(
            "startdate", ColumnType.TEXT, "Enter the date. Customers & leads", title="Start Date"
        ),
    )


def test_the_id_of_a_record_is_an_integer_although_records_have_it_as_text() -> None:
    (column,) = columns_of({"properties": {"id": {"type": "string"}}})
    assert column.type is ColumnType.INTEGER


def test_columns_are_in_order_and_there_once() -> None:
    kinds = {"zip": "string", "isInactive": "boolean", "isinactive": "string", "Id": "string"}
    properties = {name: {"type": kind} for name, kind in kinds.items()}
    columns = columns_of({"properties": properties})
    assert [column.name for column in columns] == ["id", "isinactive", "zip"]


AS_TODAY = Switches(custom_references="object", catalog_links="live")
OTHERWISE = Switches(custom_references="ref", catalog_links="documented")


@pytest.fixture(scope="module", params=[AS_TODAY, OTHERWISE], ids=["as today", "otherwise"])
def account(request: pytest.FixtureRequest) -> Iterator[Simulator]:
    with Simulator(transactions=100, switches=request.param) as running:
        yield running


def test_a_connection_reads_the_catalog_of_an_account(account: Simulator) -> None:
    connection = Connection(read_settings(configuration(account)))
    catalog = connection.record_catalog
    assert {"customer", "customrecord_vehicle"} <= catalog.names()
    assert catalog.schema("transaction") is None
    assert catalog.schema("no#such$type") is None
    types = {column.name: column.type for column in columns_of(catalog.schema("customer") or {})}
    connection.close()
    assert types["id"] is types["custentity_region"] is types["currency"] is ColumnType.INTEGER
    assert types["lastmodifieddate"] is ColumnType.DATETIME
    assert "addressbook" not in types
    assert not account.counters.refused_logins


def test_credentials_that_were_refused_are_not_tried_again_for_the_catalog() -> None:
    with Simulator(company=False) as account:
        settings = read_settings(configuration(account, token_secret="wrong-and-fake"))
        with pytest.raises(LoginRefused):
            Connection(settings).fetch(QUERY)
        with pytest.raises(LoginRefused, match="not tried again"):
            Connection(settings).record_catalog.names()
        assert account.counters.requests == 2
