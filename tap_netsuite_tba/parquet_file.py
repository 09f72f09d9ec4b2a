"""A Parquet file while it is filled; it wants pyarrow, from the extra `parquet`."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from io import BytesIO
from typing import Any

import pyarrow as pa
from pyarrow import parquet
from singer_sdk.contrib.msgspec import encoder

from tap_netsuite_tba.decoding import Row
from tap_netsuite_tba.errors import ConfigurationError

# Of columns that have no value in a file; the others are of the type of their values.
_EMPTY: Mapping[str, pa.DataType] = {
    "array": pa.list_(pa.int64()),
    "boolean": pa.bool_(),
    "integer": pa.int64(),
    "number": pa.decimal128(1, 0),
    "object": pa.string(),
    "string": pa.string(),
}


class Parquet:
    """A table with the columns of a schema; numbers are decimals with all their digits.

    Objects are texts of JSON: no two documents need have the same members, of the same types.
    """

    suffix = "parquet"

    def __init__(self, compression: str | None, schema: Mapping[str, Any]) -> None:
        self._compression = compression or "none"
        self._kinds = {name: _kind(column) for name, column in schema["properties"].items()}
        self._pages: list[pa.Table] = []

    def write(self, rows: list[Row]) -> None:
        """Adds rows, as a stream map made them.

        Raises:
            ConfigurationError: The values of a column are of several kinds, or too large.
        """
        arrays = {}
        for name, kind in self._kinds.items():
            values = [row.get(name) for row in rows]
            try:
                written = map(_WRITTEN[kind], values) if kind in _WRITTEN else values
                arrays[name] = pa.array(written)
            except (pa.ArrowException, ArithmeticError) as error:
                raise _misfit(name, error) from error
        self._pages.append(pa.table(arrays))

    def content(self) -> memoryview:
        """All of it; nothing can be added any more.

        Raises:
            ConfigurationError: The values of a column are of several kinds, or too large.
        """
        columns = {name: self._column(name, kind) for name, kind in self._kinds.items()}
        file = BytesIO()
        parquet.write_table(pa.table(columns), file, compression=self._compression)
        return file.getbuffer()

    def _column(self, name: str, kind: str) -> pa.ChunkedArray:
        pages = [page.select([name]) for page in self._pages]
        found = {page.schema.types[0] for page in pages} - {pa.null()}
        if len(found) > 1 and not all(map(pa.types.is_decimal, found)):
            raise _misfit(name, " and ".join(map(str, found)))
        try:
            column = pa.concat_tables(pages, promote_options="permissive").column(0)
        except pa.ArrowException as error:
            raise _misfit(name, error) from error
        return column if found else column.cast(_EMPTY.get(kind, pa.null()))


def _kind(described: Mapping[str, Any]) -> str:
    """The JSON type of a column, whether or not it may be null."""
    kinds = described.get("type", [])
    kinds = {kinds} if isinstance(kinds, str) else {*kinds} - {"null"}
    items = described.get("items")
    if "object" in kinds or ("array" in kinds and items and _kind(items) == "object"):
        return "object"
    return min(kinds, default="any")


def _decimal(number: object) -> Decimal | None:
    return None if number is None else Decimal(str(number))


def _json(value: object) -> str | None:
    return None if value is None else encoder.encode(value).decode()


_WRITTEN: Mapping[str, Callable[[object], object]] = {"number": _decimal, "object": _json}
"""How values are written that pyarrow would take for another type."""


def _misfit(column: str, why: object) -> ConfigurationError:
    return ConfigurationError(
        f"The values of {column} do not fit into one column of a Parquet file: {why}. Set the "
        f"format in batch_config to jsonl, or make them alike by a stream map."
    )
