import contextlib
import http.client
import json
import socket
import ssl
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from click.testing import CliRunner
from requests_oauthlib import OAuth1

from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator, command
from tests.certificates import Certificate
from tests.simulator.client import PATH, ask, signer
from tests.simulator.conftest import TABLES

HOST = "1234567-sb1.suitetalk.api.netsuite.com"
QUERY = "SELECT id FROM transaction WHERE id <= 3 ORDER BY id ASC"


def address_of(account: Simulator) -> tuple[str, int]:
    port = urlsplit(account.base_url).port
    assert port is not None
    return "127.0.0.1", port


@pytest.fixture
def account(certificate: Certificate) -> Iterator[Simulator]:
    with Simulator(
        company=False, certfile=certificate.certfile, keyfile=certificate.keyfile
    ) as own:
        own.sql(TABLES)
        yield own


def test_a_client_that_trusts_the_certificate_is_served(
    account: Simulator, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.authority))
    assert account.base_url.startswith("https://127.0.0.1:")
    response = ask(account, QUERY, limit=1)
    assert response.json()["count"] == 1
    links = [link["href"] for link in response.json()["links"]]
    assert len(links) == 3
    assert all(link.startswith(account.base_url + PATH) for link in links)


def test_one_port_serves_plain_http_too(account: Simulator) -> None:
    address = account.base_url.replace("https", "http") + PATH
    with requests.Session() as session:
        response = session.post(
            address,
            json={"q": QUERY},
            headers={"Prefer": "transient"},
            auth=signer(account),
            timeout=30,
        )
    assert response.json()["count"] == 3
    assert response.json()["links"][0]["href"] == address


def proxied(account: Simulator, certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> str:
    """Set the environment of an unchanged client; return the address that it knows."""
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, account.base_url.replace("https", "http"))
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.setenv(name, str(certificate.authority))
    return f"https://{HOST}{PATH}"


