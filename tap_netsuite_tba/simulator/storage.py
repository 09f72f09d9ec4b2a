"""The account's rows, in an in-memory DuckDB that requests and tests share."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb

_COLUMNS = """
    SELECT table_name, column_name, data_type FROM duckdb_columns()
    WHERE NOT internal ORDER BY table_name, column_index
"""
_VIEWS = "SELECT view_name FROM duckdb_views() WHERE NOT internal"
# What cannot make, change or drop a table, so that nobody need look at all of them again.
_OF_ROWS = frozenset(
    {
        duckdb.StatementType.SELECT,
        duckdb.StatementType.INSERT,
        duckdb.StatementType.UPDATE,
        duckdb.StatementType.DELETE,
    }
)


class Storage:
    """One database: many readers, one writer at a time, each statement whole or not at all.

    Attributes:
        tables: table to column to DuckDB type; another object whenever it has changed.
        views: which of them are made of others' rows.
        edition: another number after each change; odd while one is being made. Who finds it even,
            and the same after a transaction has begun, knows which rows that one sees.
    """

    def __init__(self) -> None:
        self.edition = 0
        self._connection = duckdb.connect(":memory:")
        # Requests run beside each other; one thread each wastes no CPU on coordination.
        self._connection.execute("SET threads = 1")
        # In another zone, DuckDB reads offsets an hour off while that has summer time.
        self._connection.execute("SET GLOBAL TimeZone = 'UTC'")
        self._writing = threading.Lock()
        self._lent: set[duckdb.DuckDBPyConnection] = set()
        self._lending = threading.Lock()
        self._is_stopped = False
        self.tables: Mapping[str, Mapping[str, str]] = {}
        self.views: frozenset[str] = frozenset()

    def close(self) -> None:
        """Forget everything."""
        self._connection.close()

    def interrupt(self) -> None:
        """End what runs now, for good; whoever begins a statement later is to be told again."""
        with self._lending:
            self._is_stopped = True
            for cursor in self._lent:
                cursor.interrupt()

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor for reading.

        Raises:
            ConnectionAbortedError: the simulator ends, and interrupts what runs.
        """
        cursor = self._connection.cursor()
        with self._lending:
            self._lent.add(cursor)
        try:
            yield cursor
        except duckdb.InterruptException as error:
            if self._is_stopped:
                raise ConnectionAbortedError from error
            raise
        finally:
            with self._lending:
                self._lent.remove(cursor)
            cursor.close()

    @contextmanager
    def writer(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor for writing, to one caller at a time."""
        with self._change(), self.cursor() as cursor:
            try:
                yield cursor
            finally:
                self._look_at_tables(cursor)

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor for changes of rows, which readers see all at once or not at all."""
        with self._change(), self.cursor() as cursor:
            cursor.begin()
            yield cursor
            cursor.commit()

    def sql(self, text: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run DuckDB SQL on the truth and return its rows.

        Args:
            text: one statement or, without parameters, several.
            parameters: values for ``?``.

        Raises:
            duckdb.Error: as DuckDB says.
        """
        kinds = {each.type for each in duckdb.extract_statements(text)}
        is_of_rows = kinds <= _OF_ROWS
        changing = self._writing if kinds == {duckdb.StatementType.SELECT} else self._change()
        with changing, self.cursor() as cursor:
            try:
                return cursor.execute(text, list(parameters)).fetchall()
            finally:
                if not is_of_rows:
                    self._look_at_tables(cursor)

    @contextmanager
    def _change(self) -> Iterator[None]:
        with self._writing:
            self.edition += 1
            try:
                yield
            finally:
                self.edition += 1

    def _look_at_tables(self, cursor: duckdb.DuckDBPyConnection) -> None:
        tables: dict[str, dict[str, str]] = {}
        for table, column, duckdb_type in cursor.execute(_COLUMNS).fetchall():
            tables.setdefault(table, {})[column] = duckdb_type
        if tables != self.tables:
            self.views = frozenset(name for (name,) in cursor.execute(_VIEWS).fetchall())
            self.tables = tables
