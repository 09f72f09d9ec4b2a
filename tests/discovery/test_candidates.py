"""From the setting `tables` to the tables that are asked for."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.discovery.candidates import (
    candidate_tables,
    named_tables,
    wants_custom_tables,
    wants_customization,
)
from tap_netsuite_tba.discovery.customization import CustomField, Customization, CustomRecord
from tap_netsuite_tba.discovery.families import ROWS_OF
from tap_netsuite_tba.discovery.fields import custom_columns
from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.shipped import family, shipped_tables
from tap_netsuite_tba.tables import PARENT_MODIFIED_AT, Column, ColumnType, Group, Table

ACCOUNT = Customization(
    fields=(
        CustomField("CUSTBODY_NOTE"),
        CustomField("CUSTITEM_TAGS", fieldvaluetype="Multiple Select"),
        CustomField("CUSTRECORD_PLATE", recordtype="101"),
    ),
    record_types=(CustomRecord("101", "CUSTOMRECORD_VEHICLE", "Vehicle"),),
    lists=(CustomRecord("41", "CUSTOMLIST_CHANNEL", "Channel"),),
)
OWN = {"customlist_channel", "customrecord_vehicle", "map_item_custitem_tags"}


def chosen(
    *patterns: str, customization: Customization = ACCOUNT, record_names: Sequence[str] = ()
) -> dict[str, Table]:
    columns = custom_columns(customization)
    tables = candidate_tables(patterns, customization, columns, record_names)
    assert [table.name for table in tables] == sorted({table.name for table in tables})
    return {table.name: table for table in tables}


def test_a_star_is_every_table_but_those_of_the_system() -> None:
    shipped = {t.name for t in shipped_tables().values() if t.group is not Group.SYSTEM}
    assert chosen("*").keys() == shipped | OWN


def test_patterns_are_globs_in_any_case_and_may_overlap() -> None:
    found = chosen("CustomR*_V*", "transaction", "v?ndor", "*onLine", "transactionline")
    lines = {name for name in shipped_tables() if name.endswith("online")}
    assert found.keys() == {"customrecord_vehicle", "transaction", "vendor"} | lines


def test_a_table_of_the_system_is_read_only_when_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    system = Table("systemnote", ("id",), (), group=Group.SYSTEM)
    monkeypatch.setattr(
        "tap_netsuite_tba.discovery.candidates.shipped_tables", lambda: {"systemnote": system}
    )
    assert chosen("SystemNote") == {"systemnote": system}
    with pytest.raises(ConfigurationError):
        chosen("system*")


@pytest.mark.parametrize(
    ("pattern", "near"),
    [
        ("transactoin*", "transaction"),
        ("vendr*", "vendor"),
        ("customrecord_vehicel*", "customrecord_vehicle"),
        ("vendorb*", "transaction"),
        ("zzz*", "netsuite-tba tables"),
    ],
)
def test_a_pattern_that_fits_nothing_is_refused_with_what_is_near(pattern: str, near: str) -> None:
    with pytest.raises(ConfigurationError, match=f"tables: '.*' fits no table; near it: .*{near}"):
        chosen("customer", pattern)


def test_a_pattern_that_fits_nothing_that_the_role_sees_is_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    blind = Customization(unseen={"customrecordtype": "no"})
    assert list(chosen("customrecord_v*", "vendor", customization=blind)) == ["vendor"]
    assert "'customrecord_v*' fits no table" in caplog.text
    assert "does not see customrecordtype" in caplog.text
    caplog.clear()
    with pytest.raises(ConfigurationError, match="does not see customrecordtype"):
        chosen("customrecord_v*", customization=blind)
    assert not caplog.records
    with pytest.raises(ConfigurationError, match="'vendr\\*' fits no table"):
        chosen("vendr*", "vendor", customization=blind)


def test_a_name_that_nobody_knows_is_a_table_whose_rows_will_tell() -> None:
    assert chosen("RevenuePlan") == {"revenueplan": Table("revenueplan", (), ())}


@pytest.mark.parametrize(
    ("name", "template"),
    [
        ("customrecord_unknown", "customrecord"),
        ("customrecord49", "customrecord"),
        ("customlist_unknown", "customlist"),
        ("map_item_unknown", "mapping"),
    ],
)
def test_a_name_of_a_family_has_the_familys_columns(name: str, template: str) -> None:
    [table] = chosen(name).values()
    assert table.columns == family(template).columns
    assert table.key == family(template).key


@pytest.mark.parametrize("name", sorted(ROWS_OF.keys() - shipped_tables().keys()))
def test_a_record_type_whose_records_are_rows_of_a_table_is_explained(name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{name} is no table.* rows of {ROWS_OF[name]}"):
        chosen(name.upper())


@pytest.mark.parametrize("name", ["sales order", "customer;", "é", "", "1table", "t.id"])
def test_a_name_that_no_query_takes_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match="is no name of a table"):
        chosen(name)


def test_records_that_the_catalog_names_are_chosen_by_patterns() -> None:
    names = ["customrecord_secret", "customlist_secret", "invoice"]
    blind = Customization(unseen={"customrecordtype": "no", "customlist": "no"})
    found = chosen("custom*_s*", customization=blind, record_names=names)
    assert list(found) == ["customlist_secret", "customrecord_secret"]


def test_custom_fields_are_columns_behind_those_of_every_account() -> None:
    shipped = shipped_tables()["transaction"]
    table = chosen("transaction")["transaction"]
    assert table.column_names == (*shipped.column_names, "custbody_note")


def test_lines_get_the_date_of_their_transaction() -> None:
    table = chosen("transactionline")["transactionline"]
    assert {c.name: c.type for c in table.columns}[PARENT_MODIFIED_AT] is ColumnType.DATETIME


def test_a_custom_field_does_not_double_a_known_column(monkeypatch: pytest.MonkeyPatch) -> None:
    known = Column("custbody_note", ColumnType.DATE)
    table = Table("transaction", ("id",), (known,))
    monkeypatch.setattr(
        "tap_netsuite_tba.discovery.candidates.shipped_tables", lambda: {"transaction": table}
    )
    assert chosen("transaction")["transaction"].columns == (known,)


def test_tables_are_named_in_any_case_and_patterns_name_none() -> None:
    patterns = ["*", "Employee", "v*", "nothing", "a?c", "[ab]c"]
    assert named_tables(patterns) == {"employee", "nothing"}


@pytest.mark.parametrize(
    ("pattern", "own_tables", "customized"),
    [
        ("*", True, True),
        ("transaction", False, True),
        ("Trans*", False, True),
        ("account", False, True),
        ("currency", False, False),
        ("c?rrency", True, True),
        ("custom*", True, True),
        ("customrecord_x", True, True),
        ("map_item_custitem_x", True, True),
        ("revenueplan", False, False),
        ("entity*", False, False),
    ],
)
def test_patterns_restrict_what_is_asked_of_the_account(
    pattern: str,
    own_tables: bool,  # noqa: FBT001 - a parameter of pytest
    customized: bool,  # noqa: FBT001 - likewise
) -> None:
    assert wants_custom_tables([pattern]) is own_tables
    assert wants_customization([pattern]) is customized


names = st.sampled_from(["customrecord_vehicle", "customlist1", "map_item_custitem_x"])


@given(names, st.lists(st.tuples(st.integers(0, 25), st.sampled_from("*?")), max_size=3))
def test_a_pattern_that_fits_a_table_of_the_account_is_never_held_for_another(
    name: str, wildcards: list[tuple[int, str]]
) -> None:
    pattern = name
    for position, wildcard in wildcards:
        at = min(position, len(pattern) - 1)
        pattern = pattern[:at] + wildcard + pattern[at + 1 :]
    assert fnmatchcase(name, pattern)
    assert wants_custom_tables([pattern])


@given(st.lists(st.sampled_from([*shipped_tables(), *OWN]), min_size=1, max_size=4))
def test_named_tables_are_what_a_star_has_of_them(patterns: list[str]) -> None:
    every = chosen("*", *patterns)
    assert chosen(*patterns) == {name: every[name] for name in set(patterns)}
