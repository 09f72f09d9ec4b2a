"""Transports of a test, which are closed in its end."""

from collections.abc import Iterator
from contextlib import contextmanager

import requests

from tap_netsuite_tba.netsuite.account import Account
from tap_netsuite_tba.netsuite.transport import Auth, Reply, Transport


class Signed(Auth):
    """Stands for any way to sign."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = "Signed fake-signature"
        return request


@contextmanager
def sending(
    account: Account, auth: Auth | None = None, *, read_timeout: float = 30
) -> Iterator[Transport]:
    """A transport to an account; it signs unless told otherwise."""
    transport = Transport(
        account,
        auth or Signed(),
        connections=5,
        user_agent="tap-netsuite-tba/test",
        connect_timeout=10,
        read_timeout=read_timeout,
    )
    try:
        yield transport
    finally:
        transport.close()


def post(transport: Transport) -> Reply:
    """The answer to a query."""
    return transport.post("/path", params={"limit": 5, "offset": 0}, headers={}, body=b"{}")
