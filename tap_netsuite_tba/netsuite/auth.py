"""Signing requests: by Token-Based Authentication here, by OAuth 2.0 in bearer.py."""

import logging
from typing import TYPE_CHECKING

from oauthlib.oauth1 import SIGNATURE_HMAC_SHA256
from requests import PreparedRequest
from requests_oauthlib import OAuth1

from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.netsuite.account import Account, Credentials
from tap_netsuite_tba.netsuite.clock import Clock
from tap_netsuite_tba.netsuite.transport import Auth, Transport

if TYPE_CHECKING:
    from tap_netsuite_tba.netsuite.oauth2 import CertificateCredentials

for _logger in ("oauthlib.oauth1.rfc5849", "requests_oauthlib.oauth1_auth"):
    # Their debug messages show the Authorization header. A filter stays, whatever levels are set.
    logging.getLogger(_logger).addFilter(lambda record: record.levelno > logging.DEBUG)


TOKEN_TIMEOUT = 60.0
"""Seconds without a byte after which the answer with an access token is given up."""


class TokenBasedAuth(Auth):
    """Signs each request anew (OAuth 1.0a, RFC 5849): its own nonce, NetSuite's time, HMAC-SHA256.

    The query parameters are signed, a JSON body is not, and the realm is in the header only, as
    Oracle's help describes it for the REST web services (section_1534941088).
    """

    def __init__(self, account: Account, credentials: Credentials, clock: Clock) -> None:
        self._account = account
        self._credentials = credentials
        self._clock = clock

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Add the `Authorization` header to a request that is otherwise complete."""
        sign = OAuth1(
            client_key=self._credentials.consumer_key,
            client_secret=self._credentials.consumer_secret,
            resource_owner_key=self._credentials.token_id,
            resource_owner_secret=self._credentials.token_secret,
            signature_method=SIGNATURE_HMAC_SHA256,
            realm=self._account.realm,
            timestamp=str(int(self._clock.now())),
        )
        signed: PreparedRequest = sign(request)
        return signed


def auth_for(
    account: Account,
    credentials: "Credentials | CertificateCredentials",
    clock: Clock,
    *,
    user_agent: str,
    connect_timeout: float,
) -> Auth:
    """What logs requests in by the credentials.

    Args:
        account: Where to.
        credentials: For Token-Based Authentication, or for OAuth 2.0.
        clock: NetSuite's clock.
        user_agent: How this program names itself when it asks for an access token.
        connect_timeout: Seconds until the connection must stand over which it does so.

    Raises:
        ConfigurationError: An access token would go to somebody who is not NetSuite.
    """
    if isinstance(credentials, Credentials):
        return TokenBasedAuth(account, credentials, clock)
    # A signature is worth nothing to who reads it; an access token opens the account for an hour.
    if not (account.is_at_netsuite or account.on_loopback):
        raise ConfigurationError(
            "base_url is no host of this account under netsuite.com, and with auth_method oauth2 "
            "whoever answers there would hold an access token. Leave base_url out, or name a "
            "program on this machine, such as http://127.0.0.1:8080."
        )
    # Only now, for its libraries take their time, and most runs need none of them.
    from tap_netsuite_tba.netsuite.bearer import BearerAuth  # noqa: PLC0415

    transport = Transport(
        account,
        Auth(),
        connections=1,
        user_agent=user_agent,
        connect_timeout=connect_timeout,
        read_timeout=TOKEN_TIMEOUT,
    )
    return BearerAuth(account, credentials, clock, transport)
