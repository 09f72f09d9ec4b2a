"""What a check says of each way in which NetSuite refuses a login, at the price of one refusal."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from tap_netsuite_tba.check.case import Case
from tap_netsuite_tba.check.login import check_login
from tap_netsuite_tba.errors import TapNetSuiteError
from tap_netsuite_tba.explanations import causes_of_audit
from tap_netsuite_tba.netsuite.refusals import default_path
from tap_netsuite_tba.simulator import Simulator, Switches
from tap_netsuite_tba.simulator.audit import AuditReason
from tests.check.checked import checked
from tests.integration.roles import without
from tests.netsuite.server import LOGIN_REFUSED, Answer, Server, serve
from tests.tap_process import configuration, discover

Setting = dict[str, Any]
Mishap = tuple[AuditReason, str, Callable[[Simulator], Setting]]

FULL = "0123456789abcdef" * 4
"""As long as NetSuite's keys and secrets are."""


def blocked(account: Simulator) -> Setting:
    account.logins.integration_blocked = True
    return {}


def off(account: Simulator) -> Setting:
    account.logins.feature_enabled = False
    return {}


def revoked(account: Simulator) -> Setting:
    account.logins.token_revoked = True
    return {}


def gone(account: Simulator) -> Setting:
    account.logins.user_active = False
    return {}


def inactive(account: Simulator) -> Setting:
    account.logins.role_active = False
    return {}


def barred(account: Simulator) -> Setting:
    account.role = without("Log in using Access Tokens")
    return {}


def locked(account: Simulator) -> Setting:
    account.logins.lock()
    return {}


def set_to(**settings: str) -> Callable[[Simulator], Setting]:
    return lambda _: settings


MISHAPS: list[Mishap] = [
    (AuditReason.CONSUMER_KEY_REFUSED, "integration_blocked", blocked),
    (AuditReason.CONSUMER_KEY_UNKNOWN, "integration_unknown", set_to(consumer_key=FULL)),
    (AuditReason.FEATURE_DISABLED, "tba_disabled", off),
    (AuditReason.INVALID_SIGNATURE, "secret_wrong", set_to(consumer_secret=FULL)),
    (AuditReason.INVALID_SIGNATURE, "secret_wrong", set_to(token_secret=FULL)),
    (AuditReason.PERMISSION_DENIED, "user_or_role_inactive", gone),
    (AuditReason.PERMISSION_DENIED, "user_or_role_inactive", inactive),
    (AuditReason.PERMISSION_DENIED, "role_may_not_log_in", barred),
    (AuditReason.TEMPORARY_LOCKED, "user_locked", locked),
    (AuditReason.TOKEN_REJECTED, "token_rejected", revoked),
    (AuditReason.TOKEN_REJECTED, "token_rejected", set_to(token_id=FULL)),
    (AuditReason.TOKEN_REJECTED, "other_environment", set_to(account_id="1234567_SB2")),
]


@pytest.fixture(params=["token_rejected", "reason"])
def account(request: pytest.FixtureRequest) -> Iterator[Simulator]:
    """What NetSuite says of the reason differs."""
    with Simulator(company=False, switches=Switches(login_error=request.param)) as account:
        yield account


@pytest.mark.parametrize(("reason", "key", "mishap"), MISHAPS)
def test_the_true_cause_is_among_those_named_and_one_login_was_refused(
    account: Simulator, reason: AuditReason, key: str, mishap: Callable[[Simulator], Setting]
) -> None:
    done = checked(configuration(account) | mishap(account))
    assert account.logins.audit == {reason: 1}
    assert done.failed == ["login"]
    assert done.exit_code == 6
    assert key in done.causes("login")


def test_without_a_word_for_the_reason_the_true_cause_is_among_those_named() -> None:
    with Simulator(company=False, switches=Switches(login_error="absent")) as account:
        done = checked(configuration(account) | locked(account))
        assert done["login"].facts["reason"] == "INVALID_LOGIN"
        assert "user_locked" in done.causes("login")


def test_a_reason_that_netsuite_names_is_told_alone() -> None:
    with Simulator(company=False, switches=Switches(login_error="reason")) as account:
        account.logins.integration_blocked = True
        assert checked(configuration(account)).causes("login") == ["integration_blocked"]


@pytest.fixture
def server() -> Iterator[Server]:
    with serve() as server:
        yield server


def refusing(server: Server, answer: Answer) -> Setting:
    """The settings for a server that answers so whoever logs in."""
    server.answer_by(lambda asked: answer if "Authorization" in asked.headers else Answer(404))
    names = ("consumer_key", "consumer_secret", "token_id", "token_secret")
    credentials = {name: f"{number}{FULL[1:]}" for number, name in enumerate(names)}
    return {"account_id": "1234567", "base_url": server.url, **credentials}


BY_SIGNATURE = [
    reason
    for reason in AuditReason
    if any(cause.method != "oauth2" for cause in causes_of_audit(reason))
    and reason is not AuditReason.TOKEN_REJECTED
]


@pytest.mark.parametrize("reason", BY_SIGNATURE)
def test_each_word_of_the_audit_trail_has_its_causes(server: Server, reason: AuditReason) -> None:
    challenge = {"WWW-Authenticate": f'OAuth realm="1234567", error="{reason}"'}
    done = checked(refusing(server, replace(LOGIN_REFUSED, headers=challenge)))
    assert done["login"].facts["reason"] == reason
    for cause in done["login"].causes:
        assert reason.lower() in map(str.lower, (*cause.audit, *cause.answers))
    assert done.causes("login")


