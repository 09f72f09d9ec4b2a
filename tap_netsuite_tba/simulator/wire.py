"""How HTTP/1.1 travels: what a request has to name, what an answer's bytes are."""

import re
import uuid
import zlib
from dataclasses import dataclass
from datetime import datetime
from email import errors
from email.message import Message
from email.utils import format_datetime
from http import HTTPStatus

from tap_netsuite_tba.simulator.exchange import Answer

_HOST = re.compile(r"[A-Za-z0-9._-]+(:(?P<port>[0-9]{1,5}))?")
_LARGEST_PORT = 65_535
_ABSOLUTE = re.compile(r"(?P<scheme>https?)://(?P<host>[^/?#]*)(?P<target>.*)", re.IGNORECASE)
_NO_WEIGHT = re.compile(r"q=0(\.0*)?", re.IGNORECASE)
_MALFORMED = (
    errors.HeaderDefect,
    errors.FirstHeaderLineIsContinuationDefect,
    errors.MisplacedEnvelopeHeaderDefect,
    errors.MissingHeaderBodySeparatorDefect,
)
_FIXED_HEADERS = {
    "Cache-Control": "No-Cache",
    "Pragma": "No-Cache",
    "Expires": "0",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "Vary": "User-Agent, Accept-Encoding",
}


@dataclass(frozen=True)
class Address:
    """Where a request goes, as it has to be signed.

    Attributes:
        scheme: ``http`` or ``https``.
        host: with its port, if that was named.
        target: path and query.
    """

    scheme: str
    host: str
    target: str


def is_head(headers: Message) -> bool:
    """Tell whether each line of a request's head is a header; a parser forgets those after one."""
    rest = headers.get_payload()
    return not (isinstance(rest, str) and rest) and not any(
        isinstance(defect, _MALFORMED) for defect in headers.defects
    )


def address(headers: Message, target: str, scheme: str) -> Address | None:
    """Return the address that a request names; None unless it is one host and a path on it.

    Args:
        headers: of the request.
        target: of its first line; what is sent to a proxy begins with scheme and host.
        scheme: of the connection.
    """
    hosts = headers.get_all("Host", [])
    if len(hosts) != 1 or not _is_host(hosts[0]):
        return None
    absolute = _ABSOLUTE.fullmatch(target)
    if absolute is None:
        return Address(scheme, hosts[0], target) if target[:1] == "/" else None
    if not _is_host(absolute["host"]):
        return None
    path = absolute["target"] if absolute["target"][:1] == "/" else "/" + absolute["target"]
    return Address(absolute["scheme"].lower(), absolute["host"], path)


def _is_host(text: str) -> bool:
    match = _HOST.fullmatch(text)
    return match is not None and int(match["port"] or 0) <= _LARGEST_PORT


def _takes_gzip(accept_encoding: str) -> bool:
    for coding in accept_encoding.split(","):
        name, _, weight = coding.partition(";")
        if name.strip().lower() == "gzip":
            return not _NO_WEIGHT.fullmatch(weight.strip())
    return False


def message(
    answer: Answer, date: datetime | None, *, accept_encoding: str = "", keep_alive: bool
) -> tuple[bytes, bytes]:
    """Return head and body of an answer as they travel.

    Args:
        answer: what goes out.
        date: for the Date header, in UTC; None for no such header.
        accept_encoding: that header of the request.
        keep_alive: whether the connection goes on.
    """
    body = answer.body
    headers = {
        "Content-Type": answer.content_type,
        **_FIXED_HEADERS,
        **answer.headers,
    }
    if date is not None:
        headers["Date"] = format_datetime(date, usegmt=True)
    if not answer.content_type.startswith("text/html"):  # only gateways speak it
        headers["x-n-operationid"] = str(uuid.uuid4())
        headers["x-netsuite-jobid"] = str(uuid.uuid4())
    if _takes_gzip(accept_encoding):
        body = zlib.compress(body, level=1, wbits=31)
        headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(body))
    headers["Connection"] = "keep-alive" if keep_alive else "close"
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1"), body
