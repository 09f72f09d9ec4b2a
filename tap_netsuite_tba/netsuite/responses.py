"""Reading an answer: a page, or the error that it is."""

import logging
import re
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from tap_netsuite_tba.netsuite.errors import (
    ConcurrencyLimitExceeded,
    LoginRefused,
    MalformedResponse,
    NetSuiteError,
    NotFound,
    PermissionDenied,
    QueryRefused,
    RequestRefused,
    ServerFault,
)
from tap_netsuite_tba.netsuite.query import Document, Page
from tap_netsuite_tba.netsuite.transport import Reply

logger = logging.getLogger(__name__)

MAX_DEPTH = 100
"""No record, and no schema, is nested as deep; what is would end a run by Python's own limit."""

_NO_JSON = (ValueError, RecursionError)
"""What decoding raises: JSON that is none, or that is nested too deep."""

_OK = 200
_REDIRECTED = 3  # hundreds

KIND_BY_CODE: dict[str, type[NetSuiteError]] = {
    "CONCURRENCY_LIMIT_EXCEEDED": ConcurrencyLimitExceeded,
    "INSUFFICIENT_PERMISSION": PermissionDenied,
    "INVALID_LOGIN": LoginRefused,
    # The same in RESTlets and SOAP, should a gateway answer for REST in their words.
    "SSS_REQUEST_LIMIT_EXCEEDED": ConcurrencyLimitExceeded,
    "WS_CONCUR_SESSION_DISALLWD": ConcurrencyLimitExceeded,
    "WS_REQUEST_BLOCKED": ConcurrencyLimitExceeded,
}
"""Codes that mean the same under any status."""

KIND_BY_STATUS: dict[int, type[NetSuiteError]] = {
    401: LoginRefused,
    403: PermissionDenied,
    404: NotFound,
    429: ConcurrencyLimitExceeded,
}

KIND_BY_HUNDREDS: dict[int, type[NetSuiteError]] = {4: RequestRefused, 5: ServerFault}

