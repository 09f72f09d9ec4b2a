"""The answers that bring an access token, or do not."""

import json

import pytest

from tap_netsuite_tba.netsuite.access_token import AccessToken, read_token
from tap_netsuite_tba.netsuite.errors import (
    ConcurrencyLimitExceeded,
    LoginRefused,
    MalformedResponse,
    NetSuiteError,
    ServerFault,
)
from tap_netsuite_tba.netsuite.transport import Reply
from tests.netsuite.server import GATEWAY_PAGE, TOO_MANY, Answer, refusal
from tests.netsuite.token_server import denied, granted


def reply(answer: Answer) -> Reply:
    return Reply(answer.status, answer.headers, answer.body)


@pytest.mark.parametrize(
    ("expires_in", "lifetime"),
    [
        (3600, 3600),
        ("1800", 1800),
        (1799.5, 1799.5),
        (None, 3600),
        ("soon", 3600),
        (0, 3600),
        (-5, 3600),
        (True, 3600),
        ([], 3600),
        ("NaN", 3600),
        ("Infinity", 3600),
    ],
)
def test_its_life_may_be_written_in_many_ways(expires_in: object, lifetime: float) -> None:
    token = read_token(reply(granted("x", expires_in=expires_in)), began=1000)
    assert token == AccessToken("x", 1000 + lifetime - 300, 1000 + lifetime - 30)


def test_a_short_life_is_renewed_in_its_last_fifth() -> None:
    token = read_token(reply(granted("x", expires_in=100)), began=1000)
    assert (token.renewed_at, token.left_at) == (1080, 1090)


@pytest.mark.parametrize("kind", ["Bearer", "bearer", "BEARER", None])
def test_its_type_may_be_written_in_any_case(kind: str | None) -> None:
    assert read_token(reply(granted("x", token_type=kind)), began=0).text == "x"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (granted("", expires_in=1), MalformedResponse),
        (granted("two words"), MalformedResponse),
        (granted("x\r\nInjected: 1"), MalformedResponse),
        (granted("x", access_token=5), MalformedResponse),
        (granted("x", token_type="mac"), MalformedResponse),
        (Answer(body=b"{}"), MalformedResponse),
        (Answer(body=b"[]"), MalformedResponse),
        (Answer(body=b"<html><title>Maintenance</title></html>"), MalformedResponse),
        (Answer(400, b"<html></html>"), MalformedResponse),
        (Answer(302), MalformedResponse),
        (GATEWAY_PAGE, ServerFault),
        (refusal(500, "UNEXPECTED_ERROR"), ServerFault),
        (TOO_MANY, ConcurrencyLimitExceeded),
        (refusal(400, "CONCURRENCY_LIMIT_EXCEEDED"), ConcurrencyLimitExceeded),
        (denied("invalid_grant"), LoginRefused),
        (denied("invalid_client", 401), LoginRefused),
        (denied("unknown_to_us"), LoginRefused),
        (refusal(403, "INSUFFICIENT_PERMISSION"), LoginRefused),
        (refusal(404, "NONEXISTENT_ID"), LoginRefused),
        (Answer(401, b"<html></html>"), LoginRefused),
        (Answer(400, b"{}"), LoginRefused),
    ],
)
def test_each_answer_of_the_token_endpoint_is_understood(
    answer: Answer, kind: type[NetSuiteError]
) -> None:
    with pytest.raises(NetSuiteError) as raised:
        read_token(reply(answer), began=0)
    assert type(raised.value) is kind


@pytest.mark.parametrize(
    "error", ["invalid_grant", "invalid_client", "invalid_request", "invalid_scope"]
)
def test_a_refusal_says_oauths_word_and_what_it_means(error: str) -> None:
    with pytest.raises(LoginRefused) as raised:
        read_token(reply(denied(error)), began=0)
    assert raised.value.code == raised.value.reason == error
    assert f" [400, {error}]." in str(raised.value)
    assert "not say why" not in raised.value.detail


def test_netsuites_own_words_go_first() -> None:
    with pytest.raises(LoginRefused, match="the certificate was revoked"):
        read_token(
            reply(denied("invalid_grant", error_description="the certificate was revoked")), began=0
        )


def test_a_token_is_in_no_repr_and_no_error() -> None:
    answer = reply(granted("secret-token"))
    assert "secret-token" not in repr(read_token(answer, began=0)) + repr(answer)
    broken = Answer(body=json.dumps({"access_token": "secret token"}).encode())
    with pytest.raises(MalformedResponse) as raised:
        read_token(reply(broken), began=0)
    assert "secret token" not in str(raised.value)
