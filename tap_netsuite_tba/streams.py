"""What Singer sees of a table."""

import logging
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from singer_sdk import Stream
from singer_sdk.exceptions import AbortedSyncExceptionBase
from singer_sdk.helpers.conform import TypeConformanceLevel
from singer_sdk.helpers.types import Context, Record
from singer_sdk.singerlib import Catalog, RecordMessage

from tap_netsuite_tba.bookmarks import Bookmark, format_instant, read_bookmark
from tap_netsuite_tba.catalog import json_schema
from tap_netsuite_tba.errors import ConfigurationError, CountMismatch, ExtractionError
from tap_netsuite_tba.extraction.deletes import find_deletions
from tap_netsuite_tba.extraction.passes import Pass, read_pass
from tap_netsuite_tba.extraction.ranges import rank
from tap_netsuite_tba.extraction.reader import Chunk, Selection
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import (
    ConnectionFailed,
    LoginRefused,
    MalformedResponse,
    NetSuiteError,
    RetriesExhausted,
    ServerFault,
    TimedOut,
    is_refusal,
)
from tap_netsuite_tba.netsuite.query import Fetch
from tap_netsuite_tba.netsuite.suiteql import Since
from tap_netsuite_tba.progress import Report, StreamReport
from tap_netsuite_tba.settings import Settings
from tap_netsuite_tba.tables import DELETED_AT, Column, Table

if TYPE_CHECKING:
    from singer_sdk import Tap

STATE_PAGES = 10
STATE_SECONDS = 10.0


@dataclass(frozen=True)
class Run:
    """What the streams of one run share.

    Attributes:
        fetch: Gives the way to NetSuite, which is opened when it is first wanted.
    """

    settings: Settings
    fetch: Callable[[], Fetch]
    workers: Workers
    report: Report


