"""Which tables and columns the account has, and which of them the role may read."""

from collections.abc import Mapping
from enum import StrEnum

from tap_netsuite_tba.simulator.errors import unexpected
from tap_netsuite_tba.simulator.suiteql.exposure import NOT_EXPOSED, OTHER_TABLES
from tap_netsuite_tba.simulator.suiteql.kinds import Kind, kind_of
from tap_netsuite_tba.simulator.suiteql.refusals import (
    hidden_table,
    unexposed_column,
    unknown_table,
)


class ColumnRefusal(StrEnum):
    """How a column that the table has is kept from the role."""

    NOT_EXPOSED = "NOT_EXPOSED"
    REMOVED = "REMOVED"
    UNKNOWN = "unknown identifier"
    UNEXPECTED = "unexpected error"


class Catalog:
    """The tables as this role sees them.

    Attributes:
        version: grows whenever the answer to any question may have changed.
    """

    def __init__(self) -> None:
        self.version = 0
        self._tables: Mapping[str, Mapping[str, str]] = {}
        self._hidden: set[str] = set()
        self._refused: dict[tuple[str, str], ColumnRefusal] = {}

    def follow(self, tables: Mapping[str, Mapping[str, str]]) -> None:
        """Take over the stored tables: name to column to DuckDB type."""
        if tables is not self._tables:
            self._tables = tables
            self.version += 1

    def hide(self, table: str) -> None:
        """Take away the permission to read ``table``."""
        self._hidden.add(table.lower())
        self.version += 1

    def show(self, table: str) -> None:
        """Give the permission to read ``table`` back."""
        self._hidden.discard(table.lower())
        self.version += 1

    def refuse(self, table: str, column: str, how: ColumnRefusal) -> None:
        """Keep ``column`` from the role; it need not exist."""
        self._refused[table.lower(), column.lower()] = how
        self.version += 1

    def columns(self, table: str) -> dict[str, Kind]:
        """Return the columns of ``table`` that the role may read.

        Raises:
            Refusal: there is no such table, or none for this role.
        """
        name = table.lower()
        if name in self._hidden or (name in OTHER_TABLES and name not in self._tables):
            raise hidden_table(table)
        if name not in self._tables:
            if name == "dual":
                return {"dummy": Kind.TEXT}
            raise unknown_table(table)
        return {
            column: kind_of(duckdb_type)
            for column, duckdb_type in self._tables[name].items()
            if (name, column) not in self._refused
        }

    def check(self, table: str, column: str) -> None:
        """Refuse a column that is kept from the role in a way of its own.

        Raises:
            Refusal: the column is not exposed, was removed, or upsets NetSuite.
        """
        name = table.lower()
        how = self._refused.get((name, column))
        if how is ColumnRefusal.UNEXPECTED:
            raise unexpected()
        if how in {ColumnRefusal.NOT_EXPOSED, ColumnRefusal.REMOVED}:
            raise unexposed_column(column, name, how.value)
        stored = self._tables.get(name, {})
        if column in NOT_EXPOSED.get(name, ()) and column not in stored:
            raise unexposed_column(column, name, ColumnRefusal.NOT_EXPOSED.value)
