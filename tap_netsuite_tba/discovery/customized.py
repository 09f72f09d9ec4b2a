"""What the account's customization makes of a catalog's tables, for few requests.

Read are NetSuite's own lists of fields, record types and lists; asked for is only what they and the
catalog do not agree on.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from tap_netsuite_tba.discovery.columns import prove_columns
from tap_netsuite_tba.discovery.customization import read_customization
from tap_netsuite_tba.discovery.customtables import LIST, RECORD, custom_tables
from tap_netsuite_tba.discovery.families import RECORD_FIELDS, TABLES_BY_PREFIX
from tap_netsuite_tba.discovery.fields import CustomColumns, custom_columns
from tap_netsuite_tba.discovery.found import Wanted
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import NetSuiteError, is_refusal
from tap_netsuite_tba.netsuite.query import Fetch
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import Column, ColumnType, Table

logger = logging.getLogger(__name__)

_TABLES_OF_LIST = {"customrecordtype": RECORD, "customlist": LIST}
"""What the names of tables begin with that a list of NetSuite's tells of."""

_FIELDS = (RECORD_FIELDS, *(prefix for prefix in TABLES_BY_PREFIX if prefix.startswith("cust")))
"""What the names of columns begin with of which `customfield` tells."""

_DAYS = frozenset({ColumnType.DATE, ColumnType.DATETIME})
"""As which of them, or as text, such a column is read, its values decide and not the list."""


@dataclass(frozen=True)
class _Listed:
    """What NetSuite's lists tell.

    Attributes:
        fields: The custom columns.
        tables: The account's own tables, by name.
        table_prefixes: The tables that would be among them begin so.
        field_prefixes: The columns likewise.
        known: The columns of the catalog. What one of its tables has was asked of all others that
            may have it when it was made, and refused.
    """

    fields: CustomColumns
    tables: Mapping[str, Table]
    table_prefixes: tuple[str, ...]
    field_prefixes: tuple[str, ...]
    known: frozenset[str]


def as_customized_now(
    tables: Sequence[Table], wanted: Wanted, fetch: Fetch, workers: Workers
) -> list[Table]:
    """The catalog's tables with the custom columns that they have now, and new custom tables.

    Raises:
        NetSuiteError: NetSuite could not be asked.
    """
    listed = _read(tables, fetch, workers)
    names = {table.name for table in tables}
    new = [
        table
        for name, table in listed.tables.items()
        if name not in names and name.startswith((RECORD, LIST)) and _fits(name, wanted)
    ]
    asked = [
        workers.submit(lambda table=table: _now(table, listed, wanted, fetch))  # type: ignore[misc]
        for table in tables
    ]
    asked += [workers.submit(lambda table=table: _if_there(table, fetch)) for table in new]  # type: ignore[misc]
    return [table for answer in asked if (table := answer.result())]


def _read(tables: Sequence[Table], fetch: Fetch, workers: Workers) -> _Listed:
    customization = read_customization(fetch, workers)
    if unseen := customization.unseen:
        logger.info(
            "The role does not see NetSuite's %s, so what is new there is unknown.",
            ", ".join(sorted(unseen)),
        )
    fields = custom_columns(customization)
    return _Listed(
        fields=fields,
        tables=custom_tables(customization, fields, ()),
        table_prefixes=tuple(p for name, p in _TABLES_OF_LIST.items() if name not in unseen),
        field_prefixes=() if "customfield" in unseen else _FIELDS,
        known=frozenset(name for table in tables for name in table.column_names),
    )


def _fits(name: str, wanted: Wanted) -> bool:
    return any(fnmatchcase(name, pattern.lower()) for pattern in wanted.patterns)


def _now(table: Table, listed: _Listed, wanted: Wanted, fetch: Fetch) -> Table | None:
    """A table of the catalog as it is now; None if it is gone."""
    is_own = table.name.startswith(listed.table_prefixes) and table.name not in shipped_tables()
    if is_own and table.name not in listed.tables:
        return _if_there(table, fetch)
    types = wanted.column_types
    custom = {
        column.name: replace(column, type=types.get(f"{table.name}.{column.name}", column.type))
        for column in listed.fields.of(table.name)
    }
    found = custom.keys() | listed.fields.of_no_table.keys()
    doubtful = [
        column
        for column in table.columns
        if column.name.startswith(listed.field_prefixes)
        and column.name not in found
        and not column.label_of
    ]
    missing = [column for name, column in custom.items() if name not in listed.known]
    refused = _refused(table, (*doubtful, *missing), fetch)
    columns = (*(_typed(column, custom) for column in table.columns), *missing)
    return table.with_columns(tuple(c for c in columns if c.name not in refused))


def _typed(column: Column, custom: Mapping[str, Column]) -> Column:
    kind = custom.get(column.name, column).type
    if kind in _DAYS and column.type in _DAYS | {ColumnType.TEXT}:
        return column
    return replace(column, type=kind)


def _if_there(table: Table, fetch: Fetch) -> Table | None:
    """The table; None if the role cannot read it."""
    key = [column for column in table.columns if column.name in table.key]
    try:
        return None if prove_columns(table, key, fetch).refused else table
    except NetSuiteError as error:
        if not is_refusal(error):
            raise
        return None


def _refused(table: Table, columns: Sequence[Column], fetch: Fetch) -> frozenset[str]:
    """The names of the columns that are refused; none of a table that is refused itself."""
    if not columns:
        return frozenset()
    try:
        proven = prove_columns(table, columns, fetch)
    except NetSuiteError as error:
        if not is_refusal(error):
            raise
        return frozenset()  # Its stream will say so.
    return frozenset(refused.column.name for refused in proven.refused)
