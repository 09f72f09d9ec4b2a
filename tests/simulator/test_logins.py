from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests

from tap_netsuite_tba.simulator import AuditReason, Simulator
from tests.simulator.client import ask, detail, signer

QUERY = "SELECT id FROM transaction WHERE id = 1 ORDER BY id ASC"


class Header(requests.auth.AuthBase):
    """An Authorization header, changed after it was signed."""

    def __init__(self, account: Simulator, change: Callable[[str], str]) -> None:
        self._sign = signer(account)
        self._change = change

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        signed: requests.PreparedRequest = self._sign(request)
        header: object = signed.headers["Authorization"]
        text = header.decode() if isinstance(header, bytes) else str(header)
        signed.headers["Authorization"] = self._change(text)
        return signed


def test_a_good_login_is_let_in(account: Simulator) -> None:
    assert ask(account, QUERY).status_code == 200
    assert not account.counters.refused_logins


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"client_key": "another-consumer-key"}, AuditReason.CONSUMER_KEY_UNKNOWN),
        ({"client_secret": "wrong"}, AuditReason.INVALID_SIGNATURE),
        ({"resource_owner_secret": "wrong"}, AuditReason.INVALID_SIGNATURE),
        ({"resource_owner_key": "another-token"}, AuditReason.TOKEN_REJECTED),
        ({"realm": "1234567-sb1"}, AuditReason.TOKEN_REJECTED),
        ({"realm": None}, AuditReason.MISSING_FIELDS),
        ({"signature_method": "HMAC-SHA1"}, AuditReason.UNKNOWN_ALGORITHM),
        ({"nonce": "short"}, AuditReason.NONCE_REJECTED),
        ({"nonce": "x" * 65}, AuditReason.NONCE_REJECTED),
        ({"timestamp": "1508242306"}, AuditReason.INVALID_TIMESTAMP),
        ({"timestamp": "soon"}, AuditReason.INVALID_TIMESTAMP),
    ],
)
def test_each_reason_is_told_apart_inside_and_none_outside(
    account: Simulator, changes: dict[str, Any], reason: AuditReason
) -> None:
    response = ask(account, QUERY, auth=signer(account, **changes))
    assert account.counters.refused_logins == {reason: 1}
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == (
        'OAuth realm="1234567_SB1", error="token_rejected", '
        'error_description="Invalid login attempt."'
    )
    assert detail(response).startswith("Invalid login attempt. For more details, see the Login")
    assert response.json()["o:errorDetails"][0]["o:errorCode"] == "INVALID_LOGIN"
    assert response.json()["title"] == "Unauthorized"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda _text: "", AuditReason.MISSING_FIELDS),
        (lambda _text: "Basic abc", AuditReason.PARAMETER_REJECTED),
        (lambda text: text + ', realm="1234567_SB1"', AuditReason.PARAMETER_REJECTED),
        (lambda text: text.replace("1234567_SB1", ""), AuditReason.PARAMETER_REJECTED),
        (
            lambda text: text.replace('oauth_version="1.0"', 'oauth_version="2.0"'),
            AuditReason.VERSION_REJECTED,
        ),
    ],
)
def test_a_malformed_header_is_refused(
    account: Simulator, change: Callable[[str], str], reason: AuditReason
) -> None:
    assert ask(account, QUERY, auth=Header(account, change)).status_code == 401
    assert account.counters.refused_logins == {reason: 1}


def test_a_request_sent_again_is_refused(account: Simulator) -> None:
    again = signer(account, nonce="used-twice-nonce")
    assert ask(account, QUERY, auth=again).status_code == 200
    assert ask(account, QUERY, auth=again).status_code == 401
    assert account.counters.refused_logins == {AuditReason.NONCE_USED: 1}


@pytest.mark.parametrize(("off", "status"), [(-290, 200), (290, 200), (-310, 401), (310, 401)])
def test_the_clock_may_be_five_minutes_off(account: Simulator, off: int, status: int) -> None:
    assert ask(account, QUERY, auth=signer(account, timestamp=str(_now(account) + off))).ok == (
        status == 200
    )


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (("feature_enabled", False), AuditReason.FEATURE_DISABLED),
        (("integration_blocked", True), AuditReason.CONSUMER_KEY_REFUSED),
        (("token_revoked", True), AuditReason.TOKEN_REJECTED),
        (("user_active", False), AuditReason.PERMISSION_DENIED),
    ],
)
def test_what_was_switched_off_refuses(
    account: Simulator, state: tuple[str, bool], reason: AuditReason
) -> None:
    setattr(account.logins, *state)
    assert ask(account, QUERY).status_code == 401
    assert account.counters.refused_logins == {reason: 1}


def test_five_refusals_in_a_row_lock_the_user_for_half_an_hour(account: Simulator) -> None:
    for _ in range(5):
        assert ask(account, QUERY, auth=signer(account, client_secret="wrong")).status_code == 401
    assert ask(account, QUERY).status_code == 401
    assert account.counters.refused_logins[AuditReason.TEMPORARY_LOCKED] == 1
    account.clock.advance(1801)
    assert ask(account, QUERY).ok


def test_a_good_login_forgets_the_refusals_before_it(account: Simulator) -> None:
    for _ in range(2):
        for _ in range(4):
            ask(account, QUERY, auth=signer(account, client_secret="wrong"))
        assert ask(account, QUERY).ok


def test_unknown_tokens_lock_nobody(account: Simulator) -> None:
    for _ in range(6):
        ask(account, QUERY, auth=signer(account, resource_owner_key="another-token"))
    assert ask(account, QUERY).ok


def test_secrets_are_not_shown(account: Simulator) -> None:
    shown = repr(account.credentials)
    assert account.credentials.consumer_secret not in shown
    assert account.credentials.token_secret not in shown


def test_the_clock_can_be_set(account: Simulator) -> None:
    then = account.clock.now() - timedelta(days=400)
    account.clock.set(then)
    response = ask(account, QUERY)
    assert response.ok
    assert str(then.year) in response.headers["Date"]


def _now(account: Simulator) -> int:
    return int(account.clock.now().timestamp())
