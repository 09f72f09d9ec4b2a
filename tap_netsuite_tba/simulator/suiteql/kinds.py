"""What an expression is: its DuckDB text and how NetSuite understands its value."""

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
    LOCAL = auto()  # TO_DATE, TO_TIMESTAMP, SYSDATE: a clock without a zone
    UTC = auto()  # SYS_EXTRACT_UTC
    CONDITION = auto()
    UNKNOWN = auto()  # NULL and bound parameters


CLOCKS = frozenset({Kind.DATE, Kind.INSTANT, Kind.LOCAL, Kind.UTC})


@dataclass(frozen=True)
class Expression:
    """A translated expression.

    Attributes:
        sql: DuckDB's text, safe to stand inside any other.
        kind: how its value is understood.
        literal: the text of a string literal.
    """

    sql: str
    kind: Kind
    literal: str | None = None


@dataclass(frozen=True)
class Preferences:
    """The token user's preferences.

    Attributes:
        time_zone: the session's IANA zone.
        date_format: how dates are printed, such as ``M/D/YYYY`` or ``DD.MM.YYYY``.
    """

    time_zone: str = "America/Los_Angeles"
    date_format: str = "M/D/YYYY"


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
    """Return a value in time as its clock reads: an instant in the session's zone."""
    if value.kind is not Kind.INSTANT:
        return value
    zone = quoted(preferences.time_zone)
    return Expression(f"timezone({zone}, timezone('UTC', {value.sql}))", Kind.LOCAL)


def to_instant(value: Expression, preferences: Preferences) -> Expression:
    """Return a clock of the session as the instant it stands for."""
    if value.kind not in {Kind.DATE, Kind.LOCAL}:
        return value
    zone = quoted(preferences.time_zone)
    sql = f"timezone('UTC', timezone({zone}, CAST({value.sql} AS TIMESTAMP)))"
    return Expression(sql, Kind.INSTANT)


def aligned(values: Sequence[Expression], preferences: Preferences) -> list[Expression]:
    """Bring values that are compared, or are branches of one expression, onto one scale.

    Beside an instant a clock is read in the session's zone; beside SYS_EXTRACT_UTC it is not.
    A number beside text becomes text.
    """
    kinds = {value.kind for value in values}
    if Kind.INSTANT in kinds:
        return [to_instant(value, preferences) for value in values]
    if kinds >= {Kind.NUMBER, Kind.TEXT}:
        return [as_text_unless_literal(value, values) for value in values]
    return list(values)


def as_text_unless_literal(value: Expression, values: Sequence[Expression]) -> Expression:
    """Turn a number into text, unless all the text beside it are literals that may be numbers."""
    if value.kind is not Kind.NUMBER:
        return value
    if all(other.literal is not None for other in values if other.kind is Kind.TEXT):
        return value
    return Expression(number_text(value.sql), Kind.TEXT)


def common_kind(values: Sequence[Expression]) -> Kind:
    """Return the kind of an expression that is one of ``values``."""
    return next((value.kind for value in values if value.kind is not Kind.UNKNOWN), Kind.UNKNOWN)


def number_text(sql: str) -> str:
    """Return DuckDB's text that prints a number as NetSuite does: no trailing zeros."""
    return rf"rtrim(regexp_replace(CAST({sql} AS VARCHAR), '(\.\d*?)0+$', '\1'), '.')"
