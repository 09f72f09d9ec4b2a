"""Whom the tap talks to over TLS, and how; what it says where it does not."""

import re
import socket
import ssl
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import trustme

import tap_netsuite_tba
from tap_netsuite_tba.netsuite.account import Account
from tap_netsuite_tba.netsuite.errors import CertificateRefused, ConnectionFailed
from tests.certificates import Certificate
from tests.check.checked import checked
from tests.netsuite.sending import post, sending
from tests.netsuite.server import Server, serve

HOST = "1234567.suitetalk.api.netsuite.com"
TOO_OLD = "it offers no TLS of version 1.2 or later"


def refusal_of(account: Account) -> ConnectionFailed:
    """What is raised where nothing may be sent."""
    with sending(account) as transport, pytest.raises(ConnectionFailed) as raised:
        post(transport)
    return raised.value


@contextmanager
def speaking_only(version: ssl.TLSVersion, certificate: Certificate) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certfile, certificate.keyfile)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the old versions are why we are here
        context.set_ciphers("DEFAULT@SECLEVEL=0")
        context.minimum_version = context.maximum_version = version
    with serve(context) as server:
        yield server


@contextmanager
def showing(authority: trustme.CA, name: str, **terms: Any) -> Iterator[Server]:  # noqa: ANN401 - trustme's own
    """A server with a certificate that an authority issued for a host."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, **terms).configure_cert(context)
    with serve(context) as server:
        yield server


@pytest.fixture
def netsuite(monkeypatch: pytest.MonkeyPatch) -> Callable[[Server], Account]:
    """An account whose host is a server's: its name leads to loopback."""
    resolve = socket.getaddrinfo

    def resolve_here(host: str, *rest: Any, **options: Any) -> Any:  # noqa: ANN401 - Python's own
        return resolve("127.0.0.1" if host == HOST else host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve_here)
    for variable in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    return lambda server: Account.parse("1234567", f"https://{HOST}:{urlsplit(server.url).port}")


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """One that the environment names, and so is trusted."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
    return authority


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_host_is_asked_whose_authority_the_environment_names(
    version: ssl.TLSVersion,
    certificate: Certificate,
    netsuite: Callable[[Server], Account],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.authority))
    with speaking_only(version, certificate) as server, sending(netsuite(server)) as transport:
        assert post(transport).status == 200


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_a_host_without_tls_1_2_is_refused_in_words(
    version: ssl.TLSVersion, certificate: Certificate
) -> None:
    with speaking_only(version, certificate) as old:
        assert refusal_of(Account.parse("1234567", old.url)).detail == TOO_OLD
        assert old.asked == []


def test_a_host_that_speaks_no_tls_is_refused_in_words(server: Server) -> None:
    account = Account.parse("1234567", server.url.replace("http:", "https:"))
    assert refusal_of(account).detail == "it offers no TLS at all"


def test_a_certificate_for_another_host_is_refused(
    authority: trustme.CA, netsuite: Callable[[Server], Account]
) -> None:
    with showing(authority, "7654321.suitetalk.api.netsuite.com") as other:
        refusal = refusal_of(netsuite(other))
        assert isinstance(refusal, CertificateRefused)
        assert "not valid for" in refusal.detail
        assert other.asked == []


def test_a_certificate_that_has_ended_is_refused(
    authority: trustme.CA, netsuite: Callable[[Server], Account]
) -> None:
    with showing(authority, HOST, not_after=datetime.now(UTC) - timedelta(days=1)) as ended:
        refusal = refusal_of(netsuite(ended))
        assert isinstance(refusal, CertificateRefused)
        assert "expired" in refusal.detail
        assert ended.asked == []


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_an_empty_variable_of_the_environment_does_not_switch_verification_off(
    variable: str, netsuite: Callable[[Server], Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, "")
    with showing(trustme.CA(), HOST) as unknown:
        assert isinstance(refusal_of(netsuite(unknown)), CertificateRefused)
        assert unknown.asked == []


def test_a_host_that_is_not_trusted_is_looked_at_by_the_check_and_told_nothing(
    netsuite: Callable[[Server], Account],
) -> None:
    with showing(trustme.CA(), HOST) as unknown:
        config = {
            "account_id": "1234567",
            "base_url": netsuite(unknown).base_url,
            "consumer_key": "fake-key",
            "consumer_secret": "fake-secret",
            "token_id": "fake-token",
            "token_secret": "fake-token-secret",
        }
        done = checked(config)
    assert done.failed == ["host"]
    assert {(asked.method, asked.target) for asked in unknown.asked} <= {("HEAD", "/")}
    told = {name for asked in unknown.asked for name in asked.headers}
    assert told <= {"Accept", "Accept-Encoding", "Connection", "Host", "User-Agent"}


_SWITCHES = re.compile(
    r"verify\s*=\s*False|CERT_NONE|CERT_OPTIONAL|check_hostname\s*=\s*False|assert_hostname"
    r"|_create_unverified_context|disable_warnings"
)


_LOOKS_ONLY = {Path("check/host.py")}
"""Shows who issued a certificate that was refused, as above."""


def test_nothing_in_the_package_switches_verification_off() -> None:
    package = Path(tap_netsuite_tba.__file__).parent
    found = {path for path in package.rglob("*.py") if _SWITCHES.search(path.read_text())}
    assert {path.relative_to(package) for path in found} == _LOOKS_ONLY
