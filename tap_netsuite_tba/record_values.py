"""The scalars of documents: what a JSON Schema takes, and as what it goes out.

The record service writes numbers and booleans as such, ids as texts, dates as `YYYY-MM-DD` and
instants in UTC; now and then a number stands where a text was told of, or the other way round.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from tap_netsuite_tba.decoding import INTEGER_MAX, INTEGER_MIN
from tap_netsuite_tba.page_type import DATE, DATETIME

Schema = dict[str, Any]
"""A JSON Schema, of what draft 6 and Singer's catalog both know."""

MISFIT: Final = object()
"""Stands for the value that a conversion cannot give."""

Convert = Callable[[Any], Any]
"""Gives a scalar as a type wants it, or MISFIT."""

ANYTHING: Final = ("array", "boolean", "number", "object", "string")
"""The JSON types of a value of which nothing is told; integers are numbers."""

_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,18}")
_NUMBER = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_DATE, _INSTANT = re.compile(DATE), re.compile(DATETIME)
_WITH_ZONE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,18}(?:Z|[-+][0-9]{2}:?[0-9]{2})")
_TRUTH: Mapping[str, bool] = {"t": True, "true": True, "f": False, "false": False}


@dataclass(frozen=True)
class Scalars:
    """What a schema takes besides objects and arrays.

    Attributes:
        exact: The Python types of values that go out as they are.
        convert: For the values of all other types.
    """

    exact: frozenset[type]
    convert: Convert

    def take(self, value: object) -> object:
        """A scalar as it goes out; MISFIT if it does not fit."""
        return value if type(value) in self.exact else self.convert(value)


def types_of(schema: Mapping[str, Any]) -> frozenset[str]:
    """The JSON types that a schema names besides null; all if it names none."""
    types = schema.get("type")
    if types is None:
        return frozenset(ANYTHING)
    return frozenset([types] if isinstance(types, str) else types) - {"null"}


def scalars_of(schema: Mapping[str, Any]) -> Scalars:
    """What a schema takes besides objects and arrays."""
    types, text_format = types_of(schema), schema.get("format")
    exact: set[type] = {type(None)}
    if "boolean" in types:
        exact.add(bool)
    if "number" in types:
        exact |= {int, float, Decimal}
    # Texts that are integers go out as such where both are taken: internal ids.
    if "string" in types and "integer" not in types and text_format not in _TEXTS:
        exact.add(str)
    conversions = [convert for kind, convert in _CONVERSIONS.items() if kind in types]
    if "string" in types:
        conversions.append(_TEXTS.get(text_format, _text))
    # An empty text stands for no number, date or boolean, as in tables.
    convert: Convert = _misfit if _text in conversions or not conversions else _empty
    for each in reversed(conversions):
        convert = _or_else(each, convert)
    return Scalars(frozenset(exact), convert)


def _or_else(first: Convert, second: Convert) -> Convert:
    def convert(value: object) -> object:
        found = first(value)
        return second(value) if found is MISFIT else found

    return convert


def _misfit(_value: object) -> object:
    return MISFIT


def _empty(value: object) -> object:
    return None if value == "" else MISFIT


def _integer(value: object) -> object:
    if isinstance(value, str):
        return _integer_of(value)
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return MISFIT
    is_within = INTEGER_MIN <= value <= INTEGER_MAX
    return int(value) if is_within and value == int(value) else MISFIT


@lru_cache(maxsize=10_000)
def _integer_of(text: str) -> object:
    """The same few ids stand in many lines."""
    number = int(text) if _INTEGER.fullmatch(text) else None
    return number if number is not None and INTEGER_MIN <= number <= INTEGER_MAX else MISFIT


def _number(value: object) -> object:
    is_number = isinstance(value, str) and _NUMBER.fullmatch(value)
    return Decimal(str(value)) if is_number else MISFIT


def _boolean(value: object) -> object:
    return _TRUTH.get(value.lower(), MISFIT) if isinstance(value, str) else MISFIT


def _text(value: object) -> object:
    if isinstance(value, bool):
        return "T" if value else "F"
    return MISFIT if isinstance(value, (dict, list)) else str(value)


def _date(value: object) -> object:
    if not isinstance(value, str) or not _DATE.match(value):
        return MISFIT
    try:
        date.fromisoformat(value)
    except ValueError:
        return MISFIT
    return value


def _instant(value: object) -> object:
    """In UTC, to the second; one without a zone may be any."""
    if not isinstance(value, str) or not _WITH_ZONE.fullmatch(value):
        return MISFIT
    try:
        instant = datetime.fromisoformat(value)
        if _INSTANT.match(value):
            return value
        at = instant.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    except (ValueError, OverflowError):
        return MISFIT
    return f"{at.isoformat()}Z"


_CONVERSIONS: Mapping[str, Convert] = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
}
"""By JSON type, in the order in which they are tried."""

_TEXTS: Mapping[Any, Convert] = {"date": _date, "date-time": _instant}
"""By the format of a text that has one."""
