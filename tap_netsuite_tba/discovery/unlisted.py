"""Columns that no list of NetSuite's tells of: from rows, or else from its catalog of records."""

from collections.abc import Iterator

from tap_netsuite_tba.discovery.candidates import CUSTOMIZED
from tap_netsuite_tba.discovery.customtables import has_known_columns
from tap_netsuite_tba.discovery.families import DESCRIBED_BY, is_custom
from tap_netsuite_tba.discovery.fields import CustomColumns
from tap_netsuite_tba.discovery.samples import sampled
from tap_netsuite_tba.netsuite.errors import NetSuiteError, is_refusal
from tap_netsuite_tba.netsuite.metadata import RecordCatalog, columns_of
from tap_netsuite_tba.netsuite.query import Fetch
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import Column, Table


def with_unlisted_columns(
    table: Table, fields: CustomColumns, fetch: Fetch, catalog: RecordCatalog
) -> Table:
    """A table with all columns that it may have, whatever tells of them.

    Args:
        table: With the columns that its file, or its family, and the account's lists tell.
        fields: The account's custom columns.
        fetch: Sends a query.
        catalog: Describes record types; it is asked only where rows tell of no custom column.

    Raises:
        RequestRefused: The table cannot be read.
        ExtractionError: Nothing tells of a column, or the rows cannot be understood.
        NetSuiteError: NetSuite could not be asked.
    """
    if _is_told(table, fields):
        return table
    found = sampled(table, fetch, catalog)
    if table.name in shipped_tables() and table.columns:
        # What else the rows have the file leaves out on purpose.
        known = table.column_names
        found = found.with_columns(
            tuple(c for c in found.columns if c.name in known or is_custom(c.name))
        )
    may_have_more = table.columns and not fields.are_listed
    if may_have_more and not any(is_custom(name) for name in found.column_names):
        described = {column.name: column for column in _described(table, catalog)}
        found = found.with_columns((*found.columns, *described.values()))
    return fields.told(found)


def _is_told(table: Table, fields: CustomColumns) -> bool:
    if has_known_columns(table.name):
        return True
    if table.name in shipped_tables():
        return bool(table.columns) and (fields.are_listed or table.name not in CUSTOMIZED)
    return bool(fields.of(table.name))


def _described(table: Table, catalog: RecordCatalog) -> Iterator[Column]:
    """The custom columns that the catalog of records tells of; none if it may not be seen."""
    for record in DESCRIBED_BY.get(table.name, (table.name,)):
        try:
            schema = catalog.schema(record)
        except NetSuiteError as error:
            if not is_refusal(error):
                raise
            return
        yield from (c for c in columns_of(schema or {}) if is_custom(c.name))
