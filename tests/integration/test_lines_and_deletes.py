"""Lines and deletions, from an account to what the consumer of a warehouse sees."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator
from tap_netsuite_tba.tap import TapNetSuite
from tests.catalogs import catalog_of
from tests.faults.warehouse import Warehouse, truth
from tests.tap_process import Message, configuration, run_tap

HEADERS, LINES, BOOKED = "transaction", "transactionline", "transactionaccountingline"
TABLES = (HEADERS, LINES, BOOKED)
After = Callable[[Query], None]


@dataclass
class Nights:
    """Loads of one account into one warehouse, one after another.

    Attributes:
        catalog: As it was discovered before the first.
        messages: Of the last load.
        log: What a person saw of it.
    """

    account: Simulator
    catalog: dict[str, Any] | None = None
    warehouse: Warehouse = field(default_factory=Warehouse)
    messages: list[Message] = field(default_factory=list)
    log: str = ""

    def load(self, after: After | None = None, **settings: object) -> None:
        """One run of the tap; `after` is called after each answer that it gets."""
        self.account.clock.advance(5)  # No load meets the changes of the one before.
        wanted = {"tables": [*TABLES], "lookback_seconds": 0} | settings
        tap = TapNetSuite(
            config=configuration(self.account, **wanted),
            catalog=self.catalog,
            state=self.warehouse.state,
        )
        if after:
            tap.connection.fetch = _calling(tap.connection.fetch, after)
        self.messages, code, self.log = run_tap({}, tap=tap)
        assert code == 0, self.log
        for message in self.messages:
            self.warehouse.read(json.dumps(message))

    def rows(self, stream: str) -> list[Message]:
        """What the last load brought of a stream."""
        return [m["record"] for m in self.messages if m.get("stream") == stream and "record" in m]

    def owners(self, stream: str) -> list[int]:
        """The transactions that these rows are of."""
        return [row["id" if stream == HEADERS else "transaction"] for row in self.rows(stream)]

    def buried(self, stream: str) -> set[int]:
        """The transactions that the last load buried, or whose lines."""
        rows = zip(self.owners(stream), self.rows(stream), strict=True)
        return {owner for owner, row in rows if row["_sdc_deleted_at"]}

    def assert_true(self) -> None:
        """What is live in the warehouse is what the company has, in every column."""
        for name, stream in self.warehouse.streams.items():
            assert self.warehouse.differences(name, truth(self.account, name, stream.columns)) == []

    def value(self, query: str, *parameters: object) -> Any:  # noqa: ANN401 - of any column
        """The one value that a query on the company's database gives."""
        [(value,)] = self.account.sql(query, parameters)
        return value


def _calling(fetch: Callable[[Query], Page], after: After) -> Callable[[Query], Page]:
    def fetch_and_call(query: Query) -> Page:
        page = fetch(query)
        after(query)
        return page

    return fetch_and_call


@pytest.fixture(scope="module")
def shared() -> Iterator[Nights]:
    """A company that two hours ago was born, and its warehouse after the first load."""
    born = datetime.now(UTC) - timedelta(hours=2)
    with Simulator(transactions=200, born=born) as account:
        nights = Nights(account)
        nights.load()
        nights.assert_true()
        nights.catalog = catalog_of(configuration(account, tables=[*TABLES]))
        yield nights


@pytest.fixture
def nights(shared: Nights) -> Nights:
    """The account and its warehouse after another load."""
    shared.load()
    return shared


def test_all_lines_of_an_edited_transaction_come_again(nights: Nights) -> None:
    edited = nights.account.churn.edit(3)
    nights.load()
    nights.assert_true()
    for name in TABLES:
        assert {*nights.owners(name)} == {*edited}


def test_all_lines_come_again_when_one_changed_and_its_header_did_not(nights: Nights) -> None:
    [changed] = nights.account.churn.edit_lines(1)
    owner = nights.value("SELECT transaction FROM transactionline WHERE uniquekey = ?", changed)
    lines = nights.value("SELECT count(*) FROM transactionline WHERE transaction = ?", owner)
    nights.load()
    nights.assert_true()
    assert nights.owners(LINES) == [owner] * lines
    assert nights.rows(HEADERS) == nights.rows(BOOKED) == []


def test_without_the_date_of_lines_those_of_transactions_are_gone_by(nights: Nights) -> None:
    catalog = json.loads(json.dumps(nights.catalog))
    for entry in catalog["streams"]:
        if entry["stream"] == LINES:
            del entry["schema"]["properties"]["linelastmodifieddate"]
    narrow = replace(nights, catalog=catalog, warehouse=Warehouse())
    narrow.load()
    nights.account.churn.edit_lines(3)
    edited = nights.account.churn.edit(1)
    narrow.load()
    assert {*narrow.owners(LINES)} == {*edited}
    nights.load()
    nights.assert_true()


def test_a_first_load_from_a_date_on_takes_lines_by_their_transaction(nights: Nights) -> None:
    start = nights.account.clock.now() + timedelta(seconds=3)
    nights.account.clock.advance(5)
    edited = nights.account.churn.edit(1)
    [changed] = nights.account.churn.edit_lines(1)
    owner = nights.value("SELECT transaction FROM transactionline WHERE uniquekey = ?", changed)
    late = replace(nights, warehouse=Warehouse())
    late.load(start_date=start.isoformat())
    assert {*late.owners(HEADERS)} == {*edited}
    assert {*late.owners(LINES)} == {*edited, owner}
    for name in TABLES:
        stream = late.warehouse.streams[name]
        assert not late.warehouse.rows(name) - truth(nights.account, name, stream.columns)


