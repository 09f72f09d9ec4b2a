"""How much memory the tap needs for few rows and for many, also where what reads them is slow.

Pages are there as fast as a server can give them, which is the worst case; Linux tells the memory.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.canned import Canned
from benchmarks.canned_server import served
from benchmarks.command import print_goal, print_table, told
from benchmarks.one_sync import Needed, resident

LIMIT = 120 * 10**6
"""Bytes that may be resident at any time."""

GROWTH = 0.05
"""By so much of it more rows may need more."""

_BLOCK = 64 * 1024
_BLOCKS_BETWEEN = 10


@dataclass(frozen=True)
class Size:
    """How much is measured.

    Attributes:
        few: Rows of a small table.
        many: Those of a large one.
        columns: Of how many columns both are.
        slow: Bytes a second that a slow reader takes.
    """

    few: int
    many: int
    columns: tuple[int, ...]
    slow: float


SIZES: Mapping[str, Size] = {
    "tiny": Size(few=1_000, many=3_000, columns=(25,), slow=20e6),
    "quick": Size(few=50_000, many=150_000, columns=(25, 60), slow=40e6),
    "full": Size(few=100_000, many=1_000_000, columns=(25, 60), slow=20e6),
}


@dataclass(frozen=True)
class Run:
    """One run of the tap.

    Attributes:
        seconds: From its start to its end.
        usual: What was resident while its rows were read, in bytes, the median.
        needed: What it says itself.
    """

    seconds: float
    usual: float
    needed: Needed


def main() -> None:
    """Measure, and print a table.

    Raises:
        SystemExit: A run lacks rows.
    """
    size = SIZES[told(__doc__, SIZES).size]
    cases = [(columns, rate) for columns in size.columns for rate in (None, size.slow)]
    runs = {
        (columns, rate): (
            run(Canned(columns, size.few), rate),
            run(Canned(columns, size.many), rate),
        )
        for columns, rate in cases
    }
    highest = max(many.needed.peak for _, many in runs.values())
    growth = max(many.usual / few.usual - 1 for few, many in runs.values())
    objects = max(many.needed.objects - few.needed.objects for few, many in runs.values())
    print(
        f"**{highest / 1e6:.0f} MB** at most; {size.many:,} rows usually need {growth:+.1%} to "
        f"{size.few:,}, and leave {objects:+,} objects, each at most.\n"
    )
    print_goal(
        f"less than {LIMIT / 1e6:.0f} MB, and {GROWTH:.0%} more at most",
        is_reached=highest < LIMIT and growth <= GROWTH,
    )
    head = ["columns", "read", "rows", "usual MB", "peak", "at the end"]
    head += ["objects", "blocks", "seconds"]
    print_table(
        head,
        [
            [columns, "slowly" if rate else "at once", *_cells(one)]
            for (columns, rate), both in runs.items()
            for one in both
        ],
    )


def _cells(one: Run) -> list[str]:
    needed = one.needed
    megabytes = [f"{size / 1e6:.1f}" for size in (one.usual, needed.peak, needed.end)]
    numbers = [f"{number:,}" for number in (needed.objects, needed.blocks)]
    return [f"{needed.rows:,}", *megabytes, *numbers, f"{one.seconds:.1f}"]


def run(account: Canned, rate: float | None) -> Run:
    """The tap over all rows of an account, in a process of its own.

    Args:
        account: The account.
        rate: Bytes a second that its output is read at; None for as fast as it comes.
    """
    with tempfile.TemporaryDirectory() as name, served(account) as address:
        folder = Path(name)
        command = [sys.executable, "-m", "benchmarks.one_sync", address, str(account.columns)]
        began = time.perf_counter()
        with (
            (folder / "log").open("w", encoding="utf-8") as log,
            subprocess.Popen(  # noqa: S603 - our own module
                [*command, str(folder / "needed")],
                env={**os.environ, "XDG_CACHE_HOME": name},
                stdout=subprocess.PIPE,
                stderr=log,
            ) as process,
        ):
            usual = median(_drain(process, rate))
            process.wait()
        seconds = time.perf_counter() - began
        if process.returncode:
            raise SystemExit((folder / "log").read_text(encoding="utf-8"))
        needed = Needed(**json.loads((folder / "needed").read_text(encoding="utf-8")))
    if needed.rows != account.rows:
        raise SystemExit(f"{needed.rows:,} of {account.rows:,} rows came.")
    return Run(seconds, usual, needed)


def _drain(process: subprocess.Popen[bytes], rate: float | None) -> list[int]:
    """Reads all output; what was resident now and then meanwhile."""
    found = []
    blocks = iter(partial(process.stdout.read, _BLOCK), b"") if process.stdout else ()
    for number, block in enumerate(blocks):
        if number % _BLOCKS_BETWEEN == 0:
            found.append(resident("VmRSS", process.pid))
        if rate:
            time.sleep(len(block) / rate)
    return found


if __name__ == "__main__":
    main()
