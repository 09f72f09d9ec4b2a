"""Logging in by OAuth 2.0 client credentials: access tokens, asked for and renewed in time."""

import copy
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import requests

from tap_netsuite_tba.netsuite.access_token import AccessToken, read_token
from tap_netsuite_tba.netsuite.account import Account
from tap_netsuite_tba.netsuite.clock import Clock
from tap_netsuite_tba.netsuite.errors import (
    ConnectionFailed,
    LoginRefused,
    NetSuiteError,
    TemporaryTrouble,
    TimedOut,
)
from tap_netsuite_tba.netsuite.oauth2 import CertificateCredentials, Signer
from tap_netsuite_tba.netsuite.transport import Auth, Transport

logger = logging.getLogger(__name__)

TOKEN_PATH = "/services/rest/auth/oauth2/v1/token"  # noqa: S105 - a path

RENEWED_AGAIN_AFTER = 30.0
"""Seconds after which a renewal that failed is tried again, while the old token is still good."""

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_GRANT = {
    "grant_type": "client_credentials",
    "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
}


class BearerAuth(Auth):
    """Gives each request the access token, and asks for the next one before it ends.

    The request that needs a token asks for it within its own session, and one at a time does,
    while the others go on with the old one, or wait if there is none.

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
        self._lock = threading.Lock()
        self._held: AccessToken | None = None
        self._proven = ""
        self._renewal: Future[AccessToken] | None = None
        self._refusal: LoginRefused | None = None

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the `Authorization` header; ask for a token first if there is none.

        Raises:
            LoginRefused: NetSuite gives no token.
            NetSuiteError: What else it answered, or the way to it.
        """
        token = self._token()
        request.headers["Authorization"] = _bearer(token)
        request.hooks["response"].append(partial(self._heed, token, self._refusal))
        return request

    def close(self) -> None:
        """End the connection, also while a token is asked for."""
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
            NetSuiteError: There is no new token.
        """
        if not self._has_ended(token, response):
            return response
        _ = response.content  # to its end, so that the connection is free for what follows
        if self._refusal and self._refusal is not before:
            raise copy.copy(self._refusal)  # Those in flight together are refused together.
        fresh, again = self._token(), response.request.copy()
        again.headers["Authorization"] = _bearer(fresh)
        answer: requests.Response = response.connection.send(again, **sending)
        self._has_ended(fresh, answer)
        return answer

    def _has_ended(self, token: AccessToken, response: requests.Response) -> bool:
        """Whether NetSuite refuses a token that it took before; one that it refuses is let go."""
        with self._lock:
            if response.status_code != HTTPStatus.UNAUTHORIZED:
                self._proven = token.text
                return False
            if self._held and self._held.text == token.text:
                self._held = None
            return self._proven == token.text

    def _token(self) -> AccessToken:
        with self._lock:
            held, now = self._held, self._monotonic()
            if held and now < held.renewed_at:
                return held
            renewal, is_mine = self._renewal, self._renewal is None
            if renewal is None:
                renewal = self._renewal = Future()
        if is_mine:
            return self._renew(held, renewal)
        if held and now < held.left_at:
            return held
        return _of_another(renewal)

    def _renew(self, held: AccessToken | None, renewal: Future[AccessToken]) -> AccessToken:
        """Ask for a token, and tell those who wait for it what became of it."""
        try:
            token = self._asked_in_time(held)
        except BaseException as error:
            with self._lock:
                self._renewal = None
            renewal.set_exception(error)
            raise
        with self._lock:
            self._held, self._renewal = token, None
        renewal.set_result(token)
        return token

    def _asked_in_time(self, held: AccessToken | None) -> AccessToken:
        """A new token; the one that is held if that is still good and there is trouble."""
        try:
            return self._asked()
        except TemporaryTrouble as error:
            now = self._monotonic()
            if error.goes_on or held is None or self._held is not held or now >= held.left_at:
                raise
            logger.debug("The access token was not renewed yet. %s", error.fact)
            return replace(held, renewed_at=now + RENEWED_AGAIN_AFTER)

    def _asked(self) -> AccessToken:
        began = self._monotonic()
        assertion = self._signer.assertion(self._audiences[0], self._clock.now())
        form = _GRANT | {"client_assertion": assertion}
        try:
            reply = self._transport.post(
                TOKEN_PATH, params={}, headers=_FORM, body=urlencode(form).encode()
            )
        except TimedOut as error:
            # Not as it is: nobody need ask for fewer rows, for nothing was asked for yet.
            failed = ConnectionFailed(f"no access token came: {error.detail}")
            failed.goes_on = True
            raise failed from error
        try:
            return read_token(reply, began)
        except LoginRefused as refusal:
            self._refusal = refusal
            self._audiences.rotate()
            self._clock.learn(reply.headers.get("Date"))
            raise


def _bearer(token: AccessToken) -> str:
    return f"Bearer {token.text}"


def _of_another(renewal: Future[AccessToken]) -> AccessToken:
    """The token that another request asks for.

    Raises:
        NetSuiteError: What that request met.
    """
    try:
        return renewal.result()
    except NetSuiteError as error:
        own = copy.copy(error)
        own.goes_on = False  # What goes on is the other's, and holds the other's slot.
        raise own from error
