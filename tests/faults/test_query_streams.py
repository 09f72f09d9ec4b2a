"""The user's own queries, killed while rows change: the warehouse has in the end what they find."""

import signal
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.faults.nights import Nights, Rows
from tests.faults.users import LATE_SECONDS

QUERIES: list[dict[str, Any]] = [
    {
        "name": "headers",
        "query": "SELECT t.id, t.memo, t.lastmodifieddate AS changed FROM transaction t",
        "primary_keys": ["id"],
        "replication_key": "changed",
    },
    {
        "name": "totals",
        "query": (
            "SELECT l.transaction AS id, COUNT(*) AS n, SUM(l.foreignamount) AS amount, "
            "MAX(t.lastmodifieddate) AS changed FROM transactionline l "
            "JOIN transaction t ON t.id = l.transaction GROUP BY l.transaction"
        ),
        "primary_keys": ["id"],
    },
]
TRUTH = {
    "headers": (
        "SELECT strftime(lastmodifieddate, '%Y-%m-%dT%H:%M:%SZ'), id, memo FROM transaction"
    ),
    "totals": (
        "SELECT sum(l.foreignamount), "
        "strftime(max(t.lastmodifieddate), '%Y-%m-%dT%H:%M:%SZ'), l.transaction, count(*) "
        "FROM transactionline l JOIN transaction t ON t.id = l.transaction GROUP BY l.transaction"
    ),
}
"""Their columns in the order of their names."""


class QueryNights(Nights):
    def truth(self) -> Rows:
        return {name: Counter(self.account.sql(text)) for name, text in TRUTH.items()}


@pytest.mark.parametrize(
    ("kills", "transactions"), [(2, 2_000), pytest.param(8, 40_000, marks=pytest.mark.long)]
)
def test_killed_again_and_again_while_rows_change_they_lose_nothing(
    tmp_path: Path, kills: int, transactions: int
) -> None:
    places = Random(transactions)
    with Simulator(transactions=transactions) as account:
        settings = {"tables": [], "queries": QUERIES, "lookback_seconds": LATE_SECONDS}
        nights = QueryNights(account, tmp_path, settings)

        def work() -> None:
            account.churn.edit(20)
            account.churn.insert(5)

        for _ in range(kills):
            # Together they are no more than the rows of both.
            stop = places.randrange(1_100, 2 * transactions // kills)
            assert nights.run(work, stop_after=stop) == -signal.SIGKILL
        nights.run_quietly()
        nights.check()
        assert nights.warehouse.rows("headers").total() > transactions
