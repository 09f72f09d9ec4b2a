"""Who we are to NetSuite: company, user and role."""

from collections.abc import Mapping
from typing import Any

from tap_netsuite_tba.check.case import Case
from tap_netsuite_tba.check.findings import Finding, passed, skipped
from tap_netsuite_tba.netsuite.errors import LoginRefused, NetSuiteError, said_by
from tap_netsuite_tba.netsuite.query import Document, Resource

_PATH = "/rest/tokeninfo"
_NAMES = ("companyName", "companyId", "userName", "userId", "roleName", "roleId")
"""What the answer has, as known from clients; any of it may be missing."""

_ADMINISTRATOR = "Administrator"
_ADVICE = (
    "The role is the administrator's, who may do everything: docs/setup.md has one that may read, "
    "and no more"
)
_BY_CERTIFICATE = (
    "NetSuite tells it of TBA's tokens only; whose the certificate is stands at Setup > "
    "Integration > Manage Authentication > OAuth 2.0 Client Credentials (M2M) Setup"
)
_NOT_TOLD = "NetSuite does not tell"


def check_identity(case: Case) -> Finding:
    """Ask whose the token is, where NetSuite has a service for that: beside the RESTlets'."""
    if not case.signs:
        return skipped(_BY_CERTIFICATE)
    restlets = "https://" + case.account.host.replace(".suitetalk.", ".restlets.")
    wanted = Resource(_PATH, "application/json", table="tokeninfo", is_optional=True)
    try:
        with case.aside(restlets if case.account.is_at_netsuite else None) as client:
            told = client.get(wanted)
    except LoginRefused:
        case.had_refusal = True
        return skipped(f"{_NOT_TOLD} this role")
    except NetSuiteError as error:
        return skipped(f"{_NOT_TOLD}: {said_by(error)}".rstrip("."))
    case.is_administrator = told.get("roleName") == _ADMINISTRATOR
    return _finding(told, case)


def _finding(told: Document, case: Case) -> Finding:
    facts = {name: told[name] for name in _NAMES if told.get(name) is not None}
    if not facts:
        return skipped(_NOT_TOLD)
    parts = (
        _named("Company", facts, "companyName", "companyId"),
        _named("user", facts, "userName", "userId"),
        _named("role", facts, "roleName", "roleId"),
    )
    advice = [_ADVICE] if case.is_administrator and not case.settings.demo else []
    return passed(", ".join(filter(None, parts)), *advice, **facts)


def _named(what: str, facts: Mapping[str, Any], name: str, number: str) -> str:
    texts = [str(facts[each]) for each in (name, number) if each in facts]
    if not texts:
        return ""
    return f"{what} {texts[0]}" + (f" ({texts[1]})" if texts[1:] else "")
