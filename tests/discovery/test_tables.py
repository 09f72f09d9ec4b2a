"""From the setting `tables` to the tables that this role can read."""

import logging
import math
from collections.abc import Mapping, Sequence

import pytest

from tap_netsuite_tba.discovery.tables import chosen_tables, discover, named_tables
from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.extraction.groups import MAX_COLUMNS
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import (
    ConcurrencyLimitExceeded,
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
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import (
    DELETED_AT,
    PARENT_MODIFIED_AT,
    ColumnType,
    Group,
    Table,
)

from .role import UNNAMED, Role, columns_of

WORKERS = Workers(3)
CUSTOM_FIELDS: list[dict[str, str | None]] = [
    {
        "internalid": "1",
        "scriptid": "CUSTBODY_PROJECT",
        "name": "Project",
        "fieldvaluetype": "Date",
    },
    {"internalid": "2", "scriptid": "CUSTENTITY_TIER", "name": "Tier", "fieldvaluetype": "Percent"},
]


def found(
    role: Role, *patterns: str, column_types: Mapping[str, ColumnType] | None = None
) -> dict[str, Table]:
    tables = discover(patterns or ("*",), column_types or {}, role.fetch, WORKERS)
    assert [table.name for table in tables] == sorted(table.name for table in tables)
    return {table.name: table for table in tables}


def of_netsuite(table: Table) -> tuple[str, ...]:
    """The columns of a table that NetSuite has."""
    return tuple(name for name in table.column_names if not name.startswith("_sdc_"))


def names(tables: Sequence[Table]) -> list[str]:
    return [table.name for table in tables]


def test_a_star_is_every_table_but_those_of_the_system() -> None:
    wanted = [t.name for t in shipped_tables().values() if t.group is not Group.SYSTEM]
    assert names(chosen_tables(["*"])) == sorted(wanted)


def test_patterns_are_globs_in_any_case_and_may_overlap() -> None:
    assert names(chosen_tables(["Transaction*", "transaction", "v?ndor"])) == [
        "transaction",
        "transactionaccountingline",
        "transactionline",
        "transactionstatus",
        "vendor",
    ]


def test_a_table_of_the_system_is_read_only_when_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    system = Table("systemnote", ("id",), (), group=Group.SYSTEM)
    monkeypatch.setattr(
        "tap_netsuite_tba.discovery.tables.shipped_tables", lambda: {"systemnote": system}
    )
    assert chosen_tables(["SystemNote"]) == [system]
    with pytest.raises(ConfigurationError):
        chosen_tables(["system*"])


@pytest.mark.parametrize(
    ("pattern", "near"), [("transactions", "transaction"), ("vendr", "vendor"), ("zzz*", "account")]
)
def test_a_pattern_that_fits_nothing_is_refused_with_what_is_near(pattern: str, near: str) -> None:
    with pytest.raises(ConfigurationError, match=f"tables: '.*' fits no table .*near it: .*{near}"):
        chosen_tables(["customer", pattern])


def test_a_role_that_sees_all_gets_all() -> None:
    role = Role(custom_fields=CUSTOM_FIELDS)
    tables = found(role)
    assert set(tables) == set(names(chosen_tables(["*"])))
    for name, table in tables.items():
        assert set(shipped_tables()[name].column_names) <= set(table.column_names)
        assert table.replication_key == shipped_tables()[name].replication_key
    # The custom fields are proven and read, a table is asked for by at most 99 columns.
    assert len(role.asked_about("customfield")) == 2
    for name, table in tables.items():
        asked_for = len([c for c in table.column_names if c != DELETED_AT])
        assert len(role.asked_about(name)) == math.ceil(asked_for / MAX_COLUMNS)


def test_custom_fields_are_columns_of_their_tables() -> None:
    tables = found(Role(custom_fields=CUSTOM_FIELDS), "transaction", "customer", "vendor", "item")
    assert "custbody_project" in tables["transaction"].column_names
    assert "custentity_tier" in tables["customer"].column_names
    assert "custentity_tier" in tables["vendor"].column_names
    assert of_netsuite(tables["item"]) == shipped_tables()["item"].column_names


def test_lines_get_the_date_of_their_transaction() -> None:
    table = found(Role(), "transactionline")["transactionline"]
    assert {c.name: c.type for c in table.columns}[PARENT_MODIFIED_AT] is ColumnType.DATETIME
    assert table.replication_key == PARENT_MODIFIED_AT


def test_lines_whose_own_date_is_refused_go_by_their_transactions_alone() -> None:
    role = Role({"transactionline": {"linelastmodifieddate"}})
    table = found(role, "transactionline")["transactionline"]
    assert table.parent is not None
    assert table.parent.line_cursor is None
    assert table.replication_key == PARENT_MODIFIED_AT


def test_lines_that_do_not_show_their_transactions_date_get_no_date_of_deletion() -> None:
    role = Role({"transactionline": {"p.lastmodifieddate"}})
    table = found(role, "transactionline")["transactionline"]
    assert table.parent is None
    assert DELETED_AT not in table.column_names


def test_tables_whose_deletions_are_logged_get_the_date_of_deletion() -> None:
    role = Role()
    for name, table in found(role).items():
        logged = bool(shipped_tables()[name].deleted_types)
        assert (DELETED_AT in table.column_names) is logged
    assert not any("deleted" in query.text for query in role.queries)


def test_the_date_of_deletion_is_not_lost_when_the_column_before_it_is_bisected() -> None:
    column = shipped_tables()["customer"].column_names[-1]
    role = Role({"customer": {column}}, refusal=lambda table, _: QueryRefused(UNNAMED, table=table))
    table = found(role, "customer")["customer"]
    assert column not in table.column_names
    assert DELETED_AT in table.column_names


def test_a_refused_column_is_left_out_and_said(caplog: pytest.LogCaptureFixture) -> None:
    tables = found(Role({"customer": {"salesrep"}}), "customer")
    assert "salesrep" not in tables["customer"].column_names
    left = [name for name in shipped_tables()["customer"].column_names if name != "salesrep"]
    assert of_netsuite(tables["customer"]) == tuple(left)
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert "The column customer.salesrep is left out" in record.getMessage()
    assert "Unknown identifier 'salesrep'" in record.getMessage()


def test_an_entity_field_that_one_of_the_entities_has_not_is_no_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    role = Role({"vendor": {"custentity_tier"}}, custom_fields=CUSTOM_FIELDS)
    with caplog.at_level(logging.INFO):
        tables = found(role, "vendor", "customer")
    assert "custentity_tier" not in tables["vendor"].column_names
    assert "custentity_tier" in tables["customer"].column_names
    [record] = caplog.records
    assert record.levelno == logging.INFO
    assert record.getMessage() == "vendor does not have the entity fields custentity_tier."


def test_an_entity_field_that_none_of_the_entities_has_is_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    role = Role({"vendor": {"custentity_tier"}}, custom_fields=CUSTOM_FIELDS)
    found(role, "vendor")
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert "The column vendor.custentity_tier is left out" in record.getMessage()


def test_a_refused_cursor_leaves_a_table_that_is_read_whole(
    caplog: pytest.LogCaptureFixture,
) -> None:
    cursor = shipped_tables()["vendor"].cursor
    assert cursor is not None
    table = found(Role({"vendor": {cursor}}), "vendor")["vendor"]
    assert table.cursor is None
    assert "vendor shows no modification date: each run reads it whole" in caplog.text


def test_lines_whose_transaction_shows_no_date_are_read_whole(
    caplog: pytest.LogCaptureFixture,
) -> None:
    table = found(Role({"transactionline": {"p.lastmodifieddate"}}), "transactionline")[
        "transactionline"
    ]
    assert table.parent is None
    assert PARENT_MODIFIED_AT not in table.column_names
    assert "transactionline shows no modification date" in caplog.text


def test_a_hidden_table_is_left_out_with_a_warning_when_all_were_wanted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tables = found(Role(hidden=frozenset({"employee"})))
    assert set(tables) == set(names(chosen_tables(["*"]))) - {"employee"}
    assert "The table employee is left out" in caplog.text
    assert "Record 'employee' was not found" in caplog.text


def test_a_hidden_table_that_a_pattern_fits_is_left_out_with_a_warning() -> None:
    assert list(found(Role(hidden=frozenset({"vendor"})), "v*", "item")) == ["item"]


def test_tables_are_named_in_any_case_and_patterns_name_none() -> None:
    assert named_tables(["*", "Employee", "v*", "nothing"]) == {"employee"}


def test_when_no_table_can_be_read_that_is_an_error() -> None:
    with pytest.raises(QueryRefused, match="Record 'employee' was not found"):
        found(Role(hidden=frozenset({"employee"})), "employee")


def test_a_table_whose_key_is_refused_is_a_hidden_table() -> None:
    role = Role({"vendor": {"id"}})
    assert list(found(role, "v*", "item")) == ["item"]
    with pytest.raises(QueryRefused, match="'id'"):
        found(role, "vendor")


def test_without_permission_for_custom_fields_the_shipped_columns_are_left(
    caplog: pytest.LogCaptureFixture,
) -> None:
    role = Role(hidden=frozenset({"customfield"}), custom_fields=CUSTOM_FIELDS)
    tables = found(role, "customer")
    assert of_netsuite(tables["customer"]) == shipped_tables()["customer"].column_names
    assert "Custom fields are left out" in caplog.text


def test_a_type_that_was_set_overrules_the_discovered_one() -> None:
    role = Role(custom_fields=CUSTOM_FIELDS)
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
    [query] = role.asked_about("transaction")
    assert "t.custbody_project FROM" in query.text


@pytest.mark.parametrize(
    ("name", "kind"),
    [("vendor.id", ColumnType.TEXT), ("entitystatus.key", ColumnType.INTEGER)],
)
def test_the_type_of_a_key_cannot_be_set(name: str, kind: ColumnType) -> None:
    with pytest.raises(ConfigurationError, match=rf"{name} is the key.* must stay of type"):
        found(Role(), name.partition(".")[0], column_types={name: kind})


def test_a_table_without_key_has_the_columns_that_are_accepted() -> None:
    role = Role({"pricing": {"currency", "quantity"}})
    table = found(role, "pricing")["pricing"]
    assert table.key == ()
    assert table.column_names == ("internalid", "item", "pricelevel", "saleunit", "unitprice")


def test_a_table_without_key_and_without_readable_columns_is_left_out() -> None:
    role = Role({"pricing": set(shipped_tables()["pricing"].column_names)})
    assert list(found(role, "pricing", "vendor")) == ["vendor"]


def test_a_type_for_a_column_that_no_table_has_is_said(caplog: pytest.LogCaptureFixture) -> None:
    found(Role(), "vendor", column_types={"vendor.custentity_typo": ColumnType.TEXT})
    assert "custentity_typo" in caplog.text


@pytest.mark.parametrize(
    "error",
    [
        LoginRefused("Invalid login attempt."),
        RetriesExhausted(ConcurrencyLimitExceeded("busy"), seconds=900),
        RetriesExhausted(ServerFault("down", status=503), seconds=900),
    ],
)
@pytest.mark.parametrize("table", ["customfield", "account", "transactionline", "vendor"])
def test_trouble_ends_discovery_and_never_shrinks_the_catalog(
    error: NetSuiteError, table: str
) -> None:
    def trouble(query: Query) -> None:
        if query.table == table:
            raise error

    with pytest.raises(type(error)):
        found(Role(trouble=trouble))


REFUSALS: list[NetSuiteError] = [
    PermissionDenied("no", status=403),
    NotFound("none", status=404),
    RequestRefused("no", status=400, code="USER_ERROR"),
    QueryRefused(UNNAMED, status=400),
]


@pytest.mark.parametrize("error", REFUSALS)
def test_a_table_that_is_refused_in_any_form_is_left_out_with_a_warning(
    error: NetSuiteError, caplog: pytest.LogCaptureFixture
) -> None:
    def trouble(query: Query) -> None:
        if query.table == "vendor":
            raise error

    assert list(found(Role(trouble=trouble), "vendor", "item")) == ["item"]
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert "The table vendor is left out" in record.getMessage()


@pytest.mark.parametrize("error", REFUSALS)
def test_all_tables_refused_is_the_error_of_the_first(error: NetSuiteError) -> None:
    def trouble(query: Query) -> None:
        if query.table == "item":
            raise error
        if query.table == "vendor":
            raise PermissionDenied("the second", status=403)

    with pytest.raises(type(error)) as raised:
        found(Role(trouble=trouble), "vendor", "item")
    assert raised.value is error


def test_lines_of_a_hidden_transaction_are_read_whole() -> None:
    role = Role(hidden=frozenset({"transaction"}))
    table = found(role, "transaction", "transactionline")["transactionline"]
    assert table.parent is None
    assert of_netsuite(table) == shipped_tables()["transactionline"].column_names


def test_a_server_fault_behind_an_unnamed_refusal_ends_discovery() -> None:
    role = Role({"vendor": {"email"}}, refusal=lambda table, _: QueryRefused(UNNAMED, table=table))

    def trouble(query: Query) -> None:
        if query.table == "vendor" and columns_of(query) == ["id"]:
            raise RetriesExhausted(ServerFault("down", status=503), seconds=10)

    role.trouble = trouble
    with pytest.raises(RetriesExhausted):
        found(role, "vendor", "item")


def test_an_entity_field_that_is_refused_for_a_fault_is_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    role = Role(
        {"vendor": {"custentity_tier"}},
        custom_fields=CUSTOM_FIELDS,
        refusal=lambda *_: RetriesExhausted(ServerFault("down", status=500), seconds=10),
    )
    found(role, "vendor", "customer")
    assert "vendor.custentity_tier is left out" in caplog.text
