"""The tables that the settings ask for, each with the columns that this role can read."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from tap_netsuite_tba.discovery.candidates import (
    candidate_tables,
    named_tables,
    wants_custom_tables,
    wants_customization,
)
from tap_netsuite_tba.discovery.columns import prove_columns
from tap_netsuite_tba.discovery.customization import Customization, read_customization
from tap_netsuite_tba.discovery.customtables import own_names
from tap_netsuite_tba.discovery.fields import CustomColumns, custom_columns
from tap_netsuite_tba.discovery.found import Discovery, Readable, Unreadable, Wanted
from tap_netsuite_tba.discovery.instants import with_true_instants
from tap_netsuite_tba.discovery.report import report, report_types
from tap_netsuite_tba.discovery.unlisted import with_unlisted_columns
from tap_netsuite_tba.errors import ConfigurationError, ExtractionError, TapNetSuiteError
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.labels import labelled
from tap_netsuite_tba.netsuite.errors import NetSuiteError, QueryRefused, is_fault, is_refusal
from tap_netsuite_tba.netsuite.metadata import CATALOG, RecordCatalog
from tap_netsuite_tba.netsuite.query import Fetch
from tap_netsuite_tba.tables import DELETED_AT, Column, ColumnType, Source, Table

logger = logging.getLogger(__name__)

_NAMING_TABLES = frozenset({"customrecordtype", "customlist"})
"""The lists that name the account's own tables."""

_WAY_OUT = (
    "NetSuite fails at %s again and again, and no table is left out for what may pass, so all of "
    "the discovery ends. If other tables are well, it is this one's fault: leave it out by naming "
    "the others in the setting tables, with patterns such as a*."
)


def discover(
    wanted: Wanted,
    fetch: Fetch,
    catalog: RecordCatalog,
    workers: Workers,
    known: Sequence[Table] = (),
) -> Discovery:
    """What there is for this role: tables, with the columns that SuiteQL accepts.

    Args:
        wanted: What the settings ask for.
        fetch: Sends a query.
        catalog: Names custom records that nothing else names, and describes tables without rows.
        workers: Where tables are asked for at the same time.
        known: Tables as an earlier discovery found them, however long ago: what it knew from rows
            alone is proven anew, even if other rows do not show it.

    Raises:
        ConfigurationError: A pattern fits no table, or a type is set of a key.
        NetSuiteError: NetSuite could not be asked, or refused all; the catalog never shrinks for
            trouble that may pass.
    """
    customization = Customization()
    if wants_customization(wanted.patterns):
        customization = read_customization(fetch, workers)
    record_names, unseen = _record_names(wanted, customization, catalog)
    columns = custom_columns(customization, wanted.patterns)
    candidates = candidate_tables(wanted.patterns, customization, columns, record_names)
    asking = _Asking(wanted, columns, fetch, catalog, {table.name: table for table in known})
    readable, refused = _asked(asking, candidates, workers)
    named, before = named_tables(wanted.patterns), asking.known
    found = Discovery(
        readable,
        tuple(
            # As it was known, so that it is known again when it can be read again.
            Unreadable(
                before.get(table.name, table),
                _words(error),
                table.name in named,
                table.name in before,
            )
            for table, error in refused
        ),
        tuple(sorted(unseen.items())),
        own_names(customization, columns, record_names),
    )
    report(found)
    if refused and not readable:
        raise refused[0][1]
    report_types(wanted, found)
    return found


def _asked(
    asking: "_Asking", candidates: Sequence[Table], workers: Workers
) -> tuple[tuple[Readable, ...], list[tuple[Table, TapNetSuiteError]]]:
    """The tables that can be read, and those that cannot, with the reasons."""
    asked = [(table, workers.submit(partial(asking.readable, table))) for table in candidates]
    readable: list[Readable] = []
    refused: list[tuple[Table, TapNetSuiteError]] = []
    try:
        for table, answer in asked:
            try:
                readable.append(answer.result())
            except (NetSuiteError, ExtractionError) as error:
                if isinstance(error, NetSuiteError) and not is_refusal(error):
                    if is_fault(error):
                        logger.error(_WAY_OUT, table.name)  # noqa: TRY400 - the error is raised
                    raise
                refused.append((table, error))
    finally:
        # After trouble nobody wants the others any more.
        for _, answer in asked:
            answer.cancel()
    return tuple(readable), refused


