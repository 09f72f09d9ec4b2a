"""Names that stand without a table: ROWNUM, SYSDATE and their like."""

from tap_netsuite_tba.simulator.suiteql.kinds import Expression, Kind, Preferences, clock_in, quoted

# NetSuite's servers keep Pacific time, wherever the user is.
SERVER_ZONE = "America/Los_Angeles"
NOW = "\0now\0"
"""The place of the account's time, as a naive UTC instant."""

_ROWNUM = "ROWNUM"
_SESSION_ZONE = "SESSIONTIMEZONE"
# Whose clock each of them reads; those of the second kind know their zone besides.
_CLOCKS = {"SYSDATE": SERVER_ZONE, "CURRENT_DATE": None, "LOCALTIMESTAMP": None}
_INSTANTS = {"SYSTIMESTAMP": SERVER_ZONE, "CURRENT_TIMESTAMP": None}


def is_pseudocolumn(name: str) -> bool:
    """Tell whether ``name``, as the query wrote it, stands without a table."""
    return name.upper() in {_ROWNUM, _SESSION_ZONE, *_CLOCKS, *_INSTANTS}


def pseudocolumn(name: str, preferences: Preferences, rownum: str) -> Expression:
    """Return what a pseudocolumn stands for.

    Args:
        name: as the query wrote it.
        preferences: the session's time zone.
        rownum: DuckDB's text for ROWNUM here.
    """
    upper = name.upper()
    if upper == _ROWNUM:
        return Expression(rownum, Kind.NUMBER)
    if upper == _SESSION_ZONE:
        zone = preferences.time_zone
        return Expression(quoted(zone), Kind.TEXT, literal=zone)
    if upper in _INSTANTS:
        return Expression(NOW, Kind.INSTANT, zone=_INSTANTS[upper])
    return Expression(clock_in(NOW, _CLOCKS[upper] or preferences.time_zone), Kind.LOCAL)
