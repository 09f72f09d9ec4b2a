"""The client of one account: a query goes in, its page comes out, whatever happens between."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec
from requests.auth import AuthBase

from tap_netsuite_tba.netsuite.account import Account, Credentials
from tap_netsuite_tba.netsuite.auth import TokenBasedAuth
from tap_netsuite_tba.netsuite.clock import Clock
from tap_netsuite_tba.netsuite.errors import LoginRefused, NetSuiteError, TimedOut
from tap_netsuite_tba.netsuite.login import LoginGate
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.netsuite.responses import read_page
from tap_netsuite_tba.netsuite.retries import Patience, Retries
from tap_netsuite_tba.netsuite.sessions import SessionPool
from tap_netsuite_tba.netsuite.transport import Transport

logger = logging.getLogger(__name__)

UNAUTHORIZED = 401
SUITEQL_PATH = "/services/rest/query/v1/suiteql"

CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 300.0


@dataclass(frozen=True)
class Counts:
    """What a client has done so far.

    Attributes:
        requests: How many requests were sent, retries included.
        retries: How many of them asked for the same once more.
        waited: Seconds that threads slept before a retry, added up.
    """

    requests: int = 0
    retries: int = 0
    waited: float = 0.0


class Client:
    """Asks one account; may be used by many threads, which share its slots and its patience.

    Args:
        account: Which account, and where.
        auth: Signs each request.
        sessions: The slots for requests in flight.
        clock: NetSuite's clock, the one that `auth` signs by.
        retry_timeout: Seconds without any success after which temporary trouble is final.
        user_agent: How this program names itself.
        connect_timeout: Seconds until a connection must stand.
        read_timeout: Seconds without a byte of the answer after which it is given up.
        sleep: How to wait before a retry.
        monotonic: The clock by which durations are measured.
    """

    def __init__(  # noqa: PLR0913 - what is put together here varies in tests
        self,
        account: Account,
        auth: AuthBase,
        sessions: SessionPool,
        *,
        clock: Clock,
        retry_timeout: float,
        user_agent: str,
        connect_timeout: float = CONNECT_TIMEOUT,
        read_timeout: float = READ_TIMEOUT,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._sleep = sleep
        self._monotonic = monotonic
        self._gate = LoginGate()
        self._patience = Patience(retry_timeout, monotonic=monotonic)
        self._transport = Transport(
            account,
            auth,
            connections=sessions.max_sessions,
            user_agent=user_agent,
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
        )
        self._counts = Counts()
        self._counting = threading.Lock()

    @property
    def counts(self) -> Counts:
        """What this client has done so far."""
        return self._counts

    def fetch(self, query: Query) -> Page:
        """The page that answers a query; temporary trouble is waited out.

        Raises:
            TimedOut: NetSuite did not answer in time. Ask for less: the same would take as long,
                and its slot stays unused until NetSuite must have ended the request.
            RequestRefused: NetSuite refused the query or the login.
            RetriesExhausted: The trouble did not pass, or, if it was a fault of the server, not
                within the query's own patience.
            ConnectionFailed: The host has never answered and looks like a wrong setting.
        """
        retries = Retries(self._patience, query.patience, monotonic=self._monotonic)
        while True:
            try:
                page = self._attempt(query)
            except LoginRefused:
                if self._gate.shut:
                    raise
                self._count(retries=1)
            except NetSuiteError as error:
                error.table = query.table
                pause = retries.pause_after(error)
                self._count(retries=1, waited=pause)
                self._sleep(pause)
            else:
                self._patience.succeeded()
                return page

    def fetch_patiently(self, query: Query) -> Page:
        """As `fetch`, but a query that timed out is asked again as it is.

        Raises:
            RequestRefused: NetSuite refused the query or the login.
            RetriesExhausted: The trouble, or the slowness, did not pass.
            ConnectionFailed: The host has never answered and looks like a wrong setting.
        """
        while True:
            try:
                return self.fetch(query)
            except TimedOut as error:
                logger.warning("%s It is asked again.", error.fact)
                self._count(retries=1)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def _attempt(self, query: Query) -> Page:
        """Ask once."""
        with self._sessions.session() as session, self._gate.attempt():
            self._count(requests=1)
            began = self._monotonic()
            try:
                response = self._transport.post(
                    SUITEQL_PATH,
                    params={"limit": query.limit, "offset": query.offset},
                    headers={"Prefer": "transient"},
                    body=msgspec.json.encode({"q": query.text}),
                )
            except TimedOut:
                session.abandon(began)
                raise
            sent_at = self._clock.sent_at(
                response.headers.get("Date"),
                elapsed=self._monotonic() - began,
                refused=response.status_code == UNAUTHORIZED,
            )
            return read_page(response, asked_at=sent_at, table=query.table)

    def _count(self, *, requests: int = 0, retries: int = 0, waited: float = 0.0) -> None:
        with self._counting:
            counts = self._counts
            self._counts = replace(
                counts,
                requests=counts.requests + requests,
                retries=counts.retries + retries,
                waited=counts.waited + waited,
            )


def connect(
    account: Account,
    credentials: Credentials,
    *,
    max_sessions: int,
    retry_timeout: float,
    user_agent: str,
) -> Client:
    """A client that logs in by Token-Based Authentication."""
    clock = Clock()
    return Client(
        account,
        TokenBasedAuth(account, credentials, clock),
        SessionPool(max_sessions),
        clock=clock,
        retry_timeout=retry_timeout,
        user_agent=user_agent,
    )
