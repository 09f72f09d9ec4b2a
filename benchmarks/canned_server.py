"""The account of ready rows behind HTTP, in a process of its own; it looks at no signature."""

import json
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from urllib.parse import parse_qs, urlsplit

from benchmarks.canned import Canned


@contextmanager
def served(account: Canned) -> Iterator[str]:
    """Answers until the block ends; gives the address."""
    here, there = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_serve, args=(account, there), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{here.recv()}"
    finally:
        process.terminate()
        process.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    account: Canned

    def do_POST(self) -> None:
        """A SuiteQL query."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        [limit] = parse_qs(urlsplit(self.path).query)["limit"]
        found = self.account.answer(asked["q"], int(limit))
        has_more = b"true" if found.total > found.count else b"false"
        content = (
            b'{"links":[],"count":%d,"hasMore":%b,"items":%b,"offset":0,"totalResults":%d}'
            % (found.count, has_more, found.items, found.total)
        )
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def _serve(account: Canned, pipe: Connection) -> None:
    _Handler.account = account
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        pipe.send(server.server_address[1])
        server.serve_forever()
