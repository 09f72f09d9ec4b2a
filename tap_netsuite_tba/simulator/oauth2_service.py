"""The token endpoint of OAuth 2.0: an assertion goes in, an access token comes out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from tap_netsuite_tba.simulator.account import Route
from tap_netsuite_tba.simulator.audit import AuditReason, LoginRefusedError
from tap_netsuite_tba.simulator.errors import method_not_allowed
from tap_netsuite_tba.simulator.exchange import Answer, Request
from tap_netsuite_tba.simulator.logins import Logins
from tap_netsuite_tba.simulator.oauth2 import Claim, OAuth2
from tap_netsuite_tba.simulator.oauth2_assertions import malformed
from tap_netsuite_tba.simulator.switches import Switches

TOKEN_PATH = "/services/rest/auth/oauth2/v1/token"  # noqa: S105  # a path
_JSON = "application/json;charset=UTF-8"
_FORM = "application/x-www-form-urlencoded"
_ERRORS: Mapping[AuditReason, str] = {
    AuditReason.INVALID_REQUEST: "invalid_request",
    AuditReason.SCOPE_MISMATCHED: "invalid_scope",
    AuditReason.INVALID_INTEGRATION: "invalid_client",
    AuditReason.CONSUMER_KEY_REFUSED: "invalid_client",
}
"""What the answer calls a reason; any other is an ``invalid_grant``."""


@dataclass(frozen=True)
class TokenService:
    """Answers ``/services/rest/auth/oauth2/v1/token``, as section_162755359851 describes it.

    Attributes:
        account_id: of the account.
        logins: its door.
        oauth2: its certificates and tokens.
        switches: how the answer is written.
    """

    account_id: str
    logins: Logins
    oauth2: OAuth2
    switches: Switches

    def routes(self) -> list[Route]:
        """Return where it is."""
        return [Route(TOKEN_PATH, self.answer, needs_login=False, takes_place=True)]

    def answer(self, request: Request) -> Answer:
        """Answer a request for an access token.

        Raises:
            Refusal: the method is wrong.
        """
        if request.method != "POST":
            raise method_not_allowed(request.method)
        try:
            claim = self.logins.admit(
                lambda: self._read(request),
                lambda claim: self.oauth2.prove(claim, self._addresses(request)),
            )
        except LoginRefusedError as refused:
            return self._refused(_ERRORS.get(refused.reason, "invalid_grant"))
        granted: dict[str, object] = {"access_token": self.oauth2.token(claim.certificate)}
        seconds = int(self.oauth2.lifetime)
        match self.switches.expires_in:
            case "number":
                granted["expires_in"] = seconds
            case "text":
                granted["expires_in"] = str(seconds)
        granted["token_type"] = self.switches.token_type
        return _answer(200, granted)

    def _read(self, request: Request) -> Claim:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
            raise malformed(f"the body is no {_FORM}")
        return self.oauth2.claim(request.body)

    def _addresses(self, request: Request) -> set[str]:
        """Return the addresses of this service: NetSuite's, and the one that the client sees."""
        label = self.account_id.lower().replace("_", "-")
        hosts = (f"https://{label}.suitetalk.api.netsuite.com", request.root)
        return {host + TOKEN_PATH for host in hosts}

    def _refused(self, error: str) -> Answer:
        if error == "invalid_client":
            challenge = {"WWW-Authenticate": f'Basic realm="{self.account_id}"'}
            return _answer(401, {"error": error}, challenge)
        return _answer(400, {"error": error})


def _answer(status: int, body: object, headers: Mapping[str, str] | None = None) -> Answer:
    kept_nowhere = {"Cache-Control": "no-store", **(headers or {})}
    return Answer(status, _JSON, json.dumps(body).encode(), kept_nowhere)
