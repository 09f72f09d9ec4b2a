"""What a client's requests take of the sessions and the wire."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from tap_netsuite_tba.netsuite.errors import LoginRefused
from tap_netsuite_tba.netsuite.meter import Meter
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.netsuite.responses import read_page
from tap_netsuite_tba.netsuite.sessions import SessionPool
from tap_netsuite_tba.netsuite.transport import Reply
from tests.netsuite.conftest import Connect, Skipping, Time, Waiting
from tests.netsuite.server import (
    TOO_MANY,
    Answer,
    Server,
    page,
    refusal,
)

QUERY = Query("SELECT id FROM customer ORDER BY id ASC", limit=7, table="customer")


def test_an_answer_is_understood_without_a_slot(
    server: Server, connect: Connect, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = SessionPool(1, monotonic=time.monotonic, changed=Skipping(time))

    def read_with_a_free_slot(reply: Reply, **asked: Any) -> Page:  # noqa: ANN401 - handed on
        with pool.session():  # would never be given if the only slot were held
            return read_page(reply, **asked)

    client = connect(sessions=pool)
    client.fetch(QUERY)  # The first one holds it until the login is known to be good.
    monkeypatch.setattr("tap_netsuite_tba.netsuite.client.read_page", read_with_a_free_slot)
    server.script([page({"id": "7"})])
    assert client.fetch(QUERY).count == 1


def test_a_login_refused_by_the_body_of_an_answer_is_still_one(
    server: Server, connect: Connect
) -> None:
    """Although it is only seen when the slot was given back."""
    server.script([], then=refusal(200, "INVALID_LOGIN"))
    with pytest.raises(LoginRefused):
        connect().fetch(QUERY)
    assert len(server.asked) == 2


def test_what_each_table_takes_is_counted_as_it_comes_over_the_wire(
    server: Server, connect: Connect
) -> None:
    plain, compressed = page({"id": "7" * 500}), page({"id": "7" * 500}).compressed()
    server.script([plain, compressed, TOO_MANY, plain])
    meter = Meter()
    client = connect(meter=meter)
    client.fetch(QUERY)
    client.fetch(QUERY)
    client.fetch(replace(QUERY, table="vendor"))
    customer, vendor = meter.tables["customer"], meter.tables["vendor"]
    assert (customer.requests, customer.retries, customer.waited) == (2, 0, 0)
    assert customer.received == len(plain.body) + len(compressed.body) < 2 * len(plain.body)
    assert (vendor.requests, vendor.retries) == (2, 1)
    assert vendor.received == len(TOO_MANY.body) + len(plain.body)
    assert vendor.busy > 0
    assert client.counts.requests == 4


def test_after_a_429_two_are_in_flight_and_no_more_until_time_has_passed(
    server: Server, connect: Connect, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("random.uniform", min)  # no time passes before a retry
    waiting = Waiting()
    pool = SessionPool(5, monotonic=time.monotonic, changed=waiting)
    client = connect(sessions=pool)
    server.script([page(), TOO_MANY])
    for _ in range(2):
        client.fetch(QUERY)
    server.expect(requests=3)
    release = threading.Event()
    server.script([], then=Answer(body=page().body, after=release))
    with ThreadPoolExecutor(7) as threads:
        fetched = [threads.submit(client.fetch, QUERY) for _ in range(7)]
        server.expect(requests=2)
        waiting.expect(threads=5)
        assert server.in_flight == 2
        release.set()
    assert [future.result().count for future in fetched] == [0] * 7
