"""Names that stand without a table: ROWNUM, SYSDATE and their like."""

from tap_netsuite_tba.simulator.suiteql.kinds import Expression, Kind, Preferences, quoted

# NetSuite's servers keep Pacific time, wherever the user is.
_SERVER_ZONE = "America/Los_Angeles"
NOW = "\0now\0"


_ROWNUM = "ROWNUM"
_SESSION_ZONE = "SESSIONTIMEZONE"
_SERVER_CLOCKS = frozenset({"SYSDATE", "SYSTIMESTAMP"})
_SESSION_CLOCKS = frozenset({"CURRENT_DATE", "CURRENT_TIMESTAMP", "LOCALTIMESTAMP"})


def is_pseudocolumn(name: str) -> bool:
    """Tell whether ``name``, as the query wrote it, stands without a table."""
    return name.upper() in {_ROWNUM, _SESSION_ZONE} | _SERVER_CLOCKS | _SESSION_CLOCKS


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
        return Expression(quoted(preferences.time_zone), Kind.TEXT)
    return _now_in(_SERVER_ZONE if upper in _SERVER_CLOCKS else preferences.time_zone)


def _now_in(zone: str) -> Expression:
    return Expression(f"timezone({quoted(zone)}, timezone('UTC', {NOW}))", Kind.LOCAL)
