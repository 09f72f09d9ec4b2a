"""Documents of records, five requests at a time, against one request at a time.

The account's sales orders are read by the tap, and some of them by a client that asks for one after
another and does nothing with them. Both times count per document, from the first request on.
"""

import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.account import account
from benchmarks.command import print_goal, print_runs, told
from benchmarks.runs import Run, run_tap
from tap_netsuite_tba.connection import Connection
from tap_netsuite_tba.settings import read_settings
from tap_netsuite_tba.tap import TapNetSuite

_TYPE = "salesorder"
_IDS = "SELECT id FROM transaction WHERE recordtype = 'salesorder' ORDER BY id"
_GOAL = 4.8


@dataclass(frozen=True)
class Size:
    """What is measured: the account's transactions, the seconds that a request takes, runs."""

    transactions: int
    seconds: float
    runs: int


SIZES: Mapping[str, Size] = {
    "tiny": Size(300, 0.01, 1),
    "quick": Size(5_000, 0.05, 3),
    "full": Size(95_000, 0.05, 1),
}
_ONE_BY_ONE = 200
"""So many documents tell what one takes at a time."""


def main() -> None:
    """Measure, and print a table."""
    size = SIZES[told(__doc__, SIZES).size]
    with (
        tempfile.TemporaryDirectory() as name,
        account(size.seconds, transactions=size.transactions) as other,
    ):
        ids = [key for (key,) in other.sql(_IDS)]
        config = other.connection() | {"tables": [], "records": [_TYPE]}
        catalog = TapNetSuite(config=config).catalog_dict
        pairs = [
            (_one_by_one(config, ids[:_ONE_BY_ONE]), run_tap(other, Path(name), catalog))
            for _ in range(size.runs)
        ]
    if any(run.rows != len(ids) for _, run in pairs):
        raise SystemExit(f"Not all of the {len(ids)} documents came.")
    print(f"### {len(ids):,} sales orders, {size.seconds} s a request\n")
    _print(pairs)


def _one_by_one(config: Mapping[str, Any], ids: Sequence[int]) -> float:
    """Seconds a document takes a client that asks for one after another."""
    connection = Connection(read_settings(config))
    try:
        connection.records.read(_TYPE, ids[0])  # logs in
        began = time.monotonic()
        for key in ids:
            connection.records.read(_TYPE, key)
        return (time.monotonic() - began) / len(ids)
    finally:
        connection.close()


def _print(pairs: Sequence[tuple[float, Run]]) -> None:
    ratios = [alone * run.rows / run.reading for alone, run in pairs]
    print(
        f"**{median(ratios):.2f} times** the rate of one request at a time "
        f"({min(ratios):.2f} to {max(ratios):.2f}), which takes "
        f"{median(alone for alone, _ in pairs) * 1000:.1f} ms a document.\n"
    )
    print_goal(f"{_GOAL} times that rate at least", is_reached=median(ratios) >= _GOAL)
    shown = [
        ([n, f"{ratio:.2f}"], run)
        for n, (ratio, (_, run)) in enumerate(zip(ratios, pairs, strict=True), 1)
    ]
    print_runs(["run", "ratio"], shown)


if __name__ == "__main__":
    main()
