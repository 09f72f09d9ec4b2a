"""Causes that the settings, and what was seen of the way, rule out."""

from collections.abc import Iterable

from tap_netsuite_tba.check.case import Case
from tap_netsuite_tba.explanations import Cause

_OF_A_NETWORK = ("network_down", "no_name_server", "firewall")


def left_of(causes: Iterable[Cause], case: Case) -> tuple[Cause, ...]:
    """The causes that may be, in their order."""
    return tuple(each for each in causes if not _is_out(each.key, case))


def _is_out(key: str, case: Case) -> bool:
    if key == "proxy_wrong":
        return case.proxy is None
    if key == "base_url_wrong":
        return not case.settings.base_url
    if key == "account_id_wrong":
        # Then the host is not that of its name.
        return bool(case.settings.base_url) and not case.account.is_at_netsuite
    return key in _OF_A_NETWORK and case.account.on_loopback
