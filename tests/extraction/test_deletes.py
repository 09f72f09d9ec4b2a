"""Deleted rows: named by the log, and proven to be absent."""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from tap_netsuite_tba.extraction.deletes import deleted_keys, normal_type
from tap_netsuite_tba.netsuite.errors import QueryRefused
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


def test_a_logged_row_that_is_gone_is_deleted_at_the_logged_instant() -> None:
    assert deleted_keys(TRANSACTION, account([deletion(7)], set()), SINCE) == {
        7: "2026-01-02T03:04:05Z"
    }


def test_a_logged_row_that_is_still_there_is_not_deleted() -> None:
    assert deleted_keys(TRANSACTION, account([deletion(7), deletion(8)], {7}), SINCE).keys() == {8}


def test_deletions_of_other_types_with_the_same_id_do_not_count() -> None:
    log = [deletion(7, "Inventory Item"), deletion(8, "Contact")]
    assert deleted_keys(TRANSACTION, account(log, set()), SINCE) == {}


def test_the_script_id_names_the_type_as_well() -> None:
    log = [deletion(7, "Auftrag") | {"scriptid": "salesorder"}]
    assert deleted_keys(TRANSACTION, account(log, set()), SINCE).keys() == {7}


def test_thousands_of_deletions_are_read_whole() -> None:
    log = [deletion(key) for key in range(2500)] + [deletion(999, "Contact"), deletion(1500)]
    found = deleted_keys(TRANSACTION, account(log, set(range(0, 2500, 2))), SINCE)
    assert found.keys() == set(range(1, 2500, 2))


def test_a_log_that_does_not_move_on_is_refused_and_not_read_for_ever() -> None:
    log = [deletion(7) for _ in range(1500)]
    with pytest.raises(QueryRefused, match="more than 1000 deletions of the id 7"):
        deleted_keys(TRANSACTION, account(log, set()), SINCE)


@pytest.mark.parametrize("name", ["Sales Order", "salesorder", "SALESORDER", "sales_order"])
def test_types_compare_by_letters_and_digits(name: str) -> None:
    assert normal_type(name) == "salesorder"
