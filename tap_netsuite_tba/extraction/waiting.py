"""How a reading says that it has nothing to do until an answer comes, and who waits then.

Whatever reads is a generator of steps: what it found, or a `Waiting`. So one thread drives many
readings, and nothing of them needs a lock.
"""

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tap_netsuite_tba.extraction.workers import Workers

IDLE_SECONDS = 5.0
"""After so many seconds without anything found, a reading says so."""

Found = TypeVar("Found")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Waiting:
    """Nothing is to be done until one of some futures is done, or some seconds have passed.

    Attributes:
        futures: None of them where a reading waits for its turn.
    """

    futures: frozenset[Future[Any]] = frozenset()
    seconds: float = field(default_factory=lambda: IDLE_SECONDS)

    def wait(self) -> bool:
        """Waits; whether one of the futures is done."""
        return bool(wait(self.futures or {Future()}, self.seconds, FIRST_COMPLETED).done)


def outcome(workers: Workers, call: Callable[[], Result]) -> Generator[Waiting, None, Result]:
    """What a call, made by a worker, returns; or raises."""
    future = workers.submit(call)
    try:
        return (yield from ended(future))
    finally:
        future.cancel()


def ended(future: Future[Result]) -> Generator[Waiting, None, Result]:
    """What comes of a call that was handed to a worker."""
    while not future.done():
        yield Waiting(frozenset({future}))
    return future.result()


def patiently(steps: Iterator[Found | Waiting]) -> Iterator[Found | None]:
    """What a reading finds, and None when it has waited for a while in vain."""
    for step in steps:
        if not isinstance(step, Waiting):
            yield step
        elif not step.wait():
            yield None
