"""The login gate: a refused login is never tried by more than one request at a time."""

import copy
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from tap_netsuite_tba.netsuite.allowance import Allowance
from tap_netsuite_tba.netsuite.errors import (
    ClientClosed,
    ConcurrencyLimitExceeded,
    LoginRefused,
    MalformedResponse,
    NetSuiteError,
    TemporaryTrouble,
    proves_login,
)

logger = logging.getLogger(__name__)

MAX_REFUSALS = 2
"""How many refused logins in a row are final; five lock the user out."""

SLOW_REFUSAL = 30.0
"""Seconds from which on an answer is no mere refusal: a user saw requests over the limit held for a
minute and then refused."""

EXCUSED_SLOW = 2
"""How many slow ones are excused of a login that was never good: they may be true for all that, and
with the two that count they are four."""

_MAY_BE_NONE = (None, "INVALID_LOGIN")
"""Codes of refusals that may mean something else; OAuth 2.0's token endpoint has others."""

_SLOW = (
    "The answer took long: NetSuite may also refuse so where other programs have as many requests "
    "in flight as the account may have"
)


class FirstLogin:
    """What a process does about its first login beyond its own gate; here, nothing.

    Attributes:
        is_over: Set when NetSuite has let the credentials in. Who is in no hurry waits for it, for
            until then requests go one by one.
    """

    def __init__(self) -> None:
        self.is_over = threading.Event()

    def turn(self, closed: threading.Event) -> AbstractContextManager[None]:
        """Ask inside of this, as often as it takes.

        Args:
            closed: Set when nobody wants the answer any more.

        Raises:
            ClientClosed: It was set.
        """
        _ = closed
        return nullcontext()

    def refusal(self) -> LoginRefused | None:
        """Why the credentials must not be tried now; None if they may."""
        return None

    def refused(self, refusal: LoginRefused, *, is_final: bool) -> None:
        """Take note that NetSuite has refused credentials that it never let in."""

    def accepted(self) -> None:
        """Take note that it has let them in."""
        self.is_over.set()


