"""Roles: what a token may do, as NetSuite's permissions name it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tap_netsuite_tba.simulator.errors import bad_request, forbidden
from tap_netsuite_tba.simulator.switches import Switches

REST = "REST Web Services"
WORKBOOK = "SuiteAnalytics Workbook"
TOKENS = ("Log in using Access Tokens", "User Access Tokens")
LEVELS = ("View", "Create", "Edit", "Full")
_NO_WORKBOOK = (
    "Error while accessing a resource. Permission Violation: You need the "
    "'SuiteAnalytics Workbook' permission to access this page. "
    "Please contact your account administrator."
)


class ColumnRefusal(StrEnum):
    """How a column that the table has is kept from the role, or one way of reading it."""

    NOT_EXPOSED = "NOT_EXPOSED"
    REMOVED = "REMOVED"
    UNKNOWN = "unknown identifier"
    UNSUPPORTED = "unsupported search"
    """In words that name no column."""
    UNEXPECTED = "unexpected error"
    """By a 500."""
    NO_TIME_ZONE = "no time zone"
    """A date-time that is a DATE of Oracle's: read as a clock, and refused to SYS_EXTRACT_UTC."""


@dataclass(frozen=True)
class Role:
    """A permission set.

    Attributes:
        name: as people call it.
        permissions: level by NetSuite's name of the permission; None if it has all of them.
        subsidiaries: internal ids of those whose rows it sees; None if it sees all.
        features_off: features that are not enabled in its account.
        columns: how a column is kept from it, by table and column, lower case.
    """

    name: str
    permissions: Mapping[str, str] | None = None
    subsidiaries: frozenset[int] | None = None
    features_off: frozenset[str] = frozenset()
    columns: Mapping[tuple[str, str], ColumnRefusal] = field(default_factory=dict)

    @property
    def is_administrator(self) -> bool:
        """Whether it may do everything."""
        return self.permissions is None

    def allows(self, *permissions: str, level: str = "View") -> bool:
        """Tell whether it has one of ``permissions``, at ``level`` or above."""
        if self.permissions is None:
            return True
        held = [self.permissions[name] for name in permissions if name in self.permissions]
        return any(LEVELS.index(own) >= LEVELS.index(level) for own in held)

    def has_feature(self, feature: str) -> bool:
        """Tell whether ``feature`` is enabled in its account."""
        return feature not in self.features_off

    @property
    def may_log_in(self) -> bool:
        """Whether a token for it lets anybody in."""
        return self.allows(*TOKENS)

    @property
    def may_use_rest(self) -> bool:
        """Whether the REST web services are there for it."""
        return self._has_both(REST)

    @property
    def may_query(self) -> bool:
        """Whether SuiteQL, a part of SuiteAnalytics, is there for it."""
        return self._has_both(WORKBOOK)

    def _has_both(self, name: str) -> bool:
        return self.allows(name) and self.has_feature(name)


ADMINISTRATOR = Role("Administrator")


def check_service(role: Role, path: str, switches: Switches) -> None:
    """Refuse a request for a service that is not there for the role.

    Raises:
        Refusal: as the switch ``without_workbook`` words it where that is what the role lacks.
            Its third choice is not among these: the catalog does not find any table then.
    """
    if not path.startswith("/services/rest/"):
        return
    if not role.may_use_rest:
        raise forbidden()
    if path.startswith("/services/rest/query/") and not role.may_query:
        if switches.without_workbook == "403":
            raise forbidden()
        if switches.without_workbook == "400":
            raise bad_request(_NO_WORKBOOK, "USER_ERROR")
