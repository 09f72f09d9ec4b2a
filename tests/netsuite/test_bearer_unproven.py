"""A new access token is carried by one request until NetSuite has let it in."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tap_netsuite_tba.netsuite.errors import ClientClosed, ConnectionFailed, LoginRefused
from tap_netsuite_tba.netsuite.transport import Reply, Transport
from tests.netsuite.conftest import Time
from tests.netsuite.server import GATEWAY_PAGE, Answer, Answering, Asked
from tests.netsuite.token_server import (
    DEADLINE,
    LOGIN_REFUSED,
    TOKEN_PATH,
    Reach,
    Tokens,
    granted,
    send,
)

InFlight = Callable[..., list[Reply | BaseException]]


def is_refused(met: Reply | BaseException) -> bool:
    """Whether it is a refused login: another's, or, of one that hears of it later, its own 401."""
    return met.status == 401 if isinstance(met, Reply) else isinstance(met, LoginRefused)


def held_back(tokens: Tokens, token: str) -> threading.Event:
    """Keeps the answers to those who carry a token, until what is returned is set."""
    later, usual = threading.Event(), tokens.answer

    def answer(asked: Asked) -> Answer:
        is_held = asked.headers.get("Authorization") == f"Bearer {token}"
        return Answer(after=later) if is_held else usual(asked)

    tokens.server.answer_by(answer)
    return later


@pytest.fixture
def refused_together(tokens: Tokens) -> InFlight:
    """Sends five requests with the first token, which has ended when all of them are there."""

    def ask(transport: Transport, then: Answering = tokens.answer) -> list[Reply | BaseException]:
        send(transport)
        tokens.server.expect(requests=2)
        tokens.good.clear()
        arrived = threading.Event()

        def answer(asked: Asked) -> Answer:
            if asked.headers.get("Authorization") == "Bearer token-1":
                return Answer(401, LOGIN_REFUSED.body, after=arrived)
            return then(asked)

        tokens.server.answer_by(answer)
        with ThreadPoolExecutor(5) as threads:
            sent = [threads.submit(send, transport) for _ in range(5)]
            tokens.server.expect(requests=5)
            arrived.set()
        return [future.exception() or future.result() for future in sent]

    return ask


def test_a_new_token_that_is_refused_is_carried_by_one_of_those_in_flight(
    tokens: Tokens, reach: Reach, refused_together: InFlight
) -> None:
    transport = reach()
    tokens.answers = [granted("token-1"), *(granted(f"bad-{number}") for number in range(9))]
    tokens.good.add("token-1")
    met = refused_together(transport)
    assert [is_refused(one) for one in met] == [True] * 5
    assert tokens.carried == ["token-1"] * 6 + ["bad-0"]
    assert len(tokens.forms) == 2


def test_the_next_one_carries_a_new_token_after_an_answer_that_tells_nothing(
    tokens: Tokens, reach: Reach, refused_together: InFlight
) -> None:
    transport = reach()
    tokens.answers = [granted("token-1"), *(granted(f"bad-{number}") for number in range(9))]
    tokens.good.add("token-1")
    first, usual = iter([GATEWAY_PAGE]), tokens.answer
    met = refused_together(
        transport,
        lambda asked: next(first, LOGIN_REFUSED) if "bad" in str(asked.headers) else usual(asked),
    )
    assert sorted(is_refused(one) for one in met) == [False] + [True] * 4
    assert tokens.carried == ["token-1"] * 6 + ["bad-0"] * 2


def test_a_new_token_that_is_good_is_carried_by_all_that_were_in_flight(
    tokens: Tokens, reach: Reach, refused_together: InFlight
) -> None:
    met = refused_together(reach())
    assert [one.status for one in met if isinstance(one, Reply)] == [200] * 5
    assert tokens.carried == ["token-1"] * 6 + ["token-2"] * 5


