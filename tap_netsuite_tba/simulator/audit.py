"""The Login Audit Trail: why logins were refused, which nobody outside is told."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AuditReason(StrEnum):
    """Why a login was refused, by the name in the Detail column of the Login Audit Trail."""

    ACCESS_TOKEN_EXPIRED = "AccessTokenExpired"  # noqa: S105  # NetSuite's name of a reason
    CONSUMER_KEY_REFUSED = "consumer_key_refused"
    CONSUMER_KEY_UNKNOWN = "consumer_key_unknown"
    FEATURE_DISABLED = "FeatureDisabled"
    INVALID_GRANT = "invalid_grant"
    INVALID_INTEGRATION = "InvalidIntegration"
    INVALID_REQUEST = "invalid_request"
    INVALID_SIGNATURE = "InvalidSignature"
    INVALID_TIMESTAMP = "InvalidTimestamp"
    INVALID_TOKEN = "invalid_token"  # noqa: S105  # OAuth 2.0's name of a reason
    MISSING_FIELDS = "MissingTokenPassportRequiredFields"
    NONCE_REJECTED = "nonce_rejected"
    NONCE_USED = "NonceUsed"
    PARAMETER_REJECTED = "parameter_rejected"
    PERMISSION_DENIED = "permission_denied"
    SCOPE_MISMATCHED = "ScopeMismatched"
    TEMPORARY_LOCKED = "temporary_locked"
    TOKEN_REJECTED = "token_rejected"  # noqa: S105  # NetSuite's name of a reason
    UNKNOWN_ALGORITHM = "UnknownAlgorithm"
    VERSION_REJECTED = "VersionRejected"


class LoginRefusedError(Exception):
    """A login that failed, with what only the audit trail tells.

    Attributes:
        reason: as NetSuite names it.
        detail: what exactly was wrong, in a sentence of the simulator's own.
    """

    def __init__(self, reason: AuditReason, detail: str) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True)
class AuditEntry:
    """A refused login in the Login Audit Trail.

    Attributes:
        instant: when, by the account's clock.
        reason: as NetSuite names it.
        detail: what exactly was wrong, in a sentence of the simulator's own, cut off after 2,000
            characters; no secret is in it.
    """

    instant: datetime
    reason: AuditReason
    detail: str
