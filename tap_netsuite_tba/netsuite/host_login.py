"""The first login of a process, for which the programs of a host take turns."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime

from tap_netsuite_tba.netsuite.errors import ClientClosed, LoginRefused
from tap_netsuite_tba.netsuite.file_locks import LockFile
from tap_netsuite_tba.netsuite.login import FirstLogin, is_netsuites
from tap_netsuite_tba.netsuite.refusals import LOCK_SECONDS, RefusedLogins, lock_beside

logger = logging.getLogger(__name__)

PROVEN_SECONDS = 60.0
"""For how long nobody takes turns after a login that was accepted at once."""

PAUSE = 0.05
"""Seconds between two looks of one who waits for its turn."""

SAID_AFTER = 5.0
"""Seconds after which a wait is said."""

_WIDTH = 20
"""Characters of the time in a file."""

_WAITS = (
    "For %.0f s another request, of this run or of another one, has been trying the same "
    "credentials; this one waits for what becomes of it, for refused logins lock the user out."
)
_GOES_ON = "After %.0f s it is not waited any longer for another request that tries the login."

_NAME = 16
"""How much of a fingerprint tells one set of credentials from others."""


class HostLogin(FirstLogin):
    """Lets one request of a host at a time try credentials that nobody has proven lately.

    So a wrong secret costs two refused logins however many runs start at once: whoever waited for
    its turn finds the refusal remembered. Where files cannot be locked there are no turns; each
    process still looks, before each try, at what the others have met.

    Args:
        refused: What is remembered.
        mark: The fingerprint of the credentials.
        longest_wait: Seconds after which one goes without its turn.
        monotonic: The clock by which one waits.
    """

    def __init__(
        self,
        refused: RefusedLogins,
        mark: str,
        *,
        longest_wait: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._refused = refused
        self._mark = mark
        self._longest_wait = longest_wait
        self._monotonic = monotonic
        self._refused_at: float | None = None
        self._said: set[str] = set()

    @contextmanager
    def turn(self, closed: threading.Event) -> Iterator[None]:
        """Ask inside of this, as often as it takes.

        Args:
            closed: Set when nobody wants the answer any more.

        Raises:
            ClientClosed: It was set.
        """
        with ExitStack() as leaving:
            if not self.is_over.is_set():
                self._take_turn(closed, leaving)
            yield

    def refusal(self) -> LoginRefused | None:
        """Why the credentials must not be tried now; None if they may."""
        at = self._refused.refused_at(self._mark)
        if at is None or at == self._refused_at:
            return None
        until = datetime.fromtimestamp(at + LOCK_SECONDS, UTC)
        return LoginRefused(
            f"these very credentials were refused at {datetime.fromtimestamp(at, UTC):%H:%M} "
            f"UTC and are not tried again before {until:%H:%M} UTC, for five refusals lock the "
            "user out. If something was mended in NetSuite since, run `netsuite-tba check`"
        )

    def refused(self, refusal: LoginRefused, *, is_final: bool) -> None:
        """Take note that NetSuite has refused credentials that it never let in.

        Already the first time, for the run may end before the second. A single one that is a
        gateway's is no reason to leave out the next run.
        """
        if is_final or is_netsuites(refusal):
            self._refused_at = self._refused.remember(self._mark)

    def accepted(self) -> None:
        """Take note that it has let them in."""
        self._refused.forget(self._mark)
        super().accepted()

    def _take_turn(self, closed: threading.Event, leaving: ExitStack) -> None:
        try:
            lock = lock_beside(self._refused.path, f"login-{self._mark[:_NAME]}")
            leaving.callback(lock.close)
            if self._is_had(lock, closed):
                leaving.callback(self._prove, lock)
        except OSError as error:
            logger.debug("Programs of this host cannot take turns to log in: %s", error)

    def _is_had(self, lock: LockFile, closed: threading.Event) -> bool:
        """Wait for the turn, and say whether it is had; False where there is no need any more."""
        since = self._monotonic()
        while not (self.is_over.is_set() or self._is_proven(lock)):
            if lock.try_lock():
                return True
            waited = self._monotonic() - since
            if waited >= self._longest_wait:
                self._say_once(_GOES_ON, waited)
                return False
            if waited >= SAID_AFTER:
                self._say_once(_WAITS, waited)
            self.is_over.wait(PAUSE)
            if closed.is_set():
                raise ClientClosed
        return False

    def _is_proven(self, lock: LockFile) -> bool:
        """Whether somebody was let in lately, at the first try."""
        try:
            at = float(lock.read(_WIDTH))
        except ValueError:  # by nobody so far
            return False
        return 0 <= self._refused.now() - at < PROVEN_SECONDS

    def _prove(self, lock: LockFile) -> None:
        """Say that others need take no turns, unless each of them has to learn the time first."""
        if self.is_over.is_set() and self._refused_at is None:
            with suppress(OSError):
                lock.write(f"{self._refused.now():{_WIDTH}.3f}".encode())

    def _say_once(self, text: str, seconds: float) -> None:
        if text not in self._said:
            self._said.add(text)
            logger.info(text, seconds)
