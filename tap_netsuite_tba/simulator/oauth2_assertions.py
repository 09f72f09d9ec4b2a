"""What a client signs to be given an access token, and everything that must be right about it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import jwt

from tap_netsuite_tba.simulator.audit import AuditReason, LoginRefusedError
from tap_netsuite_tba.simulator.oauth2_certificates import ALGORITHMS, Certificate

_FORM = {
    "grant_type": "client_credentials",
    "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
}
_SCOPES = frozenset({"restlets", "rest_webservices", "suite_analytics"})
_LONGEST_SECONDS = 3600
_AS_THEY_ARE: Any = {"verify_exp": False, "verify_iat": False, "verify_aud": False}


@dataclass(frozen=True)
class Assertion:
    """A JSON Web Token that nobody has verified yet.

    Attributes:
        text: as it was sent.
        certificate_id: that it names.
        algorithm: by which it is signed, as it says.
    """

    text: str = field(repr=False)
    certificate_id: str
    algorithm: str


def read_assertion(body: bytes) -> Assertion:
    """Return the assertion in a request for a token.

    Args:
        body: a form.

    Raises:
        LoginRefusedError: it is no such request.
    """
    form = parse_qs(body.decode("latin-1"), keep_blank_values=True)
    for name, expected in _FORM.items():
        if form.get(name) != [expected]:
            raise malformed(f"{name} is not {expected!r}, once")
    texts = form.get("client_assertion", [])
    if len(texts) != 1:
        raise malformed("there is not one client_assertion")
    try:
        header = jwt.get_unverified_header(texts[0])
    except jwt.InvalidTokenError as error:
        raise malformed("client_assertion is no JSON Web Token") from error
    algorithm, certificate_id = str(header.get("alg")), header.get("kid")
    if header.get("typ") != "JWT" or algorithm not in ALGORITHMS:
        named = ", ".join(ALGORITHMS)
        raise malformed(f"typ is not 'JWT', or alg, {algorithm[:20]!r}, not one of {named}")
    if not isinstance(certificate_id, str):
        raise malformed("the header of client_assertion lacks the kid")
    return Assertion(texts[0], certificate_id, algorithm)


def verified(assertion: Assertion, certificate: Certificate) -> Mapping[str, Any]:
    """Return the claims of an assertion that the key of a certificate has signed.

    Raises:
        LoginRefusedError: it has not.
    """
    if assertion.algorithm not in certificate.algorithms:
        raise invalid(f"the certificate's key does not sign by {assertion.algorithm}")
    try:
        claims: dict[str, Any] = jwt.decode(
            assertion.text, certificate.public_key, [assertion.algorithm], _AS_THEY_ARE
        )
    except jwt.InvalidSignatureError as error:
        raise LoginRefusedError(
            AuditReason.INVALID_SIGNATURE, "the signature is not that of the certificate's key"
        ) from error
    except jwt.InvalidTokenError as error:
        raise malformed("client_assertion is no JSON Web Token") from error
    return claims


def check_claims(
    claims: Mapping[str, Any], certificate: Certificate, audiences: Collection[str], now: float
) -> None:
    """Check who asserts what, to whom and when.

    Args:
        claims: of the assertion.
        certificate: that it names.
        audiences: the addresses of the token endpoint.
        now: the account's time, in seconds since 1970.

    Raises:
        LoginRefusedError: with the first reason that applies.
    """
    if claims.get("iss") != certificate.client_id:
        raise LoginRefusedError(
            AuditReason.INVALID_INTEGRATION, "iss is not the client id of the certificate"
        )
    if claims.get("aud") not in audiences:
        raise invalid(f"aud is {str(claims.get('aud'))[:200]!r}, not one of {sorted(audiences)}")
    given = claims.get("scope")
    scopes = set(given.split(",")) if isinstance(given, str) else _texts(given)
    if not scopes <= _SCOPES or "rest_webservices" not in scopes:
        raise LoginRefusedError(
            AuditReason.SCOPE_MISMATCHED, f"scope is {str(given)[:200]}, not rest_webservices"
        )
    begins, ends = claims.get("iat"), claims.get("exp")
    if type(begins) is not int or type(ends) is not int:
        raise malformed("iat and exp are not both whole numbers")
    if not begins <= now < ends < begins + _LONGEST_SECONDS:
        raise invalid(
            f"iat is {begins - now:+.0f} and exp {ends - now:+.0f} seconds from now; an assertion "
            "is good for less than an hour"
        )


def malformed(detail: str) -> LoginRefusedError:
    """Return the refusal of a request that is no such request."""
    return LoginRefusedError(AuditReason.INVALID_REQUEST, detail)


def invalid(detail: str) -> LoginRefusedError:
    """Return the refusal of an assertion that is not good."""
    return LoginRefusedError(AuditReason.INVALID_GRANT, detail)


def _texts(given: object) -> set[str]:
    return {each for each in given if isinstance(each, str)} if isinstance(given, list) else set()
