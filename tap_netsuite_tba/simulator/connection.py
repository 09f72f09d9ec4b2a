"""One connection: HTTP/1.1 requests one after another, plainly or under TLS."""

import http.server
import socket
import ssl
import struct
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from io import BufferedReader
from typing import Any

from tap_netsuite_tba.simulator.account import Account, Visit
from tap_netsuite_tba.simulator.body import UnreadableError, read_body
from tap_netsuite_tba.simulator.exchange import Answer, Request
from tap_netsuite_tba.simulator.faults import FaultKind
from tap_netsuite_tba.simulator.latency import Latency
from tap_netsuite_tba.simulator.switches import Switches
from tap_netsuite_tba.simulator.tls import CLIENT_HELLO, RECORD_HEAD_BYTES, is_alert
from tap_netsuite_tba.simulator.wire import address, is_head, message
from tap_netsuite_tba.simulator.wrong_answers import page

_SLOW_PARTS = 20
_LINGER = struct.Struct("ii")


@dataclass(frozen=True)
class Terms:
    """On which terms connections are served.

    Attributes:
        account: who answers.
        latency: how long it takes.
        tls: None where TLS is not spoken.
        switches: what becomes of an abandoned request, and whether answers are dated.
        closing: set when the simulator ends, and with it every wait.
    """

    account: Account
    latency: Latency
    tls: ssl.SSLContext | None
    switches: Switches
    closing: threading.Event


