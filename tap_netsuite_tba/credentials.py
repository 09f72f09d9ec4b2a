"""Which settings are credentials: by each way to log in, and none for the demo."""

from collections.abc import Mapping
from itertools import chain
from typing import Any

TBA, OAUTH2 = "tba", "oauth2"

CREDENTIALS_BY_METHOD: Mapping[str, tuple[str, ...]] = {
    TBA: ("account_id", "consumer_key", "consumer_secret", "token_id", "token_secret"),
    OAUTH2: ("account_id", "client_id", "certificate_id", "private_key"),
}
"""What a connection needs, by `auth_method`."""

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
