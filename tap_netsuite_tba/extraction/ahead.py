"""Reads ahead: what the current stream leaves idle of the workers, the next streams use.

Streams go out one after another. That whose turn it is has the first choice of workers; while it
waits for a last page, a count, or the only page that it has, the streams behind it ask for theirs,
in their order. What they get stays as it came until their turn, and within a budget.
"""

import logging
import time
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future
from typing import Any, TypeVar

from tap_netsuite_tba.extraction.budget import MAX_PAGES_AHEAD, Budget, Turn
from tap_netsuite_tba.extraction.passes import Read, Steps
from tap_netsuite_tba.extraction.waiting import IDLE_SECONDS, Waiting, outcome
from tap_netsuite_tba.extraction.workers import Workers

logger = logging.getLogger(__name__)

Found = TypeVar("Found")
Result = TypeVar("Result")

Begin = Callable[[Turn], Steps]
"""Begins the reading of one stream."""


class ReadAhead:
    """Drives the readings of a run: one whose rows go out, and those that come next."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._budget = Budget(workers)
        self._upcoming: dict[str, Begin] = {}
        self._begun: dict[str, _Reading] = {}

    def expect(self, streams: Iterable[tuple[str, Begin]]) -> None:
        """These streams will be read, in this order."""
        self._upcoming = dict(streams)

    def read(self, name: str, begin: Begin) -> Generator[Read | None, None, None]:
        """The reading of the stream whose turn it is.

        Yields:
            What it found, or None when that was nothing for a while, `IDLE_SECONDS` at most.

        Raises:
            TapNetSuiteError: Whatever the reading met, now or when it was read ahead.
        """
        self._upcoming.pop(name, None)
        reading = self._begun.pop(name, None) or _Reading(begin, self._budget, is_mine=True)
        reading.turn.is_mine, reading.awaited = True, frozenset()
        try:
            yield from self._driven(reading.steps)
        finally:
            reading.end()

    def ask(self, call: Callable[[], Result]) -> Generator[None, None, Result]:
        """What a call returns that a worker makes for the stream whose turn it is.

        Yields:
            None when it takes long, as `read`.
        """
        return (yield from self._driven(outcome(self._workers, call)))

    def close(self) -> None:
        """Gives up what was read ahead."""
        self._upcoming.clear()
        for reading in self._begun.values():
            reading.end()
        self._begun.clear()

    def _driven(
        self, steps: Generator[Found | Waiting, None, Result]
    ) -> Generator[Found | None, None, Result]:
        heard = time.monotonic()
        while True:
            try:
                step = next(steps)
            except StopIteration as end:
                result: Result = end.value
                return result
            ahead = self._go_on()
            if not isinstance(step, Waiting):
                yield step
                heard = time.monotonic()
                continue
            # Nothing of these is under way where all workers are busy with what was given up.
            Waiting(step.futures | ahead or self._workers.under_way, step.seconds).wait()
            if time.monotonic() - heard >= IDLE_SECONDS:
                yield None
                heard = time.monotonic()

    def _go_on(self) -> frozenset[Future[Any]]:
        """Reads ahead as far as there are workers; what the readings wait for."""
        for name, reading in [*self._begun.items()]:
            if self._budget.has_room_ahead:
                self._advance(name, reading)
        self._hear()
        while self._upcoming and len(self._begun) < MAX_PAGES_AHEAD and self._budget.has_room_ahead:
            name = next(iter(self._upcoming))
            begin = self._upcoming.pop(name)
            reading = self._begun[name] = _Reading(begin, self._budget, is_mine=False)
            self._advance(name, reading)
            self._hear()
        return frozenset().union(*(reading.awaited for reading in self._begun.values()))

    def _hear(self) -> None:
        """Takes note of what has come, which counts in the budget from then on."""
        for name, reading in [*self._begun.items()]:
            if reading.has_heard:
                self._advance(name, reading)

    def _advance(self, name: str, reading: "_Reading") -> None:
        try:
            reading.advance()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is of no stream before its turn
            logger.debug("%s begins anew at its turn, for it met: %r", name, error)
            self._begun.pop(name).end()


class _Reading:
    """One stream's reading, begun before its turn or at it.

    Attributes:
        steps: Its steps.
        awaited: What it waited for when it was last seen.
    """

    def __init__(self, begin: Begin, budget: Budget, *, is_mine: bool) -> None:
        self._budget = budget
        self.turn = budget.turn(is_mine=is_mine)
        self.steps = begin(self.turn)
        self.awaited: frozenset[Future[Any]] = frozenset()

    @property
    def has_heard(self) -> bool:
        """Whether something came that it waited for."""
        return any(future.done() for future in self.awaited)

    def advance(self) -> None:
        """Before its turn a reading only asks: all its steps are to wait."""
        step = next(self.steps)
        if not isinstance(step, Waiting):
            raise TypeError("a reading found something before its turn")
        self.awaited = step.futures

    def end(self) -> None:
        self.steps.close()
        self._budget.end(self.turn)
