"""What each benchmark of the tap can be told, and how its figures are printed."""

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.runs import Run

_OF_A_RUN = (
    *("wall", "start-up", "requests", "busy", "idle first", "between", "last"),
    *("sessions busy", "median request", "longest", "CPU"),
)


class Told(NamedTuple):
    """What the command line says.

    Attributes:
        size: The name of a size.
        plots: The folder for pictures; None for none.
        rows: Of how many rows a table is to be; None for those of the size.
    """

    size: str
    plots: Path | None = None
    rows: int | None = None


def told(
    description: str | None,
    sizes: Iterable[str],
    *,
    draws: bool = False,
    takes_rows: bool = False,
) -> Told:
    """Read the command line of a benchmark, which may draw, and may be told a number of rows."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--size", choices=list(sizes), default="quick")
    if draws:
        parser.add_argument("--plots", type=Path, metavar="FOLDER", help="draw the sessions there")
    if takes_rows:
        parser.add_argument("--rows", type=int, help="one table of so many rows")
    return Told(**vars(parser.parse_args()))


def print_goal(goal: str, *, is_reached: bool) -> None:
    """Print what a benchmark is to show, and whether it did."""
    print(f"Goal: {goal}: **{'reached' if is_reached else 'missed'}**.\n", flush=True)


def print_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table of Markdown."""
    print(f"| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for row in rows:
        print(f"| {' | '.join(map(str, row))} |")
    print(flush=True)


def print_runs(head: Sequence[str], runs: Iterable[tuple[Sequence[object], Run]]) -> None:
    """Print a table of runs: the cells under a head, and behind them where the time went."""
    print_table([*head, *_OF_A_RUN], ([*cells, *_of_a_run(run)] for cells, run in runs))


def _of_a_run(run: Run) -> list[str]:
    found = run.sessions
    seconds = (found.busy, found.idle_first, found.idle_between, found.idle_last)
    return [
        f"{run.wall:.2f}",
        f"{run.start_up:.2f}",
        f"{len(run.asked)}",
        *(f"{each:.2f}" for each in seconds),
        f"{found.utilisation:.1%}",
        f"{found.median:.3f}",
        f"{found.longest.seconds:.3f} ({found.longest.kind})",
        f"{run.cpu:.2f}",
    ]
