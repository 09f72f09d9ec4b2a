import re
from datetime import UTC, datetime

import pytest

from tap_netsuite_tba.simulator import Simulator
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


@pytest.mark.parametrize("path", [LIMITS, TIME, "/rest/tokeninfo", "/rest/datacenterurls"])
def test_they_can_only_be_read(shared: Simulator, path: str) -> None:
    response = get(shared, path, method="POST")
    assert response.status_code == 405
    assert error(response)["o:errorCode"] == "INVALID_METHOD"
