from collections.abc import Callable
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oauthlib.oauth1 import Client

from tap_netsuite_tba.simulator.signatures import (
    MalformedAuthorizationError,
    SignedRequest,
    base_string,
    is_signed,
    parse_authorization,
    sign,
)

# Oracle's own example, published in its help.
ORACLE_URL = "https://123456.suitetalk.api.netsuite.com/services/rest/record/v1/employee/40"
ORACLE_SECRETS = (
    "d26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5",
    "c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295",
)
ORACLE_PARAMETERS = {
    "oauth_consumer_key": "ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4",
    "oauth_token": "2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc",
    "oauth_nonce": "fjaLirsIcCGVZWzBX0pg",
    "oauth_timestamp": "1508242306",
    "oauth_signature_method": "HMAC-SHA256",
    "oauth_version": "1.0",
}


def header(signature: str) -> str:
    parameters = {"realm": "123456", **ORACLE_PARAMETERS, "oauth_signature": signature}
    return "OAuth " + ", ".join(f'{name}="{text}"' for name, text in parameters.items())


def test_oracles_published_request_is_signed() -> None:
    authorization = header("B5OIWznZ2YP0OB7VrJrGkYsTh%2B8H%2B5T9Hag%2Bo92q0zY%3D")
    request = SignedRequest("GET", ORACLE_URL, authorization)
    assert is_signed(request, parse_authorization(authorization), *ORACLE_SECRETS)


def test_query_parameters_are_covered() -> None:
    url = (
        "https://123456.suitetalk.api.netsuite.com/services/rest/query/v1/suiteql"
        "?limit=1000&offset=0"
    )
    text = base_string("POST", url, ORACLE_PARAMETERS.items())
    assert sign(text, *ORACLE_SECRETS) == "K77GAJRnfr1XDIXWkDNFBb1G343XzZc397WHGpnHFF8="


def test_the_base_string_of_the_rfc() -> None:
    oauth = {
        "oauth_consumer_key": "9djdj82h48djs9d2",
        "oauth_token": "kkk9d7dh3k39sjv7",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": "137131201",
        "oauth_nonce": "7d8f3e4a",
        "c2": "",
        "a3": "2 q",
    }
    url = "http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b"
    assert base_string("post", url, oauth.items()) == (
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D"
        "%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D"
        "7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26"
        "oauth_token%3Dkkk9d7dh3k39sjv7"
    )


@pytest.mark.parametrize("changed", ["/services/rest/record/v1/employee/41", "/?limit=5"])
def test_another_address_is_not_signed(changed: str) -> None:
    authorization = header("B5OIWznZ2YP0OB7VrJrGkYsTh%2B8H%2B5T9Hag%2Bo92q0zY%3D")
    request = SignedRequest(
        "GET", f"https://123456.suitetalk.api.netsuite.com{changed}", authorization
    )
    assert not is_signed(request, parse_authorization(authorization), *ORACLE_SECRETS)


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])) | st.text(
    "%+*~ &=é/", max_size=6
)


@given(
    st.lists(
        st.tuples(TEXT.filter(lambda name: bool(name) and not name.startswith("oauth_")), TEXT),
        max_size=5,
    ),
    st.sampled_from([quote, quote_plus]),
    st.sampled_from(["http://127.0.0.1:8080", "https://a-b.example.com", "https://A.example:443"]),
)
def test_what_another_library_signs_is_signed(
    query: list[tuple[str, str]], encoding: Callable[..., str], root: str
) -> None:
    url = f"{root}/services/a%20b?{urlencode(query, quote_via=encoding)}"
    client = Client("key", "secret&%", "token", "hush~+", signature_method="HMAC-SHA256")
    _, headers, _ = client.sign(url, "POST")
    request = SignedRequest("POST", url, headers["Authorization"])
    oauth = parse_authorization(headers["Authorization"])
    assert is_signed(request, oauth, "secret&%", "hush~+")
    assert not is_signed(request, oauth, "secret&%", "hush~")


def test_http_and_https_are_signed_apart() -> None:
    client = Client("key", "secret", "token", "hush", signature_method="HMAC-SHA256")
    _, headers, _ = client.sign("https://a.example/services", "POST")
    oauth = parse_authorization(headers["Authorization"])
    for scheme, good in (("https", True), ("http", False)):
        request = SignedRequest("POST", f"{scheme}://a.example/services", "")
        assert is_signed(request, oauth, "secret", "hush") is good


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer abc",
        "OAuth",
        'OAuth realm="1", realm="1"',
        'OAuth realm=""',
        "OAuth realm=1",
        'OAuth realm="1" oauth_nonce="2"',
    ],
)
def test_a_malformed_header_is_told_apart(authorization: str) -> None:
    with pytest.raises(MalformedAuthorizationError):
        parse_authorization(authorization)
