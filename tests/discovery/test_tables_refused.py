"""What of the wanted tables a role may not read, and what trouble does to a discovery."""

import logging
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.discovery.found import Wanted
from tap_netsuite_tba.discovery.tables import discover
from tap_netsuite_tba.netsuite.errors import (
    ConcurrencyLimitExceeded,
    LoginRefused,
    NetSuiteError,
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
from .role import UNNAMED, Role, columns_of, hidden_table, unknown_identifier


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


def test_the_date_of_deletion_is_not_lost_when_the_column_before_it_is_bisected() -> None:
    column = shipped_tables()["customer"].column_names[-1]
    role = Role({"customer": {column}}, refusal=lambda table, _: QueryRefused(UNNAMED, table=table))
    table = found(role, "customer")["customer"]
    assert column not in table.column_names
    assert DELETED_AT in table.column_names


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


def test_a_hidden_table_is_left_out_and_told_with_netsuites_words() -> None:
    found = discovered(Role(hidden=frozenset({"employee", "vendor"})), "*", "Vendor")
    names = {table.name for table in found.tables}
    assert names == shipped_names() - {"employee", "vendor"}
    assert [(each.table.name, each.reason, each.is_named) for each in found.unreadable] == [
        ("employee", hidden_table("employee"), False),
        ("vendor", hidden_table("vendor"), True),
    ]


def test_when_no_table_can_be_read_that_is_an_error() -> None:
    with pytest.raises(QueryRefused, match="Record 'employee' was not found"):
        found(Role(hidden=frozenset({"employee"})), "employee")


def test_a_table_whose_key_is_refused_is_a_hidden_table() -> None:
    role = Role({"vendor": {"id"}})
    assert list(found(role, "vendor", "item")) == ["item"]
    with pytest.raises(QueryRefused, match="'id'"):
        found(role, "vendor")


def test_a_table_of_whose_key_the_second_column_is_refused_is_a_hidden_table() -> None:
    found = discovered(Role({"itemvendor": {"vendor"}}), "itemvendor", "vendor")
    assert [table.name for table in found.tables] == ["vendor"]
    [unreadable] = found.unreadable
    assert unreadable.table.name == "itemvendor"
    assert unreadable.reason == unknown_identifier("vendor")


def test_without_permission_for_custom_fields_the_shipped_columns_are_left(
    caplog: pytest.LogCaptureFixture,
) -> None:
    role = Role(hidden=frozenset({"customfield"}), rows=CUSTOM_FIELDS)
    tables = found(role, "customer")
    assert of_netsuite(tables["customer"]) == shipped_tables()["customer"].column_names
    assert "does not see NetSuite's customfield" in caplog.text


def test_a_table_without_key_has_the_columns_that_are_accepted() -> None:
    role = Role({"pricing": {"currency", "quantity"}})
    table = found(role, "pricing")["pricing"]
    assert table.key == ()
    assert table.column_names == ("internalid", "item", "pricelevel", "saleunit", "unitprice")


def test_a_table_without_key_and_without_readable_columns_is_left_out() -> None:
    role = Role({"pricing": set(shipped_tables()["pricing"].column_names)})
    assert list(found(role, "pricing", "vendor")) == ["vendor"]


TABLES = ("customer", "customlist_tag", "customrecord_vehicle", "transactionline", "vendor")


@cache
def columns_but_keys(name: str) -> tuple[str, ...]:
    table = discovered(Role(rows=OWN), name).tables[0]
    return tuple(column for column in of_netsuite(table) if column not in table.key)


refused_columns = st.fixed_dictionaries(
    {name: st.sets(st.sampled_from(columns_but_keys(name)), max_size=6) for name in TABLES}
)
unnamed = st.sampled_from([None, lambda table, _: QueryRefused(UNNAMED, table=table)])


@given(st.sets(st.sampled_from(TABLES), max_size=4), refused_columns, unnamed)
def test_what_is_found_is_what_the_role_may_read_and_the_rest_is_told(
    hidden: set[str],
    refused: dict[str, set[str]],
    refusal: Callable[[str, str], NetSuiteError] | None,
) -> None:
    role = Role(refused, frozenset(hidden), rows=OWN)
    if refusal:
        role.refusal = refusal
    found = discovered(role, *TABLES)
    assert {each.table.name for each in found.unreadable} == hidden
    assert [each.table.name for each in found.readable] == sorted(set(TABLES) - hidden)
    for each in found.readable:
        name = each.table.name
        assert {r.column.name for r in each.refused} == refused[name]
        left = [column for column in columns_but_keys(name) if column not in refused[name]]
        assert [c for c in of_netsuite(each.table) if c not in each.table.key] == left


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


def test_a_table_that_fails_for_good_ends_discovery_with_the_way_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def trouble(query: Query) -> None:
        if query.table == "vendor":
            error = ServerFault("An unexpected error", status=500, code="UNEXPECTED_ERROR")
            raise RetriesExhausted(error, seconds=900)

    with pytest.raises(RetriesExhausted):
        found(Role(trouble=trouble), "vendor", "item")
    assert "NetSuite fails at vendor again and again" in caplog.text
    assert "naming the others in the setting tables" in caplog.text


def test_a_table_without_a_part_of_its_key_is_left_out() -> None:
    role = Role({"itemvendor": {"vendor"}})
    assert list(found(role, "itemvendor", "vendor")) == ["vendor"]


@pytest.mark.parametrize(
    ("pattern", "unseen"),
    [("location", {"customfield", "customsegment"}), ("customlist*", LISTS), ("currency", set())],
)
def test_lists_that_tell_nothing_of_what_is_wanted_are_not_missed(
    pattern: str, unseen: set[str]
) -> None:
    role = Role(hidden=LISTS, record_names=["customlist_a"])
    assert {name for name, _ in discovered(role, pattern).unseen} == unseen


def test_a_discovery_knows_the_names_of_the_accounts_own_tables() -> None:
    own = ("customlist_tag", "customrecord49", "customrecord_vehicle", "map_item_custitem_tags")
    assert discovered(Role(rows=OWN), "item").own == own


def test_what_the_discovery_before_could_read_is_told_from_what_it_could_not() -> None:
    role = Role(hidden=frozenset({"vendor", "item"}))
    known = discovered(Role(), "vendor").tables
    found = discover(Wanted(("vendor", "item", "job")), role.fetch, role.catalog, WORKERS, known)
    assert {u.table.name: u.was_readable for u in found.unreadable} == {
        "item": False,
        "vendor": True,
    }


REFUSALS: list[NetSuiteError] = [
    PermissionDenied("no", status=403),
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
