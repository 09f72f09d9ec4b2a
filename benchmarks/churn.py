"""What exactness costs: a table that people work on, against the same one at rest.

Two accounts with the same company, read in turn, each first in every second pair. In one of them
transactions are edited, entered, entered late, deleted and touched by the thousand; the tap reads
on, and again what was torn.
"""

import statistics
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.account import Account, account
from benchmarks.command import print_goal, print_runs, told
from benchmarks.runs import in_turn, run_tap
from benchmarks.tables import catalog
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.simulator import Churn
from tap_netsuite_tba.tables import DELETED_AT, Column, ColumnType, Table

_CHURN = Churn(edits=600, inserts=300, late=30, mass=2, deletes=60, untraced=6, lines=30)
"""Events a minute; ten edits a second, and twice a minute 5,000 rows at once."""


@dataclass(frozen=True)
class Size:
    """What is measured: so many transactions, the seconds that a request takes, and how often."""

    transactions: int
    seconds: float
    pairs: int


SIZES: Mapping[str, Size] = {
    "tiny": Size(2_000, 0.01, 1),
    "quick": Size(20_000, 0.3, 3),
    "full": Size(200_000, 0.5, 3),
}


def main() -> None:
    """Measure, and print a table."""
    size = SIZES[told(__doc__, SIZES).size]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        at_rest, alive = (
            stack.enter_context(account(size.seconds, churn=churn, transactions=size.transactions))
            for churn in (None, _CHURN)
        )
        streams = catalog([_transactions(at_rest)])
        pairs = [
            in_turn(
                place,
                lambda: run_tap(at_rest, folder, streams),
                lambda: run_tap(alive, folder, streams),
            )
            for place in range(size.pairs)
        ]
    ratios = [busy.reading / quiet.reading for quiet, busy in pairs]
    more = [len(busy.asked) / len(quiet.asked) - 1 for quiet, busy in pairs]
    print(f"### {size.transactions:,} transactions with churn, {size.seconds} s a request\n")
    print(
        f"**{statistics.median(ratios):.3f} times** the time at rest ({min(ratios):.3f} to "
        f"{max(ratios):.3f}), with {statistics.median(more):+.1%} requests; in the median "
        f"{statistics.median(busy.reading for _, busy in pairs):.2f} s from the first request on, "
        f"and {statistics.median(quiet.reading for quiet, _ in pairs):.2f} s at rest.\n"
    )
    print_goal("what exactness costs is stated", is_reached=True)
    print_runs(
        ["pair", "churn", "rows"],
        (
            ([number, churn, f"{run.rows:,}"], run)
            for number, pair in enumerate(pairs, 1)
            for run, churn in zip(pair, ("off", "on"), strict=True)
        ),
    )


def _transactions(at_rest: Account) -> Table:
    """The transactions with the columns that the account has of them."""
    table, readable = shipped_tables()["transaction"], at_rest.columns("transaction")
    columns = tuple(column for column in table.columns if column.name in readable)
    return table.with_columns((*columns, Column(DELETED_AT, ColumnType.DATETIME)))


if __name__ == "__main__":
    main()
