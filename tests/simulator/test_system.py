import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

import pytest

from tap_netsuite_tba.simulator import AuditReason, Simulator, Switches
from tests.simulator.metadata.catalog import error, get

LIMITS = "/services/rest/system/v1/governanceLimits"
TIME = "/services/rest/system/v1/serverTime"
SINGULAR = "application/vnd.oracle.resource+json; type=singular; charset=UTF-8"


def test_an_integration_without_places_of_its_own_has_the_accounts_limit(
    shared: Simulator,
) -> None:
    response = get(shared, LIMITS)
    assert response.headers["Content-Type"] == SINGULAR
    assert response.json() == {
        "accountConcurrencyLimit": 5,
        "accountUnallocatedConcurrencyLimit": 5,
        "integrationLimitType": "accountLimit",
    }


def test_an_integration_with_places_of_its_own_has_a_limit_of_its_own(account: Simulator) -> None:
    account.governance.allocation = 2
    account.others = 1
    assert list(get(account, LIMITS).json().items()) == [
        ("accountConcurrencyLimit", 5),
        ("accountUnallocatedConcurrencyLimit", 2),
        ("integrationConcurrencyLimit", 2),
        ("integrationLimitType", "integrationSpecific"),
    ]


def test_what_is_left_of_the_limit_is_never_below_nothing(account: Simulator) -> None:
    account.governance.allocation = 2
    account.others = 4
    assert get(account, LIMITS).json()["accountUnallocatedConcurrencyLimit"] == 0


def test_an_integration_without_a_place_is_refused(account: Simulator) -> None:
    account.governance.allocation = 0
    assert get(account, TIME).status_code == 429


def test_an_integration_of_netsuites_own_is_internal(account: Simulator) -> None:
    account.governance.is_internal = True
    assert get(account, LIMITS).json()["integrationLimitType"] == "internal"


@pytest.mark.parametrize("role", ["integration", "crippled"])
def test_only_the_administrator_is_told_the_limits(account: Simulator, role: str) -> None:
    account.role = role
    response = get(account, LIMITS)
    assert response.status_code == 403
    assert error(response)["o:errorCode"] == "INSUFFICIENT_PERMISSION"
    assert get(account, TIME).status_code == 200


def test_the_time_is_in_utc_with_milliseconds(account: Simulator) -> None:
    account.clock.set(datetime(2026, 3, 26, 16, 21, 0, 5000, tzinfo=UTC))
    response = get(account, TIME)
    assert response.headers["Content-Type"] == SINGULAR
    assert list(response.json()) == ["serverTime"]
    told = response.json()["serverTime"]
    assert re.fullmatch(r"2026-03-26T16:2\d:\d\d\.\d{3}Z", told)


def test_a_token_tells_whose_it_is(shared: Simulator) -> None:
    response = get(shared, "/rest/tokeninfo")
    assert response.headers["Content-Type"] == "application/json;charset=utf-8"
    told = response.json()
    assert told["companyId"] == shared.credentials.account_id
    assert told["roleName"] == "Administrator"
    assert told["roleId"] == 3
    assert told.keys() >= {"companyName", "userId", "userName"}


def test_a_token_of_another_role_tells_that_role(account: Simulator) -> None:
    account.role = "integration"
    told = get(account, "/rest/tokeninfo").json()
    assert told["roleName"] == "Integration"
    assert told["roleId"] != 3


def test_addresses_are_told_without_a_login_and_are_here(shared: Simulator) -> None:
    response = get(shared, "/rest/datacenterurls?account=1234567_SB1", signed=False)
    assert response.status_code == 200
    assert response.json() == dict.fromkeys(
        ("webservicesDomain", "restDomain", "systemDomain"), shared.base_url
    )


@pytest.mark.parametrize("path", [LIMITS, TIME, "/rest/tokeninfo"])
def test_all_else_asks_for_a_login(shared: Simulator, path: str) -> None:
    assert get(shared, path, signed=False).status_code == 401


@pytest.mark.parametrize("path", [LIMITS, TIME])
def test_they_can_only_be_read(shared: Simulator, path: str) -> None:
    response = get(shared, path, method="POST")
    assert response.status_code == 405
    assert error(response)["o:errorCode"] == "INVALID_METHOD"


@pytest.mark.parametrize("path", ["/rest/tokeninfo", "/rest/datacenterurls"])
def test_what_is_on_the_host_of_restlets_refuses_in_their_words(
    shared: Simulator, path: str
) -> None:
    response = get(shared, path, method="POST")
    assert response.status_code == 405
    assert response.headers["Content-Type"] == "application/json;charset=utf-8"
    assert response.json()["error"]["code"] == "INVALID_METHOD"


def test_a_refused_login_and_one_request_too_many_have_other_codes_there(
    account: Simulator,
) -> None:
    refused = get(account, "/rest/tokeninfo", signed=False)
    assert refused.status_code == 401
    assert refused.json()["error"]["code"] == "INVALID_LOGIN_ATTEMPT"
    assert "token_rejected" in refused.headers["WWW-Authenticate"]
    account.others = 5
    too_many = get(account, "/rest/tokeninfo")
    assert too_many.status_code == 400
    assert too_many.json()["error"]["code"] == "SSS_REQUEST_LIMIT_EXCEEDED"


@pytest.mark.parametrize(
    ("choice", "status", "code"),
    [
        ("absent", 404, "NONEXISTENT_ID"),
        ("403", 403, "INSUFFICIENT_PERMISSION"),
        ("401", 401, "INVALID_LOGIN_ATTEMPT"),
    ],
)
def test_a_token_may_not_tell_whose_it_is(
    choice: Literal["absent", "403", "401"], status: int, code: str
) -> None:
    with Simulator(company=False, switches=Switches(token_info=choice)) as account:
        response = get(account, "/rest/tokeninfo")
        assert response.status_code == status
        assert response.json()["error"]["code"] == code
        assert sum(account.counters.refused_logins.values()) == (status == 401)
        assert get(account, TIME).status_code == 200


def test_a_role_for_web_services_only_is_not_let_in_there(account: Simulator) -> None:
    account.role = replace(account.role, web_services_only=True)
    response = get(account, "/rest/tokeninfo")
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "INVALID_LOGIN_CREDENTIALS"
    assert account.counters.refused_logins == {AuditReason.PERMISSION_DENIED: 1}
    assert get(account, TIME).status_code == 200


@pytest.mark.parametrize(("choice", "code"), [("400", "USER_ERROR"), ("404", "NONEXISTENT_ID")])
def test_the_limits_may_be_kept_otherwise(choice: Literal["400", "404"], code: str) -> None:
    switches = Switches(governance_limits=choice)
    with Simulator(company=False, role="integration", switches=switches) as account:
        response = get(account, LIMITS)
        assert response.status_code == int(choice)
        assert error(response)["o:errorCode"] == code


def test_an_account_may_be_too_old_to_tell_its_limits() -> None:
    with Simulator(company=False, switches=Switches(governance_limits="404")) as account:
        assert get(account, LIMITS).status_code == 404
