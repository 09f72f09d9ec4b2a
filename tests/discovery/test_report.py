"""What the log says of what a discovery could not have."""

import logging
from collections.abc import Callable
from dataclasses import replace

import pytest

from tap_netsuite_tba.discovery.families import TABLES_BY_PREFIX
from tap_netsuite_tba.discovery.found import Discovery, Readable, Refused, Unreadable, Wanted
from tap_netsuite_tba.discovery.report import remedy, report, report_types, short
from tap_netsuite_tba.own_queries import OwnQuery
from tap_netsuite_tba.tables import Column, ColumnType, Group, Source, Table

from .role import UNNAMED, hidden_table, unknown_identifier, unknown_table

TIER = Column("custentity_tier", ColumnType.TEXT, source=Source.CUSTOM_FIELD)
SEGMENT = Column("cseg_line", ColumnType.INTEGER, source=Source.CUSTOM_FIELD)
EMAIL, PHONE = Column("email", ColumnType.TEXT), Column("phone", ColumnType.TEXT)


def table(name: str, *columns: Column, permission: str = "", feature: str = "") -> Table:
    permissions = (permission,) if permission else ()
    return Table(name, ("id",), columns, permissions=permissions, feature=feature)


def hidden(shown: Table, *, named: bool, reason: str = "") -> Unreadable:
    return Unreadable(shown, reason or hidden_table(shown.name), is_named=named)


def refused(*columns: Column) -> tuple[Refused, ...]:
    return tuple(Refused(column, unknown_identifier(column.name)) for column in columns)


Say = Callable[[Discovery], list[logging.LogRecord]]


@pytest.fixture
def say(caplog: pytest.LogCaptureFixture) -> Say:
    def say(found: Discovery) -> list[logging.LogRecord]:
        with caplog.at_level(logging.INFO):
            report(found)
        return caplog.records

    return say


def test_of_a_discovery_that_has_all_nothing_is_said(say: Say) -> None:
    assert say(Discovery((Readable(table("customer", EMAIL)),))) == []


def test_each_named_table_that_cannot_be_read_is_said_with_cause_and_remedy(
    say: Say,
) -> None:
    customer = table("customer", permission="Lists > Customers")
    plan = table("revenueplan", feature="Setup > Company > Enable Features > Accounting")
    first, second = say(
        Discovery(unreadable=(hidden(customer, named=True), hidden(plan, named=True)))
    )
    assert first.levelno == second.levelno == logging.WARNING
    assert "The table customer is left out: Record 'customer' was not found." in first.getMessage()
    assert "permission Lists > Customers (Setup > Users/Roles" in first.getMessage()
    assert "feature: Setup > Company > Enable Features > Accounting" in second.getMessage()


def test_a_name_that_nobody_knows_is_said_with_what_is_near() -> None:
    unknown = hidden(table("transactions"), named=True, reason=unknown_table("transactions"))
    vehicle = Readable(table("customrecord_vehicle", EMAIL))
    own = hidden(table("customrecord_vehicel"), named=True)
    found = Discovery((vehicle,), (unknown, own))
    assert "names like it: " in remedy(unknown, found)
    assert short(unknown.reason) == "Invalid search type: transactions."
    assert "customrecord_vehicle" in remedy(own, found)


