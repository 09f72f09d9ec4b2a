"""How tests ask for access tokens; they sign by PyJWT, and share nothing with the tap."""

from typing import Any

import jwt
import requests
from requests.auth import AuthBase

from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.simulator.oauth2_certificates import Certificate

PATH = "/services/rest/auth/oauth2/v1/token"
QUERY = "SELECT 1 one FROM dual"
ALGORITHMS = {
    "P-256": "ES256",
    "P-384": "ES384",
    "P-521": "ES512",
    "RSA-3072": "PS256",
    "RSA-4096": "PS512",
}


class Bearer(AuthBase):
    """A request with an access token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def claims(account: Simulator, certificate: Certificate, **changes: object) -> dict[str, Any]:
    """Return what a good assertion asserts; ``changes`` replace it, None takes it away."""
    now = int(account.clock.now().timestamp())
    good = {
        "iss": certificate.client_id,
        "scope": ["rest_webservices"],
        "aud": account.base_url + PATH,
        "iat": now,
        "exp": now + 300,
    }
    return {name: value for name, value in (good | changes).items() if value is not None}


def assertion(
    account: Simulator,
    certificate: Certificate,
    algorithm: str = "ES256",
    header: dict[str, Any] | None = None,
    key: str | None = None,
    **changes: object,
) -> str:
    """Return an assertion; ``changes`` replace what it asserts."""
    return jwt.encode(
        claims(account, certificate, **changes),
        key or certificate.private_key,
        algorithm,
        {"kid": certificate.certificate_id, **(header or {})},
    )


def ask_for_token(account: Simulator, text: str, **form: str) -> requests.Response:
    """Send an assertion to ``account``; ``form`` replaces fields beside it."""
    return send_assertion(account.base_url, text, **form)


def send_assertion(base_url: str, text: str, **form: str) -> requests.Response:
    """Send an assertion, on a connection of its own; ``form`` replaces fields beside it."""
    good = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": text,
    }
    return requests.post(
        base_url + PATH,
        data=good | form,
        headers={"Connection": "close"},
        timeout=30,
    )


def token(account: Simulator, certificate: Certificate) -> str:
    """Return a new access token."""
    answer = ask_for_token(account, assertion(account, certificate))
    assert answer.status_code == 200, answer.text
    text: str = answer.json()["access_token"]
    return text
