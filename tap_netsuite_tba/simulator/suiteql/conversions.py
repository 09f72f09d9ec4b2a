"""Between kinds: CAST, EXTRACT, and arithmetic with dates."""

from collections.abc import Mapping

from sqlglot import exp

from tap_netsuite_tba.simulator.suiteql.formulas import as_clock, as_number, as_text
from tap_netsuite_tba.simulator.suiteql.kinds import (
    CLOCKS,
    Expression,
    Kind,
    Preferences,
    to_clock,
)
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported

_SECONDS_A_DAY = 86_400
_LONGEST: Mapping[exp.DType, int] = {exp.DType.VARCHAR: 4000, exp.DType.CHAR: 2000}
_MOST_DIGITS = 38
_NUMBERS = frozenset({exp.DType.DECIMAL, exp.DType.DOUBLE, exp.DType.FLOAT})
_CLOCKS: Mapping[exp.DType, Kind] = {
    exp.DType.DATE: Kind.DATE,
    exp.DType.TIMESTAMP: Kind.LOCAL,
}
_PARTS = frozenset({"year", "month", "day", "hour", "minute", "second"})


def cast(value: Expression, to: exp.DataType, preferences: Preferences) -> Expression:
    """Translate ``CAST(value AS to)``.

    Raises:
        Refusal: to another type than text, number or date, or to one of an impossible size, or of
            text to a date.
    """
    wanted = to.this
    sizes = [size.name for size in to.expressions]
    if wanted in _LONGEST:
        return _sized(as_text(value, preferences), wanted, sizes)
    if wanted == exp.DType.DECIMAL and sizes:
        return _precise(as_number(value), sizes)
    if wanted in _NUMBERS:
        return as_number(value)
    if wanted == exp.DType.INT:
        return Expression(f"CAST(round({as_number(value).sql}) AS BIGINT)", Kind.NUMBER)
    if wanted in _CLOCKS:
        return Expression(as_clock(value, preferences).sql, _CLOCKS[wanted])
    raise unsupported()


def _sized(text: Expression, wanted: exp.DType, sizes: list[str]) -> Expression:
    """Cut a text to its type's size; one of a fixed size is filled up, too."""
    if not sizes:
        return text
    size = int(sizes[0]) if sizes[0].isdecimal() else 0
    if not 1 <= size <= _LONGEST[wanted]:
        raise unsupported()
    if wanted == exp.DType.CHAR:
        return Expression(f"rpad({text.sql}, {size}, ' ')", Kind.TEXT)
    return Expression(f"substr({text.sql}, 1, {size})", Kind.TEXT)


def _precise(number: Expression, sizes: list[str]) -> Expression:
    """Round a number to its type's scale; one with too many digits is an error."""
    digits, places = [*sizes, "0"][:2]
    if digits == "*":
        digits = str(_MOST_DIGITS)
    if not (digits.isdecimal() and places.isdecimal()):
        raise unsupported()
    if not int(places) <= int(digits) <= _MOST_DIGITS:
        raise unsupported()
    sql = f"CAST(round({number.sql}, {places}) AS DECIMAL({digits}, {places}))"
    return Expression(sql, Kind.NUMBER)


def extract(part: str, value: Expression, preferences: Preferences) -> Expression:
    """Translate ``EXTRACT(part FROM value)``.

    Raises:
        Refusal: of anything but a part of a date.
    """
    if value.kind not in CLOCKS or part not in _PARTS:
        raise unsupported()
    return Expression(f"date_part('{part}', {to_clock(value, preferences).sql})", Kind.NUMBER)


def date_arithmetic(
    operator: str, left: Expression, right: Expression, preferences: Preferences
) -> Expression:
    """Translate a date plus or minus days, or the days between two dates.

    Raises:
        Refusal: of any other operation.
    """
    first, second = to_clock(left, preferences), to_clock(right, preferences)
    if operator == "-" and first.kind in CLOCKS and second.kind in CLOCKS:
        seconds = f"epoch({first.sql}) - epoch({second.sql})"
        return Expression(f"(({seconds}) / {_SECONDS_A_DAY})", Kind.NUMBER)
    if operator == "+" and second.kind in CLOCKS:
        first, second = second, first
    if operator in {"+", "-"} and first.kind in CLOCKS and second.kind not in CLOCKS:
        # A date has whole seconds.
        days = as_number(second).sql
        seconds = f"to_seconds(round({days} * {_SECONDS_A_DAY}))"
        return Expression(f"({first.sql} {operator} {seconds})", Kind.LOCAL)
    raise unsupported()
