"""The streams of a run: of what a discovery found, or a given catalog has."""

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from singer_sdk import Stream

from tap_netsuite_tba.discovery.candidates import named_tables
from tap_netsuite_tba.discovery.found import Discovery
from tap_netsuite_tba.query_stream import QueryStream
from tap_netsuite_tba.record_stream import RecordStream
from tap_netsuite_tba.record_types import stream_of
from tap_netsuite_tba.settings import Settings
from tap_netsuite_tba.shared import Run
from tap_netsuite_tba.streams import TableStream
from tap_netsuite_tba.unreadable_stream import UNREADABLE, UnreadableStream
from tap_netsuite_tba.unusable_stream import UnusableStream

if TYPE_CHECKING:
    from singer_sdk import Tap

logger = logging.getLogger(__name__)


def streams_of(tap: "Tap", found: Discovery, run: Run, *, tells_unreadable: bool) -> list[Stream]:
    """The streams of tables, queries and record types, and those that a catalog has in vain.

    Args:
        tap: Whose they are.
        found: What there is.
        run: What they share.
        tells_unreadable: Whether there is one of records that cannot be read, too.
    """
    streams: list[Stream] = [TableStream(tap, table, run) for table in found.tables]
    streams += [QueryStream(tap, table, run) for table in found.queries]
    if tap.input_catalog:
        schemas = {name: each.schema.to_dict() for name, each in tap.input_catalog.items()}
        streams += [
            UnusableStream(tap, each.stream, schemas[each.stream], run, each.reason)
            for each in found.left_out
            if each.stream in schemas
        ]
    unreadable = UnreadableStream(tap) if tells_unreadable else None
    streams += [RecordStream(tap, record, run, unreadable) for record in found.records]
    return [*streams, *filter(None, [unreadable])]


def named_streams(settings: Settings) -> frozenset[str]:
    """The streams that the settings name, whether there are such or not."""
    return named_tables(settings.tables) | _own_streams(settings)


def say_deselected(streams: Iterable[Stream], settings: Settings) -> None:
    """Warns of streams that the settings ask for, and that the selection leaves out."""
    refused = [UNREADABLE] if settings.records else []
    own = _own_streams(settings).union(refused)
    if left := sorted(each.name for each in streams if each.name in own and not each.selected):
        logger.warning(
            "The settings records and queries ask for %s, but they are deselected, and not read. "
            "Select them in the catalog, or as %s.* under select in meltano.yml.",
            ", ".join(left),
            left[0],
        )


def _own_streams(settings: Settings) -> frozenset[str]:
    """Those of record types and queries, of which each is named."""
    records = map(stream_of, settings.records)
    return frozenset(records).union(query.name for query in settings.queries)
