"""TLS for clients that will not speak to NetSuite without it."""

import ssl
from pathlib import Path

# The type of the TLS record that a ClientHello is; no HTTP method begins so.
CLIENT_HELLO = b"\x16"
RECORD_HEAD_BYTES = 5
_ALERT = b"\x15"
# TLS 1.3 hides an alert's type, and not its length: level, description, type, and a tag of 16.
_HIDDEN_ALERT = b"\x17\x03\x03\x00\x13"


def is_alert(head: bytes) -> bool:
    """Tell whether a record from a client is an alert, which ends a connection.

    Args:
        head: the first ``RECORD_HEAD_BYTES`` of the record, as they travel.
    """
    return head[:1] == _ALERT or head == _HIDDEN_ALERT


def server_context(
    certfile: Path | str | None, keyfile: Path | str | None
) -> ssl.SSLContext | None:
    """Return what a server needs to speak TLS; None if there is no certificate.

    Args:
        certfile: the certificate and its chain, in PEM.
        keyfile: its private key, in PEM, without a password.

    Raises:
        ValueError: one is missing or cannot be read, or they are no pair.
    """
    if certfile is None and keyfile is None:
        return None
    if certfile is None or keyfile is None:
        raise ValueError("TLS needs both a certfile and a keyfile")
    for file in (certfile, keyfile):
        try:
            Path(file).read_bytes()
        except OSError as error:
            raise ValueError(f"{file} cannot be read ({error.strerror})") from error
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certfile, keyfile, password="")  # asks nobody for one
    except (ssl.SSLError, ValueError) as error:
        raise ValueError(
            f"{certfile} and {keyfile} are not a certificate and its key without password, in PEM"
        ) from error
    return context
