"""Which record types have an address, and what the others get."""

from dataclasses import replace

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.metadata.catalog import error, get, names
from tests.simulator.records.asking import RECORDS, asked


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["customer", "customer/303", "customer/eid:x", "customer/3/item"])
def test_writing_is_said_to_be_missing(company: Simulator, method: str, path: str) -> None:
    response = asked(company, path, method)
    assert response.status_code == 501
    assert "type=error" in response.headers["Content-Type"]
    assert response.json()["title"] == "Not Implemented"
    assert response.json()["type"].endswith("rfc9110.html#section-15.6.2")
    assert error(response) == {
        "detail": "This is not NetSuite's answer: "
        "the simulator does not imitate the writing of records yet.",
        "o:errorUrl": f"{RECORDS}/{path}",
        "o:errorCode": "NOT_IMPLEMENTED",
    }


def test_a_method_that_writes_nothing_is_not_allowed(company: Simulator) -> None:
    assert asked(company, "customer", "HEAD").status_code == 405


def test_many_records_at_once_are_said_to_be_missing(company: Simulator) -> None:
    response = asked(company, "customer", ids="303,306", expandRecords="true")
    assert response.status_code == 501
    assert "batch operations" in error(response)["detail"]


@pytest.mark.parametrize("path", ["unknown", "unknown/17", "unknown/17/item", "unknown?limit=5"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_record_type_does_not_exist(company: Simulator, path: str, method: str) -> None:
    response = asked(company, path, method)
    assert response.status_code == 404
    assert error(response) == {
        "detail": "Record type 'unknown' does not exist.",
        "o:errorUrl": f"{RECORDS}/{path.partition('?')[0]}",
        "o:errorCode": "NONEXISTENT_ID",
    }


@pytest.mark.parametrize(
    "path", ["/nosuch", "/services/rest/query/v1/nosuch", RECORDS, f"{RECORDS}/"]
)
def test_other_addresses_are_no_record_types(company: Simulator, path: str) -> None:
    response = get(company, path)
    assert response.status_code == 404
    assert error(response)["o:errorUrl"] == path
    assert error(response)["o:errorCode"] == "NONEXISTENT_ID"
    assert "ecord" not in error(response)["detail"]


def test_a_hidden_record_type_is_not_said_to_be_unknown(account: Simulator) -> None:
    account.sql("CREATE TABLE customrecord_vehicle (id BIGINT)")
    account.role = "crippled"
    assert "customrecord_vehicle" not in names(account)
    for path in ("customrecord_vehicle", "customrecord_vehicle/5", "employee", "employee/5"):
        response = asked(account, path)
        assert response.status_code == 403
        assert error(response)["o:errorCode"] == "INSUFFICIENT_PERMISSION"


def test_a_role_without_rest_web_services_is_not_told(account: Simulator) -> None:
    account.role = replace(account.role, permissions={"Log in using Access Tokens": "Full"})
    assert asked(account, "customer").status_code == 403
    assert asked(account, "unknown").status_code == 403
