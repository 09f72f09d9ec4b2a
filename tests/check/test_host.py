"""What a check says of the way to NetSuite's host, before anything is signed."""

import errno
import socket
import socketserver
import threading
from collections.abc import Iterator

import pytest

from tap_netsuite_tba.check.case import Case
from tap_netsuite_tba.check.host import check_host
from tap_netsuite_tba.simulator import Simulator, Switches
from tests.certificates import Certificate
from tests.check.checked import checked
from tests.tap_process import configuration


@pytest.fixture(scope="module")
def behind_tls(certificate: Certificate) -> Iterator[Simulator]:
    with Simulator(
        company=False, certfile=certificate.certfile, keyfile=certificate.keyfile
    ) as account:
        yield account


@pytest.fixture
def through_a_proxy(
    behind_tls: Simulator, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> dict[str, object]:
    """Settings without a base URL; the account's own host answers behind a proxy."""
    address = behind_tls.base_url.removeprefix("https://")
    for name in ("https_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://someone:pass-not-to-be-told@{address}")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.authority))
    return {name: v for name, v in configuration(behind_tls).items() if name != "base_url"}


def test_proxy_tls_and_who_issued_the_certificate_are_told(
    through_a_proxy: dict[str, object], behind_tls: Simulator
) -> None:
    done = checked(through_a_proxy)
    host = done["host"]
    assert host.status == "passed"
    assert host.facts["host"] == "1234567-sb1.suitetalk.api.netsuite.com"
    assert host.facts["proxy"] == behind_tls.base_url.removeprefix("https://")
    assert str(host.facts["tls"]).startswith("TLSv1.")
    assert "trustme" in str(host.facts["issuer"])
    assert "opens what is encrypted" in host.notes[0]
    assert "REQUESTS_CA_BUNDLE" in host.notes[0]
    assert "pass-not-to-be-told" not in str(done)
    assert done["login"].status == "passed"
    assert done["identity"].status == "passed"  # of the RESTlets' host


def test_where_nobody_opens_what_is_encrypted_the_way_is_sealed(
    through_a_proxy: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, sealed = Case(lambda: through_a_proxy), Case(lambda: through_a_proxy)
    assert check_host(opened).notes
    monkeypatch.setattr("tap_netsuite_tba.check.host._opened", lambda _: ())
    assert not check_host(sealed).notes
    assert [case.is_sealed for case in (opened, sealed)] == [False, True]


def test_a_certificate_that_is_not_trusted_is_told_with_who_issued_it(
    through_a_proxy: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    done = checked(through_a_proxy)
    assert done.failed == ["host"]
    assert done.exit_code == 4
    assert done.causes("host")[0] == "tls_opened"
    assert "base_url_wrong" not in done.causes("host")  # for it is not set
    assert "trustme" in done["host"].notes[0]
    assert done.skipped == [step.step for step in done.findings[2:]]


def test_a_certificate_of_another_host_is_told(through_a_proxy: dict[str, object]) -> None:
    done = checked(through_a_proxy | {"base_url": "https://netsuite.example.com"})
    assert done.causes("host")[0] == "base_url_wrong"


def test_a_page_for_people_where_the_account_ought_to_be_is_of_no_account(
    through_a_proxy: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tap_netsuite_tba.netsuite.retries.LONGEST_DELAY", 0.0)
    done = checked(through_a_proxy | {"account_id": "7654321"})
    assert done.failed == ["login"]
    assert done.exit_code == 4
    assert done.causes("login")[:2] == ["account_id_wrong", "gateway_answers"]


@pytest.mark.parametrize("front_page", ["404", "302", "200"])
def test_any_answer_will_do(front_page: str) -> None:
    switches = Switches.of([f"front_page={front_page}"])
    with Simulator(company=False, switches=switches) as account:
        done = checked(configuration(account))
        assert done["host"].facts["status"] == int(front_page)
        assert done["clock"].status == "passed"


def test_a_host_that_answers_no_head_is_no_failure() -> None:
    class HangUp(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(1000)

    with socketserver.TCPServer(("127.0.0.1", 0), HangUp) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        base_url = f"http://127.0.0.1:{server.server_address[1]}"
        case = Case(lambda: SETTINGS | {"base_url": base_url})
        assert check_host(case).status == "passed"


SETTINGS = {
    "account_id": "1234567",
    "consumer_key": "fake-key",
    "consumer_secret": "fake-secret",
    "token_id": "fake-token",
    "token_secret": "fake-token-secret",
}


def test_a_port_where_nobody_listens_is_told() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        done = checked(SETTINGS | {"base_url": f"http://127.0.0.1:{reserved.getsockname()[1]}"})
    assert done.exit_code == 4
    assert done.causes("host") == ["base_url_wrong"]


def test_a_network_that_fails_is_told_without_settings_that_are_not_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise OSError(errno.ECONNREFUSED, "Connection refused")

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("192.0.2.1", 443))])
    monkeypatch.setattr(socket.socket, "connect", unreachable)
    done = checked(SETTINGS)
    assert done.causes("host") == ["network_down", "firewall"]


def test_a_proxy_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{reserved.getsockname()[1]}"
        for name in ("https_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, f"http://someone:pass-not-to-be-told@{address}")
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.setenv(name, "")
        done = checked(SETTINGS)
    assert done.causes("host")[0] == "proxy_wrong"
    assert done["host"].facts["proxy"] == address
    assert "pass-not-to-be-told" not in str(done)


def test_a_name_that_does_not_resolve_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    done = checked(SETTINGS)
    assert done.exit_code == 4
    assert done.causes("host")[:2] == ["account_id_wrong", "no_name_server"]
    assert "Name or service not known" in done["host"].seen
    elsewhere = checked(SETTINGS | {"base_url": "https://netsuite-proxy.example.com"})
    assert elsewhere.causes("host")[:2] == ["base_url_wrong", "no_name_server"]
