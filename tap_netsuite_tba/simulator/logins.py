"""Who may log in: NetSuite's rules for TBA and OAuth 2.0, and its Login Audit Trail."""

import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from tap_netsuite_tba.simulator.audit import AuditEntry, AuditReason, LoginRefusedError
from tap_netsuite_tba.simulator.clock import Clock
from tap_netsuite_tba.simulator.roles import ADMINISTRATOR, OAUTH2_TOKENS, TOKENS, Role
from tap_netsuite_tba.simulator.signatures import (
    MalformedAuthorizationError,
    SignedRequest,
    bearer_token,
    is_bearer,
    is_signed,
    parse_authorization,
    signed_text,
)

_REQUIRED = (
    "realm",
    "oauth_consumer_key",
    "oauth_token",
    "oauth_nonce",
    "oauth_timestamp",
    "oauth_signature_method",
    "oauth_signature",
)
_SHORTEST_NONCE = 6
_LONGEST_NONCE = 64
_CLOCK_TOLERANCE_SECONDS = 300
_LONGEST_TIMESTAMP = len("99999999999")
_REFUSALS_UNTIL_LOCK = 5
_LOCK = timedelta(minutes=30)
_TRAIL_LENGTH = 10_000
_LONGEST_DETAIL = 2_000
CLIENT_ID = "demo-client-id-not-a-secret"
"""Of the integration that OAuth 2.0 knows by default."""
Claim = TypeVar("Claim")


@dataclass(frozen=True)
class Credentials:
    """An account id, an integration and a token: obvious fakes unless a test brings its own."""

    account_id: str = "1234567_SB1"
    consumer_key: str = "demo-consumer-key-not-a-secret"
    consumer_secret: str = field(default="demo-consumer-secret-not-a-secret", repr=False)
    token_id: str = "demo-token-id-not-a-secret"  # noqa: S105
    token_secret: str = field(default="demo-token-secret-not-a-secret", repr=False)


