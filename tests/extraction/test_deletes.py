"""Deleted rows: named by the log, and proven to be absent."""

import json
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.errors import OrderViolation
from tap_netsuite_tba.extraction.logged import normal_type
from tap_netsuite_tba.netsuite.errors import (
    QueryRefused,
)
from tap_netsuite_tba.netsuite.query import Page
from tap_netsuite_tba.tables import Column, ColumnType, Table

from .deletions import (
    LINES,
    THEN,
    Account,
    altered,
    deletion,
    find,
    gone,
    keys_gone,
    refusing,
)


def test_a_logged_row_that_is_gone_is_deleted_at_the_logged_instant() -> None:
    assert find(Account([deletion(7)]).fetch).keys == {7: THEN}


def test_a_logged_row_that_is_still_there_is_not_deleted() -> None:
    assert keys_gone(Account([deletion(7), deletion(8)], {7}).fetch) == {8}


def test_deletions_of_other_types_with_the_same_id_do_not_count() -> None:
    log = [
        deletion(7, "Inventory Item"),
        deletion(8, "Saved Search"),
        deletion(9),
        deletion(8, "Lead"),
    ]
    assert keys_gone(Account(log).fetch) == {9}


def test_a_row_that_was_logged_under_two_types_is_deleted_at_the_later_instant() -> None:
    later = "2026-01-03T00:00:00Z"
    log = [deletion(7, "Estimate"), {**deletion(7), "deleteddate": later}, deletion(7, "Journal")]
    assert find(Account(log).fetch).keys == {7: later}


@pytest.mark.parametrize(
    ("kind", "script_id"),
    [
        ("Sales Order", None),
        ("Sales Order", "anything"),
        ("SALESORDER", None),
        ("Auftrag", "salesorder"),
        ("-30", "SALESORDER"),
        (None, "salesorder"),
    ],
)
def test_a_type_is_known_by_its_name_or_its_script_id(
    kind: str | None, script_id: str | None
) -> None:
    assert keys_gone(Account([deletion(7, kind, script_id)]).fetch) == {7}


@pytest.mark.parametrize(
    ("kind", "script_id"),
    [("118", "CUSTOMRECORD_QUALITY_CHECK"), ("Quality Check", "customrecord_quality_check")],
)
def test_a_custom_record_is_known_by_its_script_id(kind: str, script_id: str) -> None:
    name = "customrecord_quality_check"
    columns = (Column("id", ColumnType.INTEGER),)
    table = Table(name, ("id",), columns, deleted_types=frozenset({normal_type(name)}))
    found = find(Account([deletion(7, kind, script_id), deletion(8)]).fetch, table)
    assert found == gone({7: THEN})


@pytest.mark.parametrize("other", ["customrecord_ab", "CUSTOMRECORD_A_B_", "customrecord_a_bc"])
def test_custom_records_whose_script_ids_look_alike_are_told_apart(other: str) -> None:
    name, columns = "customrecord_a_b", (Column("id", ColumnType.INTEGER),)
    table = Table(name, ("id",), columns, deleted_types=frozenset({name}))
    log = [deletion(7, "118", other), deletion(8, "119", "CUSTOMRECORD_A_B")]
    assert find(Account(log).fetch, table) == gone({8: THEN})


def test_custom_records_have_tables_and_are_no_other_types() -> None:
    log = [deletion(7, "118", "CUSTOMRECORD_X"), deletion(8, "customrecord49")]
    assert find(Account(log).fetch) == gone({})


@pytest.mark.parametrize("name", ["Sales Order", "salesorder", "SALESORDER", "sales_order"])
def test_types_compare_by_letters_and_digits(name: str) -> None:
    assert normal_type(name) == "salesorder"


def test_types_that_no_table_has_are_counted_as_the_log_calls_them() -> None:
    nameless = {"recordid": "9", "deleteddate": THEN}
    log = [
        deletion(7),
        deletion(7, "Inventory Item"),
        deletion(8, "Artikel", "inventoryitem"),
        *[deletion(key, "Saved Search") for key in range(3)],
        deletion(4, "Saved Search", "savedsearch"),
        *[nameless] * 2,
    ]
    expected = {"Saved Search": 4, "(unnamed)": 2}
    account = Account(log)
    assert find(account.fetch).other_types == expected
    refused = refusing(account.fetch, "GROUP BY", QueryRefused("Invalid or unsupported search."))
    # Entries that are the same in all that is read are one, where NetSuite does not count them.
    assert find(refused).other_types == expected | {"(unnamed)": 1}


@given(st.data())
def test_what_is_logged_and_absent_is_deleted_however_the_answers_are_cut(
    data: st.DataObject,
) -> None:
    kinds = st.sampled_from(["Sales Order", "Invoice", "Saved Search", None])
    scripts = st.sampled_from([None, "customrecord_x", "invoice"])
    entry = st.builds(deletion, st.integers(-5, 15), kinds, scripts)
    log = data.draw(st.lists(entry, max_size=25))
    present = data.draw(st.sets(st.integers(-5, 15)))
    limits = {
        "deletedrecord": data.draw(st.integers(2, 30)),
        "transaction": data.draw(st.integers(1, 9)),
    }
    most = max(Counter(row["recordid"] for row in log).values(), default=0)
    if most >= limits["deletedrecord"]:
        limits["deletedrecord"] = most + 1
    ours = {
        int(row["recordid"])
        for row in log
        if row.get("type") in {"Sales Order", "Invoice"} or row.get("scriptid") == "invoice"
    }
    assert keys_gone(Account(log, present, limits).fetch) == ours - present


def test_the_lines_of_a_transaction_are_deleted_once_none_is_left() -> None:
    account = Account([deletion(7), deletion(8), deletion(9, "Saved Search")], {8})
    assert find(account.fetch, LINES).keys == {7: THEN}
    assert account.queries[-1].startswith("SELECT DISTINCT t.transaction FROM transactionline t ")


@pytest.mark.parametrize("present", [set(), {7}, {7, 8}])
def test_an_answer_that_says_more_than_it_holds_deletes_nothing(present: set[int]) -> None:
    def emptied(page: Page) -> Page:
        return replace(page, items=b"[]", has_more=True)

    account = Account([deletion(7), deletion(8)], present)
    with pytest.raises(OrderViolation, match="is not whole"):
        keys_gone(altered(account.fetch, " FROM transaction t ", emptied))


def test_rows_that_come_one_an_answer_are_not_buried_alive() -> None:
    def of_one_row(page: Page) -> Page:
        rows = json.loads(page.items)[:1]
        return replace(page, items=json.dumps(rows).encode(), count=len(rows))

    account = Account([deletion(key) for key in (7, 8, 9)], {7, 8})
    assert keys_gone(altered(account.fetch, " FROM transaction t ", of_one_row)) == {9}


def test_a_table_that_cannot_be_asked_any_more_is_not_taken_for_one_without_rows() -> None:
    error = QueryRefused("Search error occurred: Record 'transaction' was not found.")
    with pytest.raises(QueryRefused):
        keys_gone(refusing(Account([deletion(7)]).fetch, " FROM transaction t ", error))
