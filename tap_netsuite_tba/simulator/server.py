"""HTTP/1.1 on loopback: bytes in, bytes out, and the faults that lie in how bytes travel."""

import http.server
import re
import socket
import socketserver
import struct
import threading
import zlib
from email.message import Message
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any

from tap_netsuite_tba.simulator.account import Account, Visit, operation_headers, refused
from tap_netsuite_tba.simulator.errors import too_many_requests, unexpected
from tap_netsuite_tba.simulator.exchange import Answer, Request, resource_type
from tap_netsuite_tba.simulator.faults import Fault, FaultKind
from tap_netsuite_tba.simulator.switches import Switches

_LARGEST_BODY = 104_000_000
_DIGITS = re.compile(r"[0-9]{1,9}")
_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?")
_FIXED_HEADERS = {
    "Cache-Control": "No-Cache",
    "Pragma": "No-Cache",
    "Expires": "0",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "Vary": "User-Agent, Accept-Encoding",
}
_PAGE = "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"
_HTML_FAULTS = {
    FaultKind.BAD_GATEWAY: (502, "502 Bad Gateway"),
    FaultKind.UNAVAILABLE: (503, "Service Unavailable"),
    FaultKind.MAINTENANCE: (200, "Scheduled Maintenance"),
}


class Server(socketserver.ThreadingTCPServer):
    """Serves one account; a thread for each connection."""

    allow_reuse_address = True
    daemon_threads = False
    block_on_close = True
    request_queue_size = 128

    def __init__(self, account: Account, port: int, latency: float, switches: Switches) -> None:
        self.account = account
        self.latency = latency
        self.switches = switches
        self.closing = threading.Event()
        self._connections: set[socket.socket] = set()
        self._connections_lock = threading.Lock()
        self._thread: threading.Thread | None = None
        super().__init__(("127.0.0.1", port), _Connection)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.server_address[1])

    def start(self) -> None:
        """Serve from a thread of its own."""
        self._thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.02}, name="simulator"
        )
        self._thread.start()

    def stop(self) -> None:
        """Hang up on everybody and wait until nothing runs any more."""
        self.closing.set()
        if self._thread is not None:
            self.shutdown()
            self._thread.join()
        with self._connections_lock:
            for connection in self._connections:
                _hang_up(connection)
        self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Remember the connection, to be able to end it."""
        with self._connections_lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401
        """Forget the connection, and end it as it has to end."""
        with self._connections_lock:
            self._connections.discard(request)
        if _is_to_be_reset(request):
            self.close_request(request)  # an orderly shutdown would come before the reset
        else:
            super().shutdown_request(request)


class _Connection(http.server.BaseHTTPRequestHandler):
    """One connection: requests one after another until either side hangs up."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def handle(self) -> None:
        try:
            super().handle()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing; the account counts."""

    def _exchange(self) -> None:
        request = self._read()
        if request is None:
            return
        visit = self.server.account.enter(request)
        try:
            if visit.session is not None and self.server.latency:
                self.server.closing.wait(self.server.latency)
            if visit.fault is None:
                self._send(self.server.account.answer(request, visit), request, visit)
            else:
                self._go_wrong(visit.fault, request, visit)
        finally:
            if visit.session is not None:
                visit.session.close()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _exchange  # noqa: N815  # http.server's names

    def _read(self) -> Request | None:
        problem = _problem(self.headers, self.path)
        if problem is not None:
            self.close_connection = True
            self.send_error(problem)
            return None
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        return Request(self.command, self.path, headers, body, headers["host"])

    def _send(self, answer: Answer, request: Request, visit: Visit) -> None:
        message = self._message(answer, request)
        # The session ends with the last byte: a client that has it may send the next request.
        self.wfile.write(message[:-1])
        if visit.session is not None:
            visit.session.close()
        self.wfile.write(message[-1:])

    def _message(self, answer: Answer, request: Request) -> bytes:
        """Return status line, headers and body as they travel."""
        body = answer.body
        headers = {
            "Date": format_datetime(self.server.account.clock.now(), usegmt=True),
            "Content-Type": answer.content_type,
            **_FIXED_HEADERS,
            **operation_headers(),
            **answer.headers,
        }
        if "gzip" in request.headers.get("accept-encoding", ""):
            body = zlib.compress(body, level=1, wbits=31)
            headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(len(body))
        if request.headers.get("connection", "").lower() == "close":
            self.close_connection = True
        headers["Connection"] = "close" if self.close_connection else "keep-alive"
        lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + body

    def _go_wrong(self, fault: Fault, request: Request, visit: Visit) -> None:
        """Answer, or fail to answer, as the fault says."""
        kind = fault.kind
        if kind is FaultKind.RESET:
            _reset(self.connection)
            self.close_connection = True
            return
        if kind is FaultKind.STALL:
            self.server.closing.wait(fault.seconds)
        answer = _wrong_answer(fault) or self.server.account.answer(request, visit)
        if kind not in {FaultKind.TRUNCATED, FaultKind.RESET_IN_BODY}:
            self._send(answer, request, visit)
            return
        message = self._message(answer, request)
        head = message.index(b"\r\n\r\n") + len(b"\r\n\r\n")
        self.wfile.write(message[: (head + len(message)) // 2])
        self.close_connection = True
        if kind is FaultKind.RESET_IN_BODY:
            _reset(self.connection)


def _problem(headers: Message, target: str) -> HTTPStatus | None:
    """Return why a request cannot be read, or could not be signed."""
    if "Transfer-Encoding" in headers:
        return HTTPStatus.LENGTH_REQUIRED
    length = headers.get("Content-Length", "0")
    is_short = bool(_DIGITS.fullmatch(length)) and int(length) <= _LARGEST_BODY
    if is_short and _HOST.fullmatch(headers.get("Host", "")) and target.startswith("/"):
        return None
    return HTTPStatus.BAD_REQUEST


def _wrong_answer(fault: Fault) -> Answer | None:
    """Return the answer of a fault that lies in the answer."""
    kind = fault.kind
    if kind in _HTML_FAULTS:
        status, title = _HTML_FAULTS[kind]
        return Answer(status, "text/html; charset=UTF-8", _PAGE.format(title).encode())
    retry = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    if kind is FaultKind.TOO_MANY_REQUESTS:
        refusal = too_many_requests()
        refusal.headers = retry
        return refused(refusal)
    if kind is FaultKind.TOO_MANY_REQUESTS_AS_400:
        return refused(too_many_requests(400))
    if kind is FaultKind.UNEXPECTED_ERROR:
        return refused(unexpected())
    if kind is FaultKind.WRONG_JSON:
        return Answer(200, resource_type("collection"), b'{"links":[],"count":1,"hasMore":false,')
    return None


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other side was faster


_LINGER = struct.Struct("ii")


def _reset(connection: socket.socket) -> None:
    """Let the connection end with a TCP reset instead of an orderly end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER.pack(1, 0))


def _is_to_be_reset(connection: socket.socket) -> bool:
    linger = connection.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER.size)
    return _LINGER.unpack(linger) == (1, 0)
