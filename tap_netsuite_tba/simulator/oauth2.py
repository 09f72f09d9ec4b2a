"""OAuth 2.0 client credentials: the certificates that are mapped, and the access tokens."""

import threading
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tap_netsuite_tba.simulator.audit import AuditReason, LoginRefusedError
from tap_netsuite_tba.simulator.logins import CLIENT_ID
from tap_netsuite_tba.simulator.oauth2_assertions import (
    Assertion,
    check_claims,
    invalid,
    malformed,
    read_assertion,
    verified,
)
from tap_netsuite_tba.simulator.oauth2_certificates import Certificate, make_certificate

_MOST_CERTIFICATES = 5
_ALGORITHM = "RS256"
_ISSUER = "https://system.netsuite.com"
_SUBJECT = "1042;42"  # role and user
_AS_THEY_ARE: Any = {"verify_exp": False, "verify_iat": False, "verify_aud": False}


@dataclass(frozen=True)
class Claim:
    """An assertion, and the certificate that it names."""

    assertion: Assertion
    certificate: Certificate


class OAuth2:
    """The certificates and access tokens of an account; each holds from the next request on.

    Args:
        account_id: of the account.
        now: its clock.

    Attributes:
        lifetime: seconds for which access tokens are good that are given from now on.
        issued: how many were given.
    """

    def __init__(self, account_id: str, now: Callable[[], datetime]) -> None:
        self.lifetime = 3600.0
        self.issued = 0
        self._account_id = account_id
        self._now = now
        self._lock = threading.Lock()
        self._made = 0
        self._certificates: dict[str, Certificate] = {}
        self._used: dict[str, float] = {}
        self._tokens: set[str] = set()

    def certificate(
        self,
        kind: str = "P-256",
        *,
        client_id: str = CLIENT_ID,
        begins: datetime | None = None,
        validity: timedelta = timedelta(days=365),
    ) -> Certificate:
        """Make a key and a certificate, and map it.

        Args:
            kind: of the key: P-256, P-384, P-521, RSA-3072 or RSA-4096.
            client_id: of the integration.
            begins: when it begins to be valid; None for now.
            validity: for how long it is.

        Raises:
            ValueError: there is no such kind, or the integration has five certificates already.
        """
        with self._lock:
            self._made += 1
            name = f"demo-certificate-{self._made}"
        made = make_certificate(kind, client_id, name, begins or self._now(), validity)
        self.map(made)
        return made

    def map(self, certificate: Certificate) -> None:
        """Take assertions of a certificate, in place of any other of the same id.

        Raises:
            TypeError: its key is neither an RSA nor an EC key.
            ValueError: NetSuite does not take the key's size or curve, or the integration has five
                certificates already.
        """
        _ = certificate.algorithms
        with self._lock:
            known = self._certificates | {certificate.certificate_id: certificate}
            own = [each for each in known.values() if each.client_id == certificate.client_id]
            if len(own) > _MOST_CERTIFICATES:
                raise ValueError("an integration has five certificates at most; revoke one")
            self._certificates = known

    def revoke(self, certificate_id: str) -> None:
        """Take no assertion of a certificate any more; the tokens that it brought go on."""
        with self._lock:
            del self._certificates[certificate_id]

    def revoke_tokens(self) -> None:
        """End every access token."""
        with self._lock:
            self._tokens.clear()

    def claim(self, body: bytes) -> Claim:
        """Read a request for a token.

        Raises:
            LoginRefusedError: it is none, or names a certificate that is not mapped.
        """
        assertion = read_assertion(body)
        with self._lock:
            certificate = self._certificates.get(assertion.certificate_id)
        if certificate is None:
            raise invalid(f"no certificate {assertion.certificate_id[:80]!r} is mapped")
        return Claim(assertion, certificate)

    def prove(self, claim: Claim, audiences: Collection[str]) -> None:
        """Check what only the holder of the certificate's key can get right.

        Args:
            claim: what is to be proven.
            audiences: the addresses of the token endpoint.

        Raises:
            LoginRefusedError: with the first reason that applies.
        """
        now = self._now()
        begins, ends = claim.certificate.valid
        if not begins <= now < ends:
            raise invalid(f"the certificate is valid from {begins} to {ends}")
        claims = verified(claim.assertion, claim.certificate)
        check_claims(claims, claim.certificate, audiences, now.timestamp())
        self._use_up(claims.get("jti"), claims["exp"], now.timestamp())

    def token(self, certificate: Certificate) -> str:
        """Return a new access token, made as Oracle's section_158255317571 describes it."""
        now = self._now().timestamp()
        token_id = str(uuid.uuid4())
        claims = {
            "iss": _ISSUER,
            "sub": _SUBJECT,
            "aud": [certificate.client_id, f"demo-application;{self._account_id}"],
            "scope": ["rest_webservices"],
            "iat": int(now),
            "exp": now + self.lifetime,
            "jti": token_id,
        }
        with self._lock:
            self.issued += 1
            self._tokens.add(token_id)
        return jwt.encode(claims, _signing_key(), _ALGORITHM, {"kid": "demo"})

    def check(self, token: str) -> None:
        """Let the bearer of an access token in.

        Raises:
            LoginRefusedError: it is none of this account's, or has ended.
        """
        try:
            claims = jwt.decode(token, _signing_key().public_key(), [_ALGORITHM], _AS_THEY_ARE)
        except jwt.InvalidTokenError as error:
            raise LoginRefusedError(
                AuditReason.INVALID_TOKEN, "the access token is none of this account's"
            ) from error
        if claims["exp"] <= self._now().timestamp():
            ended = datetime.fromtimestamp(claims["exp"], UTC).isoformat(timespec="seconds")
            raise LoginRefusedError(
                AuditReason.ACCESS_TOKEN_EXPIRED, f"the access token ended at {ended}"
            )
        with self._lock:
            is_good = claims["jti"] in self._tokens
        if not is_good:
            raise LoginRefusedError(AuditReason.INVALID_TOKEN, "the access token was revoked")

    def _use_up(self, assertion_id: object, ends: float, now: float) -> None:
        if assertion_id is None:
            return
        if not isinstance(assertion_id, str):
            raise malformed("jti is no text")
        with self._lock:
            self._used = {used: until for used, until in self._used.items() if until > now}
            if assertion_id in self._used:
                raise invalid("an assertion with this jti came before")
            self._used[assertion_id] = ends


@cache
def _signing_key() -> rsa.RSAPrivateKey:
    """Return the key of access tokens, made when one is first needed, for that takes its time."""
    return rsa.generate_private_key(65537, 2048)
