import contextlib
import socket
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Literal
from urllib.parse import urlsplit

import pytest
import requests

from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator, Switches, connection
from tap_netsuite_tba.simulator.governance import ConcurrencyLimitExceededError, Governance
from tests.certificates import Certificate
from tests.simulator.client import PATH, ask, signer
from tests.simulator.conftest import TABLES
from tests.simulator.waiting import wait_until

QUERY = "SELECT id FROM transaction WHERE id = 1 ORDER BY id ASC"


def code(response: requests.Response) -> str:
    [entry] = response.json()["o:errorDetails"]
    text: str = entry["o:errorCode"]
    return text


def signed(account: Simulator) -> bytes:
    """Return a request as it travels; another each time."""
    request = requests.Request("GET", account.base_url + PATH, auth=signer(account)).prepare()
    authorization: object = request.headers["Authorization"]
    if isinstance(authorization, bytes):  # requests-oauthlib is not sure itself
        authorization = authorization.decode()
    host = urlsplit(account.base_url).netloc
    return f"GET {PATH} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {authorization}\r\n\r\n".encode()


def connected(account: Simulator) -> socket.socket:
    address = urlsplit(account.base_url)
    assert address.port is not None
    return socket.create_connection(("127.0.0.1", address.port), timeout=30)


def turn_away(account: Simulator, times: int) -> None:
    """Ask without a signature, so that time passes and no place is taken."""
    address = account.base_url.replace("https", "http") + PATH
    for _ in range(times):
        with requests.Session() as session:
            assert session.get(address, timeout=30).status_code == 401


def test_one_request_over_the_limit_is_refused() -> None:
    governance = Governance(2)
    first, _second = governance.enter(), governance.enter()
    with pytest.raises(ConcurrencyLimitExceededError):
        governance.enter()
    first.close()
    first.close()
    governance.enter()
    with pytest.raises(ConcurrencyLimitExceededError):
        governance.enter()
    assert (governance.load.peak, governance.load.refused) == (2, 2)


def test_a_sixth_request_gets_netsuites_429() -> None:
    with ThreadPoolExecutor(5) as pool, Simulator(company=False) as account:
        account.sql(TABLES)
        account.faults.add(Fault(FaultKind.STALL, seconds=600, times=5))
        for _ in range(5):
            pool.submit(ask, account, QUERY)
        wait_until(lambda: account.counters.in_flight == 5)
        refused = [ask(account, QUERY) for _ in range(3)]
    assert [response.status_code for response in refused] == [429] * 3
    assert refused[0].json()["title"] == "Bad Request"
    assert code(refused[0]) == "CONCURRENCY_LIMIT_EXCEEDED"
    assert "Retry-After" not in refused[0].headers
    assert account.counters.peak_in_flight == 5
    assert 1 < account.counters.mean_in_flight <= 5
    assert account.counters.over_limit == 3


def test_whoever_has_the_last_byte_may_ask_again() -> None:
    with Simulator(company=False, concurrency_limit=2) as account, ThreadPoolExecutor(2) as pool:
        account.sql(TABLES)
        statuses = pool.map(lambda _: ask(account, QUERY).status_code, range(100))
        assert set(statuses) == {200}


def test_other_integrations_take_places(account: Simulator) -> None:
    account.others = 4
    assert ask(account, QUERY).ok
    account.others = 5
    assert ask(account, QUERY).status_code == 429
    account.others = 0
    assert ask(account, QUERY).ok
    assert account.counters.peak_in_flight == 1


@pytest.mark.parametrize("places", [-1, 6])
def test_other_integrations_take_no_more_places_than_there_are(
    account: Simulator, places: int
) -> None:
    with pytest.raises(ValueError, match="other integrations take 0 to 5 places, not"):
        account.others = places
    assert account.others == 0


