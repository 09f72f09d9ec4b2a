"""Requests and time by the number of rows, against a straight line.

The line goes through the two smaller tables; how far the largest lies off it is the figure. The
time counts from the first request to the end of the process. Medians: the first run with a catalog
asks more than the next, namely what was customized since.
"""

import statistics
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.account import account
from benchmarks.command import print_goal, print_table, told
from benchmarks.runs import run_tap
from benchmarks.tables import Made, catalog

_GOAL = 0.1


@dataclass(frozen=True)
class Size:
    """What is measured: tables of so many rows, the seconds that a request takes, how often."""

    rows: tuple[int, int, int]
    seconds: float
    times: int


SIZES: Mapping[str, Size] = {
    "tiny": Size((500, 1_500, 3_000), 0.01, 1),
    "quick": Size((5_000, 20_000, 60_000), 0.3, 3),
    "full": Size((10_000, 100_000, 1_000_000), 0.5, 3),
}


@dataclass(frozen=True)
class Measured:
    """What a table of so many rows costs: requests, seconds, and seconds of processor time."""

    rows: int
    requests: float
    seconds: float
    cpu: float


def main() -> None:
    """Measure, and print a table."""
    size = SIZES[told(__doc__, SIZES).size]
    with tempfile.TemporaryDirectory() as folder, account(size.seconds) as other:
        tables = [Made(f"customrecord_of_{rows}", rows, is_skewed=True) for rows in size.rows]
        other.make(*tables)
        measured = []
        for made in tables:
            streams = catalog([made.table])
            runs = [run_tap(other, Path(folder), streams) for _ in range(size.times)]
            if any(run.rows != made.rows for run in runs):
                raise SystemExit("The tap did not give as many rows as there are.")
            measured.append(
                Measured(
                    made.rows,
                    requests=statistics.median(len(run.asked) for run in runs),
                    seconds=statistics.median(run.reading for run in runs),
                    cpu=statistics.median(run.cpu for run in runs),
                )
            )
    _print(size, measured)


def _print(size: Size, measured: Sequence[Measured]) -> None:
    requests = off_the_line(size.rows, [one.requests for one in measured])
    seconds = off_the_line(size.rows, [one.seconds for one in measured])
    print(f"### From {size.rows[0]:,} to {size.rows[-1]:,} rows, {size.seconds} s a request\n")
    print(f"**{requests:+.1%}** requests and **{seconds:+.1%}** time off the straight line.\n")
    print_goal(f"both within {_GOAL:.0%}", is_reached=max(abs(requests), abs(seconds)) <= _GOAL)
    head = ["rows", "requests", "for 1,000 rows", "from first request", "for 1,000 rows", "CPU"]
    print_table(
        head,
        [
            [
                f"{one.rows:,}",
                f"{one.requests:g}",
                f"{1000 * one.requests / one.rows:.3f}",
                f"{one.seconds:.2f}",
                f"{1000 * one.seconds / one.rows:.4f}",
                f"{one.cpu:.2f}",
            ]
            for one in measured
        ],
    )


def off_the_line(rows: Sequence[int], costs: Sequence[float]) -> float:
    """By which part the cost of the third table lies above the line through the first two."""
    slope = (costs[1] - costs[0]) / (rows[1] - rows[0])
    return costs[2] / (costs[1] + slope * (rows[2] - rows[1])) - 1


if __name__ == "__main__":
    main()
