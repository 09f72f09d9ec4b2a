"""One run of a client against an account: a process, its output read to the end, its time."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks.account import SESSIONS, Account, Asked
from benchmarks.sessions import Sessions, sessions
from tap_netsuite_tba.netsuite.suiteql import select_rows
from tap_netsuite_tba.tables import Table

_TAP = "from tap_netsuite_tba.tap import main; main()"
_PAGE_ROWS = 1000


@dataclass(frozen=True)
class Run:
    """What became of one run.

    Attributes:
        began: When its process was started, in seconds of the machine's monotonic clock.
        ended: When it was gone.
        cpu: Seconds of processor time that it used.
        asked: What the account saw of it.
        rows: How many RECORD messages came.
        state: The last state, if there was one.
    """

    began: float
    ended: float
    cpu: float
    asked: tuple[Asked, ...]
    rows: int = 0
    state: Mapping[str, Any] | None = None

    @property
    def wall(self) -> float:
        """Seconds from the start of the process to its end."""
        return self.ended - self.began

    @property
    def start_up(self) -> float:
        """Seconds of them before the first request."""
        return self.asked[0].began - self.began

    @property
    def reading(self) -> float:
        """Seconds of them from the first request on."""
        return self.wall - self.start_up

    @cached_property
    def sessions(self) -> Sessions:
        """How busy the sessions were in that time."""
        return sessions(self.asked, self.ended)

    def at_best(self, requests: float) -> float:
        """Seconds that so many requests take five at a time, each as long as the median one."""
        return requests * self.sessions.median / SESSIONS


class TapFailed(Exception):
    """The tap's exit code was not 0; the message has it, and what the tap said."""


def run_tap(
    account: Account,
    folder: Path,
    catalog: Mapping[str, Any],
    state: Mapping[str, Any] | None = None,
) -> Run:
    """Run the tap as its users do: a catalog is given, and somebody reads what it writes.

    Args:
        account: Which it reads.
        folder: For its files; what it remembers between runs lies there too.
        catalog: What is selected.
        state: Of a run before.

    Raises:
        TapFailed: It did not end well.
    """
    given = {"config": account.connection(), "catalog": catalog, "state": state}
    command = [sys.executable, "-c", _TAP]
    for name, content in given.items():
        if content is not None:
            path = folder / f"{name}.json"
            path.write_text(json.dumps(content), encoding="utf-8")
            command += [f"--{name}", str(path)]
    account.asked()  # of runs before
    used, began = _cpu(), time.monotonic()
    with (
        (folder / "log").open("w+", encoding="utf-8") as log,
        subprocess.Popen(  # noqa: S603 - our own module
            command,
            stdout=subprocess.PIPE,
            stderr=log,
            env={**os.environ, "XDG_CACHE_HOME": str(folder)},
        ) as process,
    ):
        rows, last = 0, b"{}"
        for line in process.stdout or ():
            if line.startswith(b'{"type":"RECORD"'):
                rows += 1
            elif line.startswith(b'{"type":"STATE"'):
                last = line
        process.wait()
        ended = time.monotonic()
        if process.returncode:
            log.seek(0)
            raise TapFailed(f"exit code {process.returncode}\n{log.read()}")
    asked = _asked(account, began)
    return Run(began, ended, _cpu() - used, asked, rows, json.loads(last).get("value"))


def known_pages(account: Account, table: Table) -> list[str]:
    """The queries of somebody who knows where all pages of a table end: one for each page."""
    key, name = table.key[0], table.name
    numbered = (
        f"(SELECT {key}, row_number() OVER (ORDER BY {key}) AS n, count(*) OVER () AS total "  # noqa: S608 - ours
        f"FROM {name})"
    )
    ends = account.sql(
        f"SELECT {key} FROM {numbered} WHERE n % {_PAGE_ROWS} = 0 AND n < total ORDER BY {key}"  # noqa: S608 - ours
    )
    return [
        select_rows(table, table.columns, after=after, up_to=up_to)
        for after, up_to in zip([None, *ends], [*ends, None], strict=True)
    ]


def run_bare(account: Account, queries: Sequence[str]) -> Run:
    """Let a client send queries five at a time, and do nothing with the answers."""
    told = {"connection": account.connection(), "queries": queries}
    account.asked()  # of runs before
    used, began = _cpu(), time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "benchmarks.bare_client"],
        input=json.dumps(told).encode(),
        check=True,
    )
    ended = time.monotonic()
    return Run(began, ended, _cpu() - used, _asked(account, began))


def in_turn(place: int, one: Callable[[], Run], other: Callable[[], Run]) -> tuple[Run, Run]:
    """Two runs right after one another; which of them begins changes from place to place."""
    if place % 2:
        began = other()
        return one(), began
    return one(), other()


def _asked(account: Account, since: float) -> tuple[Asked, ...]:
    """The requests of a run, without what the one before left in flight."""
    return tuple(asked for asked in account.asked() if asked.began >= since)


def _cpu() -> float:
    """Seconds of processor time of those children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