def test_other_integrations_come_and_go(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter([0.0, 0.0, 9.0, 10.0, 20.0, 30.0, 70.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(ticks))
    governance = Governance(5)
    governance.others = 1
    governance.visit(3, 10, 70)
    governance.visit(2, 20, 30)
    assert [governance.others for _ in range(5)] == [1, 4, 5, 4, 1]


def test_whoever_waits_gets_the_place_of_visitors_that_go() -> None:
    governance = Governance(2, patience=60)
    governance.visit(2, 0, 0.2)
    governance.enter()
    assert governance.load.refused == 0
    assert governance.others == 0


@pytest.mark.parametrize(("since", "until"), [(-1, 1), (2, 1), (1, 1)])
def test_visitors_come_before_they_go(since: float, until: float) -> None:
    with pytest.raises(ValueError, match="other integrations come before they go, not at"):
        Governance(5).visit(1, since, until)


def test_one_limit_holds_for_all_services(account: Simulator) -> None:
    account.others = 5
    for path in ("/services/rest/record/v1/metadata-catalog", "/services/rest/record/v1/customer"):
        with requests.Session() as session:
            response = session.get(account.base_url + path, auth=signer(account), timeout=30)
        assert response.status_code == 429


def test_too_many_may_be_a_400() -> None:
    with Simulator(company=False, switches=Switches(too_many="400")) as account:
        account.others = 5
        response = ask(account, QUERY)
        assert (response.status_code, code(response)) == (400, "CONCURRENCY_LIMIT_EXCEEDED")
        assert "Integration Governance" in response.text


def test_too_many_may_be_a_refused_login_that_is_none() -> None:
    switches = Switches(too_many="401")
    with Simulator(company=False, too_many_wait=0, switches=switches) as account:
        account.sql(TABLES)
        account.others = 5
        responses = [ask(account, QUERY) for _ in range(6)]
        assert {(r.status_code, code(r)) for r in responses} == {(401, "INVALID_LOGIN")}
        assert "token_rejected" in responses[0].headers["WWW-Authenticate"]
        assert account.counters.refused_logins == {}
        assert account.counters.over_limit == 6
        account.others = 0
        assert ask(account, QUERY).ok


def test_before_it_is_refused_as_a_login_a_request_waits_for_a_place() -> None:
    with (
        Simulator(company=False, switches=Switches(too_many="401")) as account,
        ThreadPoolExecutor(1) as pool,
    ):
        account.sql(TABLES)
        account.others = 5
        waiting = pool.submit(ask, account, QUERY)
        wait_until(lambda: account.counters.requests == 1)
        turn_away(account, 20)
        assert not waiting.done()
        account.others = 0
        assert waiting.result().ok
        assert account.counters.over_limit == 0


def test_leaving_ends_the_wait_for_a_place() -> None:
    with ThreadPoolExecutor(1) as pool:
        with Simulator(company=False, switches=Switches(too_many="401")) as account:
            account.others = 5
            waiting = pool.submit(ask, account, QUERY)
            wait_until(lambda: account.counters.requests == 1)
        assert isinstance(waiting.exception(), requests.ConnectionError)
        assert account.counters.crashes == 0


def test_a_retry_after_may_be_sent() -> None:
    with Simulator(company=False, switches=Switches(retry_after="sent")) as account:
        account.others = 5
        assert ask(account, QUERY).headers["Retry-After"] == "1"
        account.others = 0
        account.faults.add(Fault(FaultKind.TOO_MANY_REQUESTS))
        assert ask(account, QUERY).headers["Retry-After"] == "1"


@pytest.mark.parametrize("kind", [FaultKind.STALL, FaultKind.SLOW])
def test_an_abandoned_request_keeps_its_place(kind: FaultKind) -> None:
    with Simulator(company=False, concurrency_limit=1) as account:
        account.sql(TABLES)
        account.faults.add(Fault(kind, seconds=600))
        with connected(account) as client:
            client.sendall(signed(account))
            wait_until(lambda: account.counters.in_flight == 1)
        assert {ask(account, QUERY).status_code for _ in range(20)} == {429}
        assert account.counters.in_flight == 1


def test_a_body_that_nobody_reads_keeps_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_SLOW_PARTS", 10_000)
    with Simulator(company=False, concurrency_limit=1) as account:
        account.sql(TABLES)
        account.faults.add(Fault(FaultKind.SLOW, seconds=60))
        with connected(account) as client:
            client.sendall(signed(account))
            wait_until(lambda: account.counters.in_flight == 1)
        # Meanwhile the server has tried to send more, and could not.
        assert {ask(account, QUERY).status_code for _ in range(20)} == {429}


FREED = Switches(abandoned="freed")


@pytest.mark.parametrize("kind", [FaultKind.STALL, FaultKind.SLOW])
def test_an_abandoned_request_may_free_its_place(kind: FaultKind) -> None:
    with Simulator(company=False, concurrency_limit=1, switches=FREED) as account:
        account.sql(TABLES)
        account.faults.add(Fault(kind, seconds=600))
        with connected(account) as client:
            client.sendall(signed(account))
            wait_until(lambda: account.counters.in_flight == 1)
        wait_until(lambda: account.counters.in_flight == 0)
        assert ask(account, QUERY).ok


@contextlib.contextmanager
def asking_under_tls(
    certificate: Certificate, newest: ssl.TLSVersion
) -> Iterator[tuple[Simulator, ssl.SSLSocket]]:
    """Yield an account that frees what is abandoned, and a client that waits for its answer."""
    trusting = ssl.create_default_context(cafile=certificate.authority)
    trusting.maximum_version = newest
    with (
        Simulator(
            company=False,
            latency=600,
            certfile=certificate.certfile,
            keyfile=certificate.keyfile,
            switches=FREED,
        ) as account,
        trusting.wrap_socket(connected(account), server_hostname="127.0.0.1") as client,
    ):
        client.sendall(signed(account))
        wait_until(lambda: account.counters.in_flight == 1)
        yield account, client


TLS_VERSIONS = pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])


