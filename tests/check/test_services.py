"""What a check says of services that are closed to the role, however NetSuite words it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tap_netsuite_tba.check.case import Case
from tap_netsuite_tba.check.identity import check_identity
from tap_netsuite_tba.check.limits import check_limits
from tap_netsuite_tba.check.steps import STEPS
from tap_netsuite_tba.netsuite.client import Client, connect
from tap_netsuite_tba.simulator import ColumnRefusal, Fault, FaultKind, Role, Simulator, Switches
from tap_netsuite_tba.simulator.role_files import load_role
from tap_netsuite_tba.simulator.switches import all_switches, choices
from tests.check.checked import checked
from tests.integration.roles import without
from tests.tap_process import configuration

WITHOUT_IDENTITY = tuple(step for step in STEPS if step.name != "identity")

FAKE = {
    "account_id": "1234567",
    "consumer_key": "fake-key",
    "consumer_secret": "fake-secret",
    "token_id": "fake-token",
    "token_secret": "fake-token-secret",
}


def limits(
    account: object, free: object = None, own: object = None, **others: object
) -> dict[str, object]:
    """What NetSuite tells of its limits, without what is None."""
    told = {
        "accountConcurrencyLimit": account,
        "accountUnallocatedConcurrencyLimit": free,
        "integrationConcurrencyLimit": own,
        "integrationLimitType": others.get("type"),
    }
    return {name: value for name, value in told.items() if value is not None}


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
            assert "not asked for" in done["limits"].seen


def test_what_is_asked_aside_keeps_nothing_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    patience = []

    def noted(*arguments: Any, **others: Any) -> Client:  # noqa: ANN401 - connect's own
        patience.append(others["retry_timeout"])
        return connect(*arguments, **others)

    monkeypatch.setattr("tap_netsuite_tba.check.case.connect", noted)
    switches = Switches.of(["token_info=401"])
    with Simulator(company=False, role="integration", switches=switches) as account:
        case = Case(lambda: configuration(account))
        case.probe(["account"])
        assert check_identity(case).status == "skipped"
        assert case.had_refusal
        assert not case.sessions.allowance.one_only
        case.close()
    of_the_login, aside = patience
    assert aside < of_the_login / 2


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
    with Simulator(transactions=100) as account:
        account.governance.allocation = 2
        done = checked(configuration(account, max_sessions=3))
        assert done.failed == []
        assert done.exit_code == 0
        assert done.causes("limits") == ["integration_limit"]
        assert done["limits"].facts["integrationLimitType"] == "integrationSpecific"
        assert not checked(configuration(account, max_sessions=2)).causes("limits")


@pytest.mark.parametrize(
    ("told", "most", "causes"),
    [
        (limits(5, 5), 5, []),
        (limits(5, 1), 5, ["others_at_work"]),
        (limits(5, 1, type="accountLimit"), 1, []),
        (limits(5, 1, 5, type="accountLimit"), 5, ["others_at_work"]),
        (limits(15, 2, 0), 5, ["others_at_work"]),
        (limits(15, 2, 0), 2, []),
        (limits(15, 1, 5), 5, []),
        (limits(15, 15, 0, type="internal"), 5, []),
        (limits("5", "3", "2"), 5, ["integration_limit"]),
        (limits(5, 5) | {"integrationConcurrencyLimit": True}, 5, []),
        (limits(3), 5, ["others_at_work"]),
        (limits(5, None, None, type=7), 5, []),
    ],
)
def test_limits_are_understood_however_netsuite_tells_them(
    told: dict[str, object], most: int, causes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case(lambda: {**FAKE, "session_pool": "process", "max_sessions": most})
    monkeypatch.setattr("tap_netsuite_tba.check.limits._told", lambda _: told)
    found = check_limits(case)
    assert found.status == "passed"
    assert [cause.key for cause in found.causes] == causes
    case.close()


def test_that_an_integration_without_a_share_has_only_what_others_leave_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = Case(lambda: {**FAKE, "session_pool": "process"})
    monkeypatch.setattr("tap_netsuite_tba.check.limits._told", lambda _: limits(5, 2))
    found = check_limits(case)
    assert "without a share" in found.causes[0].cause
    assert "2 that no integration has for itself" in found.seen
    case.close()


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
    speed = checked(configuration(account, max_sessions=2))["speed"]
    facts: Mapping[str, Any] = speed.facts
    assert facts["table"] == "transaction"
    of_both = 2 * facts["page_rows"] / facts["page_seconds"]
    assert facts["rows_a_second"] == pytest.approx(of_both, rel=0.3)
    assert speed.notes == ()


def test_of_a_table_in_part_hidden_the_others_columns_are_timed_or_no_rate_is_told() -> None:
    with Simulator(transactions=1_100) as account:
        whole: Mapping[str, Any] = checked(configuration(account))["speed"].facts
        account.refuse("transaction", "duedate", ColumnRefusal.REMOVED)
        account.refuse("transaction", "memo")
        part: Mapping[str, Any] = checked(configuration(account))["speed"].facts
        account.refuse("transaction", "tranid", ColumnRefusal.UNSUPPORTED)  # names no column
        speed = checked(configuration(account))["speed"]
    assert part["rows_a_second"]
    assert part["page_columns"] == whole["page_columns"] - 2
    assert speed.status == "passed"
    assert "by its key alone" in speed.seen
    assert speed.facts["page_columns"] == 1
    assert "rows_a_second" not in speed.facts


def test_too_few_rows_tell_no_speed(account: Simulator) -> None:
    account.role = "crippled"
    speed = checked(configuration(account))["speed"]
    assert speed.status == "passed"
    assert "rows_a_second" not in speed.facts


def test_the_speed_is_of_a_table_that_the_tap_knows(
    account: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = next(name for name in account.readable() if name.startswith("customrecord_"))
    monkeypatch.setattr("tap_netsuite_tba.check.speed._rows", lambda probe: probe.table == own)
    speed = checked(configuration(account, tables=[own]))["speed"]
    assert speed.status == "passed"
    assert speed.facts["table"] != own


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
