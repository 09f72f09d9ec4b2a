"""The metadata catalog: how it is asked."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tap_netsuite_tba.connection import Connection
from tap_netsuite_tba.netsuite.errors import (
    LoginRefused,
    MalformedResponse,
    NotFound,
    PermissionDenied,
    RequestRefused,
    is_refusal,
)
from tap_netsuite_tba.netsuite.metadata import CATALOG, RecordCatalog, columns_of
from tap_netsuite_tba.netsuite.query import Document, Query, Resource
from tap_netsuite_tba.settings import read_settings
from tap_netsuite_tba.simulator import Simulator, Switches
from tap_netsuite_tba.tables import ColumnType
from tests.netsuite.conftest import Connect
from tests.netsuite.server import LOGIN_REFUSED, Answer, Server, refusal
from tests.tap_process import configuration

PATH = "/services/rest/record/v1/metadata-catalog"
FAULT = refusal(500, "UNEXPECTED_ERROR")
NO_SUCH_TYPE = refusal(404, "NONEXISTENT_ID", "Record type 'x' does not exist.", errorUrl=PATH)
QUERY = Query("SELECT t.id FROM customer t ORDER BY t.id ASC", table="customer")


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


def test_a_catalog_that_is_not_there_is_a_refusal(server: Server, connect: Connect) -> None:
    server.script([refusal(404, "NONEXISTENT_ID")])
    with pytest.raises(RequestRefused) as raised:
        RecordCatalog(connect().get).names()
    assert is_refusal(raised.value)


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
