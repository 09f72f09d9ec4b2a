"""Between kinds: CAST, EXTRACT, and arithmetic with dates."""

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
_TEXTS = frozenset({exp.DType.VARCHAR, exp.DType.CHAR})
_NUMBERS = frozenset({exp.DType.DECIMAL, exp.DType.DOUBLE, exp.DType.FLOAT})
_CLOCKS = frozenset({exp.DType.DATE, exp.DType.TIMESTAMP})
_PARTS = frozenset({"year", "month", "day", "hour", "minute", "second"})


def cast(value: Expression, wanted: exp.DType, preferences: Preferences) -> Expression:
    """Translate ``CAST(value AS wanted)``.

    Raises:
        Refusal: to another type than text, number or date, or of text to a date.
    """
    if wanted in _TEXTS:
        return as_text(value, preferences)
    if wanted in _NUMBERS:
        return as_number(value)
    if wanted == exp.DType.INT:
        return Expression(f"CAST(round({as_number(value).sql}) AS BIGINT)", Kind.NUMBER)
    if wanted in _CLOCKS:
        return as_clock(value, preferences)
    raise unsupported()


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