def test_a_line_that_was_taken_from_its_transaction_is_not_live_any_more(nights: Nights) -> None:
    assert len(nights.account.churn.remove_lines(5)) == 5
    nights.load()
    nights.assert_true()
    assert not nights.buried(LINES)


def test_a_deleted_transaction_is_gone_with_all_its_lines(nights: Nights) -> None:
    gone = nights.account.churn.delete(5)
    nights.load()
    nights.assert_true()
    for name in TABLES:
        assert len(nights.rows(name)) == 5
        assert nights.buried(name) == {*gone}
    assert "leave no tombstone" not in nights.log


def test_a_transaction_read_in_the_second_of_its_deletion_is_gone_with_its_lines(
    nights: Nights,
) -> None:
    [edited] = nights.account.churn.edit(1)
    nights.load()
    assert edited in nights.owners(LINES)
    then = nights.value("SELECT lastmodifieddate FROM transaction WHERE id = ?", edited)
    _delete(nights, edited, then)
    nights.load(lookback_seconds=60)
    nights.assert_true()
    assert edited in nights.buried(LINES)


def test_what_is_deleted_when_its_row_is_out_is_gone_with_the_next_load(nights: Nights) -> None:
    """The log is asked at the end of a pass; what is deleted behind it, the next pass finds."""
    edited = nights.account.churn.edit(1)
    gone: list[int] = []

    def delete(query: Query) -> None:
        if not gone and "GROUP BY" in query.text:
            gone.extend(edited)
            _delete(nights, edited[0], nights.account.clock.now())

    nights.load(delete)
    assert nights.owners(HEADERS) == edited
    assert not nights.buried(HEADERS)
    nights.load()
    nights.assert_true()
    assert nights.buried(HEADERS) == {*edited}


def test_a_transaction_that_came_and_went_between_two_loads_leaves_no_trace(
    nights: Nights,
) -> None:
    [entered] = nights.account.churn.insert(1)
    _delete(nights, entered, nights.account.clock.now())
    nights.load()
    nights.assert_true()
    assert not any(nights.rows(name) for name in TABLES)


def test_deletions_of_what_has_no_table_are_counted_and_named(nights: Nights) -> None:
    assert len(nights.account.churn.delete(2, "customrecord_quality_check")) == 2
    nights.account.sql(
        "INSERT INTO deletedrecord BY NAME SELECT unnest([71, 72]) AS recordid, "
        "'campaign' AS scriptid, 'Campaign' AS type, ?::TIMESTAMP AS deleteddate",
        [nights.account.clock.now().astimezone(UTC).replace(tzinfo=None)],
    )
    nights.load()
    nights.assert_true()
    assert "leave no tombstone: Campaign (2)." in nights.log


def test_a_role_without_the_log_of_deletions_is_told_so_once_and_loses_none(
    nights: Nights,
) -> None:
    gone = nights.account.churn.delete(1)
    nights.account.hide("deletedrecord")
    try:
        nights.load()
    finally:
        nights.account.show("deletedrecord")
    assert nights.log.count("Give the role the permission Deleted Records") == 1
    assert not any(nights.buried(name) for name in TABLES)
    nights.load()
    nights.assert_true()
    assert nights.buried(LINES) == {*gone}


def test_where_netsuite_does_not_tell_which_lines_changed_those_of_transactions_are_gone_by(
    nights: Nights,
) -> None:
    nights.account.faults.add(Fault(FaultKind.REFUSED, text="IN (SELECT", times=None))
    try:
        edited = nights.account.churn.edit(2)
        nights.load()
    finally:
        nights.account.faults.clear()
    nights.assert_true()
    assert {*nights.owners(LINES)} == {*edited}
    assert nights.log.count("changed by themselves") == 2


def test_many_nights_of_every_kind_of_change_end_in_the_truth(nights: Nights) -> None:
    churn = nights.account.churn
    for _ in range(2):
        churn.edit(4)
        churn.edit_lines(4)
        churn.remove_lines(4)
        churn.delete(4)
        churn.insert(4)
        churn.mass_update(20)
        nights.load(lookback_seconds=60)
        nights.assert_true()


def _delete(nights: Nights, key: int, then: datetime) -> None:
    """Deletes a transaction as NetSuite does, at an instant of the test's."""
    naive = then.astimezone(UTC).replace(tzinfo=None, microsecond=0) if then.tzinfo else then
    nights.account.sql(
        "INSERT INTO deletedrecord BY NAME SELECT id AS recordid, -30 AS recordtypeid, "
        "recordtype AS scriptid, type, ?::TIMESTAMP AS deleteddate FROM transaction WHERE id = ?",
        [naive, key],
    )
    nights.account.sql("DELETE FROM transaction WHERE id = ?", [key])
    nights.account.sql("DELETE FROM transactionline WHERE transaction = ?", [key])
    nights.account.sql("DELETE FROM transactionaccountingline WHERE transaction = ?", [key])
