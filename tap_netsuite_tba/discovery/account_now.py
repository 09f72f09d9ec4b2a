"""What the account's customization makes of a catalog's tables today, for few requests.

Read are NetSuite's own lists of fields, record types and lists; asked for, if at all, is only what
they and the catalog do not agree on.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from tap_netsuite_tba.discovery.columns import Proven, prove_columns
from tap_netsuite_tba.discovery.compared import is_own
from tap_netsuite_tba.discovery.customization import read_customization
from tap_netsuite_tba.discovery.customtables import LIST, RECORD, custom_tables
from tap_netsuite_tba.discovery.families import is_custom
from tap_netsuite_tba.discovery.fields import CustomColumns, custom_columns
from tap_netsuite_tba.discovery.found import Wanted
from tap_netsuite_tba.discovery.marks import edited_since
from tap_netsuite_tba.discovery.memory import Remembered
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import NetSuiteError, is_refusal
from tap_netsuite_tba.netsuite.query import Fetch
from tap_netsuite_tba.tables import Column, ColumnType, Table

logger = logging.getLogger(__name__)

_TABLES_OF_LIST = {"customrecordtype": RECORD, "customlist": LIST}
"""What the names of tables begin with that a list of NetSuite's tells of."""

_DAYS = frozenset({ColumnType.DATE, ColumnType.DATETIME})
"""As which of them, or as text, such a column is read, NetSuite decides and not the list: it is
asked if the field was edited. Whether a date is an instant its values tell."""


@dataclass(frozen=True)
class AccountNow:
    """The account, as far as a catalog or its customization tell of it.

    Attributes:
        tables: The catalog's that are there, with the custom columns that they have now, and
            other custom tables.
        added: The names of those that were not there at the last discovery.
    """

    tables: tuple[Table, ...]
    added: frozenset[str]


@dataclass(frozen=True)
class _Listed:
    """What NetSuite's lists tell.

    Attributes:
        fields: The custom columns.
        tables: The account's own tables, by name.
        unseen: The lists that the role does not see.
        edited: The columns of fields that were edited since the last discovery.
    """

    fields: CustomColumns
    tables: Mapping[str, Table]
    unseen: frozenset[str]
    edited: frozenset[str]


def account_now(
    tables: Sequence[Table],
    wanted: Wanted,
    before: Remembered | None,
    fetch: Fetch,
    workers: Workers,
) -> AccountNow:
    """The catalog's tables as they are now, and the custom tables that it does not have.

    Args:
        tables: As the catalog has them.
        wanted: What the settings ask for.
        before: The last discovery; without one it is not known whether a table is new, and it is
            not asked whether the role may read it.
        fetch: Sends a query.
        workers: Where several are sent at once.

    Raises:
        NetSuiteError: NetSuite could not be asked.
        ExtractionError: A list of NetSuite's cannot be understood.
    """
    listed = _read(wanted, before, fetch, workers)
    refused = _refused_before(tables, before, listed.edited)
    others = _others(tables, listed, wanted)
    known = _names(before) if before else {table.name for table in others}
    asked = [
        workers.submit(partial(_now, table, listed, wanted, refused[table.name], fetch))
        for table in tables
    ]
    added = [table for table in others if table.name not in known]
    asked += [workers.submit(partial(_if_there, table, fetch)) for table in added]
    found = [table for answer in asked if (table := answer.result())]
    unasked = [t for t in others if before is None or t.name in _readable(before)]
    return AccountNow((*found, *unasked), frozenset(table.name for table in added))


def account_as_listed(
    tables: Sequence[Table], wanted: Wanted, fetch: Fetch, workers: Workers
) -> tuple[Table, ...]:
    """The catalog's tables, and the custom tables that it does not have, as the lists alone tell.

    A column is of the type that its field has now. Which tables have a field, and what became of
    tables and columns that no list names, takes a request a table: they are taken to be there.

    Raises:
        NetSuiteError: NetSuite could not be asked.
        ExtractionError: A list of NetSuite's cannot be understood.
    """
    listed = _read(wanted, None, fetch, workers)
    typed = []
    for table in tables:
        custom = _custom(table, listed, wanted)
        typed.append(table.with_columns(tuple(_typed(c, custom, {}) for c in table.columns)))
    return (*typed, *_others(tables, listed, wanted))


