"""Secrets that are known wherever they come out, and who looks for them."""

import base64
import json
import logging
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from urllib.parse import parse_qs, unquote

from tap_netsuite_tba.simulator import Credentials, Simulator
from tests.contract.gateway import Answer, Gateway

_ODD = "+/='\"\\%&<é"
"""Signs that are written otherwise in an address, in JSON, in a `repr`."""

_STEMS = ("CANARYconsumerkey", "CANARYconsumersecret", "CANARYtokenid", "CANARYtokensecret")
_CLIENT_ID = "CANARYclientid"
"""What stays of them in all these."""

CREDENTIALS = Credentials("1234567_SB1", *(f"{stem}{_ODD}" for stem in _STEMS))

_OPEN = {
    *("oauthlib", "requests_oauthlib", "requests", "urllib3", "http", "jwt", "cryptography"),
    *("singer_sdk", "tap_netsuite_tba", "tap-netsuite-tba", "portalocker", "msgspec", "fsspec"),
}
"""The packages that have loggers of ours or of what we use."""


def seen(text: str, others: Iterable[str] = ()) -> list[str]:
    """The secrets that stand in a text, in whatever form; none, as it should be.

    Args:
        text: What somebody could read.
        others: Secrets beside the credentials, such as signatures.
    """
    lowered = text.lower()
    return sorted(
        {
            secret
            for secret in (*_STEMS, _CLIENT_ID, *others)
            for form in _forms(secret)
            if form in lowered
        }
    )


def _forms(secret: str) -> Iterator[str]:
    """A secret as it is, and as it may be encoded, in lower case."""
    content = secret.encode()
    yield secret.lower()
    yield content.hex()
    for shift in range(3):  # Where it begins within the three bytes that become four letters.
        encoded = base64.b64encode(b"\0" * shift + content).decode()
        yield encoded[4 if shift else 0 : -4].lower()


def certificate_settings(account: Simulator) -> dict[str, str]:
    """The settings to log in to an account by OAuth 2.0."""
    certificate = account.oauth2.certificate(client_id=f"{_CLIENT_ID}{_ODD}")
    return {
        "auth_method": "oauth2",
        "client_id": certificate.client_id,
        "certificate_id": certificate.certificate_id,
        "private_key": certificate.private_key,
    }


def lines_of(private_key: str) -> list[str]:
    """The lines of a key in PEM that are secret."""
    return [line for line in private_key.splitlines() if "-----" not in line]


class Eavesdropper(Gateway):
    """Carries requests to an account, and takes down what of them is secret.

    Attributes:
        secrets: Signatures, assertions and access tokens.
        command_lines: Of all processes of this machine while the first request was on its way.
    """

    def __init__(self, account: Simulator) -> None:
        super().__init__(account)
        self.secrets: set[str] = set()
        self.command_lines = ""

    def carry(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        """As the gateway does."""
        self.command_lines = self.command_lines or _command_lines()
        self.secrets.update(secrets_of(headers.get("Authorization", "")))
        for assertion in parse_qs(body.decode()).get("client_assertion", ()):
            self.secrets.update(_parts_of(assertion))
        return super().carry(method, target, headers, body)


def secrets_of(authorization: str) -> Iterator[str]:
    """The signature or the token, as it is sent and as it is."""
    scheme, _, rest = authorization.partition(" ")
    if scheme == "Bearer":
        yield from _parts_of(rest)
    elif scheme == "OAuth":
        pairs = dict(pair.split("=", 1) for pair in rest.split(", "))
        signature = pairs["oauth_signature"].strip('"')
        yield from (signature, unquote(signature))


def _parts_of(token: str) -> tuple[str, str]:
    """A JSON Web Token, and its signature alone."""
    return token, token.rpartition(".")[2]


def _command_lines() -> str:
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has ended meanwhile
            lines.append(path.read_text(errors="replace"))
    return "\n".join(lines)


def all_at_debug(path: Path) -> Path:
    """A logging configuration that names each logger there is, and keeps nothing to itself."""
    kept = {"level": "DEBUG"}
    import_module("tap_netsuite_tba.connection")  # and with it what logs
    names = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in _OPEN]
    assert "oauthlib.oauth1.rfc5849" in names  # which tells signatures, if it is let
    streams = {"class": "logging.StreamHandler", "stream": "ext://sys.stderr"}
    configuration = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {"format": "%(levelname)s %(name)s %(message)s %(args)s"},
            "structured": {"()": "singer_sdk.logging.StructuredFormatter"},
        },
        "handlers": {
            "plain": {**streams, "formatter": "plain"},
            "structured": {**streams, "formatter": "structured"},
        },
        "loggers": dict.fromkeys(names, kept),
        "root": {**kept, "handlers": ["plain", "structured"]},
    }
    path.write_text(json.dumps(configuration))  # JSON is YAML.
    return path
