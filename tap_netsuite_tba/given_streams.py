"""What a given catalog has: tables, record types and the user's queries."""

import logging
from collections.abc import Iterable

from singer_sdk.singerlib import CatalogEntry

from tap_netsuite_tba.catalog import (
    given_replication_key,
    query_from_entry,
    table_from_entry,
    unusable_catalog,
)
from tap_netsuite_tba.discovery.found import Discovery, LeftOut, Readable
from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.own_queries import AS_WRITTEN_TOLD, QUERY_TOLD, OwnQuery
from tap_netsuite_tba.record_entries import record_from_entry
from tap_netsuite_tba.record_types import STREAM_PREFIX, RecordType
from tap_netsuite_tba.settings import Settings
from tap_netsuite_tba.tables import Table
from tap_netsuite_tba.unreadable_stream import UNREADABLE

logger = logging.getLogger(__name__)


def found_in(entries: Iterable[CatalogEntry], settings: Settings) -> Discovery:
    """What the entries of a catalog describe, as a discovery would have found it.

    Args:
        entries: Those of the catalog.
        settings: They tell which names are those of queries, and what these are.

    Returns:
        Left out are queries whose entries do not fit the settings, and what cannot be read by the
        replication key that its entry gives it.

    Raises:
        ConfigurationError: Another entry cannot be used.
    """
    own = {query.name: query for query in settings.queries}
    tables: list[Readable] = []
    queries: list[Table] = []
    records: list[RecordType] = []
    left_out: list[LeftOut] = []
    for entry in entries:
        name = entry.stream or entry.tap_stream_id
        if name in own or _is_of_query(entry):
            try:
                queries.append(_query(entry, own.get(name)))
            except ConfigurationError as error:
                left_out.append(LeftOut(name, str(error)))
        elif name.startswith(STREAM_PREFIX):
            record = record_from_entry(entry)
            if reason := _other_key(entry, record.cursor):
                left_out.append(LeftOut(name, reason))
            else:
                records.append(record)
        elif name != UNREADABLE:
            table = table_from_entry(entry, settings.include_labels)
            if reason := _other_key(entry, table.replication_key):
                left_out.append(LeftOut(name, reason))
            else:
                tables.append(Readable(table))
    return Discovery(
        tuple(tables), records=tuple(records), queries=tuple(queries), left_out=tuple(left_out)
    )


def _is_of_query(entry: CatalogEntry) -> bool:
    return entry.schema.to_dict().get("description") in {QUERY_TOLD, AS_WRITTEN_TOLD}


def _other_key(entry: CatalogEntry, usable: str | None) -> str:
    """What is wrong with the replication key that an entry gives its stream; empty if nothing."""
    given = given_replication_key(entry)
    if given in {None, usable}:
        return ""
    what = f"has the replication key {given}, and the tap can use {usable or 'none'}"
    return str(unusable_catalog(what, stream=entry.stream or entry.tap_stream_id))


def _query(entry: CatalogEntry, query: OwnQuery | None) -> Table:
    if query is None:
        name = entry.stream or entry.tap_stream_id
        raise unusable_catalog(f"is of a query, and the setting queries has no {name}", stream=name)
    table = query_from_entry(entry, query)
    if table.cursor and not given_replication_key(entry):
        logger.warning(
            "The setting queries gives %s the replication key %s, and the catalog gives it none, "
            "so that each run reads all rows. Discover a new catalog with --discover, or meltano "
            "run --refresh-catalog.",
            query.name,
            table.cursor,
        )
    if table.as_written and given_replication_key(entry):
        logger.warning(
            "The catalog gives %s the replication key %s, which is not used: the query is read as "
            "it is written, whole in each run.",
            query.name,
            given_replication_key(entry),
        )
    return table
