"""A server that gives access tokens and answers those who carry a good one; and who asks it."""

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs

import jwt

from tap_netsuite_tba.netsuite.account import Account
from tap_netsuite_tba.netsuite.bearer import BearerAuth
from tap_netsuite_tba.netsuite.client import Client, connect
from tap_netsuite_tba.netsuite.clock import Clock
from tap_netsuite_tba.netsuite.oauth2 import CertificateCredentials
from tap_netsuite_tba.netsuite.sessions import SessionPool
from tap_netsuite_tba.netsuite.transport import Auth, Reply, Transport
from tests.netsuite.keys import pem
from tests.netsuite.server import Answer, Asked, Server, page, refusal

TOKEN_PATH = "/services/rest/auth/oauth2/v1/token"
CREDENTIALS = CertificateCredentials("fake-client-id", "fake-certificate-id", pem())
DEADLINE = 30.0
"""Seconds after which a test that waits in vain fails."""

LOGIN_REFUSED = refusal(401, "INVALID_LOGIN", "Invalid login attempt.")


def granted(text: str, **others: object) -> Answer:
    body = {"access_token": text, "expires_in": 3600, "token_type": "Bearer"} | others
    return Answer(body=json.dumps({k: v for k, v in body.items() if v is not None}).encode())


def denied(error: str, status: int = 400, **others: object) -> Answer:
    return Answer(status, json.dumps({"error": error, **others}).encode())


@dataclass
class Tokens:
    """What the server does; settable at any time.

    Attributes:
        answers: For the next requests for a token; afterwards each gets a good one.
        good: The tokens that let somebody in.
        after: What to wait for before a token is given.
    """

    server: Server
    answers: list[Answer] = field(default_factory=list)
    good: set[str] = field(default_factory=set)
    after: threading.Event | None = None
    given: int = 0

    def __post_init__(self) -> None:
        self.server.answer_by(self.answer)

    def answer(self, asked: Asked) -> Answer:
        if asked.target == TOKEN_PATH:
            return self._token()
        scheme, _, token = asked.headers.get("Authorization", "").partition(" ")
        return page() if scheme == "Bearer" and token in self.good else LOGIN_REFUSED

    def _token(self) -> Answer:
        if self.answers:
            answer = self.answers.pop(0)
        else:
            self.given += 1
            self.good.add(f"token-{self.given}")
            answer = granted(f"token-{self.given}")
        return replace(answer, after=answer.after or self.after)

    @property
    def carried(self) -> list[str]:
        """The tokens of the requests for anything else, in their order."""
        asked = [one for one in self.server.asked if one.target != TOKEN_PATH]
        return [one.headers["Authorization"].removeprefix("Bearer ") for one in asked]

    @property
    def forms(self) -> list[dict[str, list[str]]]:
        """The forms of the requests for a token."""
        asked = [one for one in self.server.asked if one.target == TOKEN_PATH]
        return [parse_qs(one.body.decode(), strict_parsing=True) for one in asked]

    def assertions(self, public_key: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - of any kind
        """What was asserted; each assertion is verified."""
        options: Any = {"verify_aud": False, "verify_exp": False, "verify_iat": False}
        return [
            jwt.decode(form["client_assertion"][0], public_key, ["ES256"], options)
            for form in self.forms
        ]


Reach = Callable[..., Transport]


@contextmanager
def reaching(server: Server, monotonic: Callable[[], float]) -> Iterator[Reach]:
    """Makes transports whose requests carry tokens, which end by a clock."""
    opened = []

    def reach(clock: Clock | None = None, timeout: float = 30) -> Transport:
        account = Account.parse("1234567_SB1", server.url)

        def transport(auth: Auth, read_timeout: float) -> Transport:
            return Transport(
                account,
                auth,
                connections=5,
                user_agent="tap-netsuite-tba/test",
                connect_timeout=10,
                read_timeout=read_timeout,
            )

        auth = BearerAuth(
            account,
            CREDENTIALS,
            clock or Clock(),
            transport(Auth(), timeout),
            monotonic=monotonic,
        )
        opened.append(transport(auth, 30))
        return opened[-1]

    yield reach
    for transport in opened:
        transport.close()


def send(transport: Transport) -> Reply:
    return transport.get("/path", headers={})


def together(transport: Transport, times: int) -> list[Future[Reply]]:
    with ThreadPoolExecutor(times) as threads:
        return [threads.submit(send, transport) for _ in range(times)]


def client_of(
    tokens: Tokens, *, sessions: SessionPool | None = None, max_refusals: int = 2
) -> Client:
    """A client as a run has it, or a check, which logs in by the certificate."""
    return connect(
        Account.parse("1234567_SB1", tokens.server.url),
        CREDENTIALS,
        sessions=sessions or SessionPool(5),
        retry_timeout=60,
        user_agent="tap-netsuite-tba/test",
        max_refusals=max_refusals,
    )
