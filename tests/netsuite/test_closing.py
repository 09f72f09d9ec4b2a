"""What a client leaves behind when it is closed: no thread, no request and no connection."""

import ssl
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tap_netsuite_tba.netsuite.client import Client
from tap_netsuite_tba.netsuite.connections import Connections, KnownConnections
from tap_netsuite_tba.netsuite.errors import ClientClosed, concerns_the_account
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.netsuite.sessions import SessionPool
from tests.certificates import certificate_in
from tests.netsuite.conftest import Connect, Waiting
from tests.netsuite.server import Answer, Server, page, serve

QUERY = Query("SELECT id FROM customer ORDER BY id ASC", table="customer")


@pytest.fixture
def never() -> threading.Event:
    """What the server waits for in vain."""
    return threading.Event()


def end(client: Client, asked: list[Future[Page]]) -> None:
    """Closes a client; all that was asked of it must end then, and soon."""
    client.close()
    for future in asked:
        error = future.exception(timeout=30)
        assert isinstance(error, ClientClosed)
        assert error.table == "customer"


class Asleep(threading.Event):
    """Tells when a thread has begun to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Event()

    def wait(self, timeout: float | None = None) -> bool:
        self.begun.set()
        return super().wait(timeout)


def test_a_thread_that_sleeps_before_a_retry_wakes_and_asks_nothing(
    server: Server, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    asleep = Asleep()
    with monkeypatch.context() as patch:
        patch.setattr("tap_netsuite_tba.netsuite.client.threading.Event", lambda: asleep)
        client = connect(sleep=None)
    server.script([], then=Answer(503, headers={"Retry-After": "600"}))
    with ThreadPoolExecutor(1) as thread:
        asked = thread.submit(client.fetch, QUERY)
        assert asleep.begun.wait(30)
        end(client, [asked])
    assert len(server.asked) == 1
    server.expect_no_connection()


def test_what_waits_for_an_answer_a_slot_or_the_login_is_told_so(
    server: Server, connect: Connect, never: threading.Event
) -> None:
    waiting = Waiting()
    client = connect(sessions=SessionPool(3, changed=waiting))
    server.script([], then=Answer(after=never))
    with ThreadPoolExecutor(6) as threads:
        asked = [threads.submit(client.fetch, QUERY) for _ in range(6)]
        server.expect(requests=1)
        waiting.expect(threads=3)
        end(client, asked)
    assert len(server.asked) == 1
    never.set()
    server.expect_no_connection()


@pytest.mark.parametrize("sent", [1, 40])
def test_an_answer_is_not_read_to_its_end(
    server: Server, connect: Connect, never: threading.Event, sent: int
) -> None:
    client = connect(sleep=None)
    client.fetch(QUERY)
    server.script([], then=Answer(body=page({"id": "1"}).body, within=never, sent=sent))
    with ThreadPoolExecutor(5) as threads:
        asked = [threads.submit(client.fetch, QUERY) for _ in range(5)]
        server.expect(requests=6)
        end(client, asked)
    assert len(server.asked) == 6
    never.set()
    server.expect_no_connection()


def open_sockets() -> int:
    """How many sockets this process has, the server's ends of connections included."""
    return sum(descriptor.is_socket() for descriptor in Path("/proc/self/fd").iterdir())


def test_idle_connections_are_closed(server: Server, connect: Connect) -> None:
    client = connect()
    before = open_sockets()
    with ThreadPoolExecutor(5) as threads:
        list(threads.map(client.fetch, [QUERY] * 20))
    client.close()
    server.expect_no_connection()
    assert open_sockets() == before


@pytest.mark.parametrize("ask", [Client.fetch, Client.fetch_patiently])
def test_a_closed_client_asks_nothing_and_says_why(
    server: Server, connect: Connect, ask: Callable[[Client, Query], Page]
) -> None:
    client = connect()
    client.close()
    client.close()
    with pytest.raises(ClientClosed, match=r"closed \(customer\)\. The run .* is over") as raised:
        ask(client, QUERY)
    assert concerns_the_account(raised.value)
    assert not server.asked
    assert client.counts.requests == client.counts.retries == 0


def test_a_connection_that_stands_too_late_is_not_used(server: Server) -> None:
    """The client was closed while it was being opened."""

    class ClosedMeanwhile(Connections):
        def check(self) -> None:
            super().check()
            self.close()

    with requests.Session() as http:
        http.mount(server.url, KnownConnections(ClosedMeanwhile(), 1))
        with pytest.raises(requests.ConnectionError, match="closed"):
            http.post(server.url)
    assert not server.asked
    server.expect_no_connection()


def test_encrypted_connections_end_as_well(tmp_path: Path, never: threading.Event) -> None:
    certificate = certificate_in(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certfile, certificate.keyfile)
    connections = Connections()
    with serve(context) as server, requests.Session() as http, ThreadPoolExecutor(2) as threads:
        http.trust_env, http.verify = False, str(certificate.authority)
        http.mount(server.url, KnownConnections(connections, 2))
        bodies = Answer(body=b"[1]", within=never, sent=1)
        server.script([Answer(after=never), bodies])
        asked = [threads.submit(http.post, server.url) for _ in range(2)]
        server.expect(requests=2)
        connections.close()
        for future in asked:
            assert isinstance(future.exception(timeout=30), requests.RequestException)
        never.set()
        http.close()
        server.expect_no_connection()
        with pytest.raises(requests.ConnectionError):
            http.post(server.url)
        assert len(server.asked) == 2
