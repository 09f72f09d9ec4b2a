from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from tap_netsuite_tba.simulator import AuditReason, Credentials, Role, Simulator, Switches
from tests.simulator.client import PATH, ask, column, detail, signer

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
        ({"realm": "1234567_sb1"}, AuditReason.TOKEN_REJECTED),
        ({"realm": "1234567-SB1"}, AuditReason.TOKEN_REJECTED),
        ({"realm": "7654321"}, AuditReason.TOKEN_REJECTED),
        ({"realm": None}, AuditReason.MISSING_FIELDS),
        ({"signature_method": "HMAC-SHA1"}, AuditReason.UNKNOWN_ALGORITHM),
        ({"nonce": "short"}, AuditReason.NONCE_REJECTED),
        ({"nonce": "x" * 65}, AuditReason.NONCE_REJECTED),
        ({"timestamp": "1508242306"}, AuditReason.INVALID_TIMESTAMP),
        ({"timestamp": "soon"}, AuditReason.INVALID_TIMESTAMP),
        ({"timestamp": "9" * 400}, AuditReason.INVALID_TIMESTAMP),
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
        (lambda text: text.replace('"1234567_SB1"', "1234567_SB1"), AuditReason.PARAMETER_REJECTED),
        (lambda text: text + ",", AuditReason.PARAMETER_REJECTED),
        (lambda text: text.replace("oauth_nonce", "oauth_once"), AuditReason.MISSING_FIELDS),
        (lambda _text: "OAuth", AuditReason.PARAMETER_REJECTED),
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


@pytest.mark.parametrize("step", [-86_400, 86_400])
def test_a_moved_clock_neither_forgets_nor_hoards_nonces(account: Simulator, step: int) -> None:
    for number in range(5):
        again = signer(account, nonce=f"used-twice-{number}")
        assert ask(account, QUERY, auth=again).status_code == 200
        assert ask(account, QUERY, auth=again).status_code == 401
        assert ask(account, QUERY).status_code == 200
        account.clock.advance(step)
    held = account.logins._nonces  # noqa: SLF001  # nothing else shows what memory holds
    assert sum(map(len, held.values())) == 2


def test_the_trail_cuts_off_what_is_very_long(account: Simulator) -> None:
    ask(account, QUERY, auth=signer(account, realm="x" * 5_000))
    [entry] = account.logins.trail
    assert len(entry.detail) == 2_000


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
        (("role_active", False), AuditReason.PERMISSION_DENIED),
    ],
)
def test_what_is_switched_off_while_it_runs_refuses_until_it_is_on_again(
    account: Simulator, state: tuple[str, bool], reason: AuditReason
) -> None:
    name, off = state
    assert ask(account, QUERY).ok
    setattr(account.logins, name, off)
    assert ask(account, QUERY).status_code == 401
    assert account.counters.refused_logins == {reason: 1}
    setattr(account.logins, name, not off)
    assert ask(account, QUERY).ok


def test_the_trail_tells_inactive_user_and_role_and_missing_permission_apart(
    account: Simulator,
) -> None:
    account.clock.set(datetime(2026, 5, 6, 7, 8, tzinfo=UTC))
    account.logins.user_active = False
    ask(account, QUERY)
    account.logins.user_active, account.logins.role_active = True, False
    ask(account, QUERY)
    account.logins.role_active, account.role = True, Role("Reader", {"REST Web Services": "Full"})
    ask(account, QUERY)
    trail = account.logins.trail
    assert [entry.detail for entry in trail] == [
        "the user is inactive",
        "the role is inactive",
        "the role Reader lacks 'Log in using Access Tokens'",
    ]
    assert {entry.reason for entry in trail} == {AuditReason.PERMISSION_DENIED}
    assert {entry.instant.replace(second=0, microsecond=0) for entry in trail} == {
        datetime(2026, 5, 6, 7, 8, tzinfo=UTC)
    }


def test_the_feature_may_be_off_in_the_account_of_a_role(account: Simulator) -> None:
    account.role = Role("x", features_off=frozenset({"Token-Based Authentication"}))
    assert ask(account, QUERY).status_code == 401
    assert account.counters.refused_logins == {AuditReason.FEATURE_DISABLED: 1}


OTHER = Credentials(
    consumer_key="other-key",
    consumer_secret="other-consumer-secret",
    token_id="other-token",
    token_secret="other-token-secret",
)


def test_another_integration_has_its_own_token(account: Simulator) -> None:
    account.logins.add(OTHER)
    own = {
        "client_key": OTHER.consumer_key,
        "client_secret": OTHER.consumer_secret,
        "resource_owner_key": OTHER.token_id,
        "resource_owner_secret": OTHER.token_secret,
    }
    account.logins.integration_blocked = True
    assert ask(account, QUERY, auth=signer(account, **own)).ok
    account.logins.integration_blocked = False
    assert ask(account, QUERY).ok


def test_a_token_of_another_integration_is_rejected(account: Simulator) -> None:
    account.logins.add(OTHER)
    mixed = signer(
        account,
        resource_owner_key=OTHER.token_id,
        resource_owner_secret=OTHER.token_secret,
    )
    assert ask(account, QUERY, auth=mixed).status_code == 401
    [entry] = account.logins.trail
    assert entry.reason is AuditReason.TOKEN_REJECTED
    assert entry.detail == "the token was made for another integration"


