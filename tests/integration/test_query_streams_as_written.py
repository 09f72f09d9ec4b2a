"""Streams of queries that NetSuite takes only as they are written: found, read, read again."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator, Switches
from tests.catalogs import metadata_of, rows_of
from tests.tap_process import configuration, discover, run_tap

QUERIES: list[dict[str, Any]] = [
    {
        "name": "lines",
        "query": (
            "SELECT l.uniquekey AS line, l.transaction, NVL(l.memo, '-') AS memo "
            "FROM transactionline l ORDER BY l.uniquekey ASC"
        ),
        "primary_keys": ["line"],
    },
    {"name": "kinds", "query": "SELECT t.type, COUNT(*) AS n FROM transaction t GROUP BY t.type"},
]
TRUTH = {
    "lines": "SELECT uniquekey, transaction, coalesce(memo, '-') FROM transactionline",
    "kinds": "SELECT type, count(*) FROM transaction GROUP BY type",
}


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    # Where aliases are honoured, names tell even more.
    with Simulator(transactions=400, switches=Switches(aliases="ignored")) as account:
        account.faults.add(Fault(FaultKind.REFUSED, text="FROM (SELECT", times=None))
        yield account


def test_a_catalog_and_the_settings_are_enough_to_read_it_each_time(account: Simulator) -> None:
    config = configuration(account, tables=[], queries=QUERIES)
    catalog = discover(config)
    messages, code, log = run_tap(config, catalog=catalog)
    assert code == 0, log
    for name, truth in TRUTH.items():
        assert Counter(tuple(row.values()) for row in rows_of(messages, name)) == Counter(
            account.sql(truth)
        )
    state = [message["value"] for message in messages if message["type"] == "STATE"][-1]
    again, code, log = run_tap(config, catalog=catalog, state=state)
    assert code == 0, log
    assert all(len(rows_of(again, name)) == len(rows_of(messages, name)) for name in TRUTH)
    _, code, log = run_tap(config | {"queries": QUERIES[:1]}, catalog=catalog)
    assert code == 1
    assert "stream kinds is of a query, and the setting queries has no kinds" in log


def test_one_that_is_refused_in_a_run_says_why_and_no_column_is_blamed(
    account: Simulator,
) -> None:
    config = configuration(account, tables=[], queries=QUERIES[1:])
    catalog = discover(config)
    wrong = QUERIES[1] | {"query": f"{QUERIES[1]['query']} LIMIT 5"}
    before = account.counters.requests
    _, code, log = run_tap(config | {"queries": [wrong]}, catalog=catalog)
    assert code == 1
    assert "SuiteQL has no LIMIT." in log
    assert account.counters.requests - before == 1


def test_a_replication_key_of_its_catalog_is_not_used_and_that_is_said(account: Simulator) -> None:
    query = {
        "name": "orders",
        "query": "SELECT t.id, t.lastmodifieddate AS changed FROM transaction t",
        "primary_keys": ["id"],
        "replication_key": "changed",
    }
    config = configuration(account, tables=[], queries=[query])
    catalog = discover(config)
    metadata_of(catalog, "orders")["replication-key"] = "changed"
    messages, code, log = run_tap(config, catalog=catalog)
    assert code == 0, log
    assert len(rows_of(messages, "orders")) == 400
    assert "gives orders the replication key changed, which is not used" in log
    [schema] = [message for message in messages if message["type"] == "SCHEMA"]
    assert not schema.get("bookmark_properties")
