"""Six taps on one host share the five sessions of an account, whoever is killed meanwhile."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from tap_netsuite_tba.simulator import Served, Simulator
from tests.contract.tables import Tables, add_tables, bare_account, catalog_of, check_rows
from tests.simulator.waiting import wait_until
from tests.tap_process import Message, TapProcess, configuration

TAPS = 6
SESSIONS = 5
KILLED = 3

COOLS_FAST = """
import tempfile
tempfile.tempdir = None
from tap_netsuite_tba.netsuite import sessions
sessions.SHORTEST_COOLING = sessions.UNKNOWN_COOLING = {seconds}
"""
"""Longer than any request here goes on, and not for as long as a test lasts."""


@dataclass(frozen=True)
class Size:
    """How much there is to read.

    Attributes:
        tables: Of each tap, in so many requests or a few more.
        seconds: How long the account works on each request.
    """

    tables: int
    seconds: float


class Host:
    """Six taps with tables of their own, on one account that tells of each request."""

    def __init__(self, account: Simulator, size: Size, folder: Path) -> None:
        self.served: list[Served] = []
        self.tables: dict[str, Tables] = {}
        self.taps: dict[str, TapProcess] = {}
        account.watchers.append(self.served.append)
        for letter in "abcdef":
            sizes = {f"{letter}_{number:03}": 3 for number in range(size.tables)}
            tables = add_tables(account, sizes)
            config = configuration(
                account,
                tables=list(tables),
                user_agent=letter,
                session_pool="host",
            )
            (own := folder / letter).mkdir()
            prelude = COOLS_FAST.format(seconds=8 * size.seconds)
            tap = TapProcess(own, config, catalog=catalog_of(tables), prelude=prelude, is_warm=True)
            self.taps[letter], self.tables[letter] = tap, tables

    def requests(self) -> Mapping[str, list[Served]]:
        """Those of each tap."""
        found = defaultdict(list)
        for each in sorted(self.served, key=lambda served: served.began):
            found[each.request.headers["user-agent"]].append(each)
        return found

    def run(self, dice: Random) -> dict[str, list[Message]]:
        """Run all, kill some when they are well under way; what the others wrote."""
        doomed = dice.sample(sorted(self.taps), KILLED)
        with ThreadPoolExecutor(TAPS) as readers, ExitStack() as running:
            for tap in self.taps.values():
                running.enter_context(tap)
            written = {
                letter: readers.submit(list, tap.lines()) for letter, tap in self.taps.items()
            }
            for letter in doomed:
                wait_until(partial(self._has_asked, letter, dice.randrange(3, 20)))
                assert self.taps[letter].process.poll() is None, self.taps[letter].log
                self.taps[letter].process.kill()
            lines = {letter: written[letter].result() for letter in self.taps.keys() - doomed}
            for letter in lines:
                tap = self.taps[letter]
                assert tap.process.wait(timeout=60) == 0, tap.log
        return {letter: list(map(json.loads, own)) for letter, own in lines.items()}

    def _has_asked(self, letter: str, times: int) -> bool:
        asked = [one for one in self.served if one.request.headers["user-agent"] == letter]
        return len(asked) >= times


def check(size: Size, folder: Path, dice: Random) -> str:
    """Checks that all share, whoever is killed; the figures of it."""
    with bare_account(latency=size.seconds) as account:
        host = Host(account, size, folder)
        written = host.run(dice)
        counters = account.counters
        for letter, messages in written.items():
            check_rows(account, host.tables[letter], messages)
            assert "session_pool: host" in host.taps[letter].log
    assert counters.over_limit == 0
    assert not counters.refused_logins
    assert counters.peak_in_flight == SESSIONS
    requests = host.requests()
    assert sum(len(own) >= 3 for own in requests.values()) == TAPS
    # In line, one is behind five others at most; where none is, some had all the turns.
    missed = turns_missed(requests)
    assert max(missed.values()) < len(host.served) / 4, missed
    waits = [later.began - one.ended for own in requests.values() for one, later in pairwise(own)]
    return (
        f"{counters.requests} requests of {size.seconds:g} s; {counters.mean_in_flight:.2f} of "
        f"{SESSIONS} sessions in use from the first request to the last one; the longest time "
        f"between two requests of a tap: {max(waits):.2f} s"
    )


def turns_missed(requests: Mapping[str, Sequence[Served]]) -> dict[str, int]:
    """For each tap, how many requests of others began at most between two of its own."""
    begun = sorted((each.began, letter) for letter, own in requests.items() for each in own)
    missed = {}
    for letter in requests:
        places = [place for place, (_, whose) in enumerate(begun) if whose == letter]
        missed[letter] = max(later - one - 1 for one, later in pairwise(places))
    return missed


def test_six_taps_share_five_sessions_whoever_is_killed(tmp_path: Path, seed: int) -> None:
    check(Size(tables=40, seconds=0.05), tmp_path, Random(seed))


@pytest.mark.long
def test_six_taps_share_five_sessions_for_long(tmp_path: Path, seed: int) -> None:
    print(check(Size(tables=400, seconds=0.2), tmp_path, Random(seed)))  # noqa: T201 - to a person
