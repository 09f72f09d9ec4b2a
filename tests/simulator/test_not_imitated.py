"""What NetSuite has and the simulator has not says so."""

from dataclasses import replace

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.metadata.catalog import error, get, names

RECORDS = "/services/rest/record/v1"


@pytest.mark.parametrize("path", ["employee", "employee/999999", "salesOrder/1/item", "CUSTOMER"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_known_record_type_is_not_imitated_yet(shared: Simulator, method: str, path: str) -> None:
    path = f"{RECORDS}/{path}"
    response = get(shared, path, method=method)
    assert response.status_code == 501
    assert "type=error" in response.headers["Content-Type"]
    assert response.json()["title"] == "Not Implemented"
    assert response.json()["type"].endswith("rfc9110.html#section-15.6.2")
    assert error(response) == {
        "detail": "This is not NetSuite's answer: "
        "the simulator does not imitate the record service yet.",
        "o:errorUrl": path,
        "o:errorCode": "NOT_IMPLEMENTED",
    }


def test_what_the_catalog_lists_is_known(shared: Simulator) -> None:
    for name in names(shared):
        assert get(shared, f"{RECORDS}/{name}").status_code == 501, name


def test_a_hidden_record_type_is_not_said_to_be_unknown(account: Simulator) -> None:
    account.sql("CREATE TABLE customrecord_vehicle (id BIGINT)")
    account.role = "crippled"
    assert "customrecord_vehicle" not in names(account)
    assert get(account, f"{RECORDS}/customrecord_vehicle").status_code == 501
    assert get(account, f"{RECORDS}/employee").status_code == 501


@pytest.mark.parametrize("path", ["unknown", "unknown/17", "unknown/17/item", "unknown?limit=5"])
def test_an_unknown_record_type_does_not_exist(shared: Simulator, path: str) -> None:
    response = get(shared, f"{RECORDS}/{path}")
    assert response.status_code == 404
    assert error(response) == {
        "detail": "Record type 'unknown' does not exist.",
        "o:errorUrl": f"{RECORDS}/{path.partition('?')[0]}",
        "o:errorCode": "NONEXISTENT_ID",
    }


@pytest.mark.parametrize(
    "path", ["/nosuch", "/services/rest/query/v1/nosuch", RECORDS, f"{RECORDS}/"]
)
def test_other_addresses_are_no_record_types(shared: Simulator, path: str) -> None:
    response = get(shared, path)
    assert response.status_code == 404
    assert error(response)["o:errorUrl"] == path
    assert error(response)["o:errorCode"] == "NONEXISTENT_ID"
    assert "ecord" not in error(response)["detail"]


def test_a_role_without_rest_web_services_is_not_told(account: Simulator) -> None:
    account.role = replace(account.role, permissions={"Log in using Access Tokens": "Full"})
    assert get(account, f"{RECORDS}/customer").status_code == 403


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/services/rest/query/v1/dataset", "datasets"),
        ("/services/rest/query/v1/dataset/custdataset7/result", "datasets"),
        ("/services/rest/async/v1/job", "asynchronous jobs"),
        ("/services/rest/async/v1/job/5/task/1/result", "asynchronous jobs"),
        ("/app/site/hosting/restlet.nl?script=1&deploy=1", "RESTlets"),
    ],
)
def test_other_services_are_not_imitated_either(shared: Simulator, path: str, name: str) -> None:
    assert get(shared, path, signed=False).status_code == 401
    response = get(shared, path)
    assert response.status_code == 501
    assert error(response)["detail"].endswith(f"the simulator does not imitate the {name} yet.")
    assert error(response)["o:errorUrl"] == path.partition("?")[0]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/services/rest/auth/oauth2/v1/revoke", "OAuth 2.0 services"),
        ("/services/NetSuitePort_2023_1", "SOAP web services"),
    ],
)
def test_a_service_with_a_login_of_its_own_says_so_to_anybody(
    shared: Simulator, path: str, name: str
) -> None:
    response = get(shared, path, method="POST", signed=False)
    assert response.status_code == 501
    assert error(response)["detail"].endswith(f"the simulator does not imitate the {name} yet.")


@pytest.mark.parametrize("path", ["/services/NetSuitePort", "/services/rest/query/v1/datasets"])
def test_an_address_that_is_only_like_theirs_does_not_exist(shared: Simulator, path: str) -> None:
    assert get(shared, path).status_code == 404
