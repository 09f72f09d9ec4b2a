"""Signing requests by Token-Based Authentication: OAuth 1.0a with HMAC-SHA256 (RFC 5849)."""

import logging

from oauthlib.oauth1 import SIGNATURE_HMAC_SHA256
from requests import PreparedRequest
from requests.auth import AuthBase
from requests_oauthlib import OAuth1

from tap_netsuite_tba.netsuite.account import Account, Credentials
from tap_netsuite_tba.netsuite.clock import Clock

for _library in ("oauthlib", "requests_oauthlib"):
    # Their debug messages show the Authorization header.
    logging.getLogger(_library).setLevel(logging.INFO)


class TokenBasedAuth(AuthBase):
    """Signs each request anew: its own nonce, NetSuite's time, its own signature.

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
