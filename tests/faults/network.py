"""A network between the tap and the account, which can be lost."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from tap_netsuite_tba.simulator import Simulator

_BYTES = 64 * 1024


class Network:
    """Carries bytes between whoever connects to it and an account.

    Attributes:
        base_url: Where to connect.
        refused: How many attempts to connect met no network.
    """

    def __init__(self, account: Simulator) -> None:
        self._far = ("127.0.0.1", urlsplit(account.base_url).port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._ends: list[socket.socket] = []
        self._to_refuse = 0
        self.refused = 0
        self.base_url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.lose(0)

    def lose(self, attempts: int) -> None:
        """Breaks all connections, and the next `attempts` to connect."""
        with self._lock:
            self._to_refuse += attempts
            ends, self._ends = self._ends, []
        for end in ends:
            _close(end)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # until it is closed
            while True:
                near, _ = self._listener.accept()
                self._connect(near)

    def _connect(self, near: socket.socket) -> None:
        with self._lock:
            if self._to_refuse:
                self._to_refuse -= 1
                self.refused += 1
                _close(near)
                return
            far = socket.create_connection(self._far)
            self._ends += [near, far]
        for one, other in ((near, far), (far, near)):
            threading.Thread(target=_carry, args=(one, other), daemon=True).start()


def _carry(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):  # when the network is lost
        while heard := one.recv(_BYTES):
            other.sendall(heard)
    _close(one)
    _close(other)


def _close(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
