"""The login gate: a refused login is never tried by more than one request at a time."""

import copy
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tap_netsuite_tba.netsuite.errors import ClientClosed, LoginRefused, NetSuiteError

logger = logging.getLogger(__name__)

MAX_REFUSALS = 2
"""How many refused logins in a row are final; five lock the user out."""


class LoginGate:
    """Lets requests through as long as the login is known to be good.

    Closed at first and after a refused login: then one request goes, while the others wait for
    what becomes of it. Its success opens the gate; a second refusal in a row shuts it for good.
    NetSuite also answers 401 when it has too many requests, so the first refusal is not final, and
    the one that tries again goes when all others in flight have ended.

    Args:
        changed: What those who wait at the gate wait on.
    """

    def __init__(self, changed: threading.Condition | None = None) -> None:
        self._changed = changed or threading.Condition()
        self._open = False
        self._trying = False
        self._in_flight = 0
        self._refusals = 0
        self._final: NetSuiteError | None = None

    @property
    def shut(self) -> bool:
        """Whether no request will be let through any more."""
        return self._final is not None

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Send one request inside of this; what it raises tells how the login went.

        Raises:
            LoginRefused: The gate is shut for good.
            ClientClosed: Likewise, for nobody wants to be let through any more.
        """
        alone = self._enter()
        try:
            yield
        except LoginRefused as refusal:
            self._refused(refusal, alone=alone)
            raise
        except BaseException:
            self._leave(alone=alone)
            raise
        self._succeeded(alone=alone)

    def close(self) -> None:
        """Let nobody through any more, not even those who wait."""
        with self._changed:
            self._final = self._final or ClientClosed()
            self._changed.notify_all()

    def _enter(self) -> bool:
        """Wait to be let through; whether this is the one request that tries the login."""
        with self._changed:
            self._changed.wait_for(
                lambda: self.shut or self._open or not (self._trying or self._in_flight)
            )
            if self._final:
                raise copy.copy(self._final)
            self._trying = not self._open
            self._in_flight += 1
            return self._trying

    def _refused(self, refusal: LoginRefused, *, alone: bool) -> None:
        with self._changed:
            # Requests that were in flight together are refused together: that is one refusal.
            if alone or self._open:
                self._refusals += 1
                self._open = False
                if self._refusals >= MAX_REFUSALS:
                    self._final = refusal
                else:
                    logger.warning("%s It is tried once more, by one request alone.", refusal.fact)
            self._stop_trying(alone=alone)

    def _succeeded(self, *, alone: bool) -> None:
        with self._changed:
            if alone:
                self._open = True
                self._refusals = 0
            self._stop_trying(alone=alone)

    def _leave(self, *, alone: bool) -> None:
        with self._changed:
            self._stop_trying(alone=alone)

    def _stop_trying(self, *, alone: bool) -> None:
        self._in_flight -= 1
        if alone:
            self._trying = False
        self._changed.notify_all()
