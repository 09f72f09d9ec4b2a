"""Deleted rows: named by the log, and proven to be absent."""

import json
import logging
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.errors import OrderViolation
from tap_netsuite_tba.extraction.deletes import DeletionLog, Deletions, normal_type
from tap_netsuite_tba.netsuite.errors import (
    ConnectionFailed,
    NetSuiteError,
    PermissionDenied,
    QueryRefused,
    RetriesExhausted,
    ServerFault,
    TimedOut,
)
from tap_netsuite_tba.netsuite.query import Fetch, Page, Query
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import Column, ColumnType, Table

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
THEN = "2026-01-02T03:04:05Z"
TRANSACTION = shipped_tables()["transaction"]
LINES = shipped_tables()["transactionline"]
Entry = Mapping[str, Any]


def page_of(rows: Sequence[Entry], limit: int) -> Page:
    shown = rows[:limit]
    items = json.dumps([{"links": []} | {**row} for row in shown]).encode()
    return Page(items, len(shown), len(rows) > limit, len(rows), SINCE)


@dataclass
class Account:
    """A log of deletions and the keys that tables still have; pages are of any size.

    Attributes:
        queries: What was asked, in order.
    """

    log: Sequence[Entry]
    present: set[int] = field(default_factory=set)
    limits: Mapping[str, int] = field(default_factory=dict)
    queries: list[str] = field(default_factory=list)

    def fetch(self, query: Query) -> Page:
        self.queries.append(query.text)
        limit = min(query.limit, self.limits.get(query.table or "", query.limit))
        if "GROUP BY" in query.text:
            counts = Counter((row.get("type"), row.get("scriptid")) for row in self.log)
            groups = [
                {name: value for name, value in (("type", kind), ("scriptid", script)) if value}
                | {"n": str(count)}
                for (kind, script), count in counts.items()
            ]
            return page_of(groups, limit)
        if "deletedrecord" in query.text:
            return page_of(self._entries(query.text), limit)
        [(column, listed)] = re.findall(r"t\.(\w+) IN \((.*?)\)", query.text)
        keys = [int(key) for key in listed.split(", ")]
        assert len(keys) <= 1000
        return page_of([{column: str(key)} for key in keys if key in self.present], limit)

    def _entries(self, text: str) -> list[Entry]:
        bound = re.search(r"recordid >= (-?\d+)", text)
        named = {
            column: set(re.findall(r"'([^']*)'", names))
            for column, names in re.findall(r"t\.(\w+) IN \(('.*?')\)", text)
        }
        rows = [
            row
            for row in self.log
            if (not bound or int(row["recordid"]) >= int(bound[1]))
            and (not named or any(row.get(column) in names for column, names in named.items()))
        ]
        return sorted(rows, key=lambda row: int(row["recordid"]))


def deletion(key: int, kind: str | None = "Sales Order", script_id: str | None = None) -> Entry:
    entry = {"recordid": str(key), "type": kind, "scriptid": script_id, "deleteddate": THEN}
    return {name: value for name, value in entry.items() if value is not None}


def find(fetch: Fetch, table: Table = TRANSACTION) -> Deletions:
    found = DeletionLog().find(table, fetch, SINCE)
    assert found is not None
    return found


def keys_gone(fetch: Fetch, table: Table = TRANSACTION) -> set[int]:
    return set(find(fetch, table).keys)


def altered(fetch: Fetch, about: str, change: Callable[[Page], Page]) -> Fetch:
    """The same account, whose answers to queries with a text in them are changed."""

    def fetch_altered(query: Query) -> Page:
        page = fetch(query)
        return change(page) if about in query.text else page

    return fetch_altered


def refusing(fetch: Fetch, about: str, error: NetSuiteError) -> Fetch:
    """The same account, which does not answer queries with a text in them."""

    def fetch_or_refuse(query: Query) -> Page:
        if about in query.text:
            raise error
        return fetch(query)

    return fetch_or_refuse


def test_a_logged_row_that_is_gone_is_deleted_at_the_logged_instant() -> None:
    assert find(Account([deletion(7)]).fetch).keys == {7: THEN}


def test_a_logged_row_that_is_still_there_is_not_deleted() -> None:
    assert keys_gone(Account([deletion(7), deletion(8)], {7}).fetch) == {8}


def test_deletions_of_other_types_with_the_same_id_do_not_count() -> None:
    log = [deletion(7, "Inventory Item"), deletion(8, "Contact"), deletion(9), deletion(8, "Lead")]
    assert keys_gone(Account(log).fetch) == {9}


def test_a_row_that_was_logged_under_two_types_is_deleted_at_the_later_instant() -> None:
    later = "2026-01-03T00:00:00Z"
    log = [deletion(7, "Estimate"), {**deletion(7), "deleteddate": later}, deletion(7, "Journal")]
    assert find(Account(log).fetch).keys == {7: later}


def test_a_log_without_the_tables_types_costs_one_request() -> None:
    account = Account([deletion(7, "Contact")] * 5000)
    assert keys_gone(account.fetch) == set()
    assert len(account.queries) == 1


