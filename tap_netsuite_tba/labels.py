"""Label columns: the display texts of list columns, which the setting `include_labels` asks for."""

import logging
from collections.abc import Collection
from fnmatch import fnmatchcase

from tap_netsuite_tba.tables import Column, ColumnType, Source, Table

logger = logging.getLogger(__name__)

_LISTED_TYPES = frozenset({ColumnType.INTEGER, ColumnType.TEXT, ColumnType.MULTISELECT})


def label_of(column: Column) -> Column:
    """The column of another one's display texts."""
    return Column(
        f"{column.name}_label",
        ColumnType.TEXT,
        f"Display text of {column.name}.",
        label_of=column.name,
        source=Source.TAP,
    )


def wants_label(table: Table, column: Column, patterns: Collection[str]) -> bool:
    """Whether a column gets a label: a pattern names it, and it may be of a list.

    Instants, dates, decimals, booleans and the internal id of the row itself have none.
    """
    may_be_listed = column.type in _LISTED_TYPES and not column.label_of
    if not may_be_listed or table.key == (column.name,):
        return False
    name = f"{table.name}.{column.name}"
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def labelled(table: Table, patterns: Collection[str]) -> Table:
    """The same table, with a label behind each column that a pattern names.

    Args:
        table: With the columns that NetSuite has.
        patterns: As in the setting: `table.column` in lower case, with wildcards.
    """
    columns: list[Column] = []
    for column in table.columns:
        columns.append(column)
        if not wants_label(table, column, patterns):
            continue
        label = label_of(column)
        if label.name in table.column_names:
            logger.warning(
                "include_labels: %s.%s gets no label, for the table has a column %s of its own.",
                table.name,
                column.name,
                label.name,
            )
        else:
            columns.append(label)
    return table.with_columns(tuple(columns))


def with_labels_told(table: Table, patterns: Collection[str]) -> Table:
    """The same table, made from a catalog, with its labels told from NetSuite's own columns.

    A column is a label only if nothing is written of it that is not written of labels: a table may
    have a column of its own by such a name.
    """
    labels = {
        label_of(column).name: label_of(column)
        for column in table.columns
        if wants_label(table, column, patterns)
    }
    return table.with_columns(
        tuple(_label_or_own(column, labels.get(column.name)) for column in table.columns)
    )


def _label_or_own(column: Column, label: Column | None) -> Column:
    if label is None or column.type is not label.type or column.title:
        return column
    return label if column.description in {"", label.description} else column
