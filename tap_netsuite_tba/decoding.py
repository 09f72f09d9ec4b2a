"""From the bytes of a page to rows: NetSuite's strings become numbers, booleans, dates and nulls.

NetSuite writes every value as a string, leaves nulls out and may change the case of keys between
releases. A page is decoded in one step by a type made for the table; only a page that does not fit
that type is decoded again value by value, to be understood or to name the value that is wrong.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal, Required, TypedDict

import msgspec

from tap_netsuite_tba.errors import ValueMismatch
from tap_netsuite_tba.tables import Column, ColumnType, KeyValue

Row = dict[str, Any]
"""A decoded row: every column present, int, Decimal, bool, str, list of int or None."""

_DAY = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
DATE = rf"^{_DAY}\Z"
DATETIME = rf"^{_DAY}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z\Z"
# Recordings have "3, 55, 1435"; other ways out of NetSuite part ids by a control character. Numbers
# of so few digits are within the bounds.
MULTISELECT = r"^-?[0-9]{1,18}([,;\x05] ?-?[0-9]{1,18})*\Z"
INTEGER_MIN, INTEGER_MAX = -(2**63), 2**63 - 1

_WIRE_TYPES: Mapping[ColumnType, Any] = {
    ColumnType.INTEGER: Annotated[int, msgspec.Meta(ge=INTEGER_MIN, le=INTEGER_MAX)],
    ColumnType.DECIMAL: Decimal,
    ColumnType.BOOLEAN: Literal["T", "F"],
    ColumnType.DATE: Annotated[str, msgspec.Meta(pattern=DATE)],
    ColumnType.DATETIME: Annotated[str, msgspec.Meta(pattern=DATETIME)],
    ColumnType.TEXT: str,
    ColumnType.MULTISELECT: Annotated[str, msgspec.Meta(pattern=MULTISELECT)],
}
_SEPARATOR = re.compile(r"[,;\x05]")
# msgspec reads "9007199254740993.0" for an integer by way of a double.
_EXACT_IN_DOUBLE = 2**53
_TELLING_COLUMNS = 10
_CAPITAL_IN_KEY = re.compile(rb'"\w*[A-Z]\w*"\s*:')

_NULLS = (b'"null"', b'"NULL"', b'"Null"')
_NUMBERED_KEY = re.compile(rb'"expr[0-9]+"\s*:', re.IGNORECASE)
_NUMBERED = re.compile(r"expr[0-9]+")

_TRUTH: Mapping[str | None, bool | None] = {"T": True, "F": False, None: None}


class RowDecoder:
    """Decodes the pages of one selection of columns of one table.

    Attributes:
        table: The table's name, for messages.
        columns: The columns, in the order of the decoded rows.
        key: The names of the key columns, which must be among them.
        expressions: The names of those that the query computes, first in its SELECT and in this
            order; NetSuite does not always honour their aliases and may call them expr1, expr2.
    """

    def __init__(
        self,
        table: str,
        columns: tuple[Column, ...],
        key: tuple[str, ...],
        expressions: tuple[str, ...] = (),
    ) -> None:
        self.table = table
        self.columns = columns
        self.key = key
        self._by_number = {f"expr{n}": name for n, name in enumerate(expressions, start=1)}
        self._template: Row = dict.fromkeys(column.wire_name for column in columns)
        self._renamed = tuple((c.name, c.wire_name) for c in columns if c.name != c.wire_name)
        self._booleans = tuple(c.name for c in columns if c.type is ColumnType.BOOLEAN)
        self._multiselects = tuple(c.name for c in columns if c.type is ColumnType.MULTISELECT)
        self._integers = tuple(c.wire_name for c in columns if c.type is ColumnType.INTEGER)
        self._knows_case = False
        self._unseen = {column.wire_name for column in columns}
        self._telling = min(len(columns), _TELLING_COLUMNS)
        self._decimals = tuple(c.name for c in columns if c.type is ColumnType.DECIMAL)
        self._decode = msgspec.json.Decoder(list[_row_type(columns, key)], strict=False).decode  # type: ignore[misc]

    def decode(self, items: bytes) -> list[Row]:
        """The rows of a page, every column present.

        Raises:
            ValueMismatch: A value does not fit its column, or a row has no key.
        """
        found = self._decode_at_once(items)
        if found is None:
            return self._decode_by_value(items)
        template = self._template
        rows = [template | row for row in found]
        for name, wire_name in self._renamed:
            for row in rows:
                row[name] = row.pop(wire_name)
        for name in self._booleans:
            for row in rows:
                row[name] = _TRUTH[row[name]]
        for name in self._multiselects:
            for row in rows:
                if (text := row[name]) is not None:
                    row[name] = [int(part) for part in _SEPARATOR.split(text)]
        return rows

    def _decode_at_once(self, items: bytes) -> list[Row] | None:
        """The rows by the table's type; None if that could misread the page."""
        # The case of keys may change between releases, but not between the pages of a run.
        if not self._knows_case and _CAPITAL_IN_KEY.search(items):
            return None
        # msgspec takes "null" for null where a number is wanted, and overlooks a lost alias.
        if any(null in items for null in _NULLS):
            return None
        if (b'"expr' in items or b'"EXPR' in items) and _NUMBERED_KEY.search(items):
            return None
        try:
            rows: list[Row] = self._decode(items)
        except msgspec.ValidationError:
            return None
        if not self._knows_case:
            self._unseen.difference_update(*rows)
            # A few names without capitals tell little: "id" has none in any spelling.
            self._knows_case = len(self.columns) - len(self._unseen) >= self._telling
        return rows if self._has_exact_numbers(rows) else None

    def _has_exact_numbers(self, rows: list[Row]) -> bool:
        for name in self._integers:
            for row in rows:
                if not -_EXACT_IN_DOUBLE < (row.get(name) or 0) < _EXACT_IN_DOUBLE:
                    return False
        # Decimal takes "NaN" and "Infinity" for numbers; JSON has no way to write them.
        for name in self._decimals:
            for row in rows:
                if (value := row.get(name)) is not None and not value.is_finite():
                    return False
        return True

    def key_of(self, row: Row) -> KeyValue:
        """The values of the row's key columns."""
        return tuple(row[name] for name in self.key)

    def _decode_by_value(self, items: bytes) -> list[Row]:
        decoder = msgspec.json.Decoder(list[dict[str, Any]], float_hook=Decimal)
        try:
            found = decoder.decode(items)
        except msgspec.ValidationError as error:
            raise ValueMismatch(
                f"A page of {self.table} has something else than rows: {error}. If this comes "
                f"again, please report it.",
                table=self.table,
            ) from None
        rows = [{name.lower(): value for name, value in row.items()} for row in found]
        names = set().union(*rows)
        numbered = {name for name in names if _NUMBERED.fullmatch(name)}
        unclear = {name for name in numbered if self._by_number.get(name, name) in names}
        if unclear:
            raise ValueMismatch(
                f"NetSuite calls a column of {self.table} {', '.join(sorted(unclear))}, and which "
                f"it is cannot be told. Please report it; deselecting its dates may help.",
                table=self.table,
            )
        return [
            self._convert({self._by_number.get(name, name): row[name] for name in row})
            for row in rows
        ]

    def _convert(self, found: Row) -> Row:
        key = tuple(found.get(name) for name in self.key)
        if None in key or "" in key:
            raise ValueMismatch(
                f"A row of {self.table} came without its key ({', '.join(self.key)}). "
                f"Give the role permission to see these columns, or deselect the table.",
                table=self.table,
            )
        row: Row = {}
        for column in self.columns:
            value = found.get(column.wire_name)
            try:
                is_null = value is None or (value == "" and column.type is not ColumnType.TEXT)
                row[column.name] = None if is_null else convert(value, column.type)
            except (ValueError, InvalidOperation):
                shown = ", ".join(str(k) if _is_integer(k) else shape(k) for k in key)
                described = f"the row with key {shown}" if key else "a row"
                remedy = (
                    "It is a part of the key, by which the table is read, and must be an integer."
                    if column.name in self.key
                    else f"To read it as text, set column_types to "
                    f'{{"{self.table}.{column.name}": "string"}}.'
                )
                raise ValueMismatch(
                    f"{self.table}.{column.name} of {described} is not of type {column.type}: "
                    f"its value looks like {shape(value)}. {remedy}",
                    table=self.table,
                ) from None
        return row


