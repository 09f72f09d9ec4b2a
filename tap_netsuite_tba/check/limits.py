"""How many requests the account takes at once, and who takes of them besides."""

from collections.abc import Mapping
from dataclasses import asdict

from tap_netsuite_tba.check.case import Case
from tap_netsuite_tba.check.findings import Finding, Kind, Status
from tap_netsuite_tba.explanations import cause
from tap_netsuite_tba.netsuite.errors import LoginRefused, NetSuiteError
from tap_netsuite_tba.netsuite.query import Document, Resource
from tap_netsuite_tba.netsuite.waits import said_of

_PATH = "/services/rest/system/v1/governanceLimits"
_ACCOUNT, _INTEGRATION = "accountConcurrencyLimit", "integrationConcurrencyLimit"
_FREE = "accountUnallocatedConcurrencyLimit"
_NAMES = (_ACCOUNT, _FREE, _INTEGRATION)


def check_limits(case: Case) -> Finding:
    """Ask for the limits, which NetSuite tells to administrators, and look at this host's slots."""
    told = {} if case.had_refusal else _told(case)
    limits = {name: told[name] for name in _NAMES if isinstance(told.get(name), int)}
    most, holders = case.settings.max_sessions, case.sessions.holders()
    lowest = min((number for name, number in limits.items() if name != _FREE), default=most)
    own = cause("integration_limit" if _INTEGRATION in limits else "others_at_work")
    return Finding(
        Status.PASSED if most <= lowest else Status.FAILED,
        f"max_sessions is {most}; {_in_words(limits)}"
        + ("" if holders else "; no other program on this host holds a session"),
        causes=() if most <= lowest else (own,),
        notes=(said_of(holders),) if holders else (),
        facts={
            "max_sessions": most,
            "session_pool": "host" if case.sessions.shared_in else "process",
            "held_by": [asdict(holder) for holder in holders],
            **limits,
        },
        kind=Kind.SETTINGS,
    )


def _in_words(limits: Mapping[str, int]) -> str:
    if not limits:
        return "the account's limit is unknown, for NetSuite tells it to administrators only"
    if limits.get(_FREE) == limits.get(_ACCOUNT):  # No integration has any for itself.
        limits = {name: number for name, number in limits.items() if name != _FREE}
    words = (
        (_ACCOUNT, "the account takes {} requests at once"),
        (_INTEGRATION, "{} of this integration"),
        (_FREE, "{} that no integration has for itself"),
    )
    return ", ".join(text.format(limits[name]) for name, text in words if name in limits)


def _told(case: Case) -> Document:
    """What NetSuite tells of its limits; nothing if it tells nothing."""
    wanted = Resource(_PATH, "application/json", table="governanceLimits", is_optional=True)
    try:
        with case.aside() as client:
            return client.get(wanted)
    except LoginRefused:
        case.had_refusal = True
    except NetSuiteError:
        pass  # older accounts, and other roles
    return {}
