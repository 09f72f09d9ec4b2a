"""What a check says of services that are closed to the role, however NetSuite words it."""

from dataclasses import replace

import pytest

from tap_netsuite_tba.check.case import Case
from tap_netsuite_tba.check.steps import STEPS
from tap_netsuite_tba.simulator import Fault, FaultKind, Role, Simulator, Switches
from tap_netsuite_tba.simulator.role_files import load_role
from tap_netsuite_tba.simulator.switches import all_switches, choices
from tests.check.checked import checked
from tests.integration.roles import without
from tests.tap_process import configuration

WITHOUT_IDENTITY = tuple(step for step in STEPS if step.name != "identity")


def lacking(feature: str) -> Role:
    return replace(load_role("integration"), features_off=frozenset({feature}))


@pytest.mark.parametrize("words", choices("without_rest"))
@pytest.mark.parametrize(
    "role", [without("REST Web Services"), lacking("REST Web Services")], ids=["role", "account"]
)
def test_without_rest_web_services_permission_and_feature_are_told(role: Role, words: str) -> None:
    switches = Switches.of([f"without_rest={words}"])
    with Simulator(company=False, role=role, switches=switches) as account:
        done = checked(configuration(account))
        assert done["login"].status == "passed"
        assert done.failed == ["rest"]
        assert done.causes("rest") == ["no_rest_permission", "rest_disabled"]
        assert done.exit_code == 7
        assert not account.logins.audit


@pytest.mark.parametrize("words", choices("without_workbook"))
@pytest.mark.parametrize(
    "role",
    [without("SuiteAnalytics Workbook"), lacking("SuiteAnalytics Workbook")],
    ids=["role", "account"],
)
def test_without_workbook_suiteql_is_closed_and_the_rest_is_not(role: Role, words: str) -> None:
    switches = Switches.of([f"without_workbook={words}"])
    with Simulator(company=False, role=role, switches=switches) as account:
        done = checked(configuration(account))
        assert done["rest"].status == "passed"
        assert done.failed == ["suiteql"]
        assert done.causes("suiteql") == ["no_workbook"]
        assert done.exit_code == 7
        assert done["limits"].status == "passed"


@pytest.mark.parametrize("answer", choices("token_info"))
def test_whether_netsuite_tells_who_we_are_fails_nothing(answer: str) -> None:
    switches = Switches.of([f"token_info={answer}"])
    with Simulator(company=False, role="integration", switches=switches) as account:
        done = checked(configuration(account))
        assert done["identity"].status == ("passed" if answer == "told" else "skipped")
        assert done["rest"].status == "passed"
        assert sum(account.logins.audit.values()) <= 1
        if answer == "401":  # which may be one refused login, and another is not risked
            assert "/services/rest/system/v1/governanceLimits" not in account.counters.services


def test_who_we_are_is_told(account: Simulator) -> None:
    done = checked(configuration(account))
    assert done["identity"].seen == (
        "Company Hallgrove Manufacturing Inc. (1234567_SB1), user integration@hallgrove.example "
        "(42), role Integration (1042)"
    )
    assert done["identity"].notes == ()


def test_the_administrators_role_is_advised_against() -> None:
    with Simulator(company=False) as account:
        assert "administrator" in checked(configuration(account))["identity"].notes[0]


def test_a_catalog_that_is_refused_while_suiteql_answers_is_no_failure(
    account: Simulator,
) -> None:
    account.role = replace(load_role("integration"), unlisted=None)
    done = checked(configuration(account))
    assert done["rest"].status == "passed"
    assert "custom records are known less well" in done["rest"].notes[0]
    assert done["suiteql"].status == "passed"


@pytest.mark.parametrize("answer", choices("governance_limits"))
def test_limits_that_are_not_told_are_unknown(answer: str) -> None:
    switches = Switches.of([f"governance_limits={answer}"])
    with Simulator(company=False, role="integration", switches=switches) as account:
        done = checked(configuration(account))
        assert done["limits"].status == "passed"
        assert "the account's limit is unknown" in done["limits"].seen


def test_more_sessions_than_the_integration_may_have_are_told() -> None:
    with Simulator(company=False) as account:
        account.governance.allocation = 2
        done = checked(configuration(account, max_sessions=3))
        assert done.causes("limits") == ["integration_limit"]
        assert done["limits"].kind == "settings"
        assert checked(configuration(account, max_sessions=2))["limits"].status == "passed"


