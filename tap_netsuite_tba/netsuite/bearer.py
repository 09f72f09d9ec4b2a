"""Logging in by OAuth 2.0 client credentials: access tokens, asked for and renewed in time."""

import copy
import io
import logging
import math
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from threading import Condition
from typing import Any
from urllib.parse import urlencode

import requests
from urllib3 import HTTPResponse

from tap_netsuite_tba.netsuite.access_token import AccessToken, read_token
from tap_netsuite_tba.netsuite.account import Account
from tap_netsuite_tba.netsuite.clock import Clock
from tap_netsuite_tba.netsuite.errors import (
    ClientClosed,
    ConnectionFailed,
    LoginRefused,
    NetSuiteError,
    TemporaryTrouble,
    TimedOut,
    proves_login,
)
from tap_netsuite_tba.netsuite.oauth2 import CertificateCredentials, Signer
from tap_netsuite_tba.netsuite.responses import read_error
from tap_netsuite_tba.netsuite.transport import Auth, Reply, Transport

logger = logging.getLogger(__name__)

TOKEN_PATH = "/services/rest/auth/oauth2/v1/token"  # noqa: S105 - a path

RENEWED_AGAIN_AFTER = 30.0
"""Seconds after which a renewal that failed is tried again, while the old token is still good."""

TRIED_FOR = 2.0
"""Seconds after which another request tries a token, if the one that does has had no answer: that
may take long, a refusal does not, and of a connection that broke nobody tells."""

SHORTEST = 8
"""Characters of the shortest token that is left out of answers: fewer may be a word of theirs."""

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_GRANT = {
    "grant_type": "client_credentials",
    "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
}