def test_only_entries_of_the_tables_types_are_asked_for() -> None:
    log = [deletion(7), deletion(8, "Contact"), deletion(9, None, "invoice"), deletion(5, "O'Neil")]
    account = Account(log)
    assert keys_gone(account.fetch) == {7, 9}
    [_, asked, _] = account.queries
    assert " AND (t.type IN ('Sales Order') OR t.scriptid IN ('invoice')) " in asked


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
    assert found == Deletions({7: THEN}, {})


@pytest.mark.parametrize("name", ["Sales Order", "salesorder", "SALESORDER", "sales_order"])
def test_types_compare_by_letters_and_digits(name: str) -> None:
    assert normal_type(name) == "salesorder"


def test_types_that_no_table_has_are_counted_as_the_log_calls_them() -> None:
    nameless = {"recordid": "9", "deleteddate": THEN}
    log = [
        deletion(7),
        deletion(7, "Inventory Item"),
        deletion(8, "Artikel", "inventoryitem"),
        *[deletion(key, "Contact") for key in range(3)],
        deletion(4, "Contact", "contact"),
        deletion(9, None, "customrecord_x"),
        *[nameless] * 2,
    ]
    expected = {"Contact": 4, "customrecord_x": 1, "(unnamed)": 2}
    account = Account(log)
    assert find(account.fetch).other_types == expected
    refused = refusing(account.fetch, "GROUP BY", QueryRefused("Invalid or unsupported search."))
    # Entries that are the same in all that is read are one, where NetSuite does not count them.
    assert find(refused).other_types == expected | {"(unnamed)": 1}


def test_thousands_of_deletions_are_read_whole() -> None:
    log = [deletion(key) for key in range(2500)] + [deletion(999, "Contact"), deletion(1500)]
    found = keys_gone(Account(log, set(range(0, 2500, 2))).fetch)
    assert found == set(range(1, 2500, 2))


@given(st.data())
def test_what_is_logged_and_absent_is_deleted_however_the_answers_are_cut(
    data: st.DataObject,
) -> None:
    kinds = st.sampled_from(["Sales Order", "Invoice", "Contact", None])
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
    account = Account([deletion(7), deletion(8), deletion(9, "Contact")], {8})
    assert find(account.fetch, LINES).keys == {7: THEN}
    assert account.queries[-1].startswith("SELECT DISTINCT t.transaction FROM transactionline t ")


@pytest.mark.parametrize(
    "error",
    [
        QueryRefused("Invalid or unsupported search."),
        TimedOut("no answer within 300 s"),
        RetriesExhausted(ServerFault("An unexpected error occurred."), seconds=10),
    ],
)
@pytest.mark.parametrize("about", ["GROUP BY", "t.type IN"])
def test_a_log_that_cannot_be_asked_by_type_is_read_whole(about: str, error: NetSuiteError) -> None:
    log = [deletion(7), deletion(8, "Contact"), deletion(9, None, "invoice")]
    found = find(refusing(Account(log).fetch, about, error))
    assert found == Deletions({7: THEN, 9: THEN}, {"Contact": 1})


@pytest.mark.parametrize(
    "spoil",
    [
        lambda page: replace(page, has_more=True),
        lambda page: replace(page, total_results=1001),
        lambda page: replace(page, items=b"[]"),
        lambda page: replace(page, items=b'[{"links":[]}]', count=1, total_results=1),
        lambda page: replace(page, items=page.items.replace(b'"n"', b'"expr2"')),
    ],
)
def test_a_list_of_types_that_is_not_whole_is_not_relied_on(spoil: Callable[[Page], Page]) -> None:
    log = [deletion(7), deletion(8, "Contact")]
    found = find(altered(Account(log).fetch, "GROUP BY", spoil))
    assert found == Deletions({7: THEN}, {"Contact": 1})


def test_a_count_whose_alias_netsuite_dropped_is_read() -> None:
    account = Account([deletion(7), deletion(8, "Contact")])
    found = find(
        altered(
            account.fetch,
            "GROUP BY",
            lambda page: replace(page, items=page.items.replace(b'"n"', b'"expr1"')),
        )
    )
    assert found == Deletions({7: THEN}, {"Contact": 1})
    assert len(account.queries) == 3


def test_a_filter_by_type_that_finds_less_than_netsuite_counts_is_not_relied_on() -> None:
    """As if the log compared by a code and answered with a label."""
    log = [deletion(7), deletion(8), deletion(9, "Contact")]
    empty = page_of([], 1000)
    found = find(altered(Account(log).fetch, "t.type IN", lambda _: empty))
    assert found == Deletions({7: THEN, 8: THEN}, {"Contact": 1})


