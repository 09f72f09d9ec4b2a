"""A small client for the simulator; it signs by requests-oauthlib, which the simulator lacks."""

from collections.abc import Mapping
from typing import Any

import requests
from requests.auth import AuthBase
from requests_oauthlib import OAuth1

from tap_netsuite_tba.simulator import Simulator

PATH = "/services/rest/query/v1/suiteql"


def signer(account: Simulator, **changes: str | None) -> OAuth1:
    """Sign for ``account``; ``changes`` replace what OAuth1 is given."""
    known = account.credentials
    arguments: dict[str, Any] = {
        "client_key": known.consumer_key,
        "client_secret": known.consumer_secret,
        "resource_owner_key": known.token_id,
        "resource_owner_secret": known.token_secret,
        "realm": known.account_id,
        "signature_method": "HMAC-SHA256",
        "timestamp": str(int(account.clock.now().timestamp())),
        **changes,
    }
    return OAuth1(**arguments)


def ask(  # noqa: PLR0913  # one for each part of a request
    account: Simulator,
    query: str,
    *parameters: object,
    limit: int | None = None,
    offset: int | None = None,
    headers: Mapping[str, str] | None = None,
    auth: AuthBase | None = None,
    timeout: float = 30,
) -> requests.Response:
    """Send one query."""
    where = {"limit": limit, "offset": offset}
    body: dict[str, object] = {"q": query}
    if parameters:
        body["params"] = list(parameters)
    # One connection a request, closed at once: nothing is left open for a warning.
    with requests.Session() as session:
        return session.post(
            account.base_url + PATH,
            params={name: value for name, value in where.items() if value is not None},
            json=body,
            headers={"Prefer": "transient", **(headers or {})},
            auth=auth or signer(account),
            timeout=timeout,
        )


def rows(
    account: Simulator,
    query: str,
    *parameters: object,
    limit: int | None = None,
    offset: int | None = None,
) -> list[dict[str, Any]]:
    """Return a query's rows without their links."""
    response = ask(account, query, *parameters, limit=limit, offset=offset)
    assert response.status_code == 200, response.text
    return [
        {name: value for name, value in item.items() if name != "links"}
        for item in response.json()["items"]
    ]


def value(account: Simulator, expression: str) -> str | None:
    """Return what an expression is printed as; None if it is null."""
    [row] = rows(account, f"SELECT {expression} AS v FROM dual")  # noqa: S608  # a test's own
    found = row.get("v")
    assert found is None or isinstance(found, str)
    return found


def column(
    account: Simulator,
    query: str,
    *parameters: object,
    limit: int | None = None,
    offset: int | None = None,
) -> list[str]:
    """Return the only column of a query, in the order of the answer."""
    found = rows(account, query, *parameters, limit=limit, offset=offset)
    return [next(iter(row.values())) for row in found]


def detail(response: requests.Response) -> str:
    """Return the sentence of a refusal."""
    [entry] = response.json()["o:errorDetails"]
    text: str = entry["detail"]
    return text


def refusal(account: Simulator, query: str, *parameters: object) -> str:
    """Return why a query is refused, without the prefix that all refused queries share."""
    response = ask(account, query, *parameters)
    assert response.status_code == 400, response.text
    prefix = "Invalid search query. Detailed unprocessed description follows. "
    assert detail(response).startswith(prefix)
    return detail(response).removeprefix(prefix)
