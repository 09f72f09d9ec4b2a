"""The client and the simulator, which share no code, must agree on what NetSuite does."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tap_netsuite_tba.netsuite.account import Account, Credentials
from tap_netsuite_tba.netsuite.client import Client, connect
from tap_netsuite_tba.netsuite.errors import LoginRefused, QueryRefused
from tap_netsuite_tba.netsuite.query import Query
from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator(transactions=500, latency=0.01) as running:
        yield running


@pytest.fixture
def credentials(simulator: Simulator) -> Credentials:
    given = simulator.credentials
    return Credentials(
        given.consumer_key, given.consumer_secret, given.token_id, given.token_secret
    )


def client_of(simulator: Simulator, credentials: Credentials) -> Client:
    return connect(
        Account.parse(simulator.credentials.account_id, simulator.base_url),
        credentials,
        max_sessions=5,
        retry_timeout=60,
        user_agent="tap-netsuite-tba/test",
    )


@pytest.fixture
def client(simulator: Simulator, credentials: Credentials) -> Iterator[Client]:
    made = client_of(simulator, credentials)
    yield made
    made.close()


def test_many_threads_log_in_and_never_meet_the_limit(simulator: Simulator, client: Client) -> None:
    query = Query("SELECT id FROM transaction ORDER BY id ASC", limit=10, table="transaction")
    with ThreadPoolExecutor(12) as threads:
        pages = list(threads.map(client.fetch, [query] * 30))
    assert [page.count for page in pages] == [10] * 30
    assert simulator.counters.over_limit == 0
    assert not simulator.counters.refused_logins


def test_a_refused_column_is_named(client: Client) -> None:
    with pytest.raises(QueryRefused, match="Unknown identifier 'no_such_column'"):
        client.fetch(Query("SELECT no_such_column FROM customer", table="customer"))


@pytest.mark.parametrize("kind", sorted({*FaultKind} - {FaultKind.STALL, FaultKind.REFUSED}))
def test_each_fault_is_overcome(
    simulator: Simulator, client: Client, kind: FaultKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("random.uniform", min)  # full jitter may be no wait at all
    simulator.faults.add(Fault(kind))
    page = client.fetch(Query("SELECT 1 one FROM dual", table="dual"))
    assert json.loads(page.items) == [{"links": [], "one": "1"}]
    assert simulator.faults.dealt[kind] == 1


def test_a_wrong_secret_does_not_lock_the_user_out(credentials: Credentials) -> None:
    with Simulator(company=False) as simulator:
        client = client_of(simulator, replace(credentials, token_secret="wrong"))
        with ThreadPoolExecutor(5) as threads:
            fetched = [
                threads.submit(client.fetch, Query("SELECT 1 one FROM dual")) for _ in range(5)
            ]
        assert all(isinstance(future.exception(), LoginRefused) for future in fetched)
        client.close()
        assert simulator.counters.requests == 2
        client = client_of(simulator, credentials)
        assert client.fetch(Query("SELECT 1 one FROM dual")).count == 1
        client.close()
