"""What the account refuses, in the envelope of NetSuite's REST web services.

::

    Refusal
     |- bad_request          400  INVALID_PARAMETER, INVALID_REQUEST, INVALID_CONTENT ...
     |- login_refused        401  one body for every reason
     |- not_found            404  NONEXISTENT_ID
     |- method_not_allowed   405  INVALID_METHOD
     |- too_many_requests    429  CONCURRENCY_LIMIT_EXCEEDED, titled "Bad Request"
     `- unexpected           500  UNEXPECTED_ERROR with an error id
"""

import json
import random
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

_RFC = "https://www.rfc-editor.org/rfc/rfc9110.html#section-15."
_SECTIONS = {400: "5.1", 401: "5.2", 403: "5.4", 404: "5.5", 405: "5.6", 500: "6.1"}
# Oracle's help still prints this one beside the 429 and the 500.
_OLD_TYPE = "https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html"

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
        type: the documentation address in the body.
        code: a code beside ``o:errorDetails``, which only the 429 has.
        headers: more response headers.
    """

    status: int
    title: str
    details: Mapping[str, str]
    type: str
    code: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        """Return the JSON that goes out."""
        envelope: dict[str, object] = {
            "type": self.type,
            "title": self.title,
            "status": self.status,
        }
        if self.code is not None:
            envelope["o:errorCode"] = self.code
        envelope["o:errorDetails"] = [dict(self.details)]
        return json.dumps(envelope, separators=(",", ":")).encode()


def _refusal(status: int, details: Mapping[str, str]) -> Refusal:
    return Refusal(status, HTTPStatus(status).phrase, details, _RFC + _SECTIONS[status])


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


def login_refused(realm: str) -> Refusal:
    """Return the one 401 that stands for every failed login."""
    refusal = _refusal(401, {"detail": _INVALID_LOGIN, "o:errorCode": "INVALID_LOGIN"})
    refusal.headers = {
        "WWW-Authenticate": f'OAuth realm="{realm}", error="token_rejected", '
        'error_description="Invalid login attempt."'
    }
    return refusal


def not_found(path: str) -> Refusal:
    """Return the 404 of a path that serves nothing."""
    kind = path.rstrip("/").rsplit("/", 1)[-1]
    detail = f"Record type '{kind}' does not exist."
    return _refusal(404, {"detail": detail, "o:errorUrl": path, "o:errorCode": "NONEXISTENT_ID"})


def method_not_allowed(method: str) -> Refusal:
    """Return the 405 of a path that does not know ``method``."""
    detail = f"Method '{method}' is not allowed for this resource."
    return _refusal(405, {"detail": detail, "o:errorCode": "INVALID_METHOD"})


def too_many_requests(status: int = 429) -> Refusal:
    """Return the answer to a request over the concurrency limit.

    Args:
        status: 429 as Oracle documents it, or 400 as a client met it.
    """
    detail = _TOO_MANY if status == HTTPStatus.TOO_MANY_REQUESTS else _TOO_MANY_AS_400
    details = {"detail": detail, "o:errorCode": "CONCURRENCY_LIMIT_EXCEEDED"}
    return Refusal(status, "Bad Request", details, _OLD_TYPE, code="USER_ERROR")


def unexpected() -> Refusal:
    """Return the 500 of an account that stumbled."""
    error_id = "".join(random.choices(string.ascii_lowercase, k=20))  # noqa: S311  # no secret
    detail = f"An unexpected error occurred. Error ID: {error_id}"
    return _refusal(500, {"detail": detail, "o:errorCode": "UNEXPECTED_ERROR"})