def test_what_other_programs_hold_of_this_hosts_sessions_is_told() -> None:
    with Simulator(company=False) as account:
        config = configuration(account, session_pool="host")
        other = Case(lambda: config)
        with other.sessions.session() as session:
            session.begin()
            limits = checked(config)["limits"]
            assert limits.facts["session_pool"] == "host"
            assert "held by other programs on this host (process " in limits.notes[0]
        other.close()
        assert checked(config)["limits"].notes == ()


def test_a_check_that_gets_no_session_says_who_holds_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tap_netsuite_tba.check.case.PATIENCE", 0)
    with Simulator(company=False) as account:
        config = configuration(account, session_pool="host", max_sessions=1)
        other = Case(lambda: config)
        with other.sessions.session() as session:
            session.begin()
            done = checked(config)
        other.close()
    assert done.failed == ["login"]
    assert done.exit_code == 1
    assert done.causes("login")[0] == "sessions_held"
    assert "held by other programs on this host" in done["login"].seen


def test_the_speed_is_of_the_largest_table(account: Simulator) -> None:
    facts = checked(configuration(account, max_sessions=2))["speed"].facts
    assert facts["table"] == "transaction"
    assert facts["rows_a_second"]


def test_too_few_rows_tell_no_speed(account: Simulator) -> None:
    account.role = "crippled"
    speed = checked(configuration(account))["speed"]
    assert speed.status == "passed"
    assert "rows_a_second" not in speed.facts


def test_a_role_that_sees_less_of_the_largest_table_is_timed_by_its_key(
    account: Simulator,
) -> None:
    account.refuse("transaction", "memo")
    speed = checked(configuration(account))["speed"]
    assert speed.status == "passed"
    assert speed.facts["page_rows"] == 1000


def test_a_check_takes_few_requests(account: Simulator) -> None:
    before = account.counters.requests
    checked(configuration(account))
    assert account.counters.requests - before <= 40
    assert account.counters.peak_in_flight <= 5


def test_trouble_that_does_not_pass_is_told_with_its_causes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tap_netsuite_tba.check.case.PATIENCE", 0)
    with Simulator(company=False) as account:
        account.faults.add(Fault(FaultKind.UNAVAILABLE, times=None))
        done = checked(configuration(account))
        assert done.failed == ["login"]
        assert "Service Unavailable" in done["login"].seen
        assert done.exit_code == 1
        assert done.causes("login")[0] == "netsuite_down"


@pytest.mark.parametrize("answer", ["429", "400"])
def test_an_account_without_a_place_to_spare_is_told(
    answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tap_netsuite_tba.check.case.PATIENCE", 0)
    with Simulator(company=False, switches=Switches.of([f"too_many={answer}"])) as account:
        account.others = 5
        done = checked(configuration(account))
        assert done.failed == ["login"]
        assert done.exit_code == 1
        assert done.causes("login")[0] == "others_at_work"
        assert not account.logins.audit


CLOSING = {"without_rest", "without_workbook", "token_info", "governance_limits", "login_error"}
"""Switches that have tests of their own, for there is something to tell."""


@pytest.mark.parametrize("number", [1, 2])
def test_however_facts_turn_out_that_are_unsure_a_good_account_passes(number: int) -> None:
    others = {
        switch.name: choices(switch.name)[number % len(choices(switch.name))]
        for switch in all_switches()
        if switch.name not in CLOSING
    }
    with Simulator(transactions=1_100, switches=Switches(**others)) as account:  # type: ignore[arg-type]
        done = checked(configuration(account) | {"tables": ["*"]})
        assert done.failed == []
        assert done.skipped == (["clock"] if others["date"] == "absent" else [])
        assert not account.logins.audit


def test_a_login_that_is_refused_after_all_costs_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    with Simulator(company=False) as account:

        def revoke(_: object) -> None:
            account.logins.token_revoked = True

        account.watchers.append(revoke)  # after the first request that is let in
        monkeypatch.setattr("tap_netsuite_tba.check.steps.STEPS", WITHOUT_IDENTITY)
        done = checked(configuration(account))
        assert done.failed == ["rest"]
        assert done["rest"].kind == "login"
        assert sum(account.logins.audit.values()) == 1
