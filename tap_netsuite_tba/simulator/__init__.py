"""An imitation NetSuite account on loopback, for trying and for testing.

It shares no code with what it checks. It needs the extra ``simulator`` (DuckDB, sqlglot);
importing this package does not, so that the tap can start one in a process of its own::

    with Simulator(transactions=10_000, seed=7) as account:
        account.base_url, account.credentials
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tap_netsuite_tba.simulator.account import Counters
    from tap_netsuite_tba.simulator.audit import AuditReason
    from tap_netsuite_tba.simulator.churn import Activity, Churn
    from tap_netsuite_tba.simulator.exchange import Served
    from tap_netsuite_tba.simulator.faults import Fault, FaultKind
    from tap_netsuite_tba.simulator.latency import Latency
    from tap_netsuite_tba.simulator.logins import Credentials
    from tap_netsuite_tba.simulator.roles import ColumnRefusal, Role
    from tap_netsuite_tba.simulator.simulator import Simulator
    from tap_netsuite_tba.simulator.switches import Switches

__all__ = [
    "Activity",
    "AuditReason",
    "Churn",
    "ColumnRefusal",
    "Counters",
    "Credentials",
    "Fault",
    "FaultKind",
    "Latency",
    "Role",
    "Served",
    "Simulator",
    "Switches",
]

_HOMES = {
    "Activity": "churn",
    "AuditReason": "audit",
    "Churn": "churn",
    "ColumnRefusal": "roles",
    "Counters": "account",
    "Credentials": "logins",
    "Fault": "faults",
    "FaultKind": "faults",
    "Latency": "latency",
    "Role": "roles",
    "Served": "exchange",
    "Simulator": "simulator",
    "Switches": "switches",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  # any of the names above
    """Import a name's module when it is first asked for."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)
