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
    ├── SessionsTaken                no slot for a request, for as long as trouble is borne
    ├── ClientClosed                 nobody wants the answer any more: the client was closed
    └── RetriesExhausted             temporary trouble that did not pass

Status and `o:errorCode` decide which it is, never the `type` URL, which changes between releases.
What each says, and what to do about it, is in `explanations.toml`.
"""

from collections.abc import Mapping
from datetime import datetime

from tap_netsuite_tba.errors import TapNetSuiteError
from tap_netsuite_tba.explanations import (
    AUDIT_TRAIL,
    Cause,
    cause,
    causes_of_audit,
    explanation_of,
)
from tap_netsuite_tba.netsuite.cleaning import cleaned, mark

_OWN_FAULT = (500, "UNEXPECTED_ERROR")

_ANY_REASON = "token_rejected"
"""What NetSuite was seen to say of any refused login, by TBA."""

_TOLD = 4
"""How many causes a message has; `netsuite-tba check` tells the others."""


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
        reason: Why a login was refused, by the word in `WWW-Authenticate`; NetSuite may say
            `token_rejected` for any reason.
        took: How many seconds the answer took; None if that was not measured.
        at: When it was met, by NetSuite's clock; None where no client met it.
    """

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
        reason: str | None = None,
    ) -> None:
        detail = cleaned(detail)
        super().__init__(detail)
        self.detail = detail
        self.status = status
        self.code = mark(code)
        self.path = mark(path)
        self.request_id = mark(request_id)
        self.table = table
        self.retry_after = retry_after
        self.reason = mark(reason)
        self.took: float | None = None
        self.at: datetime | None = None

    def __str__(self) -> str:
        """What happened, where, and what to do, in full sentences."""
        return f"{self.fact} {self.remedy}".rstrip()

    @property
    def what(self) -> str:
        """What happened, the beginning of the message."""
        return explanation_of(type(self).__name__).what

    @property
    def remedy(self) -> str:
        """What to do about it, the end of the message."""
        return explanation_of(type(self).__name__).remedy

    @property
    def fact(self) -> str:
        """What happened and where, in a sentence."""
        # A login is refused whatever was asked for.
        is_about = self.table and not isinstance(self, LoginRefused)
        where = f" ({self.table})" if is_about else ""
        why = f": {self.detail}" if self.detail else ""
        marks = [
            str(self.status or ""),
            self.code or "",
            f"at {self.path}" if self.path else "",
            f"operation {self.request_id}" if self.request_id else "",
        ]
        answer = ", ".join(filter(None, marks))
        happened = f"{self.what}{where}{why}".rstrip(".")
        return f"{happened} [{answer}]." if answer else f"{happened}."


class RequestRefused(NetSuiteError):
    """NetSuite refused the request, and would do so again."""


class QueryRefused(RequestRefused):
    """NetSuite refused the SuiteQL itself."""


class LoginRefused(RequestRefused):
    """NetSuite refused the signature, the token, the integration or the account id."""

    @property
    def causes(self) -> tuple[Cause, ...]:
        """What may be the reason, the likeliest first; those of NetSuite's word for it, if any."""
        words = {word for word in (self.reason, self.code) if word and word != _ANY_REASON}
        told = {each for word in words for each in causes_of_audit(word)}
        methods = {each.method for each in told}
        # A word that both have was said of a signature: the answers of OAuth 2.0 have their own.
        by_oauth2 = (self.code or "").islower() or ("oauth2" in methods and "tba" not in methods)
        ranked = explanation_of(type(self).__name__)
        likely = ranked.causes_with("oauth2" if by_oauth2 else "tba")
        if self.status and not (self.code or self.reason):
            return (cause("gateway_refuses"), *likely)
        return tuple(each for each in likely if each in told) or likely

    @property
    def remedy(self) -> str:
        """The likeliest causes, where NetSuite says the true one, and what not to do."""
        likely = " ".join(f"({n}) {each.cause}" for n, each in enumerate(self.causes[:_TOLD], 1))
        return (
            f"Why, the likeliest first: {likely} NetSuite says the true one at {AUDIT_TRAIL}, "
            f"column Detail. {super().remedy}"
        )


class PermissionDenied(RequestRefused):
    """The login is good, the role may not do this."""


class NotFound(RequestRefused):
    """There is nothing at this address."""


class TemporaryTrouble(NetSuiteError):
    """Asking again, a little later, may help."""


class ConcurrencyLimitExceeded(TemporaryTrouble):
    """The account has as many requests in flight as it may have."""


class ServerFault(TemporaryTrouble):
    """NetSuite, or a gateway before it, failed."""


class MalformedResponse(TemporaryTrouble):
    """The answer is not the JSON that was promised."""


class ConnectionFailed(TemporaryTrouble):
    """There is no connection, or it broke before the answer began."""


class HostUnreachable(ConnectionFailed):
    """The host's name does not resolve, or no network leads to it."""


class CertificateRefused(ConnectionFailed):
    """The certificate of the host that answers is not trusted."""


class TimedOut(NetSuiteError):
    """NetSuite did not answer in time; it may still be working on the request."""


class SessionsTaken(NetSuiteError):
    """Other programs, or requests that were given up, kept every slot from this process."""


class ClientClosed(NetSuiteError):
    """The client was closed before, or while, it was asked."""


class RetriesExhausted(NetSuiteError):
    """Temporary trouble that did not pass; `last` is what it was at last.

    Attributes:
        last: The trouble that was met by the last attempt.
        seconds: How long no request on the account had succeeded.
        met: Which troubles all of its requests met in that time, and how often.
    """

    def __init__(
        self,
        last: NetSuiteError,
        *,
        seconds: float,
        met: Mapping[type[NetSuiteError], int] | None = None,
    ) -> None:
        super().__init__(
            last.detail,
            status=last.status,
            code=last.code,
            path=last.path,
            request_id=last.request_id,
            table=last.table,
            retry_after=last.retry_after,
            reason=last.reason,
        )
        self.last = last
        self.at = last.at
        self.seconds = seconds
        self.met = dict(met or {})

    def __str__(self) -> str:
        """How long the trouble was borne, what it was at last, and what to do."""
        asked = f", and NetSuite asks to wait {self.retry_after:g} s" if self.retry_after else ""
        met = [f"{explanation_of(kind.__name__).what}: {n}" for kind, n in self.met.items()]
        times = f" ({'; '.join(met)})" if met else ""
        return f"{self.what} {self.seconds:.0f} s{times}{asked}. {self.last} {self.remedy}"


def said_by(error: Exception) -> str:
    """What happened, without the remedy, for trouble that was got round."""
    if isinstance(error, RetriesExhausted):
        return error.last.fact
    return error.fact if isinstance(error, NetSuiteError) else str(error)


def is_refusal(error: NetSuiteError) -> bool:
    """Whether NetSuite will not do what was asked, for good, though login and address are good."""
    return isinstance(error, RequestRefused) and not isinstance(error, (LoginRefused, NotFound))


def proves_login(error: BaseException) -> bool:
    """Whether it is NetSuite's own refusal of something else than the login."""
    return (
        isinstance(error, RequestRefused)
        and not isinstance(error, LoginRefused)
        and error.code is not None
    )


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
    return isinstance(error, (LoginRefused, ConnectionFailed, SessionsTaken, ClientClosed))
