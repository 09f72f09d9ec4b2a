"""What an expression is: its DuckDB text and how NetSuite understands its value."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    """How a value is compared and printed.

    Instants are stored as naive UTC. What NetSuite shows of them, and every literal beside them,
    is in the session's time zone.
    """

    NUMBER = auto()
    TEXT = auto()
    DATE = auto()
    INSTANT = auto()  # a date-time column
    ZONELESS = auto()  # one that is a DATE of Oracle's: in a query a DATE with a time of day
    LOCAL = auto()  # TO_DATE, TO_TIMESTAMP, SYSDATE, SYS_EXTRACT_UTC: a clock without a zone
    CONDITION = auto()
    UNKNOWN = auto()  # NULL and bound parameters


_OFFSET = re.compile(r"(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d\d)?")

CLOCKS = frozenset({Kind.DATE, Kind.INSTANT, Kind.LOCAL})


@dataclass(frozen=True)
class Expression:
    """A translated expression.

    Attributes:
        sql: DuckDB's text, safe to stand inside any other.
        kind: how its value is understood.
        literal: the text of a string literal.
        zone: of an instant, where its clock hangs, such as ``Europe/Berlin`` or ``+02:00``; None
            for the session's zone.
    """

    sql: str
    kind: Kind
    literal: str | None = None
    zone: str | None = None


@dataclass(frozen=True)
class Preferences:
    """The token user's preferences.

    Attributes:
        time_zone: the session's IANA zone.
        date_format: how dates are printed, such as ``M/D/YYYY`` or ``DD.MM.YYYY``.
        numbers: ``plain`` prints a half as 0.5, ``oracle`` as .5.
        missing_hour: a clock in the hour that spring skips, beside an instant: it is ``moved``
            behind that hour or ``refused``.
        utc_of_date: SYS_EXTRACT_UTC of a DATE, which has no time zone, is ``refused`` or
            ``accepted``.
    """

    time_zone: str = "America/Los_Angeles"
    date_format: str = "M/D/YYYY"
    numbers: str = "plain"
    missing_hour: str = "moved"
    utc_of_date: str = "refused"


def kind_of(duckdb_type: str) -> Kind:
    """Return the kind of a column by its DuckDB type."""
    if duckdb_type == "VARCHAR":
        return Kind.TEXT
    if duckdb_type == "DATE":
        return Kind.DATE
    if duckdb_type.startswith("TIMESTAMP"):
        return Kind.INSTANT
    return Kind.NUMBER


def quoted(text: str) -> str:
    """Return ``text`` as a string literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return ``name`` as a quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def to_clock(value: Expression, preferences: Preferences) -> Expression:
    """Return a value in time as its clock reads: an instant in its zone or the session's."""
    if value.kind is not Kind.INSTANT:
        return value
    return Expression(clock_in(value.sql, value.zone or preferences.time_zone), Kind.LOCAL)


def to_instant(value: Expression, preferences: Preferences) -> Expression:
    """Return a clock of the session as the instant it stands for.

    Of an hour that the clock shows twice the later is meant, which is standard time, as in
    Oracle's database; one that it skips is read by the time before the change.
    """
    if value.kind not in {Kind.DATE, Kind.LOCAL}:
        return value
    return Expression(instant_of(value.sql, preferences.time_zone), Kind.INSTANT)


def clock_in(instant: str, zone: str) -> str:
    """Return DuckDB's text for what a clock in ``zone`` shows at a naive UTC instant."""
    minutes = offset_minutes(zone)
    if minutes is not None:
        return f"({instant} + to_minutes({minutes}))"
    return f"timezone({quoted(zone)}, timezone('UTC', {instant}))"


def instant_of(clock: str, zone: str) -> str:
    """Return DuckDB's text for the naive UTC instant at which a clock in ``zone`` shows this."""
    minutes = offset_minutes(zone)
    if minutes is not None:
        return f"(CAST({clock} AS TIMESTAMP) - to_minutes({minutes}))"
    return f"timezone('UTC', timezone({quoted(zone)}, CAST({clock} AS TIMESTAMP)))"


