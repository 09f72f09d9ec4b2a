import http.server
import logging
import socket
import ssl
import subprocess
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tap_netsuite_tba.netsuite.account import Account
from tap_netsuite_tba.netsuite.errors import (
    CertificateRefused,
    ConnectionFailed,
    HostUnreachable,
    MalformedResponse,
    TimedOut,
)
from tap_netsuite_tba.netsuite.transport import Transport
from tests.netsuite.sending import post, sending
from tests.netsuite.server import Answer, Server, page

NETSUITE = Account.parse("1234567")


Reach = Callable[..., Transport]


@pytest.fixture
def reach(server: Server) -> Iterator[Reach]:
    with ExitStack() as opened:

        def reach(account: Account | None = None, read_timeout: float = 30) -> Transport:
            own = account or Account.parse("1234567", server.url)
            return opened.enter_context(sending(own, read_timeout=read_timeout))

        yield reach


def test_a_request_says_who_asks_and_what_is_understood(server: Server, reach: Reach) -> None:
    post(reach())
    (asked,) = server.asked
    assert asked.target == "/path?limit=5&offset=0"
    assert asked.headers["User-Agent"] == "tap-netsuite-tba/test"
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.headers["Accept"] == "application/json"
    assert asked.headers["Accept-Encoding"] == "gzip"
    assert asked.headers["Authorization"] == "Signed fake-signature"


def test_a_connection_is_kept_alive(server: Server, reach: Reach) -> None:
    transport = reach()
    for _ in range(3):
        post(transport)
    assert len({asked.client for asked in server.asked}) == 1


def test_a_body_compressed_by_gzip_is_read(server: Server, reach: Reach) -> None:
    server.script([page({"id": "7"}).compressed()])
    assert b'"id": "7"' in post(reach()).body


@pytest.mark.parametrize("sent", [0, 1])
def test_no_byte_in_time_is_a_time_out(server: Server, reach: Reach, sent: int) -> None:
    """Be it of the answer's head or within its body."""
    never = threading.Event()
    hanging = Answer(body=b"[1]", within=never, sent=1) if sent else Answer(after=never)
    server.script([hanging])
    with pytest.raises(TimedOut, match=r"not a byte for 0\.05 s"):
        post(reach(read_timeout=0.05))
    never.set()


def test_a_body_that_is_cut_is_malformed(server: Server, reach: Reach) -> None:
    server.script([page().cut(30)])
    with pytest.raises(MalformedResponse, match="it ends before its end"):
        post(reach())


COMPRESSED = page({"id": "7"}).compressed().body


@pytest.mark.parametrize(
    "damaged",
    [
        page({"id": "7"}).compressed().damaged().body,
        COMPRESSED[:-9],
        COMPRESSED[:5],
        COMPRESSED[:-8] + b"\0" * 8,
    ],
    ids=["overwritten", "without its end", "without its body", "of another sum"],
)
def test_a_body_whose_compression_is_damaged_is_malformed(
    server: Server, reach: Reach, damaged: bytes
) -> None:
    server.script([Answer(body=damaged, headers={"Content-Encoding": "gzip"})])
    reply = post(reach())
    with pytest.raises(MalformedResponse, match="its compression is damaged"):
        _ = reply.body


def test_a_body_that_was_decompressed_on_the_way_is_read_whatever_its_head_says(
    server: Server, reach: Reach
) -> None:
    server.script([Answer(body=b"{}", headers={"Content-Encoding": "gzip"})])
    assert post(reach()).body == b"{}"


def test_an_empty_body_is_empty_whatever_its_head_says(server: Server, reach: Reach) -> None:
    server.script([Answer(204, headers={"Content-Encoding": "gzip"})])
    assert post(reach()).body == b""


def test_a_connection_that_breaks_before_the_answer_has_failed(
    server: Server, reach: Reach
) -> None:
    server.script([page().cut(0)])
    with pytest.raises(ConnectionFailed, match="Remote end closed connection") as raised:
        post(reach())
    assert type(raised.value) is ConnectionFailed


def test_a_port_where_nobody_listens_is_said_so(reach: Reach) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ConnectionFailed, match="Connection refused"):
        post(reach(Account.parse("1234567", f"http://127.0.0.1:{port}")))


def test_a_name_that_does_not_resolve_is_said_so(
    reach: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(HostUnreachable, match=r"Name or service not known.*account_id"):
        post(reach(NETSUITE))


def test_what_the_caller_was_handling_is_not_taken_for_the_cause(
    server: Server, reach: Reach
) -> None:
    server.script([page().cut(0)])

    def handle(*_: object) -> bool:
        with pytest.raises(ConnectionFailed) as raised:
            post(reach())
        return type(raised.value) is ConnectionFailed

    with ExitStack() as stack:
        stack.push(handle)
        raise socket.gaierror


@pytest.fixture
def impostor(tmp_path: Path) -> Iterator[str]:
    """An https server whose certificate nobody has signed."""
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    options = f"-newkey rsa:2048 -nodes -subj /CN=127.0.0.1 -keyout {key} -out {certificate}"
    subprocess.run(
        ["openssl", "req", "-x509", *options.split()],  # noqa: S607 - where it lies differs
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as listener:
        listener.socket = context.wrap_socket(listener.socket, server_side=True)
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"https://127.0.0.1:{listener.server_port}"
        listener.shutdown()
        thread.join()


def test_a_certificate_that_nobody_signed_is_refused(reach: Reach, impostor: str) -> None:
    with pytest.raises(CertificateRefused, match=r"self.signed certificate.*REQUESTS_CA_BUNDLE"):
        post(reach(Account.parse("1234567", impostor)))


def test_loopback_is_never_asked_through_a_proxy(
    server: Server, reach: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:3128")
    monkeypatch.setenv("NO_PROXY", "")
    assert post(reach()).status == 200
    assert len(server.asked) == 1


@pytest.fixture
def proxy(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The environment names the server as proxy, with a password."""
    url = server.url.replace("http://", "http://someone:fake-password@")
    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(variable, url)
    for variable in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(variable, raising=False)
    return server


def test_netsuite_is_asked_through_the_proxy_of_the_environment_whose_password_is_not_shown(
    proxy: Server, reach: Reach, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    proxy.script([Answer(407)])
    with pytest.raises(ConnectionFailed, match="407") as raised:
        post(reach(NETSUITE))
    (asked,) = proxy.asked
    assert (asked.method, asked.target) == ("CONNECT", f"{NETSUITE.host}:443")
    assert "Authorization" not in asked.headers
    assert asked.headers["Proxy-Authorization"].startswith("Basic ")
    said = "".join([caplog.text, *traceback.format_exception(raised.value)])
    assert "fake-password" not in said
    assert asked.headers["Proxy-Authorization"].removeprefix("Basic ") not in said


@pytest.mark.parametrize(
    "url",
    [
        "http://",
        "ftp://someone:fake-password@proxy:1",
        "http://someone:fake-password/of-two-parts@proxy:1",
    ],
)
def test_a_proxy_whose_address_is_malformed_is_said_so(
    reach: Reach, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", url)
    monkeypatch.setenv("https_proxy", url)
    with pytest.raises(HostUnreachable, match="that of the proxy, is malformed") as raised:
        post(reach(NETSUITE))
    assert "fake-password" not in "".join(traceback.format_exception(raised.value))
