"""How tests ask the metadata catalog."""

from typing import Any

import requests

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.client import signer

CATALOG = "/services/rest/record/v1/metadata-catalog"
JSON_SCHEMA = "application/schema+json"
OPEN_API = "application/swagger+json"


def get(  # noqa: PLR0913  # one for each part of a request
    account: Simulator,
    path: str = CATALOG,
    accept: str = "*/*",
    *,
    method: str = "GET",
    signed: bool = True,
    select: str | None = None,
) -> requests.Response:
    """Send one request, on a connection of its own."""
    return requests.request(
        method,
        account.base_url + path,
        params={} if select is None else {"select": select},
        headers={"Accept": accept, "Connection": "close"},
        auth=signer(account) if signed else None,
        timeout=30,
    )


def names(account: Simulator) -> list[str]:
    """Return the record types in the order of the list."""
    response = get(account)
    assert response.status_code == 200, response.text
    return [item["name"] for item in response.json()["items"]]


def schema(account: Simulator, name: str) -> dict[str, Any]:
    """Return the JSON Schema of a record type."""
    response = get(account, f"{CATALOG}/{name}", JSON_SCHEMA)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def error(response: requests.Response) -> dict[str, Any]:
    """Return the only entry of a refusal's details."""
    [entry] = response.json()["o:errorDetails"]
    found: dict[str, Any] = entry
    return found
