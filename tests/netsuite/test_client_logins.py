"""What a client does where a login is refused, and what the refusal tells of the time."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tap_netsuite_tba.netsuite.client import Client
from tap_netsuite_tba.netsuite.clock import ALLOWED_SKEW, Clock
from tap_netsuite_tba.netsuite.errors import (
    ConcurrencyLimitExceeded,
    LoginRefused,
    PermissionDenied,
    QueryRefused,
    RetriesExhausted,
)
from tap_netsuite_tba.netsuite.host_login import HostLogin
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.netsuite.refusals import RefusedLogins
from tap_netsuite_tba.netsuite.sessions import SessionPool
from tests.netsuite.conftest import Connect, Time, Waiting
from tests.netsuite.server import (
    LOGIN_REFUSED,
    Answer,
    Asked,
    Server,
    page,
    refusal,
)

QUERY = Query("SELECT id FROM customer ORDER BY id ASC", limit=7, table="customer")


def together(client: Client, times: int) -> list[Future[Page]]:
    with ThreadPoolExecutor(times) as threads:
        return [threads.submit(client.fetch, QUERY) for _ in range(times)]


@pytest.mark.parametrize("threads", [1, 5, 12])
def test_a_wrong_secret_costs_two_refused_logins(
    server: Server, connect: Connect, threads: int
) -> None:
    server.script([], then=LOGIN_REFUSED)
    for future in together(connect(), threads):
        error = future.exception()
        assert isinstance(error, LoginRefused)
        assert "Login Audit Trail" in str(error)
    assert len(server.asked) == 2
    assert server.peak == 1


def test_a_single_401_is_tried_once_more(server: Server, connect: Connect) -> None:
    server.script([LOGIN_REFUSED])
    assert [f.result().count for f in together(connect(), 5)] == [0] * 5
    assert len(server.asked) == 6


def test_until_the_first_success_one_request_is_in_flight(server: Server, connect: Connect) -> None:
    release = threading.Event()
    client = connect()
    server.script([Answer(body=page().body, after=release)])
    with ThreadPoolExecutor(5) as threads:
        first = threads.submit(client.fetch, QUERY)
        server.expect(requests=1)
        others = [threads.submit(client.fetch, QUERY) for _ in range(4)]
        assert server.in_flight == 1
        release.set()
    assert all(future.exception() is None for future in (first, *others))


def test_a_token_revoked_in_flight_is_tried_once_more_whoever_waits(
    server: Server, connect: Connect
) -> None:
    waiting = Waiting()
    client = connect(sessions=SessionPool(5, changed=waiting))
    client.fetch(QUERY)
    server.expect(requests=1)
    release = threading.Event()
    refused = Answer(401, LOGIN_REFUSED.body, after=release)
    server.script([], then=refused)
    with ThreadPoolExecutor(12) as threads:
        fetched = [threads.submit(client.fetch, QUERY) for _ in range(12)]
        server.expect(requests=5)
        waiting.expect(threads=7)
        release.set()
    assert all(isinstance(future.exception(), LoginRefused) for future in fetched)
    # The five that were in flight when it was revoked, and one to make sure.
    assert len(server.asked) == 1 + 5 + 1


def test_a_401_in_a_good_run_is_overcome_by_one_request(server: Server, connect: Connect) -> None:
    client = connect()
    client.fetch(QUERY)
    server.script([page(), LOGIN_REFUSED])
    assert all(future.exception() is None for future in together(client, 12))
    assert len(server.asked) == 1 + 12 + 1


def signed_at(asked: Asked) -> int:
    return int(asked.oauth["oauth_timestamp"])


def test_the_second_login_is_signed_by_the_time_of_the_refusal(
    server: Server, connect: Connect
) -> None:
    here, there = datetime(2026, 3, 12, 12, tzinfo=UTC), datetime(2026, 3, 12, 13, tzinfo=UTC)
    dated = {"Date": format_datetime(there, usegmt=True)}
    server.script([Answer(401, LOGIN_REFUSED.body, dated), Answer(body=page().body, headers=dated)])
    got = connect(clock=Clock(here.timestamp)).fetch(QUERY)
    assert [signed_at(asked) for asked in server.asked] == [here.timestamp(), there.timestamp()]
    assert got.asked_at == there - timedelta(seconds=1)


@pytest.mark.parametrize("status", [200, 403, 429, 503])
def test_no_other_answer_moves_the_clock(server: Server, connect: Connect, status: int) -> None:
    here = datetime(2026, 3, 12, 12, tzinfo=UTC)
    dated = {"Date": format_datetime(here + timedelta(hours=1), usegmt=True)}
    clock = Clock(here.timestamp)
    server.script([Answer(status, page().body, dated)] * 2)
    client = connect(clock=clock)
    if status == 403:
        with pytest.raises(PermissionDenied):
            client.fetch(QUERY)
    else:
        client.fetch(QUERY)
    assert clock.now() == here.timestamp()


def test_a_page_with_a_later_date_was_asked_for_at_the_earliest_that_is_possible(
    server: Server, connect: Connect
) -> None:
    here = datetime(2026, 3, 12, 12, tzinfo=UTC)
    dated = {"Date": format_datetime(here + timedelta(hours=1), usegmt=True)}
    server.script([Answer(body=page().body, headers=dated)])
    got = connect(clock=Clock(here.timestamp)).fetch(QUERY)
    assert got.asked_at == here - ALLOWED_SKEW - timedelta(seconds=1)


def test_a_query_that_is_refused_first_of_all_lets_the_others_through_together(
    server: Server, connect: Connect
) -> None:
    server.script([refusal(400, "INVALID_PARAMETER", "No.", errorQueryParam="q")])
    client = connect()
    with pytest.raises(QueryRefused):
        client.fetch(QUERY)
    release = threading.Event()
    server.script([], then=Answer(body=page().body, after=release))
    with ThreadPoolExecutor(5) as threads:
        fetched = [threads.submit(client.fetch, QUERY) for _ in range(5)]
        server.expect(requests=6)
        release.set()
    assert all(future.exception() is None for future in fetched)


# Too many requests in disguise


def test_a_401_in_a_good_run_makes_room_for_others(
    server: Server, connect: Connect, time: Time
) -> None:
    pool = SessionPool(5, monotonic=time.monotonic)
    client = connect(sessions=pool)
    server.script([page(), LOGIN_REFUSED])
    for _ in range(2):
        assert client.fetch(QUERY).count == 0
    assert pool.allowance.limit() == 2


def held_for_a_minute(time: Time, answers: Iterable[Answer]) -> Callable[[Asked], Answer]:
    """What NetSuite was seen to do with requests over its limit."""
    remaining = iter(answers)

    def answer(_: Asked) -> Answer:
        time.now += 60
        return next(remaining, LOGIN_REFUSED)

    return answer


def test_401s_after_a_minute_are_waited_out_once_the_login_was_good(
    server: Server, connect: Connect, time: Time
) -> None:
    client = connect()
    client.fetch(QUERY)
    server.answer_by(held_for_a_minute(time, [*[LOGIN_REFUSED] * 6, page({"id": "7"})]))
    assert client.fetch(QUERY).count == 1


def test_they_are_waited_out_as_long_as_the_timeout_says(
    server: Server, connect: Connect, time: Time
) -> None:
    client = connect(retry_timeout=900)
    client.fetch(QUERY)
    server.answer_by(held_for_a_minute(time, []))
    with pytest.raises(RetriesExhausted, match="let in before") as raised:
        client.fetch(QUERY)
    assert isinstance(raised.value.last, ConcurrencyLimitExceeded)
    assert 780 <= raised.value.seconds <= 900 + 60


def test_some_are_waited_out_though_the_login_was_never_good(
    server: Server, connect: Connect, time: Time
) -> None:
    server.answer_by(held_for_a_minute(time, [LOGIN_REFUSED, LOGIN_REFUSED, page({"id": "7"})]))
    assert connect().fetch(QUERY).count == 1


def test_there_are_four_at_most_as_long_as_the_login_was_never_good(
    server: Server, connect: Connect, time: Time
) -> None:
    server.answer_by(held_for_a_minute(time, []))
    with pytest.raises(LoginRefused, match="took long"):
        connect().fetch(QUERY)
    assert len(server.asked) == 4


def test_how_long_a_refusal_took_is_told(server: Server, connect: Connect, time: Time) -> None:
    server.answer_by(held_for_a_minute(time, []))
    with pytest.raises(LoginRefused) as raised:
        connect().fetch(QUERY)
    assert raised.value.took == 60


# A clock that is wrong


def by_true_time(now: datetime) -> Callable[[Asked], Answer]:
    """Refuses what is signed more than five minutes off, as NetSuite does."""
    dated = {"Date": format_datetime(now, usegmt=True)}

    def answer(asked: Asked) -> Answer:
        if abs(signed_at(asked) - now.timestamp()) > ALLOWED_SKEW.total_seconds():
            return Answer(401, LOGIN_REFUSED.body, dated)
        return Answer(body=page().body, headers=dated)

    return answer


@pytest.mark.parametrize("minutes", [-12, 12, 600])
def test_a_host_that_is_minutes_off_costs_one_refused_login_that_is_not_remembered(
    server: Server, connect: Connect, tmp_path: Path, minutes: int
) -> None:
    there = datetime(2026, 3, 12, 12, tzinfo=UTC)
    server.answer_by(by_true_time(there))
    refused = RefusedLogins(tmp_path / "refused.json")
    client = connect(
        clock=Clock((there + timedelta(minutes=minutes)).timestamp),
        first_login=HostLogin(refused, "mark", longest_wait=30),
    )
    assert [future.result().count for future in together(client, 5)] == [0] * 5
    assert len(server.asked) == 5 + 1
    assert refused.refused_at("mark") is None


def test_a_gateways_refusal_teaches_nothing_of_the_time(server: Server, connect: Connect) -> None:
    here = datetime(2026, 3, 12, 12, tzinfo=UTC)
    dated = {"Date": format_datetime(here + timedelta(minutes=20), usegmt=True)}
    page_of_a_gateway = Answer(
        401, b"<title>Unauthorized</title>", dated | {"Content-Type": "text/html"}
    )
    clock = Clock(here.timestamp)
    server.script([page_of_a_gateway])
    assert connect(clock=clock).fetch(QUERY).count == 0
    assert clock.now() == here.timestamp()


def test_a_clock_that_is_set_in_the_middle_of_a_run_costs_one_refused_login(
    server: Server, connect: Connect
) -> None:
    there = datetime(2026, 3, 12, 12, tzinfo=UTC)
    server.answer_by(by_true_time(there))
    host = [there.timestamp()]
    client = connect(clock=Clock(lambda: host[0], monotonic=lambda: 0))
    together(client, 5)
    host[0] += 3600
    assert all(future.exception() is None for future in together(client, 12))
    assert len(server.asked) == 5 + 12 + 1
