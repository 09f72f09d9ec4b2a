"""The steps of a check, in their order; what depends on a failed one is not tried."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tap_netsuite_tba.check.case import Case
from tap_netsuite_tba.check.clock import check_clock
from tap_netsuite_tba.check.explained import explained
from tap_netsuite_tba.check.findings import Finding, Kind, Status, skipped
from tap_netsuite_tba.check.host import check_host
from tap_netsuite_tba.check.identity import check_identity
from tap_netsuite_tba.check.limits import check_limits
from tap_netsuite_tba.check.login import check_login
from tap_netsuite_tba.check.permissions import (
    check_permissions,
    custom_fields,
    custom_record_types,
    deleted_records,
)
from tap_netsuite_tba.check.ruled_out import left_of
from tap_netsuite_tba.check.services import check_rest, check_suiteql
from tap_netsuite_tba.check.settings_given import check_settings
from tap_netsuite_tba.check.speed import check_speed
from tap_netsuite_tba.errors import TapNetSuiteError
from tap_netsuite_tba.netsuite.errors import LoginRefused


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        name: As in the JSON, where it stays the same over versions.
        title: What a person sees.
        kind: What is at fault if it fails.
        find: Does it.
        needs: The step without which it is not tried.
    """

    name: str
    title: str
    kind: Kind
    find: Callable[[Case], Finding]
    needs: str = ""


STEPS = (
    Step("settings", "Settings", Kind.SETTINGS, check_settings),
    Step("host", "Host", Kind.NETWORK, check_host, "settings"),
    Step("clock", "Clock", Kind.CLOCK, check_clock, "host"),
    Step("login", "Login", Kind.LOGIN, check_login, "host"),
    Step("identity", "Who we are", Kind.LOGIN, check_identity, "login"),
    Step("rest", "REST Web Services", Kind.SERVICES, check_rest, "login"),
    Step("suiteql", "SuiteQL", Kind.SERVICES, check_suiteql, "rest"),
    Step("custom_fields", "Custom fields", Kind.PERMISSIONS, custom_fields, "suiteql"),
    Step("custom_record_types", "Custom records", Kind.PERMISSIONS, custom_record_types, "suiteql"),
    Step("deleted_records", "Deleted records", Kind.PERMISSIONS, deleted_records, "suiteql"),
    Step("permissions", "Permissions", Kind.PERMISSIONS, check_permissions, "suiteql"),
    Step("limits", "Limits", Kind.OTHER, check_limits, "login"),
    Step("speed", "Speed", Kind.OTHER, check_speed, "suiteql"),
)


def check(case: Case, began: Callable[[Step], object]) -> Iterator[Finding]:
    """Go the steps, and say what came of each.

    Args:
        case: The account.
        began: Is told of each step before it is gone.
    """
    blocked: set[str] = set()
    for step in STEPS:
        began(step)
        if step.needs in blocked:
            finding = skipped(f"Not tried without {_title(step.needs)}")
            blocked.add(step.name)
        else:
            finding = _gone(step, case)
            if finding.status is Status.FAILED:
                blocked.add(step.name)
            if "settings" not in blocked:
                finding = replace(finding, causes=left_of(finding.causes, case))
        yield replace(finding, step=step.name, kind=finding.kind or step.kind)


def _gone(step: Step, case: Case) -> Finding:
    try:
        return step.find(case)
    except TapNetSuiteError as error:
        case.had_refusal = case.had_refusal or isinstance(error, LoginRefused)
        return explained(error)


def _title(name: str) -> str:
    return next(step.title for step in STEPS if step.name == name)
