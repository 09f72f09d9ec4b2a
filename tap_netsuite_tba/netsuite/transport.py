"""One HTTP exchange with an account: connections, headers, time-outs; no retries."""

import errno
import gzip
import ssl
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http.cookiejar import DefaultCookiePolicy
from socket import gaierror
from typing import TypeGuard

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError, ProtocolError, ReadTimeoutError

from tap_netsuite_tba.netsuite.account import Account
from tap_netsuite_tba.netsuite.connections import Connections, KnownConnections
from tap_netsuite_tba.netsuite.errors import (
    CertificateRefused,
    ConnectionFailed,
    HostUnreachable,
    MalformedResponse,
    NetSuiteError,
    TimedOut,
)

_HEADERS = {"Accept": "application/json", "Accept-Encoding": "gzip"}
_JSON = {"Content-Type": "application/json"}

_GZIP = b"\x1f\x8b"
"""How compressed bodies begin, and no JSON does."""

_NO_COMMON_TLS = dict.fromkeys(
    ("TLSV1_ALERT_PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL"), "no TLS of version 1.2 or later"
) | {"WRONG_VERSION_NUMBER": "no TLS at all"}
"""What OpenSSL's reasons say of the other side."""

_NO_NETWORK = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN)


@dataclass(frozen=True)
class Reply:
    """An answer, read to its last byte.

    Attributes:
        status: The HTTP status.
        headers: Their names in any case.
        content: The body as it came over the wire.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)

    @cached_property
    def body(self) -> bytes:
        """The body, decompressed: that takes milliseconds, in which no connection is needed.

        Raises:
            MalformedResponse: Its compression is damaged.
        """
        # Not told by its head, which may stay as it was where a proxy decompresses.
        if not self.content.startswith(_GZIP):
            return self.content
        try:
            return gzip.decompress(self.content)
        except (OSError, EOFError, zlib.error) as error:
            raise MalformedResponse("its compression is damaged", status=self.status) from error


class Auth(AuthBase):
    """What becomes of a request before it is sent: here nothing.

    Not having any would not be the same: requests would look for a password in ~/.netrc.
    """

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """The request with what proves who asks."""
        return request

    def close(self) -> None:
        """End what it has open of its own."""


class Transport:
    """Sends signed requests over connections that are kept alive; may be used by many threads.

    Args:
        account: Where to.
        auth: Signs each request.
        connections: How many connections there are at most.
        user_agent: How this program names itself.
        connect_timeout: Seconds until a connection must stand.
        read_timeout: Seconds without a byte of the answer after which it is given up.

    Attributes:
        connections: Those that it opened.
    """

    def __init__(  # noqa: PLR0913 - each is one property of a connection
        self,
        account: Account,
        auth: Auth,
        *,
        connections: int,
        user_agent: str,
        connect_timeout: float,
        read_timeout: float,
    ) -> None:
        self._base_url = account.base_url
        self._timeouts = (connect_timeout, read_timeout)
        self._http = requests.Session()
        self._auth = self._http.auth = auth
        self._http.headers.update(_HEADERS | {"User-Agent": user_agent})
        self._http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        if account.on_loopback:
            self._http.trust_env = False  # a proxy would not find its way back to this machine
        self.connections = Connections()
        self._http.mount(self._base_url, KnownConnections(self.connections, connections))

    def post(
        self, path: str, *, params: Mapping[str, int], headers: Mapping[str, str], body: bytes
    ) -> Reply:
        """Send JSON and read the answer to its last byte, whatever its status.

        Raises:
            ConnectionFailed: There was no connection, or it broke before the answer.
            TimedOut: The answer, or a part of it, did not come in time.
            MalformedResponse: The connection broke within the answer.
        """
        return self._send("POST", path, {**_JSON, **headers}, params=params, body=body)

    def get(self, path: str, *, headers: Mapping[str, str]) -> Reply:
        """Ask for a document and read the answer to its last byte, whatever its status.

        Raises:
            NetSuiteError: As `post`.
        """
        return self._send("GET", path, headers)

    def head(self, path: str) -> Reply:
        """Ask for the head of a document alone, whatever its status.

        Raises:
            NetSuiteError: As `post`.
        """
        return self._send("HEAD", path, {})

    def close(self) -> None:
        """Close the connections, also those in use: what waits for an answer fails."""
        self._auth.close()
        self.connections.close()
        self._http.close()

    def _send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        *,
        params: Mapping[str, int] | None = None,
        body: bytes | None = None,
    ) -> Reply:
        try:
            response = self._http.request(
                method,
                self._base_url + path,
                params=params,
                headers=headers,
                data=body,
                timeout=self._timeouts,
                allow_redirects=False,
                stream=True,
            )
            # In one piece: of pieces of 10 kB, as requests reads, each would wait for the GIL.
            content = response.raw.read(decode_content=False)
            return Reply(response.status_code, response.headers, content)
        except (requests.RequestException, HTTPError) as error:
            named = self._named(error)
            if not isinstance(error, ValueError):
                raise named from error
        # Not from a malformed address's error, whose words may show a part of a proxy's password.
        raise named

    def _named(self, error: Exception) -> NetSuiteError:
        """The error of ours for one of requests', told by what caused it."""
        connect_timeout, read_timeout = self._timeouts
        causes = list(_causes(error))
        if isinstance(error, requests.ConnectTimeout):
            return ConnectionFailed(f"no connection within {connect_timeout:g} s")
        if any(isinstance(c, (requests.ReadTimeout, ReadTimeoutError)) for c in causes):
            return TimedOut(f"not a byte for {read_timeout:g} s")
        if isinstance(error, ProtocolError):
            return MalformedResponse("it ends before its end")
        return _unconnected(error, causes[-1])


def _unconnected(error: Exception, cause: BaseException) -> ConnectionFailed:
    """Why no answer came over a connection, told by the deepest cause that is known."""
    if isinstance(cause, ssl.SSLCertVerificationError):
        return CertificateRefused(cause.verify_message)
    if isinstance(cause, ssl.SSLError) and cause.reason in _NO_COMMON_TLS:
        return ConnectionFailed(f"it offers {_NO_COMMON_TLS[cause.reason]}")
    if isinstance(error, ValueError):
        return HostUnreachable("its address, or that of the proxy, is malformed")
    # What the libraries say of it may show the proxy's password; the system's words do not.
    words = (cause.strerror or str(cause)) if _is_of_the_system(cause) else ""
    detail = f"{type(cause).__name__} {words}".rstrip()
    if isinstance(cause, gaierror) or getattr(cause, "errno", None) in _NO_NETWORK:
        return HostUnreachable(detail)
    return ConnectionFailed(detail)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """From what requests raised down to the operating system's error, if there is one."""
    cause: BaseException | None = error
    while cause:
        yield cause
        if _is_of_the_system(cause):
            return
        cause = cause.__cause__ or cause.__context__ or _wrapped(cause)


def _wrapped(error: BaseException) -> BaseException | None:
    """What urllib3 keeps of an error of TLS behind a proxy, whose chain it breaks."""
    inner = error.args[0] if error.args else None
    return inner if isinstance(inner, BaseException) else None


def _is_of_the_system(error: BaseException) -> TypeGuard[OSError]:
    """Whether it comes from the operating system or TLS; requests' errors are OSErrors too."""
    return isinstance(error, OSError) and not isinstance(error, requests.RequestException)
