"""What the account refuses, in the envelope of NetSuite's REST web services.

::

    Refusal
     |- bad_request          400  INVALID_PARAMETER, INVALID_REQUEST, INVALID_CONTENT ...
     |- login_refused        401  one body for every reason
     |- forbidden            403  INSUFFICIENT_PERMISSION
     |- not_found            404  NONEXISTENT_ID, of an address
     |- no_record_type       404  NONEXISTENT_ID, of a record type
     |- no_record            404  NONEXISTENT_ID, of a record
     |- method_not_allowed   405  INVALID_METHOD
     |- not_acceptable       406  INVALID_HEADER, blaming Accept
     |- too_many_requests    429  CONCURRENCY_LIMIT_EXCEEDED, titled "Bad Request"
     |- unexpected           500  UNEXPECTED_ERROR with an error id
     `- not_imitated         501  NOT_IMPLEMENTED, which NetSuite does not have
"""

import json
import random
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from tap_netsuite_tba.simulator.exchange import resource_type

_RFC = "https://www.rfc-editor.org/rfc/rfc9110.html#section-15."
_SECTIONS = {
    400: "5.1",
    401: "5.2",
    403: "5.4",
    404: "5.5",
    405: "5.6",
    406: "5.7",
    500: "6.1",
    501: "6.2",
}
# Oracle's help still prints this one, without a section, beside the 401, the 429 and the 500.
_W3 = "https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html"
_W3_SECTIONS = {
    400: "#sec10.4.1",
    403: "#sec10.4.4",
    404: "#sec10.4.5",
    405: "#sec10.4.6",
    406: "#sec10.4.7",
    501: "#sec10.5.2",
}

_INVALID_LOGIN = (
    "Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at "
    "Setup > Users/Roles > User Management > View Login Audit Trail."
)
_TOO_MANY = "Concurrent request limit exceeded. Request blocked."
_TOO_MANY_AS_400 = (
    f"{_TOO_MANY} Verify your concurrency limits at "
    "Setup > Integration > Integration Management > Integration Governance."
)


@dataclass(eq=False)
class Refusal(Exception):  # NetSuite refuses; the simulator does not fail
    """An answer other than the one that was asked for.

    Attributes:
        status: the HTTP status.
        title: the title in the body, which NetSuite does not always derive from the status.
        details: the first entry of ``o:errorDetails``.
        code: a code beside ``o:errorDetails``, which only the 429 has.
        headers: more response headers.
        content_type: of the body.
    """

    status: int
    title: str
    details: Mapping[str, str]
    code: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = resource_type("error")

    def body(self, types: str) -> bytes:
        """Return the JSON that goes out.

        Args:
            types: whose documentation its ``type`` leads to, ``rfc9110`` or ``w3``; or ``2020``,
                when that was W3's and the title was the sentence.
        """
        section = _SECTIONS.get(self.status) if types == "rfc9110" else None
        old = _W3 + _W3_SECTIONS.get(self.status, "")
        if types == "2020":
            said = {"type": old, "title": self.details["detail"], "status": self.status}
            code = {"o:errorCode": self.details["o:errorCode"]}
            return json.dumps(said | code, separators=(",", ":")).encode()
        envelope: dict[str, object] = {
            "type": old if section is None else _RFC + section,
            "title": self.title,
            "status": self.status,
        }
        if self.code is not None:
            envelope["o:errorCode"] = self.code
        envelope["o:errorDetails"] = [dict(self.details)]
        return json.dumps(envelope, separators=(",", ":")).encode()


def _refusal(status: int, details: Mapping[str, str]) -> Refusal:
    return Refusal(status, HTTPStatus(status).phrase, details)


def bad_request(
    detail: str,
    code: str = "INVALID_PARAMETER",
    *,
    parameter: str | None = None,
    header: str | None = None,
) -> Refusal:
    """Return a 400 that blames a query parameter or a header.

    Args:
        detail: NetSuite's sentence.
        code: the ``o:errorCode``.
        parameter: the query parameter at fault.
        header: the request header at fault.
    """
    details = {"detail": detail}
    if parameter is not None:
        details["o:errorQueryParam"] = parameter
    if header is not None:
        details["o:errorHeader"] = header
    return _refusal(400, details | {"o:errorCode": code})


