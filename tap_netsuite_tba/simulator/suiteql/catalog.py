"""Which tables and columns the account has, and which of them the role may read."""

import threading
from collections.abc import Mapping

from tap_netsuite_tba.simulator.errors import unexpected
from tap_netsuite_tba.simulator.roles import ADMINISTRATOR, ColumnRefusal, Role
from tap_netsuite_tba.simulator.suiteql.exposure import NOT_EXPOSED, is_elsewhere
from tap_netsuite_tba.simulator.suiteql.kinds import Kind, identifier, kind_of
from tap_netsuite_tba.simulator.suiteql.refusals import (
    hidden_table,
    unexposed_column,
    unknown_table,
    unsupported,
)
from tap_netsuite_tba.simulator.suiteql.visibility import (
    lost_columns,
    opens,
    opens_record_type,
    visible_rows,
)

_READABLE = frozenset({None, ColumnRefusal.NO_TIME_ZONE})


class Catalog:
    """The tables as the role sees them, and as tests change that.

    Attributes:
        version: grows whenever the answer to any question may have changed.
    """

    def __init__(self) -> None:
        self.version = 0
        self._lock = threading.Lock()
        self._tables: Mapping[str, Mapping[str, str]] = {}
        self._views: frozenset[str] = frozenset()
        self._role = ADMINISTRATOR
        self._shown: dict[str, bool] = {}
        self._refused: dict[tuple[str, str], ColumnRefusal] = {}

    @property
    def role(self) -> Role:
        """Whose eyes these are; another one sees from the next query on."""
        return self._role

    @role.setter
    def role(self, role: Role) -> None:
        with self._lock:
            self._role = role
            self.version += 1

    def follow(self, tables: Mapping[str, Mapping[str, str]], views: frozenset[str]) -> None:
        """Take over the stored tables, name to column to DuckDB type, and which are views."""
        with self._lock:
            if tables is not self._tables:
                self._tables, self._views = tables, views
                self.version += 1

    def hide(self, table: str) -> None:
        """Take away the permission to read ``table``, whatever the role."""
        self._show(table, shown=False)

    def show(self, table: str) -> None:
        """Give the permission to read ``table``, whatever the role."""
        self._show(table, shown=True)

    def _show(self, table: str, *, shown: bool) -> None:
        with self._lock:
            self._shown[table.lower()] = shown
            self.version += 1

    def refuse(self, table: str, column: str, how: ColumnRefusal) -> None:
        """Keep ``column`` from every role; it need not exist."""
        with self._lock:
            self._refused[table.lower(), column.lower()] = how
            self.version += 1

    def may_see(self, record_type: str) -> bool:
        """Tell whether a record type or table, such as ``salesorder``, is there for the role."""
        name = record_type.lower()
        return self._shown.get(name, opens_record_type(self._role, name))

    def may_edit(self, record_type: str) -> bool:
        """Tell whether the role may change records of a type that it sees."""
        name = record_type.lower()
        return self._shown.get(name, opens_record_type(self._role, name, "Edit"))

    def visible_tables(self) -> tuple[str, ...]:
        """Return the stored tables that the role may read."""
        return tuple(name for name in self._tables if self._is_open(name))

    def columns(self, table: str) -> dict[str, Kind]:
        """Return the columns of ``table`` that the role may read.

        Raises:
            Refusal: there is no such table, or none for this role.
        """
        name = table.lower()
        if name not in self._tables and self._role.may_query:
            if name == "dual":
                return {"dummy": Kind.TEXT}
            if is_elsewhere(name) or self._shown.get(name) is False:
                raise hidden_table(table)
            raise unknown_table(table)
        if not self._is_open(name):
            raise hidden_table(table)
        lost = lost_columns(self._role)
        return {
            column: self._kind(name, column, duckdb_type)
            for column, duckdb_type in self._tables[name].items()
            if column not in lost and self._refusal(name, column) in _READABLE
        }

    def _kind(self, name: str, column: str, duckdb_type: str) -> Kind:
        kind = kind_of(duckdb_type)
        is_zoneless = self._refusal(name, column) is ColumnRefusal.NO_TIME_ZONE
        return Kind.ZONELESS if is_zoneless and kind is Kind.INSTANT else kind

    def rows(self, table: str) -> str:
        """Return DuckDB's text for those rows of ``table`` that the role sees.

        The table is one that ``columns`` has let through.
        """
        name = table.lower()
        if name == "dual":
            return "(SELECT 'X' AS dummy)"
        return visible_rows(self._role, name, self._tables)

    def is_whole(self, table: str) -> bool:
        """Tell whether the role sees each row of ``table``, as it is stored."""
        return table not in self._views and self.rows(table) == identifier(table)

    def check(self, table: str, column: str) -> None:
        """Refuse a column that is kept from the role in a way of its own.

        Raises:
            Refusal: the column is not exposed, was removed, or upsets NetSuite.
        """
        name = table.lower()
        how = self._refusal(name, column)
        if how is ColumnRefusal.UNEXPECTED:
            raise unexpected()
        if how is ColumnRefusal.UNSUPPORTED:
            raise unsupported()
        if how in {ColumnRefusal.NOT_EXPOSED, ColumnRefusal.REMOVED}:
            raise unexposed_column(column, name, how.value)
        stored = self._tables.get(name, {})
        if column in NOT_EXPOSED.get(name, ()) and column not in stored:
            raise unexposed_column(column, name, ColumnRefusal.NOT_EXPOSED.value)

    def _is_open(self, name: str) -> bool:
        is_opened = name not in self._role.unqueryable and opens(self._role, name)
        return self._role.may_query and self._shown.get(name, is_opened)

    def _refusal(self, name: str, column: str) -> ColumnRefusal | None:
        return self._refused.get((name, column)) or self._role.columns.get((name, column))
