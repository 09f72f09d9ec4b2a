"""What NetSuite tells about itself: its limits, its time, its addresses, and whose a token is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tap_netsuite_tba.simulator.account import Route
from tap_netsuite_tba.simulator.audit import AuditReason
from tap_netsuite_tba.simulator.errors import (
    forbidden,
    login_refused,
    method_not_allowed,
    not_found,
)
from tap_netsuite_tba.simulator.exchange import Answer, Request, resource_type
from tap_netsuite_tba.simulator.governance import Governance
from tap_netsuite_tba.simulator.logins import Logins
from tap_netsuite_tba.simulator.restlet_words import web_services_only
from tap_netsuite_tba.simulator.roles import Role, refused_service
from tap_netsuite_tba.simulator.switches import Switches

GOVERNANCE_LIMITS = "/services/rest/system/v1/governanceLimits"
SERVER_TIME = "/services/rest/system/v1/serverTime"
TOKEN_INFO = "/rest/tokeninfo"  # noqa: S105  # a path
DATA_CENTER_URLS = "/rest/datacenterurls"

_JSON = "application/json;charset=utf-8"
_COMPANY = "Hallgrove Manufacturing Inc."
_USER_ID = 42
_USER = "integration@hallgrove.example"
_ADMINISTRATOR_ID = 3  # in every account; roles that people make are numbered from 1000
_OTHER_ROLE_ID = 1042


@dataclass(frozen=True)
class TokenHolder:
    """Whose a token is.

    Attributes:
        company_id: the account id.
        company_name: as on its forms.
        role_id: internal id of the role.
        role_name: such as ``Administrator``.
        user_id: internal id of the employee.
        user_name: the employee's e-mail address.
    """

    company_id: str
    company_name: str
    role_id: int
    role_name: str
    user_id: int
    user_name: str


def token_holder(account_id: str, role: Role) -> TokenHolder:
    """Return whose a token of ``role`` is."""
    role_id = _ADMINISTRATOR_ID if role.is_administrator else _OTHER_ROLE_ID
    return TokenHolder(account_id, _COMPANY, role_id, role.name, _USER_ID, _USER)


@dataclass(frozen=True)
class SystemService:
    """Answers ``/services/rest/system/v1``, ``tokeninfo`` and ``datacenterurls``.

    Attributes:
        logins: the account's door, which knows the token's role.
        governance: the account's.
        account_id: of the account.
        switches: what tokeninfo and governanceLimits say.
    """

    logins: Logins
    governance: Governance
    account_id: str
    switches: Switches

    def routes(self) -> list[Route]:
        """Return where each is."""
        return [
            Route(GOVERNANCE_LIMITS, self.governance_limits),
            Route(SERVER_TIME, self.server_time),
            Route(TOKEN_INFO, self.token_info),
            Route(DATA_CENTER_URLS, self.data_center_urls, needs_login=False),
        ]

    def governance_limits(self, request: Request) -> Answer:
        """Answer what the concurrency limits are, as Oracle's article_0625010817 prints it.

        Raises:
            Refusal: the role is not the administrator, the account is older than the service, or
                the method is wrong.
        """
        _check_get(request)
        if self.switches.governance_limits == "404":
            raise not_found(request.path)
        if not self.logins.role.is_administrator:
            raise refused_service(self.switches.governance_limits, "Administrator", request.path)
        governance = self.governance
        own = governance.allocation
        taken = governance.others + (own or 0)
        limits: dict[str, object] = {
            "accountConcurrencyLimit": governance.limit,
            "accountUnallocatedConcurrencyLimit": max(0, governance.limit - taken),
        }
        if own is not None:
            limits["integrationConcurrencyLimit"] = own
        limits["integrationLimitType"] = _limit_type(governance)
        return _answer(limits, resource_type("singular"))

    def server_time(self, request: Request) -> Answer:
        """Answer what time it is, in UTC, as Oracle's article_0528010158 prints it.

        Raises:
            Refusal: the method is wrong.
        """
        _check_get(request)
        now = self.logins.clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return _answer({"serverTime": now}, resource_type("singular"))

    def token_info(self, request: Request) -> Answer:
        """Answer whose the token is; which names the answer has is known from clients only.

        Raises:
            Refusal: the role, or by the switch any token, is not let in, or the method is wrong.
        """
        _check_get(request)
        self._check_token_info(request)
        holder = token_holder(self.account_id, self.logins.role)
        body = {
            "companyId": holder.company_id,
            "companyName": holder.company_name,
            "roleId": holder.role_id,
            "roleName": holder.role_name,
            "userId": holder.user_id,
            "userName": holder.user_name,
        }
        return _answer(body, _JSON)

    def _check_token_info(self, request: Request) -> None:
        if self.logins.role.web_services_only:
            detail = "the role is for web services only, and tokeninfo is none"
            self.logins.refuse(AuditReason.PERMISSION_DENIED, detail)
            raise web_services_only()
        match self.switches.token_info:
            case "absent":
                raise not_found(request.path)
            case "403":
                raise forbidden()
            case "401":
                detail = "tokeninfo lets no token in, by the switch token_info"
                self.logins.refuse(AuditReason.TOKEN_REJECTED, detail)
                raise login_refused(self.account_id)

    def data_center_urls(self, request: Request) -> Answer:
        """Answer where the account is served: here, whatever account is asked for.

        Raises:
            Refusal: the method is wrong.
        """
        _check_get(request)
        names = ("webservicesDomain", "restDomain", "systemDomain")
        return _answer(dict.fromkeys(names, request.root), _JSON)


def _limit_type(governance: Governance) -> str:
    if governance.is_internal:
        return "internal"
    return "accountLimit" if governance.allocation is None else "integrationSpecific"


def _check_get(request: Request) -> None:
    if request.method != "GET":
        raise method_not_allowed(request.method)


def _answer(body: Mapping[str, Any], content_type: str) -> Answer:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Answer(200, content_type, text.encode())
