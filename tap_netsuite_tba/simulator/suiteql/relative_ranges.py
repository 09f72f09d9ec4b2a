"""BUILTIN.RELATIVE_RANGES: the first or last day of a time named from today.

The names are those of SuiteScript's N/query (``query.RelativeDateRange``). Fiscal years are taken
for calendar years, and weeks begin on Sunday.
"""

import re

from tap_netsuite_tba.simulator.suiteql.kinds import Expression, Kind, Preferences, clock_in
from tap_netsuite_tba.simulator.suiteql.pseudocolumns import NOW
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported

_DAYS = {"TODAY": 0, "YESTERDAY": -1, "TOMORROW": 1}
# DAGO30 and DFN30: so many units ago, and from now.
_AWAY = re.compile(r"(?P<unit>[DWMQHY])(?P<way>AGO|FN)(?P<count>\d{1,4})")
# TM, LFQ, NW, OYBL: this, last, next, or the one before the last, of a unit; TMTD: up to today.
_AROUND = re.compile(r"(?P<way>T|L|N)(?P<fiscal>F?)(?P<unit>[WMQHY])(?P<todate>TD)?")
_WAYS = {"T": 0, "L": -1, "N": 1}
# A unit's start, and its length.
_STARTS = {
    "D": "{day}",
    "W": "({day} - to_days(dayofweek({day})::INTEGER))",
    "M": "date_trunc('month', {day})",
    "Q": "date_trunc('quarter', {day})",
    "H": "(date_trunc('year', {day}) + to_months(CASE WHEN month({day}) > 6 THEN 6 ELSE 0 END))",
    "Y": "date_trunc('year', {day})",
}
_LENGTHS = {
    "D": "to_days({count})",
    "W": "to_days({count} * 7)",
    "M": "to_months({count})",
    "Q": "to_months({count} * 3)",
    "H": "to_months({count} * 6)",
    "Y": "to_months({count} * 12)",
}


def relative_range(name: str, end: str, preferences: Preferences) -> Expression:
    """Return a day.

    Args:
        name: such as ``TODAY``, ``DAGO30`` (thirty days ago), ``LM`` (last month).
        end: ``START`` or ``END``.
        preferences: where today is.

    Raises:
        Refusal: no such name is known here.
    """
    if end not in {"START", "END"}:
        raise unsupported()
    today = f"date_trunc('day', {clock_in(NOW, preferences.time_zone)})"
    if name in _DAYS:
        return _day(_moved(today, "D", _DAYS[name]))
    if match := _AWAY.fullmatch(name):
        count = int(match["count"])
        return _day(_moved(today, match["unit"], -count if match["way"] == "AGO" else count))
    match = _AROUND.fullmatch(name)
    if match is None:
        raise unsupported()
    unit, away = match["unit"], _WAYS[match["way"]]
    if match["todate"] and end == "END":
        return _day(_moved(today, unit, away))
    start = _moved(_STARTS[unit].format(day=today), unit, away + (end == "END"))
    return _day(start if end == "START" else _moved(start, "D", -1))


def _moved(day: str, unit: str, count: int) -> str:
    return f"({day} + {_LENGTHS[unit].format(count=count)})" if count else day


def _day(sql: str) -> Expression:
    return Expression(f"CAST({sql} AS DATE)", Kind.DATE)
