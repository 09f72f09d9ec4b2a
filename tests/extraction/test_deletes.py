"""Deleted rows: named by the log, and proven to be absent."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tap_netsuite_tba.errors import OrderViolation, ValueMismatch
from tap_netsuite_tba.extraction.deletes import find_deletions, normal_type
from tap_netsuite_tba.netsuite.query import Fetch, Page, Query
from tap_netsuite_tba.shipped import shipped_tables

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
TRANSACTION = shipped_tables()["transaction"]


def page_of(rows: Sequence[dict[str, str]], limit: int) -> Page:
    shown = rows[:limit]
    items = json.dumps([{"links": []} | row for row in shown]).encode()
    return Page(items, len(shown), len(rows) > limit, len(rows), SINCE)


def account(log: list[dict[str, Any]], present: set[int]) -> Fetch:
    def fetch(query: Query) -> Page:
        if "deletedrecord" in query.text:
            bound = re.search(r"recordid >= (-?\d+)", query.text)
            rows = [row for row in log if not bound or int(row["recordid"]) >= int(bound[1])]
            return page_of(sorted(rows, key=lambda row: int(row["recordid"])), query.limit)
        [listed] = re.findall(r"IN \((.*?)\)", query.text)
        keys = [int(key) for key in listed.split(", ")]
        assert len(keys) <= 1000
        return page_of([{"id": str(key)} for key in keys if key in present], query.limit)

    return fetch


def deletion(key: int, kind: str = "Sales Order") -> dict[str, Any]:
    return {"recordid": str(key), "type": kind, "deleteddate": "2026-01-02T03:04:05Z"}


def keys_gone(fetch: Fetch) -> dict[int, str]:
    return find_deletions(TRANSACTION, fetch, SINCE).keys


def test_a_logged_row_that_is_gone_is_deleted_at_the_logged_instant() -> None:
    assert keys_gone(account([deletion(7)], set())) == {7: "2026-01-02T03:04:05Z"}


def test_a_logged_row_that_is_still_there_is_not_deleted() -> None:
    assert keys_gone(account([deletion(7), deletion(8)], {7})).keys() == {8}


def test_deletions_of_other_types_with_the_same_id_do_not_count() -> None:
    log = [deletion(7, "Inventory Item"), deletion(8, "Contact")]
    assert keys_gone(account(log, set())) == {}


def test_types_that_are_not_the_tables_are_told_as_the_log_calls_them() -> None:
    nameless = {"recordid": "9", "deleteddate": "2026-01-02T03:04:05Z"}
    unnamed = [nameless | {"scriptid": "customrecord_x"}, nameless]
    log = [deletion(7), deletion(7, "Inventory Item"), deletion(8, "Contact"), *unnamed]
    found = find_deletions(TRANSACTION, account(log, set()), SINCE)
    assert found.other_types == {"Inventory Item", "Contact", "customrecord_x", "(unnamed)"}
    assert found.keys.keys() == {7}


def test_the_script_id_names_the_type_as_well() -> None:
    log = [deletion(7, "Auftrag") | {"scriptid": "salesorder"}]
    assert keys_gone(account(log, set())).keys() == {7}


def test_thousands_of_deletions_are_read_whole() -> None:
    log = [deletion(key) for key in range(2500)] + [deletion(999, "Contact"), deletion(1500)]
    found = keys_gone(account(log, set(range(0, 2500, 2))))
    assert found.keys() == set(range(1, 2500, 2))


def test_a_log_that_does_not_move_on_is_refused_and_not_read_for_ever() -> None:
    log = [deletion(7) for _ in range(1500)]
    with pytest.raises(OrderViolation, match="1000 entries or more of the id 7"):
        keys_gone(account(log, set()))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda page: replace(page, items=b"[]"),
        lambda page: replace(page, items=b"[]", count=0, has_more=True),
        lambda page: replace(page, items=page.items.replace(b'"8"', b'"6"')),
    ],
)
def test_a_log_that_is_not_whole_or_not_in_order_deletes_nothing(
    spoil: Callable[[Page], Page],
) -> None:
    fetch = account([deletion(7), deletion(8)], set())

    def spoilt(query: Query) -> Page:
        page = fetch(query)
        return spoil(page) if "deletedrecord" in query.text else page

    with pytest.raises(OrderViolation, match="log of deletions is not whole or not in order"):
        keys_gone(spoilt)


@pytest.mark.parametrize("present", [set(), {7}, {7, 8}])
def test_an_answer_that_says_more_than_it_holds_deletes_nothing(present: set[int]) -> None:
    def emptied(page: Page) -> Page:
        return replace(page, items=b"[]", has_more=True)

    fetch = altered(account([deletion(7), deletion(8)], present), "transaction", emptied)
    with pytest.raises(OrderViolation, match="is not whole"):
        keys_gone(fetch)


@pytest.mark.parametrize("name", ["Sales Order", "salesorder", "SALESORDER", "sales_order"])
def test_types_compare_by_letters_and_digits(name: str) -> None:
    assert normal_type(name) == "salesorder"


def altered(fetch: Fetch, about: str, change: Callable[[Page], Page]) -> Fetch:
    """The same account, whose answers about one of the tables are changed."""

    def fetch_altered(query: Query) -> Page:
        page = fetch(query)
        return change(page) if query.table == about else page

    return fetch_altered


def test_a_log_in_short_pages_is_read_to_its_end() -> None:
    """As if NetSuite gave three rows a page, whatever was asked for."""
    whole = account([deletion(key) for key in range(10)], set())
    limits = {"deletedrecord": 3}
    found = find_deletions(
        TRANSACTION,
        lambda query: whole(replace(query, limit=limits.get(query.table or "", query.limit))),
        SINCE,
    )
    assert found.keys.keys() == set(range(10))


def test_the_instant_is_read_where_netsuite_dropped_its_alias() -> None:
    log = [{"recordid": "7", "type": "Sales Order", "expr1": "2026-01-02T03:04:05Z"}]
    found = find_deletions(TRANSACTION, account(log, set()), SINCE)
    assert found.keys == {7: "2026-01-02T03:04:05Z"}


def test_rows_that_come_one_an_answer_are_not_buried_alive() -> None:
    def of_one_row(page: Page) -> Page:
        rows = json.loads(page.items)[:1]
        return replace(page, items=json.dumps(rows).encode(), count=len(rows))

    log = [deletion(key) for key in (7, 8, 9)]
    fetch = altered(account(log, {7, 8}), "transaction", of_one_row)
    assert set(keys_gone(fetch)) == {9}


def test_deletions_that_the_log_announces_behind_a_short_page_are_read() -> None:
    log = [deletion(key) for key in range(10)]
    whole = account(log, set())

    def fetch(query: Query) -> Page:
        if query.table == "deletedrecord":
            return replace(whole(replace(query, limit=3)), has_more=False)
        return whole(query)

    assert find_deletions(TRANSACTION, fetch, SINCE).keys.keys() == set(range(10))


def test_a_log_whose_pages_never_say_whether_there_is_more_ends() -> None:
    """As `read_page` makes of an envelope without hasMore and totalResults."""
    fetch = altered(
        account([deletion(7), deletion(8)], set()),
        "deletedrecord",
        lambda page: replace(page, has_more=page.count > 0, total_results=None),
    )
    assert find_deletions(TRANSACTION, fetch, SINCE).keys.keys() == {7, 8}


def test_a_deletion_without_its_instant_is_not_taken_for_a_living_row() -> None:
    log = [{"recordid": "7", "type": "Sales Order"}]
    with pytest.raises(ValueMismatch):
        find_deletions(TRANSACTION, account(log, set()), SINCE)
