"""Runs by OAuth 2.0: the same bytes as by tokens, and words where no access token is given."""

import itertools
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tap_netsuite_tba.simulator import Served, Simulator
from tap_netsuite_tba.simulator.logins import CLIENT_ID
from tap_netsuite_tba.simulator.oauth2_certificates import make_certificate
from tests.tap_process import CONFIGURED, Message, TapProcess, by_certificate, run_command, run_tap

TABLES = ["transaction", "transactionline", "customer", "department"]
OF_THE_HOST = re.compile(r',"time_extracted":"[^"]+"')
TOKEN_PATH = "/services/rest/auth/oauth2/v1/token"


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(transactions=1_000) as shared:
        yield shared


@pytest.fixture
def own() -> Iterator[Simulator]:
    """An account of a test's own."""
    with Simulator(transactions=1_000) as made:
        yield made


def test_both_ways_to_log_in_give_the_same_bytes(
    account: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A little ahead of this host's, so that neither way comes from the future.
    instant = account.clock.now() + timedelta(seconds=30)
    monkeypatch.setattr(account.clock, "now", lambda: instant)
    written = {}
    for method, configured in CONFIGURED.items():
        config = configured(account, tables=TABLES, max_sessions=1)  # pages come in their order
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / method))  # each discovers by itself
        with TapProcess(tmp_path, config) as tap:
            written[method] = [OF_THE_HOST.sub("", line) for line in tap.lines()]
            assert tap.process.wait(timeout=60) == 0, tap.log
    assert len(written["tba"]) > 3_000
    assert written["tba"] == written["oauth2"]
    assert account.oauth2.issued == 1
    assert account.counters.over_limit == 0


def rows(messages: list[Message]) -> list[str]:
    """The rows of all tables, in any order."""
    return sorted(str(message["record"]) for message in messages if message["type"] == "RECORD")


def test_tokens_that_end_in_the_middle_of_a_run_are_replaced(own: Simulator) -> None:
    config = by_certificate(own, tables=TABLES)
    expected, _, _ = run_tap(config)
    served = itertools.count(1)

    def revoke(_: Served) -> None:
        if next(served) in {10, 20}:
            own.oauth2.revoke_tokens()

    own.watchers.append(revoke)
    messages, code, log = run_tap(config | {"discovery_cache_seconds": 0})
    own.watchers.clear()
    assert code == 0, log
    assert own.oauth2.issued > 2
    assert rows(messages) == rows(expected)
    assert "refused" not in log
    assert own.counters.peak_in_flight <= 5
    assert own.counters.over_limit == 0


def wrong_key(account: Simulator) -> dict[str, object]:
    return {"private_key": account.oauth2.certificate("P-256").private_key}


def ended_at_netsuite(account: Simulator) -> dict[str, object]:
    begins = account.clock.now() - timedelta(days=400)
    return {"certificate_id": account.oauth2.certificate(begins=begins).certificate_id}


def revoked(account: Simulator) -> dict[str, object]:
    certificate = account.oauth2.certificate()
    account.oauth2.revoke(certificate.certificate_id)
    return {"certificate_id": certificate.certificate_id}


def of_another(_: Simulator) -> dict[str, object]:
    return {"client_id": "another-client-id"}


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (wrong_key, "invalid_grant"),
        (ended_at_netsuite, "invalid_grant"),
        (revoked, "invalid_grant"),
        (of_another, "invalid_client"),
    ],
)
def test_a_refused_certificate_is_two_requests_one_explanation_and_none_in_the_next_run(
    change: Callable[[Simulator], dict[str, object]], word: str
) -> None:
    with Simulator(company=False) as account:
        config = by_certificate(account) | change(account)
        logs = []
        for _ in range(2):
            _, code, log = run_tap(config)
            assert code == 1
            assert account.counters.services == {TOKEN_PATH: 2}
            logs.append(log)
        assert sum(account.counters.refused_logins.values()) == 2
    assert "NetSuite refused the login: " in logs[0]
    assert f", {word}]" in logs[0]
    assert "these very credentials were refused" in logs[1]


def test_an_ended_certificate_beside_the_key_is_said_before_any_request(
    account: Simulator, tmp_path: Path
) -> None:
    ended = make_certificate(
        "P-256", CLIENT_ID, "ended", account.clock.now() - timedelta(days=400), timedelta(days=365)
    )
    file = tmp_path / "private.pem"
    file.write_text(ended.private_key + ended.pem)
    before = account.counters.requests
    config = by_certificate(account, replace(ended, private_key=str(file)))
    messages, code, log = run_command(tmp_path, config)
    assert (messages, code) == ([], 1)
    assert "The certificate in private_key ended on " in log
    assert "Traceback" not in log
    assert account.counters.requests == before


def test_a_token_is_shown_to_nobody_but_netsuite(account: Simulator, tmp_path: Path) -> None:
    config = by_certificate(account, base_url="https://netsuite-proxy.example.com")
    _, code, log = run_command(tmp_path, config)
    assert code == 1
    assert "base_url is no host of this account under netsuite.com" in log


def test_the_environment_configures_it_with_escaped_line_breaks(
    account: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = by_certificate(account, tables=["department"])
    key = str(config.pop("private_key")).replace("\n", "\\n")
    monkeypatch.setenv("TAP_NETSUITE_TBA_PRIVATE_KEY", key)
    messages, code, log = run_command(tmp_path, config, "--config=ENV")
    assert code == 0, log
    assert any(message["type"] == "RECORD" for message in messages)
    assert key not in log
    assert os.environ["TAP_NETSUITE_TBA_PRIVATE_KEY"] == key