def test_the_trail_says_what_would_have_been_signed_without_any_credential(
    account: Simulator,
) -> None:
    ask(account, QUERY, limit=5, auth=signer(account, client_secret="wrong"))
    [entry] = account.logins.trail
    assert entry.detail.startswith("the signature is not that of POST&http%3A%2F%2F127.0.0.1%3A")
    assert "limit%3D5" in entry.detail
    known = account.credentials
    for secret in (known.consumer_key, known.consumer_secret, known.token_id, known.token_secret):
        assert secret not in entry.detail


def test_the_reason_may_be_told_outside_by_a_switch() -> None:
    with Simulator(company=False, switches=Switches(login_error="reason")) as account:
        response = ask(account, QUERY, auth=signer(account, nonce="short"))
        assert response.headers["WWW-Authenticate"] == (
            'OAuth realm="1234567_SB1", error="nonce_rejected", '
            'error_description="Invalid login attempt."'
        )


def test_no_reason_at_all_may_be_told_by_a_switch() -> None:
    with Simulator(company=False, switches=Switches(login_error="absent")) as account:
        response = ask(account, QUERY, auth=signer(account, nonce="short"))
        assert response.status_code == 401
        assert "WWW-Authenticate" not in response.headers


def test_a_user_may_be_locked_out_at_once(account: Simulator) -> None:
    account.logins.lock()
    assert ask(account, QUERY).status_code == 401
    assert account.counters.refused_logins == {AuditReason.TEMPORARY_LOCKED: 1}
    account.clock.advance(1_801)
    assert ask(account, QUERY).ok


def test_a_refused_login_may_be_held(account: Simulator) -> None:
    account.logins.refusal_seconds = 0.1
    refused = ask(account, QUERY, auth=signer(account, client_secret="wrong"))
    assert refused.status_code == 401
    assert refused.elapsed.total_seconds() >= 0.1
    account.logins.refusal_seconds = 600
    assert ask(account, QUERY).ok


@pytest.mark.parametrize(
    ("header", "status", "reason"),
    [
        ("Bearer abc.def", 401, AuditReason.INVALID_TOKEN),
        ("bearer  eyJ0-_~+/x==", 401, AuditReason.INVALID_TOKEN),
        ("bearer", 400, AuditReason.INVALID_REQUEST),
        ("Bearer a b", 400, AuditReason.INVALID_REQUEST),
        ("Bearer =", 400, AuditReason.INVALID_REQUEST),
        ('Bearer "abc"', 400, AuditReason.INVALID_REQUEST),
    ],
)
def test_no_bearer_token_is_valid_and_a_malformed_one_is_a_bad_request(
    account: Simulator, header: str, status: int, reason: AuditReason
) -> None:
    response = ask(account, QUERY, auth=Header(account, lambda _text: header))
    assert response.status_code == response.json()["status"] == status
    assert response.headers["WWW-Authenticate"] == (
        f'Bearer realm="1234567_SB1", error="{reason}", error_description="Invalid login attempt."'
    )
    assert response.json()["o:errorDetails"][0]["o:errorCode"] == "INVALID_LOGIN"
    assert account.counters.refused_logins == {reason: 1}


def test_the_body_is_not_signed_and_the_query_is(account: Simulator) -> None:
    class Moved(requests.auth.AuthBase):
        def __init__(self, old: str, new: str) -> None:
            self._old, self._new = old, new

        def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
            signed: requests.PreparedRequest = signer(account)(request)
            signed.url = str(signed.url).replace(self._old, self._new)
            body = str(signed.body, "utf-8") if isinstance(signed.body, bytes) else ""
            signed.body = body.replace(self._old, self._new).encode()
            return signed

    assert column(account, QUERY) == ["1"]
    response = ask(account, QUERY, auth=Moved("id = 1", "id = 2"))
    assert response.json()["items"][0]["id"] == "2"
    assert ask(account, QUERY, limit=5, auth=Moved("limit=5", "limit=6")).status_code == 401


@pytest.mark.parametrize(
    "query",
    [
        "x=a%20b",
        "x=a+b",
        "x=*~-._",
        "x=%2A%7E",
        "x=2&x=1&x=",
        "x",
        "x=%C3%BC%E2%82%AC",
        "x=%25+%2B",
    ],
)
def test_whatever_stands_in_the_query_is_signed_decoded(account: Simulator, query: str) -> None:
    response = requests.post(
        f"{account.base_url}{PATH}?{query}",
        json={"q": QUERY},
        headers={"Prefer": "transient", "Connection": "close"},
        auth=signer(account),
        timeout=30,
    )
    assert not account.counters.refused_logins
    assert response.status_code != 401


def test_five_refusals_in_a_row_lock_the_user_for_half_an_hour(account: Simulator) -> None:
    for _ in range(5):
        assert ask(account, QUERY, auth=signer(account, client_secret="wrong")).status_code == 401
    assert ask(account, QUERY).status_code == 401
    assert account.counters.refused_logins[AuditReason.TEMPORARY_LOCKED] == 1
    account.clock.advance(1790)
    assert ask(account, QUERY).status_code == 401
    account.clock.advance(11)
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
