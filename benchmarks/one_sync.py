"""One run over the account of ready rows in a process of its own: what it needed, as JSON."""

import gc
import json
import re
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.canned import Canned
from tap_netsuite_tba.discovery.found import Discovery, Readable
from tap_netsuite_tba.tap import TapNetSuite


@dataclass(frozen=True)
class Needed:
    """What a run needed.

    Attributes:
        rows: Rows that went out.
        peak: The most memory that was resident, in bytes.
        end: What was resident at the end.
        objects: How many objects lived then of those that the garbage collector knows.
        blocks: How many blocks of memory all objects had.
    """

    rows: int
    peak: int
    end: int
    objects: int
    blocks: int


class Tap(TapNetSuite):
    """The tap on the account's one table, which it need not discover."""

    columns: int

    def _found(self) -> Discovery:
        return Discovery((Readable(Canned(self.columns, rows=0).table),))


def main() -> None:
    """Sync from an address, a table of so many columns, and write to a file what that needed."""
    base_url, columns, path = sys.argv[1:]
    Tap.columns = int(columns)
    names = ("account_id", "consumer_key", "consumer_secret", "token_id", "token_secret")
    tap = Tap(config={**dict.fromkeys(names, "x"), "base_url": base_url})
    tap.sync()
    gc.collect()
    needed = Needed(
        rows=sum(stream.rows for stream in tap.run.report.streams),
        peak=resident("VmHWM"),
        end=resident("VmRSS"),
        objects=len(gc.get_objects()),
        blocks=sys.getallocatedblocks(),
    )
    Path(path).write_text(json.dumps(asdict(needed)), encoding="utf-8")


def resident(name: str, process: int | str = "self") -> int:
    """A figure of Linux about the memory of a process, in bytes; 0 if it has ended."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    found = re.search(rf"{name}:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0


if __name__ == "__main__":
    main()
