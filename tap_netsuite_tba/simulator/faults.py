"""Faults that an account deals when told: which, to which request, how often."""

import random
import threading
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from tap_netsuite_tba.simulator.exchange import Request

_LONGEST = 86_400


class FaultKind(StrEnum):
    """What goes wrong."""

    TOO_MANY_REQUESTS = "429"
    """The answer to a request over the concurrency limit, as Oracle documents it."""
    TOO_MANY_REQUESTS_AS_400 = "429-as-400"
    """The same as a client met it."""
    TOO_MANY_REQUESTS_AS_401 = "429-as-401"
    """The same as a user met it: held for ``seconds``, then a refused login."""
    REFUSED = "refused"
    """What NetSuite says of a query that it does not understand; asking again does not help."""
    UNEXPECTED_ERROR = "500"
    """NetSuite's own error with an error id."""
    BAD_GATEWAY = "502"
    """A page in HTML from a gateway."""
    UNAVAILABLE = "503"
    """Another."""
    UNAUTHORIZED_PAGE = "401-page"
    """A page in HTML from a proxy that wants a login of its own."""
    FORBIDDEN_PAGE = "403-page"
    """A page in HTML from a firewall."""
    REDIRECT = "redirect"
    """A redirect to another host."""
    MAINTENANCE = "maintenance"
    """A page in HTML with status 200."""
    WRONG_JSON = "json"
    """Status 200, and JSON that ends early."""
    RESET = "reset"
    """The connection is reset before a byte of the answer."""
    RESET_IN_BODY = "reset-in-body"
    """The connection is reset in the middle of the body."""
    RESET_AFTER_BODY = "reset-after-body"
    """The answer is whole; what the client says next on its connection is met by a reset."""
    TRUNCATED = "truncated"
    """The connection ends in good order in the middle of the body."""
    SLOW = "slow"
    """The body dribbles, over ``seconds``."""
    STALL = "stall"
    """The answer is held back for ``seconds``."""
    CLOCK = "clock"
    """The Date header is off by ``seconds``."""


@dataclass(frozen=True)
class Fault:
    """A rule: deal ``kind`` to some of the requests that match.

    Attributes:
        kind: what goes wrong.
        request: only the request with this number, counted from 1; None for any.
        table: only requests whose query names this table, in any case, known or not (see
            ``Request.words``); None for any.
        text: only requests whose query contains this text, in any case; None for any.
        path: only requests with this text in their path; None for any.
        skip: let that many matching requests pass first.
        times: deal it at most that often; None for always; "usual" for once, or always where
            there is a rate.
        rate: deal it to this share of the matching requests; None for each.
        seconds: how long, of the kinds that need it; below 0 for a clock that is slow.
        retry_after: the Retry-After header of a 429, in seconds; None for none.

    Raises:
        ValueError: a number is out of bounds, or the kind has no Retry-After.
    """

    kind: FaultKind
    request: int | None = None
    table: str | None = None
    text: str | None = None
    path: str | None = None
    skip: int = 0
    times: int | Literal["usual"] | None = "usual"
    rate: float | None = None
    seconds: float = 0.0
    retry_after: int | None = None

    def __post_init__(self) -> None:
        if self.rate is not None and not 0 <= self.rate <= 1:
            raise ValueError(f"the rate of a fault is 0 to 1, not {self.rate}")
        shortest = -_LONGEST if self.kind is FaultKind.CLOCK else 0
        if not shortest <= self.seconds <= _LONGEST:
            raise ValueError(
                f"a fault {self.kind} lasts {shortest} to {_LONGEST} seconds, not {self.seconds}"
            )
        if self.retry_after is not None and self.kind is not FaultKind.TOO_MANY_REQUESTS:
            raise ValueError(f"a fault {self.kind} has no retry_after; a 429 has")
        if self.request is not None and self.request < 1:
            raise ValueError(f"the request of a fault is 1 or more, not {self.request}")
        for name, number in (
            ("skip", self.skip),
            ("times", self.most),
            ("retry_after", self.retry_after),
        ):
            if number is not None and number < 0:
                raise ValueError(f"{name} of a fault is no negative number")

    @property
    def most(self) -> int | None:
        """How often it is dealt at most; None for always."""
        if not isinstance(self.times, str):
            return self.times
        return 1 if self.rate is None else None

    def matches(self, number: int, request: Request) -> bool:
        """Tell whether the fault is for the request with this number, counted from 1."""
        return (
            self.request in {None, number}
            and (self.table is None or self.table.lower() in request.words)
            and (self.text is None or self.text.lower() in request.query.lower())
            and (self.path is None or self.path in request.path)
        )


class Faults:
    """The faults to come, in the order in which they were added; the first that fits is dealt.

    Args:
        seed: of the dice behind the rates; the same requests in the same order fare the same.

    Attributes:
        dealt: how often each kind was dealt.
    """

    def __init__(self, seed: int = 1) -> None:
        self.dealt: Counter[FaultKind] = Counter()
        self._dice = random.Random(seed)  # noqa: S311  # dice, no secret
        self._lock = threading.Lock()
        self._met: Counter[int] = Counter()
        self._struck: Counter[int] = Counter()
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
            self._struck.clear()

    def deal(self, number: int, request: Request, only: FaultKind | None = None) -> Fault | None:
        """Return the fault of a request, if it gets one.

        Args:
            number: of the request, counted from 1.
            request: what is asked.
            only: the kind that such a request can get; None for any.
        """
        with self._lock:
            for place, fault in enumerate(self._rules):
                if only not in {None, fault.kind}:
                    continue
                if fault.matches(number, request) and self._is_due(place, fault):
                    self.dealt[fault.kind] += 1
                    return fault
        return None

    def _is_due(self, place: int, fault: Fault) -> bool:
        self._met[place] += 1
        if self._met[place] <= fault.skip or self._struck[place] == fault.most:
            return False
        if fault.rate is not None and self._dice.random() >= fault.rate:
            return False
        self._struck[place] += 1
        return True
