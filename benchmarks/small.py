"""Many small tables, alone and with three large ones among them, against five sessions always busy.

The limit is what the requests take five at a time, each as long as the run's median one, by the
account's watch. Beside it stands what a client takes that knows where all pages end, sends a
request for each, and does nothing with the answers; they take turns. The time counts from the first
request to the end of the process; the start-up before it is stated.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.account import Account, account
from benchmarks.command import print_goal, print_runs, told
from benchmarks.plot import draw
from benchmarks.runs import Run, in_turn, known_pages, run_bare, run_tap
from benchmarks.tables import Made, catalog


@dataclass(frozen=True)
class Size:
    """What is measured.

    Attributes:
        tables: How many tables.
        large: How many rows each of the three large ones has.
        seconds: What a request takes.
        pairs: How many runs of each, of which the median counts.
    """

    tables: int
    large: int
    seconds: float
    pairs: int


SIZES: Mapping[str, Size] = {
    "tiny": Size(tables=8, large=2_000, seconds=0.01, pairs=1),
    "quick": Size(tables=60, large=8_000, seconds=0.2, pairs=3),
    "full": Size(tables=60, large=20_000, seconds=0.5, pairs=3),
}
_LARGE = 3
_SMALL_ROWS = 100
_GOAL = 1.25
_FOR_1000_ROWS = 1.03
_FOR_A_LARGE_TABLE = 20


def main() -> None:
    """Measure, and print tables."""
    name, plots, _ = told(__doc__, SIZES, draws=True)
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
            pairs = [_pair(other, Path(folder), tables, place) for place in range(size.pairs)]
            print(f"### {title}, {size.seconds} s a request\n")
            _print_requests(tables, pairs)
            usual = _print_time(tables, pairs)
            shown[f"{title}: {usual.wall:.1f} s"] = usual
            if any(tap.rows != sum(made.rows for made in tables) for _, tap in pairs):
                raise SystemExit("The tap did not give as many rows as there are.")
        if plots:
            draw(plots / "sessions-small.svg", shown)


def _pair(other: Account, folder: Path, tables: Sequence[Made], place: int) -> tuple[Run, Run]:
    """A run of the bare client and one of the tap."""
    queries = [query for made in tables for query in known_pages(other, made.table)]
    streams = catalog([made.table for made in tables])
    return in_turn(place, lambda: run_bare(other, queries), lambda: run_tap(other, folder, streams))


def needed(tables: Sequence[Made]) -> float:
    """How many requests tables need: one that fits a page one, of others 1.03 for 1,000 rows."""
    return sum(max(1.0, _FOR_1000_ROWS * made.rows / 1000) for made in tables)


def _print_requests(tables: Sequence[Made], pairs: Sequence[tuple[Run, Run]]) -> None:
    names = {made.name for made in tables}
    sent = median(len(tap.asked) for _, tap in pairs)
    for_tables = median(sum(one.table in names for one in tap.asked) for _, tap in pairs)
    large = sum(made.rows > _SMALL_ROWS for made in tables)
    allowed = needed(tables) + large * _FOR_A_LARGE_TABLE
    print(
        f"The tables need {needed(tables):.1f} requests: one for each of {len(tables) - large} "
        f"small ones, {_FOR_1000_ROWS} for 1,000 rows of {large} large ones. {sent:g} were sent, "
        f"{for_tables:g} of them for the tables.\n"
    )
    print_goal(
        f"{allowed:.1f} requests at most for the tables ({_FOR_A_LARGE_TABLE} more a large one)",
        is_reached=for_tables <= allowed,
    )


def _print_time(tables: Sequence[Made], pairs: Sequence[tuple[Run, Run]]) -> Run:
    """Print a table; the median run."""
    limits = [tap.at_best(len(tap.asked)) for _, tap in pairs]
    ratios = [tap.reading / limit for (_, tap), limit in zip(pairs, limits, strict=True)]
    by_needed = median(tap.reading / tap.at_best(needed(tables)) for _, tap in pairs)
    by_bare = median(tap.reading / bare.reading for bare, tap in pairs)
    print(
        f"**{median(ratios):.3f} times** the limit ({min(ratios):.3f} to {max(ratios):.3f}), "
        f"after {median(tap.start_up for _, tap in pairs):.2f} s of start-up; {by_needed:.3f} "
        f"times what the needed requests alone take, {by_bare:.3f} times the bare client's time.\n"
    )
    print_goal(f"{_GOAL} times the limit at most", is_reached=median(ratios) <= _GOAL)
    shown: list[tuple[list[object], Run]] = []
    for number, ((bare, tap), limit) in enumerate(zip(pairs, limits, strict=True), 1):
        shown.append(([number, "bare", "", ""], bare))
        shown.append(([number, "tap", f"{limit:.2f}", f"{tap.reading / limit:.3f}"], tap))
    print_runs(["pair", "client", "limit", "ratio"], shown)
    return sorted(zip(ratios, pairs, strict=True), key=lambda each: each[0])[len(pairs) // 2][1][1]


if __name__ == "__main__":
    main()
