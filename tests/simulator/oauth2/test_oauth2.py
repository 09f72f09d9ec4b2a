"""What an access token opens, for whom and for how long."""

from typing import Any

import pytest

from tap_netsuite_tba.simulator import AuditReason, Role, Simulator, Switches
from tap_netsuite_tba.simulator.oauth2_certificates import Certificate
from tests.simulator.client import ask
from tests.simulator.oauth2_client import (
    QUERY,
    Bearer,
    ask_for_token,
    assertion,
    token,
)


def refused(account: Simulator, text: str, reason: AuditReason) -> bool:
    """Tell whether a token is refused for a reason that only the trail has."""
    response = ask(account, QUERY, auth=Bearer(text))
    assert account.logins.trail[-1].reason is reason
    assert response.headers["WWW-Authenticate"] == (
        'Bearer realm="1234567_SB1", error="invalid_token", '
        'error_description="Invalid login attempt."'
    )
    return response.status_code == 401


def test_a_token_ends(account: Simulator, certificate: Certificate) -> None:
    text = token(account, certificate)
    account.clock.advance(3599)
    assert ask(account, QUERY, auth=Bearer(text)).status_code == 200
    account.clock.advance(2)
    assert refused(account, text, AuditReason.ACCESS_TOKEN_EXPIRED)


def test_tokens_can_be_revoked(account: Simulator, certificate: Certificate) -> None:
    text = token(account, certificate)
    account.oauth2.revoke_tokens()
    assert refused(account, text, AuditReason.INVALID_TOKEN)
    assert ask(account, QUERY, auth=Bearer(token(account, certificate))).status_code == 200


def test_a_token_of_another_account_opens_nothing(
    account: Simulator, certificate: Certificate
) -> None:
    with Simulator(company=False) as other:
        assert refused(other, token(account, certificate), AuditReason.INVALID_TOKEN)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("feature", AuditReason.FEATURE_DISABLED),
        ("account's feature", AuditReason.FEATURE_DISABLED),
        ("permission", AuditReason.PERMISSION_DENIED),
        ("user", AuditReason.PERMISSION_DENIED),
        ("role", AuditReason.PERMISSION_DENIED),
        ("integration", AuditReason.INVALID_INTEGRATION),
        ("lock", AuditReason.TEMPORARY_LOCKED),
    ],
)
def test_who_may_not_log_in_gets_no_token_and_may_not_use_one(
    account: Simulator, certificate: Certificate, change: str, reason: AuditReason
) -> None:
    before = token(account, certificate)
    match change:
        case "feature":
            account.logins.oauth2_enabled = False
        case "account's feature":
            account.role = Role("x", features_off=frozenset({"OAuth 2.0"}))
        case "permission":
            account.role = Role("x", {"Log in using Access Tokens": "Full"})
        case "user":
            account.logins.user_active = False
        case "role":
            account.logins.role_active = False
        case "integration":
            account.logins.integration_blocked = True
        case "lock":
            account.logins.lock()
    assert ask_for_token(account, assertion(account, certificate)).status_code in {400, 401}
    assert account.logins.trail[-1].reason is reason
    assert refused(account, before, reason)


def test_token_based_authentication_need_not_be_on(
    account: Simulator, certificate: Certificate
) -> None:
    account.logins.feature_enabled = False
    assert ask(account, QUERY, auth=Bearer(token(account, certificate))).status_code == 200


def test_five_wrong_signatures_lock_the_user_and_old_tokens_do_not(
    account: Simulator, certificate: Certificate
) -> None:
    text = token(account, certificate)
    account.oauth2.revoke_tokens()
    for _ in range(5):
        assert refused(account, text, AuditReason.INVALID_TOKEN)
    assert token(account, certificate)
    other = account.oauth2.certificate().private_key
    for _ in range(5):
        ask_for_token(account, assertion(account, certificate, key=other))
    ask_for_token(account, assertion(account, certificate))
    assert account.logins.trail[-1].reason is AuditReason.TEMPORARY_LOCKED


def test_the_shipped_integration_role_may_use_oauth_2(
    account: Simulator, certificate: Certificate
) -> None:
    account.role = "integration"
    assert ask(account, QUERY, auth=Bearer(token(account, certificate))).status_code == 200


def test_a_request_for_a_token_is_concurrent_with_others(
    account: Simulator, certificate: Certificate
) -> None:
    account.others = 5
    answer = ask_for_token(account, assertion(account, certificate))
    assert answer.status_code == 429
    assert account.counters.over_limit == 1


@pytest.mark.parametrize(("told", "expected"), [("number", 3600), ("text", "3600")])
def test_the_life_of_a_token_is_told_as_the_switch_says(told: Any, expected: object) -> None:  # noqa: ANN401
    switches = Switches(expires_in=told, token_type="bearer")
    with Simulator(company=False, switches=switches) as account:
        certificate = account.oauth2.certificate()
        given = ask_for_token(account, assertion(account, certificate)).json()
    assert (given["expires_in"], given["token_type"]) == (expected, "bearer")


def test_no_secret_is_shown(certificate: Certificate) -> None:
    assert "KEY" not in repr(certificate)
    assert "KEY" in certificate.private_key
