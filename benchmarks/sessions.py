"""How busy the five sessions were, and where they were not."""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.account import SESSIONS, Asked

_SLOW = 1.25


@dataclass(frozen=True)
class Sessions:
    """The time from the first request to a run's end, shared out: its parts add up to it.

    Attributes:
        busy: Seconds that the requests took, divided by five.
        idle_first: Seconds lost before all five sessions were busy for the first time: those of
            idle sessions, divided by five.
        idle_between: Likewise, between the first time and the last.
        idle_last: Likewise, after the last time.
        median: How long the median of the requests took.
        longest: The one that took longest.
        slow: How many took a quarter longer than the median or more.
        tables: How many requests asked for each table.
    """

    busy: float
    idle_first: float
    idle_between: float
    idle_last: float
    median: float
    longest: Asked
    slow: int
    tables: Counter[str]

    @property
    def utilisation(self) -> float:
        """Which part of the five sessions' time requests took."""
        return self.busy / (self.busy + self.idle_first + self.idle_between + self.idle_last)


def sessions(asked: Sequence[Asked], ended: float) -> Sessions:
    """Share out the time of a run that ended at some time."""
    levels = _levels(asked, ended)
    full = [place for place, (_, _, in_flight) in enumerate(levels) if in_flight == SESSIONS]
    first, last = (full[0], full[-1]) if full else (len(levels), len(levels))
    idle = [(SESSIONS - in_flight) * (to - since) / SESSIONS for since, to, in_flight in levels]
    seconds = [one.seconds for one in asked]
    median = statistics.median(seconds)
    return Sessions(
        busy=sum(seconds) / SESSIONS,
        idle_first=sum(idle[:first]),
        idle_between=sum(idle[first : last + 1]),
        idle_last=sum(idle[last + 1 :]),
        median=median,
        longest=max(asked, key=lambda one: one.seconds),
        slow=sum(each >= _SLOW * median for each in seconds),
        tables=Counter(one.table for one in asked),
    )


def lanes(asked: Sequence[Asked]) -> list[list[Asked]]:
    """The requests, each in the first session that was free when it began."""
    found: list[list[Asked]] = [[] for _ in range(SESSIONS)]
    for one in asked:
        free = (lane for lane in found if not lane or lane[-1].ended <= one.began)
        # What ends and what begins may swap by microseconds.
        min_ended = min(found, key=lambda lane: lane[-1].ended if lane else 0.0)
        next(free, min_ended).append(one)
    return found


def _levels(asked: Sequence[Asked], ended: float) -> list[tuple[float, float, int]]:
    """Since when, until when, how many requests were in flight."""
    steps = [(one.began, 1) for one in asked] + [(one.ended, -1) for one in asked] + [(ended, 0)]
    levels, in_flight = [], 0
    for (since, step), (to, _) in pairwise(sorted(steps)):
        in_flight += step
        levels.append((since, to, in_flight))
    return levels
