"""Reads a few rows of the account, quickly: by a key, and only the columns that differ."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from tap_netsuite_tba.simulator.metadata.record_types import suiteql_only
from tap_netsuite_tba.simulator.storage import Storage
from tap_netsuite_tba.simulator.suiteql.kinds import identifier
from tap_netsuite_tba.simulator.suiteql.visibility import Tables

_DERIVED = """
    SELECT column_name, column_default FROM duckdb_columns()
    WHERE table_name = ? AND column_default IS NOT NULL
"""
_TEXT = re.compile(r"'[^']*'")
_LOWER_CASE = re.compile(r"[a-z]")


class Row(dict[str, Any]):
    """A row, column to value; what its table has no column for is null."""

    def __missing__(self, key: str) -> None:
        """Return null."""


@dataclass(frozen=True)
class _Columns:
    """The columns of a table.

    Attributes:
        read: those that may differ from row to row.
        constant: the others, each with its value.
    """

    read: Sequence[str]
    constant: Mapping[str, Any]


class Rows:
    """Reads rows; to plan a constant column costs more than to read one that is stored."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        # What is known of the columns, beside the tables that it is known of.
        self._known: tuple[Tables, dict[str, _Columns]] = ({}, {})

    def read(
        self,
        cursor: duckdb.DuckDBPyConnection,
        table: str,
        where: Mapping[str, object],
        *,
        wanted: Collection[str] | None = None,
        source: str | None = None,
    ) -> list[Row]:
        """Return rows with those of their columns that some record shows.

        Args:
            cursor: whose transaction sees them.
            table: where they lie; one that is not stored has none.
            where: columns with the value that they must have, or a range of them.
            wanted: columns to read; None for all.
            source: DuckDB's text for those rows of the table that count; None for all.
        """
        types = self._storage.tables.get(table, {})
        if not where.keys() <= types.keys():
            return []
        columns = self._columns(cursor, table)
        read = [name for name in columns.read if wanted is None or name in wanted]
        names = ", ".join(map(identifier, read)) or "1"
        text = f"SELECT {names} FROM {source or identifier(table)}{_where(where)}"  # noqa: S608  # names of stored tables
        found = cursor.execute(text, _parameters(where, types)).fetchall()
        return [Row({**columns.constant, **dict(zip(read, each, strict=False))}) for each in found]

    def is_view(self, table: str) -> bool:
        """Tell whether a table is made of others' rows."""
        return table in self._storage.views

    def _columns(self, cursor: duckdb.DuckDBPyConnection, table: str) -> _Columns:
        tables, known = self._known
        if tables is not self._storage.tables:
            tables, known = self._storage.tables, {}
            self._known = (tables, known)
        if table not in known:
            known[table] = _look(cursor, table, tables.get(table, {}))
        return known[table]


def _where(where: Mapping[str, object]) -> str:
    conditions = [
        f"{identifier(name)} {'BETWEEN ? AND ?' if isinstance(value, range) else '= ?'}"
        for name, value in where.items()
    ]
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def _parameters(where: Mapping[str, object], types: Mapping[str, str]) -> list[object]:
    parameters: list[object] = []
    for name, value in where.items():
        if isinstance(value, range):
            parameters += [value[0], value[-1]]
        else:  # a few tables have texts for keys
            parameters.append(str(value) if types[name] == "VARCHAR" else value)
    return parameters


def _look(cursor: duckdb.DuckDBPyConnection, table: str, columns: Collection[str]) -> _Columns:
    """Tell the columns to read from those that are the same in each row.

    Derived ones that no record shows are neither. DuckDB prints its own words in capitals, so that
    what names another column has a small letter.
    """
    derived = dict(cursor.execute(_DERIVED, [table]).fetchall())
    plain = {
        name: text for name, text in derived.items() if not _LOWER_CASE.search(_TEXT.sub("", text))
    }
    unread = plain.keys() | (derived.keys() & set(suiteql_only(table)))
    values = cursor.execute(f"SELECT {', '.join(plain.values()) or 'NULL'}").fetchone() or ()
    return _Columns(
        [name for name in columns if name not in unread],
        dict(zip(plain, values, strict=False)),
    )
