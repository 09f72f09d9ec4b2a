"""Functions of dates: TRUNC, ADD_MONTHS and their like."""

from collections.abc import Mapping
from dataclasses import dataclass

from tap_netsuite_tba.simulator.suiteql.formulas import (
    Arguments,
    Function,
    as_clock,
    filled,
    formula,
)
from tap_netsuite_tba.simulator.suiteql.kinds import Expression, Kind, Preferences
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported

_LAST = "(CAST({0} AS DATE) = last_day({0}))"
_TIME = "(CAST({0} AS TIMESTAMP) - date_trunc('day', {0}))"
_SHIFTED = "({0} + to_months(CAST(trunc({1}) AS INTEGER)))"
# The last day of a month stays the last day.
_ADD_MONTHS = (
    f"(CASE WHEN {_LAST} THEN last_day({_SHIFTED}) + {_TIME}"
    f" ELSE CAST({_SHIFTED} AS TIMESTAMP) END)"
)
_BOTH_LAST = "(CAST({0} AS DATE) = last_day({0}) AND CAST({1} AS DATE) = last_day({1}))"
# Whole months between equal days or two last days; else a month has 31 days.
_MONTHS_BETWEEN = (
    "((year({0}) - year({1})) * 12 + month({0}) - month({1})"
    f" + CASE WHEN day({{0}}) = day({{1}}) OR {_BOTH_LAST} THEN 0 ELSE"
    " (day({0}) - day({1}) + (epoch({0}) % 86400 - epoch({1}) % 86400) / 86400) / 31 END)"
)
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


@dataclass(frozen=True)
class _Unit:
    """What TRUNC and ROUND can cut a date to.

    Attributes:
        start: the formula of where the unit began.
        rounded: the formula of the nearer start; empty of weeks, whose next start is 7 days on.
    """

    start: str
    rounded: str = ""


_MIDDLE = "CASE WHEN day({0}) >= 16 THEN 1 ELSE 0 END"
_YEAR = _Unit("date_trunc('year', {0})", "date_trunc('year', {0} + to_months(6))")
_ISO_YEAR = _Unit(
    "date_trunc('week', make_date(isoyear({0}), 1, 4))",
    "date_trunc('week', make_date(isoyear({0} + to_months(6)), 1, 4))",
)
_CENTURY = _Unit(
    "date_trunc('century', {0})", "date_trunc('century', date_trunc('year', {0}) + to_years(50))"
)
_QUARTER = _Unit(
    "date_trunc('quarter', {0})",
    f"date_trunc('quarter', date_trunc('month', {{0}}) + to_months(1 + {_MIDDLE}))",
)
_MONTH = _Unit("date_trunc('month', {0})", f"(date_trunc('month', {{0}}) + to_months({_MIDDLE}))")
_DAY = _Unit("date_trunc('day', {0})", "date_trunc('day', {0} + to_hours(12))")
_HOUR = _Unit("date_trunc('hour', {0})", "date_trunc('hour', {0} + to_minutes(30))")
_UNITS: Mapping[str, _Unit] = {
    **dict.fromkeys(("CC", "SCC"), _CENTURY),
    **dict.fromkeys(("SYYYY", "YYYY", "YEAR", "SYEAR", "YYY", "YY", "Y"), _YEAR),
    **dict.fromkeys(("IYYY", "IYY", "IY", "I"), _ISO_YEAR),
    "Q": _QUARTER,
    **dict.fromkeys(("MONTH", "MON", "MM", "RM"), _MONTH),
    "WW": _Unit("(date_trunc('day', {0}) - to_days((dayofyear({0}) - 1)::INTEGER % 7))"),
    "IW": _Unit("date_trunc('week', {0})"),
    "W": _Unit("(date_trunc('day', {0}) - to_days((day({0}) - 1)::INTEGER % 7))"),
    **dict.fromkeys(("DDD", "DD", "J"), _DAY),
    **dict.fromkeys(
        ("DAY", "DY", "D"), _Unit("(date_trunc('day', {0}) - to_days(dayofweek({0})::INTEGER))")
    ),
    **dict.fromkeys(("HH", "HH12", "HH24"), _HOUR),
    "MI": _Unit("date_trunc('minute', {0})", "date_trunc('minute', {0} + to_seconds(30))"),
}
_NEARER_WEEK = "({start} + to_days(CASE WHEN epoch({0} - {start}) >= 302400 THEN 7 ELSE 0 END))"


def cut(arguments: Arguments, preferences: Preferences, *, rounded: bool) -> Expression:
    """Translate TRUNC or ROUND of a date; to the day unless another unit is named.

    Raises:
        Refusal: there is no such unit.
    """
    match arguments:
        case [value]:
            unit = _DAY
        case [value, name] if (name.literal or "").upper() in _UNITS:
            unit = _UNITS[(name.literal or "").upper()]
        case _:
            raise unsupported()
    text = unit.start
    if rounded:
        text = unit.rounded or _NEARER_WEEK.replace("{start}", unit.start)
    return Expression(filled(text, [as_clock(value, preferences).sql]), Kind.LOCAL)


def _next_day(arguments: Arguments, preferences: Preferences) -> Expression:
    match arguments:
        case [value, name] if (name.literal or "")[:3].upper() in _DAYS:
            wanted = _DAYS.index((name.literal or "")[:3].upper())
        case _:
            raise unsupported()
    clock = as_clock(value, preferences).sql
    days = f"1 + ({wanted} - dayofweek({{0}}) + 6)::INTEGER % 7"
    return Expression(filled(f"({{0}} + to_days({days}))", [clock]), Kind.LOCAL)


DATE_FUNCTIONS: Mapping[str, Function] = {
    "ADD_MONTHS": formula(_ADD_MONTHS, Kind.LOCAL, "cn"),
    "LAST_DAY": formula(f"(last_day({{0}}) + {_TIME})", Kind.LOCAL, "c"),
    "MONTHS_BETWEEN": formula(_MONTHS_BETWEEN, Kind.NUMBER, "cc"),
    "NEXT_DAY": _next_day,
}
