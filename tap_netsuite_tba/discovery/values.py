"""What type the values of a column have, told from a sample of them."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import InvalidOperation
from typing import Any

from tap_netsuite_tba.decoding import INTEGER_MAX, INTEGER_MIN, convert
from tap_netsuite_tba.tables import ColumnType

_WHOLE = re.compile("-?(?:0|[1-9][0-9]{0,18})")
_FRACTION = re.compile(r"-?(?:0|[1-9][0-9]*)?\.[0-9]+(?:[eE][+-]?[0-9]+)?")
_DIGITS = re.compile(r"\d+")

_DAY, _MONTH, _YEAR = "(?:0?[1-9]|[12][0-9]|3[01])", "(?:0?[1-9]|1[0-2])", "[12][0-9]{3}"
# The user's language names the months.
_MONTH_NAME = r"[^\W\d_]{3,12}\.?"
_CLOCK = r"(?:[ T][0-9]{1,2}:[0-5][0-9](?::[0-5][0-9])?(?: ?[AaPp]\.?[Mm]\.?)?)?"

_DATES = tuple(
    re.compile(day + _CLOCK)
    for day in (
        rf"{_MONTH}([/.-]){_DAY}\1{_YEAR}",
        rf"{_DAY}([/.-]){_MONTH}\1{_YEAR}",
        rf"{_YEAR}([/.-]){_MONTH}\1{_DAY}",
        rf"{_DAY}-{_MONTH_NAME}-{_YEAR}",
        rf"{_DAY} {_MONTH_NAME},? {_YEAR}",
    )
)
"""The date formats that a user or a company can choose."""


def sampled_type(values: Sequence[Any]) -> ColumnType:
    """The narrowest type that has all of some values.

    Dates come without their time of day, so that any may be an instant.

    Args:
        values: JSON scalars, not null, at least one; NetSuite writes all as texts.
    """
    texts = [_text(value) for value in values]
    for kind, is_of in _TESTS.items():
        if all(map(is_of, texts)):
            return kind
    return ColumnType.DATETIME if _are_dates(texts) else ColumnType.TEXT


def common_type(one: ColumnType, other: ColumnType) -> ColumnType:
    """The narrowest type that has the values of both types."""
    return one if one is other else _COMMON_TYPES.get(frozenset({one, other}), ColumnType.TEXT)


def misfit(values: Sequence[Any], kind: ColumnType) -> Any | None:  # noqa: ANN401 - a JSON scalar
    """The first of some values that plainly cannot be of a type; None if there is none."""
    return next((value for value in values if not _can_be(value, kind)), None)


def _can_be(value: Any, kind: ColumnType) -> bool:  # noqa: ANN401 - a JSON scalar
    if kind in {ColumnType.DATE, ColumnType.DATETIME}:
        # In whatever language and format: at least a day and a year.
        return len(_DIGITS.findall(str(value))) > 1
    try:
        convert(value, kind)
    except (ValueError, InvalidOperation):
        return False
    return True


def _is_integer(text: str) -> bool:
    return _WHOLE.fullmatch(text) is not None and INTEGER_MIN <= int(text) <= INTEGER_MAX


def _is_decimal(text: str) -> bool:
    return _is_integer(text) or _FRACTION.fullmatch(text) is not None


def _is_boolean(text: str) -> bool:
    return text in {"T", "F"}


_TESTS: Mapping[ColumnType, Callable[[str], bool]] = {
    ColumnType.INTEGER: _is_integer,
    ColumnType.DECIMAL: _is_decimal,
    ColumnType.BOOLEAN: _is_boolean,
}
"""How a type's values are told, the narrowest type first."""

_COMMON_TYPES = {
    frozenset({ColumnType.INTEGER, ColumnType.DECIMAL}): ColumnType.DECIMAL,
    frozenset({ColumnType.DATE, ColumnType.DATETIME}): ColumnType.DATETIME,
}
"""All others have only text in common."""


def _are_dates(texts: Sequence[str]) -> bool:
    """Whether all are dates of one format, for an account has one."""
    return any(all(map(date.fullmatch, texts)) for date in _DATES)


def _text(value: object) -> str:
    """A value as NetSuite writes it, also where it came as a number or a truth."""
    if isinstance(value, bool):
        return "T" if value else "F"
    return str(value)
