"""From the bytes of a page to rows: NetSuite's strings become numbers, booleans, dates and nulls.

NetSuite writes every value as a string, leaves nulls out and may change the case of keys between
releases. A page is decoded in one step by a type made for the table; only a page that does not fit
that type is decoded again value by value, to be understood or to name the value that is wrong.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from operator import itemgetter
from typing import Any

import msgspec

from tap_netsuite_tba.errors import ValueMismatch
from tap_netsuite_tba.page_type import (
    DATE,
    DATETIME,
    SEPARATOR,
    TRUTH,
    DecodePage,
    page_decoder,
)
from tap_netsuite_tba.tables import Column, ColumnType, KeyValue

Row = dict[str, Any]
"""A decoded row: every column present, int, Decimal, bool, str, list of int or None."""

INTEGER_MIN, INTEGER_MAX = -(2**63), 2**63 - 1

# msgspec takes these texts for nulls where it may find nulls, and wants something else than text.
_NULLS = (b'"null"', b'"NULL"', b'"Null"')
_NUMBERED = re.compile(r"expr[0-9]+")


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

    def decode(self, items: bytes) -> list[Row]:
        """The rows of a page, every column present.

        Raises:
            ValueMismatch: A value does not fit its column, or a row has no key.
        """
        rows = self._as_usual(items)
        if rows is None and not any(null in items for null in _NULLS):
            rows = self._with_nulls(items)
        return self._decode_by_value(items) if rows is None else rows

    @cached_property
    def _as_usual(self) -> DecodePage:
        return page_decoder(self.columns, self.key, takes_nulls=False)

    @cached_property
    def _with_nulls(self) -> DecodePage:
        return page_decoder(self.columns, self.key, takes_nulls=True)

    def keys_of(self, rows: list[Row]) -> list[KeyValue]:
        """The values of the rows' key columns."""
        return [*zip(*(map(itemgetter(name), rows) for name in self.key), strict=True)]

    def outer_keys(self, items: bytes) -> tuple[KeyValue, KeyValue] | None:
        """The keys of a page's first and last row, without decoding others; None if it has none.

        Raises:
            ValueMismatch: As `decode`, of these rows.
        """
        rows = msgspec.json.decode(items, type=list[msgspec.Raw])
        if not rows:
            return None
        first, last = self.keys_of(self.decode(b"[%b,%b]" % (rows[0], rows[-1])))
        return first, last

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
                raise ValueMismatch(
                    f"{self.table}.{column.name} of {described} is not of type {column.type}: "
                    f"its value looks like {shape(value)}. {self._remedy(column, value)}",
                    table=self.table,
                ) from None
        return row

    def _remedy(self, column: Column, value: object) -> str:
        """What to do about a value that does not fit its column."""
        is_key = column.name in self.key
        is_fraction = column.type is ColumnType.INTEGER and _is_number(value) and not is_key
        kind, known_as = ("number", "a number") if is_fraction else ("string", "text")
        to_read = "It is a part of the key, and of a table it must be an integer. Of a query, to"
        return (
            f"{to_read if is_key else 'To'} read it as {known_as}, set column_types to "
            f'{{"{self.table}.{column.name}": "{kind}"}}.'
        )


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
            return [_integer(part) for part in SEPARATOR.split(str(value))]


def instant_text(instant: datetime) -> str:
    """An instant as rows and states have it: `2026-01-31T23:59:59Z`."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def shape(value: object) -> str:
    """What a value looks like without what it says: letters become A, digits 9."""
    text = re.sub(r"[^\W\d_]", "A", re.sub(r"\d", "9", str(value)[:40]))
    return f"{text!r} ({type(value).__name__}, {len(str(value))} characters)"


def _is_integer(value: object) -> bool:
    return str(value).removeprefix("-").isdecimal()


def _is_number(value: object) -> bool:
    try:
        return Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False


def _integer(value: object) -> int:
    number = Decimal(str(value))
    if number != number.to_integral_value() or not INTEGER_MIN <= number <= INTEGER_MAX:
        raise ValueError(value)
    return int(number)


def _boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    truth = TRUTH.get(str(value).upper()[:1] if str(value).upper() in _BOOLEAN_WORDS else "")
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
