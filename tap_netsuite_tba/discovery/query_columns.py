"""The columns of a query: from its text, from what is known of tables, and from a sample."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tap_netsuite_tba.discovery.samples import Values
from tap_netsuite_tba.discovery.values import common_type, misfit, sampled_type
from tap_netsuite_tba.netsuite.query_text import Outline
from tap_netsuite_tba.netsuite.select_list import Item
from tap_netsuite_tba.own_queries import OwnQuery
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import Column, ColumnType, Source, Table

_FUNCTIONS: Mapping[ColumnType, str] = {
    ColumnType.INTEGER: "COUNT INSTR LENGTH SIGN",
    ColumnType.DECIMAL: "ABS AVG MONTHS_BETWEEN STDDEV SUM TO_NUMBER VARIANCE",
    ColumnType.TEXT: (
        "BUILTIN.DF BUILTIN.HIERARCHY CONCAT INITCAP LOWER LPAD LTRIM REPLACE RPAD RTRIM SUBSTR "
        "TO_CHAR TRIM UPPER"
    ),
}
_FUNCTION_TYPES = {name: kind for kind, names in _FUNCTIONS.items() for name in names.split()}
"""Of what type the values of a function are, whatever its arguments."""


@dataclass(frozen=True)
class Described:
    """The columns of a query.

    Attributes:
        columns: In the order of its SELECT list.
        guessed: The names of those whose type nothing tells, for no row has a value in them.
    """

    columns: tuple[Column, ...]
    guessed: tuple[str, ...]


def described_columns(
    query: OwnQuery, text: Outline, values: Values, earlier: Table | None = None
) -> Described:
    """The columns of a query, each of the type that is surest.

    Args:
        query: The query.
        text: What its text tells.
        values: What a sample of its rows has.
        earlier: As an earlier discovery of the same query found it.
    """
    known = {column.name: column for column in (earlier.columns if earlier else ())}
    columns, guessed = [], []
    for name in _names(text, values, known):
        shown = values.get(name, ())
        column = (
            _of_settings(name, query)
            or _of_text(name, query, text, shown)
            or _of_rows(name, query, text, shown, known.get(name))
        )
        if column is None:
            guessed.append(name)
        columns.append(column or _guessed(name, query))
    return Described(tuple(columns), tuple(guessed))


def _names(text: Outline, values: Values, known: Mapping[str, Column]) -> Sequence[str]:
    """In the order of the SELECT list; what a star stands for in alphabetical order behind."""
    if text.names is not None:
        return text.names
    listed = [item.name for item in text.items if item.name is not None]
    return [*listed, *sorted((values.keys() | known.keys()) - set(listed))]


def _of_settings(name: str, query: OwnQuery) -> Column | None:
    kind = query.column_types.get(name)
    return Column(name, kind, source=Source.QUERY) if kind else None


def _of_text(name: str, query: OwnQuery, text: Outline, shown: Sequence[Any]) -> Column | None:
    """What a column is that its function tells, or a table that this package describes."""
    if text.is_compound:
        return None  # In another SELECT of a UNION something else may stand in its place.
    item = _item(name, text)
    column = _of_table(item.column or name, item, text)
    if kind := _FUNCTION_TYPES.get(item.function):
        if kind is ColumnType.DECIMAL and name in query.primary_keys:
            kind = ColumnType.INTEGER  # as long as no value is another
        column = Column(name, kind, source=Source.QUERY)
    if column is None or misfit(shown, column.type) is not None:
        return None
    return replace(column, name=name)


def _of_rows(
    name: str, query: OwnQuery, text: Outline, shown: Sequence[Any], before: Column | None
) -> Column | None:
    """What the values of a column are, now and in an earlier sample."""
    was_shown = before is not None and before.source is Source.SAMPLE
    if not shown:
        return before if was_shown else None
    kind = sampled_type(shown)
    is_computed = text.is_compound or not _table(_item(name, text), text)
    if kind is ColumnType.INTEGER and is_computed and name not in query.primary_keys:
        kind = ColumnType.DECIMAL  # Of what is computed, later rows may have fractions.
    if before is not None and was_shown:
        kind = common_type(kind, before.type)
    return Column(name, kind, source=Source.SAMPLE)


def _guessed(name: str, query: OwnQuery) -> Column:
    """A column that nothing tells of; NetSuite is asked whether it gives it so."""
    kind = ColumnType.TEXT
    if name in query.primary_keys:
        kind = ColumnType.INTEGER
    elif name == query.replication_key:
        kind = ColumnType.DATETIME
    return Column(name, kind, source=Source.QUERY)


def _item(name: str, text: Outline) -> Item:
    """The entry of the SELECT list that a column is of, which may be a star."""
    named = (item for item in text.items if item.name == name)
    stars = (item for item in text.items if item.is_star)
    return next(named, None) or next(stars, Item(""))


def _table(item: Item, text: Outline) -> str:
    """The table that a bare column, or a star, is of; empty if it is of none, or not known."""
    if not (item.is_column or item.is_star):
        return ""
    tables = [source.table for source in text.sources if item.source in ("", source.alias)]
    return tables[0] if len(tables) == 1 else ""


def _of_table(name: str, item: Item, text: Outline) -> Column | None:
    table = shipped_tables().get(_table(item, text))
    return next((c for c in table.columns if c.name == name), None) if table else None
