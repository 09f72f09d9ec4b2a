"""The columns that an account has made for itself."""

import logging

import pytest

from tap_netsuite_tba.discovery.customfields import TABLES_BY_PREFIX, TYPES, custom_columns
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import (
    ConnectionFailed,
    LoginRefused,
    NetSuiteError,
    NotFound,
    PermissionDenied,
    QueryRefused,
    RequestRefused,
    RetriesExhausted,
    ServerFault,
)
from tap_netsuite_tba.netsuite.query import Query
from tap_netsuite_tba.tables import Column, ColumnType

from .role import UNNAMED, Role, columns_of

WORKERS = Workers(2)


def fields(*rows: tuple[str, str]) -> list[dict[str, str | None]]:
    return [
        {
            "internalid": str(number),
            "scriptid": script_id,
            "name": f"Field {number}",
            "fieldvaluetype": kind,
        }
        for number, (script_id, kind) in enumerate(rows, start=1)
    ]


def found(role: Role) -> dict[str, list[Column]]:
    return custom_columns(role.fetch, WORKERS)


def test_the_beginning_of_a_script_id_tells_the_tables() -> None:
    role = Role(
        custom_fields=fields(
            ("CUSTBODY_PROJECT", "Free-Form Text"),
            ("CUSTCOL_BATCH", "Free-Form Text"),
            ("CUSTENTITY_TIER", "Free-Form Text"),
            ("CUSTITEM_WIDTH", "Free-Form Text"),
        )
    )
    assert {table: [c.name for c in columns] for table, columns in found(role).items()} == {
        "transaction": ["custbody_project"],
        "transactionline": ["custcol_batch"],
        "customer": ["custentity_tier"],
        "vendor": ["custentity_tier"],
        "employee": ["custentity_tier"],
        "item": ["custitem_width"],
    }


def test_every_family_is_on_a_table_that_this_version_knows() -> None:
    role = Role(custom_fields=fields(*((f"{prefix}_x", "Date") for prefix in TABLES_BY_PREFIX)))
    assert set(found(role)) == {table for tables in TABLES_BY_PREFIX.values() for table in tables}


@pytest.mark.parametrize("script_id", ["custrecord_x", "custevent_x", "customscript5", ""])
def test_fields_of_other_records_are_no_columns(script_id: str) -> None:
    assert found(Role(custom_fields=fields((script_id, "Date")))) == {}


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
        ("Multiple Select", ColumnType.TEXT),
        ("Free-Form Text", ColumnType.TEXT),
        ("Time Of Day", ColumnType.TEXT),
        ("Something new", ColumnType.TEXT),
        ("CHECK BOX", ColumnType.BOOLEAN),
        ("", ColumnType.TEXT),
    ],
)
def test_the_kind_of_a_field_tells_the_type_of_its_column(kind: str, type_: ColumnType) -> None:
    role = Role(custom_fields=fields(("CUSTBODY_X", kind)))
    assert found(role) == {"transaction": [Column("custbody_x", type_, "Field 1")]}


def test_kinds_are_kept_in_lower_case() -> None:
    assert all(kind == kind.lower() for kind in TYPES)


def test_columns_are_in_alphabetical_order() -> None:
    names = ["custbody_b", "custbody_a", "custbody58", "custbody_c"]
    role = Role(custom_fields=fields(*((name, "Date") for name in names)))
    assert [column.name for column in found(role)["transaction"]] == sorted(names)


def test_what_a_field_does_not_say_is_left_empty() -> None:
    role = Role(custom_fields=[{"internalid": "1", "scriptid": "CUSTBODY_X"}, {"internalid": "2"}])
    assert found(role) == {"transaction": [Column("custbody_x", ColumnType.TEXT, "")]}


def test_a_name_that_suiteql_does_not_take_is_said_and_left_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    role = Role(custom_fields=fields(("custbody-x; DROP", "Date"), ("custbody_y", "Date")))
    assert [column.name for column in found(role)["transaction"]] == ["custbody_y"]
    assert "'custbody-x; drop' has no name that SuiteQL takes" in caplog.text


