"""From the settings to a way to NetSuite, the demo's or a real one."""

import logging
from pathlib import Path

import pytest

from tap_netsuite_tba.connection import Connection
from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.netsuite.errors import ClientClosed, LoginRefused
from tap_netsuite_tba.netsuite.query import Query
from tap_netsuite_tba.settings import read_settings
from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.simulator.process import DemoAccount, DemoConnection, DemoError
from tests.tap_process import CONFIGURED, by_certificate, configuration

QUERY = Query("SELECT t.id FROM department t ORDER BY t.id ASC", table="department")


@pytest.mark.parametrize("method", CONFIGURED)
def test_the_settings_lead_to_the_account(method: str) -> None:
    with Simulator(transactions=1_000) as account:
        connection = Connection(read_settings(CONFIGURED[method](account)))
        assert connection.fetch(QUERY).count > 0
        assert connection.fetch_patiently(QUERY).count > 0
        connection.close()


@pytest.mark.parametrize(
    ("settings", "pool"), [({"session_pool": "host"}, "host"), ({}, "process")]
)
def test_the_settings_say_who_shares_the_sessions(
    settings: dict[str, str], pool: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with Simulator(company=False) as account:
        config = configuration(account, max_sessions=2, **settings)
        assert read_settings(config | {"session_pool": None}).session_pool == "host"
        Connection(read_settings(config)).close()
    (said,) = [said for said in caplog.messages if "session_pool" in said]
    assert f"(session_pool: {pool}" in said
    assert said.startswith("At most 2 requests")


def test_account_and_token_have_an_identity_that_tells_neither() -> None:
    def identity(**other: str) -> str | None:
        return Connection(read_settings(configuration(account) | other)).identity

    with Simulator(company=False) as account:
        known = identity()
        assert known == identity(consumer_secret="rotated", token_secret="rotated")
        others = {identity(token_id="another"), identity(account_id="7654321"), known}
        assert len(others) == 3
        assert not any(
            given in str(known)
            for given in (account.credentials.account_id, account.credentials.token_id)
        )


def test_certificate_and_role_have_an_identity_that_tells_neither() -> None:
    with Simulator(company=False) as account:
        one, other = account.oauth2.certificate(), account.oauth2.certificate()
        configs = [by_certificate(account, each) for each in (one, one, other)]
        identities = [Connection(read_settings(config)).identity for config in configs]
    assert identities[0] == identities[1] != identities[2]
    assert not any(one.certificate_id in str(identity) for identity in identities)


def test_the_demo_account_answers_until_it_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setenv("NETSUITE_TBA_DEMO_HOME", str(tmp_path))
    connection = Connection(read_settings({"demo": True, "retry_timeout_seconds": 0}))
    assert connection.fetch(QUERY).count > 0
    assert connection.identity is None
    assert "session_pool: process" in caplog.text
    connection.close()
    with pytest.raises(ClientClosed):
        connection.fetch(QUERY)


def test_a_demo_that_does_not_start_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: DemoAccount) -> DemoConnection:
        raise DemoError("The demo needs the extra simulator.")

    monkeypatch.setattr(DemoAccount, "start", fail)
    with pytest.raises(ConfigurationError, match="needs the extra simulator"):
        Connection(read_settings({"demo": True}))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"account_id": "../evil"}, "account_id"),
        ({"base_url": "http://example.com"}, "base_url"),
        ({"token_secret": "two words"}, "token_secret has white space in it"),
    ],
)
def test_what_cannot_lead_to_an_account_is_refused_before_any_request(
    wrong: dict[str, str], sentence: str
) -> None:
    with Simulator(company=False) as account:
        with pytest.raises(ConfigurationError, match=sentence):
            Connection(read_settings(configuration(account) | wrong))
        assert account.counters.requests == 0


def test_refused_credentials_are_not_tried_by_the_next_connection() -> None:
    with Simulator(company=False) as account:
        settings = read_settings(configuration(account, token_secret="wrong-and-fake"))
        for _ in range(3):
            with pytest.raises(LoginRefused):
                Connection(settings).fetch(QUERY)
        assert account.counters.requests == 2
