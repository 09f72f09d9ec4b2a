"""What it costs a request to share its slot with other programs of the host, when there are none.

Both pools take turns in one process; nothing is sent. Only the difference between them counts.
"""

import contextlib
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from benchmarks.command import print_goal, print_table, told
from tap_netsuite_tba.netsuite.host_sessions import HostSlots
from tap_netsuite_tba.netsuite.sessions import SessionPool

QUICKEST_ANSWER = 0.139
"""Seconds; the quickest of the recorded answers of NetSuite that the design rests on."""

MOST = 0.001
"""Of the quickest answer, as a goal."""

SIZES: Mapping[str, int] = {"tiny": 500, "quick": 20_000, "full": 100_000}
"""How many sessions each turn begins and ends."""

TURNS = 5


def main() -> None:
    """Measure, and print it."""
    sessions = SIZES[told(__doc__, SIZES).size]
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.closing(HostSlots(Path(folder) / "run" / "1234567", 5)) as slots,
    ):
        pools = {"process": SessionPool(5), "host": SessionPool(5, slots=slots)}
        turns = [
            {name: _seconds(pool, sessions) / sessions for name, pool in pools.items()}
            for _ in range(TURNS)
        ]
    took = {name: median(turn[name] for turn in turns) for name in pools}
    more = took["host"] - took["process"]
    share = more / QUICKEST_ANSWER
    print(
        f"Sharing costs **{more * 1e6:.0f} µs** a request, {share:.3%} of the {QUICKEST_ANSWER} s "
        "of NetSuite's quickest recorded answer.\n"
    )
    print_goal(f"not more than {MOST:.1%}", is_reached=share <= MOST)
    print_table(
        ["`session_pool`", "µs a session", f"each of {TURNS} turns of {sessions:,}"],
        (
            (
                name,
                f"{took[name] * 1e6:.1f}",
                ", ".join(f"{turn[name] * 1e6:.1f}" for turn in turns),
            )
            for name in pools
        ),
    )


def _seconds(pool: SessionPool, sessions: int) -> float:
    began = time.perf_counter()
    for _ in range(sessions):
        with pool.session() as session:
            session.begin()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