def test_without_permission_there_are_none_and_a_warning_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        assert found(Role(hidden=frozenset({"customfield"}))) == {}
    assert "Custom fields are left out" in caplog.text
    assert "Record 'customfield' was not found" in caplog.text


@pytest.mark.parametrize(
    "error",
    [
        LoginRefused("no"),
        RetriesExhausted(ConnectionFailed("reset"), seconds=900),
        RetriesExhausted(ServerFault("down", status=503), seconds=10),
    ],
)
def test_trouble_is_not_taken_for_an_account_without_custom_fields(error: NetSuiteError) -> None:
    def trouble(query: Query) -> None:
        del query
        raise error

    with pytest.raises(type(error)):
        found(Role(trouble=trouble))


@pytest.mark.parametrize(
    "error",
    [
        PermissionDenied("no", status=403),
        NotFound("none", status=404),
        RequestRefused("no", status=400),
        QueryRefused(UNNAMED, status=400),
    ],
)
@pytest.mark.parametrize("answers_before", [0, 1])
def test_a_refusal_in_any_form_is_a_warning(
    error: NetSuiteError, answers_before: int, caplog: pytest.LogCaptureFixture
) -> None:
    role = Role(custom_fields=fields(("CUSTBODY_X", "Date")))

    def trouble(query: Query) -> None:
        del query
        if len(role.queries) > answers_before:
            raise error

    role.trouble = trouble
    assert found(role) == {}
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "Custom fields are left out" in caplog.text


@pytest.mark.parametrize("missing", ["internalid", "id"])
@pytest.mark.parametrize("is_named", [True, False])
def test_either_id_will_do(missing: str, is_named: bool) -> None:  # noqa: FBT001 - a parameter of pytest
    role = Role({"customfield": {missing}})
    if not is_named:
        role.refusal = lambda table, _: QueryRefused(UNNAMED, table=table)
    [key] = {"internalid", "id"} - {missing}
    role.custom_fields = [{key: "1", "scriptid": "CUSTBODY_X", "fieldvaluetype": "Date"}]
    assert found(role) == {"transaction": [Column("custbody_x", ColumnType.DATE)]}
    assert f"ORDER BY t.{key} ASC" in role.queries[-1].text
    assert missing not in columns_of(role.queries[-1])


def test_names_and_types_of_the_fields_can_be_done_without() -> None:
    role = Role({"customfield": {"name", "fieldvaluetype"}})
    role.custom_fields = [{"internalid": "1", "scriptid": "CUSTBODY_X"}]
    assert found(role) == {"transaction": [Column("custbody_x", ColumnType.TEXT, "")]}


@pytest.mark.parametrize("missing", [{"scriptid"}, {"internalid", "id"}])
def test_without_ids_or_script_ids_there_are_none_and_a_warning_says_so(
    missing: set[str], caplog: pytest.LogCaptureFixture
) -> None:
    role = Role({"customfield": missing}, custom_fields=fields(("CUSTBODY_X", "Date")))
    assert found(role) == {}
    assert "Custom fields are left out" in caplog.text


@pytest.mark.parametrize(
    ("kinds", "merged"),
    [
        (["Date", "Date"], ColumnType.DATE),
        (["Date", "Percent"], ColumnType.TEXT),
        (["Date", "Percent", "Date"], ColumnType.TEXT),
        (["Currency", "Percent"], ColumnType.DECIMAL),
    ],
)
def test_a_field_that_comes_twice_is_one_column(kinds: list[str], merged: ColumnType) -> None:
    role = Role(custom_fields=fields(*(("CUSTENTITY_X", kind) for kind in kinds)))
    for columns in found(role).values():
        assert [(column.name, column.type) for column in columns] == [("custentity_x", merged)]
