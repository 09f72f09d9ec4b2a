"""Asks NetSuite for the page ends of a rolling plan: one question at a time, and with patience."""

import time
from collections.abc import Callable
from concurrent.futures import Future

from tap_netsuite_tba.extraction.asking import PageEnds
from tap_netsuite_tba.extraction.plan import Plan
from tap_netsuite_tba.extraction.ranges import Range
from tap_netsuite_tba.tables import KeyValue

PATIENCE = 5.0
"""Seconds that workers may be idle because of a question."""


class Planner:
    """The plan of a reader, and the question that makes it longer.

    A question that workers wait for longer than `PATIENCE` is given up, and with it the plan: the
    answer may come at any time and is not used. To read on meanwhile and to plan on behind that
    would save a few requests of a table whose next question is as slow as this one.

    Attributes:
        given_up: Whether NetSuite refused a question or was too slow.
        question: The question that is not answered yet, or whose answer was not taken yet.
    """

    def __init__(self, ask: Callable[[Plan], Future[PageEnds]]) -> None:
        self.given_up = False
        self.question: Future[PageEnds] | None = None
        self._ask = ask
        self._asked_at = 0.0
        self._plan: Plan | None = None

    @property
    def is_open(self) -> bool:
        """Whether ranges are yet to be named."""
        return self._plan is not None and not self._plan.complete

    @property
    def patience_left(self) -> float:
        """For how many seconds more the question may keep workers idle."""
        if self.question is None:
            return PATIENCE
        if not self.question.running():
            self._asked_at = time.monotonic()  # No worker has begun with it yet.
            return PATIENCE
        return self._asked_at + PATIENCE - time.monotonic()

    def begin(self, front: KeyValue | None, width: int | None = None) -> None:
        """All rows behind a position are to be planned.

        Args:
            front: The position.
            width: How far above it the first question looks, as `first_width` says.
        """
        self._plan = Plan(front, width=width, is_huge=width is not None)

    def ask(self) -> None:
        """Asks for more page ends, unless all are known or are being asked for."""
        if self._plan and self.is_open and self.question is None:
            self.question = self._ask(self._plan)
            self._asked_at = time.monotonic()

    def wait_anew(self) -> None:
        """Only from now on workers are idle because of the question."""
        self._asked_at = time.monotonic()

    def take_answer(self) -> list[Range]:
        """The ranges that the answer names.

        Raises:
            NetSuiteError: There is none.
            ValueMismatch: It cannot be understood.
        """
        if self._plan is None or self.question is None:
            raise RuntimeError("no page ends were asked for")
        question, self.question = self.question, None
        ends, seconds = question.result()
        ranges, self._plan = self._plan.named(ends, seconds)
        return ranges

    def give_up(self) -> list[Range]:
        """What has not been planned, and will not be; nobody waits for the question any more."""
        if self._plan is None:
            raise RuntimeError("no plan to give up")
        self.given_up = True
        self.question = None
        ranges, self._plan = self._plan.given_up()
        return ranges
