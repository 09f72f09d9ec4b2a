"""An HTTP server on loopback that answers as a test tells it to."""

import contextlib
import gzip
import json
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_LONGEST_WAIT = 30.0
"""Seconds after which a test that waits in vain goes on, to fail."""
SHORT = 0.5
"""A time-out, in seconds, that is soon over, and that what is answered keeps on a busy machine."""


@dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    client: object = None

    @property
    def oauth(self) -> dict[str, str]:
        pairs = self.headers["Authorization"].removeprefix("OAuth ").split(", ")
        return {name: value.strip('"') for name, value in (pair.split("=", 1) for pair in pairs)}


@dataclass(frozen=True)
class Answer:
    """A response to give.

    Attributes:
        sent: How many bytes of the body go out before the connection is closed; None for all.
        after: What to wait for before anything of it is sent.
        within: What to wait for in the middle of the body.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    sent: int | None = None
    after: threading.Event | None = None
    within: threading.Event | None = None

    def cut(self, sent: int) -> "Answer":
        return replace(self, sent=sent)

    def compressed(self) -> "Answer":
        return replace(self, body=gzip.compress(self.body), headers={"Content-Encoding": "gzip"})

    def damaged(self) -> "Answer":
        return replace(self, body=self.body[:20] + b"damaged" + self.body[27:])


Answering = Callable[[Asked], Answer]


def page(*rows: Mapping[str, str], **envelope: object) -> Answer:
    body = {"links": [], "count": len(rows), "hasMore": False, "items": rows, "offset": 0}
    return Answer(body=json.dumps(body | {"totalResults": len(rows)} | envelope).encode())


def refusal(status: int, code: str, detail: str = "No.", **where: str) -> Answer:
    entry = {"detail": detail, "o:errorCode": code} | {f"o:{k}": v for k, v in where.items()}
    body = {"title": "Bad Request", "status": status, "o:errorDetails": [entry]}
    return Answer(status, json.dumps(body).encode(), {"x-n-operationid": "operation-1"})


LOGIN_REFUSED = refusal(401, "INVALID_LOGIN", "Invalid login attempt.")
TOO_MANY = refusal(429, "CONCURRENCY_LIMIT_EXCEEDED", "Concurrent request limit exceeded.")
GATEWAY_PAGE = Answer(
    502, b"<html><title>Bad gateway</title></html>", {"Content-Type": "text/html"}
)


class Server:
    """Gives the answers of a script in order, then one and the same for ever."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[Asked] = []
        self._arrived = threading.Semaphore(0)
        self.connections = 0
        self.in_flight = 0
        self.peak = 0
        self.answer_by(lambda _: page())
        self._lock = threading.Lock()
        self._hung_up = threading.Condition(self._lock)

    def script(self, answers: Iterable[Answer], then: Answer | None = None) -> None:
        remaining, last = iter(answers), then or page()
        self.answer_by(lambda _: next(remaining, last))

    def answer_by(self, answering: Answering) -> None:
        self._answering = answering

    def arrive(self, asked: Asked) -> Answer:
        with self._lock:
            self.asked.append(asked)
            self.in_flight += 1
            self.peak = max(self.peak, self.in_flight)
            answer = self._answering(asked)
        self._arrived.release()
        return answer

    def expect(self, requests: int) -> None:
        """Return when so many more requests have arrived."""
        for _ in range(requests):
            assert self._arrived.acquire(timeout=_LONGEST_WAIT), (
                "a request does not come as it should"
            )

    def open(self) -> None:
        with self._lock:
            self.connections += 1

    def hang_up(self) -> None:
        with self._lock:
            self.connections -= 1
            self._hung_up.notify_all()

    def expect_no_connection(self) -> None:
        """Return when no connection is open any more."""
        with self._lock:
            ended = self._hung_up.wait_for(lambda: not self.connections, _LONGEST_WAIT)
            assert ended, "a connection stays open"

    def leave(self) -> None:
        with self._lock:
            self.in_flight -= 1


@contextmanager
def serve(encrypted: ssl.SSLContext | None = None) -> Iterator[Server]:
    listener = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    listener.daemon_threads = True
    scheme = "https" if encrypted else "http"
    if encrypted:
        listener.socket = encrypted.wrap_socket(listener.socket, server_side=True)
    host, port = listener.server_address[:2]
    listener.script = Server(f"{scheme}://{host!s}:{port}")  # type: ignore[attr-defined] # handlers reach it only so
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield listener.script  # type: ignore[attr-defined] # set above
    finally:
        listener.shutdown()
        thread.join()
        listener.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.server.script.open()  # type: ignore[attr-defined] # set by serve()

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()
        self.connection.close()
        self.server.script.hang_up()  # type: ignore[attr-defined] # set by serve()

    def do_POST(self) -> None:
        server: Server = self.server.script  # type: ignore[attr-defined] # set by serve()
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        answer = server.arrive(
            Asked(self.command, self.path, dict(self.headers), body, self.client_address)
        )
        if answer.after:
            answer.after.wait(_LONGEST_WAIT)
        # An answer that a client has read must not count as in flight any more.
        server.leave()
        self._send(answer)

    do_GET = do_POST  # noqa: N815 - BaseHTTPRequestHandler looks for these names
    do_CONNECT = do_POST  # noqa: N815
    do_HEAD = do_POST  # noqa: N815

    def _send(self, answer: Answer) -> None:
        try:
            if answer.sent == 0:
                self.close_connection = True
                return
            self._send_head(answer)
            if self.command != "HEAD":
                self.wfile.write(answer.body[: answer.sent])
            self.wfile.flush()
            if answer.within:
                answer.within.wait(_LONGEST_WAIT)
            self.close_connection = self.close_connection or answer.sent is not None
        except OSError:
            self.close_connection = True  # the client was tired of waiting

    def _send_head(self, answer: Answer) -> None:
        if "Date" in answer.headers:
            self.send_response_only(answer.status)
        else:
            self.send_response(answer.status)
        for name, value in answer.headers.items():
            if value:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""