def login_refused(
    realm: str, error: str | None = "token_rejected", scheme: str = "OAuth", status: int = 401
) -> Refusal:
    """Return the one 401 that stands for every failed login.

    Args:
        realm: the account id.
        error: what ``WWW-Authenticate`` blames; None for no such header.
        scheme: in which the client tried to log in, ``OAuth`` or ``Bearer``.
        status: 400 of a bearer token that is malformed.
    """
    refusal = _refusal(status, {"detail": _INVALID_LOGIN, "o:errorCode": "INVALID_LOGIN"})
    if error is not None:
        refusal.headers = {
            "WWW-Authenticate": f'{scheme} realm="{realm}", error="{error}", '
            'error_description="Invalid login attempt."'
        }
    return refusal


def permission_violation(permission: str) -> str:
    """Return NetSuite's sentence for a page or a service that a permission opens."""
    return (
        "Error while accessing a resource. Permission Violation: You need the "
        f"'{permission}' permission to access this page. "
        "Please contact your account administrator."
    )


def forbidden() -> Refusal:
    """Return the 403 of a role that lacks the permission for a service."""
    detail = "You do not have permission to access this resource."
    return _refusal(403, {"detail": detail, "o:errorCode": "INSUFFICIENT_PERMISSION"})


def not_found(path: str) -> Refusal:
    """Return the 404 of an address without a service; its sentence is recorded nowhere."""
    return _nonexistent("The requested resource does not exist.", path)


def no_record_type(name: str, path: str) -> Refusal:
    """Return the 404 of a record type that NetSuite does not have, or hides from the role."""
    return _nonexistent(f"Record type '{name}' does not exist.", path)


def no_record() -> Refusal:
    """Return the 404 of an id that no record has."""
    detail = "The record instance does not exist. Provide a valid record instance ID."
    return _refusal(404, {"detail": detail, "o:errorCode": "NONEXISTENT_ID"})


def _nonexistent(detail: str, path: str) -> Refusal:
    return _refusal(404, {"detail": detail, "o:errorUrl": path, "o:errorCode": "NONEXISTENT_ID"})


def method_not_allowed(method: str) -> Refusal:
    """Return the 405 of a path that does not know ``method``."""
    detail = f"Method '{method}' is not allowed for this resource."
    return _refusal(405, {"detail": detail, "o:errorCode": "INVALID_METHOD"})


def not_acceptable() -> Refusal:
    """Return the 406 to an Accept header that names nothing there is."""
    detail = "None of the media types in the header 'Accept' is supported for this resource."
    details = {"detail": detail, "o:errorHeader": "Accept", "o:errorCode": "INVALID_HEADER"}
    return _refusal(406, details)


def too_many_requests(status: int = 429) -> Refusal:
    """Return the answer to a request over the concurrency limit.

    Args:
        status: 429 as Oracle documents it, or 400 as a client met it.
    """
    detail = _TOO_MANY if status == HTTPStatus.TOO_MANY_REQUESTS else _TOO_MANY_AS_400
    details = {"detail": detail, "o:errorCode": "CONCURRENCY_LIMIT_EXCEEDED"}
    return Refusal(status, "Bad Request", details, code="USER_ERROR")


def unexpected() -> Refusal:
    """Return the 500 of an account that stumbled."""
    error_id = "".join(random.choices(string.ascii_lowercase, k=20))  # noqa: S311  # no secret
    detail = f"An unexpected error occurred. Error ID: {error_id}"
    return _refusal(500, {"detail": detail, "o:errorCode": "UNEXPECTED_ERROR"})


def not_imitated(service: str, path: str) -> Refusal:
    """Return the 501 of a service that NetSuite has and the simulator has not, which it admits.

    Args:
        service: what NetSuite has there, such as ``record service``.
        path: of the request.
    """
    detail = f"This is not NetSuite's answer: the simulator does not imitate the {service} yet."
    return _refusal(501, {"detail": detail, "o:errorUrl": path, "o:errorCode": "NOT_IMPLEMENTED"})
