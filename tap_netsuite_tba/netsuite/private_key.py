"""The private key of OAuth 2.0: how people write it, and which ones NetSuite takes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from tap_netsuite_tba.errors import ConfigurationError

RSA_BITS = (3072, 4096)
"""The sizes that NetSuite takes (Oracle's subsect_162755332391)."""

LONGEST_VALIDITY = timedelta(days=2 * 365)
"""How long NetSuite lets a certificate be valid at most."""

ALGORITHM_BY_CURVE: Mapping[str, str] = {
    "secp256r1": "ES256",
    "secp384r1": "ES384",
    "secp521r1": "ES512",
}

_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
_NO_BASE64 = re.compile(r"\\+[rn]|\s")
"""Line breaks, also those that an environment variable or JSON turned into text or spaces."""

_KEYS = ("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY")
_CERTIFICATES = ("CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE")
_SUFFIXES = (".pem", ".key", ".p8", ".crt", ".cer", ".der", ".txt")
_LONGEST_FILE = 100_000

_ENCRYPTED = (
    "is protected by a passphrase, which nobody is there to type: write it without one (openssl "
    "pkey -in with-passphrase.pem -out private.pem), and keep that file to yourself (chmod 600)"
)
_PUBLIC = (
    "holds the public half, which belongs into NetSuite: give the private key that was made with it"
)
_INSTEAD: Mapping[str, str] = {
    **dict.fromkeys(_CERTIFICATES, _PUBLIC),
    "PUBLIC KEY": _PUBLIC,
    "RSA PUBLIC KEY": _PUBLIC,
    "CERTIFICATE REQUEST": "holds a request for a certificate: give the private key that made it",
    "ENCRYPTED PRIVATE KEY": _ENCRYPTED,
    "OPENSSH PRIVATE KEY": "is a key for SSH, of which NetSuite knows nothing",
    "DSA PRIVATE KEY": "is a DSA key, which NetSuite does not take",
}
"""What stands there where no private key does, by the label of the PEM."""

_WANTED = (
    "Give the PEM that begins with -----BEGIN PRIVATE KEY-----, as text (line breaks may be "
    r"written \n) or as the path of its file; docs/oauth2.md says how to make one"
)
_TAKEN = (
    f"NetSuite takes RSA keys of {' or '.join(map(str, RSA_BITS))} bits, and EC keys on P-256, "
    "P-384 and P-521; docs/oauth2.md says how to make one"
)

_Signing = RSAPrivateKey | EllipticCurvePrivateKey


@dataclass(frozen=True)
class Certificate:
    """How long a certificate is valid.

    Attributes:
        begins: In UTC.
        ends: In UTC, as it says itself.
    """

    begins: datetime
    ends: datetime

    @property
    def ends_at_netsuite(self) -> datetime:
        """When it ends at NetSuite, which cuts longer ones (Oracle's subsect_162755332391)."""
        return min(self.ends, self.begins + LONGEST_VALIDITY)


@dataclass(frozen=True)
class PrivateKey:
    """A key that NetSuite takes; its `repr` does not show it.

    Attributes:
        pem: The key alone, as PKCS#8 without a passphrase, however it was written.
        algorithm: What it signs with, by JOSE's name: `PS256`, `ES256`, `ES384` or `ES512`.
        certificate: The certificate of the key; None if it does not stand beside it.
    """

    pem: str = field(repr=False)
    algorithm: str
    certificate: Certificate | None = None


def read_private_key(given: str) -> PrivateKey:
    r"""Understand a private key in any form that people have it in.

    Args:
        given: PEM (PKCS#8, PKCS#1 or SEC1), its line breaks perhaps written as `\n` or turned into
            spaces, or the path of a file of it; a certificate may stand beside the key.

    Raises:
        ConfigurationError: There is no key, or none that NetSuite takes; the key is not quoted.
    """
    text = given if "-----BEGIN" in given else _content(given.strip())
    blocks = [(label, body) for label, body in _BLOCK.findall(text)]
    keys = [block for block in blocks if block[0] in _KEYS]
    if not keys:
        raise _refused(_reason_for_no_key(text, [label for label, _ in blocks]))
    key = _loaded(*keys[0])
    return PrivateKey(
        pem=key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        algorithm=_algorithm(key),
        certificate=_own([body for label, body in blocks if label in _CERTIFICATES], key),
    )


def _content(path: str) -> str:
    """What a file holds.

    Raises:
        ConfigurationError: There is none, or it cannot be read, or is far too large.
    """
    # What is no path may be a key, and is not shown.
    named = f" {path}" if path.lower().endswith(_SUFFIXES) else ""
    try:
        with Path(path).expanduser().open("rb") as file:
            content = file.read(_LONGEST_FILE)
    except (OSError, ValueError, RuntimeError) as error:
        why = (error.strerror or "no file") if isinstance(error, OSError) else "no file"
        raise _refused(f"is neither PEM nor a file{named} that can be read ({why})") from None
    if b"-----BEGIN" not in content:
        raise _refused(f"names a file{named} without PEM in it")
    return content.decode(errors="replace")


def _reason_for_no_key(text: str, labels: list[str]) -> str:
    if text.count("-----BEGIN") > len(labels):
        return "is cut: there is a BEGIN line without its END line"
    instead = (_INSTEAD[label] for label in labels if label in _INSTEAD)
    return next(instead, "holds PEM, but no private key")


def _loaded(label: str, body: str) -> _Signing:
    """The key in a block of PEM.

    Raises:
        ConfigurationError: It cannot be read, or is of a kind that NetSuite does not take.
    """
    if "ENCRYPTED" in body:  # as a header within the block, in older forms
        raise _refused(_ENCRYPTED)
    try:
        key = load_pem_private_key(_pem(label, body), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        # Without its cause, which might quote the key.
        raise _refused("is damaged or cut: what stands between BEGIN and END is no key") from None
    if not isinstance(key, _Signing):
        kind = type(key).__name__.removesuffix("PrivateKey")
        raise _refused(f"is a key of the kind {kind}", _TAKEN)
    return key


def _algorithm(key: _Signing) -> str:
    if isinstance(key, RSAPrivateKey):
        if key.key_size not in RSA_BITS:
            raise _refused(f"is an RSA key of {key.key_size} bits", _TAKEN)
        return "PS256"
    if key.curve.name not in ALGORITHM_BY_CURVE:
        raise _refused(f"is an EC key on the curve {key.curve.name}", _TAKEN)
    return ALGORITHM_BY_CURVE[key.curve.name]


def _own(bodies: list[str], key: _Signing) -> Certificate | None:
    """The certificate of a key, of those beside it.

    Raises:
        ConfigurationError: There are certificates, but none is that of the key.
    """
    certificates = [_certificate(body) for body in bodies]
    own = [each for each in certificates if _public(each) == _public(key)]
    if certificates and not own:
        raise _refused(
            "holds a key and a certificate that do not belong together",
            "Give the key that was made with the certificate that NetSuite has",
        )
    valid = [Certificate(each.not_valid_before_utc, each.not_valid_after_utc) for each in own]
    return max(valid, key=lambda one: one.ends, default=None)


def _certificate(body: str) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(_pem("CERTIFICATE", body))
    except ValueError:
        raise _refused(
            "holds a certificate that cannot be read",
            "Leave it out, or copy it anew: the key alone is enough",
        ) from None


def _public(holder: _Signing | x509.Certificate) -> bytes:
    return holder.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _pem(label: str, body: str) -> bytes:
    return f"-----BEGIN {label}-----\n{_NO_BASE64.sub('', body)}\n-----END {label}-----\n".encode()


def _refused(problem: str, remedy: str = _WANTED) -> ConfigurationError:
    return ConfigurationError(f"private_key {problem}. {remedy}.")
