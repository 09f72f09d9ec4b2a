"""Label columns: the display texts of list columns, which the setting `include_labels` asks for."""

import logging
from collections.abc import Collection
from fnmatch import fnmatchcase

from tap_netsuite_tba.tables import Column, ColumnType, Source, Table, is_identifier

logger = logging.getLogger(__name__)

_SUFFIX = "_label"
_LISTED_TYPES = frozenset({ColumnType.INTEGER, ColumnType.TEXT, ColumnType.MULTISELECT})


def label_of(column: Column) -> Column:
    """The column of another one's display texts."""
    return Column(
        f"{column.name}{_SUFFIX}",
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

    A label is one that is described as such, whatever the setting says by now. Where nothing is
    written of a column, the setting tells, for a table may have one of its own by such a name.
    """
    wanted = {
        label_of(column).name for column in table.columns if wants_label(table, column, patterns)
    }
    return table.with_columns(tuple(_label_or_own(column, wanted) for column in table.columns))


def _label_or_own(column: Column, wanted: Collection[str]) -> Column:
    origin = column.name.removesuffix(_SUFFIX)
    if origin == column.name or not is_identifier(origin):
        return column
    label = label_of(Column(origin, ColumnType.TEXT))
    if column.type is not label.type or column.title:
        return column
    is_meant = not column.description and column.name in wanted
    return label if is_meant or column.description == label.description else column
