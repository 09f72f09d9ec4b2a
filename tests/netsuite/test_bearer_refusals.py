"""Access tokens that end too early, that are never good, or that NetSuite does not give."""

import itertools
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from tap_netsuite_tba.netsuite.clock import Clock
from tap_netsuite_tba.netsuite.errors import LoginRefused
from tap_netsuite_tba.netsuite.query import Query
from tests.netsuite.keys import key
from tests.netsuite.server import GATEWAY_PAGE, TOO_MANY, Answer, Asked, refusal
from tests.netsuite.token_server import (
    DEADLINE,
    LOGIN_REFUSED,
    TOKEN_PATH,
    Reach,
    Tokens,
    client_of,
    denied,
    granted,
    send,
    together,
)


def test_a_token_that_ended_at_netsuite_costs_no_refused_login(
    tokens: Tokens, reach: Reach
) -> None:
    transport = reach()
    send(transport)
    tokens.good.clear()
    assert [future.result().status for future in together(transport, 5)] == [200] * 5
    assert tokens.given == 2


def test_a_refusal_is_one_of_all_that_were_in_flight_with_a_token_that_ended(
    tokens: Tokens, reach: Reach
) -> None:
    transport = reach()
    send(transport)
    tokens.good.clear()
    tokens.answers = [denied("invalid_grant")] * 2
    later = threading.Event()
    late = Answer(401, LOGIN_REFUSED.body, after=later)
    first, usual = iter([late]), tokens.answer
    tokens.server.answer_by(lambda asked: next(first, None) or usual(asked))
    with ThreadPoolExecutor(1) as thread:
        in_flight = thread.submit(send, transport)
        tokens.server.expect(requests=3)
        with pytest.raises(LoginRefused):
            send(transport)
        later.set()
        assert isinstance(in_flight.exception(DEADLINE), LoginRefused)
    assert len(tokens.forms) == 2
    with pytest.raises(LoginRefused):
        send(transport)
    assert len(tokens.forms) == 3


def test_what_is_sent_again_is_the_same_but_for_the_token(tokens: Tokens, reach: Reach) -> None:
    transport = reach()
    send(transport)
    tokens.good.clear()
    answer = transport.post("/rows", params={"limit": 7}, headers={"Prefer": "x"}, body=b"{}")
    assert answer.status == 200
    first, again = (one for one in tokens.server.asked if one.target.startswith("/rows"))
    assert (first.target, first.body) == (again.target, again.body) == ("/rows?limit=7", b"{}")
    changed = {name for name in first.headers if first.headers[name] != again.headers[name]}
    assert changed == {"Authorization"}


def test_a_token_that_was_never_good_is_tried_once(tokens: Tokens, reach: Reach) -> None:
    tokens.answers = [granted("bad-1"), granted("bad-2")]
    transport = reach()
    assert [send(transport).status for _ in range(3)] == [401, 401, 200]
    assert tokens.carried == ["bad-1", "bad-2", "token-1"]


def test_tokens_that_are_never_good_cost_two_refused_logins(tokens: Tokens) -> None:
    tokens.answers = [granted(f"bad-{number}") for number in range(9)]
    client = client_of(tokens)
    with ThreadPoolExecutor(5) as threads:
        fetched = [threads.submit(client.fetch, Query("SELECT 1 FROM dual")) for _ in range(5)]
    client.close()
    assert all(isinstance(future.exception(), LoginRefused) for future in fetched)
    assert tokens.carried == ["bad-0", "bad-1"]


