"""Threads that fetch pages, and end with the process whatever they wait for."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

Result = TypeVar("Result")
_Call = tuple[Future[Any], Callable[[], Any]]


class Workers:
    """A fixed number of daemon threads that run calls in the order of their submission.

    The standard library's pool waits for its threads at exit; ours may be stuck for minutes in a
    request that nobody wants any more.

    Attributes:
        size: How many calls one reading may have at once.

    Args:
        size: That.
        threads: How many threads there are, if more: what waits before a retry keeps its own.
    """

    def __init__(self, size: int, threads: int | None = None) -> None:
        self.size = size
        self._threads = threads or size
        self._started = 0
        self._under_way: set[Future[Any]] = set()
        self._noting = threading.Lock()
        self._calls: queue.SimpleQueue[_Call | None] | None = None
        self._abandoned: list[Future[Any]] = []

    @property
    def outstanding(self) -> int:
        """How many calls are neither done nor taken back."""
        return len(self._under_way)

    @property
    def under_way(self) -> frozenset[Future[Any]]:
        """What will come of these calls."""
        with self._noting:
            return frozenset(self._under_way)

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
            self._calls, self._started = queue.SimpleQueue(), 0
        future: Future[Result] = Future()
        with self._noting:
            self._under_way.add(future)
            # No more threads than are wanted: each that has had a page keeps some memory.
            is_wanted = self._started < min(len(self._under_way), self._threads)
            self._started += is_wanted
        if is_wanted:
            name = f"fetch-{self._started}"
            threading.Thread(target=self._work, args=[self._calls], name=name, daemon=True).start()
        self._calls.put((future, call))
        return future

    def close(self) -> None:
        """Ends the threads, each when it is done with its call; calls that wait are cancelled."""
        if self._calls is None:
            return
        calls, self._calls = self._calls, None  # Whoever submits once more gets new threads.
        with suppress(queue.Empty):
            while waiting := calls.get_nowait():
                future, _ = waiting
                future.cancel()
                self._forget(future)
        for _ in range(self._started):
            calls.put(None)

    def _work(self, calls: "queue.SimpleQueue[_Call | None]") -> None:
        while waiting := calls.get():
            self._run(*waiting)
            del waiting  # Else the last page stays in memory until the next call.

    def _run(self, future: Future[Result], call: Callable[[], Result]) -> None:
        if not future.set_running_or_notify_cancel():
            self._forget(future)
            return
        # Forgotten first: whoever hears that it is done finds room for the next.
        try:
            result = call()
        except BaseException as error:  # noqa: BLE001 - whatever it is, it surfaces in the main thread
            self._forget(future)
            future.set_exception(error)
        else:
            self._forget(future)
            future.set_result(result)

    def _forget(self, future: Future[Any]) -> None:
        with self._noting:
            self._under_way.discard(future)
