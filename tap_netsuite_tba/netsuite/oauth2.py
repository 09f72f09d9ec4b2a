"""What opens an account by OAuth 2.0 client credentials: a certificate's key, and what it signs."""

import logging
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import jwt

from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.netsuite.account import check_copied
from tap_netsuite_tba.netsuite.private_key import PrivateKey, read_private_key

logger = logging.getLogger(__name__)

SCOPE = "rest_webservices"

VALIDITY = 300
"""Seconds from the beginning to the end of an assertion; NetSuite takes up to an hour."""

BACKDATED = 60
"""Seconds for which this host may be fast and the assertion yet not come from the future."""

WARN_BEFORE = timedelta(days=30)

_RENEW = (
    "Make a new key and certificate, map it at Setup > Integration > Manage Authentication > OAuth "
    "2.0 Client Credentials (M2M) Setup, and set certificate_id and private_key to the new ones: "
    "docs/oauth2.md"
)


@dataclass(frozen=True)
class CertificateCredentials:
    """What opens an account by OAuth 2.0 client credentials; its `repr` shows no secret.

    Attributes:
        client_id: Of the integration record.
        certificate_id: That NetSuite gave the certificate when it was mapped.
        private_key: Of the certificate: PEM, PKCS#8.
    """

    client_id: str = field(repr=False)
    certificate_id: str
    private_key: str = field(repr=False)

    @classmethod
    def read(
        cls, client_id: str, certificate_id: str, private_key: str
    ) -> "CertificateCredentials":
        """Understand a private key in any form that the setting takes.

        Warns of a certificate beside it that is soon to end.

        Raises:
            ConfigurationError: One of them cannot be used, or the certificate has ended.
        """
        key = read_private_key(private_key)
        _check_certificate(key, datetime.now(UTC))
        return cls(client_id, certificate_id, key.pem)

    def __post_init__(self) -> None:
        integration = "the integration record, where NetSuite showed it once when it was saved"
        check_copied("client_id", self.client_id, integration)
        mapping = "Setup > Integration > Manage Authentication > OAuth 2.0 Client Credentials (M2M)"
        check_copied("certificate_id", self.certificate_id, f"{mapping} Setup")

    @property
    def names(self) -> tuple[str, ...]:
        """What tells them from those of another role or user, whatever the secrets are."""
        return (self.client_id, self.certificate_id)


class Signer:
    """Makes assertions, each with an id of its own (Oracle's section_162790605110).

    Args:
        credentials: Who asserts.
    """

    def __init__(self, credentials: CertificateCredentials) -> None:
        self._credentials = credentials
        self._algorithm = read_private_key(credentials.private_key).algorithm

    def assertion(self, audience: str, now: float) -> str:
        """A JSON Web Token that lets its bearer ask for an access token.

        Args:
            audience: The address of the token endpoint.
            now: NetSuite's time, in seconds since 1970 UTC.
        """
        begins = int(now) - BACKDATED
        return jwt.encode(
            {
                "iss": self._credentials.client_id,
                "scope": [SCOPE],
                "aud": audience,
                "iat": begins,
                "exp": begins + VALIDITY,
                "jti": str(uuid.uuid4()),
            },
            self._credentials.private_key,
            self._algorithm,
            {"kid": self._credentials.certificate_id},
        )


def _check_certificate(key: PrivateKey, now: datetime) -> None:
    """Refuse a certificate that has ended, and warn of one that is about to.

    Raises:
        ConfigurationError: It has ended.
    """
    if key.certificate is None:
        return
    end = key.certificate.ends
    if end <= now:
        raise ConfigurationError(
            f"The certificate in private_key ended on {end:%d %B %Y}. {_RENEW}."
        )
    if key.certificate.ends_at_netsuite - WARN_BEFORE <= now:
        logger.warning(
            "The certificate in private_key ends on %s; NetSuite ends each after two years, which "
            "is on %s. %s.",
            f"{end:%d %B %Y}",
            f"{key.certificate.ends_at_netsuite:%d %B %Y}",
            _RENEW,
        )