def convert(value: Any, kind: ColumnType) -> Any:  # noqa: ANN401 - a JSON scalar goes in and out
    """One value as its column's type wants it.

    Args:
        value: A JSON scalar other than null: a string, as NetSuite writes, or already typed.
        kind: What it is to be.

    Raises:
        ValueError: It does not fit.
        InvalidOperation: It is not a number.
    """
    match kind:
        case ColumnType.INTEGER:
            return _integer(value)
        case ColumnType.DECIMAL:
            number = Decimal(str(value))
            if not number.is_finite():
                raise ValueError(kind)
            return number
        case ColumnType.BOOLEAN:
            return _boolean(value)
        case ColumnType.DATE | ColumnType.DATETIME:
            if not re.match(DATE if kind is ColumnType.DATE else DATETIME, str(value)):
                raise ValueError(kind)
            return value
        case ColumnType.TEXT:
            return _text(value)
        case ColumnType.MULTISELECT:
            return [_integer(part) for part in _SEPARATOR.split(str(value))]


def instant_text(instant: datetime) -> str:
    """An instant as rows and states have it: `2026-01-31T23:59:59Z`."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def shape(value: object) -> str:
    """What a value looks like without what it says: letters become A, digits 9."""
    text = re.sub(r"[^\W\d_]", "A", re.sub(r"\d", "9", str(value)[:40]))
    return f"{text!r} ({type(value).__name__}, {len(str(value))} characters)"


def _row_type(columns: tuple[Column, ...], key: tuple[str, ...]) -> Any:  # noqa: ANN401 - a type made here
    fields = {
        column.wire_name: Required[_WIRE_TYPES[column.type]]
        if column.name in key
        else _WIRE_TYPES[column.type] | None
        for column in columns
    }
    return TypedDict("Row", fields, total=False)  # type: ignore[operator]


def _is_integer(value: object) -> bool:
    return str(value).removeprefix("-").isdecimal()


def _integer(value: object) -> int:
    number = Decimal(str(value))
    if number != number.to_integral_value() or not INTEGER_MIN <= number <= INTEGER_MAX:
        raise ValueError(value)
    return int(number)


def _boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    truth = _TRUTH.get(str(value).upper()[:1] if str(value).upper() in _BOOLEAN_WORDS else "")
    if truth is None:
        raise ValueError(value)
    return truth


_BOOLEAN_WORDS = frozenset({"T", "F", "TRUE", "FALSE"})


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "T" if value else "F"
    if isinstance(value, (list, dict)):
        raise ValueError(type(value))  # noqa: TRY004 - a value that does not fit, as in convert
    return value if isinstance(value, str) else str(value)
