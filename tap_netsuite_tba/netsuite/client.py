"""The client of one account: a query goes in, its page comes out, whatever happens between."""

import itertools
import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import msgspec

from tap_netsuite_tba.netsuite.account import Account, Credentials
from tap_netsuite_tba.netsuite.auth import auth_for
from tap_netsuite_tba.netsuite.clock import Clock
from tap_netsuite_tba.netsuite.errors import ClientClosed, LoginRefused, NetSuiteError, TimedOut
from tap_netsuite_tba.netsuite.login import MAX_REFUSALS, FirstLogin, LoginGate, is_netsuites
from tap_netsuite_tba.netsuite.meter import Counts, Meter
from tap_netsuite_tba.netsuite.query import Document, Page, Query, Resource
from tap_netsuite_tba.netsuite.responses import read_document, read_error, read_page
from tap_netsuite_tba.netsuite.retries import Patience, Retries
from tap_netsuite_tba.netsuite.sessions import Session, SessionPool
from tap_netsuite_tba.netsuite.transport import Auth, Reply, Transport

if TYPE_CHECKING:
    from tap_netsuite_tba.netsuite.oauth2 import CertificateCredentials

logger = logging.getLogger(__name__)

OK = 200
SUITEQL_PATH = "/services/rest/query/v1/suiteql"

CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 300.0

Answer = TypeVar("Answer")


