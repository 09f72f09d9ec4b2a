"""A type made for the columns of a table, by which a page is decoded in one step.

What msgspec does for a whole page costs a tenth of what Python would do value by value.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from operator import itemgetter
from typing import Annotated, Any, Literal

import msgspec

from tap_netsuite_tba.tables import Column, ColumnType

_DAY = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
DATE = rf"^{_DAY}\Z"
DATETIME = rf"^{_DAY}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z\Z"
# Recordings have "3, 55, 1435"; other ways out of NetSuite part ids by a control character. Numbers
# of so few digits are within the bounds.
MULTISELECT = r"^-?[0-9]{1,18}([,;\x05] ?-?[0-9]{1,18})*\Z"
SEPARATOR = re.compile(r"[,;\x05]")

TRUTH: Mapping[str | None, bool | None] = {"T": True, "F": False, None: None}

# msgspec reads "9007199254740993.0" for an integer by way of a double.
_EXACT_IN_DOUBLE = msgspec.Meta(gt=-(2**53), lt=2**53)
_NOT_EMPTY = msgspec.Meta(min_length=1)
_TYPES: Mapping[ColumnType, Any] = {
    ColumnType.INTEGER: Annotated[int, _EXACT_IN_DOUBLE],
    ColumnType.DECIMAL: Decimal,
    ColumnType.BOOLEAN: Literal["T", "F"],
    ColumnType.DATE: Annotated[str, _NOT_EMPTY],
    ColumnType.DATETIME: Annotated[str, _NOT_EMPTY],
    ColumnType.TEXT: str,
    ColumnType.MULTISELECT: Annotated[str, _NOT_EMPTY],
}
# What of a type msgspec does not look at, or is much slower at.
_TESTS: Mapping[ColumnType, Callable[[Any], object]] = {
    # "NaN" and "Infinity" are decimals to Python; JSON has no way to write them.
    ColumnType.DECIMAL: Decimal.is_finite,
    ColumnType.DATE: re.compile(DATE).match,
    ColumnType.DATETIME: re.compile(DATETIME).match,
    ColumnType.MULTISELECT: re.compile(MULTISELECT).match,
}
_LINKS = "links"
"""Stands in every row, empty, and is no column."""

DecodePage = Callable[[bytes], list[dict[str, Any]] | None]
"""Gives the rows of a page, every column present; None if a value or a name does not fit."""


def page_decoder(
    columns: tuple[Column, ...], key: tuple[str, ...], *, takes_nulls: bool
) -> DecodePage:
    """Decodes pages by a type that is made here; what is absent is null.

    Args:
        columns: In the order of the decoded rows.
        key: The names of those that must be there.
        takes_nulls: Whether the others may be null, and not only absent.
    """
    find = msgspec.json.Decoder(
        _page_type(columns, key, takes_nulls=takes_nulls), strict=False
    ).decode
    values = msgspec.structs.astuple
    names = tuple(column.name for column in columns)
    tests = tuple((column.name, _TESTS[column.type]) for column in columns if column.type in _TESTS)
    booleans = tuple(column.name for column in columns if column.type is ColumnType.BOOLEAN)
    lists = tuple(column.name for column in columns if column.type is ColumnType.MULTISELECT)

    def decode(items: bytes) -> list[dict[str, Any]] | None:
        try:
            found = find(items)
        except msgspec.ValidationError:
            return None
        # The links come last, and have no name.
        rows = [dict(zip(names, row, strict=False)) for row in map(values, found)]
        for name, test in tests:
            if not all(map(test, filter(None, map(itemgetter(name), rows)))):
                return None
        for name in booleans:
            for row in rows:
                row[name] = TRUTH[row[name]]
        for name in lists:
            for row in rows:
                if (text := row[name]) is not None:
                    row[name] = [int(part) for part in SEPARATOR.split(text)]
        return rows

    return decode


def _page_type(columns: tuple[Column, ...], key: tuple[str, ...], *, takes_nulls: bool) -> Any:  # noqa: ANN401 - a type made here
    fields: list[Any] = []
    wire_names: dict[str, str] = {}
    for number, column in enumerate(columns):
        # A column may have a name that no attribute can have.
        field = f"c{number}"
        wire_names[field] = column.wire_name
        wanted = _TYPES[column.type]
        if column.name in key and column.type is ColumnType.TEXT:
            fields.append((field, Annotated[str, _NOT_EMPTY]))
        elif column.name in key:
            fields.append((field, wanted))
        else:
            fields.append((field, wanted | None if takes_nulls else wanted, None))
    if _LINKS not in wire_names.values():
        fields.append((_LINKS, msgspec.Raw, None))
    row: Any = msgspec.defstruct(
        "Row",
        fields,
        rename=wire_names,
        kw_only=True,
        gc=False,
        forbid_unknown_fields=True,
    )
    return list[row]
