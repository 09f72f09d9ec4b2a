"""A large table with very unevenly spread keys, against a client that knows where all pages end.

Both read the same account, one after the other and in turn first: the tap as its users run it, and
five threads that send queries known beforehand and do nothing with the answers.
"""

import statistics
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.account import Account, account
from benchmarks.command import print_goal, print_runs, told
from benchmarks.plot import draw
from benchmarks.runs import Run, in_turn, known_pages, run_bare, run_tap
from benchmarks.tables import Made, catalog

_GOAL, _POINTS = 1.10, 3.0
_DEVIATES = 0.05


@dataclass(frozen=True)
class Size:
    """What is measured: tables of so many rows, the seconds that a request takes, and how often."""

    rows: tuple[int, ...]
    seconds: float
    pairs: int


SIZES: Mapping[str, Size] = {
    "tiny": Size((3_000,), 0.01, 1),
    "quick": Size((50_000,), 0.3, 3),
    "full": Size((200_000, 1_000_000), 0.5, 3),
}


@dataclass(frozen=True)
class Pair:
    """A run of each, right after one another."""

    bare: Run
    tap: Run

    @property
    def ratio(self) -> float:
        """How many times as long the tap took, each with the start of its process."""
        return self.tap.wall / self.bare.wall


def main() -> None:
    """Measure, and print tables."""
    name, plots, one = told(__doc__, SIZES, draws=True, takes_rows=True)
    size = SIZES[name]
    numbers = (one,) if one else size.rows
    made = [Made(f"customrecord_of_{rows}", rows, is_skewed=True) for rows in numbers]
    with tempfile.TemporaryDirectory() as folder, account(size.seconds) as other:
        other.make(*made)
        for table in made:
            pairs = [_pair(other, table, Path(folder), place) for place in range(size.pairs)]
            _print(table.rows, size.seconds, pairs)
            if plots and table is made[0]:
                shown = sorted(pairs, key=lambda pair: pair.ratio)[len(pairs) // 2]
                _draw(plots, table.rows, shown)


def _pair(other: Account, made: Made, folder: Path, place: int) -> Pair:
    queries, streams = known_pages(other, made.table), catalog([made.table])
    return Pair(
        *in_turn(place, lambda: run_bare(other, queries), lambda: run_tap(other, folder, streams))
    )


def _print(rows: int, seconds: float, pairs: Sequence[Pair]) -> None:
    ratios = [pair.ratio for pair in pairs]
    reading = statistics.median(pair.tap.reading / pair.bare.reading for pair in pairs)
    ours = statistics.median(pair.tap.sessions.utilisation for pair in pairs)
    theirs = statistics.median(pair.bare.sessions.utilisation for pair in pairs)
    print(f"### {rows:,} rows at {seconds} s a page\n")
    print(
        f"**{statistics.median(ratios):.3f} times** the bare client's wall "
        f"({min(ratios):.3f} to {max(ratios):.3f}), {reading:.3f} times from the first request "
        f"on; sessions busy {ours:.1%}, the bare client's {theirs:.1%}.\n"
    )
    print_goal(f"{_GOAL:.2f} times at most", is_reached=statistics.median(ratios) <= _GOAL)
    print_goal(
        f"sessions as busy as the bare client's within {_POINTS:g} points",
        is_reached=ours >= theirs - _POINTS / 100,
    )
    shown: list[tuple[list[object], Run]] = []
    for number, pair in enumerate(pairs, 1):
        shown.append(([number, "bare", ""], pair.bare))
        shown.append(([number, "tap", f"{pair.ratio:.3f}"], pair.tap))
    print_runs(["pair", "client", "ratio"], shown)
    for sentence in outliers(pairs):
        print(f"{sentence}\n")
    if any(pair.tap.rows != rows for pair in pairs):
        raise SystemExit("The tap did not give as many rows as there are.")


def outliers(pairs: Sequence[Pair]) -> list[str]:
    """For each pair far from the median one, which part of either client's time made it so."""
    middle = sorted(pairs, key=lambda pair: pair.ratio)[len(pairs) // 2]
    sentences = []
    for number, pair in enumerate(pairs, 1):
        if abs(pair.ratio - middle.ratio) <= _DEVIATES:
            continue
        parts = [
            f"{client}'s {name} {seconds:+.2f} s"
            for client, run, usual in (
                ("the tap", pair.tap, middle.tap),
                ("the bare client", pair.bare, middle.bare),
            )
            for name, seconds in _differences(run, usual).items()
            if abs(seconds) >= usual.wall * _DEVIATES / 5
        ]
        sentences.append(
            f"Pair {number} is at {pair.ratio:.3f} and the median one at {middle.ratio:.3f}; "
            f"compared with that: {', '.join(parts) or 'nothing that stands out'}. A quarter above "
            f"the median, or more, took {_slow(pair.tap)} requests of the tap's and "
            f"{_slow(pair.bare)} of the bare client's. The longest took {_longest(pair)}; in the "
            f"median pair {_longest(middle)}."
        )
    return sentences


def _slow(run: Run) -> str:
    return f"{run.sessions.slow} of {len(run.asked)}"


def _longest(pair: Pair) -> str:
    tap, bare = (run.sessions.longest for run in (pair.tap, pair.bare))
    return (
        f"{tap.seconds:.3f} s of the tap's ({tap.kind}) and {bare.seconds:.3f} s of the bare "
        f"client's ({bare.kind})"
    )


def _differences(run: Run, usual: Run) -> dict[str, float]:
    ours, theirs = run.sessions, usual.sessions
    return {
        "start-up": run.start_up - usual.start_up,
        "requests": ours.busy - theirs.busy,
        "idleness at first": ours.idle_first - theirs.idle_first,
        "idleness between": ours.idle_between - theirs.idle_between,
        "idleness at last": ours.idle_last - theirs.idle_last,
    }


def _draw(plots: Path, rows: int, pair: Pair) -> None:
    bare = "A client that knows where all pages end"
    clients = {f"The tap: {rows:,} rows": pair.tap, bare: pair.bare}
    titled = {
        f"{title}, {run.wall:.1f} s, sessions busy {run.sessions.utilisation:.1%}": run
        for title, run in clients.items()
    }
    draw(plots / "sessions-large.svg", titled)


if __name__ == "__main__":
    main()
