"""A verifier of TBA signatures, written from RFC 5849 with the standard library alone."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import urlsplit

_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def escaped(text: str) -> str:
    """Section 3.6: every byte but the unreserved ones, in upper-case hexadecimal."""
    return "".join(chr(b) if b in _UNRESERVED else f"%{b:02X}" for b in text.encode())


def unescaped(text: str) -> str:
    """As a server reads a query string: `+` is a space."""
    first, *rest = text.replace("+", " ").encode().split(b"%")
    return (first + b"".join(bytes([int(r[:2], 16)]) + r[2:] for r in rest)).decode()


def base_string(method: str, url: str, oauth: Mapping[str, str]) -> str:
    """Section 3.4.1, for a request whose body is not a form.

    Args:
        oauth: The parameters of the Authorization header, decoded; realm and signature stay out.
    """
    address = urlsplit(url)
    pairs = [tuple(map(unescaped, p.split("=", 1))) for p in address.query.split("&") if p]
    pairs += [(k, v) for k, v in oauth.items() if k not in ("realm", "oauth_signature")]
    parameters = "&".join("=".join(p) for p in sorted(tuple(map(escaped, pair)) for pair in pairs))
    port = {("http", 80): "", ("https", 443): ""}.get(
        (address.scheme, address.port or 0), f":{address.port}" if address.port else ""
    )
    where = f"{address.scheme.lower()}://{(address.hostname or '').lower()}{port}{address.path}"
    return "&".join(map(escaped, (method.upper(), where, parameters)))


def signature(
    method: str, url: str, oauth: Mapping[str, str], *, consumer_secret: str, token_secret: str
) -> str:
    """Section 3.4.2 with SHA-256."""
    key = f"{escaped(consumer_secret)}&{escaped(token_secret)}".encode()
    digest = hmac.new(key, base_string(method, url, oauth).encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()
