"""What the RESTlets' side of NetSuite refuses: in an envelope and with codes of its own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from tap_netsuite_tba.simulator.errors import Refusal

CONTENT_TYPE = "application/json;charset=utf-8"
# Status and code, by the code of the REST web services.
_WORDS: Mapping[str, tuple[int, str]] = {
    "CONCURRENCY_LIMIT_EXCEEDED": (400, "SSS_REQUEST_LIMIT_EXCEEDED"),
    "INVALID_LOGIN": (401, "INVALID_LOGIN_ATTEMPT"),
}
# Oracle's chapter_157011522878
_WEB_SERVICES_ONLY = {
    "detail": "Invalid login credentials.",
    "o:errorCode": "INVALID_LOGIN_CREDENTIALS",
}


@dataclass(eq=False)
class RestletRefusal(Refusal):
    """A refusal in the envelope of RESTlets."""

    content_type: str = CONTENT_TYPE

    def body(self, types: str) -> bytes:  # noqa: ARG002  # it has no type
        """Return the JSON that goes out."""
        error = {"code": self.code, "message": self.details["detail"]}
        return json.dumps({"error": error}, separators=(",", ":")).encode()


def in_restlet_words(refusal: Refusal) -> RestletRefusal:
    """Return what RESTlets say where the REST web services say ``refusal``."""
    code = refusal.details["o:errorCode"]
    status, code = _WORDS.get(code, (refusal.status, code))
    return RestletRefusal(status, refusal.title, refusal.details, code, refusal.headers)


def web_services_only() -> Refusal:
    """Return the refusal to a role for web services only."""
    return Refusal(401, "Unauthorized", _WEB_SERVICES_ONLY)
