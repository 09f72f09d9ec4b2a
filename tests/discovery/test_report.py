"""What the log says of what a discovery could not have."""

import logging
from collections.abc import Callable

import pytest

from tap_netsuite_tba.discovery.found import Discovery, Readable, Refused, Unreadable
from tap_netsuite_tba.discovery.report import remedy, report, short
from tap_netsuite_tba.tables import Column, ColumnType, Source, Table

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


def test_tables_that_a_pattern_meant_are_one_line(say: Say) -> None:
    names = [f"table{number}" for number in range(30)]
    [record] = say(Discovery(unreadable=tuple(hidden(table(name), named=False) for name in names)))
    assert record.levelno == logging.WARNING
    assert ", ".join(names) in record.getMessage()
    assert "netsuite-tba tables table0" in record.getMessage()


@pytest.mark.parametrize(
    "lacking",
    [
        hidden(table("subscription", feature="SuiteBilling"), named=False),
        hidden(table("nothing"), named=False, reason=unknown_table("nothing")),
        hidden(table("map_job_custentity_x"), named=False),
    ],
)
def test_that_an_account_lacks_what_many_lack_is_no_warning(lacking: Unreadable, say: Say) -> None:
    [record] = say(Discovery(unreadable=(lacking,)))
    assert record.levelno == logging.INFO
    assert lacking.table.name in record.getMessage()


def test_refused_columns_of_a_table_are_one_warning_with_netsuites_words(
    say: Say,
) -> None:
    odd = Refused(Column("fax", ColumnType.TEXT), UNNAMED)
    [record] = say(Discovery((Readable(table("customer"), (*refused(EMAIL, PHONE), odd)),)))
    assert record.levelno == logging.WARNING
    assert record.getMessage().startswith(
        "NetSuite refuses columns of customer, which are left out: email, phone "
        "(Unknown identifier '…'); fax (Invalid or unsupported search)."
    )


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
        (Readable(table("vendor"), refused(TIER)),),
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
    assert [record.levelno for record in say(Discovery(readable))] == [logging.WARNING]


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
