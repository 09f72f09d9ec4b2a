"""Rows as NetSuite prints them, written by DuckDB: one JSON text a row."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace

from tap_netsuite_tba.simulator.suiteql.date_formats import preference_format
from tap_netsuite_tba.simulator.suiteql.kinds import (
    CLOCKS,
    Expression,
    Preferences,
    number_text,
    quoted,
    to_clock,
    without_trailing_zeros,
)
from tap_netsuite_tba.simulator.suiteql.queries import OutputColumn
from tap_netsuite_tba.simulator.switches import Switches

_INTEGERS = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UBIGINT"})
_LINKS = "links"
# A key with an empty text; inside a text no quote stands without its backslash.
_EMPTY = re.compile(r',"(?:[^"\\]|\\.)*+":""')


def row_expression(
    columns: Sequence[OutputColumn],
    types: Sequence[str],
    preferences: Preferences,
    switches: Switches,
) -> str:
    """Return the DuckDB text that makes a row of ``c0``, ``c1`` ... a JSON object.

    Every value is a string, a null is absent, keys are in ASCII order after ``links``.

    Args:
        columns: of the answer.
        types: their DuckDB types.
        preferences: how dates and numbers are printed, and in which zone.
        switches: whether numbers are strings.
    """
    members = {
        column.name: _member(f"c{index}", column, kind, preferences, switches)
        for index, (column, kind) in enumerate(zip(columns, types, strict=True))
        if column.name != _LINKS  # the row's own links stand there
    }
    texts = ["'{\"links\":[]'", *(members[name] for name in sorted(members)), "'}'"]
    return f"concat({', '.join(texts)})"


def without_empty(row: str) -> str:
    """Return a row without its empty texts, which are null to Oracle."""
    return _EMPTY.sub("", row) if '":""' in row else row


def _member(
    value: str, column: OutputColumn, kind: str, preferences: Preferences, switches: Switches
) -> str:
    """Return the text of a key and its value; null if the value is null."""
    key = f",{json.dumps(column.name)}:"
    if column.kind in CLOCKS:
        clock = to_clock(Expression(value, column.kind, zone=column.zone), preferences).sql
        pattern = f'{key.replace("%", "%%")}"{preference_format(preferences.date_format)}"'
        return f"strftime({clock}, {quoted(pattern)})"
    if switches.values == "typed":
        text = _number(value, kind, replace(preferences, numbers="plain"))  # .5 is no JSON
        return f"{quoted(key)} || {text or _text(value, kind)}"
    text = _number(value, kind, preferences)
    return _string(key, text) if text else f"{quoted(key)} || {_text(value, kind)}"


def _string(key: str, text: str) -> str:
    # As few operators as can be: to plan them costs more than to run them.
    return f"""{quoted(key + '"')} || {text} || '"'"""


def _text(value: str, kind: str) -> str:
    text = value if kind == "VARCHAR" else f"CAST({value} AS VARCHAR)"
    return f"to_json({text})"


def _number(value: str, kind: str, preferences: Preferences) -> str:
    """Return the number as NetSuite prints it; empty if a value of this DuckDB type is none."""
    if kind in _INTEGERS or (kind.startswith("DECIMAL") and kind.endswith(",0)")):
        return value
    if kind.startswith("DECIMAL"):
        return without_trailing_zeros(f"CAST({value} AS VARCHAR)", preferences)
    if kind in {"DOUBLE", "FLOAT"}:
        return number_text(value, preferences)
    return ""