class LoginGate:
    """Lets requests through as long as the login is known to be good.

    Closed at first and after a refused login: then one request goes, while the others wait for
    what becomes of it. Its success opens the gate; a second refusal in a row shuts it for good.

    NetSuite may also answer 401 when it has too many requests, and a gateway for reasons of its
    own. So once NetSuite has let the credentials in, a refusal that is not the last one comes up as
    temporary trouble; and one that took very long, that came while another request was let in, or
    that is a gateway's, is none that counts. Until then each counts, whoever says it, but the first
    that took very long. In any case the one that tries again goes when all others in flight have
    ended.

    Args:
        allowance: Is held to one request while the gate is closed.
        first_login: Hears what becomes of the first one.
        max_refusals: How many in a row are final.
        monotonic: The clock by which answers take long.
        changed: What those who wait at the gate wait on.
    """

    def __init__(
        self,
        allowance: Allowance,
        *,
        first_login: FirstLogin | None = None,
        max_refusals: int = MAX_REFUSALS,
        monotonic: Callable[[], float] = time.monotonic,
        changed: threading.Condition | None = None,
    ) -> None:
        self._allowance = allowance
        self._first_login = first_login or FirstLogin()
        self._max_refusals = max_refusals
        self._monotonic = monotonic
        self._changed = changed or threading.Condition()
        self._let_in_at: float | None = None
        self._open = False
        self._trying = False
        self._in_flight = 0
        self._refusals = self._slow = 0
        self._final: NetSuiteError | None = None
        allowance.one_only = True

    @property
    def shut(self) -> bool:
        """Whether no request will be let through any more."""
        return self._final is not None

    @contextmanager
    def attempt(self) -> Iterator[bool]:
        """Send one request inside of this; what it raises tells how the login went.

        Yields:
            Whether it is the one request that tries the login.

        Raises:
            LoginRefused: The login is refused, or the gate is shut for good.
            TemporaryTrouble: A login was refused that had been good, or only after very long.
            ClientClosed: Nobody wants to be let through any more.
        """
        alone = self._enter()
        began = self._monotonic()
        try:
            yield alone
        except LoginRefused as refusal:
            if self._stands(refusal, began, alone=alone):
                raise
            seconds, was_good = self._monotonic() - began, self._let_in_at is not None
            raise _excused(refusal, seconds, was_good=was_good) from refusal
        except BaseException as error:
            if proves_login(error):
                self._let_in(alone=alone)
            else:
                self._leave(alone=alone)
            raise
        self._let_in(alone=alone)

    def doubt(self) -> None:
        """Let one request try the login before the others go on."""
        with self._changed:
            self._close()

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
            if self._let_in_at is None and not self._final:
                self._final = self._first_login.refusal()
            if self._final:
                raise copy.copy(self._final)
            self._trying = not self._open
            self._in_flight += 1
            return self._trying

    def _stands(self, refusal: LoginRefused, began: float, *, alone: bool) -> bool:
        """Whether a refusal is what it says, and not excused as trouble that passes."""
        with self._changed:
            may_be_none = refusal.code in _MAY_BE_NONE
            was_good = self._let_in_at is not None and may_be_none
            is_slow = may_be_none and self._monotonic() - began >= SLOW_REFUSAL
            is_none = self._is_none(refusal, began, is_slow=is_slow)
            # Requests that were in flight together are refused together: that is one refusal.
            if (alone or self._open) and not is_none:
                self._refusals += 1
                if self._refusals >= self._max_refusals:
                    self._final = refusal
            is_final = self._final is refusal
            if not is_slow and (is_final or self._let_in_at is None):
                self._first_login.refused(refusal, is_final=is_final)
            self._close()
            self._stop_trying(alone=alone)
            stands = self.shut or not (is_none or was_good)
            if stands and is_slow and not was_good:
                refusal.detail = f"{refusal.detail.rstrip('.')}. {_SLOW}"
            if stands and not self.shut:
                logger.warning("%s It is tried once more, by one request alone.", refusal.fact)
            return stands

    def _is_none(self, refusal: LoginRefused, began: float, *, is_slow: bool) -> bool:
        """Whether a refusal says nothing of the credentials, and so does not count."""
        if refusal.code not in _MAY_BE_NONE:
            return False
        if self._let_in_at is None:
            self._slow += is_slow
            return is_slow and self._slow <= EXCUSED_SLOW and self._max_refusals > 1
        return is_slow or self._let_in_at > began or not is_netsuites(refusal)

    def _let_in(self, *, alone: bool) -> None:
        with self._changed:
            if self._let_in_at is None:
                self._first_login.accepted()
            self._let_in_at = self._monotonic()
            if alone:
                self._open = True
                self._allowance.one_only = False
                self._refusals = 0
            self._stop_trying(alone=alone)

    def _leave(self, *, alone: bool) -> None:
        with self._changed:
            self._stop_trying(alone=alone)

    def _close(self) -> None:
        self._open = False
        self._allowance.one_only = True

    def _stop_trying(self, *, alone: bool) -> None:
        self._in_flight -= 1
        if alone:
            self._trying = False
        self._changed.notify_all()


def is_netsuites(refusal: LoginRefused) -> bool:
    """Whether it bears a word of NetSuite's, and is no page of a gateway's."""
    return bool(refusal.code or refusal.reason)


def _excused(refusal: LoginRefused, seconds: float, *, was_good: bool) -> TemporaryTrouble:
    """A refusal as what it most likely is, instead of one of the credentials."""
    kind: type[TemporaryTrouble] = ConcurrencyLimitExceeded
    likely = "as it may where it has too many requests"
    what = "a login that it had let in before" if was_good else "the login only after long"
    if was_good and not is_netsuites(refusal):
        kind, likely = MalformedResponse, f"and not in NetSuite's words: {refusal.detail}"
    return kind(
        f"it refused {what}, {likely} (after {seconds:.1f} s)",
        status=refusal.status,
        code=refusal.code,
        request_id=refusal.request_id,
        table=refusal.table,
        retry_after=refusal.retry_after,
    )
