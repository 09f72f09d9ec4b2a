"""An incremental run that finds nothing new, against five sessions always busy.

The limit is one request a stream, five at a time, each as long as the run's median one, by the
account's watch. Beside it stands what a client takes for as many questions without a table; they
take turns. The time counts from the first request to the end of the process; the start-up before it
is stated.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.account import account
from benchmarks.command import print_goal, print_runs, told
from benchmarks.runs import Run, in_turn, run_bare, run_tap
from benchmarks.tables import Made, catalog


@dataclass(frozen=True)
class Size:
    """What is measured: so many streams, the seconds that a request takes, and how often."""

    streams: int
    seconds: float
    pairs: int


SIZES: Mapping[str, Size] = {
    "tiny": Size(6, 0.01, 1),
    "quick": Size(40, 0.2, 3),
    "full": Size(40, 0.5, 5),
}
_ROWS = 300
_GOAL = 1.3
_TRIVIAL = "SELECT 1 AS n FROM dual"


def main() -> None:
    """Measure, and print a table."""
    size = SIZES[told(__doc__, SIZES).size]
    made = [Made(f"customrecord_{place:02}", _ROWS) for place in range(size.streams)]
    streams = catalog([one.table for one in made])
    with tempfile.TemporaryDirectory() as name, account(size.seconds) as other:
        folder = Path(name)
        other.make(*made)
        state = run_tap(other, folder, streams).state
        pairs = [
            in_turn(
                place,
                lambda: run_bare(other, [_TRIVIAL] * size.streams),
                lambda: run_tap(other, folder, streams, state),
            )
            for place in range(size.pairs)
        ]
    if any(tap.rows for _, tap in pairs):
        raise SystemExit("There was something new.")
    print(f"### Nothing new in {size.streams} streams, {size.seconds} s a request\n")
    _print({one.name for one in made}, pairs)


def _print(names: set[str], pairs: Sequence[tuple[Run, Run]]) -> None:
    limits = [tap.at_best(len(names)) for _, tap in pairs]
    ratios = [tap.reading / limit for (_, tap), limit in zip(pairs, limits, strict=True)]
    of_streams = [sum(one.table in names for one in tap.asked) for _, tap in pairs]
    by_bare = median(tap.reading / bare.reading for bare, tap in pairs)
    print(
        f"**{median(ratios):.3f} times** the limit of {median(limits):.2f} s "
        f"({min(ratios):.3f} to {max(ratios):.3f}), after "
        f"{median(tap.start_up for _, tap in pairs):.2f} s of start-up; {by_bare:.3f} times the "
        f"bare client's time. {median(len(tap.asked) for _, tap in pairs):g} requests, "
        f"{median(of_streams):g} of them for the {len(names)} streams.\n"
    )
    print_goal(f"{_GOAL} times the limit at most", is_reached=median(ratios) <= _GOAL)
    print_goal("one request a stream", is_reached=max(of_streams) <= len(names))
    shown: list[tuple[list[object], Run]] = []
    for number, ((bare, tap), limit) in enumerate(zip(pairs, limits, strict=True), 1):
        shown.append(([number, "bare", "", ""], bare))
        shown.append(([number, "tap", f"{limit:.2f}", f"{tap.reading / limit:.3f}"], tap))
    print_runs(["pair", "client", "limit", "ratio"], shown)


if __name__ == "__main__":
    main()
