"""When to ask again, and when to give up."""

import logging
import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import backoff

from tap_netsuite_tba.netsuite.errors import (
    CertificateRefused,
    ConcurrencyLimitExceeded,
    HostUnreachable,
    MalformedResponse,
    NetSuiteError,
    RetriesExhausted,
    TemporaryTrouble,
    TimedOut,
    may_be_of_query,
)

logger = logging.getLogger(__name__)

LONGEST_DELAY = 60.0
"""Seconds; delays double up to here."""

FIRST_TRIES = 3
"""How often a host is tried that has never answered and looks like a wrong setting."""

NOT_FOUND = 404

WARN_EVERY = 60.0
"""Seconds between two warnings of one kind of trouble."""


def delays() -> Iterator[float]:
    """Seconds to wait before each retry of one request: exponential, with full jitter."""
    ceilings = backoff.expo(max_value=LONGEST_DELAY)
    next(ceilings)  # only primes backoff's generator
    return map(backoff.full_jitter, ceilings)


class Patience:
    """How long trouble is borne, by all the threads of a client together.

    Time counts from the first failure after the last success on the account, so that neither a
    pause between two requests nor one unlucky request among good ones uses it up.

    Args:
        timeout: Seconds of trouble without any success after which to give up.
        monotonic: The clock.
    """

    def __init__(self, timeout: float, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._timeout = timeout
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._failing_since: float | None = None
        self._ever_succeeded = False
        self._first_failures = 0
        self._met: Counter[type[NetSuiteError]] = Counter()
        self._warned_at: dict[type[NetSuiteError], float] = {}

    def succeeded(self) -> None:
        """Take note that a request succeeded."""
        with self._lock:
            self._ever_succeeded = True
            self._failing_since = None
            self._met.clear()

    def after(self, error: NetSuiteError, delay: float) -> float:
        """How many seconds to wait before asking again.

        Args:
            error: What the last attempt met.
            delay: Seconds to wait if NetSuite does not name a longer time.

        Raises:
            NetSuiteError: The error itself, if asking the same again does not help.
            RetriesExhausted: Asking again might help, but it has been tried long enough.
        """
        if not isinstance(error, (TemporaryTrouble, TimedOut)):
            raise error
        with self._lock:
            failing_for = self._failing_for()
            self._met[type(error)] += 1
            met = Counter(self._met)
            hopeless = self._looks_hopeless(error)
        delay = max(delay, error.retry_after or 0.0)
        if isinstance(error, TimedOut):
            delay = 0.0
        if failing_for + delay >= self._timeout:
            raise RetriesExhausted(error, seconds=failing_for, met=met) from error
        if hopeless or isinstance(error, TimedOut):
            raise error
        self._report(error, delay)
        return delay

    def _failing_for(self) -> float:
        now = self._monotonic()
        if self._failing_since is None:
            self._failing_since = now
        return now - self._failing_since

    def _looks_hopeless(self, error: NetSuiteError) -> bool:
        if self._ever_succeeded or not _may_be_elsewhere(error):
            return False
        self._first_failures += 1
        return self._first_failures >= FIRST_TRIES

    def _report(self, error: NetSuiteError, delay: float) -> None:
        """Warn, but of each kind of trouble only once in a while; the rest is for debugging."""
        with self._lock:
            now = self._monotonic()
            due = now - self._warned_at.get(type(error), -WARN_EVERY) >= WARN_EVERY
            if due:
                self._warned_at[type(error)] = now
        level = logging.WARNING if due else logging.DEBUG
        logger.log(level, "%s Asking again in %.1f s.", error.fact, delay)


def _may_be_elsewhere(error: NetSuiteError) -> bool:
    """Whether there may be no NetSuite at the address: no host, or one that does not know it."""
    if isinstance(error, MalformedResponse):
        return error.status == NOT_FOUND
    return isinstance(error, (HostUnreachable, CertificateRefused))


class Retries:
    """The retries of one query.

    Args:
        patience: That of the client.
        fault_patience: Seconds after which NetSuite's own fault, if it comes at each attempt, is
            taken for the query's, however well other queries do; None for never.
        trouble_patience: Likewise of all trouble that may be of what is asked for, such as a
            gateway's; None for never.
        monotonic: The clock.
    """

    def __init__(
        self,
        patience: Patience,
        fault_patience: float | None,
        trouble_patience: float | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._patience = patience
        self._bounds = (
            _Bound(may_be_of_query, fault_patience),
            _Bound(_may_be_of_request, trouble_patience),
        )
        self._monotonic = monotonic
        self._delays = delays()

    def pause_after(self, error: NetSuiteError) -> float:
        """How many seconds to wait before the next attempt.

        Raises:
            NetSuiteError: As `Patience.after`.
        """
        delay, now = next(self._delays), self._monotonic()
        for bound in self._bounds:
            left = bound.left(error, now)
            if left <= 0:
                raise RetriesExhausted(error, seconds=now - bound.since) from error
            delay = min(delay, left)
        return self._patience.after(error, delay)


@dataclass
class _Bound:
    """For how long one kind of trouble is borne, if it comes at each attempt.

    Attributes:
        holds_for: Whether trouble is of this kind.
        seconds: For how long; None for ever.
        since: When it came first.
    """

    holds_for: Callable[[NetSuiteError], bool]
    seconds: float | None
    since: float = math.inf

    def left(self, error: NetSuiteError, now: float) -> float:
        """For how many seconds more it is borne."""
        if self.seconds is None or not self.holds_for(error):
            self.since = math.inf
            return math.inf
        self.since = min(self.since, now)
        return self.since + self.seconds - now


def _may_be_of_request(error: NetSuiteError) -> bool:
    """Whether it may be of what is asked for; that there is no room for a request never is."""
    return not isinstance(error, ConcurrencyLimitExceeded)
