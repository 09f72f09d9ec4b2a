import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
import requests

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
from tap_netsuite_tba.netsuite.responses import read_page

ASKED_AT = datetime(2026, 3, 12, 8, 57, tzinfo=UTC)


def response(
    status: int, body: object, headers: Mapping[str, str] | None = None
) -> requests.Response:
    answer = requests.Response()
    answer.status_code = status
    answer._content = body if isinstance(body, bytes) else json.dumps(body).encode()  # noqa: SLF001 - there is no other way to make a response
    answer.headers.update({"x-n-operationid": "operation-1"} | dict(headers or {}))
    return answer


def read(answer: requests.Response) -> Page:
    return read_page(answer, asked_at=ASKED_AT, table="customer")


def error_of(answer: requests.Response) -> NetSuiteError:
    with pytest.raises(NetSuiteError) as raised:
        read(answer)
    return raised.value


def refused(status: int, code: str, detail: str = "No.", **where: str) -> requests.Response:
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
        {"items": [], "hasMore": False},
        {"count": 1, "hasMore": False},
        {"count": None, "items": []},
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
        (refused(200, "CONCURRENCY_LIMIT_EXCEEDED"), ConcurrencyLimitExceeded),
        (refused(500, "UNEXPECTED_ERROR"), ServerFault),
        (response(503, b"<html>"), ServerFault),
        (response(401, b"not json"), LoginRefused),
        (response(403, b"<html>"), PermissionDenied),
        (response(404, b""), NotFound),
        (response(418, b"[]"), RequestRefused),
        (response(204, b""), MalformedResponse),
    ],
)
def test_status_and_code_decide_what_an_error_is(
    answer: requests.Response, kind: type[NetSuiteError]
) -> None:
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