class BearerAuth(Auth):
    """Gives each request the access token, and asks for the next one before it ends.

    The request that needs a token asks for it within its own session, and one at a time does,
    while the others go on with the old one, or wait if there is none. It then carries the new one
    first: until NetSuite has taken it, one request at a time does, so that it is refused once.

    Args:
        account: Whom to ask.
        credentials: Who asks.
        clock: NetSuite's clock.
        transport: Leads to the account; it is closed with this.
        monotonic: The clock by which tokens end.
    """

    def __init__(
        self,
        account: Account,
        credentials: CertificateCredentials,
        clock: Clock,
        transport: Transport,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._signer = Signer(credentials)
        # Behind a proxy it is unsure by which address NetSuite goes: a refusal tries the other.
        hosts = dict.fromkeys((account.base_url, f"https://{account.host}"))
        self._audiences = deque(host + TOKEN_PATH for host in hosts)
        self._clock = clock
        self._transport = transport
        self._monotonic = monotonic
        self._changed = Condition()
        self._held: AccessToken | None = None
        self._former: AccessToken | None = None
        # Of the last few, for a request may have begun with one before the one that is held.
        self._proven: deque[str] = deque(maxlen=5)
        self._tried_until = -math.inf
        self._renewal: Future[AccessToken] | None = None
        self._refusal: LoginRefused | None = None
        self._is_closed = False

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the `Authorization` header; ask for a token first if there is none.

        Raises:
            LoginRefused: NetSuite gives no token, or refuses the new one.
            NetSuiteError: What else it answered, or the way to it.
        """
        before = self._refusal
        token = self._token(before)
        request.headers["Authorization"] = _bearer(token)
        request.hooks["response"].append(partial(self._heed, token, before))
        return request

    def close(self) -> None:
        """End the connection, also while a token is asked for."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        self._transport.close()

    def _heed(
        self,
        token: AccessToken,
        before: LoginRefused | None,
        response: requests.Response,
        **sending: Any,  # noqa: ANN401 - requests' own
    ) -> requests.Response:
        """Send a request again, once, whose token had been good: it has ended, or was revoked.

        That is no refused login yet; that of the new token would be.

        Args:
            token: That the request carried.
            before: The last refusal when it was sent.
            response: The answer to it.
            sending: How it was sent.

        Raises:
            NetSuiteError: There is no new token, or it is refused.
        """
        if not self._has_ended(token, response):
            return response
        fresh, again = self._token(before), response.request.copy()
        again.headers["Authorization"] = _bearer(fresh)
        try:
            answer: requests.Response = response.connection.send(again, **sending)
        except BaseException:
            self._tried(fresh)
            raise
        self._has_ended(fresh, answer)
        return answer

    def _has_ended(self, token: AccessToken, response: requests.Response) -> bool:
        """Whether NetSuite refuses a token that it took before; one that it refuses is let go."""
        try:
            error = _error_in(response, token)
            with self._changed:
                was_good = token.text in self._proven
                if isinstance(error, LoginRefused):
                    self._let_go(token)
                    if not was_good:
                        self._refusal = error
                        self._proven.clear()  # As at first, one request alone tries the login.
                elif not was_good and (error is None or proves_login(error)):
                    self._proven.append(token.text)
                return was_good and isinstance(error, LoginRefused)
        finally:
            self._tried(token)

    def _let_go(self, token: AccessToken) -> None:
        if _is_same(self._held, token):
            self._held = self._former = None
        elif _is_same(self._former, token):
            self._former = None

    def _tried(self, token: AccessToken) -> None:
        """Let the next request carry a token, whatever this one met."""
        with self._changed:
            if self._held is None or _is_same(self._held, token):
                self._tried_until = -math.inf
            self._changed.notify_all()

    def _token(self, before: LoginRefused | None) -> AccessToken:
        """The token to carry; asks for the next one if it is time.

        Args:
            before: The last refusal of which the request knows: in flight together with one that
                is refused, it is refused too.
        """
        while True:
            with self._changed:
                self._check(before)
                held, now = self._held, self._monotonic()
                if held and now < held.renewed_at:
                    if token := self._in_turn(held, now):
                        return token
                    self._changed.wait(self._tried_until - now)
                    continue
                renewal, is_mine = self._renewal, self._renewal is None
                if renewal is None:
                    renewal = self._renewal = Future()
            if is_mine:
                return self._renew(held, renewal)
            if held and now < held.left_at:
                return held
            _of_another(renewal)

    def _check(self, before: LoginRefused | None) -> None:
        if self._is_closed:
            raise ClientClosed
        if self._refusal and self._refusal is not before:
            raise copy.copy(self._refusal)  # Those in flight together are refused together.

    def _in_turn(self, held: AccessToken, now: float) -> AccessToken | None:
        """The token that is held, or that before it while another request tries it, or none."""
        # The first login is tried by one request alone anyway: see login.py.
        if not self._proven or held.text in self._proven:
            return held
        if now >= self._tried_until:
            self._tried_until = now + TRIED_FOR
            return held
        return self._former if self._former and now < self._former.left_at else None

    def _renew(self, held: AccessToken | None, renewal: Future[AccessToken]) -> AccessToken:
        """Ask for a token, and tell those who wait for it what became of it."""
        try:
            token = self._asked_in_time(held)
        except BaseException as error:
            with self._changed:
                self._renewal = None
            renewal.set_exception(error)
            raise
        with self._changed:
            if held and held.text in self._proven and self._held is held:
                self._former = held
            self._held, self._renewal = token, None
            self._tried_until = self._monotonic() + TRIED_FOR
        renewal.set_result(token)
        return token

    def _asked_in_time(self, held: AccessToken | None) -> AccessToken:
        """A new token; the one that is held if that is still good and there is trouble."""
        try:
            return self._asked()
        except TemporaryTrouble as error:
            now = self._monotonic()
            if held is None or self._held is not held or now >= held.left_at:
                raise
            logger.debug("The access token was not renewed yet. %s", error.fact)
            return replace(held, renewed_at=min(now + RENEWED_AGAIN_AFTER, held.left_at))

    def _asked(self) -> AccessToken:
        began = self._monotonic()
        assertion = self._signer.assertion(self._audiences[0], self._clock.now())
        form = _GRANT | {"client_assertion": assertion}
        try:
            reply = self._transport.post(
                TOKEN_PATH, params={}, headers=_FORM, body=urlencode(form).encode()
            )
        except TimedOut as error:
            # Not as it is: nobody need ask for fewer rows, for nothing was asked for yet. Nor need
            # the slot rest: no query runs, and the slot was kept for the minute of this wait.
            raise ConnectionFailed(f"no access token came: {error.detail}") from error
        try:
            return read_token(reply, began)
        except LoginRefused as refusal:
            self._refusal = refusal
            self._audiences.rotate()
            if refusal.code or refusal.reason:
                self._clock.learn(reply.headers.get("Date"))
            raise


def _bearer(token: AccessToken) -> str:
    return f"Bearer {token.text}"


def _is_same(held: AccessToken | None, token: AccessToken) -> bool:
    return held is not None and held.text == token.text


def _error_in(response: requests.Response, token: AccessToken) -> NetSuiteError | None:
    """What an answer says instead of what was asked for; it is then read to its end.

    It stays as it was for who reads it next, but for the token, should it repeat that.
    """
    is_html = "html" in response.headers.get("Content-Type", "").lower()
    if response.status_code == HTTPStatus.OK and not is_html:
        return None
    content = response.raw.read(decode_content=False)
    reply = Reply(response.status_code, response.headers, content)
    text = token.text.encode()
    if len(text) >= SHORTEST and text in reply.body:
        reply = replace(reply, content=reply.body.replace(text, "…".encode()))
    response.raw = HTTPResponse(io.BytesIO(reply.content), preload_content=False)
    return read_error(reply, table=None)


def _of_another(renewal: Future[AccessToken]) -> None:
    """Wait for the token that another request asks for.

    Raises:
        NetSuiteError: What that request met.
    """
    try:
        renewal.result()
    except NetSuiteError as error:
        raise copy.copy(error) from error