@pytest.mark.parametrize("max_refusals", [1, 2])
@pytest.mark.parametrize(
    "trouble",
    [
        TOO_MANY,
        GATEWAY_PAGE,
        refusal(503, "UNEXPECTED_ERROR"),
        refusal(400, "CONCURRENCY_LIMIT_EXCEEDED"),
        Answer(403, b"<html>Forbidden</html>"),
        Answer(200, b"<html>Welcome</html>", {"Content-Type": "text/html"}),
    ],
    ids=lambda answer: f"{answer.status} {answer.body[:12]!r}",
)
def test_trouble_between_refused_tokens_proves_none_of_them(
    trouble: Answer, max_refusals: int, tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tap_netsuite_tba.netsuite.retries.delays", lambda: itertools.repeat(0.0))
    tokens.answers = [granted(f"bad-{number}") for number in range(9)]
    answers = itertools.cycle([trouble, LOGIN_REFUSED])
    met: list[int] = []

    def answer(asked: Asked) -> Answer:
        if asked.target == TOKEN_PATH:
            return tokens.answer(asked)
        given = next(answers)
        met.append(given.status)
        return given

    tokens.server.answer_by(answer)
    client = client_of(tokens, max_refusals=max_refusals)
    with pytest.raises(LoginRefused):
        client.fetch(Query("SELECT 1 FROM dual"))
    client.close()
    assert met.count(401) == max_refusals


@pytest.mark.parametrize(
    "proof",
    [
        refusal(400, "INVALID_PARAMETER"),
        refusal(403, "INSUFFICIENT_PERMISSION"),
        refusal(404, "NONEXISTENT_ID").compressed(),
    ],
    ids=lambda answer: str(answer.status),
)
def test_a_token_that_let_in_what_netsuite_refused_is_renewed_when_it_ends(
    proof: Answer, tokens: Tokens, reach: Reach
) -> None:
    transport = reach()
    first, usual = iter([proof]), tokens.answer
    tokens.server.answer_by(
        lambda asked: usual(asked) if asked.target == TOKEN_PATH else next(first, usual(asked))
    )
    assert send(transport).content == proof.body
    tokens.good.clear()
    assert send(transport).status == 200


def test_an_answer_that_repeats_the_token_is_read_without_it(tokens: Tokens, reach: Reach) -> None:
    tokens.answers = [granted("anopaquetokenofletters")]
    tokens.server.answer_by(
        lambda asked: (
            tokens.answer(asked)
            if asked.target == TOKEN_PATH
            else refusal(400, "BAD", f"No: {asked.headers['Authorization']}").compressed()
        )
    )
    said = send(reach()).body
    assert b"anopaquetokenofletters" not in said
    assert b"No: Bearer" in said


def test_a_new_token_that_is_refused_too_is_a_refused_login(tokens: Tokens, reach: Reach) -> None:
    transport = reach()
    send(transport)
    tokens.good.clear()
    tokens.answers = [granted("bad")]
    assert send(transport).status == 401
    assert tokens.carried == ["token-1", "token-1", "bad"]


def test_a_refused_assertion_is_made_for_the_other_address_and_by_netsuites_time(
    tokens: Tokens, reach: Reach
) -> None:
    here, there = datetime(2026, 3, 12, 12, tzinfo=UTC), datetime(2026, 3, 12, 13, tzinfo=UTC)
    dated = {"Date": format_datetime(there, usegmt=True)}
    tokens.answers = [Answer(400, denied("invalid_grant").body, dated)]
    transport = reach(Clock(here.timestamp, monotonic=lambda: 0.0))
    with pytest.raises(LoginRefused):
        send(transport)
    assert send(transport).status == 200
    first, second = tokens.assertions(key().public_key())
    assert second["iat"] - first["iat"] == pytest.approx(3600)
    assert first["aud"] == tokens.server.url + TOKEN_PATH
    assert second["aud"] == "https://1234567-sb1.suitetalk.api.netsuite.com" + TOKEN_PATH


def test_a_gateways_page_at_the_token_endpoint_tells_no_time(tokens: Tokens, reach: Reach) -> None:
    here, there = datetime(2026, 3, 12, 12, tzinfo=UTC), datetime(2026, 3, 12, 13, tzinfo=UTC)
    dated = {"Date": format_datetime(there, usegmt=True), "Content-Type": "text/html"}
    tokens.answers = [Answer(401, b"<html>Unauthorized</html>", dated)]
    transport = reach(Clock(here.timestamp, monotonic=lambda: 0.0))
    with pytest.raises(LoginRefused):
        send(transport)
    send(transport)
    first, second = tokens.assertions(key().public_key())
    assert second["iat"] == first["iat"]


def test_nothing_secret_is_logged(
    tokens: Tokens, reach: Reach, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    send(reach())
    assertion = tokens.forms[0]["client_assertion"][0]
    assert "token-1" not in caplog.text
    assert not any(part in caplog.text for part in assertion.split("."))
