"""How the log of deletions is asked: by type, in pages, and whole where that does not work."""

import json
import logging
from collections.abc import Callable
from dataclasses import replace

import pytest

from tap_netsuite_tba.errors import OrderViolation
from tap_netsuite_tba.extraction.deletes import DeletionLog
from tap_netsuite_tba.netsuite.errors import (
    ConnectionFailed,
    NetSuiteError,
    PermissionDenied,
    QueryRefused,
    RetriesExhausted,
    ServerFault,
    TimedOut,
)
from tap_netsuite_tba.netsuite.query import Page

from .deletions import (
    LINES,
    SINCE,
    THEN,
    TRANSACTION,
    Account,
    altered,
    deletion,
    find,
    gone,
    keys_gone,
    page_of,
    refusing,
)


def test_a_log_without_the_tables_types_costs_one_request() -> None:
    account = Account([deletion(7, "Saved Search")] * 5000)
    assert keys_gone(account.fetch) == set()
    assert len(account.queries) == 1


def test_only_entries_of_the_tables_types_are_asked_for() -> None:
    log = [
        deletion(7),
        deletion(8, "Saved Search"),
        deletion(9, None, "invoice"),
        deletion(5, "O'Neil"),
    ]
    account = Account(log)
    assert keys_gone(account.fetch) == {7, 9}
    [_, asked, _] = account.queries
    assert " AND (t.type IN ('Sales Order') OR t.scriptid IN ('invoice')) " in asked


def test_thousands_of_deletions_are_read_whole() -> None:
    log = [deletion(key) for key in range(2500)] + [deletion(999, "Saved Search"), deletion(1500)]
    found = keys_gone(Account(log, set(range(0, 2500, 2))).fetch)
    assert found == set(range(1, 2500, 2))


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
    log = [deletion(7), deletion(8, "Saved Search"), deletion(9, None, "invoice")]
    found = find(refusing(Account(log).fetch, about, error))
    assert found == gone({7: THEN, 9: THEN}, {"Saved Search": 1})


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
    log = [deletion(7), deletion(8, "Saved Search")]
    found = find(altered(Account(log).fetch, "GROUP BY", spoil))
    assert found == gone({7: THEN}, {"Saved Search": 1})


def test_a_count_whose_alias_netsuite_dropped_is_read() -> None:
    account = Account([deletion(7), deletion(8, "Saved Search")])
    found = find(
        altered(
            account.fetch,
            "GROUP BY",
            lambda page: replace(page, items=page.items.replace(b'"n"', b'"expr1"')),
        )
    )
    assert found == gone({7: THEN}, {"Saved Search": 1})
    assert len(account.queries) == 3


def test_a_filter_by_type_that_finds_less_than_netsuite_counts_is_not_relied_on() -> None:
    """As if the log compared by a code and answered with a label."""
    log = [deletion(7), deletion(8), deletion(9, "Saved Search")]
    empty = page_of([], 1000)
    found = find(altered(Account(log).fetch, "t.type IN", lambda _: empty))
    assert found == gone({7: THEN, 8: THEN}, {"Saved Search": 1})


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


def test_a_log_in_short_pages_is_read_to_its_end() -> None:
    """As if NetSuite gave three rows a page, whatever was asked for."""
    account = Account([deletion(key) for key in range(10)], limits={"deletedrecord": 3})
    assert keys_gone(account.fetch) == set(range(10))


def test_the_instant_is_read_where_netsuite_dropped_its_alias() -> None:
    log = [{"recordid": "7", "type": "Sales Order", "expr1": THEN}]
    assert find(Account(log).fetch).keys == {7: THEN}


def test_a_deletion_without_its_instant_is_dated_when_the_log_was_asked() -> None:
    log = [{"recordid": "7", "type": "Sales Order"}, deletion(8)]
    assert find(Account(log).fetch).keys == {7: "2026-01-03T00:00:00Z", 8: THEN}


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
