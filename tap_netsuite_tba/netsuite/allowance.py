"""How many requests at once the account has room for, where others use it too."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tap_netsuite_tba.netsuite.errors import (
    ConcurrencyLimitExceeded,
    LoginRefused,
    RequestRefused,
)

logger = logging.getLogger(__name__)

FIRST_WAIT = 5.0
"""Seconds from a fall to the first try to climb."""

LONGEST_WAIT = 60.0
"""Seconds; waits double up to here where one try after the other fails."""

HOLD = 2.0
"""Seconds for which a step must hold before the next one."""


class Allowance:
    """Falls by half when NetSuite has too many requests, and climbs back step by step.

    A step up is a probe: the first request sent after it tells whether there is room. If that is
    refused, the limit goes back by one and the next probe waits twice as long; if it is answered,
    the next step follows. So others who take a share of the account for long cost one refusal a
    minute, and the limit is back at its most 66 seconds after the last of them has gone, and the
    time that the probes' answers take, at the latest.

    Args:
        most: Where it starts, and the highest that it climbs to.
        monotonic: The clock by which it climbs.

    Attributes:
        one_only: Whether one request at a time goes, whatever the limit is, for the login is tried.
    """

    def __init__(self, most: int, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.one_only = False
        self._most = self._limit = most
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._sent = 0
        self._sent_at_fall = 0
        self._wait = FIRST_WAIT
        self._rises_at: float | None = None
        self._climbed_at = 0.0
        self._probe: int | None = None

    def limit(self) -> int:
        """How many requests may be in flight now; at least one."""
        with self._lock:
            if self._rises_at is not None and self._monotonic() >= self._rises_at:
                self._climb()
            return 1 if self.one_only else self._limit

    def until_more(self) -> float | None:
        """Seconds until the limit may rise though no session ends; None if it does not.

        A probe's answer is known to be one when it is read, and its session has ended by then.
        """
        with self._lock:
            if self.one_only:
                return None
            if self._rises_at is None:
                return None if self._probe is None else HOLD
            return max(0.0, self._rises_at - self._monotonic())

    @contextmanager
    def request(self) -> Iterator[None]:
        """Send one request inside of this; what it raises tells whether there was room for it."""
        with self._lock:
            self._sent += 1
            number = self._sent
        try:
            yield
        except ConcurrencyLimitExceeded:
            self._refused(number)
            raise
        except BaseException as error:
            if isinstance(error, RequestRefused) and not isinstance(error, LoginRefused):
                self._answered(number)
            else:
                self._unheard(number)
            raise
        self._answered(number)

    def _refused(self, number: int) -> None:
        with self._lock:
            # What was sent at the limit of before tells nothing new, and one is never given up.
            if number <= self._sent_at_fall or self._most == 1:
                return
            before = self._limit
            if self._probe is not None and number >= self._probe:
                self._limit -= 1
                self._wait = min(2 * self._wait, LONGEST_WAIT)
            else:
                self._limit = max(1, self._limit // 2)
                self._wait = FIRST_WAIT
            self._probe = None
            self._sent_at_fall = self._sent
            self._rises_at = self._monotonic() + self._wait
            if self._limit == before:
                return
            logger.info(
                "The account has no room for more: %d of %d requests at once from now on; one more "
                "is tried in %.0f s.",
                *(self._limit, self._most, self._wait),
            )

    def _answered(self, number: int) -> None:
        with self._lock:
            if number != self._probe:
                return
            self._probe = None
            self._wait = FIRST_WAIT
            if self._limit < self._most:
                self._rises_at = self._climbed_at + HOLD
            else:
                logger.info("The account has room again: %d requests at once.", self._most)

    def _unheard(self, number: int) -> None:
        """What came of a request tells nothing: the next one is the probe."""
        with self._lock:
            if number == self._probe:
                self._probe = self._sent + 1

    def _climb(self) -> None:
        self._limit += 1
        self._probe = self._sent + 1
        self._climbed_at = self._monotonic()
        self._rises_at = None
