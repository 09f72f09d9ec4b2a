"""How HTTP/1.1 travels: what a request has to name, what an answer's bytes are."""

import re
import uuid
import zlib
from datetime import datetime
from email.message import Message
from email.utils import format_datetime
from http import HTTPStatus

from tap_netsuite_tba.simulator.exchange import Answer

_HOST = re.compile(r"[A-Za-z0-9.-]+(:(?P<port>[0-9]{1,5}))?")
_LARGEST_PORT = 65_535
_FIXED_HEADERS = {
    "Cache-Control": "No-Cache",
    "Pragma": "No-Cache",
    "Expires": "0",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "Vary": "User-Agent, Accept-Encoding",
}


def is_address(headers: Message, target: str) -> bool:
    """Tell whether a request names one host and a path on it, as it has to be signed."""
    hosts = headers.get_all("Host", [])
    match = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
    return match is not None and int(match["port"] or 0) <= _LARGEST_PORT and target[:1] == "/"


def message(
    answer: Answer, date: datetime, *, accept_encoding: str = "", keep_alive: bool
) -> tuple[bytes, bytes]:
    """Return head and body of an answer as they travel.

    Args:
        answer: what goes out.
        date: for the Date header, in UTC.
        accept_encoding: that header of the request.
        keep_alive: whether the connection goes on.
    """
    body = answer.body
    headers = {
        "Date": format_datetime(date, usegmt=True),
        "Content-Type": answer.content_type,
        **_FIXED_HEADERS,
        "x-n-operationid": str(uuid.uuid4()),
        "x-netsuite-jobid": str(uuid.uuid4()),
        **answer.headers,
    }
    if "gzip" in accept_encoding:
        body = zlib.compress(body, level=1, wbits=31)
        headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(body))
    headers["Connection"] = "keep-alive" if keep_alive else "close"
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1"), body
