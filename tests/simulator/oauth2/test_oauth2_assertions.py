"""What brings an access token, and everything that must be right about it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import jwt
import pytest
import requests

from tap_netsuite_tba.simulator import AuditReason, Simulator
from tap_netsuite_tba.simulator.oauth2_certificates import KINDS, Certificate
from tests.simulator.client import ask
from tests.simulator.oauth2_client import (
    ALGORITHMS,
    PATH,
    QUERY,
    Bearer,
    ask_for_token,
    assertion,
    token,
)


@pytest.mark.parametrize("kind", [*KINDS[:3], pytest.param("RSA-3072", marks=pytest.mark.long)])
def test_a_good_assertion_brings_a_token_that_opens_the_account(
    account: Simulator, kind: str
) -> None:
    certificate = account.oauth2.certificate(kind)
    answer = ask_for_token(account, assertion(account, certificate, ALGORITHMS[kind]))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    given = answer.json()
    assert (given["expires_in"], given["token_type"]) == (3600, "Bearer")
    assert jwt.get_unverified_header(given["access_token"])["alg"] == "RS256"
    response = ask(account, QUERY, auth=Bearer(given["access_token"]))
    assert response.json()["items"][0]["one"] == "1"
    assert not account.counters.refused_logins


@pytest.mark.parametrize(
    "changes",
    [
        {"scope": "rest_webservices"},
        {"scope": ["restlets", "rest_webservices"]},
        {"aud": "https://1234567-sb1.suitetalk.api.netsuite.com" + PATH},
        {"jti": "an id"},
    ],
)
def test_what_oracle_documents_is_taken(
    account: Simulator, certificate: Certificate, changes: dict[str, Any]
) -> None:
    answer = ask_for_token(account, assertion(account, certificate, **changes))
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("changes", "error", "reason"),
    [
        ({"iss": "another"}, "invalid_client", AuditReason.INVALID_INTEGRATION),
        ({"iss": None}, "invalid_client", AuditReason.INVALID_INTEGRATION),
        ({"aud": "https://example.com" + PATH}, "invalid_grant", AuditReason.INVALID_GRANT),
        ({"aud": None}, "invalid_grant", AuditReason.INVALID_GRANT),
        ({"scope": ["restlets"]}, "invalid_scope", AuditReason.SCOPE_MISMATCHED),
        ({"scope": "all"}, "invalid_scope", AuditReason.SCOPE_MISMATCHED),
        ({"scope": None}, "invalid_scope", AuditReason.SCOPE_MISMATCHED),
        ({"exp": None}, "invalid_request", AuditReason.INVALID_REQUEST),
        ({"iat": "now"}, "invalid_request", AuditReason.INVALID_REQUEST),
        ({"jti": 7}, "invalid_request", AuditReason.INVALID_REQUEST),
    ],
)
def test_what_an_assertion_says_must_be_right(
    account: Simulator,
    certificate: Certificate,
    changes: dict[str, Any],
    error: str,
    reason: AuditReason,
) -> None:
    answer = ask_for_token(account, assertion(account, certificate, **changes))
    assert answer.json() == {"error": error}
    assert answer.status_code == (401 if error == "invalid_client" else 400)
    assert account.counters.refused_logins == {reason: 1}


@pytest.mark.parametrize(
    ("begins", "lasts"), [(60, 300), (-600, 300), (-10, 3600), (-10, 7200), (-300, 300)]
)
def test_an_assertion_is_good_now_and_for_less_than_an_hour(
    account: Simulator, certificate: Certificate, begins: int, lasts: int
) -> None:
    begin = int(account.clock.now().timestamp()) + begins
    answer = ask_for_token(account, assertion(account, certificate, iat=begin, exp=begin + lasts))
    assert answer.json() == {"error": "invalid_grant"}


def test_an_assertion_is_used_once(account: Simulator, certificate: Certificate) -> None:
    text = assertion(account, certificate, jti="the same")
    assert ask_for_token(account, text).status_code == 200
    assert ask_for_token(account, text).json() == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    ("algorithm", "key", "error"),
    [
        ("HS256", "a-secret-that-is-fake-and-long-enough", "invalid_request"),
        ("ES384", "P-384", "invalid_grant"),
    ],
)
def test_it_is_signed_as_the_certificate_allows(
    account: Simulator, certificate: Certificate, algorithm: str, key: str | None, error: str
) -> None:
    other = account.oauth2.certificate(key).private_key if key in KINDS else key
    text = assertion(account, certificate, algorithm, key=other)
    assert ask_for_token(account, text).json() == {"error": error}


def test_rs256_is_refused_whatever_key_signs(account: Simulator, rsa: Certificate) -> None:
    account.oauth2.map(rsa)
    assert ask_for_token(account, assertion(account, rsa, "PS256")).status_code == 200
    answer = ask_for_token(account, assertion(account, rsa, "RS256"))
    assert answer.json() == {"error": "invalid_request"}


@pytest.fixture(scope="module")
def rsa() -> Certificate:
    """A certificate with an RSA key, which takes its time to make."""
    with Simulator(company=False) as account:
        return replace(account.oauth2.certificate("RSA-3072"), certificate_id="rsa")


def test_a_signature_by_another_key_is_refused(
    account: Simulator, certificate: Certificate
) -> None:
    other = account.oauth2.certificate().private_key
    answer = ask_for_token(account, assertion(account, certificate, key=other))
    assert answer.json() == {"error": "invalid_grant"}
    assert account.counters.refused_logins == {AuditReason.INVALID_SIGNATURE: 1}


@pytest.mark.parametrize(
    "header", [{"kid": "unknown"}, {"kid": ""}, {"typ": "at+jwt"}], ids=["kid", "none", "typ"]
)
def test_the_header_names_a_certificate_that_is_mapped(
    account: Simulator, certificate: Certificate, header: dict[str, Any]
) -> None:
    answer = ask_for_token(account, assertion(account, certificate, header=header))
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "form",
    [
        {"grant_type": "authorization_code"},
        {"client_assertion_type": "jwt-bearer"},
        {"client_assertion": "no.token"},
        {"client_assertion": ""},
    ],
)
def test_the_form_must_be_complete(
    account: Simulator, certificate: Certificate, form: dict[str, str]
) -> None:
    answer = ask_for_token(account, assertion(account, certificate), **form)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})


def test_an_assertion_that_nobody_signed_is_refused(
    account: Simulator, certificate: Certificate
) -> None:
    head, payload, _ = assertion(account, certificate).split(".")
    none = jwt.encode({}, "", "none", {"kid": certificate.certificate_id}).split(".")[0]
    for text in (f"{none}.{payload}.", f"{head}.{payload}."):
        assert ask_for_token(account, text).status_code == 400


def test_a_body_that_is_no_form_is_refused(account: Simulator) -> None:
    answer = requests.post(
        account.base_url + PATH, json={}, headers={"Connection": "close"}, timeout=30
    )
    assert answer.json() == {"error": "invalid_request"}
    answer = requests.get(account.base_url + PATH, headers={"Connection": "close"}, timeout=30)
    assert answer.status_code == 405


@pytest.mark.parametrize(
    ("begins", "days"), [(-400, 365), (1, 365), (-731, 3650)], ids=["ended", "not yet", "too long"]
)
def test_a_certificate_is_good_for_its_time_and_two_years_at_most(
    account: Simulator, begins: int, days: int
) -> None:
    begin = account.clock.now() + timedelta(days=begins)
    certificate = account.oauth2.certificate(begins=begin, validity=timedelta(days=days))
    answer = ask_for_token(account, assertion(account, certificate))
    assert answer.json() == {"error": "invalid_grant"}


def test_a_revoked_certificate_brings_no_more_tokens(
    account: Simulator, certificate: Certificate
) -> None:
    before = token(account, certificate)
    account.oauth2.revoke(certificate.certificate_id)
    answer = ask_for_token(account, assertion(account, certificate))
    assert answer.json() == {"error": "invalid_grant"}
    assert ask(account, QUERY, auth=Bearer(before)).status_code == 200


def test_an_integration_has_five_certificates_at_most(account: Simulator) -> None:
    for _ in range(5):
        account.oauth2.certificate()
    with pytest.raises(ValueError, match="five"):
        account.oauth2.certificate()
    assert account.oauth2.certificate(client_id="another").client_id == "another"