def offset_minutes(zone: str) -> int | None:
    """Return the minutes east of UTC that ``+hh:mm`` says; None of a zone with a name."""
    match = _OFFSET.fullmatch(zone)
    if match is None:
        return None
    minutes = int(match["hours"]) * 60 + int(match["minutes"] or 0)
    return -minutes if match["sign"] == "-" else minutes


def aligned(values: Sequence[Expression], preferences: Preferences) -> list[Expression]:
    """Bring values that are compared, or are branches of one expression, onto one scale.

    Beside an instant a clock is read in the session's zone, that of SYS_EXTRACT_UTC too, which
    is off by the zone's offset, as in Oracle's database. A number beside text becomes text.
    """
    kinds = {value.kind for value in values}
    if Kind.INSTANT in kinds:
        return [_beside_instant(value, preferences) for value in values]
    if kinds >= {Kind.NUMBER, Kind.TEXT}:
        return [_as_text_unless_literal(value, values, preferences) for value in values]
    return list(values)


def _beside_instant(value: Expression, preferences: Preferences) -> Expression:
    """Return a clock as the instant it stands for; by the switch only if a clock ever shows it."""
    zone = preferences.time_zone
    if value.kind is not Kind.LOCAL or preferences.missing_hour == "moved":
        return to_instant(value, preferences)
    shown = clock_in(instant_of("t", zone), zone)
    checked = f"CASE WHEN {shown} <> t THEN error('no such hour') ELSE t END"
    sql = f"list_transform([CAST({value.sql} AS TIMESTAMP)], lambda t: {checked})[1]"
    return to_instant(Expression(sql, Kind.LOCAL), preferences)


def _as_text_unless_literal(
    value: Expression, values: Sequence[Expression], preferences: Preferences
) -> Expression:
    """Turn a number into text, unless all the text beside it are literals that may be numbers."""
    if value.kind is not Kind.NUMBER:
        return value
    if all(other.literal is not None for other in values if other.kind is Kind.TEXT):
        return value
    return Expression(number_text(value.sql, preferences), Kind.TEXT)


def common_kind(values: Sequence[Expression]) -> Kind:
    """Return the kind of an expression that is one of ``values``."""
    return next((value.kind for value in values if value.kind is not Kind.UNKNOWN), Kind.UNKNOWN)


def number_text(sql: str, preferences: Preferences) -> str:
    """Return DuckDB's text that prints a number as NetSuite does.

    No trailing zeros and no exponent; what is no number, such as a division by zero, is an error.
    """
    return f"list_transform([CAST({sql} AS VARCHAR)], lambda t: {_printed(preferences)})[1]"


def without_trailing_zeros(text: str, preferences: Preferences) -> str:
    """Return DuckDB's text for a decimal's digits without the zeros that say nothing.

    Args:
        text: DuckDB's text for digits with a point.
        preferences: whether a zero stands before the point.
    """
    bare = f"rtrim(rtrim({text}, '0'), '.')"
    if preferences.numbers == "oracle":
        return rf"regexp_replace({bare}, '^(-?)0\.', '\1.')"
    return bare


def _printed(preferences: Preferences) -> str:
    point = without_trailing_zeros("t", preferences)
    return (
        "CASE WHEN contains(t, 'n') THEN error('no number')"
        f" WHEN contains(t, 'e') THEN {without_trailing_zeros(_DIGITS, preferences)}"
        f" WHEN contains(t, '.') THEN {point} ELSE t END"
    )


# What 1.5e+20 and 1.5e-07 stand for, as digits with a point.
_EXPONENT = "CAST(split_part(t, 'e', 2) AS INTEGER)"
_MANTISSA = "regexp_replace(split_part(t, 'e', 1), '[-.]', '', 'g')"
_DIGITS = (
    "(CASE WHEN starts_with(t, '-') THEN '-' ELSE '' END || CASE"
    f" WHEN {_EXPONENT} < 0 THEN '0.' || repeat('0', -1 - {_EXPONENT}) || {_MANTISSA}"
    f" ELSE rpad({_MANTISSA}, 1 + {_EXPONENT}, '0') || '.0' END)"
)
