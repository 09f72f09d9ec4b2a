"""Who may log in: NetSuite's rules for TBA and its Login Audit Trail."""

import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tap_netsuite_tba.simulator.clock import Clock
from tap_netsuite_tba.simulator.signatures import (
    MalformedAuthorizationError,
    SignedRequest,
    is_signed,
    parse_authorization,
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
_REFUSALS_UNTIL_LOCK = 5
_LOCK_SECONDS = 1800


class AuditReason(StrEnum):
    """Why a login was refused, by the name in the Detail column of the Login Audit Trail."""

    CONSUMER_KEY_REFUSED = "consumer_key_refused"
    CONSUMER_KEY_UNKNOWN = "consumer_key_unknown"
    FEATURE_DISABLED = "FeatureDisabled"
    INVALID_SIGNATURE = "InvalidSignature"
    INVALID_TIMESTAMP = "InvalidTimestamp"
    MISSING_FIELDS = "MissingTokenPassportRequiredFields"
    NONCE_REJECTED = "nonce_rejected"
    NONCE_USED = "NonceUsed"
    PARAMETER_REJECTED = "parameter_rejected"
    PERMISSION_DENIED = "permission_denied"
    TEMPORARY_LOCKED = "temporary_locked"
    TOKEN_REJECTED = "token_rejected"  # noqa: S105  # NetSuite's name of a reason
    UNKNOWN_ALGORITHM = "UnknownAlgorithm"
    VERSION_REJECTED = "VersionRejected"


class LoginRefusedError(Exception):
    """A login that failed, with the reason that only the audit trail tells."""

    def __init__(self, reason: AuditReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


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

    Attributes:
        clock: the account's time.
        feature_enabled: Token-Based Authentication is on in the account.
        integration_blocked: the integration's state is Blocked.
        token_revoked: the token was revoked.
        user_active: the user and the role may still log in.
        audit: how often each reason refused a login.
    """

    def __init__(self, credentials: Credentials, clock: Clock) -> None:
        self.feature_enabled = True
        self.integration_blocked = False
        self.token_revoked = False
        self.user_active = True
        self.audit: Counter[AuditReason] = Counter()
        self._credentials = credentials
        self.clock = clock
        self._lock = threading.Lock()
        self._nonces: dict[tuple[str, int], float] = {}
        self._refused_in_a_row = 0
        self._locked_until: datetime | None = None

    def judge(self, request: SignedRequest) -> None:
        """Let ``request`` in, or write down why not.

        Raises:
            LoginRefusedError: with the first reason that applies.
        """
        with self._lock:
            try:
                oauth = _read(request.authorization)
                self._check_parties(oauth)
                try:
                    self._check_proof(request, oauth)
                except LoginRefusedError:
                    self._count_towards_lock()
                    raise
            except LoginRefusedError as refused:
                self.audit[refused.reason] += 1
                raise
            self._refused_in_a_row = 0

    def _check_parties(self, oauth: dict[str, str]) -> None:
        """Check account, integration, token and user."""
        known = self._credentials
        if not self.feature_enabled:
            raise LoginRefusedError(AuditReason.FEATURE_DISABLED)
        if oauth["oauth_consumer_key"] != known.consumer_key:
            raise LoginRefusedError(AuditReason.CONSUMER_KEY_UNKNOWN)
        if self.integration_blocked:
            raise LoginRefusedError(AuditReason.CONSUMER_KEY_REFUSED)
        # A realm in another form is audited like a token that the account does not know.
        foreign = oauth["realm"] != known.account_id or oauth["oauth_token"] != known.token_id
        if foreign or self.token_revoked:
            raise LoginRefusedError(AuditReason.TOKEN_REJECTED)
        if not self.user_active:
            raise LoginRefusedError(AuditReason.PERMISSION_DENIED)
        if self._locked_until is not None:
            if self.clock.now() < self._locked_until:
                raise LoginRefusedError(AuditReason.TEMPORARY_LOCKED)
            self._locked_until = None

    def _check_proof(self, request: SignedRequest, oauth: dict[str, str]) -> None:
        """Check what only the holder of a known token can get right."""
        if oauth.get("oauth_version", "1.0") != "1.0":
            raise LoginRefusedError(AuditReason.VERSION_REJECTED)
        if oauth["oauth_signature_method"] != "HMAC-SHA256":
            raise LoginRefusedError(AuditReason.UNKNOWN_ALGORITHM)
        nonce, timestamp = oauth["oauth_nonce"], oauth["oauth_timestamp"]
        if not _SHORTEST_NONCE <= len(nonce) <= _LONGEST_NONCE:
            raise LoginRefusedError(AuditReason.NONCE_REJECTED)
        now = self.clock.now().timestamp()
        # The length keeps int() from digits beyond any clock.
        if not timestamp.isdecimal() or len(timestamp) > len("99999999999"):
            raise LoginRefusedError(AuditReason.INVALID_TIMESTAMP)
        if abs(int(timestamp) - now) > _CLOCK_TOLERANCE_SECONDS:
            raise LoginRefusedError(AuditReason.INVALID_TIMESTAMP)
        known = self._credentials
        if not is_signed(request, oauth, known.consumer_secret, known.token_secret):
            raise LoginRefusedError(AuditReason.INVALID_SIGNATURE)
        self._use_up(nonce, int(timestamp), now)

    def _use_up(self, nonce: str, timestamp: int, now: float) -> None:
        if (nonce, timestamp) in self._nonces:
            raise LoginRefusedError(AuditReason.NONCE_USED)
        self._nonces[nonce, timestamp] = now
        # Twice the tolerance: an older pair fails by its timestamp. Oldest first in the dict.
        while (oldest := next(iter(self._nonces)))[1] < now - 2 * _CLOCK_TOLERANCE_SECONDS:
            del self._nonces[oldest]

    def _count_towards_lock(self) -> None:
        self._refused_in_a_row += 1
        if self._refused_in_a_row == _REFUSALS_UNTIL_LOCK:
            self._refused_in_a_row = 0
            now = self.clock.now()
            self._locked_until = datetime.fromtimestamp(
                now.timestamp() + _LOCK_SECONDS, tz=now.tzinfo
            )


def _read(authorization: str) -> dict[str, str]:
    if not authorization:
        raise LoginRefusedError(AuditReason.MISSING_FIELDS)
    try:
        oauth = parse_authorization(authorization)
    except MalformedAuthorizationError as malformed:
        raise LoginRefusedError(AuditReason.PARAMETER_REJECTED) from malformed
    if not all(name in oauth for name in _REQUIRED):
        raise LoginRefusedError(AuditReason.MISSING_FIELDS)
    return oauth