def test_a_client_with_netsuites_host_in_it_reaches_it_as_a_proxy(
    account: Simulator, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = proxied(account, certificate, monkeypatch)
    with requests.Session() as session:
        session.headers["Prefer"] = "transient"
        for _ in range(2):
            response = session.post(address, json={"q": QUERY}, auth=signer(account), timeout=30)
            assert response.json()["count"] == 3
            assert response.json()["links"][0]["href"] == address


def test_pythons_own_client_reaches_it_as_a_proxy(
    account: Simulator, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = proxied(account, certificate, monkeypatch)
    body = json.dumps({"q": QUERY}).encode()
    headers = {"Prefer": "transient", "Content-Type": "application/json"}
    signed = requests.Request("POST", address, data=body, headers=headers, auth=signer(account))
    sent = dict(signed.prepare().headers)
    asked = urllib.request.Request(address, body, sent)  # noqa: S310  # the address above
    with urllib.request.urlopen(asked, timeout=30) as response:  # noqa: S310
        assert json.load(response)["count"] == 3


def test_a_tunnel_may_carry_plain_http(account: Simulator) -> None:
    with socket.create_connection(address_of(account), timeout=30) as client:
        client.sendall(b"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n")
        with client.makefile("rb") as answers:
            assert answers.readline() == b"HTTP/1.1 200 Connection established\r\n"
            client.sendall(b"GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            assert b"HTTP/1.1 401 " in answers.read()


def test_what_comes_before_the_proxys_answer_is_refused(account: Simulator) -> None:
    with socket.create_connection(address_of(account), timeout=30) as client:
        client.sendall(b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n\x16\x03\x01")
        with client.makefile("rb") as answers:
            assert answers.read().startswith(b"HTTP/1.1 400 ")


def test_there_is_no_proxy_behind_the_proxy(account: Simulator, certificate: Certificate) -> None:
    plain = socket.create_connection(address_of(account), timeout=30)
    trusting = ssl.create_default_context(cafile=certificate.authority)
    with trusting.wrap_socket(plain, server_hostname="127.0.0.1") as client:
        client.sendall(b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n")
        with client.makefile("rb") as answers:
            assert answers.readline().startswith(b"HTTP/1.1 501 ")


def test_faults_are_dealt_under_tls(
    account: Simulator, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.authority))
    kinds = [FaultKind.RESET, FaultKind.RESET_IN_BODY, FaultKind.TRUNCATED]
    account.faults.add(*map(Fault, kinds))
    for _ in kinds:
        with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
            ask(account, QUERY)
    assert ask(account, QUERY).ok


def test_a_connection_is_reset_under_tls(account: Simulator, certificate: Certificate) -> None:
    account.faults.add(Fault(FaultKind.RESET))
    request = requests.Request("GET", account.base_url + PATH, auth=signer(account)).prepare()
    trusting = ssl.create_default_context(cafile=certificate.authority)
    client = http.client.HTTPSConnection(*address_of(account), context=trusting, timeout=30)
    client.request("GET", PATH, headers=dict(request.headers))
    assert client.sock is not None
    with pytest.raises(ConnectionResetError):  # noqa: PT012  # how many bytes come before is open
        while socket.socket.recv(
            client.sock, 1000
        ):  # as they travel: TLS tells no reset from an end
            pass
    client.close()


def test_a_client_that_does_not_trust_it_harms_nobody(
    account: Simulator, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        ask(account, QUERY)
    with socket.create_connection(address_of(account), timeout=30) as client:
        client.sendall(b"\x16 is no ClientHello, but it begins like one")
        with contextlib.suppress(ConnectionResetError):
            while client.recv(1000):
                pass  # the alert of a server that understood nothing
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.authority))
    assert ask(account, QUERY).ok
    assert account.counters.crashes == 0


@pytest.mark.parametrize(
    "said", [b"", b"\x16", b"\x16\x03\x01\x02\x00", b"GET /", b"CONNECT a:443"]
)
def test_a_client_that_falls_silent_keeps_nobody(certificate: Certificate, said: bytes) -> None:
    before = set(threading.enumerate())
    with Simulator(
        company=False, certfile=certificate.certfile, keyfile=certificate.keyfile
    ) as account:
        client = socket.create_connection(address_of(account), timeout=30)
        client.sendall(said)
        with requests.Session() as session:
            plain = account.base_url.replace("https", "http")
            assert session.get(plain + PATH, timeout=30).status_code == 401
    with client:
        assert client.recv(1) == b""
    assert set(threading.enumerate()) <= before


def test_without_a_certificate_no_tls_is_spoken(shared: Simulator) -> None:
    with socket.create_connection(address_of(shared), timeout=30) as client:
        client.sendall(b"\x16\x03\x01")
        with contextlib.suppress(ConnectionResetError):
            assert client.recv(1) == b""
    assert shared.counters.crashes == 0


def test_certificate_and_key_come_together(certificate: Certificate, tmp_path: Path) -> None:
    certfile, keyfile = certificate.certfile, certificate.keyfile
    prose = tmp_path / "prose.pem"
    prose.write_text("Dear Sir or Madam", encoding="utf-8")
    wrong = [
        (certfile, None, "TLS needs both a certfile and a keyfile"),
        (None, keyfile, "TLS needs both a certfile and a keyfile"),
        (tmp_path / "nothing.pem", keyfile, "cannot be read"),
        (certfile, tmp_path, "cannot be read"),
        (certfile, prose, "are not a certificate and its key"),
        (keyfile, keyfile, "are not a certificate and its key"),
    ]
    for given_certfile, given_keyfile, sentence in wrong:
        with pytest.raises(ValueError, match=sentence):
            Simulator(company=False, certfile=given_certfile, keyfile=given_keyfile)


def test_the_command_serves_as_it_is_told(
    certificate: Certificate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = tmp_path / "config.json"
    statuses = []

    def look() -> None:
        told = json.loads(written.read_text())
        auth = OAuth1(
            told["consumer_key"],
            told["consumer_secret"],
            told["token_id"],
            told["token_secret"],
            realm=told["account_id"],
            signature_method="HMAC-SHA256",
        )
        with requests.Session() as session:
            address = told["base_url"].replace("http:", "https:") + PATH
            response = session.get(address, verify=str(certificate.authority), auth=auth)
        statuses.append(response.status_code)

    monkeypatch.setattr(command, "_wait", look)
    arguments = ["--rows", "1000", "--write-config", str(written), "--faults", "503=1"]
    arguments += ["--certfile", str(certificate.certfile), "--keyfile", str(certificate.keyfile)]
    for others in ("0", "5"):
        result = CliRunner().invoke(command.simulator, [*arguments, "--others", others])
        assert result.exit_code == 0, result.output
    assert statuses == [503, 429]
    assert "HTTPS_PROXY=http://127.0.0.1:" in result.output
    assert f"SSL_CERT_FILE={certificate.certfile}" in result.output


def test_a_wrong_certificate_is_one_sentence(certificate: Certificate) -> None:
    result = CliRunner().invoke(
        command.simulator, ["--rows", "1000", "--certfile", str(certificate.certfile)]
    )
    assert result.exit_code == 2
    assert result.stderr == "Error: TLS needs both a certfile and a keyfile.\n"
