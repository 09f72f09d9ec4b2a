"""The account: who comes in, how many at once, what goes wrong, and which service answers."""

import threading
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tap_netsuite_tba.simulator.errors import Refusal, login_refused, not_found, too_many_requests
from tap_netsuite_tba.simulator.exchange import Answer, Request, resource_type
from tap_netsuite_tba.simulator.faults import Fault, Faults
from tap_netsuite_tba.simulator.governance import (
    ConcurrencyLimitExceededError,
    Governance,
    Session,
)
from tap_netsuite_tba.simulator.logins import AuditReason, LoginRefusedError, Logins
from tap_netsuite_tba.simulator.signatures import SignedRequest
from tap_netsuite_tba.simulator.switches import Switches

Service = Callable[[Request], Answer]


@dataclass(frozen=True)
class Counters:
    """What an account has seen.

    Attributes:
        requests: all that arrived.
        answers: how many of each HTTP status, before faults.
        peak_in_flight: most requests that were worked on at one instant.
        mean_in_flight: averaged from the first request's start to the last one's end.
        over_limit: requests over the concurrency limit.
        refused_logins: how many for each reason.
        dealt_faults: how many of each kind.
    """

    requests: int
    answers: Mapping[int, int]
    peak_in_flight: int
    mean_in_flight: float
    over_limit: int
    refused_logins: Mapping[AuditReason, int]
    dealt_faults: Mapping[str, int]


@dataclass(frozen=True)
class Visit:
    """A request that was let in, or turned away.

    Attributes:
        session: to be closed before the last byte goes out; None of one turned away.
        refusal: why it was turned away.
        fault: what goes wrong with it.
    """

    session: Session | None = None
    refusal: Refusal | None = None
    fault: Fault | None = None


class Account:
    """One imitation account, apart from how bytes travel.

    Attributes:
        clock: its time.
        logins: its door.
        governance: its concurrency limit.
        faults: what goes wrong when.
        before_each: what happens before a service answers.
    """

    def __init__(
        self,
        account_id: str,
        logins: Logins,
        governance: Governance,
        services: Mapping[str, Service],
        switches: Switches,
    ) -> None:
        self.clock = logins.clock
        self._switches = switches
        self.logins = logins
        self.governance = governance
        self.faults = Faults()
        self.before_each: Callable[[], None] | None = None
        self._account_id = account_id
        self._services = services
        self._lock = threading.Lock()
        self._requests = 0
        self._answers: Counter[int] = Counter()

    @property
    def counters(self) -> Counters:
        """What the account has seen so far."""
        load = self.governance.load
        with self._lock:
            return Counters(
                requests=self._requests,
                answers=dict(self._answers),
                peak_in_flight=load.peak,
                mean_in_flight=load.mean,
                over_limit=load.refused,
                refused_logins=dict(self.logins.audit),
                dealt_faults={kind.value: times for kind, times in self.faults.dealt.items()},
            )

    def enter(self, request: Request) -> Visit:
        """Let a request in, if its login is good and there is a place for it."""
        with self._lock:
            self._requests += 1
            number = self._requests
        authorization = request.headers.get("authorization", "")
        url = f"http://{request.host}{request.target}"
        try:
            self.logins.judge(SignedRequest(request.method, url, authorization))
            session = self.governance.enter()
        except LoginRefusedError:
            return Visit(refusal=login_refused(self._account_id))
        except ConcurrencyLimitExceededError:
            return Visit(refusal=too_many_requests())
        return Visit(session=session, fault=self.faults.deal(number, request.words))

    def answer(self, request: Request, visit: Visit) -> Answer:
        """Answer a request that has entered."""
        try:
            if visit.refusal is not None:
                raise visit.refusal
            service = self._services.get(request.path)
            if service is None:
                raise not_found(request.path)
            if self.before_each is not None:
                self.before_each()
            answer = service(request)
        except Refusal as refusal:
            answer = refused(refusal)
        with self._lock:
            self._answers[answer.status] += 1
        return answer


def refused(refusal: Refusal) -> Answer:
    """Return a refusal as it goes out."""
    return Answer(refusal.status, resource_type("error"), refusal.body(), refusal.headers)


def operation_headers() -> dict[str, str]:
    """Return the headers that name one operation in NetSuite's logs."""
    return {"x-n-operationid": str(uuid.uuid4()), "x-netsuite-jobid": str(uuid.uuid4())}
