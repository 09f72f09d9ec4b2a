"""What the streams of one run ask the log of deletions together."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.decoding import instant_text
from tap_netsuite_tba.extraction.deletes import DeletionLog
from tap_netsuite_tba.netsuite.errors import QueryRefused
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import Table

from .deletions import (
    LINES,
    NOW,
    SINCE,
    TRANSACTION,
    Account,
    Entry,
    deletion,
    gone,
    refusing,
)

HOUR = timedelta(hours=1)
TABLES = [table for table in shipped_tables().values() if table.deleted_types]
CUSTOMER = shipped_tables()["customer"]


def asked_since(account: Account) -> list[str]:
    """Since when each query looks, as a time of day."""
    return [text.partition("TO_TIMESTAMP('2026-01-01 ")[2][:5] for text in account.queries]


def test_a_run_without_deletions_costs_one_request_for_all_streams() -> None:
    account, log = Account([deletion(7, "Saved Search")]), DeletionLog()
    assert len(TABLES) > 10
    for table in TABLES:
        assert log.find(table, account.fetch, SINCE) == gone({}, {"Saved Search": 1})
    assert len(account.queries) == 1


def test_the_types_are_asked_for_since_the_earliest_instant_that_a_stream_expects() -> None:
    account, log = Account([]), DeletionLog()
    for hours in (3, 1, 2):
        log.expect(SINCE + hours * HOUR)
    for hours in (2, 3, 1):
        assert log.find(TRANSACTION, account.fetch, SINCE + hours * HOUR) == gone({})
    assert asked_since(account) == ["01:00"]


def test_a_stream_that_looks_further_back_than_was_expected_asks_once_more() -> None:
    account, log = Account([]), DeletionLog()
    log.expect(SINCE + 2 * HOUR)
    for hours in (3, 1, 2, 1):
        log.find(TRANSACTION, account.fetch, SINCE + hours * HOUR)
    assert asked_since(account) == ["02:00", "01:00"]


def test_a_stream_whose_types_appear_asks_for_its_own_entries_since_its_own_instant() -> None:
    account = Account(
        [
            deletion(7, date="2026-01-01T01:30:00Z"),
            deletion(8, date="2026-01-01T02:30:00Z"),
            deletion(9, "Saved Search", date="2026-01-01T01:30:00Z"),
        ]
    )
    log = DeletionLog()
    log.expect(SINCE + HOUR)
    assert log.find(CUSTOMER, account.fetch, SINCE + 2 * HOUR) == gone({}, {"Saved Search": 1})
    found = log.find(TRANSACTION, account.fetch, SINCE + 2 * HOUR)
    assert found == gone({8: "2026-01-01T02:30:00Z"})
    assert asked_since(account)[:3] == ["01:00", "02:00", "02:00"]
    assert [text.count("GROUP BY") for text in account.queries] == [1, 1, 0, 0]


def test_what_was_deleted_before_a_stream_looks_costs_it_a_count() -> None:
    account, log = Account([deletion(7, date="2026-01-01T01:30:00Z")]), DeletionLog()
    log.expect(SINCE + HOUR)
    assert log.find(TRANSACTION, account.fetch, SINCE + 2 * HOUR) == gone({})
    assert [text.count("GROUP BY") for text in account.queries] == [1, 1]


def test_deletions_are_known_up_to_the_instant_at_which_the_log_was_asked() -> None:
    account, log = Account([deletion(7)]), DeletionLog()
    log.expect(SINCE)
    log.find(CUSTOMER, account.fetch, SINCE)
    account.now = NOW + HOUR
    asked = [log.find(table, account.fetch, SINCE + HOUR) for table in (CUSTOMER, TRANSACTION)]
    assert [found.asked_at for found in asked if found] == [NOW, NOW + HOUR]


def test_a_log_that_is_read_whole_is_known_up_to_its_first_page() -> None:
    account = Account([deletion(key) for key in range(2500)])

    def fetch(query: Query) -> Page:
        account.now += HOUR
        return refusing(account.fetch, "GROUP BY", QueryRefused("Invalid"))(query)

    found = DeletionLog().find(TRANSACTION, fetch, SINCE)
    assert found
    assert len(found.keys) == 2500
    assert found.asked_at == NOW + 2 * HOUR


@dataclass
class Stream:
    """One stream over several runs, as its bookmark has it.

    Attributes:
        since: Since when rows may be gone untold.
        told: The keys that it was told to be gone.
    """

    table: Table
    since: datetime
    told: set[int] = field(default_factory=set)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.lists(
            st.sampled_from(["pass", "find", "transaction", "customer", "lines"]), max_size=14
        ),
        min_size=1,
        max_size=5,
    )
)
def test_no_deletion_is_overlooked_whenever_it_happens(runs: list[list[str]]) -> None:
    """Each stream begins its pass, and looks for deletions when that has ended."""
    deleted: list[Entry] = []
    account = Account(deleted)
    streams = [Stream(table, NOW) for table in (TRANSACTION, CUSTOMER, LINES)]
    for happens in [*runs, []]:
        log, started = DeletionLog(), dict[int, datetime]()
        waiting = list(streams)
        for stream in streams:
            log.expect(stream.since)
        for what in [*happens, *["pass"] * len(streams), *["find"] * len(streams)]:
            account.now += timedelta(seconds=1)
            if what == "pass" and len(started) < len(streams):
                started[len(started)] = account.now
            elif what == "find" and waiting and len(started) > len(streams) - len(waiting):
                stream = waiting.pop(0)
                begun = started[streams.index(stream)]
                found = log.find(stream.table, account.fetch, stream.since)
                assert found
                stream.told |= found.keys.keys()
                stream.since = min(begun, found.asked_at)
            elif what in {"transaction", "customer", "lines"}:
                kind = "Customer" if what == "customer" else "Invoice"
                deleted.append(deletion(len(deleted), kind, date=instant_text(account.now)))
        assert not waiting
    for stream in streams:
        of_customers = stream.table is CUSTOMER
        assert stream.told == {
            int(entry["recordid"])
            for entry in deleted
            if (entry["type"] == "Customer") is of_customers
        }
