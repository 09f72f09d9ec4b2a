"""A gateway between the tap and an account: it tells what is asked, and can keep answers back."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from tap_netsuite_tba.simulator import Simulator

LONGEST_SECONDS = 20.0
"""After so long an answer that nobody lets go goes out, so that a test fails and does not hang."""
_QUIET_SECONDS = 0.2
_NOT_CARRIED = {"connection", "content-length", "transfer-encoding"}

Picks = Callable[[str], bool]
"""Whether a query is meant, by its text."""


class Held:
    """Answers that are kept back until they are let go.

    Attributes:
        arrived: The queries that wait for theirs, or did.
    """

    def __init__(self, picks: Picks) -> None:
        self.picks = picks
        self.arrived: list[str] = []
        self._free = threading.Event()

    @property
    def is_over(self) -> bool:
        """Whether they have been let go."""
        return self._free.is_set()

    def let_go(self) -> None:
        """Sends them, and keeps none back any more."""
        self._free.set()

    def wait(self) -> None:
        """Returns when they are let go."""
        self._free.wait(LONGEST_SECONDS)


class Answer(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Gateway:
    """Carries each request to the account and its answer back.

    Attributes:
        base_url: Where to connect.
        queries: The texts of all queries, in the order of their arrival.
        answered: Of those that were answered the texts, and the bytes of the rows before they are
            compressed, at most.
        in_flight: Requests that have come and are not answered.
        peak: The most at one instant.
    """

    def __init__(self, account: Simulator) -> None:
        self.queries: list[str] = []
        self.answered: list[tuple[str, int]] = []
        self.in_flight = 0
        self.peak = 0
        self._address = urlsplit(account.base_url)
        self._lock = threading.Lock()
        self._held: list[Held] = []
        self._is_over = False
        self._moved_at = time.monotonic()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.gateway = self  # type: ignore[attr-defined]  # handlers reach it only so
        self.port = self._server.server_address[1]
        self.base_url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for held in self._held:
            held.let_go()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def hold(self, picks: Picks) -> Held:
        """Keeps the answers to some queries back, from the next request on."""
        held = Held(picks)
        with self._lock:
            self._held.append(held)
        return held

    @contextmanager
    def meanwhile(self, action: Callable[[], None]) -> Iterator[None]:
        """Does something in another thread, for a tap runs in the main one.

        Raises:
            AssertionError: What it waited for did not come.
        """
        self._is_over = False
        with ThreadPoolExecutor(1) as other:
            done = other.submit(action)
            try:
                yield
            finally:
                self._is_over = True
            done.result()

    def wait_until(self, holds: Callable[[], bool]) -> None:
        """Returns as soon as `holds` does.

        Raises:
            AssertionError: It does not; the queries so far are told.
        """
        last = time.monotonic() + LONGEST_SECONDS / 2
        while not holds():
            is_in_vain = self._is_over or time.monotonic() > last
            assert not is_in_vain, "\n".join(["What is waited for does not come:", *self.queries])
            time.sleep(0.002)

    def asked(self, table: str) -> list[str]:
        """The queries that read a table."""
        return [query for query in list(self.queries) if is_of(table)(query)]

    def wait_until_quiet(self) -> None:
        """Returns when no request has come for a while and none is on its way.

        On a slow machine that may be too early, and then the test sees less than it could.
        """
        while self.busy or time.monotonic() - self._moved_at < _QUIET_SECONDS:
            time.sleep(0.01)

    @property
    def busy(self) -> int:
        """Requests that are on their way, and not kept back."""
        with self._lock:
            kept = sum(len(held.arrived) for held in self._held if not held.is_over)
            return self.in_flight - kept

    def carry(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        """The account's answer to a request, once nobody keeps it back."""
        query = json.loads(body)["q"] if body.startswith(b"{") else target
        with self._lock:
            self.queries.append(query)
            self.in_flight += 1
            self.peak = max(self.peak, self.in_flight)
            self._moved_at = time.monotonic()
            held = next((h for h in self._held if not h.is_over and h.picks(query)), None)
        try:
            answer = self._ask(method, target, headers, body)
            if held:
                with self._lock:
                    held.arrived.append(query)
                held.wait()
            return answer
        finally:
            with self._lock:  # An answer that a client has read must not count any more.
                self.in_flight -= 1
                self._moved_at = time.monotonic()
                self.answered.append((query, len(answer.body)))

    def _ask(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        plain = headers | {"Accept-Encoding": "identity"}
        with closing(HTTPConnection(self._address.hostname or "", self._address.port)) as far:
            far.request(method, target, body, plain)
            response = far.getresponse()
            kept = [(k, v) for k, v in response.getheaders() if k.lower() not in _NOT_CARRIED]
            return Answer(response.status, kept, response.read())


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # An answer is one packet: two wait for each other.

    def do_POST(self) -> None:
        gateway: Gateway = self.server.gateway  # type: ignore[attr-defined]  # set by Gateway
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        if len(body) < length:  # whoever asked has hung up, and the account would wait for the rest
            self.close_connection = True
            return
        try:
            answer = gateway.carry(self.command, self.path, dict(self.headers), body)
            self.send_response_only(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)
        except OSError:
            self.close_connection = True  # whoever asked does not listen any more

    do_GET = do_POST  # noqa: N815  # BaseHTTPRequestHandler looks for this name

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


def is_of(table: str) -> Picks:
    """Picks all queries that read from a table."""
    return lambda query: f" FROM {table} " in query


def is_last_range_of(table: str) -> Picks:
    """Picks the query for the rows behind all page ends of a table."""

    def picks(query: str) -> bool:
        is_planned = "ROW_NUMBER" not in query and "COUNT(" not in query and " > " in query
        return is_of(table)(query) and is_planned and " <= " not in query

    return picks


@contextmanager
def letting_go(*held: Held) -> Iterator[None]:
    """Lets answers go in the end, however it ends: else the tap would wait for them."""
    try:
        yield
    finally:
        for each in held:
            each.let_go()
