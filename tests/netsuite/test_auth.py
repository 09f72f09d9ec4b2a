from typing import cast

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.netsuite.account import Account, Credentials
from tap_netsuite_tba.netsuite.auth import TokenBasedAuth
from tap_netsuite_tba.netsuite.clock import Clock
from tap_netsuite_tba.netsuite.query import Query
from tests.netsuite.conftest import CREDENTIALS, Connect
from tests.netsuite.server import LOGIN_REFUSED, Answer, Asked, Server, page
from tests.netsuite.verifier import base_string, signature, unescaped

# Oracle's published sample for the REST web services (section_1534941088 of its help).
ORACLE = Credentials(
    consumer_key="ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4",
    consumer_secret="d26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5",
    token_id="2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc",
    token_secret="c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295",
)
ORACLE_ACCOUNT = Account.parse("123456")
ORACLE_SIGNATURE = "B5OIWznZ2YP0OB7VrJrGkYsTh+8H+5T9Hag+o92q0zY="


def signed(
    request: requests.Request, credentials: Credentials = ORACLE, now: float = 1508242306.9
) -> Asked:
    auth = TokenBasedAuth(ORACLE_ACCOUNT, credentials, Clock(lambda: now))
    prepared = requests.Session().prepare_request(request)
    url = prepared.url or ""
    auth(prepared)
    assert prepared.url == url
    # requests_oauthlib leaves the header as bytes, whatever the type says.
    header = cast("bytes", prepared.headers["Authorization"]).decode()
    return Asked(prepared.method or "", url, {"Authorization": header}, b"")


def is_good(asked: Asked, url: str, credentials: Credentials) -> bool:
    oauth = {name: unescaped(value) for name, value in asked.oauth.items()}
    return oauth["oauth_signature"] == signature(
        asked.method,
        url,
        oauth,
        consumer_secret=credentials.consumer_secret,
        token_secret=credentials.token_secret,
    )


def test_oracles_published_signature_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oauthlib.oauth1.rfc5849.generate_nonce", lambda: "fjaLirsIcCGVZWzBX0pg")
    url = "https://123456.suitetalk.api.netsuite.com/services/rest/record/v1/employee/40"
    oauth = signed(requests.Request("GET", url)).oauth
    assert unescaped(oauth.pop("oauth_signature")) == ORACLE_SIGNATURE
    assert oauth == {
        "realm": "123456",
        "oauth_consumer_key": ORACLE.consumer_key,
        "oauth_token": ORACLE.token_id,
        "oauth_nonce": "fjaLirsIcCGVZWzBX0pg",
        "oauth_timestamp": "1508242306",
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_version": "1.0",
    }


def test_query_parameters_are_signed_and_a_json_body_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("oauthlib.oauth1.rfc5849.generate_nonce", lambda: "fjaLirsIcCGVZWzBX0pg")
    url = "https://123456.suitetalk.api.netsuite.com/services/rest/query/v1/suiteql"
    for body in ({"q": "SELECT id FROM customer"}, {"q": "SELECT 1 FROM dual"}):
        asked = signed(
            requests.Request("POST", url, params={"limit": 1000, "offset": 0}, json=body)
        )
        # Computed once from Oracle's sample keys, with the standard library alone.
        assert unescaped(asked.oauth["oauth_signature"]) == (
            "K77GAJRnfr1XDIXWkDNFBb1G343XzZc397WHGpnHFF8="
        )


def test_the_verifier_builds_the_base_string_that_oracle_publishes() -> None:
    oauth = {
        "oauth_consumer_key": "ck",
        "oauth_token": "t",
        "oauth_nonce": "n",
        "oauth_timestamp": "1",
        "oauth_signature": "left out",
        "realm": "left out",
    }
    url = "HTTP://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b&a3=2+q"
    # The torture case of RFC 5849, section 3.4.1.1, with other oauth parameters.
    assert base_string("post", url, oauth) == (
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D"
        "%25253D%26c%2540%3D%26oauth_consumer_key%3Dck%26oauth_nonce%3Dn%26oauth_timestamp%3D1%26"
        "oauth_token%3Dt"
    )


TEXT = st.text(st.characters(exclude_categories=["Cs"]))
NAMES = TEXT.filter(lambda name: name and not name.startswith("oauth_"))  # those are the header's


@given(
    parameters=st.dictionaries(NAMES, TEXT, max_size=4),
    secrets=st.lists(
        st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1),
        min_size=4,
        max_size=4,
    ),
)
def test_whatever_parameters_and_secrets_hold_the_signature_is_that_of_rfc_5849(
    parameters: dict[str, str], secrets: list[str]
) -> None:
    credentials = Credentials(*secrets)
    url = "https://123456.suitetalk.api.netsuite.com/services/rest/record/v1/customer"
    asked = signed(requests.Request("GET", url, params=parameters), credentials)
    oauth = {name: unescaped(value) for name, value in asked.oauth.items()}
    assert oauth["oauth_consumer_key"] == credentials.consumer_key
    assert oauth["oauth_token"] == credentials.token_id
    assert is_good(asked, asked.target, credentials)


def test_a_verifier_on_loopback_accepts_every_request_of_the_client(
    server: Server, connect: Connect
) -> None:
    def verify(asked: Asked) -> Answer:
        realm_is_good = asked.oauth["realm"] == "1234567_SB1"
        good = realm_is_good and is_good(asked, server.url + asked.target, CREDENTIALS)
        return page({"id": "1"}) if good else LOGIN_REFUSED

    server.answer_by(verify)
    client = connect()
    for limit in (1, 7, 1000):
        assert client.fetch(Query("SELECT id FROM customer", limit=limit)).count == 1


def test_a_host_whose_clock_is_wrong_logs_in_at_the_second_attempt(
    server: Server, connect: Connect
) -> None:
    true_now = Clock().now

    def verify(asked: Asked) -> Answer:
        skew = abs(int(asked.oauth["oauth_timestamp"]) - true_now())
        return page() if skew <= 300 else LOGIN_REFUSED

    server.answer_by(verify)
    client = connect(clock=Clock(lambda: true_now() - 3600))
    client.fetch(Query("SELECT id FROM customer"))
    client.fetch(Query("SELECT id FROM customer"))
    assert len(server.asked) == 3
