"""How many requests the account takes at once, and who takes of them besides."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace

from tap_netsuite_tba.check.case import Case
from tap_netsuite_tba.check.findings import Finding, Status
from tap_netsuite_tba.explanations import Cause, cause
from tap_netsuite_tba.netsuite.errors import NetSuiteError
from tap_netsuite_tba.netsuite.query import Document, Resource
from tap_netsuite_tba.netsuite.waits import said_of

_PATH = "/services/rest/system/v1/governanceLimits"
_ACCOUNT, _INTEGRATION = "accountConcurrencyLimit", "integrationConcurrencyLimit"
_FREE = "accountUnallocatedConcurrencyLimit"
_NAMES = (_ACCOUNT, _FREE, _INTEGRATION)
_TYPE = "integrationLimitType"
_WITHOUT_A_SHARE = "accountLimit"
_WITHOUT_A_LIMIT = "internal"

_UNTOLD = "the account's limit is unknown, for NetSuite tells it to administrators only"
_UNASKED = "the account's limit was not asked for, after a login that was refused"

_ONLY_WHAT_IS_FREE = (
    "An integration without a share of its own has only the requests at once that no other "
    "integration has for itself."
)


def check_limits(case: Case) -> Finding:
    """Ask for the limits, which NetSuite tells to administrators, and look at this host's slots."""
    told = {} if case.had_refusal else _told(case)
    limits = {name: number for name in _NAMES if (number := _number(told.get(name))) is not None}
    kind = told.get(_TYPE) if isinstance(told.get(_TYPE), str) else None
    most, holders = case.settings.max_sessions, case.sessions.holders()
    is_shared = kind == _WITHOUT_A_SHARE or not limits.get(_INTEGRATION)  # nobody has one of 0
    meant = {n: limit for n, limit in limits.items() if not (n == _INTEGRATION and is_shared)}
    causes = () if kind == _WITHOUT_A_LIMIT else tuple(_too_low_for(most, meant))
    unknown = _UNASKED if case.had_refusal else _UNTOLD
    # What is over a limit is refused, waited for and asked again: advice, and no failure.
    return Finding(
        Status.PASSED,
        f"max_sessions is {most}; {_in_words(meant) or unknown}"
        + ("" if holders else "; no other program on this host holds a session"),
        causes=causes,
        notes=(said_of(holders),) if holders else (),
        facts={
            "max_sessions": most,
            "session_pool": "host" if case.sessions.shared_in else "process",
            "held_by": [asdict(holder) for holder in holders],
            **limits,
            **({_TYPE: kind} if kind else {}),
        },
    )


def _too_low_for(most: int, limits: Mapping[str, int]) -> Iterator[Cause]:
    """Why the account does not take as many requests at once; nothing if it does."""
    if limits.get(_INTEGRATION, most) < most:
        yield cause("integration_limit")
    elif limits.get(_ACCOUNT, most) < most:
        yield cause("others_at_work")
    elif _INTEGRATION not in limits and limits.get(_FREE, most) < most:
        yield replace(cause("others_at_work"), cause=_ONLY_WHAT_IS_FREE)


def _number(told: object) -> int | None:
    """A number that may be written as text."""
    if isinstance(told, str) and told.isdecimal():
        return int(told)
    return told if isinstance(told, int) and not isinstance(told, bool) else None


def _in_words(limits: Mapping[str, int]) -> str:
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
    except NetSuiteError:
        return {}  # older accounts, and other roles
