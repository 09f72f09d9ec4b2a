"""The simulator's port on loopback: a thread for each connection, and an end to all of them."""

import functools
import logging
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable
from typing import Any

from tap_netsuite_tba.simulator.account import Account
from tap_netsuite_tba.simulator.connection import Connection, Terms, is_to_be_reset
from tap_netsuite_tba.simulator.latency import Latency
from tap_netsuite_tba.simulator.switches import Switches

logger = logging.getLogger(__name__)
_BETWEEN_INTERRUPTS = 0.01


class Server(socketserver.ThreadingTCPServer):
    """Serves one account."""

    allow_reuse_address = True
    daemon_threads = False
    block_on_close = True
    request_queue_size = 128

    def __init__(
        self,
        account: Account,
        port: int,
        latency: Latency,
        tls: ssl.SSLContext | None,
        switches: Switches,
    ) -> None:
        self._account = account
        self._closing = threading.Event()
        self._connections: set[socket.socket] = set()
        self._connections_lock = threading.Lock()
        self._thread: threading.Thread | None = None
        terms = Terms(account, latency, tls, switches, self._closing)
        super().__init__(("127.0.0.1", port), functools.partial(Connection, terms))

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

    def stop(self, interrupt: Callable[[], None]) -> None:
        """Hang up on everybody and wait until nothing runs any more.

        Args:
            interrupt: ends the statements that run now.
        """
        self._closing.set()
        self._account.governance.close()
        if self._thread is not None:
            self.shutdown()
            self._thread.join()
        with self._connections_lock:
            for connection in self._connections:
                _hang_up(connection)
        # Again and again: a request between two statements does not notice an interrupt.
        while self._account.governance.load.in_flight:
            interrupt()
            time.sleep(_BETWEEN_INTERRUPTS)
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
        if is_to_be_reset(request):
            self.close_request(request)  # an orderly shutdown would come before the reset
        else:
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401, ARG002
        """Let the operator know of an error that no client may see."""
        # socketserver calls this while it handles the error.
        logger.exception("A connection met an error of the simulator.")  # noqa: LOG004
        self._account.crash()


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other side was faster
