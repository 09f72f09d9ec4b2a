import http.client
import json
import socket

import pytest
import requests
from hypothesis import example, given
from hypothesis import strategies as st

from tap_netsuite_tba.simulator import Simulator, connection
from tests.simulator.client import PATH, ask, detail, signer

QUERY = "SELECT id FROM transaction WHERE id <= 3 ORDER BY id ASC"
METHODS = ["GET", "POST", "HEAD", "OPTIONS", "TRACE", "CONNECT", "PATCH", "BREW", "get", ""]
TARGETS = [PATH, "/", "//[", "*", "http://[", "/%00?limit=%FF&&=", "a:443", "/\x7f\xe9"]
VERSIONS = ["HTTP/1.1", "HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/x", "", "HTTP/1.1 more"]
HEADERS = [
    "Host: a",
    "Host: a:99999",
    "Host: [a",
    "Host:",
    "Content-Length: 2",
    "Content-Length: -1",
    "Content-Length: many",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: gzip",
    "Connection: close",
    "Expect: 100-continue",
    "Accept-Encoding: gzip",
    "Authorization: OAuth",
    'Authorization: OAuth realm="\xe9",oauth_nonce="%ff"',
    "Authorization: Basic eA==",
    "no header at all",
    " folded",
    ":",
]


def address_of(account: Simulator) -> tuple[str, int]:
    return "127.0.0.1", int(account.base_url.rsplit(":", 1)[1])


def send(account: Simulator, message: bytes) -> bytes:
    """Return all that is answered to bytes after which nothing more comes."""
    with socket.create_connection(address_of(account), timeout=30) as client:
        client.sendall(message)
        client.shutdown(socket.SHUT_WR)
        with client.makefile("rb") as answer:
            return answer.read()


def signed(account: Simulator, body: bytes) -> requests.PreparedRequest:
    headers = {"Prefer": "transient", "Content-Type": "application/json"}
    url = account.base_url + PATH
    asked = requests.Request("POST", url, data=body, headers=headers, auth=signer(account))
    return asked.prepare()


def test_a_connection_serves_many_requests(shared: Simulator) -> None:
    client = http.client.HTTPConnection(*address_of(shared), timeout=30)
    client.connect()
    own = client.sock
    for _ in range(3):
        asked = signed(shared, json.dumps({"q": QUERY}).encode())
        client.request("POST", PATH, asked.body, dict(asked.headers))
        response = client.getresponse()
        assert json.loads(response.read())["count"] == 3
        assert client.sock is own
    client.close()


def test_a_body_in_chunks_is_read(shared: Simulator) -> None:
    body = json.dumps({"q": QUERY}).encode()
    headers = dict(signed(shared, body).headers)
    del headers["Content-Length"]
    client = http.client.HTTPConnection(*address_of(shared), timeout=30)
    client.request("POST", PATH, iter([body[:7], body[7:]]), headers, encode_chunked=True)
    assert json.loads(client.getresponse().read())["count"] == 3
    client.close()


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (["POST / HTTP/1.1", "Host: a", "Content-Length: many"], b"400"),
        (["POST / HTTP/1.1", "Host: a", "Content-Length: 99999999999999999999"], b"400"),
        (["POST / HTTP/1.1", "Host: a", "Content-Length: 0", "Content-Length: 2"], b"400"),
        (["POST / HTTP/1.1", "Host: [a", "Content-Length: 0"], b"400"),
        (["POST / HTTP/1.1", "Host: a:70000", "Content-Length: 0"], b"400"),
        (["POST / HTTP/1.1", "Host: a", "Host: b"], b"400"),
        (["POST / HTTP/1.1", "Content-Length: 0"], b"400"),
        (["POST http://[ HTTP/1.1", "Host: a"], b"400"),
        (["POST / HTTP/1.1", "Host: a", "Transfer-Encoding: gzip"], b"400"),
        (["nonsense"], b"400"),
        (["GET http://[/ HTTP/1.1", "Host: a"], b"400"),
        (["GET ftp://a/ HTTP/1.1", "Host: a"], b"400"),
        (["POST / HTTP/1.1", "Host: a", "no colon", "Content-Length: 2"], b"400"),
        (["POST / HTTP/1.1", "Host: a", "Content-Length : 2"], b"400"),
        (["POST / HTTP/1.1", "Host: a", ": nameless"], b"400"),
        (["POST / HTTP/1.1", " folded", "Host: a"], b"400"),
        (["POST / HTTP/1.1", "Host: a", "From here on", "Content-Length: 2"], b"400"),
        (["POST / HTTP/1.1", "Host: a", "X: y\r", "Content-Length: 2"], b"400"),
        (["GET / HTTP/2.0", "Host: a"], b"505"),
        (["GET /" + "a" * 70_000 + " HTTP/1.1", "Host: a"], b"414"),
        (["GET / HTTP/1.1", "Host: a", "X: " + "a" * 70_000], b"431"),
        (["GET / HTTP/1.1", "Host: a", *(f"X-{n}: y" for n in range(200))], b"431"),
        (["OPTIONS / HTTP/1.1", "Host: a"], b"405"),
        (["CONNECT a:443 HTTP/1.1", "Host: a"], b"501"),
        (["BREW / HTTP/1.1", "Host: a"], b"501"),
    ],
)
def test_what_is_no_request_is_answered_as_by_a_gateway(
    shared: Simulator, lines: list[str], status: bytes
) -> None:
    answer = send(shared, "\r\n".join([*lines, "", ""]).encode())
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 " + status)
    assert b"Connection: close" in head
    assert b"Server:" not in head
    assert b"x-n" not in head  # NetSuite's own, of requests that reached it
    assert body.startswith(b"<!DOCTYPE html>")
    assert b"Error code" not in body
    assert b"HTTP/1.1" not in body  # no second answer to the rest of it
    assert shared.counters.crashes == 0


