import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from requests.structures import CaseInsensitiveDict

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
from tap_netsuite_tba.netsuite.query import Page
from tap_netsuite_tba.netsuite.responses import MAX_DEPTH, read_document, read_page
from tap_netsuite_tba.netsuite.transport import Reply

ASKED_AT = datetime(2026, 3, 12, 8, 57, tzinfo=UTC)


def response(status: int, body: object, headers: Mapping[str, str] | None = None) -> Reply:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"x-n-operationid": "operation-1"} | dict(headers or {})
    return Reply(status, CaseInsensitiveDict(given), content)


def read(answer: Reply) -> Page:
    return read_page(answer, asked_at=ASKED_AT, table="customer")


def error_of(answer: Reply) -> NetSuiteError:
    with pytest.raises(NetSuiteError) as raised:
        read(answer)
    return raised.value


def refused(status: int, code: str, detail: str = "No.", **where: str) -> Reply:
    entry = {"detail": detail, "o:errorCode": code} | {f"o:{k}": v for k, v in where.items()}
    body = {"title": "Bad Request", "status": status, "o:errorDetails": [entry]}
    return response(status, body)


def test_a_page_keeps_its_rows_as_bytes() -> None:
    rows = b'[{"links": [], "id":"7", "total":"-1395.30"} ]'
    body = b'{"links":[],"count":1,"hasMore":true,"items":%s,"offset":0,"totalResults":"12"}' % rows
    assert read(response(200, body)) == Page(
        items=rows,
        count=1,
        has_more=True,
        total_results=12,
        asked_at=ASKED_AT,
        request_id="operation-1",
    )


def test_an_envelope_may_lack_what_a_page_can_do_without() -> None:
    page = read(response(200, {"count": 0, "items": []}))
    assert not page.has_more
    assert page.total_results is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'{"count":1,"items":[{"id":"7"}',
        b'{"count":1,"items":[]} trailing',
        {},
        {"hasMore": False},
        {"count": 1, "hasMore": False},
        {"count": 1, "items": None},
        {"count": 1, "totalResults": 1},
        {"items": None},
        {"count": 0, "items": "none"},
        {"count": 1, "items": {"id": "7"}},
        [],
        b"<html><title>Scheduled maintenance</title></html>",
    ],
)
def test_a_200_that_is_not_the_promised_json_is_malformed(body: object) -> None:
    assert type(error_of(response(200, body))) is MalformedResponse


def test_the_message_of_a_malformed_answer_shows_no_rows() -> None:
    broken = b'{"count":1,"items":[{"name":"Jane Doe"}'
    error = error_of(response(200, broken, {"Content-Type": "application/json; charset=UTF-8"}))
    assert error.detail == "39 bytes of application/json"


def test_a_page_for_people_is_named_by_its_title() -> None:
    html = b"<html><head><TITLE>\n  Scheduled maintenance </TITLE></head></html>"
    error = error_of(response(200, html, {"Content-Type": "text/html"}))
    assert error.detail.endswith("text/html titled 'Scheduled maintenance'")


def test_a_redirect_is_not_a_page() -> None:
    error = error_of(response(302, b"", {"Location": "https://login.example.com"}))
    assert type(error) is MalformedResponse
    assert "redirect" in error.detail


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refused(400, "INVALID_PARAMETER", errorQueryParam="q"), QueryRefused),
        (refused(400, "INVALID_PARAMETER", errorQueryParam="limit"), RequestRefused),
        (refused(400, "INVALID_HEADER", errorHeader="Prefer"), RequestRefused),
        (refused(400, "USER_ERROR"), RequestRefused),
        (refused(401, "INVALID_LOGIN"), LoginRefused),
        (refused(403, "INSUFFICIENT_PERMISSION"), PermissionDenied),
        (refused(404, "NONEXISTENT_ID"), NotFound),
        (refused(405, "INVALID_METHOD"), RequestRefused),
        (refused(429, "CONCURRENCY_LIMIT_EXCEEDED"), ConcurrencyLimitExceeded),
        (refused(429, "SOMETHING_ELSE"), ConcurrencyLimitExceeded),
        (refused(400, "CONCURRENCY_LIMIT_EXCEEDED"), ConcurrencyLimitExceeded),
        (refused(400, "SSS_REQUEST_LIMIT_EXCEEDED"), ConcurrencyLimitExceeded),
        (refused(403, "WS_CONCUR_SESSION_DISALLWD"), ConcurrencyLimitExceeded),
        (refused(500, "WS_REQUEST_BLOCKED"), ConcurrencyLimitExceeded),
        (refused(500, "UNEXPECTED_ERROR"), ServerFault),
        (response(503, b"<html>"), ServerFault),
        (response(401, b"not json"), LoginRefused),
        (response(429, b"<html>"), ConcurrencyLimitExceeded),
        (response(403, {}), PermissionDenied),
        (response(404, {}), NotFound),
        (response(418, b"[]"), RequestRefused),
        (response(204, b""), MalformedResponse),
    ],
)
def test_status_and_code_decide_what_an_error_is(answer: Reply, kind: type[NetSuiteError]) -> None:
    assert type(error_of(answer)) is kind


