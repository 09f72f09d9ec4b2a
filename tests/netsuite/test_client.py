import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tap_netsuite_tba.netsuite.account import Account
from tap_netsuite_tba.netsuite.client import connect as connect_by_tokens
from tap_netsuite_tba.netsuite.clock import Clock
from tap_netsuite_tba.netsuite.errors import (
    ConcurrencyLimitExceeded,
    HostUnreachable,
    MalformedResponse,
    QueryRefused,
    RetriesExhausted,
    TimedOut,
)
from tap_netsuite_tba.netsuite.query import Query, Resource
from tap_netsuite_tba.netsuite.sessions import COOLING_SECONDS, SessionPool
from tests.netsuite.conftest import CREDENTIALS, Connect, Skipping, Time, Waiting
from tests.netsuite.server import (
    GATEWAY_PAGE,
    SHORT,
    TOO_MANY,
    Answer,
    Asked,
    Server,
    page,
    refusal,
)

QUERY = Query("SELECT id FROM customer ORDER BY id ASC", limit=7, table="customer")
FAULT = refusal(500, "UNEXPECTED_ERROR", "An unexpected error occurred. Error ID: abc")
MAINTENANCE = Answer(200, b"<html><title>Scheduled maintenance</title></html>")


def test_a_query_goes_up_as_netsuite_wants_it(server: Server, connect: Connect) -> None:
    connect().fetch(QUERY)
    (asked,) = server.asked
    assert asked.method == "POST"
    assert asked.target == "/services/rest/query/v1/suiteql?limit=7&offset=0"
    assert asked.headers["Prefer"] == "transient"
    assert json.loads(asked.body) == {"q": QUERY.text}


def test_a_query_may_begin_at_a_later_row(server: Server, connect: Connect) -> None:
    connect().fetch(replace(QUERY, offset=14))
    (asked,) = server.asked
    assert asked.target.endswith("?limit=7&offset=14")


def test_its_page_comes_down(server: Server, connect: Connect) -> None:
    noon = datetime(2026, 3, 12, 12, tzinfo=UTC)
    answer = page({"id": "7"}, hasMore=True, totalResults=12)
    headers = {"Date": format_datetime(noon, usegmt=True), "x-n-operationid": "operation-7"}
    server.script([Answer(body=answer.body, headers=headers)])
    got = connect(clock=Clock(noon.timestamp)).fetch(QUERY)
    assert json.loads(got.items) == [{"id": "7"}]
    assert (got.count, got.has_more, got.total_results) == (1, True, 12)
    assert got.asked_at == noon - timedelta(seconds=1)
    assert got.request_id == "operation-7"


@pytest.mark.parametrize(
    "trouble",
    [
        TOO_MANY,
        refusal(400, "CONCURRENCY_LIMIT_EXCEEDED"),
        refusal(400, "SSS_REQUEST_LIMIT_EXCEEDED"),
        Answer(400, b"<html><title>Bad request</title></html>"),
        Answer(403, b"<html><title>Access Denied</title></html>"),
        Answer(408),
        Answer(413),
        FAULT,
        GATEWAY_PAGE,
        Answer(503),
        MAINTENANCE,
        Answer(204),
        page({"id": "1"}).cut(0),
        page({"id": "1"}).cut(40),
        page({"id": "1"}).compressed().damaged(),
        Answer(body=page({"id": "1"}).body[:-9]),
    ],
)
def test_temporary_trouble_is_retried_signed_anew(
    server: Server, connect: Connect, time: Time, trouble: Answer
) -> None:
    server.script([trouble] * 3)
    client = connect()
    assert client.fetch(QUERY).count == 0
    nonces = {asked.oauth["oauth_nonce"] for asked in server.asked}
    signatures = {asked.oauth["oauth_signature"] for asked in server.asked}
    assert len(server.asked) == len(nonces) == len(signatures) == 4
    assert (client.counts.requests, client.counts.retries) == (4, 3)
    assert client.counts.waited == pytest.approx(sum(time.slept))


def test_a_gateways_404_is_waited_out_once_netsuite_has_answered(
    server: Server, connect: Connect
) -> None:
    elsewhere = Answer(404, b"<html><title>Not Found</title></html>")
    server.script([page({"id": "1"}), *[elsewhere] * 5])
    client = connect()
    assert client.fetch(QUERY).count == 1
    assert client.fetch(QUERY).count == 0


def test_an_address_that_was_never_netsuites_is_given_up_soon(
    server: Server, connect: Connect
) -> None:
    server.script([Answer(404, b"<html><title>Not Found</title></html>")] * 9)
    with pytest.raises(MalformedResponse, match="Not Found"):
        connect().fetch(QUERY)
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    "answer",
    [
        refusal(400, "INVALID_PARAMETER", errorQueryParam="q"),
        refusal(403, "INSUFFICIENT_PERMISSION"),
        refusal(404, "NONEXISTENT_ID"),
        refusal(405, "INVALID_METHOD"),
    ],
)
def test_a_refusal_is_not_retried(server: Server, connect: Connect, answer: Answer) -> None:
    server.script([answer])
    with pytest.raises(Exception, match=r"customer"):
        connect().fetch(QUERY)
    assert len(server.asked) == 1


def test_what_netsuite_says_of_a_query_comes_up(server: Server, connect: Connect) -> None:
    detail = "Search error occurred: Unknown identifier 'subsidiary'."
    server.script([refusal(400, "INVALID_PARAMETER", detail, errorQueryParam="q")])
    with pytest.raises(QueryRefused) as raised:
        connect().fetch(QUERY)
    assert raised.value.detail == detail
    assert raised.value.request_id == "operation-1"


