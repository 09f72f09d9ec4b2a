"""What NetSuite, or the way to it, answered instead of a page.

    NetSuiteError
    ├── RequestRefused               a 4xx in JSON: asking the same again gives the same
    │   ├── QueryRefused             400: the SuiteQL names what the role cannot have, or is wrong
    │   ├── LoginRefused             401, whatever its body is
    │   ├── PermissionDenied         403
    │   └── NotFound                 404
    ├── TemporaryTrouble             asking again may help
    │   ├── ConcurrencyLimitExceeded 429, or its code under any status
    │   ├── ServerFault              5xx
    │   ├── MalformedResponse        not the JSON that was promised: cut, HTML, a redirect; so
    │   │                            may be a 4xx, which is a gateway's then
    │   └── ConnectionFailed         no connection, or it broke before the answer
    │       ├── HostUnreachable      the name does not resolve, or there is no network
    │       └── CertificateRefused   who answers cannot prove to be NetSuite
    ├── TimedOut                     no answer in time: asking for fewer rows may help
    ├── ClientClosed                 nobody wants the answer any more: the client was closed
    └── RetriesExhausted             temporary trouble that did not pass

Status and `o:errorCode` decide which it is, never the `type` URL, which changes between releases.
"""

from typing import ClassVar

from tap_netsuite_tba.errors import TapNetSuiteError

_OWN_FAULT = (500, "UNEXPECTED_ERROR")


