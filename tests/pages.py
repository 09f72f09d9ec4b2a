"""Pages of one table of all types, and the decoder for them."""

from typing import Any

from tap_netsuite_tba.decoding import RowDecoder
from tap_netsuite_tba.tables import PARENT_MODIFIED_AT, Column, ColumnType

COLUMNS = (
    Column("id", ColumnType.INTEGER),
    Column("quantity", ColumnType.INTEGER),
    Column("amount", ColumnType.DECIMAL),
    Column("posting", ColumnType.BOOLEAN),
    Column("trandate", ColumnType.DATE),
    Column("lastmodifieddate", ColumnType.DATETIME),
    Column("memo", ColumnType.TEXT),
    Column("custbody_regions", ColumnType.MULTISELECT),
    Column(PARENT_MODIFIED_AT, ColumnType.DATETIME),
)
DECODER = RowDecoder("transaction", COLUMNS, ("id",))
# Its key's case makes a whole page be decoded value by value.
STRANGE_ROW = '{"ID":"999"}'


def decode(*rows: str) -> list[dict[str, Any]]:
    """The rows of the first page that a new decoder meets."""
    decoder = RowDecoder("transaction", COLUMNS, ("id",))
    return decoder.decode(f"[{','.join(rows)}]".encode())
