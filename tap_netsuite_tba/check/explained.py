"""Errors as findings, in the words that a run has for them."""

from collections.abc import Mapping

from tap_netsuite_tba.check.findings import Finding, Kind, Status
from tap_netsuite_tba.errors import TapNetSuiteError
from tap_netsuite_tba.explanations import Cause, explanation_of
from tap_netsuite_tba.netsuite.errors import LoginRefused, NetSuiteError, RetriesExhausted

KINDS: Mapping[str, Kind] = {
    "ConfigurationError": Kind.SETTINGS,
    "LoginRefused": Kind.LOGIN,
    "PermissionDenied": Kind.SERVICES,
    "QueryRefused": Kind.SERVICES,
    "NotFound": Kind.SERVICES,
    "RequestRefused": Kind.SERVICES,
    "CertificateRefused": Kind.NETWORK,
    "ConnectionFailed": Kind.NETWORK,
    "HostUnreachable": Kind.NETWORK,
    "MalformedResponse": Kind.NETWORK,
    "TimedOut": Kind.NETWORK,
}
"""What is at fault where an error ends a step; other trouble is of no kind of its own."""


def explained(error: TapNetSuiteError, **facts: object) -> Finding:
    """What ended a step, and its likely causes.

    Args:
        error: What was raised.
        facts: What else was seen.
    """
    trouble = error.last if isinstance(error, RetriesExhausted) else error
    name = type(trouble).__name__
    explanation = explanation_of(name)
    causes = trouble.causes if isinstance(trouble, LoginRefused) else explanation.causes
    return Finding(
        Status.FAILED,
        said_of(error),
        causes or (Cause(name, explanation.remedy, "", ""),),
        facts={"error": name, **facts},
        kind=KINDS.get(name, Kind.OTHER),
    )


def said_of(error: TapNetSuiteError) -> str:
    """What happened, without the remedy and the full stop."""
    if isinstance(error, RetriesExhausted):
        return f"No success for {error.seconds:.0f} s: {error.last.fact}".rstrip(".")
    return (error.fact if isinstance(error, NetSuiteError) else str(error)).rstrip(".")
