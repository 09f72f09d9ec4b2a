"""Whether NetSuite lets the credentials in, and if not, why: in one attempt."""

from collections.abc import Iterator

from tap_netsuite_tba.check.case import Case
from tap_netsuite_tba.check.explained import explained, said_of
from tap_netsuite_tba.check.findings import Finding, Status, passed
from tap_netsuite_tba.credentials import OAUTH2
from tap_netsuite_tba.explanations import (
    AUDIT_TRAIL,
    Cause,
    cause,
    causes_of_audit,
    explanation_of,
)
from tap_netsuite_tba.netsuite.errors import (
    LoginRefused,
    MalformedResponse,
    NetSuiteError,
    RetriesExhausted,
    is_fault,
)
from tap_netsuite_tba.netsuite.login import SLOW_REFUSAL
from tap_netsuite_tba.netsuite.refusals import RefusedLogins, default_path, fingerprint

FIRST_TABLE = "account"
"""What is asked for first: a short table that the minimal role can read."""

_IN_THE_AUDIT_TRAIL = (
    f"The true cause is at {AUDIT_TRAIL}, column Detail, by one of the words in brackets. These "
    "may be it, the likeliest first"
)

_IN_NO_WORDS = (
    "The answer has neither an error code of NetSuite's nor its header WWW-Authenticate; these may "
    "be it, the likeliest first"
)

_ANY_REASON = "token_rejected"
"""What NetSuite was seen to say of any login that it refuses (facts: all recordings)."""

_NOT_OF_A_CHECK = ("refused_before", "other_program", "too_many_requests")
"""What a check does not meet, or what stands before all others if it does."""

_BY_WHAT_STANDS_BETWEEN = ("header_changed", "request_repeated")


def check_login(case: Case) -> Finding:
    """Send the first signed request. What NetSuite answers to who may come in is another step's."""
    refused = RefusedLogins(default_path())
    mark = fingerprint(case.account, case.credentials)
    try:
        probe = case.probe([FIRST_TABLE])[FIRST_TABLE]
    except LoginRefused as refusal:
        if not (_took_long(refusal) or _has_another_address(case)):
            refused.remember(mark)
        return _refused(refusal, case)
    except NetSuiteError as error:
        return _unanswered(error, case)
    # NetSuite's own fault at a query is one at a query that it let in.
    if probe.trouble and not is_fault(probe.trouble):
        return _unanswered(probe.trouble, case)
    refused.forget(mark)  # Not before: runs that begin meanwhile would try what may be refused.
    return passed("NetSuite accepts the login")


def _has_another_address(case: Case) -> bool:
    """Whether a run would try the login in another way, too, which a check must not."""
    return case.settings.auth_method == OAUTH2 and not case.account.is_at_netsuite


def _refused(refusal: LoginRefused, case: Case) -> Finding:
    """What NetSuite names, or all that what was seen does not rule out; the likeliest first."""
    refusal.table = None  # Which one was asked for has nothing to do with it.
    word, causes = _named(refusal, case)
    note = f"NetSuite's answer names the reason: {word}"
    if not (refusal.code or refusal.reason):
        # NetSuite has answered in other words before, so its own causes are not ruled out.
        likely = cause("gateway_refuses")
        others = [each for each in _possible(refusal, case) if each != likely]
        note, causes = _IN_NO_WORDS, (likely, *others)
    elif not causes:
        note, causes = _IN_THE_AUDIT_TRAIL, tuple(_possible(refusal, case))
    return Finding(
        Status.FAILED,
        said_of(refusal),
        causes,
        notes=(note,),
        facts={"reason": word, "took": refusal.took, "audit_trail": AUDIT_TRAIL},
    )


def _named(refusal: LoginRefused, case: Case) -> tuple[str | None, tuple[Cause, ...]]:
    """NetSuite's word for the reason, and the causes that it stands for; none if for any."""
    words = [word for word in (refusal.reason, refusal.code) if word]
    for word in words:
        methods = ("", case.settings.auth_method)
        causes = [each for each in causes_of_audit(word) if each.method in methods]
        if causes and word != _ANY_REASON:
            left = [each for each in causes if not _is_out(each, case)]
            return word, tuple(left or causes)
    return next(iter(words), None), ()


def _possible(refusal: LoginRefused, case: Case) -> Iterator[Cause]:
    """First what was seen already, then what was not ruled out."""
    first = [*case.oddities]
    if _took_long(refusal):
        first.insert(0, cause("too_many_requests"))
    yield from first
    for likely in explanation_of("LoginRefused").causes_with(case.settings.auth_method):
        if likely not in first and not _is_out(likely, case):
            yield likely


def _took_long(refusal: LoginRefused) -> bool:
    """Whether it may be how NetSuite answers too many requests, and not be of the login at all."""
    return (refusal.took or 0.0) >= SLOW_REFUSAL


def _is_out(likely: Cause, case: Case) -> bool:
    """Whether a cause is ruled out by what was seen."""
    if likely.key == "clock_wrong":
        # The request was signed with NetSuite's time, or this host's is near enough to it.
        return case.skew is not None
    if likely.key in _BY_WHAT_STANDS_BETWEEN:
        return case.is_sealed
    return likely.key in _NOT_OF_A_CHECK


def _unanswered(error: NetSuiteError, case: Case) -> Finding:
    """What came instead of NetSuite's word; a page for people may be of no account at all."""
    trouble = error.last if isinstance(error, RetriesExhausted) else error
    trouble.table = None  # Which one was asked for has nothing to do with it.
    if not isinstance(trouble, MalformedResponse):
        return explained(error)
    likely = "account_id_wrong" if case.account.is_at_netsuite else "base_url_wrong"
    return explained(error).led_by(cause(likely))