def _others(tables: Sequence[Table], listed: _Listed, wanted: Wanted) -> list[Table]:
    """The account's own tables that are meant, too, and not in the catalog."""
    names = {table.name for table in tables}
    return [
        table
        for name, table in listed.tables.items()
        if name not in names and is_own(name) and wanted.means(name)
    ]


def _readable(before: Remembered) -> frozenset[str]:
    return frozenset(table.name for table in before.discovery.tables)


def _names(before: Remembered) -> frozenset[str]:
    return _readable(before) | {each.table.name for each in before.discovery.unreadable}


def _read(wanted: Wanted, before: Remembered | None, fetch: Fetch, workers: Workers) -> _Listed:
    customization = read_customization(fetch, workers)
    if unseen := customization.unseen:
        logger.info(
            "The role does not see NetSuite's %s, so what is new there is unknown.",
            ", ".join(sorted(unseen)),
        )
    fields = custom_columns(customization, wanted.patterns)
    return _Listed(
        fields=fields,
        tables=custom_tables(customization, fields, ()),
        unseen=frozenset(unseen),
        edited=edited_since(before.marks, fetch) if before else frozenset(),
    )


def _refused_before(
    tables: Sequence[Table], before: Remembered | None, edited: frozenset[str]
) -> Mapping[str, frozenset[str]]:
    """For each table the columns that it does not have, and need not be asked for again.

    What one table of a catalog has was asked of all others that may have it when it was made. A
    field that was edited since the last discovery may be on more tables.
    """
    asked = frozenset(name for table in tables for name in table.column_names)
    found: dict[str, frozenset[str]] = {}
    for each in before.discovery.readable if before else ():
        refused = frozenset(refused.column.name for refused in each.refused)
        found[each.table.name] = refused - edited
    return {table.name: found.get(table.name, asked) for table in tables}


def _now(
    table: Table, listed: _Listed, wanted: Wanted, refused_before: frozenset[str], fetch: Fetch
) -> Table | None:
    """A table of the catalog as it is now; None if it is gone."""
    seen = tuple(p for name, p in _TABLES_OF_LIST.items() if name not in listed.unseen)
    if is_own(table.name) and table.name.startswith(seen) and table.name not in listed.tables:
        return _if_there(table, fetch)
    if "customfield" in listed.unseen:
        return table
    custom = _custom(table, listed, wanted)
    found = custom.keys() | listed.fields.of_no_table.keys()
    doubtful = [
        column
        for column in table.columns
        if is_custom(column.name) and column.name not in found and not column.label_of
    ]
    missing = [
        column
        for name, column in custom.items()
        if name not in refused_before and name not in table.column_names
    ]
    edited = [
        custom[column.name]
        for column in table.columns
        if column.name in listed.edited & custom.keys()
    ]
    proven = _proven(table, (*doubtful, *missing, *edited), fetch)
    refused = {each.column.name for each in proven.refused}
    found_now = {column.name: column for column in proven.accepted}
    stay = (_typed(c, custom, found_now) for c in table.columns if c.name not in refused)
    return table.with_columns((*stay, *(c for c in missing if c.name in found_now)))


def _custom(table: Table, listed: _Listed, wanted: Wanted) -> Mapping[str, Column]:
    """The custom columns that a table may have, of the types that they are read as."""
    types = wanted.column_types
    return {
        column.name: replace(column, type=types.get(f"{table.name}.{column.name}", column.type))
        for column in listed.fields.of(table.name)
    }


def _typed(column: Column, custom: Mapping[str, Column], proven: Mapping[str, Column]) -> Column:
    kind = custom.get(column.name, column).type
    if kind not in _DAYS or column.type not in _DAYS | {ColumnType.TEXT}:
        return replace(column, type=kind)
    found = proven.get(column.name, column).type
    if (found, column.type) == (ColumnType.DATE, ColumnType.DATETIME):
        return column
    return replace(column, type=found)


def _if_there(table: Table, fetch: Fetch) -> Table | None:
    """The table; None if the role cannot read it."""
    key = [column for column in table.columns if column.name in table.key]
    try:
        return None if prove_columns(table, key or table.columns[:1], fetch).refused else table
    except NetSuiteError as error:
        if not is_refusal(error):
            raise
        return None


def _proven(table: Table, columns: Sequence[Column], fetch: Fetch) -> Proven:
    """What NetSuite makes of the columns; nothing where the table is refused itself."""
    if not columns:
        return Proven(())
    try:
        return prove_columns(table, columns, fetch)
    except NetSuiteError as error:
        if not is_refusal(error):
            raise
        return Proven(())  # Its stream will say so.
