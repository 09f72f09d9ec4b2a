"""OAuth 1.0a signatures (RFC 5849, HMAC-SHA256), computed from the request as it arrived."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote, urlsplit

_PAIR = re.compile(r'\s*([A-Za-z0-9_]+)="([^"]*)"\s*')
# As RFC 6750 lets a token be written.
_BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/-]+=*)", re.IGNORECASE)
_DEFAULT_PORTS = {"http": 80, "https": 443}


class MalformedAuthorizationError(Exception):
    """An Authorization header that is no list of ``name="value"``, each once and not empty."""


@dataclass(frozen=True)
class SignedRequest:
    """What a signature covers, and the header that carries it.

    Attributes:
        method: the HTTP method.
        url: the whole address, with the query as it was sent.
        authorization: the Authorization header; empty if there was none.
    """

    method: str
    url: str
    authorization: str = field(repr=False)


def parse_authorization(header: str) -> dict[str, str]:
    """Read the parameters of an OAuth Authorization header, ``realm`` among them.

    Raises:
        MalformedAuthorizationError: a parameter is malformed, empty or sent twice.
    """
    scheme, _, rest = header.strip().partition(" ")
    if scheme.lower() != "oauth":
        raise MalformedAuthorizationError(f"the scheme is {scheme[:20]!r}, not 'OAuth'")
    parameters: dict[str, str] = {}
    for part in rest.split(","):
        match = _PAIR.fullmatch(part)
        if match is None:
            name = part.partition("=")[0].strip()[:30]
            raise MalformedAuthorizationError(f"{name!r} is not followed by a quoted value")
        name, value = match[1], unquote(match[2])
        if name in parameters:
            raise MalformedAuthorizationError(f"{name!r} was sent twice")
        if not value:
            raise MalformedAuthorizationError(f"{name!r} is empty")
        parameters[name] = value
    return parameters


def is_bearer(header: str) -> bool:
    """Tell whether an Authorization header is OAuth 2.0's, and not OAuth 1.0a's."""
    return header.strip().partition(" ")[0].lower() == "bearer"


def bearer_token(header: str) -> str:
    """Return the token in an Authorization header of OAuth 2.0.

    Raises:
        MalformedAuthorizationError: there is not one token in it.
    """
    match = _BEARER.fullmatch(header.strip())
    if match is None:
        raise MalformedAuthorizationError("'Bearer' wants one token")
    return match[1]


def base_string(method: str, url: str, oauth: Iterable[tuple[str, str]]) -> str:
    """Build the text that is signed.

    Args:
        method: the HTTP method.
        url: the whole address; its query parameters are signed too.
        oauth: the parameters of the Authorization header, without realm and signature.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if parts.port is not None and parts.port != _DEFAULT_PORTS.get(parts.scheme):
        host = f"{host}:{parts.port}"
    pairs = [*parse_qsl(parts.query, keep_blank_values=True), *oauth]
    encoded = sorted((_encode(name), _encode(value)) for name, value in pairs)
    parameters = "&".join(f"{name}={value}" for name, value in encoded)
    address = f"{parts.scheme.lower()}://{host}{parts.path or '/'}"
    return "&".join(map(_encode, (method.upper(), address, parameters)))


def sign(text: str, consumer_secret: str, token_secret: str) -> str:
    """Return the base64 of the HMAC-SHA256 of ``text`` under both secrets."""
    key = f"{_encode(consumer_secret)}&{_encode(token_secret)}".encode()
    return base64.b64encode(hmac.new(key, text.encode(), hashlib.sha256).digest()).decode()


def is_signed(
    request: SignedRequest, oauth: dict[str, str], consumer_secret: str, token_secret: str
) -> bool:
    """Tell whether ``oauth_signature`` is the signature of ``request`` under both secrets."""
    text = base_string(request.method, request.url, _covered(oauth))
    expected = sign(text, consumer_secret, token_secret)
    return hmac.compare_digest(expected.encode(), oauth["oauth_signature"].encode())


def signed_text(request: SignedRequest, oauth: dict[str, str]) -> str:
    """Return what a right signature would have covered, without the values of credentials."""
    shown = {"oauth_consumer_key": "...", "oauth_token": "..."}
    return base_string(request.method, request.url, _covered({**oauth, **shown}))


def _covered(oauth: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (name, value) for name, value in oauth.items() if name not in {"realm", "oauth_signature"}
    ]


def _encode(text: str) -> str:
    return quote(text, safe="~")
