"""What a client gets instead of its answer: from a busy account, a fault, a gateway."""

from collections.abc import Mapping

from tap_netsuite_tba.simulator.errors import (
    Refusal,
    login_refused,
    too_many_requests,
    unexpected,
)
from tap_netsuite_tba.simulator.exchange import Answer, resource_type
from tap_netsuite_tba.simulator.faults import Fault, FaultKind
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported
from tap_netsuite_tba.simulator.switches import Switches

_PAGE = "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"
_PAGES: Mapping[FaultKind, tuple[int, str, Mapping[str, str]]] = {
    FaultKind.UNAUTHORIZED_PAGE: (401, "401 Authorization Required", {}),
    FaultKind.FORBIDDEN_PAGE: (403, "403 Forbidden", {}),
    FaultKind.REDIRECT: (302, "302 Found", {"Location": "https://elsewhere.example/"}),
    FaultKind.BAD_GATEWAY: (502, "502 Bad Gateway", {}),
    FaultKind.UNAVAILABLE: (503, "Service Unavailable", {}),
    FaultKind.MAINTENANCE: (200, "Scheduled Maintenance", {}),
}
_TOO_MANY: Mapping[FaultKind, str] = {
    FaultKind.TOO_MANY_REQUESTS: "429",
    FaultKind.TOO_MANY_REQUESTS_AS_400: "400",
    FaultKind.TOO_MANY_REQUESTS_AS_401: "401",
}


def page(status: int, title: str, headers: Mapping[str, str] | None = None) -> Answer:
    """Return a page in HTML, as gateways send it."""
    body = _PAGE.format(title).encode()
    return Answer(status, "text/html; charset=UTF-8", body, headers or {})


def refused(refusal: Refusal, switches: Switches) -> Answer:
    """Return a refusal as it goes out."""
    body = refusal.body(switches.error_types)
    return Answer(refusal.status, refusal.content_type, body, refusal.headers)


def over_limit(form: str, account_id: str, retry_after: int | None) -> Refusal:
    """Return the answer to a request over the concurrency limit.

    Args:
        form: the status: ``429``, ``400`` or ``401``.
        account_id: for the 401, which looks like a refused login.
        retry_after: seconds for the header Retry-After of the 429; None for no header.
    """
    if form == "401":
        return login_refused(account_id)
    refusal = too_many_requests(int(form))
    if form == "429" and retry_after is not None:
        refusal.headers = {"Retry-After": str(retry_after)}
    return refusal


def wrong_answer(
    fault: Fault, account_id: str, retry_after: int | None, switches: Switches
) -> Answer | None:
    """Return the answer of a fault that lies in the answer; None of any other.

    Args:
        fault: what goes wrong.
        account_id: for the 401, which looks like a refused login.
        retry_after: seconds for the header Retry-After of a 429, unless the fault says.
        switches: how an error looks.
    """
    kind = fault.kind
    if kind in _PAGES:
        return page(*_PAGES[kind])
    if kind in _TOO_MANY:
        seconds = retry_after if fault.retry_after is None else fault.retry_after
        return refused(over_limit(_TOO_MANY[kind], account_id, seconds), switches)
    if kind is FaultKind.REFUSED:
        return refused(unsupported(), switches)
    if kind is FaultKind.UNEXPECTED_ERROR:
        return refused(unexpected(), switches)
    if kind is FaultKind.WRONG_JSON:
        return Answer(200, resource_type("collection"), b'{"links":[],"count":1,"hasMore":false,')
    return None
