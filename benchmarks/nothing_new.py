"""An incremental run that finds nothing new, against five sessions always busy.

The limit is one request a stream, five at a time. The time counts from the first request to the end
of the process; the start-up before it is stated.
"""

import statistics
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.account import SESSIONS, account
from benchmarks.command import print_runs, told
from benchmarks.runs import run_tap
from benchmarks.tables import Made, catalog


@dataclass(frozen=True)
class Size:
    """What is measured: so many streams, the seconds that a request takes, and how often."""

    streams: int
    seconds: float
    times: int


SIZES: Mapping[str, Size] = {
    "tiny": Size(6, 0.01, 1),
    "quick": Size(40, 0.2, 3),
    "full": Size(40, 0.5, 5),
}
_ROWS = 300


def main() -> None:
    """Measure, and print a table."""
    size = SIZES[told(__doc__, SIZES).size]
    made = [Made(f"customrecord_{place:02}", _ROWS) for place in range(size.streams)]
    streams = catalog([one.table for one in made])
    with tempfile.TemporaryDirectory() as name, account(size.seconds) as other:
        folder = Path(name)
        other.make(*made)
        state = run_tap(other, folder, streams).state
        runs = [run_tap(other, folder, streams, state) for _ in range(size.times)]
    if any(run.rows for run in runs):
        raise SystemExit("There was something new.")
    limit = size.streams * size.seconds / SESSIONS
    ratios = [run.reading / limit for run in runs]
    start_up = statistics.median(run.start_up for run in runs)
    print(f"### Nothing new in {size.streams} streams, {size.seconds} s a request\n")
    print(
        f"**{statistics.median(ratios):.3f} times** the limit of {limit:.2f} s "
        f"({min(ratios):.3f} to {max(ratios):.3f}), after {start_up:.2f} s of start-up.\n"
    )
    print_runs(
        ["run", "requests of the streams", "ratio"],
        (
            ([number, sum(run.sessions.tables[one.name] for one in made), f"{ratio:.3f}"], run)
            for number, (run, ratio) in enumerate(zip(runs, ratios, strict=True), 1)
        ),
    )


if __name__ == "__main__":
    main()