class NetSuiteError(TapNetSuiteError):
    """The root, and what has no class of its own.

    Attributes:
        detail: NetSuite's own words, or the cause that the network gave.
        status: The HTTP status; None without an answer.
        code: NetSuite's `o:errorCode`.
        path: The part of the request that it is about: a parameter, a header, a field, a URL.
        request_id: NetSuite's id of the operation (`x-n-operationid`), for its support.
        table: The table that was asked for.
        retry_after: How many seconds NetSuite asks to wait.
        what: What happened, the beginning of the message.
        remedy: What to do about it, the end of the message.
    """

    what: ClassVar[str] = "NetSuite gave no answer that can be used"
    remedy: ClassVar[str] = ""

    def __init__(  # noqa: PLR0913 - each is a part of the answer
        self,
        detail: str = "",
        *,
        status: int | None = None,
        code: str | None = None,
        path: str | None = None,
        request_id: str | None = None,
        table: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status
        self.code = code
        self.path = path
        self.request_id = request_id
        self.table = table
        self.retry_after = retry_after

    def __str__(self) -> str:
        """What happened, where, and what to do, in full sentences."""
        return f"{self.fact} {self.remedy}".rstrip()

    @property
    def fact(self) -> str:
        """What happened and where, in a sentence."""
        where = f" ({self.table})" if self.table else ""
        cause = f": {self.detail}" if self.detail else ""
        marks = [
            str(self.status or ""),
            self.code or "",
            f"at {self.path}" if self.path else "",
            f"operation {self.request_id}" if self.request_id else "",
        ]
        answer = ", ".join(filter(None, marks))
        happened = f"{self.what}{where}{cause}".rstrip(".")
        return f"{happened} [{answer}]." if answer else f"{happened}."


class RequestRefused(NetSuiteError):
    """NetSuite refused the request, and would do so again."""

    what = "NetSuite refused the request"
    remedy = "Asking again would not help; NetSuite's own words above say what it wants."


class QueryRefused(RequestRefused):
    """NetSuite refused the SuiteQL itself."""

    what = "NetSuite refused the query"
    remedy = (
        "Either the role may not see what it names (Setup > Users/Roles > Manage Roles), or the "
        "account does not have it, for want of a feature; leave it out, or give the role the "
        "permission."
    )


class LoginRefused(RequestRefused):
    """NetSuite refused the signature, the token, the integration or the account id."""

    what = "NetSuite refused the login"
    remedy = (
        "NetSuite says the true reason only in its own user interface: Setup > Users/Roles > View "
        "Login Audit Trail, column Detail. Check that account_id, consumer_key, consumer_secret, "
        "token_id and token_secret belong together (a sandbox has its own, and loses them when it "
        "is refreshed), that integration, token, user and role are active, and that the role has "
        "the permissions 'Log in using Access Tokens' and 'REST Web Services'. Do not simply run "
        "again: five refused logins lock the user out for half an hour."
    )


class PermissionDenied(RequestRefused):
    """The login is good, the role may not do this."""

    what = "NetSuite denies this role the permission"
    remedy = (
        "Give the role 'REST Web Services', 'SuiteAnalytics Workbook' and the permission for the "
        "record at Setup > Users/Roles > Manage Roles."
    )


class NotFound(RequestRefused):
    """There is nothing at this address."""

    what = "NetSuite has nothing at this address"
    remedy = (
        "Check account_id and base_url, and that 'REST Web Services' is switched on at Setup > "
        "Company > Enable Features > SuiteCloud."
    )


class TemporaryTrouble(NetSuiteError):
    """Asking again, a little later, may help."""


class ConcurrencyLimitExceeded(TemporaryTrouble):
    """The account has as many requests in flight as it may have."""

    what = "The NetSuite account is at its limit of concurrent requests"
    remedy = (
        "Other programs use the account at the same time: lower max_sessions, or see Setup > "
        "Integration > Integration Management > Integration Governance."
    )


class ServerFault(TemporaryTrouble):
    """NetSuite, or a gateway before it, failed."""

    what = "NetSuite failed"
    remedy = "If it goes on, see https://status.netsuite.com, or give NetSuite the operation's id."


class MalformedResponse(TemporaryTrouble):
    """The answer is not the JSON that was promised."""

    what = "NetSuite's answer is not what it promises"
    remedy = "If it goes on, look at what stands between here and NetSuite, and at base_url."


class ConnectionFailed(TemporaryTrouble):
    """There is no connection, or it broke before the answer began."""

    what = "The connection to NetSuite failed"
    remedy = "Check the network, and the proxy if there is one."


class HostUnreachable(ConnectionFailed):
    """The host's name does not resolve, or no network leads to it."""

    what = "NetSuite's host cannot be reached"
    remedy = (
        "Check account_id (and base_url, if it is set), that this machine is on the network, and "
        "that its name server and proxy answer."
    )


class CertificateRefused(ConnectionFailed):
    """The certificate of the host that answers is not trusted."""

    what = "The host that answers cannot prove to be NetSuite's"
    remedy = (
        "Where a company proxy opens encrypted traffic, set REQUESTS_CA_BUNDLE to its certificate; "
        "otherwise check account_id and base_url."
    )


class TimedOut(NetSuiteError):
    """NetSuite did not answer in time; it may still be working on the request."""

    what = "NetSuite did not answer in time"
    remedy = "Fewer rows or columns a request may help."


class ClientClosed(NetSuiteError):
    """The client was closed before, or while, it was asked."""

    what = "The connection to NetSuite is closed"
    remedy = "The run that opened it is over; a new one opens its own."


class RetriesExhausted(NetSuiteError):
    """Temporary trouble that did not pass; `last` is what it was at last.

    Attributes:
        last: The trouble that was met by the last attempt.
        seconds: How long no request on the account had succeeded.
    """

    remedy = "To wait longer, raise retry_timeout_seconds."

    def __init__(self, last: NetSuiteError, *, seconds: float) -> None:
        super().__init__(
            last.detail,
            status=last.status,
            code=last.code,
            path=last.path,
            request_id=last.request_id,
            table=last.table,
            retry_after=last.retry_after,
        )
        self.last = last
        self.seconds = seconds

    def __str__(self) -> str:
        """How long the trouble was borne, what it was at last, and what to do."""
        asked = f", and NetSuite asks to wait {self.retry_after:g} s" if self.retry_after else ""
        return f"Gave up: no success for {self.seconds:.0f} s{asked}. {self.last} {self.remedy}"


def said_by(error: Exception) -> str:
    """What happened, without the remedy, for trouble that was got round."""
    if isinstance(error, RetriesExhausted):
        return error.last.fact
    return error.fact if isinstance(error, NetSuiteError) else str(error)


def is_refusal(error: NetSuiteError) -> bool:
    """Whether NetSuite will not do what was asked, for good, though login and address are good."""
    return isinstance(error, RequestRefused) and not isinstance(error, (LoginRefused, NotFound))


def may_be_of_query(error: NetSuiteError) -> bool:
    """Whether it is how NetSuite answers some queries that it cannot do: its own 500, in JSON.

    An outage may look the same. A gateway's 5xx, or one that asks to wait, is of no query.
    """
    is_own = (error.status, error.code) == _OWN_FAULT and error.retry_after is None
    return isinstance(error, ServerFault) and is_own


def is_fault(error: NetSuiteError) -> bool:
    """Whether NetSuite itself failed at a query time and again."""
    return isinstance(error, RetriesExhausted) and may_be_of_query(error.last)


def is_unanswerable(error: NetSuiteError) -> bool:
    """Whether a query that can be done without had better not be asked again."""
    failed = isinstance(error, RetriesExhausted) and isinstance(error.last, ServerFault)
    return failed or is_refusal(error) or isinstance(error, TimedOut)


def concerns_the_account(error: NetSuiteError) -> bool:
    """Whether the next table would meet the same error, so that a run had better end."""
    if isinstance(error, RetriesExhausted):
        return not isinstance(error.last, (ServerFault, MalformedResponse, TimedOut))
    return isinstance(error, (LoginRefused, ConnectionFailed, ClientClosed))
