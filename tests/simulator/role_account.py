"""Roles made in tests, and what they are asked by."""

from collections.abc import Iterable

import requests

from tap_netsuite_tba.simulator import Role, Simulator
from tests.simulator.client import signer

METADATA = "/services/rest/record/v1/metadata-catalog"
MINIMUM = {
    "REST Web Services": "Full",
    "Log in using Access Tokens": "Full",
    "SuiteAnalytics Workbook": "Edit",
}


def role(*permissions: str, subsidiaries: Iterable[int] | None = None, off: str = "") -> Role:
    """Return a role that may log in, query, and what ``permissions`` say."""
    held = {**MINIMUM, **dict.fromkeys(permissions, "View")}
    only = None if subsidiaries is None else frozenset(subsidiaries)
    return Role("a test's", held, only, frozenset({off} - {""}))


def select(what: str, rest: str) -> str:
    return f"SELECT {what} FROM {rest}"  # noqa: S608  # a test's own


def all_of(table: str) -> str:
    return select("COUNT(*) AS n", table)


def catalog(account: Simulator) -> set[str]:
    response = requests.get(
        account.base_url + METADATA,
        auth=signer(account),
        headers={"Connection": "close"},
        timeout=30,
    )
    assert response.status_code == 200, response.text
    return {item["name"] for item in response.json()["items"]}