OWN = ("customlist_tag", "customrecord_vehicle", "map_item_custitem_tags")
WRONG = {
    "customlist_tags": "customlist",
    "customrecord_vehicel": "customrecordtype",
    "map_item_custitem_tag": "customfield",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_name_of_a_table_of_the_accounts_own_is_no_question_of_permissions(
    name: str,
) -> None:
    wrong = hidden(table(name, permission="Lists > Custom Record Entries"), named=True)
    said = remedy(wrong, Discovery(own=OWN))
    assert "no table of that name" in said
    assert OWN[[*WRONG].index(name)] in said
    assert "permission" not in said


@pytest.mark.parametrize("name", WRONG)
def test_where_the_role_does_not_see_what_there_is_a_permission_may_be_wanting(name: str) -> None:
    wanted = hidden(table(name, permission="Lists > Entries"), named=True)
    for found in (Discovery(own=(name,)), Discovery(unseen=((WRONG[name], "no"),))):
        assert "Give the role the permission Lists > Entries" in remedy(wanted, found)


def test_tables_that_a_pattern_meant_are_one_line(say: Say) -> None:
    names = [f"table{number}" for number in range(30)]
    [record] = say(Discovery(unreadable=tuple(hidden(table(name), named=False) for name in names)))
    assert record.levelno == logging.WARNING
    assert ", ".join(names) in record.getMessage()
    assert "netsuite-tba tables table0" in record.getMessage()


def test_main_tables_that_a_pattern_meant_are_warned_of_with_their_permissions(say: Say) -> None:
    found = {
        "currency": table("currency", permission="Lists > Currency", feature="Currencies"),
        "term": table("term", permission="Lists > Terms"),
        "a": table("customrecord_a", permission="Lists > Custom Record Entries"),
        "b": table("customrecord_b", permission="Lists > Custom Record Entries"),
    }
    [record] = say(Discovery(unreadable=tuple(hidden(t, named=False) for t in found.values())))
    assert record.levelno == logging.WARNING
    assert (
        "currency (Lists > Currency); term (Lists > Terms); "
        "customrecord_a, customrecord_b (Lists > Custom Record Entries)."
    ) in record.getMessage()


def test_that_an_account_lacks_what_many_lack_is_no_warning(say: Say) -> None:
    details = [replace(table(name), group=Group.DETAIL) for name in ("subscription", "job")]
    [record] = say(Discovery(unreadable=tuple(hidden(each, named=False) for each in details)))
    assert record.levelno == logging.INFO
    assert "subscription, job." in record.getMessage()


def test_that_a_table_is_gone_that_was_there_is_a_warning(say: Say) -> None:
    detail = replace(table("subscription", permission="Lists > Subscriptions"), group=Group.DETAIL)
    gone = replace(hidden(detail, named=False), was_readable=True)
    [record] = say(Discovery(unreadable=(gone,)))
    assert record.levelno == logging.WARNING
    assert "subscription (Lists > Subscriptions)" in record.getMessage()


def test_refused_columns_of_a_table_are_one_warning_with_netsuites_words(
    say: Say,
) -> None:
    odd = Refused(Column("fax", ColumnType.TEXT), UNNAMED)
    [record] = say(Discovery((Readable(table("customer"), (*refused(EMAIL, PHONE), odd)),)))
    assert record.levelno == logging.WARNING
    assert record.getMessage().startswith(
        "NetSuite refuses columns of customer, which are left out: email, phone "
        "(such as: Unknown identifier 'email'); fax (Invalid or unsupported search)."
    )
    assert "Store Value" not in record.getMessage()


def test_a_field_that_another_table_of_its_family_has_is_no_warning(
    say: Say,
) -> None:
    [record] = say(
        Discovery((Readable(table("customer", TIER)), Readable(table("vendor"), refused(TIER))))
    )
    assert record.levelno == logging.INFO
    assert record.getMessage() == (
        "vendor does not have these fields of its family: custentity_tier."
    )


def test_a_segment_need_not_be_on_transactions(say: Say) -> None:
    assert [
        record.levelno
        for record in say(Discovery((Readable(table("transaction"), refused(SEGMENT)),)))
    ] == [logging.INFO]


@pytest.mark.parametrize(
    "readable",
    [
        # No table has it.
        tuple(Readable(table(name), refused(TIER)) for name in TABLES_BY_PREFIX["custentity"]),
        # It is no field of the account's.
        (Readable(table("customer", EMAIL)), Readable(table("vendor"), refused(EMAIL))),
        # It is there, and cannot be read.
        (
            Readable(table("customer", TIER)),
            Readable(table("vendor"), (Refused(TIER, "An unexpected error occurred"),)),
        ),
    ],
)
def test_any_other_refused_column_is_a_warning(readable: tuple[Readable, ...], say: Say) -> None:
    assert {record.levelno for record in say(Discovery(readable))} == {logging.WARNING}


def test_a_field_that_a_table_may_have_that_nobody_wants_is_no_warning(say: Say) -> None:
    names = TABLES_BY_PREFIX["custentity"]
    readable = tuple(Readable(table(name), refused(TIER)) for name in names[1:])
    assert {record.levelno for record in say(Discovery(readable))} == {logging.INFO}
    say_all = Discovery(readable, (hidden(table(names[0]), named=True),))
    assert logging.WARNING in {record.levelno for record in say(say_all)}


def test_of_many_fields_of_a_family_the_first_are_named(say: Say) -> None:
    fields = [replace(TIER, name=f"custentity_{number:03}") for number in range(150)]
    has = Readable(table("customer", *fields))
    [record] = say(Discovery((has, Readable(table("vendor"), refused(*fields)))))
    assert record.getMessage().endswith("custentity_019 and 130 more.")


def test_why_an_account_may_have_no_column_of_a_custom_field_is_said(say: Say) -> None:
    formula = replace(TIER, name="custbody_balance")
    [record] = say(Discovery((Readable(table("transaction"), refused(formula)),)))
    assert "(Unknown identifier 'custbody_balance')" in record.getMessage()
    assert "without Store Value" in record.getMessage()


@pytest.mark.parametrize(
    ("name", "feature"), [("customsegment", "Custom Segments"), ("customfield", "")]
)
def test_a_list_may_be_missing_for_want_of_a_feature(name: str, feature: str, say: Say) -> None:
    [record] = say(Discovery(unseen=((name, hidden_table(name)),)))
    assert ("lack a feature" in record.getMessage()) is bool(feature)
    assert feature in record.getMessage()


def test_types_of_columns_that_are_not_there_are_said(caplog: pytest.LogCaptureFixture) -> None:
    types = dict.fromkeys(("customer.email", "customer.fax", "vendor.email"), ColumnType.TEXT)
    report_types(Wanted(column_types=types), Discovery((Readable(table("customer", EMAIL)),)))
    assert [str(record.args) for record in caplog.records] == [
        "('customer.fax', ' Names like it: customer.email.')",
        "('vendor.email', ' Names like it: customer.email.')",
    ]


def test_a_type_of_a_query_that_is_not_there_is_said_with_those_that_are(
    caplog: pytest.LogCaptureFixture,
) -> None:
    queries = (OwnQuery("customer_balance", "SELECT 1 AS n FROM dual"),)
    types = {"customer_balances.code": ColumnType.TEXT}
    report_types(Wanted(queries=queries, column_types=types), Discovery())
    [said] = caplog.messages
    assert said.endswith("which is no column here. Names like it: customer_balance.")


@pytest.mark.parametrize(
    ("name", "permission", "consequence"),
    [
        ("customfield", "Custom Fields", "columns that the account added"),
        ("customrecordtype", "Custom Record Types", "custom records are known only"),
        ("customlist", "Custom Lists", "custom lists are known only"),
        ("customsegment", "Custom Segments", "columns of custom segments"),
        ("metadata-catalog", "REST Web Services", "known only by name"),
    ],
)
def test_a_list_that_cannot_be_seen_is_said_with_what_is_missing_and_the_permission(
    name: str, permission: str, consequence: str, say: Say
) -> None:
    [record] = say(Discovery(unseen=((name, hidden_table(name)),)))
    assert record.levelno == logging.WARNING
    for part in (f"Setup > {permission} (", consequence, f"Record '{name}' was not found."):
        assert part in record.getMessage()
