"""What a given catalog has: tables, record types and the user's queries."""

from collections.abc import Iterable

from singer_sdk.singerlib import CatalogEntry

from tap_netsuite_tba.catalog import query_from_entry, table_from_entry
from tap_netsuite_tba.discovery.found import Discovery, Readable
from tap_netsuite_tba.record_entries import record_from_entry
from tap_netsuite_tba.record_types import STREAM_PREFIX, RecordType
from tap_netsuite_tba.settings import Settings
from tap_netsuite_tba.tables import Table
from tap_netsuite_tba.unreadable_stream import UNREADABLE


def found_in(entries: Iterable[CatalogEntry], settings: Settings) -> Discovery:
    """What the entries of a catalog describe, as a discovery would have found it.

    Args:
        entries: Those of the catalog.
        settings: They tell which names are those of queries, and what these are.

    Raises:
        ConfigurationError: An entry cannot be used.
    """
    own = {query.name: query for query in settings.queries}
    tables: list[Readable] = []
    queries: list[Table] = []
    records: list[RecordType] = []
    for entry in entries:
        name = entry.stream or entry.tap_stream_id
        if name in own:
            queries.append(query_from_entry(entry, own[name]))
        elif name.startswith(STREAM_PREFIX):
            records.append(record_from_entry(entry))
        elif name != UNREADABLE:
            tables.append(Readable(table_from_entry(entry, settings.include_labels)))
    return Discovery(tuple(tables), records=tuple(records), queries=tuple(queries))
