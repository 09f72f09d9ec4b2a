"""Record types as a role sees them: where their ids are, and what tells of their columns."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from tap_netsuite_tba.connection import Connection
from tap_netsuite_tba.discovery.found import LeftOut
from tap_netsuite_tba.discovery.records import discover_records
from tap_netsuite_tba.discovery.sources import Sources
from tap_netsuite_tba.netsuite.errors import (
    LoginRefused,
    PermissionDenied,
    RetriesExhausted,
    ServerFault,
)
from tap_netsuite_tba.netsuite.lacking_parts import Others
from tap_netsuite_tba.netsuite.metadata import RecordCatalog
from tap_netsuite_tba.netsuite.query import Document, Resource
from tap_netsuite_tba.netsuite.records import RecordService
from tap_netsuite_tba.record_types import RecordType
from tap_netsuite_tba.settings import read_settings
from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.simulator.roles import ADMINISTRATOR, ColumnRefusal
from tests.tap_process import configuration

from .discovered import WORKERS, sources_of
from .role import Role

NOON = "2026-01-05T12:00:00Z"


@pytest.fixture(scope="module")
def home() -> Iterator[Simulator]:
    with Simulator(transactions=100) as account:
        yield account


@pytest.fixture
def account(home: Simulator) -> Iterator[Simulator]:
    """As the administrator sees it, unless a test says otherwise."""
    yield home
    home.role = ADMINISTRATOR
    home.records.release("salesorder")


def found(
    account: Simulator, *names: str, catalog: RecordCatalog | None = None, **settings: object
) -> tuple[dict[str, RecordType], dict[str, str]]:
    """The record types that can be read, and why others cannot."""
    connection = Connection(read_settings(configuration(account, **settings)))
    try:
        told = catalog or connection.record_catalog
        sources = Sources(connection.fetch_patiently, told, connection.records.read, WORKERS)
        records, left_out = discover_records(names, sources)
    finally:
        connection.close()
    return {each.name: each for each in records}, _reasons(left_out)


def _reasons(left_out: tuple[LeftOut, ...]) -> dict[str, str]:
    return {each.stream: each.reason for each in left_out}


def call(account: Simulator, was: str, becomes: str) -> None:
    """Renames a record type of some transactions."""
    sql = "UPDATE transaction SET recordtype = ? WHERE recordtype = ? RETURNING id"
    assert account.sql(sql, [becomes, was])


def properties(record: RecordType) -> Mapping[str, Any]:
    described: Mapping[str, Any] = record.schema["properties"]
    return described


def test_transactions_are_told_by_their_record_type(account: Simulator) -> None:
    records, _ = found(account, "salesorder")
    ids = records["salesorder"].ids
    assert (ids.name, ids.source) == ("record_salesorder", "transaction")
    assert ids.only == (("recordtype", "salesorder"),)
    assert ids.column_names == ("id", "_sdc_deleted_at", "lastmodifieddate")


def test_where_that_column_is_hidden_they_are_told_by_its_code(account: Simulator) -> None:
    hidden = {("transaction", "recordtype"): ColumnRefusal.NOT_EXPOSED}
    account.role = replace(ADMINISTRATOR, columns=hidden)
    records, _ = found(account, "salesorder")
    assert records["salesorder"].ids.only == (("type", "SalesOrd"),)


def test_standard_and_custom_records_have_tables_of_their_own(account: Simulator) -> None:
    records, _ = found(account, "customer", "customrecord_vehicle", "subsidiary")
    assert {name: each.ids.source for name, each in records.items()} == {
        name: name for name in records
    }
    cursors = {name: each.ids.cursor for name, each in records.items()}
    assert cursors == {
        "customer": "lastmodifieddate",
        "customrecord_vehicle": "lastmodified",
        "subsidiary": None,
    }


def test_items_are_told_by_kind(account: Simulator) -> None:
    records, _ = found(account, "inventoryitem", "servicesaleitem")
    assert dict(records["inventoryitem"].ids.only)["itemtype"] == "InvtPart"
    assert records["servicesaleitem"].ids.only == (("itemtype", "Service"), ("subtype", "Sale"))


def test_columns_are_those_of_the_catalog_of_records(account: Simulator) -> None:
    records, _ = found(account, "salesorder")
    described = properties(records["salesorder"])
    assert described["id"]["type"] == "integer"
    assert described["item"]["type"] == ["object", "null"]
    assert described["lastModifiedDate"]["format"] == "date-time"
    assert "links" not in described
    assert records["salesorder"].cursor == "lastModifiedDate"


def test_where_the_catalog_is_refused_documents_tell_them(account: Simulator) -> None:
    account.role = replace(ADMINISTRATOR, unlisted=None)
    records, left_out = found(account, "salesorder", "lead")
    described = properties(records["salesorder"])
    assert {"id", "entity", "item", "lastModifiedDate"} <= set(described)
    # There is no lead whose document could tell.
    assert list(left_out) == ["record_lead"]


def test_a_catalog_that_fails_while_suiteql_answers_is_done_without_and_that_is_said(
    account: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: Resource) -> Document:
        raise RetriesExhausted(ServerFault(status=500, code="UNEXPECTED_ERROR"), seconds=10)

    records, _ = found(account, "salesorder", catalog=RecordCatalog(fail))
    assert {"id", "entity", "item", "lastModifiedDate"} <= set(properties(records["salesorder"]))
    said = "The metadata catalog does not describe salesorder, so its columns are those of 3 doc"
    assert said in caplog.text


def test_a_catalog_that_is_out_of_reach_ends_a_discovery(account: Simulator) -> None:
    """Documents alone would leave columns out, for what may pass."""

    def fail(_: Resource) -> Document:
        raise LoginRefused("Invalid login attempt.", status=401)

    with pytest.raises(LoginRefused):
        found(account, "salesorder", catalog=RecordCatalog(fail))


def test_three_documents_of_either_end_tell_them() -> None:
    role = Role(rows={"winery": [{"id": str(key)} for key in range(1, 7)]}, record_names=None)

    def read(_record_type: str, key: int, _others: Others) -> Document:
        return {"id": str(key), f"of{key}": "x"}

    [[record], _] = discover_records(("winery",), replace(sources_of(role), read=read))
    assert len([name for name in properties(record) if name.startswith("of")]) == 3


def test_where_no_record_can_be_read_the_catalog_tells_them(
    account: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    account.records.lock("salesorder")
    records, _ = found(account, "salesorder")
    assert "item" in properties(records["salesorder"])
    assert "None of the 6 records of salesorder that were tried can be read" in caplog.text


def test_where_some_cannot_be_read_others_tell_them(account: Simulator) -> None:
    account.role = replace(ADMINISTRATOR, unlisted=None)
    orders = account.sql("SELECT id FROM transaction WHERE recordtype = 'salesorder' ORDER BY id")
    ends = [key for (key,) in (*orders[:2], *orders[-2:])]
    account.records.lock("salesorder", *ends)
    records, _ = found(account, "salesorder")
    account.records.release("salesorder", *ends)
    assert "item" in properties(records["salesorder"])


def test_documents_that_lack_a_part_for_this_role_tell_of_the_others() -> None:
    """So a run will read them, too."""
    role = Role(rows={"winery": [{"id": str(key)} for key in range(1, 40)]}, record_names=None)

    def get(resource: Resource) -> Document:
        place = resource.path.partition("?")[0]
        if place.endswith("/wines"):
            raise PermissionDenied("no", status=403)
        links = [{"rel": "self", "href": f"{place}/wines"}]
        return {"id": place.rpartition("/")[2], "town": "Graz", "wines": {"links": links}}

    sources = replace(sources_of(role), read=RecordService(get).read)
    [[record], left_out] = discover_records(("winery",), sources)
    assert not left_out
    assert "town" in properties(record)


def test_where_neither_tells_the_type_is_left_out_with_the_words(account: Simulator) -> None:
    account.role = replace(ADMINISTRATOR, unlisted=None)
    account.records.lock("salesorder")
    records, left_out = found(account, "salesorder")
    assert not records
    assert "locked" in left_out["record_salesorder"]


def test_a_date_that_the_role_does_not_see_leaves_a_type_without(account: Simulator) -> None:
    hidden = {("transaction", "lastmodifieddate"): ColumnRefusal.REMOVED}
    account.role = replace(ADMINISTRATOR, columns=hidden)
    records, _ = found(account, "salesorder")
    assert records["salesorder"].ids.cursor is None
    assert records["salesorder"].cursor is None


def test_lines_whose_dates_are_hidden_change_no_record(
    account: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    assert found(account, "salesorder")[0]["salesorder"].ids.lines
    hidden = {("transactionline", "linelastmodifieddate"): ColumnRefusal.NOT_EXPOSED}
    account.role = replace(ADMINISTRATOR, columns=hidden)
    records, _ = found(account, "salesorder")
    assert records["salesorder"].ids.lines is None
    assert records["salesorder"].ids.cursor == "lastmodifieddate"
    assert "a record is read again only if its own date moved" in caplog.text


def test_a_date_without_a_time_zone_is_read_as_one(account: Simulator) -> None:
    hidden = {("transaction", "lastmodifieddate"): ColumnRefusal.NO_TIME_ZONE}
    account.role = replace(ADMINISTRATOR, columns=hidden)
    records, _ = found(account, "salesorder")
    assert records["salesorder"].ids.cursor_form == "local"
    assert (
        "changed at lastmodifieddate without a time zone or"
        in records["salesorder"].schema["description"]
    )


def test_a_type_that_nothing_tells_of_is_left_out_with_names_like_it(account: Simulator) -> None:
    records, left_out = found(account, "saleorder", "customer")
    assert list(records) == ["customer"]
    assert "salesorder" in left_out["record_saleorder"]


def test_a_type_that_the_role_may_not_see_is_left_out_with_the_permission(
    account: Simulator,
) -> None:
    account.role = replace(
        ADMINISTRATOR, unqueryable=frozenset({"employee"}), unlisted=frozenset({"employee"})
    )
    _, left_out = found(account, "employee")
    assert "The permission: Lists > Employees." in left_out["record_employee"]


@pytest.mark.parametrize(
    ("name", "types"),
    [
        ("item", "inventoryitem, assemblyitem,"),
        ("transaction", "salesorder, invoice,"),
        ("entity", "customer, vendor,"),
    ],
)
def test_a_table_of_several_types_is_none(account: Simulator, name: str, types: str) -> None:
    _, left_out = found(account, name)
    reason = left_out[f"record_{name}"]
    assert f"{name} is no record type" in reason
    assert types in reason
    assert "permission" not in reason


def test_a_type_is_offered_what_the_account_calls_it(account: Simulator) -> None:
    _, left_out = found(account, "class")
    assert "Types like it: classification" in left_out["record_class"]


@pytest.mark.parametrize(
    ("row", "cursor"),
    [
        ({"lastmodifieddate": NOON}, "lastmodifieddate"),
        ({"lastmodified": NOON}, "lastmodified"),
        ({"lastmodifieddate": None, "lastmodified": NOON}, "lastmodified"),
        ({"lastmodifieddate": None}, None),
        ({"created": NOON}, None),
    ],
)
def test_of_a_table_that_nothing_tells_of_a_date_counts_if_rows_have_it(
    row: Mapping[str, str | None], cursor: str | None
) -> None:
    shown = {name: value for name, value in row.items() if value}
    role = Role(
        rows={"winery": [{"id": "7", **shown}]},
        refused={"winery": {"lastmodifieddate", "lastmodified"} - row.keys()},
        schemas={"winery": {"type": "object", "properties": {"id": {"type": "string"}}}},
    )
    [[record], left_out] = discover_records(("winery",), sources_of(role))
    assert not left_out
    assert (record.ids.source, record.ids.cursor) == ("winery", cursor)
    assert bool(record.ids.deleted_types) == bool(cursor)


def test_rows_of_another_type_are_not_taken_for_those_of_one_that_has_none(
    account: Simulator,
) -> None:
    """All journals have one code, those between companies, too."""
    call(account, "journalentry", "intercompanyjournalentry")
    try:
        records, _ = found(account, "journalentry")
    finally:
        call(account, "intercompanyjournalentry", "journalentry")
    assert records["journalentry"].ids.only == (("recordtype", "journalentry"),)


def test_a_type_that_only_rows_tell_of_is_found_by_them(account: Simulator) -> None:
    """Accounts have types of transactions that they made themselves."""
    call(account, "vendorbill", "customtransaction_fee")
    try:
        _, left_out = found(account, "customtransaction_fee", "customtransaction_no")
    finally:
        call(account, "customtransaction_fee", "vendorbill")
    # The simulator's record service does not have it, and says so of each record.
    assert "Record" in left_out["record_customtransaction_fee"]
    assert "customtransaction_no" in left_out["record_customtransaction_no"]


def test_trouble_ends_a_discovery_and_leaves_nothing_out(account: Simulator) -> None:
    with pytest.raises(LoginRefused):
        found(account, "salesorder", token_secret="wrong")
