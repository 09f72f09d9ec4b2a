"""Many small tables, alone and with three large ones among them, against five sessions always busy.

The limit is what the requests take five at a time, by the account's latency alone. The time counts
from the first request to the end of the process; the start-up before it is stated.
"""

import statistics
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.account import SESSIONS, account
from benchmarks.command import print_runs, told
from benchmarks.plot import draw
from benchmarks.runs import Run, run_tap
from benchmarks.tables import Made, catalog


@dataclass(frozen=True)
class Size:
    """What is measured.

    Attributes:
        tables: How many tables.
        large: How many rows each of the three large ones has.
        seconds: What a request takes.
        times: How many runs, of which the median counts.
    """

    tables: int
    large: int
    seconds: float
    times: int


SIZES: Mapping[str, Size] = {
    "tiny": Size(tables=8, large=2_000, seconds=0.01, times=1),
    "quick": Size(tables=60, large=8_000, seconds=0.2, times=3),
    "full": Size(tables=60, large=20_000, seconds=0.5, times=3),
}
_LARGE = 3
_SMALL_ROWS = 100


def main() -> None:
    """Measure, and print tables."""
    name, plots = told(__doc__, SIZES)
    size = SIZES[name]
    # Streams go out by their names; a large table takes the place of a small one.
    small = [Made(f"customrecord_{place:02}", _SMALL_ROWS) for place in range(size.tables)]
    places = [size.tables * (2 * number + 1) // (2 * _LARGE) for number in range(_LARGE)]
    large = {place: Made(f"{small[place].name}_large", size.large) for place in places}
    mixed = [large.get(place, made) for place, made in enumerate(small)]
    cases = {
        f"{size.tables} small tables": small,
        f"{size.tables} tables, three of them of {size.large:,} rows": mixed,
    }
    with tempfile.TemporaryDirectory() as folder, account(size.seconds) as other:
        other.make(*small, *large.values())
        shown = {}
        for title, tables in cases.items():
            streams = catalog([made.table for made in tables])
            runs = [run_tap(other, Path(folder), streams) for _ in range(size.times)]
            median = _print(title, size.seconds, runs)
            shown[f"{title}: {median.wall:.1f} s"] = median
            if any(run.rows != sum(made.rows for made in tables) for run in runs):
                raise SystemExit("The tap did not give as many rows as there are.")
        if plots:
            draw(plots / "sessions-small.svg", shown)


def _print(title: str, seconds: float, runs: Sequence[Run]) -> Run:
    """Print a table; the median run."""
    limits = [len(run.asked) * seconds / SESSIONS for run in runs]
    ratios = [run.reading / limit for run, limit in zip(runs, limits, strict=True)]
    print(f"### {title}, {seconds} s a request\n")
    print(
        f"**{statistics.median(ratios):.3f} times** the limit ({min(ratios):.3f} to "
        f"{max(ratios):.3f}), after {statistics.median(run.start_up for run in runs):.2f} s of "
        "start-up.\n"
    )
    print_runs(
        ["run", "limit", "ratio"],
        (
            ([number, f"{limit:.2f}", f"{ratio:.3f}"], run)
            for number, (run, limit, ratio) in enumerate(zip(runs, limits, ratios, strict=True), 1)
        ),
    )
    return sorted(zip(ratios, runs, strict=True), key=lambda each: each[0])[len(runs) // 2][1]


if __name__ == "__main__":
    main()
