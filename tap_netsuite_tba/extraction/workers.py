"""Threads that fetch pages, and end with the process whatever they wait for."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

Result = TypeVar("Result")


class Workers:
    """A fixed number of daemon threads that run calls in the order of their submission.

    The standard library's pool waits for its threads at exit; ours may be stuck for minutes in a
    request that nobody wants any more.

    Attributes:
        size: How many threads there are.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._calls: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = queue.SimpleQueue()
        self._started = False
        self._abandoned: list[Future[Any]] = []

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
        if not self._started:
            self._started = True
            for number in range(self.size):
                threading.Thread(target=self._work, name=f"fetch-{number}", daemon=True).start()
        future: Future[Result] = Future()
        self._calls.put((future, call))
        return future

    def _work(self) -> None:
        while True:
            future, call = self._calls.get()
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(call())
            except BaseException as error:  # noqa: BLE001 - whatever it is, it surfaces in the main thread
                future.set_exception(error)
            # Else the last page stays in memory until the next call.
            del future, call
