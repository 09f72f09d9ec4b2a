"""Sending anything at all, and what any answer has to be."""

import json
from typing import Any

import requests

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.client import PATH, signer

SECONDS = 20


def send(account: Simulator, body: bytes, target: str = PATH) -> requests.Response:
    with requests.Session() as session:
        return session.post(
            account.base_url + target,
            data=body,
            headers={"Prefer": "transient", "Content-Type": "application/json"},
            auth=signer(account),
            timeout=SECONDS,
        )


def check(account: Simulator, response: requests.Response) -> dict[str, Any]:
    """Return the envelope of an answer, which is NetSuite's in any case."""
    envelope: dict[str, Any] = response.json()
    assert response.status_code in {200, 400}, response.text[:500]
    if response.status_code == 200:
        assert len(envelope["items"]) == envelope["count"] <= envelope["totalResults"]
    else:
        assert envelope["status"] == 400
        assert envelope["o:errorDetails"][0]["detail"]
    assert "Traceback" not in response.text
    assert account.counters.crashes == 0
    return envelope


def asked(account: Simulator, query: str, *parameters: object) -> dict[str, Any]:
    return check(account, send(account, json.dumps({"q": query, "params": parameters}).encode()))
