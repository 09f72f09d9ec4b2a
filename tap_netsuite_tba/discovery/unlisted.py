"""Columns that no list of NetSuite's tells of: from rows, or else from its catalog of records."""

from collections.abc import Iterator
from dataclasses import replace

from tap_netsuite_tba.discovery.candidates import CUSTOMIZED
from tap_netsuite_tba.discovery.customtables import has_known_columns
from tap_netsuite_tba.discovery.families import DESCRIBED_BY, OTHER_RECORDS, is_custom
from tap_netsuite_tba.discovery.fields import CustomColumns
from tap_netsuite_tba.discovery.samples import sampled
from tap_netsuite_tba.netsuite.errors import NetSuiteError, is_refusal
from tap_netsuite_tba.netsuite.metadata import RecordCatalog, columns_of, columns_of_lines
from tap_netsuite_tba.netsuite.query import Fetch
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import Column, ColumnType, Source, Table

_TOLD_BETTER = frozenset(
    {
        (ColumnType.INTEGER, ColumnType.DECIMAL),
        (ColumnType.INTEGER, ColumnType.MULTISELECT),
        (ColumnType.TEXT, ColumnType.MULTISELECT),
        (ColumnType.DATETIME, ColumnType.DATE),
    }
)
"""Types as a sample shows them, and as a field may say that they are."""


def with_unlisted_columns(
    table: Table,
    fields: CustomColumns,
    fetch: Fetch,
    catalog: RecordCatalog,
    known: Table | None = None,
) -> Table:
    """A table with all columns that it may have, whatever tells of them.

    Args:
        table: With the columns that its file, or its family, and the account's lists tell.
        fields: The account's custom columns.
        fetch: Sends a query.
        catalog: Describes record types; it is asked only where rows tell of no custom column.
        known: The table as an earlier discovery found it.

    Raises:
        RequestRefused: The table cannot be read.
        ExtractionError: Nothing tells of a column, or the rows cannot be understood.
        NetSuiteError: NetSuite could not be asked.
    """
    if _is_told(table, fields):
        return table
    found = sampled(table, fetch, catalog, known)
    if table.name in shipped_tables() and table.columns:
        # What else the rows have the file leaves out on purpose.
        stated = table.column_names
        found = found.with_columns(
            tuple(c for c in found.columns if c.name in stated or is_custom(c.name))
        )
    may_have_more = table.columns and not fields.are_listed
    if may_have_more and not any(_is_custom_in_rows(column) for column in found.columns):
        columns = {c.name: c for c in (*found.columns, *_described(table, catalog))}
        custom = sorted(columns.keys() - set(table.column_names))
        found = found.with_columns(tuple(columns[n] for n in (*table.column_names, *custom)))
    return told_by_fields(found, fields)


def _is_told(table: Table, fields: CustomColumns) -> bool:
    if has_known_columns(table.name):
        return True
    if table.name not in shipped_tables():
        return bool(fields.of(table.name)) and not fields.lack_owners
    if table.name in OTHER_RECORDS and fields.lack_owners:
        return False
    return bool(table.columns) and (fields.are_listed or table.name not in CUSTOMIZED)


def told_by_fields(table: Table, fields: CustomColumns) -> Table:
    """A sampled table with what the fields tell of those columns that only its rows told of."""
    known = fields.of_no_table
    return table.with_columns(tuple(_told(c, known.get(c.name, c)) for c in table.columns))


def _told(column: Column, field: Column) -> Column:
    is_better = field.type is ColumnType.TEXT or (column.type, field.type) in _TOLD_BETTER
    return replace(field, type=field.type if is_better else column.type)


def _is_custom_in_rows(column: Column) -> bool:
    return column.source is Source.SAMPLE and is_custom(column.name)


def _described(table: Table, catalog: RecordCatalog) -> Iterator[Column]:
    """The custom columns that the catalog of records tells of; none if it may not be seen."""
    for record in DESCRIBED_BY.get(table.name, (table.name,)):
        try:
            schema = catalog.schema(record)
        except NetSuiteError as error:
            if not is_refusal(error):
                raise
            return
        columns = columns_of_lines if table.parent else columns_of
        yield from (c for c in columns(schema or {}) if is_custom(c.name))
