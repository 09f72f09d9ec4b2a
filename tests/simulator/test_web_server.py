"""What is answered before anybody logs in."""

from typing import Literal

import pytest
import requests

from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator, Switches
from tests.simulator.client import PATH, ask, signer

QUERY = "SELECT id FROM subsidiary ORDER BY id ASC"
NETSUITE = "1234567-sb1.{}.api.netsuite.com"
CATALOG = "/services/rest/record/v1/metadata-catalog"


def knock(
    account: Simulator, method: str = "HEAD", path: str = "/", host: str | None = None
) -> requests.Response:
    """Ask without a login, on a connection of its own."""
    headers = {"Connection": "close"} | ({"Host": host} if host else {})
    return requests.request(
        method, account.base_url + path, headers=headers, timeout=30, allow_redirects=False
    )


@pytest.mark.parametrize("method", ["HEAD", "GET"])
@pytest.mark.parametrize(
    ("choice", "location"),
    [("404", None), ("302", "https://1234567-sb1.app.netsuite.com/"), ("200", None)],
)
def test_the_front_page_is_there_for_anybody_and_dated(
    method: str, choice: Literal["404", "302", "200"], location: str | None
) -> None:
    with Simulator(company=False, switches=Switches(front_page=choice)) as account:
        response = knock(account, method)
        assert response.status_code == int(choice)
        assert response.headers.get("Location") == location
        assert "Date" in response.headers
        assert "WWW-Authenticate" not in response.headers
        assert bool(response.content) is (method == "GET")
        assert account.counters.refused_logins == {}
        assert account.counters.peak_in_flight == 0


def test_the_front_page_is_there_even_where_no_place_is(account: Simulator) -> None:
    account.others = 5
    assert knock(account).status_code == 404


@pytest.mark.parametrize("path", [PATH, CATALOG, "/rest/tokeninfo", "/services"])
def test_whoever_knocks_at_a_service_was_refused_a_login(account: Simulator, path: str) -> None:
    response = knock(account, path=path)
    assert response.status_code == 401
    assert response.content == b""
    assert sum(account.counters.refused_logins.values()) == 1


def test_a_signed_head_of_a_service_is_a_method_that_it_lacks(shared: Simulator) -> None:
    response = requests.head(
        shared.base_url + CATALOG,
        auth=signer(shared),
        headers={"Connection": "close"},
        timeout=30,
    )
    assert (response.status_code, response.content) == (405, b"")


def test_a_wrong_date_is_on_the_front_page_too_and_no_other_fault_is(account: Simulator) -> None:
    account.faults.add(
        Fault(FaultKind.UNAVAILABLE, times=1), Fault(FaultKind.CLOCK, times=None, seconds=-86_400)
    )
    wrong = knock(account)
    assert wrong.status_code == 404
    account.faults.clear()
    assert wrong.headers["Date"][:16] != knock(account).headers["Date"][:16]


def test_dates_may_be_absent() -> None:
    with Simulator(company=False, switches=Switches(date="absent")) as account:
        account.sql("CREATE TABLE subsidiary (id BIGINT)")
        assert "Date" not in knock(account).headers
        assert "Date" not in ask(account, QUERY).headers


@pytest.mark.parametrize(
    ("host", "path", "status"),
    [
        (NETSUITE.format("suitetalk"), CATALOG, 401),
        (NETSUITE.format("suitetalk").upper() + ":443", CATALOG, 401),
        (NETSUITE.format("restlets"), "/rest/tokeninfo", 401),
        (NETSUITE.format("suitetalk"), "/rest/tokeninfo", 404),
        (NETSUITE.format("restlets"), CATALOG, 404),
        ("7654321.suitetalk.api.netsuite.com", CATALOG, 404),
        ("7654321.restlets.api.netsuite.com", "/rest/tokeninfo", 404),
        ("proxy.example.com", CATALOG, 401),
        ("proxy.example.com", "/rest/tokeninfo", 401),
    ],
)
def test_each_host_has_its_own_services(
    account: Simulator, host: str, path: str, status: int
) -> None:
    response = knock(account, "GET", path, host)
    assert response.status_code == status
    assert response.headers["Content-Type"].startswith("text/html") is (status == 404)
    assert sum(account.counters.refused_logins.values()) == (status == 401)


def test_the_host_of_no_account_may_refuse_a_login() -> None:
    with Simulator(company=False, switches=Switches(unknown_account="401")) as account:
        stranger = "7654321.suitetalk.api.netsuite.com"
        assert knock(account, "GET", CATALOG, stranger).status_code == 401


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (FaultKind.UNAUTHORIZED_PAGE, 401),
        (FaultKind.FORBIDDEN_PAGE, 403),
        (FaultKind.REDIRECT, 302),
    ],
)
def test_a_proxy_may_answer_in_its_own_words(
    account: Simulator, kind: FaultKind, status: int
) -> None:
    account.faults.add(Fault(kind))
    response = requests.post(
        account.base_url + PATH,
        json={"q": QUERY},
        auth=signer(account),
        headers={"Prefer": "transient", "Connection": "close"},
        allow_redirects=False,
        timeout=30,
    )
    assert response.status_code == status
    assert "text/html" in response.headers["Content-Type"]
    assert ("Location" in response.headers) is (status == 302)
    assert account.counters.refused_logins == {}