def test_retry_after_is_waited(server: Server, connect: Connect, time: Time) -> None:
    server.script([Answer(429, headers={"Retry-After": "120"})])
    connect().fetch(QUERY)
    assert time.slept == [120]


def test_each_success_restores_the_patience(server: Server, connect: Connect, time: Time) -> None:
    client = connect(retry_timeout=900)
    for _ in range(3):
        server.script([Answer(503, headers={"Retry-After": "800"})])
        client.fetch(QUERY)
    assert time.slept == [800] * 3


def test_a_storm_of_429_ends_after_the_timeout(
    server: Server, connect: Connect, time: Time
) -> None:
    server.script([page()], then=TOO_MANY)
    client = connect()
    client.fetch(QUERY)
    with ThreadPoolExecutor(5) as threads:
        fetched = [threads.submit(client.fetch, QUERY) for _ in range(5)]
    for future in fetched:
        error = future.exception()
        assert isinstance(error, RetriesExhausted)
        assert isinstance(error.last, ConcurrencyLimitExceeded)
        assert "customer" in str(error)
    assert client.counts.waited == pytest.approx(sum(time.slept))


def test_a_sleeping_retry_holds_no_slot(server: Server, connect: Connect, time: Time) -> None:
    pool = SessionPool(1, monotonic=time.monotonic, changed=Skipping(time))
    server.script([FAULT] * 3)
    slept_with_a_free_slot = []

    def sleep(_: float) -> None:
        with pool.session():  # would never be given if the only slot were held
            slept_with_a_free_slot.append(True)

    connect(sessions=pool, sleep=sleep).fetch(QUERY)
    assert len(slept_with_a_free_slot) == 3


def test_a_time_out_is_raised_at_once_and_its_slot_cools_down(
    server: Server, connect: Connect, time: Time
) -> None:
    never = threading.Event()
    server.script([page(), Answer(after=never)])
    pool = SessionPool(1, monotonic=time.monotonic, changed=Skipping(time))
    client = connect(sessions=pool, read_timeout=SHORT)
    client.fetch(QUERY)
    began = time.now
    with pytest.raises(TimedOut, match="customer"):
        client.fetch(QUERY)
    assert time.now == began
    assert len(server.asked) == 2
    client.fetch(QUERY)
    assert time.now == began + COOLING_SECONDS
    never.set()


def test_a_patient_fetch_asks_again_after_a_time_out(
    server: Server, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    never = threading.Event()
    server.script([Answer(after=never)] * 2)
    client = connect(read_timeout=SHORT)
    assert client.fetch_patiently(QUERY).count == 0
    assert (client.counts.requests, client.counts.retries) == (3, 2)
    assert caplog.messages[0].startswith("NetSuite did not answer in time (customer)")
    never.set()


def test_what_can_be_done_without_is_not_asked_again_after_a_time_out(
    server: Server, connect: Connect
) -> None:
    never = threading.Event()
    server.script([], then=Answer(after=never))
    client = connect(read_timeout=SHORT)
    with pytest.raises(TimedOut, match="customer"):
        client.fetch_patiently(replace(QUERY, is_optional=True))
    with pytest.raises(TimedOut, match="a document"):
        client.get(Resource("/there", "application/json", table="a document", is_optional=True))
    assert len(server.asked) == 2
    never.set()


def test_even_patience_ends(server: Server, connect: Connect, time: Time) -> None:
    never = threading.Event()
    server.script([], then=Answer(after=never))
    pool = SessionPool(1, monotonic=time.monotonic, changed=Skipping(time))
    with pytest.raises(RetriesExhausted, match="did not answer in time"):
        connect(sessions=pool, read_timeout=SHORT).fetch_patiently(QUERY)
    assert len(server.asked) == 2
    never.set()


def test_five_are_in_flight_and_never_six(server: Server, connect: Connect) -> None:
    waiting = Waiting()
    pool = SessionPool(5, changed=waiting)
    client = connect(sessions=pool)
    client.fetch(QUERY)
    server.expect(requests=1)
    release = threading.Event()
    server.script([], then=Answer(body=page().body, after=release))
    with ThreadPoolExecutor(12) as threads:
        fetched = [threads.submit(client.fetch, QUERY) for _ in range(12)]
        server.expect(requests=5)
        waiting.expect(threads=7)
        assert server.in_flight == 5
        release.set()
    assert [future.result().count for future in fetched] == [0] * 12
    assert server.peak == pool.peak == 5


def test_a_host_that_does_not_exist_is_given_up_after_three_tries(
    server: Server, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    client = connect()
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(HostUnreachable, match="account_id"):
        client.fetch(QUERY)
    assert client.counts.requests == 3
    assert not server.asked


def test_connect_makes_a_client_that_logs_in_by_tokens(server: Server) -> None:
    client = connect_by_tokens(
        Account.parse("1234567_SB1", server.url),
        CREDENTIALS,
        sessions=SessionPool(5),
        retry_timeout=900,
        user_agent="tap-netsuite-tba/test",
    )
    assert client.fetch(QUERY).count == 0
    client.close()
    assert server.asked[0].oauth["oauth_token"] == CREDENTIALS.token_id


def test_a_request_is_answered_to_each_thread_that_asked_it(
    server: Server, connect: Connect
) -> None:
    def echo(asked: Asked) -> Answer:
        return page({"q": json.loads(asked.body)["q"]})

    server.answer_by(echo)
    client = connect()
    texts = [str(number) for number in range(40)]
    with ThreadPoolExecutor(12) as threads:
        pages = list(threads.map(lambda text: client.fetch(Query(text)), texts))
    assert [json.loads(got.items)[0]["q"] for got in pages] == texts
