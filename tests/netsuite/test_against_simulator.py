"""The client and the simulator, which share no code, must agree on what NetSuite does."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tap_netsuite_tba.netsuite.account import Account, Credentials
from tap_netsuite_tba.netsuite.client import Client, connect
from tap_netsuite_tba.netsuite.errors import LoginRefused, QueryRefused
from tap_netsuite_tba.netsuite.oauth2 import CertificateCredentials
from tap_netsuite_tba.netsuite.query import Query
from tap_netsuite_tba.netsuite.sessions import SessionPool
from tap_netsuite_tba.simulator import AuditReason, Fault, FaultKind, Simulator
from tap_netsuite_tba.simulator.switches import Switches


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator(transactions=500, latency=0.01) as running:
        yield running


Either = Credentials | CertificateCredentials
LogIn = Callable[[Simulator], Either]


def by_tokens(simulator: Simulator) -> Credentials:
    given = simulator.credentials
    return Credentials(
        given.consumer_key, given.consumer_secret, given.token_id, given.token_secret
    )


def by_certificate(simulator: Simulator) -> CertificateCredentials:
    given = simulator.oauth2.certificate()
    return CertificateCredentials(given.client_id, given.certificate_id, given.private_key)


def with_wrong_tokens(simulator: Simulator) -> Credentials:
    return replace(by_tokens(simulator), token_secret="wrong")


def with_another_key(simulator: Simulator) -> CertificateCredentials:
    other = by_certificate(simulator).private_key
    return replace(by_certificate(simulator), private_key=other)


@pytest.fixture(scope="module", params=[by_tokens, by_certificate])
def credentials(request: pytest.FixtureRequest, simulator: Simulator) -> Either:
    log_in: LogIn = request.param
    return log_in(simulator)


def client_of(simulator: Simulator, credentials: Either) -> Client:
    return connect(
        Account.parse(simulator.credentials.account_id, simulator.base_url),
        credentials,
        sessions=SessionPool(5),
        retry_timeout=60,
        user_agent="tap-netsuite-tba/test",
    )


@pytest.fixture
def client(simulator: Simulator, credentials: Either) -> Iterator[Client]:
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
@pytest.mark.parametrize("path", ["/", "suiteql"])  # of OAuth 2.0 the first asks for a token
def test_each_fault_is_overcome(
    simulator: Simulator,
    client: Client,
    kind: FaultKind,
    path: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("random.uniform", min)  # full jitter may be no wait at all
    before = simulator.faults.dealt[kind]
    simulator.faults.add(Fault(kind, path=path))
    page = client.fetch(Query("SELECT 1 one FROM dual", table="dual"))
    assert json.loads(page.items) == [{"links": [], "one": "1"}]
    assert simulator.faults.dealt[kind] == before + 1


@pytest.mark.parametrize(
    ("right", "wrong"), [(by_tokens, with_wrong_tokens), (by_certificate, with_another_key)]
)
def test_a_wrong_secret_does_not_lock_the_user_out(right: LogIn, wrong: LogIn) -> None:
    with Simulator(company=False) as simulator:
        client = client_of(simulator, wrong(simulator))
        with ThreadPoolExecutor(5) as threads:
            fetched = [
                threads.submit(client.fetch, Query("SELECT 1 one FROM dual")) for _ in range(5)
            ]
        assert all(isinstance(future.exception(), LoginRefused) for future in fetched)
        client.close()
        assert simulator.counters.requests == 2
        client = client_of(simulator, right(simulator))
        assert client.fetch(Query("SELECT 1 one FROM dual")).count == 1
        client.close()


def test_a_certificate_revoked_in_the_middle_costs_two_refused_logins() -> None:
    query = Query("SELECT 1 one FROM dual")
    with Simulator(company=False, latency=0.02) as simulator:
        credentials = by_certificate(simulator)
        client = client_of(simulator, credentials)
        with ThreadPoolExecutor(5) as threads:
            assert [page.count for page in threads.map(client.fetch, [query] * 10)] == [1] * 10
            simulator.oauth2.revoke(credentials.certificate_id)
            simulator.oauth2.revoke_tokens()
            fetched = [threads.submit(client.fetch, query) for _ in range(10)]
        assert all(isinstance(future.exception(), LoginRefused) for future in fetched)
        client.close()
        assert simulator.counters.refused_logins[AuditReason.INVALID_GRANT] == 2
        assert simulator.counters.over_limit == 0


@pytest.mark.parametrize("log_in", [by_tokens, by_certificate])
@pytest.mark.parametrize("answer", ["429", "401"])
def test_an_account_with_room_for_two_and_other_troubles_answers_all(
    log_in: LogIn, answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("random.uniform", min)
    query, switches = Query("SELECT 1 one FROM dual"), Switches.of([f"too_many={answer}"])
    troubles = (FaultKind.UNAVAILABLE, FaultKind.UNAUTHORIZED_PAGE, FaultKind.RESET)
    with Simulator(
        company=False, concurrency_limit=2, switches=switches, too_many_wait=0, latency=0.01
    ) as simulator:
        client = client_of(simulator, log_in(simulator))
        client.fetch(query)
        simulator.faults.add(*(Fault(kind, rate=0.05, times=None) for kind in troubles))
        with ThreadPoolExecutor(7) as threads:
            assert [page.count for page in threads.map(client.fetch, [query] * 60)] == [1] * 60
        client.close()
        assert simulator.counters.over_limit >= 1
        assert simulator.counters.peak_in_flight == 2
