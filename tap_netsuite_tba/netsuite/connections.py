"""The connections of one transport, which can be ended while they are in use."""

import contextlib
import socket
import ssl
import threading
from dataclasses import dataclass
from typing import Any, ClassVar
from weakref import WeakSet

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import ConnectionPool, HTTPConnectionPool


@dataclass(frozen=True)
class Tls:
    """How a connection is encrypted, and who says to be at its other end.

    Attributes:
        version: Such as `TLSv1.3`.
        certificate: In DER.
    """

    version: str
    certificate: bytes


class Connections:
    """Every open connection, idle or in use, and those whose answer is still being read.

    Attributes:
        have_stood: Whether one was ever opened.
        tls: Of the last one that was opened; None if it is not encrypted.
    """

    def __init__(self) -> None:
        self.have_stood = False
        self.tls: Tls | None = None
        self._lock = threading.Lock()
        self._sockets: WeakSet[socket.socket] = WeakSet()
        self._is_closed = False

    def check(self) -> None:
        """Let nothing more be sent once they are closed.

        Raises:
            ConnectionAbortedError: They are closed.
        """
        if self._is_closed:
            raise ConnectionAbortedError("the client was closed")

    def add(self, opened: socket.socket) -> None:
        """Take note of a connection over which nothing has been asked yet.

        Raises:
            ConnectionAbortedError: They are closed, so nothing may be asked over it.
        """
        with self._lock:
            self.check()
            self._sockets.add(opened)
        self.have_stood = True
        if isinstance(opened, ssl.SSLSocket):
            certificate = opened.getpeercert(binary_form=True) or b""
            self.tls = Tls(opened.version() or "", certificate)

    def close(self) -> None:
        """Shut all of them down, which wakes whoever waits for an answer."""
        with self._lock:
            self._is_closed = True
            opened = list(self._sockets)
        for one in opened:
            with contextlib.suppress(OSError):  # it may have ended meanwhile
                # Not by TLS's own method, which would send what follows unencrypted.
                socket.socket.shutdown(one, socket.SHUT_RDWR)


class _Known(HTTPConnection):
    """A connection that tells of itself as soon as it stands."""

    connections: ClassVar[Connections]
    # Python's switch for debugging would print each signature to stdout, among the messages.
    debuglevel = 0

    def connect(self) -> None:
        self.connections.check()
        super().connect()
        try:
            self.connections.add(self.sock)
        except ConnectionAbortedError:
            self.close()
            raise


class KnownConnections(HTTPAdapter):
    """An adapter of requests' whose connections can be ended from another thread.

    Args:
        connections: Where they are known.
        most: How many there are at most.
    """

    def __init__(self, connections: Connections, most: int) -> None:
        self._connections = connections
        self._pools: WeakSet[ConnectionPool] = WeakSet()
        super().__init__(pool_connections=1, pool_maxsize=most, pool_block=True)

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> ConnectionPool:  # noqa: ANN401 - requests' own
        """The pool, whose connections are made known."""
        pool = super().get_connection_with_tls_context(*args, **kwargs)
        if isinstance(pool, HTTPConnectionPool) and not issubclass(pool.ConnectionCls, _Known):
            bases = (_Known, pool.ConnectionCls)
            pool.ConnectionCls = type("_KnownHere", bases, {"connections": self._connections})
            self._pools.add(pool)
        return pool

    def close(self) -> None:
        """Close them for good; urllib3 alone would leave that to the garbage collector."""
        super().close()
        for pool in list(self._pools):
            pool.close()
