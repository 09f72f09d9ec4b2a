"""From the settings to a way to NetSuite, the demo's or a real one."""

from pathlib import Path

import pytest

from tap_netsuite_tba.connection import Connection
from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.netsuite.errors import ClientClosed, LoginRefused
from tap_netsuite_tba.netsuite.query import Query
from tap_netsuite_tba.settings import read_settings
from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.simulator.process import DemoAccount, DemoConnection, DemoError
from tests.tap_process import configuration

QUERY = Query("SELECT t.id FROM department t ORDER BY t.id ASC", table="department")


def test_the_settings_lead_to_the_account() -> None:
    with Simulator(transactions=1_000) as account:
        connection = Connection(read_settings(configuration(account)))
        assert connection.fetch(QUERY).count > 0
        assert connection.fetch_patiently(QUERY).count > 0
        connection.close()


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


def test_the_demo_account_answers_until_it_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETSUITE_TBA_DEMO_HOME", str(tmp_path))
    connection = Connection(read_settings({"demo": True, "retry_timeout_seconds": 0}))
    assert connection.fetch(QUERY).count > 0
    assert connection.identity is None
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
