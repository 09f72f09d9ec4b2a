"""The tables that the settings ask for, each with the columns that this role can read."""

import difflib
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from tap_netsuite_tba.discovery.columns import prove_columns
from tap_netsuite_tba.discovery.customfields import custom_columns
from tap_netsuite_tba.discovery.found import Refused
from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import NetSuiteError, QueryRefused, is_refusal
from tap_netsuite_tba.netsuite.query import Fetch
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import DELETED_AT, PARENT_MODIFIED_AT, Column, ColumnType, Group, Table

logger = logging.getLogger(__name__)


def discover(
    patterns: Sequence[str],
    column_types: Mapping[str, ColumnType],
    fetch: Fetch,
    workers: Workers,
) -> list[Table]:
    """The tables that this role can read, with the columns that SuiteQL accepts.

    Args:
        patterns: Names of tables, or patterns such as `transaction*`.
        column_types: Types by `table.column` that overrule the discovered ones.
        fetch: Sends a query.
        workers: Where tables are asked for at the same time.

    Raises:
        ConfigurationError: A pattern fits no table.
        NetSuiteError: NetSuite could not be asked, or refused all; the catalog never shrinks for
            trouble that may pass.
    """
    wanted = chosen_tables(patterns)
    custom = custom_columns(fetch, workers)
    candidates = [_with_types(_complete(table, custom), column_types) for table in wanted]
    asked = [
        (table, workers.submit(lambda table=table: _readable(table, fetch)))  # type: ignore[misc]
        for table in candidates
    ]
    found: list[Table] = []
    refused: list[tuple[Table, Refused]] = []
    unreadable: list[NetSuiteError] = []
    for table, answer in asked:
        try:
            readable, refused_here = answer.result()
        except NetSuiteError as error:
            if not is_refusal(error):
                raise
            logger.warning("The table %s is left out: %s", table.name, error)
            unreadable.append(error)
        else:
            found.append(readable)
            refused += [(table, each) for each in refused_here]
    if unreadable and not found:
        raise unreadable[0]
    _report(found, refused)
    columns = {f"{table.name}.{column}" for table in found for column in table.column_names}
    for unknown in sorted(column_types.keys() - columns):
        logger.warning("column_types names %s, which is no column here.", unknown)
    return found


def named_tables(patterns: Sequence[str]) -> set[str]:
    """The tables that are named exactly."""
    return {pattern.lower() for pattern in patterns} & shipped_tables().keys()


def chosen_tables(patterns: Sequence[str]) -> list[Table]:
    """The described tables that fit a name or a pattern, in alphabetical order.

    Raises:
        ConfigurationError: A pattern fits none.
    """
    described = shipped_tables()
    chosen = set()
    for pattern in patterns:
        fitting = {
            name
            for name, table in described.items()
            if fnmatchcase(name, pattern.lower())
            and (table.group is not Group.SYSTEM or name == pattern.lower())
        }
        if not fitting:
            near = difflib.get_close_matches(pattern, described) or list(described)
            raise ConfigurationError(
                f"tables: {pattern!r} fits no table that this version knows; near it: "
                f"{', '.join(near)}."
            )
        chosen |= fitting
    return [described[name] for name in sorted(chosen)]


def _complete(table: Table, custom: Mapping[str, list[Column]]) -> Table:
    known = set(table.column_names)
    columns = list(table.columns)
    if table.parent:
        modified = f"When the {table.parent.table} of the row was last modified."
        columns.append(Column(PARENT_MODIFIED_AT, ColumnType.DATETIME, modified))
    columns += [column for column in custom.get(table.name, []) if column.name not in known]
    return table.with_columns(tuple(columns))


def _with_deleted_at(table: Table) -> Table:
    """With the column of tombstones, which SuiteQL does not have, before the custom ones."""
    if not table.deleted_types:
        return table
    deleted = "When the row was deleted in NetSuite; null in rows that are there."
    column = Column(DELETED_AT, ColumnType.DATETIME, deleted)
    behind = len(table.key)
    return table.with_columns((*table.columns[:behind], column, *table.columns[behind:]))


def _with_types(table: Table, column_types: Mapping[str, ColumnType]) -> Table:
    for column in table.columns:
        wanted = column_types.get(f"{table.name}.{column.name}", column.type)
        if column.name in table.key and wanted is not column.type:
            raise ConfigurationError(
                f"column_types: {table.name}.{column.name} is the key of its table, by which it is "
                f"read; it must stay of type {column.type}."
            )
    return table.with_columns(
        tuple(
            replace(column, type=column_types.get(f"{table.name}.{column.name}", column.type))
            for column in table.columns
        )
    )


def _readable(table: Table, fetch: Fetch) -> tuple[Table, tuple[Refused, ...]]:
    proven = prove_columns(table, table.columns, fetch)
    missing = [name for name in table.key if name not in {c.name for c in proven.accepted}]
    if missing or not proven.accepted:
        culprit = next(r for r in proven.refused if not missing or r.column.name in missing)
        raise QueryRefused(culprit.reason, table=table.name, path=culprit.column.name)
    readable = table.with_columns(proven.accepted).without_missing_cursor()
    if readable.replication_key != table.replication_key:
        logger.warning("%s shows no modification date: each run reads it whole.", table.name)
    return _with_deleted_at(readable), proven.refused


def _report(found: Sequence[Table], refused: Sequence[tuple[Table, Refused]]) -> None:
    """Says which columns are refused: quietly if it is an entity's field and others have it."""
    readable = {column for table in found for column in table.column_names}
    elsewhere: dict[str, list[str]] = defaultdict(list)
    for table, each in refused:
        name = each.column.name
        is_absent = "Unknown identifier" in each.reason
        if name.startswith("custentity") and name in readable and is_absent:
            elsewhere[table.name].append(name)
            continue
        logger.warning(
            "The column %s.%s is left out, for NetSuite refuses it: %s",
            table.name,
            name,
            each.reason.rpartition("Search error occurred: ")[2],
        )
    for table_name, names in elsewhere.items():
        logger.info("%s does not have the entity fields %s.", table_name, ", ".join(names))
