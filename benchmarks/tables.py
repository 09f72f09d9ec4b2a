"""Tables of an account that are made for measuring, and the catalog that names them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tap_netsuite_tba.catalog import json_schema
from tap_netsuite_tba.shipped import family
from tap_netsuite_tba.tables import DELETED_AT, Column, ColumnType, Table

# What custom fields hold, as DuckDB writes it for the row n: 25 columns with the record's own.
# The account lists the tables and their fields, so that a catalog with them is up to date.
_FIELDS = (
    ("memo", ColumnType.TEXT, "'A note of some words on the entry ' || n"),
    ("email", ColumnType.TEXT, "'person.' || n || '@example.com'"),
    ("phone", ColumnType.TEXT, "CASE WHEN n % 3 = 0 THEN '+49 30 ' || n END"),
    ("status", ColumnType.TEXT, "'Status ' || n % 7"),
    ("amount", ColumnType.DECIMAL, "(n / 8)::DECIMAL(18, 4)"),
    ("rate", ColumnType.DECIMAL, "(n % 997 / 64)::DECIMAL(18, 8)"),
    ("quantity", ColumnType.INTEGER, "n % 1000"),
    ("customer", ColumnType.INTEGER, "n % 9973"),
    ("item", ColumnType.INTEGER, "n % 4999"),
    ("approved", ColumnType.BOOLEAN, "CASE WHEN n % 2 = 0 THEN 'T' ELSE 'F' END"),
    ("billable", ColumnType.BOOLEAN, "CASE WHEN n % 5 = 0 THEN 'T' ELSE 'F' END"),
    ("due", ColumnType.DATE, "DATE '2020-01-01' + (n % 2000)::INTEGER"),
    ("seen", ColumnType.DATETIME, "TIMESTAMP '2020-01-01 09:30:00' + to_hours(n % 40000)"),
    ("comment", ColumnType.TEXT, "CASE WHEN n % 11 = 0 THEN repeat('words ', 20) END"),
)
_FILL = """
    CREATE TABLE {name} AS
    SELECT {key} AS id, TIMESTAMP '2019-05-06 07:08:09' AS created, NULL::VARCHAR AS externalid,
           'F' AS isinactive, TIMESTAMP '2020-01-01' + to_seconds(n // 3) AS lastmodified,
           7 AS lastmodifiedby, 'Entry ' || n AS name, -5 AS owner, NULL::BIGINT AS parent,
           id AS recordid, NULL::VARCHAR AS scriptid, {fields}
    FROM range(1, {rows} + 1) AS numbers (n);
    INSERT INTO customrecordtype BY NAME
    SELECT max(internalid) + 1 AS internalid, '{name}' AS name, upper('{name}') AS scriptid,
           'F' AS isinactive
    FROM customrecordtype;
    INSERT INTO customfield BY NAME
    SELECT (SELECT max(id) FROM customfield) + place AS id,
           upper(field) AS scriptid, field AS name, 'RECORD' AS fieldtype, fieldvaluetype,
           (SELECT max(internalid) FROM customrecordtype) AS recordtype, 'T' AS isstored,
           'F' AS isinactive, TIMESTAMP '2019-05-06' AS lastmodifieddate
    FROM (VALUES {listed}) AS fields (place, field, fieldvaluetype)
"""
_VALUE_TYPES = {
    ColumnType.TEXT: "Free-Form Text",
    ColumnType.DECIMAL: "Decimal Number",
    ColumnType.INTEGER: "Integer Number",
    ColumnType.BOOLEAN: "Check Box",
    ColumnType.DATE: "Date",
    ColumnType.DATETIME: "Date/Time",
}
_EVEN = "n"
# From one row to the next it is 1 at first, and hundreds of millions in the end.
_SKEWED = "n + exp(30 * n / {rows})::BIGINT"


@dataclass(frozen=True)
class Made:
    """A table to be filled.

    Attributes:
        name: The table, of custom records.
        rows: How many it has.
        is_skewed: Whether its keys are spread very unevenly.
    """

    name: str
    rows: int
    is_skewed: bool = False

    @property
    def sql(self) -> str:
        """Fills it, in DuckDB's words."""
        fields = ", ".join(f"{value} AS {self._field(name)}" for name, _, value in _FIELDS)
        listed = ", ".join(
            f"({place}, '{self._field(name)}', '{_VALUE_TYPES[kind]}')"
            for place, (name, kind, _) in enumerate(_FIELDS, 1)
        )
        key = (_SKEWED if self.is_skewed else _EVEN).format(rows=self.rows)
        return _FILL.format(name=self.name, key=key, fields=fields, rows=self.rows, listed=listed)

    @property
    def table(self) -> Table:
        """The table as the tap discovers it."""
        records = family("customrecord")
        fields = tuple(Column(self._field(name), kind) for name, kind, _ in _FIELDS)
        deleted = Column(DELETED_AT, ColumnType.DATETIME)
        return replace(records, name=self.name, columns=(*records.columns, *fields, deleted))

    def _field(self, name: str) -> str:
        return f"{self.name.replace('customrecord', 'custrecord')}_{name}"


def catalog(tables: Sequence[Table]) -> dict[str, Any]:
    """A catalog in which they all are selected."""
    return {"streams": [_entry(table) for table in tables]}


def _entry(table: Table) -> dict[str, Any]:
    root = {
        "selected": True,
        "table-key-properties": list(table.key),
        "valid-replication-keys": [table.replication_key],
    }
    return {
        "tap_stream_id": table.name,
        "stream": table.name,
        "key_properties": list(table.key),
        "replication_key": table.replication_key,
        "replication_method": "INCREMENTAL",
        "schema": json_schema(table),
        "metadata": [{"breadcrumb": [], "metadata": root}],
    }
