"""Records of which one refuses, one is long, and others change between two runs."""

from collections.abc import Iterator
from typing import Any

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.integration.documents import differences
from tests.integration.streams import Row, Run, run

STREAM = "record_salesorder"

MORE_LINES = """
    INSERT INTO transactionline BY NAME
    SELECT 9_000_000 + k AS uniquekey, transaction, 1_000 + k AS id, mainline, taxline, iscogs,
           item, quantity, rate, foreignamount, netamount, subsidiary, 'line ' || k AS memo
    FROM (FROM transactionline WHERE transaction = ? AND mainline || taxline || iscogs = 'FFF'
          LIMIT 1), (SELECT unnest(range(?)) AS k)
"""


@pytest.fixture(scope="module")
def company() -> Iterator[Simulator]:
    with Simulator(transactions=100) as company:
        yield company


@pytest.fixture
def account(company: Simulator) -> Iterator[Simulator]:
    """The same, in which nothing refuses any more afterwards."""
    page_size = company.records.page_size
    yield company
    company.records.page_size = page_size
    company.records.release("salesorder", *orders(company))
    company.records.release("salesorder")


@pytest.mark.parametrize(
    ("lines", "page"), [(70, 20), pytest.param(5_000, 1_000, marks=pytest.mark.long)]
)
def test_a_sublist_of_many_lines_comes_whole(account: Simulator, lines: int, page: int) -> None:
    order = orders(account)[1]  # not the first, which the discovery looks at too
    account.records.page_size = page
    account.sql(MORE_LINES, [order, lines])

    found = run(account, records=["salesorder"])

    assert found.code == 0, found.log
    [document] = [each for each in found.rows[STREAM] if each["id"] == order]
    assert len(document["item"]["items"]) > lines
    assert list(differences(document, account.records.document("salesorder", order), "")) == []


def test_a_locked_record_is_told_and_the_rest_goes_on(account: Simulator) -> None:
    all_orders = orders(account)
    locked = all_orders[len(all_orders) // 2]
    account.records.lock("salesorder", locked)

    first = run(account, records=["SalesOrder"])

    assert first.code == 0, first.log
    assert ids(first) == [order for order in all_orders if order != locked]
    [refused] = first.rows["unreadable_record"]
    assert (refused["type"], refused["id"], refused["status"]) == ("salesorder", locked, 400)
    assert refused["code"] == "USER_ERROR"
    assert "locked" in refused["detail"]

    account.clock.advance(7_200)
    second = run(account, first.state, records=["SalesOrder"])
    assert second.rows["unreadable_record"] == []

    account.records.release("salesorder", locked)
    touch(account, locked)
    third = run(account, second.state, records=["SalesOrder"])
    assert locked in ids(third)


def test_where_most_are_refused_the_run_fails_and_says_why(account: Simulator) -> None:
    account.records.forbid("salesorder")

    found = run(account, records=["salesorder", "customrecord_vehicle"])

    assert found.code == 1
    assert "permission" in found.log
    assert len(found.rows["record_customrecord_vehicle"]) == 40


def test_after_edits_and_deletions_the_documents_are_the_accounts(account: Simulator) -> None:
    first = run(account, records=["salesorder", "customerpayment"])
    account.clock.advance(7_200)
    for change in ("edit", "insert", "edit_lines", "remove_lines", "commit_late"):
        assert getattr(account.churn, change)(20), change
    gone = account.churn.delete(20)
    second = run(account, first.state, records=["salesorder", "customerpayment"])

    assert (first.code, second.code) == (0, 0), first.log + second.log
    for record_type in ("salesorder", "customerpayment"):
        stream = f"record_{record_type}"
        latest = {row["id"]: row for found in (first, second) for row in found.rows[stream]}
        live = {key: row for key, row in latest.items() if row["_sdc_deleted_at"] is None}
        assert sorted(live) == orders(account, record_type)
        assert set(gone) & latest.keys() == latest.keys() - live.keys()
        found = [
            difference
            for key, row in live.items()
            for difference in differences(row, truth(account, record_type, key), f"{key}")
        ]
        assert found[:5] == []


def orders(account: Simulator, record_type: str = "salesorder") -> list[int]:
    query = "SELECT id FROM transaction WHERE recordtype = ? ORDER BY id"
    return [key for (key,) in account.sql(query, [record_type])]


def ids(found: Run) -> list[int]:
    return [row["id"] for row in found.rows[STREAM]]


def touch(account: Simulator, order: int) -> None:
    now = account.clock.now().strftime("%Y-%m-%d %H:%M:%S")
    account.sql("UPDATE transaction SET lastmodifieddate = ? WHERE id = ?", [now, order])


def truth(account: Simulator, record_type: str, key: int) -> dict[str, Any]:
    document: Row = account.records.document(record_type, key)
    return document