@pytest.mark.parametrize(
    "start",
    [
        "GET /a HTTP/1.1\r\nHost: my_simulator:8080",
        "\r\n\r\nGET /a HTTP/1.1\r\nHost: a",
        "GET /a HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/mixed; boundary=b",
        "GET HTTP://a_b:80/d?c HTTP/1.1\r\nHost: d",
    ],
)
def test_requests_may_look_odd(shared: Simulator, start: str) -> None:
    answer = send(shared, f"{start}\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 401 ")


def test_a_client_with_another_host_reaches_it_as_a_proxy(
    shared: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", shared.base_url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    address = f"http://my_account.example{PATH}"
    with requests.Session() as session:
        response = session.post(
            address,
            params={"limit": 1},
            json={"q": QUERY},
            headers={"Prefer": "transient"},
            auth=signer(shared),
            timeout=30,
        )
    assert response.json()["count"] == 1
    links = [link["href"] for link in response.json()["links"]]
    assert all(link.startswith(address) for link in links)


FIRST_LINES = st.tuples(
    st.sampled_from(METHODS),
    st.sampled_from(TARGETS) | st.text(max_size=20),
    st.sampled_from(VERSIONS),
).map(" ".join)


@given(
    FIRST_LINES,
    st.lists(st.sampled_from(HEADERS), max_size=6),
    st.sampled_from([b"", b"{}", b"2\r\n{}\r\n0\r\n\r\n", b"zz\r\n", b"\r\n\r\n", b"\x16\x03\x01"])
    | st.binary(max_size=40),
)
@example("GET //[ HTTP/1.1", ["Host: a"], b"")
def test_no_bytes_upset_it(
    shared: Simulator, first_line: str, headers: list[str], body: bytes
) -> None:
    head = "\r\n".join([first_line, *headers, "", ""])
    answer = send(shared, head.encode("utf-8", "replace") + body)
    assert not answer or answer.startswith(b"HTTP/1.1 ")
    assert b"Traceback" not in answer
    assert b"Python" not in answer
    assert shared.counters.crashes == 0


def test_an_error_in_a_service_is_netsuites_500_and_shown_to_the_operator(
    account: Simulator, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ArithmeticError("a slip of ours")

    monkeypatch.setattr("tap_netsuite_tba.simulator.suiteql.engine.Engine.rows", fail)
    response = ask(account, QUERY)
    assert response.status_code == 500
    assert detail(response).startswith("An unexpected error occurred. Error ID: ")
    assert "slip" not in response.text
    assert account.counters.crashes == 1
    assert "a slip of ours" in caplog.text


def test_an_error_at_the_door_is_netsuites_500_and_shown_to_the_operator(
    account: Simulator, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ArithmeticError("a slip of ours")

    monkeypatch.setattr(account.logins, "judge", fail)
    assert ask(account, QUERY).status_code == 500
    assert account.counters.crashes == 1
    assert "a slip of ours" in caplog.text


def test_an_error_on_the_way_out_ends_the_connection_and_is_shown_to_the_operator(
    account: Simulator, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ArithmeticError("a slip of ours")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "message", fail)
        with pytest.raises(requests.ConnectionError):
            ask(account, QUERY)
    assert ask(account, QUERY).ok
    assert account.counters.crashes == 1
    assert "a slip of ours" in caplog.text
