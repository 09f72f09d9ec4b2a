"""Access tokens: asked for when there is none, renewed in time, and by one request at a time."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import jwt
import pytest

from tap_netsuite_tba.netsuite.access_token import AccessToken
from tap_netsuite_tba.netsuite.clock import Clock
from tap_netsuite_tba.netsuite.errors import (
    LoginRefused,
    NetSuiteError,
    ServerFault,
)
from tap_netsuite_tba.netsuite.query import Query
from tap_netsuite_tba.netsuite.sessions import SessionPool
from tap_netsuite_tba.netsuite.transport import Transport
from tests.netsuite.conftest import Time
from tests.netsuite.keys import key
from tests.netsuite.server import GATEWAY_PAGE, SHORT, TOO_MANY, Answer
from tests.netsuite.token_server import (
    DEADLINE,
    TOKEN_PATH,
    Reach,
    Tokens,
    client_of,
    denied,
    granted,
    send,
    together,
)


def test_one_token_is_asked_for_and_carried_by_all_requests(tokens: Tokens, reach: Reach) -> None:
    transport = reach()
    assert [send(transport).status for _ in range(3)] == [200] * 3
    assert tokens.carried == ["token-1"] * 3
    assert len(tokens.forms) == 1


def test_the_request_for_it_is_what_oracle_documents(tokens: Tokens, reach: Reach) -> None:
    now = datetime(2026, 3, 12, 12, tzinfo=UTC).timestamp()
    send(reach(Clock(lambda: now)))
    asked, [form] = tokens.server.asked[0], tokens.forms
    assert (asked.method, asked.target) == ("POST", TOKEN_PATH)
    assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert asked.headers["User-Agent"] == "tap-netsuite-tba/test"
    assert "Authorization" not in asked.headers
    assertion = form.pop("client_assertion")[0]
    assert form == {
        "grant_type": ["client_credentials"],
        "client_assertion_type": ["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"],
    }
    assert jwt.get_unverified_header(assertion) == {
        "typ": "JWT",
        "alg": "ES256",
        "kid": "fake-certificate-id",
    }
    [claims] = tokens.assertions(key().public_key())
    assert len(claims.pop("jti")) == 36
    assert claims == {
        "iss": "fake-client-id",
        "scope": ["rest_webservices"],
        "aud": tokens.server.url + TOKEN_PATH,
        "iat": now - 60,
        "exp": now + 240,
    }


def test_a_password_in_netrc_goes_nowhere(
    tokens: Tokens, reach: Reach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password fake-password")
    monkeypatch.setenv("NETRC", str(netrc))
    send(reach())
    assert tokens.carried == ["token-1"]
    assert "Authorization" not in tokens.server.asked[0].headers


@pytest.mark.parametrize("after", [3300, 3600, 10**6])
def test_it_is_renewed_some_minutes_before_its_end(
    tokens: Tokens, reach: Reach, time: Time, after: float
) -> None:
    transport = reach()
    send(transport)
    time.now += 3299
    send(transport)
    time.now += after - 3299
    send(transport)
    assert tokens.carried == ["token-1", "token-1", "token-2"]
    first, second = tokens.assertions(key().public_key())
    assert first["jti"] != second["jti"]


def test_one_request_renews_while_the_others_go_on_with_the_old_token(
    tokens: Tokens, reach: Reach, time: Time
) -> None:
    transport = reach()
    send(transport)
    time.now += 3400
    tokens.after = threading.Event()
    with ThreadPoolExecutor(1) as thread:
        renewing = thread.submit(send, transport)
        tokens.server.expect(requests=3)
        assert [send(transport).status for _ in range(3)] == [200] * 3
        assert not renewing.done()
        tokens.after.set()
    assert renewing.result(DEADLINE).status == 200
    assert tokens.carried == ["token-1"] * 4 + ["token-2"]
    assert len(tokens.forms) == 2


@pytest.mark.parametrize("is_first", [True, False])
def test_without_a_good_token_all_wait_for_one_renewal(
    tokens: Tokens, reach: Reach, time: Time, *, is_first: bool
) -> None:
    transport = reach()
    if not is_first:
        send(transport)
        time.now += 3599
    before = len(tokens.carried)
    assert [future.result().status for future in together(transport, 12)] == [200] * 12
    assert len(tokens.forms) == (1 if is_first else 2)
    assert len(set(tokens.carried[before:])) == 1


class Awaited(Future[AccessToken]):
    """Tells when threads have come to wait for it."""

    waiting = threading.Semaphore(0)

    def result(self, timeout: float | None = None) -> AccessToken:
        self.waiting.release()
        return super().result(timeout)


@pytest.fixture
def all_but_one_wait(
    tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Transport], list[BaseException | None]]:
    """Lets one request of five ask for a token, answered when the others wait; what they met."""
    monkeypatch.setattr(Awaited, "waiting", threading.Semaphore(0))
    monkeypatch.setattr("tap_netsuite_tba.netsuite.bearer.Future", Awaited)

    def ask(transport: Transport) -> list[BaseException | None]:
        with ThreadPoolExecutor(5) as threads:
            sent = [threads.submit(send, transport) for _ in range(5)]
            for _ in range(4):
                assert Awaited.waiting.acquire(timeout=DEADLINE)
            if tokens.after:
                tokens.after.set()
        return [future.exception() for future in sent]

    return ask


AllButOneWait = Callable[[Transport], list[BaseException | None]]


def test_a_refusal_of_the_one_is_a_refusal_of_all(
    tokens: Tokens, reach: Reach, all_but_one_wait: AllButOneWait
) -> None:
    tokens.after = threading.Event()
    tokens.answers = [denied("invalid_grant")]
    refusals = all_but_one_wait(reach())
    assert [type(error) for error in refusals] == [LoginRefused] * 5
    assert len({id(error) for error in refusals}) == 5
    assert len(tokens.forms) == 1


def test_an_unanswered_request_for_a_token_lets_no_slot_cool_and_the_query_is_sent_again(
    tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tap_netsuite_tba.netsuite.auth.TOKEN_TIMEOUT", SHORT)
    never = threading.Event()
    tokens.answers = [Answer(after=never)]
    sessions = SessionPool(5)
    client = client_of(tokens, sessions=sessions)
    assert client.fetch(Query("SELECT 1 FROM dual", is_optional=True)).count == 0
    assert sessions.holders() == ()
    never.set()
    client.close()


def test_a_silent_token_endpoint_is_asked_twice_a_minute_while_the_old_token_is_good(
    tokens: Tokens, reach: Reach, time: Time
) -> None:
    transport = reach(timeout=SHORT)
    send(transport)
    never = threading.Event()
    tokens.answers = [Answer(after=never)] * 2
    for seconds in (3310, 10, 19, 1, 10):
        time.now += seconds
        assert send(transport).status == 200
    never.set()
    assert tokens.carried == ["token-1"] * 6
    assert len(tokens.forms) == 3


def test_a_token_is_not_sent_any_more_near_its_end_however_its_renewal_went(
    tokens: Tokens, reach: Reach, time: Time
) -> None:
    tokens.answers = [granted("short", expires_in=60), GATEWAY_PAGE]
    tokens.good.add("short")
    transport = reach()
    send(transport)
    for seconds in (53.9, 0.2, 3):  # renewed from 48 s on, and left at 54 s
        time.now += seconds
        assert send(transport).status == 200
    assert tokens.carried == ["short", "short", "token-1", "token-1"]


def test_trouble_while_the_old_token_is_good_is_none(
    tokens: Tokens, reach: Reach, time: Time
) -> None:
    transport = reach()
    send(transport)
    tokens.answers = [GATEWAY_PAGE, TOO_MANY]
    for seconds in (3310, 10, 20, 10, 20):  # it is tried again each half a minute
        time.now += seconds
        assert send(transport).status == 200
    assert tokens.carried == ["token-1"] * 5 + ["token-2"]
    assert len(tokens.forms) == 4


def test_trouble_without_a_good_token_comes_up(tokens: Tokens, reach: Reach, time: Time) -> None:
    transport = reach()
    send(transport)
    time.now += 3599
    tokens.answers = [GATEWAY_PAGE]
    with pytest.raises(ServerFault):
        send(transport)
    assert send(transport).status == 200


def test_whoever_waits_for_a_token_is_told_when_all_is_closed(
    tokens: Tokens, reach: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Awaited, "waiting", threading.Semaphore(0))
    monkeypatch.setattr("tap_netsuite_tba.netsuite.bearer.Future", Awaited)
    tokens.after = threading.Event()
    transport = reach()
    with ThreadPoolExecutor(2) as threads:
        sent = [threads.submit(send, transport) for _ in range(2)]
        tokens.server.expect(requests=1)
        assert Awaited.waiting.acquire(timeout=DEADLINE)
        transport.close()
        assert all(isinstance(future.exception(DEADLINE), NetSuiteError) for future in sent)
    tokens.after.set()
