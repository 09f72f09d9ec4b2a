"""Which services a role opens: REST, its catalog of records, SuiteQL."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

import pytest
import requests

from tap_netsuite_tba.simulator import AuditReason, Role, Simulator, Switches
from tests.simulator.client import ask, detail, refusal, signer
from tests.simulator.role_account import METADATA, all_of, catalog, role


@pytest.fixture(scope="module")
def company() -> Iterator[Simulator]:
    with Simulator(300, born=datetime(2026, 3, 1, tzinfo=UTC)) as account:
        yield account


@pytest.fixture
def account(company: Simulator) -> Iterator[Simulator]:
    yield company
    company.role = "administrator"


def test_record_types_without_permission_are_missing_from_the_catalog(account: Simulator) -> None:
    everything = catalog(account)
    account.role = "crippled"
    fewer = catalog(account)
    assert {"salesorder", "invoice", "customer", "inventoryitem"} <= fewer < everything
    lacking = {"journalentry", "customerpayment", "employee", "customrecord_vehicle", "department"}
    assert lacking <= everything - fewer


def test_without_rest_web_services_every_rest_service_is_403(account: Simulator) -> None:
    account.role = Role("no REST", {"Log in using Access Tokens": "Full"})
    for path in (METADATA, "/services/rest/query/v1/suiteql", "/services/rest/nowhere"):
        response = requests.post(
            account.base_url + path,
            auth=signer(account),
            headers={"Connection": "close"},
            timeout=30,
        )
        assert response.status_code == 403
        assert response.json()["o:errorDetails"][0]["o:errorCode"] == "INSUFFICIENT_PERMISSION"
    account.role = role(off="REST Web Services")
    assert ask(account, "SELECT 1 AS v FROM dual").status_code == 403


@pytest.mark.parametrize(("choice", "code"), [("400", "USER_ERROR"), ("404", "NONEXISTENT_ID")])
def test_rest_web_services_may_be_refused_otherwise(
    choice: Literal["400", "404"], code: str
) -> None:
    poor = Role("no REST", {"Log in using Access Tokens": "Full"})
    with Simulator(company=False, role=poor, switches=Switches(without_rest=choice)) as account:
        response = ask(account, "SELECT 1 AS v FROM dual")
        assert response.status_code == int(choice)
        assert response.json()["o:errorDetails"][0]["o:errorCode"] == code


def test_the_catalog_may_lack_what_queries_have_and_the_other_way_round(
    account: Simulator,
) -> None:
    account.role = replace(
        account.role, unlisted=frozenset({"vendor"}), unqueryable=frozenset({"employee"})
    )
    assert "vendor" not in catalog(account)
    assert ask(account, all_of("vendor")).ok
    assert "employee" in catalog(account)
    assert "Record 'employee' was not found." in refusal(account, all_of("employee"))


def test_a_role_may_be_refused_the_whole_catalog(account: Simulator) -> None:
    account.role = replace(account.role, unlisted=None)
    for path in (METADATA, f"{METADATA}/vendor"):
        response = requests.get(
            account.base_url + path,
            auth=signer(account),
            headers={"Connection": "close"},
            timeout=30,
        )
        assert response.status_code == 403
    assert ask(account, all_of("vendor")).ok


@pytest.mark.parametrize(
    ("choice", "status", "code", "words"),
    [
        ("403", 403, "INSUFFICIENT_PERMISSION", "You do not have permission"),
        ("400", 400, "USER_ERROR", "You need the 'SuiteAnalytics Workbook' permission"),
        ("not found", 400, "INVALID_PARAMETER", "Record 'subsidiary' was not found."),
    ],
)
def test_without_workbook_queries_alone_are_refused(
    choice: Literal["403", "400", "not found"], status: int, code: str, words: str
) -> None:
    permissions = {
        "REST Web Services": "Full",
        "User Access Tokens": "Full",
        "Subsidiaries": "Full",
    }
    switches = Switches(without_workbook=choice)
    poor = Role("no Workbook", permissions)
    with Simulator(company=False, role=poor, switches=switches) as account:
        account.sql("CREATE TABLE subsidiary (id BIGINT, name VARCHAR)")
        response = ask(account, "SELECT id FROM subsidiary")
        assert response.status_code == status
        assert response.json()["o:errorDetails"][0]["o:errorCode"] == code
        assert words in detail(response)
        assert "subsidiary" in catalog(account)


def test_without_log_in_using_access_tokens_nobody_is_let_in() -> None:
    with Simulator(company=False, role=Role("no tokens", {"REST Web Services": "Full"})) as account:
        assert ask(account, "SELECT 1 AS v FROM dual").status_code == 401
        assert account.counters.refused_logins == {AuditReason.PERMISSION_DENIED: 1}
