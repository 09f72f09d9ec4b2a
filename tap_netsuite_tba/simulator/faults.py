"""Faults that an account deals when told: which, to which request, how often."""

import threading
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """What goes wrong."""

    TOO_MANY_REQUESTS = "429"
    TOO_MANY_REQUESTS_AS_400 = "429 as 400"
    UNEXPECTED_ERROR = "500"
    BAD_GATEWAY = "502 HTML"
    UNAVAILABLE = "503 HTML"
    MAINTENANCE = "200 HTML"
    WRONG_JSON = "200 with JSON that ends early"
    RESET = "reset before the body"
    RESET_IN_BODY = "reset in the body"
    TRUNCATED = "body cut short, connection closed"
    STALL = "answer held back"


@dataclass(frozen=True)
class Fault:
    """A rule: deal ``kind`` to some of the requests that match.

    Attributes:
        kind: what goes wrong.
        request: only the request with this number, counted from 1; None for any.
        table: only requests whose query names this table; None for any.
        skip: let that many matching requests pass first.
        times: deal it that often; None for always.
        seconds: how long a stall lasts.
        retry_after: the Retry-After header that NetSuite does not send; None for none.
    """

    kind: FaultKind
    request: int | None = None
    table: str | None = None
    skip: int = 0
    times: int | None = 1
    seconds: float = 0.0
    retry_after: int | None = None

    def matches(self, number: int, words: frozenset[str]) -> bool:
        """Tell whether the fault is for a request.

        Args:
            number: of the request, counted from 1.
            words: of its query, lower case.
        """
        return self.request in {None, number} and (self.table is None or self.table in words)


class Faults:
    """The faults to come, in the order in which they were added; the first that fits is dealt.

    Attributes:
        dealt: how often each kind was dealt.
    """

    def __init__(self) -> None:
        self.dealt: Counter[FaultKind] = Counter()
        self._lock = threading.Lock()
        self._met: dict[int, int] = {}
        self._rules: list[Fault] = []

    def add(self, *faults: Fault) -> None:
        """Deal these too, from the next request on."""
        with self._lock:
            self._rules.extend(faults)

    def clear(self) -> None:
        """Deal no more."""
        with self._lock:
            self._rules.clear()
            self._met.clear()

    def deal(self, number: int, words: frozenset[str]) -> Fault | None:
        """Return the fault of a request, if it gets one."""
        with self._lock:
            for place, fault in enumerate(self._rules):
                if not fault.matches(number, words):
                    continue
                met = self._met[place] = self._met.get(place, 0) + 1
                due = met - fault.skip
                if due > 0 and (fault.times is None or due <= fault.times):
                    self.dealt[fault.kind] += 1
                    return fault
        return None
