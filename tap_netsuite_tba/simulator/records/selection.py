"""Which rows of which table are the records of a type."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tap_netsuite_tba.simulator.metadata.record_types import RecordType
from tap_netsuite_tba.simulator.roles import Role
from tap_netsuite_tba.simulator.suiteql.kinds import identifier, quoted
from tap_netsuite_tba.simulator.suiteql.visibility import Tables, visible_rows

KEYS = ("id", "internalid", "key")
"""Columns that hold a record's internal id: the first that its table has."""

# Tables that hold records of several types, and one whose records are called otherwise.
_TOLD_BY_ROW = frozenset({"customer", "item"})
_OTHER_NAMES = {"entitystatus": "customerstatus"}

Wanted = Mapping[str, Sequence[str | None]]


@dataclass(frozen=True)
class Selection:
    """The rows that are records of a type.

    Attributes:
        table: where they lie.
        key: the column with the internal id.
        rows: DuckDB's text for those that the role sees, to stand behind FROM with an alias.
        columns: of the table, lower case, to their DuckDB type.
    """

    table: str
    key: str
    rows: str
    columns: Mapping[str, str]


def selection(record: RecordType, role: Role, tables: Tables) -> Selection | None:
    """Return the rows that are records of a type; None of a type that no table stands behind.

    Args:
        record: the type.
        role: whose eyes these are.
        tables: what is stored, table to column to DuckDB type.
    """
    table = record.table
    if table is None or table not in tables:
        return None
    columns = tables[table]
    key = next((column for column in KEYS if column in columns), None)
    if key is None:
        return None
    conditions = [
        _is_one_of(column, values) if column in columns else "FALSE"
        for column, values in wanted(record.name, table).items()
    ]
    rows = visible_rows(role, table, tables)
    if conditions:
        rows = f"(SELECT * FROM {rows} WHERE {' AND '.join(conditions)})"  # noqa: S608  # names of stored tables, literals
    return Selection(table, key, rows, columns)


def wanted(record_type: str, table: str) -> Wanted:
    """Return the columns that tell a type from the others in its table, with their values."""
    if table == "transaction":
        return {"recordtype": [record_type]}
    return _of_types().get(record_type, {})


def is_of_type(record_type: str, table: str, row: Mapping[str, object]) -> bool:
    """Tell whether a row of ``table`` is a record of the type."""
    return all(
        column in row and row[column] in values
        for column, values in wanted(record_type, table).items()
    )


def record_type_of(table: str, row: Mapping[str, object]) -> str | None:
    """Return the type of a record by its row; None if the record service has none for it."""
    if table == "transaction":
        return str(row["recordtype"])
    told = [
        name
        for name, wants in _of_types().items()
        if wants.keys() <= row.keys() and all(row[column] in wants[column] for column in wants)
    ]
    if table in _TOLD_BY_ROW:
        return told[0] if told else None
    return _OTHER_NAMES.get(table, table)


def _is_one_of(column: str, values: Sequence[str | None]) -> str:
    texts = ", ".join(quoted(value) for value in values if value is not None)
    found = f"{identifier(column)} IN ({texts})"
    return f"({found} OR {identifier(column)} IS NULL)" if None in values else found


@cache
def _of_types() -> Mapping[str, Wanted]:
    text = (files(__package__) / "selection.json").read_text(encoding="utf-8")
    found: Mapping[str, Wanted] = json.loads(text)
    return found