def test_a_token_that_the_next_one_has_ended_costs_no_refused_login(
    tokens: Tokens, reach: Reach, time: Time
) -> None:
    transport = reach()
    send(transport)
    later, usual = threading.Event(), tokens.answer
    first = iter([Answer(401, LOGIN_REFUSED.body, after=later)])
    tokens.server.expect(requests=2)
    tokens.server.answer_by(lambda asked: next(first, None) or usual(asked))
    with ThreadPoolExecutor(1) as thread:
        in_flight = thread.submit(send, transport)
        tokens.server.expect(requests=1)
        time.now += 3400
        assert send(transport).status == 200
        later.set()
        assert in_flight.result(DEADLINE).status == 200
    assert tokens.carried == ["token-1", "token-1", "token-2", "token-2"]


def test_a_renewed_token_is_carried_by_one_until_it_is_proven_and_the_old_one_by_the_others(
    tokens: Tokens, reach: Reach, time: Time
) -> None:
    transport = reach()
    send(transport)
    tokens.server.expect(requests=2)
    later = held_back(tokens, "token-2")
    time.now += 3400
    with ThreadPoolExecutor(1) as thread:
        trying = thread.submit(send, transport)
        tokens.server.expect(requests=2)
        assert [send(transport).status for _ in range(2)] == [200] * 2
        later.set()
        trying.result(DEADLINE)
    send(transport)
    assert tokens.carried == ["token-1", "token-2", "token-1", "token-1", "token-2"]


def test_an_old_token_that_ends_while_the_new_one_is_tried_is_carried_no_more(
    tokens: Tokens, reach: Reach, time: Time
) -> None:
    transport = reach()
    send(transport)
    tokens.server.expect(requests=2)
    later = held_back(tokens, "token-2")
    time.now += 3400
    with ThreadPoolExecutor(2) as threads:
        trying = threads.submit(send, transport)
        tokens.server.expect(requests=2)
        tokens.good.clear()
        refused = threads.submit(send, transport)
        tokens.server.expect(requests=1)
        later.set()
        assert {trying.result(DEADLINE).status, refused.result(DEADLINE).status} == {200}
    assert tokens.carried == ["token-1", "token-2", "token-1", "token-2"]


def test_a_token_is_tried_anew_some_time_after_a_connection_broke_over_it(
    tokens: Tokens, reach: Reach, time: Time
) -> None:
    transport = reach()
    send(transport)
    first, usual = iter([Answer().cut(0)]), tokens.answer
    tokens.server.answer_by(
        lambda asked: next(first, usual(asked)) if "token-2" in str(asked.headers) else usual(asked)
    )
    time.now += 3310
    with pytest.raises(ConnectionFailed):
        send(transport)
    for seconds in (0, 1.9, 0.1, 0):
        time.now += seconds
        assert send(transport).status == 200
    assert tokens.carried == [f"token-{number}" for number in (1, 2, 1, 1, 2, 2)]


def test_a_connection_that_breaks_when_a_request_is_sent_again_keeps_nobody_waiting(
    tokens: Tokens, reach: Reach
) -> None:
    transport = reach()
    send(transport)
    tokens.good.clear()
    first, usual = iter([Answer().cut(0)]), tokens.answer
    tokens.server.answer_by(
        lambda asked: next(first, usual(asked)) if "token-2" in str(asked.headers) else usual(asked)
    )
    with pytest.raises(ConnectionFailed):
        send(transport)
    assert send(transport).status == 200
    assert tokens.carried == [f"token-{number}" for number in (1, 1, 2, 2)]


def test_who_waits_for_a_token_to_be_proven_is_told_when_all_is_closed(
    tokens: Tokens, reach: Reach, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = threading.Event()

    class Watched(threading.Condition):
        def wait(self, timeout: float | None = None) -> bool:
            waiting.set()
            return super().wait(timeout)

    monkeypatch.setattr("tap_netsuite_tba.netsuite.bearer.Condition", Watched)
    transport = reach()
    send(transport)
    tokens.server.expect(requests=2)
    never, usual = threading.Event(), tokens.answer
    tokens.server.answer_by(
        lambda asked: usual(asked) if asked.target == TOKEN_PATH else Answer(after=never)
    )
    time.now += 3600
    with ThreadPoolExecutor(2) as threads:
        threads.submit(send, transport)
        tokens.server.expect(requests=2)
        second = threads.submit(send, transport)
        assert waiting.wait(DEADLINE)
        transport.close()
        assert isinstance(second.exception(DEADLINE), ClientClosed)
        never.set()