class Client:
    """Asks one account; may be used by many threads, which share its slots and its patience.

    Args:
        account: Which account, and where.
        auth: Signs each request.
        sessions: Those of this process, and how many of them the account has room for.
        clock: NetSuite's clock, the one that `auth` signs by.
        retry_timeout: Seconds without any success after which temporary trouble is final.
        user_agent: How this program names itself.
        meter: Counts the requests.
        first_login: What this process does about its first login.
        max_refusals: How many refused logins in a row are final.
        connect_timeout: Seconds until a connection must stand.
        read_timeout: Seconds without a byte of the answer after which it is given up.
        sleep: How to wait before a retry; by default until the client is closed, at the longest.
        monotonic: The clock by which durations are measured.
    """

    def __init__(  # noqa: PLR0913 - what is put together here varies in tests
        self,
        account: Account,
        auth: Auth,
        sessions: SessionPool,
        *,
        clock: Clock,
        retry_timeout: float,
        user_agent: str,
        meter: Meter | None = None,
        first_login: FirstLogin | None = None,
        max_refusals: int = MAX_REFUSALS,
        connect_timeout: float = CONNECT_TIMEOUT,
        read_timeout: float = READ_TIMEOUT,
        sleep: Callable[[float], object] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._closed = threading.Event()
        self._sleep = sleep or self._closed.wait
        self._monotonic = monotonic
        self._first_login = first_login or FirstLogin()
        self._gate = LoginGate(
            sessions.allowance,
            first_login=self._first_login,
            max_refusals=max_refusals,
            monotonic=monotonic,
        )
        self._numbers = itertools.count(1)
        self._patience = Patience(retry_timeout, monotonic=monotonic)
        self._transport = Transport(
            account,
            auth,
            connections=sessions.max_sessions,
            user_agent=user_agent,
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
        )
        self._meter = meter or Meter(monotonic)

    @property
    def counts(self) -> Counts:
        """What this client has done so far."""
        return self._meter.total

    def fetch(self, query: Query) -> Page:
        """The page that answers a query; temporary trouble is waited out.

        Raises:
            TimedOut: NetSuite did not answer in time. Ask for less: the same would take as long,
                and its slot stays unused until NetSuite must have ended the request.
            RequestRefused: NetSuite refused the query or the login.
            RetriesExhausted: The trouble did not pass, or, if it was a fault of the server, not
                within the query's own patience.
            ConnectionFailed: The host has never answered and looks like a wrong setting.
            SessionsTaken: Other programs of this host left no session for too long.
            ClientClosed: The client was closed.
        """
        send = partial(
            self._transport.post,
            SUITEQL_PATH,
            params={"limit": query.limit, "offset": query.offset},
            headers={"Prefer": "transient"},
            body=msgspec.json.encode({"q": query.text}),
        )
        return self._ask(
            query, send, lambda answer, at: read_page(answer, asked_at=at, table=query.table)
        )

    def fetch_patiently(self, query: Query) -> Page:
        """As `fetch`, but a query that timed out is asked again as it is, unless it is optional.

        Raises:
            TimedOut: NetSuite did not answer an optional query in time.
            RequestRefused: NetSuite refused the query or the login.
            RetriesExhausted: The trouble, or the slowness, did not pass.
            ConnectionFailed: The host has never answered and looks like a wrong setting.
            SessionsTaken: Other programs of this host left no session for too long.
            ClientClosed: The client was closed.
        """
        return self._in_spite_of_timeouts(query, lambda: self.fetch(query))

    def get(self, resource: Resource) -> Document:
        """A document; temporary trouble, and slowness, are waited out.

        Raises:
            TimedOut: As `fetch_patiently`.
            RequestRefused: NetSuite refused the request or the login, or has no such document.
            RetriesExhausted: As `fetch_patiently`.
            ConnectionFailed: As `fetch_patiently`.
            SessionsTaken: As `fetch_patiently`.
            ClientClosed: As `fetch_patiently`.
        """
        send = partial(self._transport.get, resource.path, headers={"Accept": resource.media_type})
        return self._in_spite_of_timeouts(
            resource,
            lambda: self._ask(
                resource, send, lambda answer, _: read_document(answer, table=resource.table)
            ),
        )

    def close(self) -> None:
        """End the requests in flight, and go on with none: whoever waits for one is told so.

        What NetSuite has begun to answer it may go on with, unheard.
        """
        self._closed.set()
        self._sessions.close()
        self._gate.close()
        self._transport.close()

    def _in_spite_of_timeouts(self, asked: Query | Resource, ask: Callable[[], Answer]) -> Answer:
        """Ask again what timed out, unless it can be done without."""
        while True:
            try:
                return ask()
            except TimedOut as error:
                if asked.is_optional:
                    raise
                logger.warning("%s It is asked again.", error.fact)
                self._meter.retried(asked.table)

    def _ask(
        self,
        asked: Query | Resource,
        send: Callable[[], Reply],
        read: Callable[[Reply, datetime], Answer],
    ) -> Answer:
        """Ask until there is an answer, or no use in asking the same again.

        Args:
            asked: What is asked for.
            send: Sends the request once.
            read: What the reply says, which was asked for at an instant by NetSuite's clock.
        """
        longest = asked.longest if isinstance(asked, Resource) else None
        retries = Retries(self._patience, asked.patience, longest, monotonic=self._monotonic)
        with self._first_login.turn(self._closed):
            while True:
                try:
                    answer = self._attempt(asked, send, read)
                except LoginRefused:
                    if self._gate.shut:
                        raise
                    self._meter.retried(asked.table)
                except NetSuiteError as error:
                    error.table = asked.table
                    error.at = datetime.fromtimestamp(self._clock.now(), UTC)
                    if self._closed.is_set():
                        raise ClientClosed(table=asked.table) from error
                    pause = retries.pause_after(error)
                    self._meter.retried(asked.table, waited=pause)
                    self._sleep(pause)
                else:
                    self._patience.succeeded()
                    return answer

    def _attempt(
        self,
        asked: Query | Resource,
        send: Callable[[], Reply],
        read: Callable[[Reply, datetime], Answer],
    ) -> Answer:
        """Ask once."""
        if self._clock.jumped():
            self._gate.doubt()  # Signed by a wrong clock, five at once would lock the user out.
        with (
            self._sessions.session() as session,
            self._sessions.allowance.request(),
            self._gate.attempt() as alone,
        ):
            reply, sent_at = self._exchange(asked, send, session)
            if not alone:
                session.end()  # To understand it takes time, and no session.
            return read(reply, sent_at)

    def _exchange(
        self, asked: Query | Resource, send: Callable[[], Reply], session: Session
    ) -> tuple[Reply, datetime]:
        """The reply, and when it was asked for by NetSuite's clock.

        Raises:
            NetSuiteError: The reply is none that was asked for, or there is none.
        """
        text = asked.text if isinstance(asked, Query) else asked.path
        number, line = next(self._numbers), " ".join(text.splitlines())
        logger.debug("Request %d (%s): %s", number, asked.table, line)
        began, signed = self._monotonic(), self._clock.now()
        with self._meter.exchange(asked.table) as exchange:
            session.begin()
            try:
                reply = send()
            except TimedOut:
                session.abandon()
                raise
            exchange.received = len(reply.content)
        elapsed, date = self._monotonic() - began, reply.headers.get("Date")
        if reply.status != OK:
            error = read_error(reply, table=asked.table)
            error.took = elapsed
            if isinstance(error, LoginRefused) and is_netsuites(error):
                self._clock.learn(date)
            raise error
        return reply, self._clock.sent_at(date, signed=signed, elapsed=elapsed)


def connect(  # noqa: PLR0913 - each is one property of a connection
    account: Account,
    credentials: "Credentials | CertificateCredentials",
    *,
    sessions: SessionPool,
    retry_timeout: float,
    user_agent: str,
    clock: Clock | None = None,
    meter: Meter | None = None,
    first_login: FirstLogin | None = None,
    max_refusals: int = MAX_REFUSALS,
) -> Client:
    """A client that logs in by Token-Based Authentication, or by OAuth 2.0.

    Raises:
        ConfigurationError: As `auth_for`.
    """
    clock = clock or Clock()
    return Client(
        account,
        auth_for(
            account,
            credentials,
            clock,
            user_agent=user_agent,
            connect_timeout=CONNECT_TIMEOUT,
        ),
        sessions,
        clock=clock,
        retry_timeout=retry_timeout,
        user_agent=user_agent,
        meter=meter,
        first_login=first_login,
        max_refusals=max_refusals,
    )