_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|(?P<half>u[dD][89a-fA-F]\w\w)|.)", re.DOTALL
)
"""An escape in JSON: a pair of surrogates, half a pair, or any other."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_QUERY_CODE = "INVALID_PARAMETER"
_QUERY_PATHS = (None, "q")


_DOCUMENT = msgspec.json.Decoder(Document, float_hook=Decimal)


class _Envelope(msgspec.Struct):
    """The part of a collection that a page needs."""

    items: msgspec.Raw = msgspec.Raw(b"null")
    count: int | None = None
    has_more: bool | None = msgspec.field(name="hasMore", default=None)
    total_results: int | None = msgspec.field(name="totalResults", default=None)


class _Refusal(msgspec.Struct):
    """One entry of `o:errorDetails`."""

    detail: str = ""
    code: str | None = msgspec.field(name="o:errorCode", default=None)
    in_body: str | None = msgspec.field(name="o:errorPath", default=None)
    parameter: str | None = msgspec.field(name="o:errorQueryParam", default=None)
    header: str | None = msgspec.field(name="o:errorHeader", default=None)
    url: str | None = msgspec.field(name="o:errorUrl", default=None)
    # Oracle's help calls the same so.
    url_path: str | None = msgspec.field(name="o:urlPath", default=None)


class _Refusals(msgspec.Struct):
    """The body of an error: of today, or of 2020, when the message was the title."""

    title: str = ""
    code: str | None = msgspec.field(name="o:errorCode", default=None)
    details: list[_Refusal] = msgspec.field(name="o:errorDetails", default_factory=list)


def read_page(reply: Reply, *, asked_at: datetime, table: str | None) -> Page:
    """The page that a reply carries.

    Args:
        reply: The answer to a SuiteQL query, its body read.
        asked_at: When the request was sent, by NetSuite's clock.
        table: The table that was asked for, for messages.

    Raises:
        NetSuiteError: The reply carries no page; its class says why.
    """
    envelope = _envelope(reply.body)
    if envelope is None and reply.status == _OK:
        envelope = _envelope(_in_whole_characters(reply.body))
        if envelope:
            logger.warning(
                "A page of %s had half a character in a text, as when a text was cut inside an "
                "emoji; \N{REPLACEMENT CHARACTER} stands in its place.",
                table,
            )
    if reply.status != _OK or envelope is None:
        raise read_error(reply, table=table)
    items = bytes(envelope.items)
    if items == b"null" and _says_that_there_are_none(envelope):
        items = b"[]"
    if not items.startswith(b"["):
        raise read_error(reply, table=table)
    count = envelope.count
    if count is None:
        count = len(msgspec.json.decode(items, type=list[msgspec.Raw]))
    has_more = envelope.has_more
    if has_more is None:
        # Nothing says whether rows lie behind: asking once more does.
        has_more = envelope.total_results is None and count > 0
    return Page(
        items=items,
        count=count,
        has_more=has_more,
        total_results=envelope.total_results,
        asked_at=asked_at,
        request_id=reply.headers.get("x-n-operationid"),
    )


def read_document(reply: Reply, *, table: str | None) -> Document:
    """The JSON object that a reply carries; numbers with a point are decimals, to the last digit.

    Args:
        reply: The answer to a request for a document, its body read.
        table: What was asked about, for messages.

    Raises:
        NetSuiteError: The reply carries no object; its class says why.
    """
    document = _document(reply.body) if reply.status == _OK else None
    if document is None and reply.status == _OK:
        document = _document(_in_whole_characters(reply.body))
    if document is None:
        raise read_error(reply, table=table)
    return document


def _document(content: bytes) -> Document | None:
    try:
        document = _DOCUMENT.decode(content.removeprefix(_BYTE_ORDER_MARK))
    except _NO_JSON:
        return None
    return None if _is_deep(document) else document


def _is_deep(document: Document) -> bool:
    """Whether it is nested deeper than any record."""
    level: list[Document | list[Any]] = [document]
    for _ in range(MAX_DEPTH):
        level = [
            each
            for parent in level
            for each in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(each, (dict, list))
        ]
        if not level:
            return False
    return True


def _says_that_there_are_none(envelope: _Envelope) -> bool:
    numbers = {envelope.count, envelope.total_results} - {None}
    return numbers == {0} and not envelope.has_more


def _envelope(content: bytes) -> _Envelope | None:
    content = content.removeprefix(_BYTE_ORDER_MARK)
    try:
        if not content.isascii():
            content.decode()  # msgspec does not look into rows that stay raw.
        return msgspec.json.decode(content, type=_Envelope, strict=False)
    except _NO_JSON:
        return None


def _in_whole_characters(content: bytes) -> bytes:
    """The same JSON with a replacement character for what is half of one and thus no Unicode."""
    return _ESCAPE.sub(
        lambda escape: rb"\ufffd" if escape["half"] else escape[0],
        content.decode("utf-8", "replace").encode(),
    )


def read_error(reply: Reply, *, table: str | None) -> NetSuiteError:
    """The error that a reply is, whatever its body is.

    Args:
        reply: Any reply that is not the page that was asked for.
        table: The table that was asked for, for messages.
    """
    content = reply.body.removeprefix(_BYTE_ORDER_MARK)
    try:
        body = msgspec.json.decode(content, type=_Refusals)
    except _NO_JSON:
        body = _Refusals()
    first = body.details[0] if body.details else _Refusal(detail=body.title)
    code = first.code or body.code
    path = first.in_body or first.parameter or first.header or first.url or first.url_path
    kind = _kind(reply.status, code, path)
    if kind is not LoginRefused and issubclass(kind, RequestRefused) and not _is_json(content):
        kind = MalformedResponse  # No word of NetSuite's: a gateway's refusal may pass.
    return kind(
        first.detail or _description(reply),
        status=reply.status,
        code=code,
        path=path,
        request_id=reply.headers.get("x-n-operationid"),
        table=table,
        retry_after=_seconds(reply.headers.get("Retry-After")),
        reason=_reason(reply.headers.get("WWW-Authenticate", "")),
    )


def _is_json(content: bytes) -> bool:
    try:
        msgspec.json.decode(content)
    except _NO_JSON:
        return False
    return True


def _kind(status: int, code: str | None, path: str | None) -> type[NetSuiteError]:
    if code in KIND_BY_CODE:
        return KIND_BY_CODE[code]
    if code == _QUERY_CODE and path in _QUERY_PATHS:
        return QueryRefused
    by_hundreds = KIND_BY_HUNDREDS.get(status // 100, MalformedResponse)
    return KIND_BY_STATUS.get(status, by_hundreds)


def _description(reply: Reply) -> str:
    """What there is instead of JSON, without quoting rows, which belong in no message."""
    if reply.status // 100 == _REDIRECTED:
        return "a redirect, which is not followed with a signature"
    kind = reply.headers.get("Content-Type", "no content type").partition(";")[0]
    title = re.search(rb"<title>\s*([^<]{1,100})", reply.body, re.IGNORECASE)
    named = f" titled '{title[1].decode(errors='replace').strip()}'" if title else ""
    return f"{len(reply.body):,} bytes of {kind}{named}"


def _seconds(retry_after: str | None) -> float | None:
    """The number in a `Retry-After` header; the date that it may hold instead is not honoured."""
    return float(retry_after) if retry_after and re.fullmatch("[0-9]{1,6}", retry_after) else None


def _reason(challenge: str) -> str | None:
    """The word for why a login was refused, in a `WWW-Authenticate` header."""
    named = re.search(r'\berror="([\w-]{1,64})"', challenge, re.ASCII)
    return named[1] if named else None
