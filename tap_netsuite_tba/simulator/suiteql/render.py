"""Rows as NetSuite prints them, written by DuckDB: one JSON text a row."""

from collections.abc import Sequence

from tap_netsuite_tba.simulator.suiteql.formats import preference_format
from tap_netsuite_tba.simulator.suiteql.kinds import (
    CLOCKS,
    Expression,
    Kind,
    Preferences,
    number_text,
    quoted,
    to_clock,
)
from tap_netsuite_tba.simulator.suiteql.queries import OutputColumn

_INTEGERS = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UBIGINT"})


def row_expression(
    columns: Sequence[OutputColumn], types: Sequence[str], preferences: Preferences
) -> str:
    """Return the DuckDB text that makes a row of ``c0``, ``c1`` ... a JSON object.

    Every value is a string, a null is absent, keys are in ASCII order after ``links``.

    Args:
        columns: of the answer.
        types: their DuckDB types.
        preferences: how dates are printed, and in which zone.
    """
    members = {
        column.name: f"'{_key(column.name)}' || {_string(index, column.kind, kind, preferences)}"
        for index, (column, kind) in enumerate(zip(columns, types, strict=True))
    }
    texts = ["'{\"links\":[]'", *(members[name] for name in sorted(members)), "'}'"]
    return f"concat({', '.join(texts)})"


def _key(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"').replace("'", "''")
    return f',"{escaped}":'


def _string(index: int, kind: Kind, duckdb_type: str, preferences: Preferences) -> str:
    """Return the text of one value as a JSON string; null stays null."""
    value = f"c{index}"
    if kind in CLOCKS:
        clock = to_clock(Expression(value, kind), preferences).sql
        text = f"strftime({clock}, {quoted(preference_format(preferences.date_format))})"
    elif duckdb_type in _INTEGERS:
        text = value
    elif duckdb_type.startswith("DECIMAL"):
        text = f"rtrim(rtrim(CAST({value} AS VARCHAR), '0'), '.')"
        if duckdb_type.endswith(",0)"):
            text = value
    elif duckdb_type in {"DOUBLE", "FLOAT"}:
        text = number_text(value)
    else:
        # To Oracle an empty text is null.
        return f"CAST(to_json(nullif(CAST({value} AS VARCHAR), '')) AS VARCHAR)"
    return f"""'"' || {text} || '"'"""
