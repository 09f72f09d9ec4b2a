"""Threads that fetch pages, and end with the process whatever they wait for."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar
from weakref import WeakSet

Result = TypeVar("Result")
_Call = tuple[Future[Any], Callable[[], Any]]


class Workers:
    """A fixed number of daemon threads that run calls in the order of their submission.

    The standard library's pool waits for its threads at exit; ours may be stuck for minutes in a
    request that nobody wants any more.

    Attributes:
        size: How many threads there are.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._calls: queue.SimpleQueue[_Call | None] | None = None
        self._abandoned: list[Future[Any]] = []
        # A future lives until its thread is done with it; its result is others' to keep.
        self._futures: WeakSet[Future[Any]] = WeakSet()

    @property
    def outstanding(self) -> int:
        """How many calls are not done yet."""
        return sum(not future.done() for future in self._futures)

    @property
    def has_room(self) -> bool:
        """Whether a thread has nothing to do."""
        return self.outstanding < self.size

    @property
    def has_abandoned(self) -> bool:
        """Whether a thread is still busy with what nobody waits for any more."""
        self._abandoned = [future for future in self._abandoned if not future.done()]
        return bool(self._abandoned)

    def abandon(self, future: Future[Any]) -> None:
        """Nobody waits for a result any more; its thread, and its session, may be busy for long."""
        if not future.cancel():
            self._abandoned.append(future)

    def submit(self, call: Callable[[], Result]) -> Future[Result]:
        """Runs a call in one of the threads; its result, or its error, is in the future."""
        if self._calls is None:
            self._calls = queue.SimpleQueue()
            for number in range(self.size):
                name = f"fetch-{number}"
                threading.Thread(target=_work, args=[self._calls], name=name, daemon=True).start()
        future: Future[Result] = Future()
        self._futures.add(future)
        self._calls.put((future, call))
        return future

    def close(self) -> None:
        """Ends the threads: each when it is done with its call. Calls that wait are cancelled."""
        if self._calls is None:
            return
        for future in [*self._futures]:
            future.cancel()
        for _ in range(self.size):
            self._calls.put(None)
        self._calls = None  # Whoever submits once more gets new threads.


def _work(calls: "queue.SimpleQueue[_Call | None]") -> None:
    while waiting := calls.get():
        future, call = waiting
        if future.set_running_or_notify_cancel():
            try:
                future.set_result(call())
            except BaseException as error:  # noqa: BLE001 - whatever it is, it surfaces in the main thread
                future.set_exception(error)
        # Else the last page stays in memory until the next call.
        del future, call, waiting
