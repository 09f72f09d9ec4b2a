"""Roles: what a token may do, as NetSuite's permissions name it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tap_netsuite_tba.simulator.errors import (
    Refusal,
    bad_request,
    forbidden,
    not_found,
    permission_violation,
)
from tap_netsuite_tba.simulator.switches import Switches

REST = "REST Web Services"
WORKBOOK = "SuiteAnalytics Workbook"
TOKENS = ("Log in using Access Tokens", "User Access Tokens")
OAUTH2_TOKENS = ("Log in using OAuth 2.0 Access Tokens",)
LEVELS = ("View", "Create", "Edit", "Full")
_CATALOG = "/services/rest/record/v1/metadata-catalog"


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
        unlisted: record types that the metadata catalog does not list for it, lower case, whatever
            its permissions; None if it is refused the whole catalog.
        unqueryable: tables that SuiteQL does not find for it, lower case, whatever its permissions.
        web_services_only: whether RESTlets, and tokeninfo, are closed to it.
    """

    name: str
    permissions: Mapping[str, str] | None = None
    subsidiaries: frozenset[int] | None = None
    features_off: frozenset[str] = frozenset()
    columns: Mapping[tuple[str, str], ColumnRefusal] = field(default_factory=dict)
    unlisted: frozenset[str] | None = frozenset()
    unqueryable: frozenset[str] = frozenset()
    web_services_only: bool = False

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
        Refusal: as the switches ``without_rest`` and ``without_workbook`` word it. The third
            choice of the latter is not among these: the catalog does not find any table then.
    """
    if not path.startswith("/services/rest/"):
        return
    if not role.may_use_rest:
        raise refused_service(switches.without_rest, REST, path)
    if path.startswith(_CATALOG) and role.unlisted is None:
        raise forbidden()
    is_query = path.startswith("/services/rest/query/")
    if is_query and not role.may_query and switches.without_workbook != "not found":
        raise refused_service(switches.without_workbook, WORKBOOK, path)


def refused_service(status: str, permission: str, path: str) -> Refusal:
    """Return how a service is refused to a role without ``permission``: 403, 400 or 404."""
    match status:
        case "400":
            return bad_request(permission_violation(permission), "USER_ERROR")
        case "404":
            return not_found(path)
        case _:
            return forbidden()