class TableStream(Stream):
    """A SuiteQL table: reads its passes, emits its rows and keeps its state.

    The state is written here and not by the SDK, whose increments compare text with this host's
    clock and whose versions would delete half a table after a crash.
    """

    TYPE_CONFORMANCE_LEVEL = TypeConformanceLevel.NONE

    def __init__(self, tap: "Tap", table: Table, run: Run) -> None:
        self.table = table
        self._run = run
        self._asked_at: datetime | None = None
        self._pages_since_state = 0
        self._state_written_at = time.monotonic()
        super().__init__(tap, schema=json_schema(table), name=table.name)
        self.logger.addFilter(_is_no_end_of_a_test)
        self.primary_keys = list(table.key)
        self.replication_key = table.replication_key

    @property
    def emit_activate_version_messages(self) -> bool:
        """No: a version before its rows would delete those of a pass that is resumed."""
        return False

    def apply_catalog(self, catalog: Catalog) -> None:
        """Takes the catalog; a method forced in its metadata wins over the one discovered."""
        super().apply_catalog(catalog)
        if forced := self.metadata.root.forced_replication_method:
            self.forced_replication_method = forced

    def get_replication_key_signpost(
        self,
        context: Context | None = None,
    ) -> datetime | None:
        """None: the state holds no signpost of this host's clock."""

    def get_records(self, context: Context | None) -> Iterator[Record]:
        """The rows of the pass that is due, as they arrive; the state follows them.

        Raises:
            NetSuiteError: The whole account cannot be read.
            ConfigurationError: The state or the catalog cannot be used.
        """
        del context
        bookmark = self._bookmark()
        report = self._run.report.begin(self.name, self._mode(bookmark))
        try:
            yield from self._read(bookmark, report)
            report.complete = True
        except (NetSuiteError, ExtractionError) as error:
            if isinstance(error, NetSuiteError) and concerns_the_account(error):
                raise
            if self.ABORT_AT_RECORD_COUNT is not None:
                raise
            if isinstance(error, CountMismatch):
                # Rows are missing behind its progress: the next run begins another pass.
                self._keep(replace(bookmark, current=None))
            # One bad table does not end the night; the tap's exit code tells of it.
            report.failure = str(error)
        finally:
            self._run.report.end(report)

    def _read(self, bookmark: Bookmark, report: StreamReport) -> Iterator[Record]:
        done = bookmark.current or Pass(since=self._since(bookmark))
        selection = Selection(
            self.table,
            self._selected_columns(),
            self._lower_bound(bookmark, done),
        )
        for chunk, current in read_pass(selection, self._run.fetch(), self._run.workers, done):
            self._asked_at = chunk.asked_at
            yield from chunk.rows
            done = current
            report.rows += len(chunk.rows)
            report.new += self._count_new(chunk, bookmark.highest_key)
            self._run.report.page(report)
            self._keep(replace(bookmark, current=done))
        self._check_shrink(bookmark, done)
        yield from self._tombstones(bookmark, selection, report)
        self._keep(bookmark.completed(done))

    def _tombstones(
        self, bookmark: Bookmark, selection: Selection, report: StreamReport
    ) -> Iterator[Record]:
        """For each row deleted since the last pass its key, and when; all else is null."""
        names = [column.name for column in selection.columns]
        if bookmark.value is None or DELETED_AT not in names:
            return
        since = bookmark.value - timedelta(seconds=self._run.settings.lookback_seconds)
        try:
            deleted = find_deletions(self.table, self._run.fetch(), since)
        except (NetSuiteError, ExtractionError) as error:
            if not (isinstance(error, NetSuiteError) and is_refusal(error)):
                # This pass is over; the next run begins another, from the same bookmark.
                self._keep(replace(bookmark, current=None))
                raise
            self.logger.warning("Deleted rows of %s cannot be seen: %s", self.name, error)
            return
        self._run.report.deleted_types |= deleted.other_types
        for key, deleted_at in deleted.keys.items():
            report.deleted += 1
            yield dict.fromkeys(names) | {self.table.key[0]: key, DELETED_AT: deleted_at}

    def _mode(self, bookmark: Bookmark) -> str:
        if not self._is_incremental:
            return "full table"
        return "incremental" if bookmark.value else "first load"

    @property
    def _is_incremental(self) -> bool:
        return self.replication_method == "INCREMENTAL" and self.table.replication_key is not None

    def _bookmark(self) -> Bookmark:
        """The stream's bookmark; a pass under way that no longer fits the settings is dropped."""
        if self.replication_key not in {None, self.table.replication_key}:
            raise ConfigurationError(
                f"The catalog gives {self.name} the replication key {self.replication_key}; the "
                f"tap can use {self.table.replication_key or 'none'}."
            )
        bookmark = read_bookmark(self.name, self.stream_state, len(self.table.key))
        if bookmark.value and bookmark.value > datetime.now(UTC) + timedelta(days=1):
            self.logger.warning(
                "The bookmark of %s lies in the future: %s. What changes before then is not read.",
                self.name,
                format_instant(bookmark.value),
            )
        start_date = format_instant(self._run.settings.start_date)
        if bookmark.value is None and bookmark.current and bookmark.start_date != start_date:
            self.logger.warning(
                "%s begins anew: start_date is now %s and was %s.",
                self.name,
                start_date,
                bookmark.start_date,
            )
            bookmark = replace(bookmark, current=None)
        elif bookmark.value and bookmark.start_date != start_date and self._is_incremental:
            self.logger.warning(
                "%s goes on from its bookmark %s: a changed start_date (now %s) counts only after "
                "its state is removed.",
                self.name,
                format_instant(bookmark.value),
                start_date,
            )
            start_date = bookmark.start_date
        if bookmark.current and bookmark.current.since and not self._is_incremental:
            bookmark = replace(bookmark, current=None)
        return replace(bookmark, start_date=start_date)

    def _since(self, bookmark: Bookmark) -> datetime | None:
        if not self._is_incremental:
            return None
        return bookmark.value or self._run.settings.start_date

    def _lower_bound(self, bookmark: Bookmark, current: Pass) -> Since | None:
        """What the cursor must reach; behind a bookmark come rows that were saved late."""
        if current.since is None:
            return None
        if bookmark.value is None:
            return Since(current.since)
        lookback = timedelta(seconds=self._run.settings.lookback_seconds)
        return Since(current.since - lookback, bookmark.highest_key)

    def _selected_columns(self) -> tuple[Column, ...]:
        return tuple(
            column for column in self.table.columns if self.mask["properties", column.name]
        )

    def _count_new(self, chunk: Chunk, highest: tuple[int, ...] | None) -> int:
        if highest is None:
            return len(chunk.rows)
        key = self.table.key
        return sum(rank(tuple(row[name] for name in key)) > rank(highest) for row in chunk.rows)

    def _check_shrink(self, bookmark: Bookmark, done: Pass) -> None:
        if done.since is None and bookmark.count and done.rows < bookmark.count / 2:
            raise CountMismatch(
                f"{done.rows} rows of {self.name} were read, and {bookmark.count} the last time. A "
                f"role that lost a permission or a subsidiary looks like that: compare with "
                f"NetSuite. If the rows are really gone, remove the stream's state and run again.",
                table=self.name,
            )

    def _keep(self, bookmark: Bookmark) -> None:
        """Sets the state, whose rows are all out, and writes it every few pages or seconds."""
        self.stream_state.update(bookmark.to_state(self.table.replication_key))
        self.state_manager.is_flushed = False
        self._pages_since_state += 1
        waited = time.monotonic() - self._state_written_at
        if (
            bookmark.current is None
            or self._pages_since_state >= STATE_PAGES
            or waited >= STATE_SECONDS
        ):
            self._write_state_message()
            self._pages_since_state = 0
            self._state_written_at = time.monotonic()

    def _write_record_message(self, record: Record) -> None:
        # Columns are pruned in the query and typed by the decoder: what the SDK does here besides
        # costs more than everything else on the way of a row.
        for stream_map in self.stream_maps:
            mapped = stream_map.transform(record)
            if mapped is not None:
                self._tap.write_message(
                    RecordMessage(
                        stream=stream_map.stream_alias,
                        record=mapped,
                        version=None,
                        time_extracted=self._asked_at,
                    )
                )

    def _increment_stream_state(
        self, latest_record: Record, *, context: Context | None = None
    ) -> None:
        """Nothing: the bookmark moves at the end of a pass."""

    def _write_starting_replication_value(self, context: Context | None) -> None:
        """Nothing: a pass keeps where it began."""


def concerns_the_account(error: NetSuiteError) -> bool:
    """Whether the next table would meet the same error, so that the run had better end."""
    if isinstance(error, RetriesExhausted):
        return not isinstance(error.last, (ServerFault, MalformedResponse, TimedOut))
    return isinstance(error, (LoginRefused, ConnectionFailed))


def _is_no_end_of_a_test(_record: logging.LogRecord) -> bool:
    """The SDK ends a stream of `--test` by an exception, and logs it as an unhandled error."""
    return not isinstance(sys.exception(), AbortedSyncExceptionBase)
