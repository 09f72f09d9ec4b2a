"""The functions of SuiteQL, by name. Any other is refused."""

from collections.abc import Mapping

from tap_netsuite_tba.simulator.suiteql.choices import CHOICES
from tap_netsuite_tba.simulator.suiteql.date_printing import date_text
from tap_netsuite_tba.simulator.suiteql.date_reading import to_date, to_timestamp_tz
from tap_netsuite_tba.simulator.suiteql.dates import DATE_FUNCTIONS, cut
from tap_netsuite_tba.simulator.suiteql.formulas import Arguments, Function, as_number, as_text
from tap_netsuite_tba.simulator.suiteql.kinds import CLOCKS, Expression, Kind, Preferences
from tap_netsuite_tba.simulator.suiteql.number_formats import number_in_format, read_number
from tap_netsuite_tba.simulator.suiteql.numbers import NUMBER_FUNCTIONS, cut_number, round_number
from tap_netsuite_tba.simulator.suiteql.patterns import PATTERN_FUNCTIONS
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported
from tap_netsuite_tba.simulator.suiteql.texts import TEXT_FUNCTIONS
from tap_netsuite_tba.simulator.suiteql.time_zones import ZONE_FUNCTIONS


def _to_char(arguments: Arguments, preferences: Preferences) -> Expression:
    match arguments:
        case [value]:
            return as_text(value, preferences)
        case [value, form] if form.literal is None:
            raise unsupported()
        case [value, form] if value.kind in CLOCKS:
            return date_text(value, form.literal or "", preferences)
        case [value, form] if value.kind is not Kind.CONDITION:
            return number_in_format(value, form.literal or "", preferences)
    raise unsupported()


def _to_number(arguments: Arguments, preferences: Preferences) -> Expression:
    match arguments:
        case [value]:
            return as_number(value)
        case [value, form] if form.literal:
            return read_number(as_text(value, preferences), form.literal)
    raise unsupported()


def _trunc(arguments: Arguments, preferences: Preferences) -> Expression:
    if arguments and arguments[0].kind in CLOCKS:
        return cut(arguments, preferences, rounded=False)
    return cut_number(arguments, preferences)


def _round(arguments: Arguments, preferences: Preferences) -> Expression:
    if arguments and arguments[0].kind in CLOCKS:
        return cut(arguments, preferences, rounded=True)
    return round_number(arguments, preferences)


FUNCTIONS: Mapping[str, Function] = {
    **CHOICES,
    **DATE_FUNCTIONS,
    **NUMBER_FUNCTIONS,
    **PATTERN_FUNCTIONS,
    **TEXT_FUNCTIONS,
    **ZONE_FUNCTIONS,
    "ROUND": _round,
    "TO_CHAR": _to_char,
    "TO_DATE": to_date,
    "TO_NUMBER": _to_number,
    "TO_TIMESTAMP": to_date,
    "TO_TIMESTAMP_TZ": to_timestamp_tz,
    "TRUNC": _trunc,
}
