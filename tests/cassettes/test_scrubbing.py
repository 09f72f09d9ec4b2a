"""What stays of exchanges as a real account has them, written here by hand."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vcr.request import Request

from tests.cassettes.scrubbing import ACCOUNT_ID, AUTHORIZATION, OPERATION_ID, Scrubber, masked

SCRUBBER = Scrubber("9988776_SB3")
URL = "https://9988776-sb3.suitetalk.api.netsuite.com/services/rest/query/v1/suiteql"


def response(body: object, **headers: str) -> dict[str, Any]:
    return {
        "status": {"code": 200, "message": "OK"},
        "headers": {name.replace("_", "-"): [value] for name, value in headers.items()},
        "body": {"string": json.dumps(body).encode()},
    }


def page(*rows: dict[str, Any]) -> dict[str, Any]:
    return {
        "links": [{"rel": "next", "href": f"{URL}?limit=1000&offset=1000"}],
        "count": len(rows),
        "hasMore": True,
        "items": [{"links": [], **row} for row in rows],
        "offset": 0,
        "totalResults": 4321,
        "companyName": "Wayne Enterprises",
    }


def kept_of(body: object) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(SCRUBBER.response(response(body))["body"]["string"])


def test_of_a_request_stay_the_query_and_that_it_was_signed() -> None:
    headers = {
        "Authorization": b'OAuth realm="9988776_SB3", oauth_token="fake"',
        "Cookie": "JSESSIONID=fake",
        "Prefer": "transient",
        "User-Agent": "somebody",
    }
    kept = SCRUBBER.request(Request("POST", f"{URL}?limit=7&offset=0", b'{"q":"SELECT"}', headers))
    assert kept.uri.endswith(
        "1234567-sb1.suitetalk.api.netsuite.com" + kept.path + "?limit=7&offset=0"
    )
    assert kept.body == b'{"q":"SELECT"}'
    assert dict(kept.headers) == {"prefer": "transient", "authorization": AUTHORIZATION}


def test_the_request_that_is_sent_stays_as_it_is() -> None:
    sent = Request("POST", URL, b"{}", {"Authorization": "OAuth fake"})
    SCRUBBER.request(sent)
    assert (sent.uri, dict(sent.headers)) == (URL, {"Authorization": "OAuth fake"})


def test_a_proxys_host_and_path_do_not_stay() -> None:
    address = "https://proxy.wayne.example/netsuite/services/rest/query/v1/suiteql"
    kept = SCRUBBER.request(Request("POST", address, b"{}", {}))
    assert "wayne" not in kept.uri
    assert kept.path == "/services/rest/query/v1/suiteql"


def test_of_a_response_stay_only_the_headers_that_are_read() -> None:
    kept = SCRUBBER.response(
        response(
            page(),
            Date="Sun, 22 Nov 2026 02:11:08 GMT",
            Set_Cookie="JSESSIONID=fake",
            X_NetSuite_JobId="7",
            X_N_OperationId="cafe",
            WWW_Authenticate='OAuth realm="9988776_SB3", error="token_rejected"',
        )
    )
    assert kept["headers"] == {
        "date": ["Sun, 22 Nov 2026 02:11:08 GMT"],
        "www-authenticate": [f'OAuth realm="{ACCOUNT_ID}", error="token_rejected"'],
        "x-n-operationid": [OPERATION_ID],
    }


def test_of_an_envelope_stays_what_netsuite_documents_on_another_host() -> None:
    kept = kept_of(page())
    assert [link["href"] for link in kept["links"]] == [
        URL.replace("9988776-sb3", "1234567-sb1") + "?limit=1000&offset=1000"
    ]
    assert list(kept) == ["links", "count", "hasMore", "items", "offset", "totalResults"]
    assert kept["totalResults"] == 4321


def test_an_error_names_another_account() -> None:
    kept = kept_of(
        {"o:errorDetails": [{"detail": "Ask 9988776_SB3 at 9988776-sb3, not 19988776_SB3."}]}
    )
    assert (
        kept["o:errorDetails"][0]["detail"] == "Ask 1234567_SB1 at 1234567-SB1, not 19988776_SB3."
    )


def test_a_body_that_is_no_json_is_not_kept() -> None:
    html = response("") | {"body": {"string": b"<html>Wayne Enterprises</html>"}}
    with pytest.raises(ValueError, match="Expecting value"):
        SCRUBBER.response(html)


@pytest.mark.parametrize(
    ("column", "value", "kept"),
    [
        ("id", "-48213", "-48213"),
        ("id", "W-7", "x-9"),
        ("n", "143", "143"),
        ("entityid", "Wayne Ent. №7 & Söhne", "xxxxx xxx. x9 & xxxxx"),
        ("entityid", "ウェイン", "xxxx"),
        ("foreigntotal", "-56610.19", "-99999.99"),
        ("isinactive", "T", "F"),
        ("trandate", "2025-02-28", "2000-01-01"),
        ("lastmodifieddate", "2025-02-28T23:59:58Z", "2000-01-01T00:00:00Z"),
        ("fieldvaluetype", "List/Record", "List/Record"),
        ("scriptid", "CUSTBODY_WAYNE_2", "CUSTBODY_xxxxx_9"),
        ("scriptid", "wayne", "xxxxx"),
        ("name", "custbody_wayne", "xxxxxxxx_xxxxx"),
    ],
)
def test_of_a_value_stays_its_shape(column: str, value: str, kept: str) -> None:
    assert masked(column, value) == kept
    assert kept_of(page({column: value}))["items"] == [{"links": [], column: kept}]


@given(st.sampled_from(["id", "name", "scriptid", "fieldvaluetype"]), st.text())
def test_what_has_been_scrubbed_comes_out_as_it_went_in(column: str, value: str) -> None:
    once = SCRUBBER.response(response(page({column: value})))
    assert Scrubber(ACCOUNT_ID).response(once) == once


@given(st.text(st.characters(categories=["L"]), min_size=2))
def test_no_letter_of_a_name_stays(value: str) -> None:
    assert set(masked("name", value)) == {"x"}
