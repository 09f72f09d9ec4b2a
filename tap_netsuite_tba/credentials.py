"""The settings that are credentials: which each way to log in needs, and none for the demo."""

from collections.abc import Mapping
from itertools import chain
from typing import Any

from singer_sdk import typing as th

TBA, OAUTH2 = "tba", "oauth2"

CREDENTIALS_BY_METHOD: Mapping[str, tuple[str, ...]] = {
    TBA: ("account_id", "consumer_key", "consumer_secret", "token_id", "token_secret"),
    OAUTH2: ("account_id", "client_id", "certificate_id", "private_key"),
}
"""What a connection needs, by `auth_method`."""

CREDENTIAL_PROPERTIES: tuple[th.Property[Any], ...] = (
    th.Property(
        "account_id",
        th.StringType(nullable=False),
        title="Account id",
        description="The NetSuite account, from Setup > Company > Company Information",
        examples=["1234567", "1234567_SB1"],
    ),
    th.Property(
        "consumer_key",
        th.StringType(nullable=False),
        title="Consumer key",
        description="Consumer key of the integration record",
        secret=True,
    ),
    th.Property(
        "consumer_secret",
        th.StringType(nullable=False),
        title="Consumer secret",
        description="Consumer secret of the integration record",
        secret=True,
    ),
    th.Property(
        "token_id",
        th.StringType(nullable=False),
        title="Token id",
        description="Id of the access token",
        secret=True,
    ),
    th.Property(
        "token_secret",
        th.StringType(nullable=False),
        title="Token secret",
        description="Secret of the access token",
        secret=True,
    ),
    th.Property(
        "auth_method",
        th.StringType(nullable=False, allowed_values=[TBA, OAUTH2]),
        title="Way to log in",
        description="tba: Token-Based Authentication; oauth2: OAuth 2.0 client credentials, with "
        "client_id, certificate_id and private_key in place of the keys and the token",
        default=TBA,
    ),
    th.Property(
        "client_id",
        th.StringType(nullable=False),
        title="Client id",
        description="Client id of the integration record, for OAuth 2.0",
        secret=True,
    ),
    th.Property(
        "certificate_id",
        th.StringType(nullable=False),
        title="Certificate id",
        description="Id that NetSuite gave the certificate in its OAuth 2.0 Client Credentials "
        "(M2M) Setup",
    ),
    th.Property(
        "private_key",
        th.StringType(nullable=False),
        title="Private key",
        description="Private key of that certificate: PEM text, whose line breaks may be written "
        "\\n, or the path of its file",
        secret=True,
    ),
)
"""How they are described, with the way to log in."""

CREDENTIALS = tuple(dict.fromkeys(chain.from_iterable(CREDENTIALS_BY_METHOD.values())))


def wrong_credentials(config: Mapping[str, Any]) -> list[str]:
    """At most one sentence: on what is missing, or on what does not go with the demo."""
    given = {name for name in CREDENTIALS if config.get(name)}
    if config.get("demo"):
        return [_with_demo(given)] if given else []
    method = config.get("auth_method", TBA)
    missing = [name for name in CREDENTIALS_BY_METHOD[method] if name not in given]
    return [_missing(method, missing, given)] if missing else []


def _with_demo(given: set[str]) -> str:
    names = ", ".join(name for name in CREDENTIALS if name in given)
    return (
        f"demo is true and {names} given: leave demo out to read the account, or leave the "
        "credentials out to read the demo company."
    )


def _missing(method: str, missing: list[str], given: set[str]) -> str:
    complete = (one for one, names in CREDENTIALS_BY_METHOD.items() if given.issuperset(names))
    instead = next(
        (f"set auth_method to {one}, for which all is given" for one in complete),
        "set demo to true to try the tap without an account",
    )
    return (
        f"{', '.join(missing)} missing: a connection by {method} needs "
        f"{', '.join(CREDENTIALS_BY_METHOD[method])}; {instead}."
    )
