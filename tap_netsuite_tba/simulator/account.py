"""The account: who comes in, how many at once, what goes wrong, and which service answers."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from tap_netsuite_tba.simulator.audit import AuditReason, LoginRefusedError
from tap_netsuite_tba.simulator.errors import Refusal, login_refused, not_found, unexpected
from tap_netsuite_tba.simulator.exchange import Answer, Request, Served
from tap_netsuite_tba.simulator.faults import Fault, FaultKind, Faults
from tap_netsuite_tba.simulator.governance import (
    ConcurrencyLimitExceededError,
    Governance,
    Session,
)
from tap_netsuite_tba.simulator.logins import Logins
from tap_netsuite_tba.simulator.restlet_words import in_restlet_words
from tap_netsuite_tba.simulator.roles import check_service
from tap_netsuite_tba.simulator.signatures import SignedRequest, is_bearer
from tap_netsuite_tba.simulator.switches import Switches
from tap_netsuite_tba.simulator.web_server import WebServer
from tap_netsuite_tba.simulator.wrong_answers import over_limit, refused, wrong_answer

Service = Callable[[Request], Answer]
logger = logging.getLogger(__name__)
_CRASHED = "The simulator met an error of its own"
_RESTLETS = "/rest/"
_RETRY_AFTER_SECONDS = 1  # no source names a number


@dataclass(frozen=True)
class Route:
    """Where a service is.

    Attributes:
        path: its own; one that ends in a slash or an underscore stands for all that begins so.
        service: answers there.
        needs_login: whether a request has to be signed, or carry an access token.
        takes_place: whether a request without a login counts as concurrent with others.
    """

    path: str
    service: Service
    needs_login: bool = True
    takes_place: bool = False

    def leads(self, path: str) -> bool:
        """Tell whether ``path`` is the service's."""
        return path == self.path or (self.path.endswith(("/", "_")) and path.startswith(self.path))


@dataclass(frozen=True)
class Counters:
    """What an account has seen.

    Attributes:
        requests: all that arrived.
        services: how many each service was asked, by its path; one that ends in a slash stands
            for all that begins so.
        answers: how many of each HTTP status, before faults.
        in_flight: requests that are worked on now.
        peak_in_flight: most requests that were worked on at one instant.
        mean_in_flight: averaged from the first request's start to the last one's end.
        over_limit: requests over the concurrency limit.
        refused_logins: how many for each reason.
        dealt_faults: how many of each kind.
        crashes: errors of the simulator itself; the log has their tracebacks.
    """

    requests: int
    services: Mapping[str, int]
    answers: Mapping[int, int]
    in_flight: int
    peak_in_flight: int
    mean_in_flight: float
    over_limit: int
    refused_logins: Mapping[AuditReason, int]
    dealt_faults: Mapping[str, int]
    crashes: int


@dataclass(frozen=True)
class Visit:
    """A request that was let in, or turned away.

    Attributes:
        session: to be closed before the last byte goes out; None of one turned away.
        refusal: why it was turned away.
        fault: what goes wrong with it.
        seconds: for which one turned away is held.
    """

    session: Session | None = None
    refusal: Refusal | None = None
    fault: Fault | None = None
    seconds: float = 0.0


