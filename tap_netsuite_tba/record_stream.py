"""What Singer sees of the documents of a record type."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from singer_sdk.helpers.types import Record
from singer_sdk.singerlib import Catalog, Metadata, MetadataMapping, Schema

from tap_netsuite_tba.bookmarks import Bookmark
from tap_netsuite_tba.decoding import Row
from tap_netsuite_tba.errors import ExtractionError
from tap_netsuite_tba.extraction.answers import Chunk
from tap_netsuite_tba.extraction.budget import Turn
from tap_netsuite_tba.extraction.deletes import present_keys
from tap_netsuite_tba.extraction.documents import DocumentChunk, Unread
from tap_netsuite_tba.extraction.passes import Means, Pass
from tap_netsuite_tba.extraction.some_keys import keys_of_some
from tap_netsuite_tba.netsuite.errors import NetSuiteError, concerns_the_account, said_by
from tap_netsuite_tba.netsuite.query import PAGE_ROWS, Document
from tap_netsuite_tba.progress import StreamReport
from tap_netsuite_tba.record_decoding import DocumentDecoder
from tap_netsuite_tba.record_entries import RECORD_ID
from tap_netsuite_tba.record_selection import (
    LeftOut,
    breadcrumbs,
    emptied,
    left_out,
    selected_part,
    selected_schema,
)
from tap_netsuite_tba.record_types import RecordType
from tap_netsuite_tba.refused_records import check_refused, refusal_of
from tap_netsuite_tba.shared import Run
from tap_netsuite_tba.streams import TableStream
from tap_netsuite_tba.tables import DELETED_AT, Column, Table
from tap_netsuite_tba.unreadable_stream import UnreadableStream

if TYPE_CHECKING:
    from singer_sdk import Tap

_SAID = 5
"""So many refusals are said one by one; all are counted in the end."""


class RecordStream(TableStream):
    """The documents of a record type: read as the table of its ids, a document for each row."""

    def __init__(
        self, tap: "Tap", record: RecordType, run: Run, unreadable: UnreadableStream | None
    ) -> None:
        self._record = record
        self._cursor = record.cursor
        self._unreadable = unreadable
        self._unread_of_pass = 0
        self._unread_keys: set[int] = set()
        self._left_out: LeftOut = {}
        super().__init__(tap, record.ids, run, dict(record.schema))
        self.selected_by_default = True

    @property
    def row_key(self) -> tuple[str, ...]:
        """The id, as documents have it."""
        return (RECORD_ID,)

    @property
    def row_cursor(self) -> str | None:
        """The modification date, as documents have it."""
        return self._cursor

    @property
    def metadata(self) -> MetadataMapping:
        """The SDK's, and of what is inside lists, too, so that it can be deselected."""
        is_new = self._metadata is None
        metadata = super().metadata
        if is_new:
            for breadcrumb in breadcrumbs(self.schema):
                metadata.setdefault(breadcrumb, Metadata(Metadata.InclusionType.AVAILABLE))
        return metadata

    def apply_catalog(self, catalog: Catalog) -> None:
        """Takes the catalog, and leaves out of the schema what it deselects, at any depth."""
        super().apply_catalog(catalog)
        if not self.selected:
            return
        self._left_out = left_out(self.mask)
        selected = selected_schema(self.schema, self._left_out)
        if hollow := [*emptied(self.schema, selected)]:
            self.logger.warning(
                "Of %s these are selected, and nothing in them is, so they come empty: %s. Select "
                "what is in them, too, in Meltano as %s.%s.*, or deselect them.",
                self.name,
                ", ".join(hollow),
                self.name,
                hollow[0],
            )
        self._schema = selected
        if entry := catalog.get_stream(self.name):
            # From it the SDK makes the SCHEMA message, and would leave in what is inside lists.
            entry.schema = Schema.from_dict(selected)

    def _means(self, turn: Turn) -> Means:
        means = super()._means(turn)
        others = partial(keys_of_some, self.table, means.fetch)
        unwanted = frozenset(name for name, inside in self._left_out.items() if inside is None)
        read = partial(
            self._run.records().read, self._record.name, others=others, unwanted=unwanted
        )
        return replace(means, read=read)

    def _rows(self, chunk: Chunk, report: StreamReport) -> Iterator[Record]:
        """The documents; those that cannot be read are told of before any state passes them."""
        if not isinstance(chunk, DocumentChunk):
            raise TypeError("rows of ids came without documents")
        self._asked_at = chunk.asked_at
        self._tell(chunk.unread, report)
        dates = _dates(self.table, chunk)
        for key, document in chunk.documents:
            yield self._row(key, document, dates.get(key))
        report.count(_read_part(chunk), self.table.cursor, self._bookmark.highest_key)
        self._run.report.page(report)

    def _row(self, key: int, document: Document, modified: str | None) -> Row:
        if self._left_out:
            document = selected_part(document, self._left_out)
        row = self._decoder.decode(document) | {RECORD_ID: key}
        if self._cursor and row[self._cursor] is None:
            row[self._cursor] = modified
        return {name: row[name] for name in self._selected_names}

    def _tell(self, unread: Sequence[Unread], report: StreamReport) -> None:
        """Counts records that cannot be read, says the first, and writes a row of each."""
        # Of a table that is read once more each is counted once.
        for each in [each for each in unread if each.key not in self._unread_keys]:
            level = logging.INFO if report.unread.total() < _SAID else logging.DEBUG
            refusal = refusal_of(each)
            report.unread[refusal] += 1
            self.logger.log(
                level, "%s %d cannot be read: %s %s", self.name, each.key, refusal, each.detail
            )
        self._unread_keys.update(each.key for each in unread)
        if self._unreadable:
            self._unreadable.write(self._record.name, unread)

    def _check(self, before: Bookmark, done: Pass, report: StreamReport, *, is_over: bool) -> None:
        super()._check(before, done, report, is_over=is_over)
        check_refused(self.name, done, report.unread, is_over=is_over)
        self._unread_of_pass = done.unread

    def _activate(self, version: int) -> None:
        """Not where records could not be read: what a target has of them would go with the gone."""
        if not self._unread_of_pass or self._are_unread_gone():
            super()._activate(version)
            return
        self.logger.warning(
            "The target is not told which records of %s are gone, for some could not be read, and "
            "would be taken for gone.",
            self.name,
        )

    def _are_unread_gone(self) -> bool:
        """Whether SuiteQL does not have those records any more, either, that could not be read."""
        if not self._unread_of_pass <= len(self._unread_keys) <= PAGE_ROWS:
            return False  # Which ones an earlier run could not read, nobody knows.
        keys = sorted(self._unread_keys)
        try:
            return not self._asked(partial(present_keys, self.table, keys, self._run.fetch()))
        except (NetSuiteError, ExtractionError) as error:
            if isinstance(error, NetSuiteError) and concerns_the_account(error):
                raise
            self.logger.info("Whether they are gone could not be told. %s", said_by(error))
            return False

    def _tombstone(self, row: Row) -> Record:
        told = {RECORD_ID: row[self.table.key[0]], DELETED_AT: row[DELETED_AT]}
        return dict.fromkeys(self._selected_names) | told

    def _selected_columns(self) -> tuple[Column, ...]:
        """Those of the ids, which all are needed but the one of tombstones."""
        columns = self.table.columns
        if DELETED_AT not in self._selected_names:
            columns = tuple(column for column in columns if column.name != DELETED_AT)
        return columns

    @cached_property
    def _selected_names(self) -> tuple[str, ...]:
        return tuple(self.schema["properties"])

    @cached_property
    def _decoder(self) -> DocumentDecoder:
        return DocumentDecoder(self._record.name, self.schema)


def _dates(ids: Table, chunk: Chunk) -> Mapping[int, str | None]:
    """The modification dates that SuiteQL tells of records, by their ids."""
    if ids.cursor is None:
        return {}
    return {row[ids.key[0]]: row[ids.cursor] for row in chunk.rows}


def _read_part(chunk: DocumentChunk) -> Chunk:
    """The rows of those records only that were read."""
    read = {key for key, _ in chunk.documents}
    kept = [n for n, (key,) in enumerate(chunk.keys) if key in read]
    rows, keys = [chunk.rows[n] for n in kept], [chunk.keys[n] for n in kept]
    return replace(chunk, rows=rows, keys=keys)