@pytest.mark.parametrize("type_", ["https://www.w3.org/x", "https://www.rfc-editor.org/y", None])
def test_the_type_url_decides_nothing(type_: str | None) -> None:
    body = {"type": type_, "o:errorDetails": [{"o:errorCode": "INVALID_PARAMETER"}]}
    assert type(error_of(response(400, body))) is QueryRefused


def test_an_error_carries_what_netsuite_says() -> None:
    detail = "Search error occurred: Unknown identifier 'subsidiary'."
    error = error_of(refused(400, "INVALID_PARAMETER", detail, errorQueryParam="q"))
    assert (error.status, error.code, error.path) == (400, "INVALID_PARAMETER", "q")
    assert (error.detail, error.request_id, error.table) == (detail, "operation-1", "customer")
    assert str(error).startswith(
        "NetSuite refused the query (customer): Search error occurred: Unknown identifier "
        "'subsidiary' [400, INVALID_PARAMETER, at q, operation operation-1]. "
    )


@pytest.mark.parametrize(
    "name", ["errorPath", "errorQueryParam", "errorHeader", "errorUrl", "urlPath"]
)
def test_the_path_is_found_under_each_of_its_names(name: str) -> None:
    assert error_of(refused(400, "USER_ERROR", **{name: "there"})).path == "there"


def test_the_shape_of_2020_is_understood() -> None:
    body = {"type": "x", "title": "Invalid search.", "status": 400, "o:errorCode": "USER_ERROR"}
    error = error_of(response(400, body))
    assert (error.detail, error.code) == ("Invalid search.", "USER_ERROR")


def test_the_code_of_the_entry_goes_before_that_of_the_body() -> None:
    entry = {"detail": "Blocked.", "o:errorCode": "CONCURRENCY_LIMIT_EXCEEDED"}
    body = {"status": 400, "o:errorCode": "USER_ERROR", "o:errorDetails": [entry]}
    assert type(error_of(response(400, body))) is ConcurrencyLimitExceeded


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("30", 30.0), ("0", 0.0), ("Thu, 12 Mar 2026 08:57:43 GMT", None), ("-1", None), ("", None)],
)
def test_only_a_number_of_seconds_is_taken_from_retry_after(
    header: str, seconds: float | None
) -> None:
    assert error_of(response(429, b"", {"Retry-After": header})).retry_after == seconds


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        (rb"cut \ud83d", "cut \N{REPLACEMENT CHARACTER}"),
        (rb"cut \ud83d and on", "cut \N{REPLACEMENT CHARACTER} and on"),
        (rb"\ude00 cut", "\N{REPLACEMENT CHARACTER} cut"),
        (rb"\ud83d\ud83d\ude00", "\N{REPLACEMENT CHARACTER}\N{GRINNING FACE}"),
        (rb"\\ud83d \ud83d", "\\ud83d \N{REPLACEMENT CHARACTER}"),
        (b"\xff", "\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_half_a_character_is_replaced_and_said(
    text: bytes, read_as: str, caplog: pytest.LogCaptureFixture
) -> None:
    page = read(response(200, b'{"count":1,"items":[{"id":"7","memo":"%s"}]}' % text))
    assert json.loads(page.items) == [{"id": "7", "memo": read_as}]
    assert "A page of customer had half a character" in caplog.text


def test_whole_characters_beyond_the_basic_plane_stay() -> None:
    page = read(response(200, rb'{"count":1,"items":[{"memo":"\ud83d\ude00 \\ \" \/"}]}'))
    assert json.loads(page.items) == [{"memo": '\N{GRINNING FACE} \\ " /'}]