@TLS_VERSIONS
def test_a_client_that_takes_leave_under_tls_may_free_its_place(
    certificate: Certificate, newest: ssl.TLSVersion
) -> None:
    with asking_under_tls(certificate, newest) as (account, client):
        client.settimeout(0)
        with contextlib.suppress(ssl.SSLError):
            client.unwrap()  # says farewell, and does not wait for the server's
        wait_until(lambda: account.counters.in_flight == 0)


@TLS_VERSIONS
def test_a_client_that_asks_ahead_under_tls_has_not_hung_up(
    certificate: Certificate, newest: ssl.TLSVersion
) -> None:
    with asking_under_tls(certificate, newest) as (account, client):
        client.sendall(signed(account))
        turn_away(account, 20)
        assert account.counters.in_flight == 1


def test_a_client_that_asks_ahead_has_not_hung_up() -> None:
    with (
        Simulator(company=False, latency=600, switches=FREED) as account,
        connected(account) as client,
    ):
        client.sendall(signed(account))
        wait_until(lambda: account.counters.in_flight == 1)
        client.sendall(signed(account))
        turn_away(account, 20)
        assert account.counters.in_flight == 1


def test_whoever_asked_ahead_gets_both_answers() -> None:
    with Simulator(company=False, switches=FREED) as account, connected(account) as client:
        client.sendall(signed(account) + signed(account))
        heard = b""
        while heard.count(b"HTTP/1.1 405 ") < 2:
            more = client.recv(10_000)
            assert more
            heard += more


@pytest.mark.parametrize("abandoned", ["held", "freed"])
@pytest.mark.parametrize("kind", [None, FaultKind.STALL, FaultKind.SLOW])
def test_whoever_waits_when_the_simulator_ends_is_hung_up_on(
    abandoned: Literal["held", "freed"], kind: FaultKind | None
) -> None:
    switches = Switches(abandoned=abandoned)
    latency = 0 if kind else 600
    with ThreadPoolExecutor(1) as pool:
        with Simulator(company=False, latency=latency, switches=switches) as account:
            account.sql(TABLES)
            if kind:
                account.faults.add(Fault(kind, seconds=600))
            waiting = pool.submit(ask, account, QUERY)
            wait_until(lambda: account.counters.in_flight == 1)
            turn_away(account, 20)  # until it waits indeed
        broken = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)
        assert isinstance(waiting.exception(), broken)
        assert account.counters.crashes == 0
