"""Certificates that are good, that end soon, and that have ended; and who may be given a token."""

import logging
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.netsuite.account import Account
from tap_netsuite_tba.netsuite.auth import auth_for
from tap_netsuite_tba.netsuite.bearer import BearerAuth
from tap_netsuite_tba.netsuite.clock import Clock
from tap_netsuite_tba.netsuite.oauth2 import CertificateCredentials
from tap_netsuite_tba.netsuite.refusals import fingerprint
from tests.netsuite.keys import certificate, pem

CREDENTIALS = CertificateCredentials("fake-client-id", "fake-certificate-id", pem())


def read(private_key: str) -> CertificateCredentials:
    return CertificateCredentials.read("fake-client-id", "fake-certificate-id", private_key)


@pytest.mark.parametrize("text", [pem(), pem().replace("\n", "\\n"), pem() + certificate()])
def test_a_key_is_enough_and_a_good_certificate_does_no_harm(
    text: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert read(text) == CREDENTIALS
    assert caplog.messages == []


def test_a_certificate_that_has_ended_is_refused_with_its_date_and_what_to_do() -> None:
    with pytest.raises(ConfigurationError) as raised:
        read(pem() + certificate(begins=-400, ends=-1))
    said = str(raised.value)
    assert re.match(r"The certificate in private_key ended on \d\d [A-Z][a-z]+ 2\d{3}\. ", said)
    assert "OAuth 2.0 Client Credentials (M2M) Setup" in said
    assert "docs/oauth2.md" in said


@pytest.mark.parametrize(("begins", "ends"), [(-300, 29), (-720, 3000)])
def test_a_certificate_that_ends_within_a_month_is_warned_of(
    begins: int, ends: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    assert read(pem() + certificate(begins=begins, ends=ends)) == CREDENTIALS
    [warning] = caplog.messages
    assert "ends on " in warning
    assert "two years" in warning


@pytest.mark.parametrize("name", ["client_id", "certificate_id"])
@pytest.mark.parametrize(
    ("value", "problem"), [("", "is empty"), ("two words", "has white space in it")]
)
def test_an_id_that_was_not_copied_whole_is_said_so(name: str, value: str, problem: str) -> None:
    given = {"client_id": "fake", "certificate_id": "fake", "private_key": pem(), name: value}
    with pytest.raises(ConfigurationError, match=f"^{name} {problem}. Copy it anew from "):
        CertificateCredentials.read(**given)


def test_their_repr_shows_no_secret() -> None:
    assert repr(CREDENTIALS) == "CertificateCredentials(certificate_id='fake-certificate-id')"


def test_a_refused_key_is_remembered_as_that_key_however_it_is_given(tmp_path: Path) -> None:
    file = tmp_path / "private.pem"
    file.write_text(pem())
    account = Account.parse("1234567")
    marks = {fingerprint(account, read(text)) for text in (pem(), str(file), pem() + certificate())}
    file.write_text(pem("another P-256"))
    assert len(marks) == 1
    assert fingerprint(account, read(str(file))) not in marks


def auth(base_url: str | None, account_id: str = "1234567_SB1") -> object:
    account = Account.parse(account_id, base_url)
    return auth_for(account, CREDENTIALS, Clock(), user_agent="test", connect_timeout=10)


@pytest.mark.parametrize(
    "base_url",
    [
        None,
        "https://1234567-sb1.suitetalk.api.netsuite.com",
        "https://1234567-SB1.suitetalk.api.netsuite.com/",
        "https://1234567-sb1.restlets.api.netsuite.com:443",
        "https://1234567-sb1.app.netsuite.com",
        "http://127.0.0.1:8080",
        "http://localhost:8080",
        "https://[::1]:8080",
    ],
)
def test_netsuites_hosts_of_the_account_and_this_machine_get_a_token(base_url: str | None) -> None:
    assert isinstance(auth(base_url), BearerAuth)


@pytest.mark.parametrize(
    "base_url",
    [
        "https://netsuite-proxy.example.com",
        "https://1234567.suitetalk.api.netsuite.com",
        "https://1234567-sb2.suitetalk.api.netsuite.com",
        "https://1234567-sb1.suitetalk.api.netsuite.com.example.com",
        "https://1234567-sb1.example.com/suitetalk.api.netsuite.com",
        "https://1234567-sb1.evilnetsuite.com",
        "https://system.netsuite.com",
        "https://netsuite.com",
        "https://127.0.0.1.example.com",
    ],
)
def test_nobody_else_does(base_url: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        auth(base_url)
    assert str(raised.value).startswith("base_url is no host of this account under netsuite.com")
    assert "http://127.0.0.1:8080" in str(raised.value)


@given(st.from_regex(r"[a-z0-9.:/@-]{1,40}", fullmatch=True))
def test_no_address_leads_a_token_out_of_netsuite(rest: str) -> None:
    for base_url in (f"https://1234567-sb1.{rest}", f"https://{rest}.netsuite.com"):
        try:
            account = Account.parse("1234567_SB1", base_url)
        except ConfigurationError:
            continue
        if account.is_at_netsuite:
            host = base_url.lower().removeprefix("https://").split("/")[0].partition(":")[0]
            assert host.startswith("1234567-sb1.")
            assert host.endswith(".netsuite.com")
