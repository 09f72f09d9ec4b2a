"""Keys and certificates as people have them; all are made by the test that needs them."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID

PKCS8 = PrivateFormat.PKCS8
TRADITIONAL = PrivateFormat.TraditionalOpenSSL
"""PKCS#1 of an RSA key, SEC1 of an EC key."""


def key(kind: str = "P-256") -> Any:  # noqa: ANN401 - of any kind
    """A private key, the same whenever asked for."""
    return _made(kind)


@cache
def _made(kind: str) -> Any:  # noqa: ANN401 - of any kind
    makers = {
        "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
        "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
        "P-521": lambda: ec.generate_private_key(ec.SECP521R1()),
        "another P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
        "secp256k1": lambda: ec.generate_private_key(ec.SECP256K1()),
        "RSA of 3072 bits": lambda: rsa.generate_private_key(65537, 3072),
        "RSA of 2048 bits": lambda: rsa.generate_private_key(65537, 2048),
        "Ed25519": ed25519.Ed25519PrivateKey.generate,
    }
    return makers[kind]()


def pem(kind: str = "P-256", form: PrivateFormat = PKCS8, passphrase: bytes = b"") -> str:
    """A private key in PEM."""
    sealing = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    text: bytes = key(kind).private_bytes(Encoding.PEM, form, sealing)
    return text.decode()


def public_pem(kind: str = "P-256") -> str:
    """The public half, in PEM."""
    public = key(kind).public_key()
    text: bytes = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return text.decode()


def certificate(kind: str = "P-256", *, begins: int = -1, ends: int = 364) -> str:
    """A certificate of a key, in PEM; it begins and ends so many days from now."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test's")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key(kind).public_key())
        .serial_number(1)
        .not_valid_before(now + timedelta(days=begins))
        .not_valid_after(now + timedelta(days=ends))
        .sign(key(kind), SHA256())
    )
    return made.public_bytes(Encoding.PEM).decode()