class Logins:
    """The account's door: judges each request and keeps the audit trail.

    Each of the states may be changed at any time, and holds from the next request on.

    Attributes:
        clock: the account's time.
        role: of the token.
        feature_enabled: Token-Based Authentication is on in the account.
        oauth2_enabled: OAuth 2.0 is on in the account.
        integration_blocked: the integration's state is Blocked.
        token_revoked: the token was revoked.
        user_active: the user may still log in.
        role_active: the role is not inactive.
        refusal_seconds: for which a refused login is held.
        check_bearer: raises LoginRefusedError for an access token that lets nobody in.
        audit: how often each reason refused a login.
    """

    def __init__(self, credentials: Credentials, clock: Clock) -> None:
        self.clock = clock
        self.role: Role = ADMINISTRATOR
        self.feature_enabled = True
        self.oauth2_enabled = True
        self.integration_blocked = False
        self.token_revoked = False
        self.user_active = True
        self.role_active = True
        self.refusal_seconds = 0.0
        self.check_bearer: Callable[[str], None] = _know_no_token
        self.audit: Counter[AuditReason] = Counter()
        self._account_id = credentials.account_id
        self._own = credentials
        self._by_key = {credentials.consumer_key: credentials}
        self._by_token = {credentials.token_id: credentials}
        self._lock = threading.Lock()
        self._trail: deque[AuditEntry] = deque(maxlen=_TRAIL_LENGTH)
        self._nonces: dict[int, set[str]] = {}
        self._refused_in_a_row = 0
        self._locked_until: datetime | None = None

    @property
    def trail(self) -> tuple[AuditEntry, ...]:
        """The refused logins, oldest first; of very many the latest."""
        with self._lock:
            return tuple(self._trail)

    def add(self, other: Credentials) -> None:
        """Add another integration to the account, with a token of its own for the same user."""
        with self._lock:
            self._by_key[other.consumer_key] = other
            self._by_token[other.token_id] = other

    def judge(self, request: SignedRequest) -> None:
        """Let ``request`` in, or write down why not.

        Raises:
            LoginRefusedError: with the first reason that applies.
        """
        header = request.authorization
        if is_bearer(header):
            # Who has a token was let in before: a bad one is no sign of guessing.
            self.admit(lambda: self._check_token_of(header), lambda _: None)
            return
        self._let_in(
            lambda: self._parties(_read(header)),
            lambda parties: self._check_proof(request, *parties),
        )

    def admit(self, read: Callable[[], Claim], prove: Callable[[Claim], None]) -> Claim:
        """Let a client of OAuth 2.0 in, or write down why not.

        Args:
            read: returns what the client claims.
            prove: checks that; what fails here counts towards the lock.

        Raises:
            LoginRefusedError: with the first reason that applies.
        """

        def read_and_check() -> Claim:
            claim = read()
            if not (self.oauth2_enabled and self.role.has_feature("OAuth 2.0")):
                raise LoginRefusedError(AuditReason.FEATURE_DISABLED, "OAuth 2.0 is off")
            if self.integration_blocked:
                raise LoginRefusedError(
                    AuditReason.INVALID_INTEGRATION, "the integration is Blocked"
                )
            self._check_user(*OAUTH2_TOKENS)
            return claim

        return self._let_in(read_and_check, prove)

    def refuse(self, reason: AuditReason, detail: str) -> None:
        """Write down that a service lets somebody not in who may use others."""
        with self._lock:
            self._write_down(LoginRefusedError(reason, detail))

    def lock(self) -> None:
        """Lock the user out for half an hour, as five refused logins do."""
        with self._lock:
            self._refused_in_a_row = 0
            self._locked_until = self.clock.now() + _LOCK

    def _let_in(self, read: Callable[[], Claim], prove: Callable[[Claim], None]) -> Claim:
        with self._lock:
            try:
                claim = read()
                try:
                    prove(claim)
                except LoginRefusedError:
                    self._count_towards_lock()
                    raise
            except LoginRefusedError as refused:
                self._write_down(refused)
                raise
            self._refused_in_a_row = 0
            return claim

    def _check_token_of(self, header: str) -> None:
        try:
            token = bearer_token(header)
        except MalformedAuthorizationError as malformed:
            raise LoginRefusedError(AuditReason.INVALID_REQUEST, str(malformed)) from malformed
        self.check_bearer(token)

    def _write_down(self, refused: LoginRefusedError) -> None:
        self.audit[refused.reason] += 1
        detail = refused.detail[:_LONGEST_DETAIL]
        self._trail.append(AuditEntry(self.clock.now(), refused.reason, detail))

    def _parties(self, oauth: dict[str, str]) -> tuple[dict[str, str], Credentials]:
        """Check account, integration, token, user and role; add what the token is known by."""
        if not (self.feature_enabled and self.role.has_feature("Token-Based Authentication")):
            raise LoginRefusedError(
                AuditReason.FEATURE_DISABLED, "Token-Based Authentication is off in the account"
            )
        integration = self._by_key.get(oauth["oauth_consumer_key"])
        if integration is None:
            raise LoginRefusedError(
                AuditReason.CONSUMER_KEY_UNKNOWN, "no integration has this consumer key"
            )
        if integration is self._own and self.integration_blocked:
            raise LoginRefusedError(AuditReason.CONSUMER_KEY_REFUSED, "the integration is Blocked")
        known = self._check_token(oauth, integration)
        self._check_user(*TOKENS)
        return oauth, known

    def _check_user(self, *permissions: str) -> None:
        """Check user and role, who need one of ``permissions`` to log in as they do."""
        if not self.user_active:
            raise LoginRefusedError(AuditReason.PERMISSION_DENIED, "the user is inactive")
        if not self.role_active:
            raise LoginRefusedError(AuditReason.PERMISSION_DENIED, "the role is inactive")
        if not self.role.allows(*permissions):
            raise LoginRefusedError(
                AuditReason.PERMISSION_DENIED,
                f"the role {self.role.name} lacks {permissions[0]!r}",
            )
        self._check_lock()

    def _check_token(self, oauth: dict[str, str], integration: Credentials) -> Credentials:
        # A realm in another form is audited like a token that the account does not know.
        if oauth["realm"] != self._account_id:
            detail = f"the realm is {oauth['realm']!r}, the account {self._account_id!r}"
            raise LoginRefusedError(AuditReason.TOKEN_REJECTED, detail)
        known = self._by_token.get(oauth["oauth_token"])
        if known is None:
            raise LoginRefusedError(AuditReason.TOKEN_REJECTED, "the token is unknown")
        if known is not integration:
            detail = "the token was made for another integration"
            raise LoginRefusedError(AuditReason.TOKEN_REJECTED, detail)
        if known is self._own and self.token_revoked:
            raise LoginRefusedError(AuditReason.TOKEN_REJECTED, "the token was revoked")
        return known

    def _check_lock(self) -> None:
        if self._locked_until is None:
            return
        if self.clock.now() < self._locked_until:
            detail = f"the user is locked until {self._locked_until.isoformat(timespec='seconds')}"
            raise LoginRefusedError(AuditReason.TEMPORARY_LOCKED, detail)
        self._locked_until = None

    def _check_proof(
        self, request: SignedRequest, oauth: dict[str, str], known: Credentials
    ) -> None:
        """Check what only the holder of a known token can get right."""
        if oauth.get("oauth_version", "1.0") != "1.0":
            detail = f"oauth_version is {oauth['oauth_version']!r}, not '1.0'"
            raise LoginRefusedError(AuditReason.VERSION_REJECTED, detail)
        if oauth["oauth_signature_method"] != "HMAC-SHA256":
            detail = f"the method is {oauth['oauth_signature_method']!r}, not 'HMAC-SHA256'"
            raise LoginRefusedError(AuditReason.UNKNOWN_ALGORITHM, detail)
        nonce = oauth["oauth_nonce"]
        if not _SHORTEST_NONCE <= len(nonce) <= _LONGEST_NONCE:
            detail = f"the nonce has {len(nonce)} characters, not 6 to 64"
            raise LoginRefusedError(AuditReason.NONCE_REJECTED, detail)
        now = self.clock.now().timestamp()
        timestamp = _timestamp(oauth["oauth_timestamp"], now)
        if not is_signed(request, oauth, known.consumer_secret, known.token_secret):
            detail = f"the signature is not that of {signed_text(request, oauth)}"
            raise LoginRefusedError(AuditReason.INVALID_SIGNATURE, detail)
        self._use_up(nonce, timestamp, now)

    def _use_up(self, nonce: str, timestamp: int, now: float) -> None:
        if nonce in self._nonces.get(timestamp, ()):
            detail = "a request with this nonce and timestamp came before"
            raise LoginRefusedError(AuditReason.NONCE_USED, detail)
        # What is out of tolerance fails by its timestamp, whichever way the clock was moved.
        for past in [each for each in self._nonces if abs(each - now) > _CLOCK_TOLERANCE_SECONDS]:
            del self._nonces[past]
        self._nonces.setdefault(timestamp, set()).add(nonce)

    def _count_towards_lock(self) -> None:
        self._refused_in_a_row += 1
        if self._refused_in_a_row == _REFUSALS_UNTIL_LOCK:
            self._refused_in_a_row = 0
            self._locked_until = self.clock.now() + _LOCK


def _know_no_token(_token: str) -> None:
    raise LoginRefusedError(AuditReason.INVALID_TOKEN, "OAuth 2.0 knows no token here")


def _read(authorization: str) -> dict[str, str]:
    try:
        oauth = parse_authorization(authorization) if authorization else {}
    except MalformedAuthorizationError as malformed:
        raise LoginRefusedError(AuditReason.PARAMETER_REJECTED, str(malformed)) from malformed
    missing = [name for name in _REQUIRED if name not in oauth]
    if missing:
        raise LoginRefusedError(AuditReason.MISSING_FIELDS, f"missing: {', '.join(missing)}")
    return oauth


def _timestamp(text: str, now: float) -> int:
    # The length keeps int() from digits beyond any clock.
    is_number = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_TIMESTAMP
    if not is_number:
        raise LoginRefusedError(AuditReason.INVALID_TIMESTAMP, f"the timestamp is {text!r}")
    off = int(text) - now
    if abs(off) > _CLOCK_TOLERANCE_SECONDS:
        detail = f"the timestamp is {off:+.0f} seconds off; 300 are tolerated"
        raise LoginRefusedError(AuditReason.INVALID_TIMESTAMP, detail)
    return int(text)
