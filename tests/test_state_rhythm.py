"""How far STATE lags behind the rows: ten pages at most and ten seconds, by a clock of our own."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from types import SimpleNamespace

import pytest
from singer_sdk.helpers.types import TapState

from tap_netsuite_tba import plain_stream, refreshed, streams
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.passes import Means, Pass, Read, read_pass
from tests.extraction.account import BEGIN, TABLE, MemoryAccount
from tests.extraction.wide import small_pages
from tests.tap_process import run_tap
from tests.test_streams import in_memory

PAGE = 20
PAGES = 45


@dataclass
class Night:
    """A run whose clock only its pages move.

    Attributes:
        waits: After how many seconds each page comes, then how often none comes for five.
        now: Seconds since the run began.
        out: Of each page, how many rows are out with it, and when it came.
        lags: Of each STATE, how many pages it had not told of before, and for how many seconds.
    """

    waits: Iterator[tuple[float, int]]
    now: float = 0.0
    out: list[tuple[int, float]] = field(default_factory=list)
    lags: list[tuple[int, float]] = field(default_factory=list)
    _told: int = 0

    def monotonic(self) -> float:
        return self.now

    def read(self, selection: Selection, means: Means, current: Pass) -> Iterator[Read]:
        """The pass as it is, in the time of this night."""
        for chunk, after in read_pass(selection, means.fetch, means.workers, current):
            if chunk is None:
                continue  # How long this host takes is of no interest.
            wait, idle = next(self.waits)
            self.now += wait
            self.out.append((after.rows, self.now))
            yield chunk, after
            for _ in range(idle):
                self.now += 5
                yield None, after

    def tell(self, state: TapState) -> None:
        """Notes a STATE."""
        waiting = [came for rows, came in self.out if rows > self._told]
        self.lags.append((len(waiting), self.now - min(waiting, default=self.now)))
        current = state["bookmarks"]["transaction"]["pass"]
        self._told = current["rows"] if current["started"] else self.out[-1][0]


def lags_of(
    monkeypatch: pytest.MonkeyPatch, waits: list[tuple[float, int]]
) -> list[tuple[int, float]]:
    """What lags behind in a run that takes its pages so."""
    night = Night(cycle(waits))
    memory = MemoryAccount(TABLE, {(key,): BEGIN for key in range(PAGES * PAGE)})
    tap = in_memory(memory)
    monkeypatch.setattr(plain_stream, "time", SimpleNamespace(monotonic=night.monotonic))
    monkeypatch.setattr(refreshed, "pass_steps", night.read)
    monkeypatch.setattr(streams.TableStream, "STATE_MSG_FREQUENCY", 10**9)  # the SDK's own rhythm
    monkeypatch.setattr(tap.state_writer, "write_state", night.tell)
    with small_pages(columns=99, page=PAGE, step=PAGE):
        _, code, log = run_tap({}, tap=tap)
    assert code == 0, log
    assert len(night.out) >= PAGES
    assert night.out[-1][0] == PAGES * PAGE
    return night.lags


def test_when_pages_come_fast_a_state_goes_out_every_ten(monkeypatch: pytest.MonkeyPatch) -> None:
    lags = lags_of(monkeypatch, [(0.0, 0)])
    assert max(pages for pages, _ in lags) == 10
    assert len(lags) <= PAGES / 10 + 4


@pytest.mark.parametrize("seconds", [2.0, 3.0, 4.0, 4.9])
def test_when_pages_come_slowly_a_state_goes_out_every_ten_seconds(
    monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    lags = lags_of(monkeypatch, [(seconds, 0)])
    assert 0 < max(lag for _, lag in lags) <= 10
    assert max(pages for pages, _ in lags) <= 10 / seconds + 1


def test_while_no_page_comes_a_state_goes_out_too(monkeypatch: pytest.MonkeyPatch) -> None:
    lags = lags_of(monkeypatch, [(1.0, 0), (1.0, 0), (2.0, 4)])
    assert 0 < max(lag for _, lag in lags) <= 10