def test_entries_of_another_type_of_the_same_name_do_not_make_the_count_whole() -> None:
    """Custom records of several types may share a name; the script id tells them apart."""
    log = [deletion(7, "-1", "salesorder"), deletion(8, "-1", "invoice"), deletion(9, "-1", "x")]

    def without_the_first(page: Page) -> Page:
        rows = json.loads(page.items)[1:]
        return replace(page, items=json.dumps(rows).encode(), count=len(rows))

    assert keys_gone(altered(Account(log).fetch, "t.type IN", without_the_first)) == {7, 8}


def test_a_log_that_does_not_move_on_is_refused_and_not_read_for_ever() -> None:
    log = [deletion(7) for _ in range(1500)]
    with pytest.raises(OrderViolation, match="1000 entries or more of the id 7"):
        keys_gone(Account(log).fetch)


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
    fetch = altered(Account([deletion(7), deletion(8)]).fetch, "t.recordid ASC", spoil)
    with pytest.raises(OrderViolation, match="log of deletions is not whole or not in order"):
        keys_gone(fetch)


@pytest.mark.parametrize("present", [set(), {7}, {7, 8}])
def test_an_answer_that_says_more_than_it_holds_deletes_nothing(present: set[int]) -> None:
    def emptied(page: Page) -> Page:
        return replace(page, items=b"[]", has_more=True)

    account = Account([deletion(7), deletion(8)], present)
    with pytest.raises(OrderViolation, match="is not whole"):
        keys_gone(altered(account.fetch, " FROM transaction t ", emptied))


def test_a_log_in_short_pages_is_read_to_its_end() -> None:
    """As if NetSuite gave three rows a page, whatever was asked for."""
    account = Account([deletion(key) for key in range(10)], limits={"deletedrecord": 3})
    assert keys_gone(account.fetch) == set(range(10))


def test_the_instant_is_read_where_netsuite_dropped_its_alias() -> None:
    log = [{"recordid": "7", "type": "Sales Order", "expr1": THEN}]
    assert find(Account(log).fetch).keys == {7: THEN}


def test_a_deletion_without_its_instant_is_dated_when_the_log_was_asked() -> None:
    log = [{"recordid": "7", "type": "Sales Order"}, deletion(8)]
    assert find(Account(log).fetch).keys == {7: "2026-01-01T00:00:00Z", 8: THEN}


def test_rows_that_come_one_an_answer_are_not_buried_alive() -> None:
    def of_one_row(page: Page) -> Page:
        rows = json.loads(page.items)[:1]
        return replace(page, items=json.dumps(rows).encode(), count=len(rows))

    account = Account([deletion(key) for key in (7, 8, 9)], {7, 8})
    assert keys_gone(altered(account.fetch, " FROM transaction t ", of_one_row)) == {9}


def test_deletions_that_the_log_announces_behind_a_short_page_are_read() -> None:
    account = Account([deletion(key) for key in range(10)], limits={"deletedrecord": 3})
    fetch = altered(account.fetch, "t.recordid ASC", lambda page: replace(page, has_more=False))
    assert keys_gone(fetch) == set(range(10))


def test_a_log_whose_pages_never_say_whether_there_is_more_ends() -> None:
    """As `read_page` makes of an envelope without hasMore and totalResults."""
    fetch = altered(
        Account([deletion(7), deletion(8)]).fetch,
        "deletedrecord",
        lambda page: replace(page, has_more=page.count > 0, total_results=None),
    )
    assert keys_gone(fetch) == {7, 8}


@pytest.mark.parametrize(
    "error",
    [
        QueryRefused("Search error occurred: Record 'deletedrecord' was not found."),
        QueryRefused("Invalid search type: deletedrecord."),
        PermissionDenied("You do not have permission to access this resource.", status=403),
    ],
)
def test_a_role_that_may_not_see_the_log_is_told_so_once(
    error: NetSuiteError, caplog: pytest.LogCaptureFixture
) -> None:
    account = Account([deletion(7)])
    fetch = refusing(account.fetch, "deletedrecord", error)
    log = DeletionLog()
    with caplog.at_level(logging.WARNING):
        assert log.find(TRANSACTION, fetch, SINCE) is None
        assert log.find(LINES, account.fetch, SINCE) is None
    assert account.queries == []
    [record] = caplog.records
    assert (
        "Give the role the permission Deleted Records, or deselect _sdc_deleted_at."
        in record.message
    )
    assert error.detail.rstrip(".") in record.message


def test_trouble_with_the_log_is_no_want_of_permission() -> None:
    account = Account([deletion(7)])
    log = DeletionLog()
    with pytest.raises(ConnectionFailed):
        log.find(TRANSACTION, refusing(account.fetch, "GROUP BY", ConnectionFailed()), SINCE)
    found = log.find(TRANSACTION, account.fetch, SINCE)
    assert found is not None
    assert found.keys == {7: THEN}


def test_a_table_that_cannot_be_asked_any_more_is_not_taken_for_one_without_rows() -> None:
    error = QueryRefused("Search error occurred: Record 'transaction' was not found.")
    with pytest.raises(QueryRefused):
        keys_gone(refusing(Account([deletion(7)]).fetch, " FROM transaction t ", error))