class Account:
    """One imitation account, apart from how bytes travel.

    Attributes:
        clock: its time.
        logins: its door.
        governance: its concurrency limit.
        faults: what goes wrong when.
        before_each: what happens before a service answers.
        watchers: each is told of every request that was worked on, as it ends.
    """

    def __init__(
        self,
        account_id: str,
        logins: Logins,
        governance: Governance,
        routes: Sequence[Route],
        switches: Switches,
    ) -> None:
        self.clock = logins.clock
        self._switches = switches
        self.logins = logins
        self.governance = governance
        self.faults = Faults()
        self.before_each: Callable[[], None] | None = None
        self.watchers: list[Callable[[Served], None]] = []
        self._account_id = account_id
        self._routes = routes
        self._web_server = WebServer(account_id, switches)
        self._lock = threading.Lock()
        self._requests = 0
        self._crashes = 0
        self._services: Counter[str] = Counter()
        self._answers: Counter[int] = Counter()

    @property
    def counters(self) -> Counters:
        """What the account has seen so far."""
        load = self.governance.load
        with self._lock:
            return Counters(
                requests=self._requests,
                services=dict(self._services),
                answers=dict(self._answers),
                in_flight=load.in_flight,
                peak_in_flight=load.peak,
                mean_in_flight=load.mean,
                over_limit=load.refused,
                refused_logins=dict(self.logins.audit),
                dealt_faults={kind.value: times for kind, times in self.faults.dealt.items()},
                crashes=self._crashes,
            )

    def enter(self, request: Request) -> Visit:
        """Let a request in, if its login is good and there is a place for it."""
        route = self._route(request)
        with self._lock:
            self._requests += 1
            number = self._requests
            if route is not None:
                self._services[route.path] += 1
        if route is not None and not (route.needs_login or route.takes_place):
            # Nothing else reaches the web server: what goes wrong is for those that log in.
            return Visit(fault=self.faults.deal(number, request, only=FaultKind.CLOCK))
        authorization = request.headers.get("authorization", "")
        url = request.root + request.target
        try:
            if route is None or route.needs_login:
                self.logins.judge(SignedRequest(request.method, url, authorization))
            session = self.governance.enter()
            session.at_close = partial(self._tell, request, time.monotonic())
            return Visit(session=session, fault=self.faults.deal(number, request))
        except LoginRefusedError as error:
            refusal = self._login_refused(error.reason, authorization)
            return Visit(refusal=refusal, seconds=self.logins.refusal_seconds)
        except ConcurrencyLimitExceededError:
            form = self._switches.too_many
            return Visit(refusal=over_limit(form, self._account_id, self._retry_after()))
        except ConnectionAbortedError:
            raise  # the simulator ends, and nobody is answered any more
        except Exception:
            logger.exception(_CRASHED)
            return Visit(refusal=self.crash())

    def answer(self, request: Request, visit: Visit) -> Answer:
        """Answer a request that has entered, rightly or as its fault says."""
        if visit.fault is not None:
            wrong = wrong_answer(visit.fault, self._account_id, self._retry_after(), self._switches)
            if wrong is not None:
                return wrong
        try:
            answer = self._serve(request, visit)
        except Refusal as refusal:
            is_restlet = request.path.startswith(_RESTLETS)
            said = in_restlet_words(refusal) if is_restlet else refusal
            answer = refused(said, self._switches)
        except ConnectionAbortedError:
            raise
        except Exception:
            logger.exception(_CRASHED)
            answer = refused(self.crash(), self._switches)
        with self._lock:
            self._answers[answer.status] += 1
        return answer

    def _tell(self, request: Request, began: float) -> None:
        served = Served(request, began, time.monotonic())
        for watcher in self.watchers:
            watcher(served)

    def _login_refused(self, reason: AuditReason, authorization: str) -> Refusal:
        if is_bearer(authorization):  # Oracle's subsect_158521885412
            if reason is AuditReason.INVALID_REQUEST:
                return login_refused(self._account_id, reason.value, "Bearer", 400)
            return login_refused(self._account_id, AuditReason.INVALID_TOKEN.value, "Bearer")
        told: Mapping[str, str | None] = {"reason": reason.value, "absent": None}
        error = told.get(self._switches.login_error, AuditReason.TOKEN_REJECTED.value)
        return login_refused(self._account_id, error)

    def _route(self, request: Request) -> Route | None:
        """Return the first route that leads to a request's path, unless the web server answers."""
        if self._web_server.answers(request):
            return Route("/", self._web_server.answer, needs_login=False)
        return next((route for route in self._routes if route.leads(request.path)), None)

    def _serve(self, request: Request, visit: Visit) -> Answer:
        if visit.refusal is not None:
            raise visit.refusal
        route = self._route(request)
        if route is None or route.needs_login:
            check_service(self.logins.role, request.path, self._switches)
        if route is None:
            raise not_found(request.path)
        if self.before_each is not None:
            self.before_each()
        return route.service(request)

    def crash(self) -> Refusal:
        """Count an error of the simulator itself; return what a client may know of it."""
        with self._lock:
            self._crashes += 1
        return unexpected()

    def _retry_after(self) -> int | None:
        return _RETRY_AFTER_SECONDS if self._switches.retry_after == "sent" else None