def test_all_that_may_be_is_ranked_and_what_was_ruled_out_is_not_among_it(server: Server) -> None:
    done = checked(refusing(server, LOGIN_REFUSED))
    causes = done.causes("login")
    assert causes[:3] == ["token_rejected", "other_environment", "secret_wrong"]
    assert not {"clock_wrong", "too_many_requests", "refused_before"} & {*causes}
    assert not [cause for cause in done["login"].causes if cause.method == "oauth2"]
    assert {"header_changed", "request_repeated"} <= {*causes}
    assert "Login Audit Trail" in str(done["login"].facts["audit_trail"])


def test_where_nothing_can_change_a_request_on_the_way_nothing_has(server: Server) -> None:
    case = Case(lambda: refusing(server, LOGIN_REFUSED))
    case.is_sealed = True
    try:
        keys = {cause.key for cause in check_login(case).causes}
    finally:
        case.close()
    assert "token_rejected" in keys
    assert not {"header_changed", "request_repeated"} & keys


def test_what_looks_odd_in_the_settings_comes_first(server: Server) -> None:
    config = refusing(server, LOGIN_REFUSED)
    done = checked(config | {"token_id": config["consumer_key"], "token_secret": FULL[:-1]})
    assert done["settings"].status == "passed"
    assert done.causes("login")[:3] == [
        "credential_twice",
        "credential_not_whole",
        "token_rejected",
    ]
    assert "consumer_key, token_id: " in done["login"].causes[0].cause
    assert FULL[1:20] not in str(done)


@pytest.mark.parametrize("consumer_key", ["fake-consumer-key", "1234567"])
def test_credentials_that_all_look_odd_are_blamed_for_nothing(
    server: Server, consumer_key: str
) -> None:
    config = refusing(server, LOGIN_REFUSED) | {"consumer_key": consumer_key}
    names = ("consumer_secret", "token_id", "token_secret")
    done = checked(config | {name: f"fake-{name}" for name in names})
    assert "token_secret (17 characters): " in done["settings"].notes[-1]
    assert "credential_not_whole" not in done.causes("login")


def test_a_refusal_that_is_not_netsuites_is_told_from_one_that_is(server: Server) -> None:
    page = Answer(401, b"<html><title>Sign in</title>", {"Content-Type": "text/html"})
    done = checked(refusing(server, page))
    likeliest, *others = done.causes("login")
    assert likeliest == "gateway_refuses"
    assert "token_rejected" in others
    assert "gateway_refuses" not in others
    assert "Sign in" in done["login"].seen


def test_a_refusal_that_took_long_may_be_of_too_many_requests(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tap_netsuite_tba.check.login.SLOW_REFUSAL", 0.0)
    config = refusing(server, LOGIN_REFUSED)
    done = checked(config)
    assert done.causes("login")[:2] == ["too_many_requests", "token_rejected"]
    assert "are not tried again" not in discovery_of(config)  # for the credentials may be good


def test_a_refusal_is_remembered_for_runs_and_forgotten_by_the_next_check() -> None:
    with Simulator(company=False) as account:
        config = configuration(account)
        account.logins.token_revoked = True
        assert checked(config).failed == ["login"]
        assert "are not tried again" in discovery_of(config)
        assert sum(account.logins.audit.values()) == 1
        account.logins.token_revoked = False
        assert checked(config)["login"].status == "passed"
        assert "are not tried again" not in discovery_of(config)


def test_runs_that_begin_while_a_check_asks_still_know_of_the_refusal() -> None:
    with Simulator(company=False) as account:
        config = configuration(account)
        account.logins.token_revoked = True
        checked(config)
        account.logins.token_revoked = False
        known: list[str] = []
        account.watchers.append(lambda _: known.append(default_path().read_text()))
        assert checked(config)["login"].status == "passed"
        assert known[0] != known[-1] == "{}"


def discovery_of(config: Setting) -> str:
    """What becomes of a discovery in an account without tables."""
    with pytest.raises(TapNetSuiteError) as raised:
        discover(config)
    return str(raised.value)


@pytest.mark.parametrize("minutes", [-7, 9])
def test_a_wrong_clock_is_told_and_the_login_tried_with_netsuites_time(minutes: int) -> None:
    with Simulator(company=False) as account:
        account.clock.advance(60 * minutes + (30 if minutes > 0 else -30))
        done = checked(configuration(account))
        assert done["clock"].status == "failed"
        assert done.causes("clock") == ["clock_wrong"]
        assert f"{abs(minutes)} min" in done["clock"].seen
        assert ("ahead of" if minutes < 0 else "behind") in done["clock"].seen
        assert done["login"].status == "passed"
        assert done.exit_code == 5
        assert not account.logins.audit


def test_without_a_date_a_wrong_clock_is_among_the_causes() -> None:
    with Simulator(company=False, switches=Switches(date="absent")) as account:
        account.clock.advance(540)
        done = checked(configuration(account))
        assert done.skipped[0] == "clock"
        assert "clock_wrong" in done.causes("login")
        assert account.logins.audit == {AuditReason.INVALID_TIMESTAMP: 1}
