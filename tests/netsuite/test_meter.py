import contextlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from tap_netsuite_tba.netsuite.meter import UNNAMED, Counts, Meter
from tests.netsuite.conftest import Time


@pytest.fixture
def meter(time: Time) -> Meter:
    return Meter(time.monotonic)


def test_nothing_asked_is_nothing_taken(meter: Meter) -> None:
    assert meter.total == Counts()
    assert meter.tables == {}
    assert meter.began is None
    assert meter.first_of("vendor") is None


def test_requests_are_counted_for_their_tables(meter: Meter, time: Time) -> None:
    for table, seconds, received in [("vendor", 2, 10), ("customer", 3, 20), ("vendor", 4, 30)]:
        with meter.exchange(table) as exchange:
            time.now += seconds
            exchange.received = received
    meter.retried("vendor", waited=1.5)
    assert meter.tables == {
        "vendor": Counts(requests=2, retries=1, waited=1.5, received=40, busy=6),
        "customer": Counts(requests=1, received=20, busy=3),
    }
    assert meter.total == Counts(requests=3, retries=1, waited=1.5, received=60, busy=9)
    assert (meter.began, meter.first_of("vendor"), meter.first_of("customer")) == (1000, 1000, 1002)


def test_a_request_that_fails_counts_as_well(meter: Meter, time: Time) -> None:
    with contextlib.suppress(KeyError), meter.exchange(None):
        time.now += 2
        raise KeyError
    assert meter.tables == {UNNAMED: Counts(requests=1, busy=2)}


def test_requests_in_flight_are_busy_until_now(meter: Meter, time: Time) -> None:
    with meter.exchange("vendor"), meter.exchange("vendor"):
        time.now += 2
        assert meter.total == Counts(requests=2, busy=4)
        time.now += 1
        assert meter.total == Counts(requests=2, busy=6)
    time.now += 1
    assert meter.total == Counts(requests=2, busy=6)


def test_what_is_counted_anew_leaves_out_what_was_before(meter: Meter, time: Time) -> None:
    with meter.exchange("vendor"):
        time.now += 2
    assert meter.begin_anew() == Counts(requests=1, busy=2)
    assert meter.total == Counts()
    assert meter.first_of("vendor") is None
    assert meter.began == 1000


def test_many_threads_lose_no_count() -> None:
    meter = Meter()

    def ask(number: int) -> None:
        with meter.exchange(f"table {number % 3}") as exchange:
            exchange.received = number
        meter.retried(f"table {number % 3}", waited=1)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(ask, range(999)))
    total = meter.total
    assert (total.requests, total.retries, total.waited) == (999, 999, 999)
    assert total.received == sum(range(999))
    assert {counts.requests for counts in meter.tables.values()} == {333}
