"""TO_DATE and TO_TIMESTAMP: text that reads as a clock."""

import re
from collections.abc import Mapping

from tap_netsuite_tba.simulator.suiteql.date_formats import Element, elements, preference_format
from tap_netsuite_tba.simulator.suiteql.formulas import Arguments, as_text, filled
from tap_netsuite_tba.simulator.suiteql.kinds import (
    CLOCKS,
    Expression,
    Kind,
    Preferences,
    clock_in,
    quoted,
    to_clock,
    to_instant,
)
from tap_netsuite_tba.simulator.suiteql.pseudocolumns import NOW, SERVER_ZONE
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported
from tap_netsuite_tba.simulator.suiteql.time_zones import known_zone

# For DuckDB's strptime; it takes numbers without their padding, as Oracle does.
_CODES: Mapping[str, str] = {
    "YYYY": "%Y",
    "RRRR": "%Y",
    "YY": "%y",
    "RR": "%y",
    "MONTH": "%B",
    "MON": "%b",
    "MM": "%m",
    "DD": "%d",
    "DDD": "%j",
    "HH24": "%H",
    "HH12": "%I",
    "HH": "%I",
    "MI": "%M",
    "SS": "%S",
    "AM": "%p",
    "PM": "%p",
    "X": ".",
    **{f"FF{digits}": "%f" for digits in ("", *range(1, 7))},
}
_YEARS = frozenset({"YYYY", "RRRR", "YY", "RR"})
_MONTHS = frozenset({"MONTH", "MON", "MM", "DDD"})
_TIMES = frozenset({"HH24", "HH12", "HH", "MI", "SS", "AM", "PM"})
_ZONES = {"TZH": "%z", "TZM": "", "TZR": "%Z"}
_MARKS = frozenset("-/.")
# Of a year of two digits DuckDB makes one of 1969 to 2068.
_CENTURIES = {
    "YY": "({0} + to_years(CASE WHEN year({0}) < 2000 THEN 100 ELSE 0 END))",
    "RR": "({0} - to_years(CASE WHEN year({0}) >= 2050 THEN 100 ELSE 0 END))",
}
_TRAILING_ZONE = re.compile(r"([+-]\d\d?(?::?\d\d)?|[A-Za-z_]+(?:/[A-Za-z0-9_+-]+)*)\s*\Z")


def to_date(arguments: Arguments, preferences: Preferences) -> Expression:
    """Translate TO_DATE and TO_TIMESTAMP: text that reads as a clock of the session.

    Text that does not fit the format is an error of DuckDB's when the query runs.

    Raises:
        Refusal: the format is no literal, or holds what cannot be read.
    """
    match arguments:
        case [value] | [value, _] if value.kind in CLOCKS:
            return to_clock(value, preferences)
        case [value]:
            pattern = quoted(preference_format(preferences.date_format))
            return Expression(f"strptime({_text(value, preferences)}, {pattern})", Kind.LOCAL)
        case [value, form] if form.literal:
            parts = list(elements(form.literal))
            if not any(part.name in _ZONES for part in parts):
                return _read(_text(value, preferences), parts)
    raise unsupported()


def to_timestamp_tz(arguments: Arguments, preferences: Preferences) -> Expression:
    """Translate TO_TIMESTAMP_TZ: text that reads as an instant.

    The clock of the value hangs in the zone that a literal says, else in the session's.

    Raises:
        Refusal: the format is no literal, or holds what cannot be read.
    """
    match arguments:
        case [value, form] if form.literal:
            parts = _without_colon_in_offset(list(elements(form.literal)))
        case _:
            raise unsupported()
    clock = _read(_text(value, preferences), parts)
    if not any(part.name in _ZONES for part in parts):
        return to_instant(clock, preferences)
    written = _TRAILING_ZONE.search(value.literal or "")
    zone = known_zone(written[1]) if written else None
    return Expression(f"timezone('UTC', {clock.sql})", Kind.INSTANT, zone=zone)


def _without_colon_in_offset(parts: list[Element]) -> list[Element]:
    """Take the mark out of TZH:TZM: strptime reads both at once."""
    return [
        part
        for part, following in zip(parts, [*parts[1:], None], strict=True)
        if part.name or following is None or following.name != "TZM"
    ]


def _text(value: Expression, preferences: Preferences) -> str:
    text = as_text(value, preferences).sql
    return text if value.kind is Kind.TEXT else f"CAST({text} AS VARCHAR)"


def _read(text: str, parts: list[Element]) -> Expression:
    """Read text by a format; what the format leaves out is of today, as in Oracle."""
    names = {part.name for part in parts}
    missing = [code for code, these in (("%Y", _YEARS), ("%m", _MONTHS)) if not names & these]
    today = "".join(f" {code}" for code in missing)
    if missing:
        text = f"({text} || strftime({clock_in(NOW, SERVER_ZONE)}, '{today}'))"
    patterns = ", ".join(quoted(pattern + today) for pattern in _patterns(parts))
    sql = f"strptime({text}, [{patterns}])"
    for name, century in _CENTURIES.items():
        if name in names:
            sql = filled(century, [sql])
    return Expression(sql, Kind.LOCAL)


def _patterns(parts: list[Element]) -> list[str]:
    """Return the patterns that Oracle would take, the written one first.

    Text may end before the time of day, name a month in full or in short, and have other marks
    between its numbers, or none.
    """
    count = len(parts)
    patterns = [_pattern(parts, "")]
    while count > 1 and (not parts[count - 1].name or parts[count - 1].name in _TIMES):
        count -= 1
        if parts[count - 1].name:
            patterns.append(_pattern(parts[:count], ""))
    for whole in (parts, parts[:count]):
        patterns += [_pattern(whole, marks) for marks in ("-", "/", ".", None)]
    swapped = [pattern.replace("%b", "%B") for pattern in patterns]
    swapped += [pattern.replace("%B", "%b") for pattern in patterns]
    return list(dict.fromkeys(patterns + swapped))


def _pattern(parts: list[Element], marks: str | None) -> str:
    return "".join(_code(part, marks) for part in parts)


def _code(part: Element, marks: str | None) -> str:
    """Return what strptime calls an element; marks are replaced, or left out if None."""
    if part.name in _ZONES:
        return _ZONES[part.name]
    if part.name:
        if part.name not in _CODES:
            raise unsupported()
        return _CODES[part.name]
    if part.text in _MARKS and marks is None:
        return ""
    if part.text in _MARKS and marks:
        return marks
    return part.text.replace("%", "%%")
