"""What people call the types of columns: in settings, lists and documents."""

from collections.abc import Mapping

from tap_netsuite_tba.tables import ColumnType

COLUMN_TYPES: Mapping[str, ColumnType] = {
    "integer": ColumnType.INTEGER,
    "number": ColumnType.DECIMAL,
    "boolean": ColumnType.BOOLEAN,
    "date": ColumnType.DATE,
    "date-time": ColumnType.DATETIME,
    "string": ColumnType.TEXT,
    "array": ColumnType.MULTISELECT,
}
