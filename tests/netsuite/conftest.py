"""A server that plays NetSuite, a client of it, and a clock that nobody waits for."""

import threading
from collections.abc import Callable, Iterator

import pytest

from tap_netsuite_tba.netsuite.account import Account, Credentials
from tap_netsuite_tba.netsuite.auth import TokenBasedAuth
from tap_netsuite_tba.netsuite.client import Client
from tap_netsuite_tba.netsuite.clock import Clock
from tap_netsuite_tba.netsuite.login import FirstLogin
from tap_netsuite_tba.netsuite.meter import Meter
from tap_netsuite_tba.netsuite.sessions import SessionPool
from tests.netsuite.server import Server, serve
from tests.netsuite.token_server import Reach, Tokens, reaching

CREDENTIALS = Credentials(
    consumer_key="fake-consumer-key",
    consumer_secret="fake-consumer-secret",
    token_id="fake-token-id",
    token_secret="fake-token-secret",
)


class Time:
    """A clock that moves only when someone sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Waiting(threading.Condition):
    """Tells when threads have come to wait."""

    def __init__(self) -> None:
        super().__init__()
        self._began = threading.Semaphore(0)

    def wait(self, timeout: float | None = None) -> bool:
        self._began.release()
        return super().wait(timeout)

    def expect(self, threads: int) -> None:
        """Return when so many more threads have come to wait."""
        for _ in range(threads):
            assert self._began.acquire(timeout=30), "a thread does not wait as it should"


class Skipping(threading.Condition):
    """Lets time pass instead of waiting, where nothing but time can bring what is waited for."""

    def __init__(self, time: Time) -> None:
        super().__init__()
        self._time = time

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None, "nothing would ever end this"
        self._time.now += timeout
        return False


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def server() -> Iterator[Server]:
    with serve() as running:
        yield running


Connect = Callable[..., Client]


@pytest.fixture
def connect(server: Server, time: Time) -> Iterator[Connect]:
    """Makes clients of the server; they sleep by `time`, and sign by the true clock."""
    clients = []

    def connect(  # noqa: PLR0913 - what tests vary
        *,
        sessions: SessionPool | None = None,
        credentials: Credentials = CREDENTIALS,
        clock: Clock | None = None,
        meter: Meter | None = None,
        first_login: FirstLogin | None = None,
        retry_timeout: float = 900.0,
        read_timeout: float = 30.0,
        sleep: Callable[[float], object] | None = time.sleep,
    ) -> Client:
        account = Account.parse("1234567_SB1", base_url=server.url)
        clock = clock or Clock()
        client = Client(
            account,
            TokenBasedAuth(account, credentials, clock),
            sessions or SessionPool(5, monotonic=time.monotonic),
            clock=clock,
            retry_timeout=retry_timeout,
            user_agent="tap-netsuite-tba/test",
            meter=meter,
            first_login=first_login,
            read_timeout=read_timeout,
            sleep=sleep,
            monotonic=time.monotonic,
        )
        clients.append(client)
        return client

    yield connect
    for client in clients:
        client.close()


@pytest.fixture
def tokens(server: Server) -> Tokens:
    return Tokens(server)


@pytest.fixture
def reach(server: Server, time: Time) -> Iterator[Reach]:
    """Makes transports of the server whose requests carry tokens, which end by `time`."""
    with reaching(server, time.monotonic) as reach:
        yield reach
