"""Certificates for OAuth 2.0 client credentials: made here, as a person makes them by openssl."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
_KINDS: Mapping[str, Callable[[], _Key]] = {
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "P-521": lambda: ec.generate_private_key(ec.SECP521R1()),
    "RSA-3072": lambda: rsa.generate_private_key(65537, 3072),
    "RSA-4096": lambda: rsa.generate_private_key(65537, 4096),
}
KINDS = tuple(_KINDS)
_ALGORITHMS_BY_CURVE = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
_RSA_ALGORITHMS = ("PS256", "PS384", "PS512")
ALGORITHMS = (*_RSA_ALGORITHMS, *_ALGORITHMS_BY_CURVE.values())
_RSA_BITS = (3072, 4096)
_LONGEST_VALIDITY = timedelta(days=2 * 365)


@dataclass(frozen=True)
class Certificate:
    """A certificate that the account maps to its integration, and what a client has of it.

    Attributes:
        client_id: of the integration.
        certificate_id: by which assertions name it.
        private_key: in PEM, PKCS#8.
        pem: the certificate itself, which the account has.
    """

    client_id: str
    certificate_id: str
    private_key: str = field(repr=False)
    pem: str = field(repr=False)

    @property
    def public_key(self) -> rsa.RSAPublicKey | ec.EllipticCurvePublicKey:
        """Its public key.

        Raises:
            TypeError: it is neither an RSA nor an EC key.
        """
        key = self._x509.public_key()
        if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
            raise TypeError("the key of a certificate is an RSA or an EC key")
        return key

    @property
    def algorithms(self) -> tuple[str, ...]:
        """By which algorithms its key may sign.

        Raises:
            TypeError: it is neither an RSA nor an EC key.
            ValueError: NetSuite does not take its size or curve.
        """
        key = self.public_key
        if isinstance(key, rsa.RSAPublicKey):
            if key.key_size not in _RSA_BITS:
                raise ValueError(f"an RSA key has 3072 or 4096 bits, not {key.key_size}")
            return _RSA_ALGORITHMS
        if key.curve.name not in _ALGORITHMS_BY_CURVE:
            raise ValueError(f"an EC key is on P-256, P-384 or P-521, not {key.curve.name}")
        return (_ALGORITHMS_BY_CURVE[key.curve.name],)

    @property
    def valid(self) -> tuple[datetime, datetime]:
        """From when to when NetSuite takes it, which is never for longer than two years."""
        begins = self._x509.not_valid_before_utc
        return begins, min(self._x509.not_valid_after_utc, begins + _LONGEST_VALIDITY)

    @property
    def _x509(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate(self.pem.encode())


def make_certificate(
    kind: str, client_id: str, certificate_id: str, begins: datetime, validity: timedelta
) -> Certificate:
    """Make a key and a certificate that it signed itself.

    Args:
        kind: one of ``KINDS``.
        client_id: of the integration.
        certificate_id: by which assertions name it.
        begins: when it begins to be valid.
        validity: for how long it is.

    Raises:
        ValueError: there is no such kind.
    """
    if kind not in _KINDS:
        raise ValueError(f"a key is one of {', '.join(KINDS)}, not {kind!r}")
    key = _KINDS[kind]()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "demo")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + validity)
        .sign(key, SHA256())
    )
    return Certificate(
        client_id,
        certificate_id,
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        certificate.public_bytes(Encoding.PEM).decode(),
    )
