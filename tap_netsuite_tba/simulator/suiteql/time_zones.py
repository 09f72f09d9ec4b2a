"""Functions of time zones: FROM_TZ, NEW_TIME, TZ_OFFSET and SYS_EXTRACT_UTC."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tap_netsuite_tba.simulator.suiteql.formulas import Arguments, Function, as_clock, filled
from tap_netsuite_tba.simulator.suiteql.kinds import (
    CLOCKS,
    Expression,
    Kind,
    Preferences,
    clock_in,
    instant_of,
    offset_minutes,
    to_instant,
)
from tap_netsuite_tba.simulator.suiteql.pseudocolumns import NOW
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported

# The zones that NEW_TIME knows: minutes east of UTC.
_OLD_ZONES: Mapping[str, int] = {
    "AST": -240,
    "ADT": -180,
    "BST": -660,
    "BDT": -600,
    "CST": -360,
    "CDT": -300,
    "EST": -300,
    "EDT": -240,
    "GMT": 0,
    "HST": -600,
    "HDT": -540,
    "MST": -420,
    "MDT": -360,
    "NST": -210,
    "PST": -480,
    "PDT": -420,
    "YST": -540,
    "YDT": -480,
}


def known_zone(name: str) -> str:
    """Return the name of a zone, or an offset such as ``+02:00``.

    Raises:
        Refusal: there is no such zone.
    """
    if offset_minutes(name) is not None:
        return name
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise unsupported() from error


def _sys_extract_utc(arguments: Arguments, preferences: Preferences) -> Expression:
    match arguments:
        case [value] if value.kind is Kind.DATE and preferences.utc_of_date == "refused":
            raise unsupported()
        case [value] if value.kind in CLOCKS:
            return Expression(to_instant(value, preferences).sql, Kind.LOCAL)
    raise unsupported()


def _from_tz(arguments: Arguments, preferences: Preferences) -> Expression:
    match arguments:
        case [clock, zone] if clock.kind in CLOCKS and zone.literal:
            name = known_zone(zone.literal)
            instant = instant_of(as_clock(clock, preferences).sql, name)
            return Expression(instant, Kind.INSTANT, zone=name)
    raise unsupported()


def _new_time(arguments: Arguments, preferences: Preferences) -> Expression:
    match arguments:
        case [clock, before, after]:
            zones = [_OLD_ZONES.get((zone.literal or "").upper()) for zone in (before, after)]
        case _:
            raise unsupported()
    first, second = zones
    if first is None or second is None:
        raise unsupported()
    sql = f"({as_clock(clock, preferences).sql} + to_minutes({second - first}))"
    return Expression(sql, Kind.LOCAL)


def _tz_offset(arguments: Arguments, _preferences: Preferences) -> Expression:
    match arguments:
        case [zone] if zone.literal:
            clock = clock_in(NOW, known_zone(zone.literal))
        case _:
            raise unsupported()
    minutes = filled("date_diff('minute', {0}, {1})", [NOW, clock])
    sql = filled(
        "printf('%s%02d:%02d', CASE WHEN {0} < 0 THEN '-' ELSE '+' END,"
        " abs({0}) // 60, abs({0}) % 60)",
        [minutes],
    )
    return Expression(sql, Kind.TEXT)


ZONE_FUNCTIONS: Mapping[str, Function] = {
    "FROM_TZ": _from_tz,
    "NEW_TIME": _new_time,
    "SYS_EXTRACT_UTC": _sys_extract_utc,
    "TZ_OFFSET": _tz_offset,
}
