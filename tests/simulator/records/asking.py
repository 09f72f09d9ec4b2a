"""How tests ask the record service."""

from collections.abc import Mapping
from typing import Any

import requests

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.client import signer

RECORDS = "/services/rest/record/v1"

Listed = Mapping[str, requests.Response]
"""The answer of a list, by the name of its type."""


def asked(
    account: Simulator, path: str, method: str = "GET", /, **parameters: object
) -> requests.Response:
    """Send one request, on a connection of its own.

    Args:
        account: whom to ask.
        path: behind the service's own, such as ``customer/107``.
        method: of HTTP.
        parameters: of the query.
    """
    return requests.request(
        method,
        f"{account.base_url}{RECORDS}/{path}",
        params={name: str(value) for name, value in parameters.items()},
        headers={"Connection": "close"},
        auth=signer(account),
        timeout=30,
    )


def found(account: Simulator, path: str, **parameters: object) -> dict[str, Any]:
    """Return the JSON of an answer that is no refusal."""
    response = asked(account, path, **parameters)
    assert response.status_code == 200, response.text
    document: dict[str, Any] = response.json()
    return document


def ids(account: Simulator, record_type: str, **parameters: object) -> list[int]:
    """Return the ids of one page of a list, in its order."""
    items = found(account, record_type, **parameters)["items"]
    return [int(item["id"]) for item in items]
