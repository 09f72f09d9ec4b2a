"""Access tokens of OAuth 2.0, and the answers that bring them, or do not."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import msgspec

from tap_netsuite_tba.netsuite.errors import (
    LoginRefused,
    MalformedResponse,
    NetSuiteError,
    RequestRefused,
)
from tap_netsuite_tba.netsuite.responses import read_error
from tap_netsuite_tba.netsuite.transport import Reply

LIFETIME = 3600.0
"""Seconds for which a token is good whose answer does not say (Oracle's section_162755359851)."""

RENEWED_BEFORE = 300.0
"""Seconds before its end from which a token is renewed; of a short-lived one the last fifth."""

LEFT_BEFORE = 30.0
"""Seconds before its end from which a token is not sent any more, which may be long on its way."""

_MEANINGS: Mapping[str, str] = {
    "invalid_client": "it does not know client_id",
    "invalid_grant": "it does not take what private_key signed for client_id and certificate_id",
    "invalid_request": "it does not understand the request for a token",
    "invalid_scope": "the integration record lacks the scope REST Web Services",
    "unauthorized_client": "the integration record lacks the grant Client Credentials",
}
"""What the errors of the token endpoint mean, which NetSuite names without explaining them."""

# As RFC 6750 lets a token be written.
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")


@dataclass(frozen=True)
class AccessToken:
    """A token, and when to go on with another, by the clock of its bearer.

    Attributes:
        text: What requests carry.
        renewed_at: When to ask for the next one.
        left_at: When to wait for the next one.
    """

    text: str = field(repr=False)
    renewed_at: float
    left_at: float


def read_token(reply: Reply, began: float) -> AccessToken:
    """The access token in a reply of the token endpoint.

    Args:
        reply: What it answered.
        began: When it was asked, by the clock by which the token ends.

    Raises:
        LoginRefused: NetSuite gives none; `code` is OAuth's name of the reason.
        NetSuiteError: The reply says something else; its class says what.
    """
    try:
        body = msgspec.json.decode(reply.body, type=dict[str, Any])
    except ValueError:
        raise read_error(reply, table=None) from None
    if reply.status != HTTPStatus.OK:
        raise _refusal(reply, body)
    text, kind = body.get("access_token"), body.get("token_type", "bearer")
    is_bearer = isinstance(kind, str) and kind.lower() == "bearer"
    if not isinstance(text, str) or not _TOKEN.fullmatch(text) or not is_bearer:
        raise MalformedResponse("there is no bearer token in it", status=reply.status)
    lifetime = _seconds(body.get("expires_in"))
    return AccessToken(
        text,
        renewed_at=began + lifetime - min(RENEWED_BEFORE, lifetime / 5),
        left_at=began + lifetime - min(LEFT_BEFORE, lifetime / 10),
    )


def _refusal(reply: Reply, body: Mapping[str, Any]) -> NetSuiteError:
    """The error in an answer of the token endpoint, in OAuth's form (RFC 6749, 5.2) or NetSuite's.

    Whatever it refuses, it is the login.
    """
    error, code = read_error(reply, table=None), body.get("error")
    if not isinstance(error, RequestRefused):
        return error
    if not isinstance(code, str):
        return LoginRefused(error.detail, status=reply.status, code=error.code)
    said = body.get("error_description")
    detail = said if isinstance(said, str) and said else _MEANINGS.get(code, "it does not say why")
    return LoginRefused(detail, status=reply.status, code=code, reason=code)


def _seconds(expires_in: object) -> float:
    """How long a token lives, be it a number, the text of one, or unknown."""
    try:
        seconds = float(str(expires_in))
    except ValueError:
        return LIFETIME
    return seconds if 0 < seconds < math.inf else LIFETIME