class Connection(http.server.BaseHTTPRequestHandler):
    """Serves requests until either side hangs up."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    raw_requestline: bytes
    rfile: BufferedReader
    timeout = 900  # as long as NetSuite's longest request; then whoever is silent is hung up on

    def __init__(self, terms: Terms, *arguments: Any) -> None:  # noqa: ANN401  # socketserver's
        self._terms = terms
        super().__init__(*arguments)

    def handle(self) -> None:
        """Serve; whoever breaks a connection off harms nobody else."""
        try:
            self._begin_tls_if_asked()
            super().handle()
        except OSError:  # of the network; what a service raises, the account has caught
            self.close_connection = True

    def finish(self) -> None:
        """Close what was opened here."""
        super().finish()
        if self._is_secure:
            self.request.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing; the account counts."""

    def parse_request(self) -> bool:
        """Read the head of a request; an empty line before it is none (RFC 9112, 2.2)."""
        if not self.raw_requestline.strip(b"\r\n"):
            self.close_connection = False
            return False
        if not super().parse_request():
            return False
        if not is_head(self.headers):
            self.send_error(HTTPStatus.BAD_REQUEST)
            return False
        return True

    def send_error(
        self,
        code: int,
        message: str | None = None,  # noqa: ARG002  # Python's words, not NetSuite's
        explain: str | None = None,  # noqa: ARG002
    ) -> None:
        """Answer what never reaches NetSuite as a gateway would, and hang up."""
        self.close_connection = True
        head, body = self._message(page(code, f"{code} {HTTPStatus(code).phrase}"))
        self.wfile.write(head if self.command == "HEAD" else head + body)

    def do_CONNECT(self) -> None:
        """Be the proxy and, behind it, the host that the client asked for."""
        if self._terms.tls is None or self._is_secure:
            self.send_error(HTTPStatus.NOT_IMPLEMENTED)
            return
        if self._has_read_ahead():  # what TLS could not read again
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self.close_connection = False  # whatever HTTP/1.0 says of it
        self._begin_tls_if_asked()

    def do_OPTIONS(self) -> None:
        """Refuse a method that nobody has."""
        self.send_error(HTTPStatus.METHOD_NOT_ALLOWED)

    do_TRACE = do_OPTIONS  # noqa: N815  # http.server's names

    def do_GET(self) -> None:
        """Exchange one request for its answer."""
        request = self._read()
        if request is None:
            return
        visit = self._terms.account.enter(request)
        try:
            started = time.monotonic()
            answer = self._terms.account.answer(request, visit)
            seconds = visit.seconds
            if visit.session is not None:
                seconds = self._terms.latency.seconds(request.path, answer.work)
            self._wait(started + seconds - time.monotonic())
            self._deliver(answer, request, visit)
        finally:
            if visit.session is not None:
                visit.session.close()

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815  # http.server's names

    @property
    def _is_secure(self) -> bool:
        return isinstance(self.request, ssl.SSLSocket)

    def _has_read_ahead(self) -> bool:
        self.request.settimeout(0)
        try:
            return bool(self.rfile.peek())
        finally:
            self.request.settimeout(self.timeout)

    def _begin_tls_if_asked(self) -> None:
        """Speak TLS from here on if the client begins so."""
        if self.request.recv(1, socket.MSG_PEEK) != CLIENT_HELLO:
            return
        if self._terms.tls is None:
            raise ConnectionAbortedError
        self.rfile.close()
        # A duplicate: the server goes on to know, and to end, the connection by its own socket.
        self.request = self._terms.tls.wrap_socket(self.request.dup(), server_side=True)
        self.setup()

    def _read(self) -> Request | None:
        try:
            body = read_body(self.headers, self.rfile)
        except UnreadableError:
            body = None
        asked = address(self.headers, self.path, "https" if self._is_secure else "http")
        if body is None or asked is None:
            self.send_error(HTTPStatus.BAD_REQUEST)
            return None
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Request(self.command, asked.target, headers, body, asked.host, asked.scheme)

    def _wait(self, seconds: float) -> None:
        """Let time pass.

        Raises:
            ConnectionAbortedError: the simulator ends or, by the switch, the client has hung up.
        """
        until = time.monotonic() + seconds
        if (
            seconds > 0
            and self._terms.switches.abandoned == "freed"
            and self._hears_an_end(seconds)
        ):
            raise ConnectionAbortedError
        if self._terms.closing.wait(max(0, until - time.monotonic())):
            raise ConnectionAbortedError

    def _hears_an_end(self, seconds: float) -> bool:
        """Wait for the client's next bytes and tell whether they, or none, end the connection."""
        self.request.settimeout(seconds)
        try:
            # Of TLS the bytes as they travel, which leaves them to be read.
            heard = socket.socket.recv(self.request, RECORD_HEAD_BYTES, socket.MSG_PEEK)
        except TimeoutError:
            return False
        finally:
            self.request.settimeout(self.timeout)
        return not heard or (self._is_secure and is_alert(heard))

    def _message(
        self, answer: Answer, accept_encoding: str = "", clock_error: float = 0
    ) -> tuple[bytes, bytes]:
        date = self._terms.account.clock.now() + timedelta(seconds=clock_error)
        return message(
            answer,
            date if self._terms.switches.date == "sent" else None,
            accept_encoding=accept_encoding,
            keep_alive=not self.close_connection,
        )

    def _deliver(self, answer: Answer, request: Request, visit: Visit) -> None:
        """Send an answer, or what its fault leaves of it."""
        kind = visit.fault and visit.fault.kind
        seconds = visit.fault.seconds if visit.fault else 0
        if kind in {FaultKind.STALL, FaultKind.TOO_MANY_REQUESTS_AS_401}:
            self._wait(seconds)
        clock_error = seconds if kind is FaultKind.CLOCK else 0
        head, body = self._message(answer, request.headers.get("accept-encoding", ""), clock_error)
        if request.method == "HEAD":
            body = b""
        match kind:
            case FaultKind.RESET:
                self._reset()
            case FaultKind.RESET_IN_BODY:
                self.wfile.write(head + body[: len(body) // 2])
                self._reset()
            case FaultKind.TRUNCATED:
                self.wfile.write(head + body[: len(body) // 2])
                self.close_connection = True
            case FaultKind.SLOW:
                self.wfile.write(head)
                self._dribble(body, seconds, visit)
            case FaultKind.RESET_AFTER_BODY:
                self._send(head + body, visit)
                self.rfile.read(1)
                self._reset()
            case _:
                self._send(head + body, visit)

    def _send(self, last: bytes, visit: Visit) -> None:
        # The session ends with the last byte: a client that has it may send the next request.
        self.wfile.write(last[:-1])
        if visit.session is not None:
            visit.session.close()
        self.wfile.write(last[-1:])

    def _dribble(self, body: bytes, seconds: float, visit: Visit) -> None:
        """Send a body part by part, to nobody if the client hangs up and the switch says so."""
        until = time.monotonic() + seconds
        size = -(-len(body) // _SLOW_PARTS) or 1
        try:
            for start in range(0, len(body) - size, size):
                self._wait(seconds / _SLOW_PARTS)
                self.wfile.write(body[start : start + size])
            self._wait(until - time.monotonic())
        except OSError:
            if self._terms.switches.abandoned == "held":
                self._terms.closing.wait(until - time.monotonic())
            raise
        self._send(body[(len(body) - 1) // size * size :], visit)

    def _reset(self) -> None:
        """Let the connection end with a TCP reset instead of an orderly end."""
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER.pack(1, 0))
        self.close_connection = True


def is_to_be_reset(connection: socket.socket) -> bool:
    """Tell whether a connection is to end with a TCP reset."""
    linger = connection.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER.size)
    return _LINGER.unpack(linger) == (1, 0)