def _record_names(
    wanted: Wanted, customization: Customization, catalog: RecordCatalog
) -> tuple[frozenset[str], Mapping[str, str]]:
    """The records that the catalog names, where lists cannot, and what cannot be seen at all."""
    unseen = customization.unseen
    if not wants_custom_tables(wanted.patterns):
        return frozenset(), {name: unseen[name] for name in unseen.keys() - _NAMING_TABLES}
    if unseen.keys().isdisjoint(_NAMING_TABLES):
        return frozenset(), unseen
    try:
        return catalog.names(), unseen
    except NetSuiteError as error:
        if not is_refusal(error):
            raise
        return frozenset(), {**unseen, CATALOG: _words(error)}


def _words(error: TapNetSuiteError) -> str:
    """NetSuite's words; what happened, where it has none."""
    words = error.detail if isinstance(error, NetSuiteError) else ""
    return words or str(error)


@dataclass(frozen=True)
class _Asking:
    """What it takes to ask for one table after another."""

    wanted: Wanted
    columns: CustomColumns
    fetch: Fetch
    catalog: RecordCatalog
    known: Mapping[str, Table]

    def readable(self, table: Table) -> Readable:
        """A table with the columns that this role can read.

        Raises:
            RequestRefused: The table, its key or all of its columns cannot be read.
            ConfigurationError: A type is set of its key.
            ExtractionError: Its rows, which were to tell its columns, cannot be understood.
            NetSuiteError: NetSuite could not be asked.
        """
        types = self.wanted.column_types
        known = self.known.get(table.name)
        table = _with_types(table, types)  # Nothing is said of a type that is told otherwise.
        table = with_unlisted_columns(table, self.columns, self.fetch, self.catalog, known)
        table = labelled(_with_types(table, types), self.wanted.include_labels)
        proven = prove_columns(table, table.columns, self.fetch)
        missing = [name for name in table.key if name not in {c.name for c in proven.accepted}]
        if missing or not proven.accepted:
            culprit = next(r for r in proven.refused if not missing or r.column.name in missing)
            raise QueryRefused(culprit.reason, table=table.name, path=culprit.column.name)
        readable = table.with_columns(proven.accepted).without_missing_cursor()
        if readable.replication_key != table.replication_key:
            logger.warning("%s shows no modification date: each run reads it whole.", table.name)
        return Readable(_with_deleted_at(self._with_true_instants(readable)), proven.refused)

    def _with_true_instants(self, table: Table) -> Table:
        """With the dates that are instants, as far as NetSuite gives them as such."""
        prefix = f"{table.name}."
        types = self.wanted.column_types
        fixed = [name.removeprefix(prefix) for name in types if name.startswith(prefix)]
        known = self.known.get(table.name)
        corrected = with_true_instants(table, self.fetch, fixed, known)
        changed = [column for column in corrected.columns if column not in table.columns]
        if not changed:
            return table
        proven = {c.name: c for c in prove_columns(corrected, changed, self.fetch).accepted}
        return table.with_columns(tuple(proven.get(c.name, c) for c in table.columns))


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


def _with_deleted_at(table: Table) -> Table:
    """With the column of tombstones, which SuiteQL does not have, before the custom ones."""
    if not table.deleted_types:
        return table
    deleted = "When the row was deleted in NetSuite; null in rows that are there."
    column = Column(DELETED_AT, ColumnType.DATETIME, deleted, source=Source.TAP)
    behind = len(table.key)
    return table.with_columns((*table.columns[:behind], column, *table.columns[behind:]))