@pytest.mark.parametrize("status", [400, 403, 404, 405, 408, 410, 413, 421, 425, 451])
@pytest.mark.parametrize("body", [b"", b"<html><title>Bad request</title></html>", b"{"])
def test_a_refusal_that_is_no_json_is_a_gateways_and_may_pass(status: int, body: bytes) -> None:
    assert type(error_of(response(status, body))) is MalformedResponse


@pytest.mark.parametrize("status", [400, 405, 408, 413, 425])
def test_the_same_status_in_json_is_netsuites_refusal(status: int) -> None:
    assert type(error_of(refused(status, "USER_ERROR"))) is RequestRefused


@pytest.mark.parametrize("count", [{}, {"count": None}])
@pytest.mark.parametrize("rows", [[], [{}], [{"id": "1"}, {"id": "2"}]])
def test_a_count_that_is_absent_is_counted(
    count: dict[str, None], rows: list[dict[str, str]]
) -> None:
    page = read(response(200, {"items": rows, "hasMore": False} | count))
    assert page.count == len(rows)
    assert json.loads(page.items) == rows


@pytest.mark.parametrize("items", [{}, {"items": None}])
@pytest.mark.parametrize(
    "envelope", [{"count": 0}, {"totalResults": 0}, {"count": 0, "totalResults": 0}]
)
def test_items_may_be_left_out_where_there_are_none(
    items: dict[str, None], envelope: dict[str, int]
) -> None:
    page = read(response(200, envelope | items))
    assert (page.items, page.count, page.has_more) == (b"[]", 0, False)


@pytest.mark.parametrize(
    ("envelope", "has_more"),
    [
        ({"items": [{}]}, True),
        ({"items": [{}], "count": 1, "hasMore": None}, True),
        ({"items": [{}], "totalResults": 1}, False),
        ({"items": []}, False),
        ({"items": [{}], "hasMore": False}, False),
        ({"items": [], "hasMore": True}, True),
        ({"items": [{}], "hasMore": True, "totalResults": 1}, True),
    ],
)
def test_where_nothing_tells_whether_there_is_more_there_may_be(
    envelope: dict[str, object],
    has_more: bool,  # noqa: FBT001 - a parameter of pytest
) -> None:
    assert read(response(200, envelope)).has_more is has_more


def test_a_byte_order_mark_is_no_part_of_a_page() -> None:
    page = read(response(200, b'\xef\xbb\xbf{"count":1,"items":[{"id":"7","memo":"\xc3\xa9"}]}'))
    assert json.loads(page.items) == [{"id": "7", "memo": "é"}]


def test_a_byte_order_mark_is_no_part_of_a_refusal() -> None:
    told = refused(400, "INVALID_PARAMETER", errorQueryParam="q").body
    assert type(error_of(response(400, b"\xef\xbb\xbf" + told))) is QueryRefused


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("CONCURRENCY_LIMIT_EXCEEDED", ConcurrencyLimitExceeded),
        ("INVALID_LOGIN", LoginRefused),
        ("INSUFFICIENT_PERMISSION", PermissionDenied),
        ("INVALID_PARAMETER", QueryRefused),
    ],
)
def test_an_error_under_200_is_told_by_its_code(code: str, kind: type[NetSuiteError]) -> None:
    assert type(error_of(refused(200, code))) is kind


@pytest.mark.parametrize("body", [{"title": "No.", "o:errorDetails": None}, {"title": None}, []])
def test_a_refusal_in_json_of_another_shape_is_not_asked_again(body: object) -> None:
    assert type(error_of(response(400, body))) is RequestRefused


@pytest.mark.parametrize(
    "envelope",
    [{"count": 0, "totalResults": 12}, {"count": 0, "hasMore": True}],
)
def test_missing_items_of_an_envelope_that_announces_rows_are_malformed(
    envelope: dict[str, object],
) -> None:
    assert type(error_of(response(200, envelope))) is MalformedResponse


def nested(depth: int) -> bytes:
    return b'{"x":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 600, 6000, 200_000])
def test_json_nested_deeper_than_any_record_is_no_document(depth: int) -> None:
    with pytest.raises(MalformedResponse):
        read_document(response(200, nested(depth)), table="customer")


def test_a_document_may_be_nested_as_deep_as_any_record() -> None:
    assert read_document(response(200, nested(MAX_DEPTH)), table="customer").keys() == {"x"}


@pytest.mark.parametrize("status", [200, 400, 503])
def test_json_too_deep_to_be_read_is_no_page_and_no_refusal(status: int) -> None:
    error = error_of(response(status, nested(200_000)))
    assert type(error) is (ServerFault if status == 503 else MalformedResponse)
