import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.netsuite.account import Account, Credentials

SANDBOX = Account("1234567_SB1", "https://1234567-sb1.suitetalk.api.netsuite.com")


@pytest.mark.parametrize(
    "typed",
    [
        "1234567_SB1",
        "1234567-sb1",
        " 1234567_sb1 \n",
        "1234567-sb1.suitetalk.api.netsuite.com",
        "1234567-SB1.app.netsuite.com",
        "https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/record/v1/customer?limit=5",
        "https://1234567-sb1.app.netsuite.com/app/center/card.nl?sc=-29&whence=",
        "https://1234567-sb1.restlets.api.netsuite.com:443/app/site/hosting/restlet.nl",
    ],
)
def test_every_form_that_people_copy_means_the_same_account(typed: str) -> None:
    assert Account.parse(typed) == SANDBOX


@pytest.mark.parametrize("account_id", ["1234567", "TSTDRV123456", "TD3018275", "1234567_RP"])
def test_the_realm_is_the_account_id_as_netsuite_writes_it(account_id: str) -> None:
    assert Account.parse(account_id.lower()).realm == account_id


def test_the_host_has_a_hyphen_where_the_realm_has_an_underscore() -> None:
    assert SANDBOX.host == "1234567-sb1.suitetalk.api.netsuite.com"


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        "  ",
        "evil.example",
        "1234567.evil.example",
        "1234567.suitetalk.api.netsuite.com.evil.example",
        "https://1234567.suitetalk.api.netsuite.com@evil.example/",
        "https://evil.example/1234567.app.netsuite.com",
        "https://evil.example#.app.netsuite.com",
        r"https://evil.example\@1234567.app.netsuite.com",
        "https://user:word@1234567.app.netsuite.com",
        "https://system.na1.netsuite.com/app/center/card.nl",
        "https://[evil",
        "1234567/../evil",
        "1234567_SB1_SB2",
        "1234567 SB1",
        "1234567\u0660",
        "a" * 64,
    ],
)
def test_what_is_no_account_is_refused_in_a_sentence_that_shows_none_of_it(hostile: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Account.parse(hostile)
    message = str(refused.value)
    assert message.startswith("account_id ")
    assert "1234567_SB1" in message
    assert "evil" not in message
    assert "word" not in message


SIGNS = st.sampled_from("@./\\#?:[]K\t\n\u3002")
PARTS = st.sampled_from(["1234567", "_sb1", "evil.example", "https://", "//", ".app.netsuite.com"])


@given(st.text() | st.lists(SIGNS | PARTS).map("".join))
def test_no_input_leads_anywhere_but_to_netsuite(typed: str) -> None:
    try:
        account = Account.parse(typed)
    except ConfigurationError:
        return
    assert re.fullmatch(
        r"https://[a-z0-9]+(-[a-z0-9]+)?\.suitetalk\.api\.netsuite\.com", account.base_url
    )
    assert re.fullmatch(r"[A-Z0-9]+(_[A-Z0-9]+)?", account.realm)


@pytest.mark.parametrize(
    ("base_url", "used"),
    [
        ("https://proxy.example.com/netsuite/", "https://proxy.example.com/netsuite"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        (None, "https://1234567.suitetalk.api.netsuite.com"),
    ],
)
def test_base_url_says_where_requests_go_instead(base_url: str | None, used: str) -> None:
    account = Account.parse("1234567", base_url)
    assert account.base_url == used
    assert account.on_loopback == used.startswith("http://")


@pytest.mark.parametrize(
    "base_url",
    [
        "https://user:pass/word@proxy.example.com",
        "https://proxy.example.com:eighty",
        "http://proxy.example.com",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://10.0.0.1",
        "ftp://proxy.example.com",
        "proxy.example.com",
        "https://",
        "https://user:word@proxy.example.com",
        "https://proxy.example.com/?a=b",
        "https://[proxy",
    ],
)
def test_a_base_url_that_is_unsafe_or_no_address_is_refused(base_url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^base_url .*https://netsuite-proxy") as refused:
        Account.parse("1234567", base_url)
    assert "word" not in str(refused.value)


def test_credentials_show_nothing_of_themselves() -> None:
    credentials = Credentials("fake-1", "fake-2", "fake-3", "fake-4")
    assert "fake" not in repr(credentials)


@pytest.mark.parametrize(("secret", "problem"), [("", "is empty"), ("fake\n", "has white space")])
def test_a_credential_that_was_copied_badly_is_refused_by_name(secret: str, problem: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^token_secret {problem}"):
        Credentials("fake-1", "fake-2", "fake-3", secret)


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [
        (None, True),
        ("https://1234567-sb1.restlets.api.netsuite.com", True),
        ("https://1234567_SB1.suitetalk.api.netsuite.com", True),
        ("https://1234567.suitetalk.api.netsuite.com", False),
        ("https://1234567-sb1.netsuite.com.example.com", False),
        ("http://127.0.0.1:8080", False),
    ],
)
def test_an_address_is_netsuites_for_this_account_or_not(
    base_url: str | None, *, expected: bool
) -> None:
    assert Account.parse("1234567_SB1", base_url).is_at_netsuite is expected
