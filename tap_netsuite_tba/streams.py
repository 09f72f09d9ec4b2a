"""What Singer sees of a table."""

from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar

from singer_sdk.helpers.types import Context, Record
from singer_sdk.singerlib import Catalog, Metadata

from tap_netsuite_tba.batches import Batches
from tap_netsuite_tba.bookmarks import Bookmark, read_bookmark
from tap_netsuite_tba.catalog import json_schema
from tap_netsuite_tba.decoding import Row
from tap_netsuite_tba.due import Terms, check_shrink, due_bookmark, due_pass, lower_bound
from tap_netsuite_tba.errors import (
    ConfigurationError,
    CountMismatch,
    ExtractionError,
    MostRefused,
)
from tap_netsuite_tba.extraction.answers import Chunk
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.budget import Turn
from tap_netsuite_tba.extraction.passes import Means, Pass, Steps
from tap_netsuite_tba.extraction.tombstones import has_tombstones, tombstones
from tap_netsuite_tba.netsuite.errors import NetSuiteError, concerns_the_account
from tap_netsuite_tba.plain_stream import PlainStream
from tap_netsuite_tba.progress import StreamReport
from tap_netsuite_tba.refreshed import read_what_is_left
from tap_netsuite_tba.shared import Run
from tap_netsuite_tba.tables import Column, Group, Table

if TYPE_CHECKING:
    from singer_sdk import Tap

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Due:
    """What is due of a stream, found before its turn if it is read ahead.

    Attributes:
        bookmark: The bookmark to go on from.
        begun: The pass to go on with, or to begin.
        selection: What is to be read in it.
        said: What a person should know of that.
        gone: Columns that NetSuite turned out not to give any more.
    """

    bookmark: Bookmark
    begun: Pass
    selection: Selection
    said: tuple[str, ...]
    gone: list[str] = field(default_factory=list)


class TableStream(PlainStream):
    """A SuiteQL table: reads its passes, emits its rows and keeps its state."""

    def __init__(
        self, tap: "Tap", table: Table, run: Run, schema: dict[str, Any] | None = None
    ) -> None:
        self.table = table
        self._run = run
        self._bookmark = Bookmark()
        self._due: Due | None = None
        super().__init__(tap, schema=schema or json_schema(table), name=table.name)
        self.primary_keys = list(self.row_key)
        self.replication_key = self.row_cursor
        is_named = table.name in map(str.lower, run.settings.tables)
        self.selected_by_default = is_named or table.group in {Group.CORE, Group.CUSTOM}

    @property
    def row_key(self) -> tuple[str, ...]:
        """The properties that identify one of its rows."""
        return self.table.key

    @property
    def row_cursor(self) -> str | None:
        """The property of its rows that tells when one last changed; None if none does."""
        return self.table.replication_key

    def apply_catalog(self, catalog: Catalog) -> None:
        """Takes the catalog; a method forced in its metadata wins over the one discovered."""
        super().apply_catalog(catalog)
        if forced := self.metadata.root.forced_replication_method:
            self.forced_replication_method = forced
        for name in filter(None, [*self.row_key, self.row_cursor]):
            self.metadata["properties", name].inclusion = Metadata.InclusionType.AUTOMATIC

    def get_records(self, context: Context | None) -> Iterator[Record]:
        """The rows of the pass that is due, as they arrive; the state follows them.

        Raises:
            NetSuiteError: The whole account cannot be read.
            ConfigurationError: The state cannot be used.
        """
        del context
        due = self._due = self._due or self._find_due()
        for sentence in due.said:
            self.logger.warning("%s", sentence)
        self._bookmark, self._version = due.bookmark, due.bookmark.version
        self._batches = self._new_batches()
        report = self._run.report.begin(self.name, self._mode)
        report.gone = due.gone
        try:
            yield from self._read(due, report)
            report.complete = True
        except (NetSuiteError, ExtractionError) as error:
            self._write_state()
            if isinstance(error, NetSuiteError) and concerns_the_account(error):
                raise
            if self.ABORT_AT_RECORD_COUNT is not None:
                raise
            # One bad table does not end the night; the tap's exit code tells of it.
            report.failure = self._reason(error)
        finally:
            self._due = None
            self._run.report.end(report)

    def _reason(self, error: NetSuiteError | ExtractionError) -> str:
        """Why it was not read to its end, and what to do about it."""
        return str(error)

    def begin(self, turn: Turn) -> Steps:
        """Reads what is due, in its turn or ahead of it; its rows go out by `get_records`.

        Raises:
            NetSuiteError: As `read_what_is_left`.
            ExtractionError: As `read_what_is_left`.
            ConfigurationError: The state cannot be used.
        """
        due = self._due = self._due or self._find_due()
        means = self._means(turn)
        yield from read_what_is_left(due.selection, means, due.begun, due.gone.extend)

    def _means(self, turn: Turn) -> Means:
        return Means(self._run.fetch(), self._run.workers, turn)

    def _find_due(self) -> Due:
        bookmark, said = self._due_bookmark()
        begun = due_pass(bookmark, self._terms)
        since = lower_bound(bookmark, begun, self._terms)
        # What a version lacks, its activation would remove: nothing may be left to the next run.
        is_versioned = self._terms.is_versioned
        lookback = timedelta(0) if is_versioned else self._terms.lookback
        columns = self._selected_columns()
        selection = Selection(self.table, columns, since, lookback, stands_alone=is_versioned)
        return Due(bookmark, begun, selection, tuple(said))

    def _read(self, due: Due, report: StreamReport) -> Iterator[Record]:
        """The rows of the pass that is due, then tombstones of what was deleted before it."""
        before, done = due.bookmark, due.begun
        try:
            for read in self._run.ahead.read(self.name, self.begin):
                if read is None:
                    self._idle()
                    continue
                chunk, current = read
                if current.started != done.started:
                    # Whoever goes on after a kill must know in which pass the first rows went out.
                    done = current.begun
                    self._set_state(self._bookmark.going_on(done))
                    if chunk is None or chunk.rows:
                        self._write_state()
                if chunk is None:
                    self._idle()
                    continue
                yield from self._rows(chunk, report)
                done = current
                self._set_state(self._bookmark.going_on(done))
                self._page_is_out(len(chunk.rows))
                self._check(before, done, report, is_over=False)
            self._check(before, done, report, is_over=True)
        except (CountMismatch, MostRefused):
            # Rows are missing behind its progress: the next run begins another pass.
            self._set_state(self._bookmark.dropped())
            raise
        yield from self._conclude(done, due.selection, report)

    def _check(self, before: Bookmark, done: Pass, report: StreamReport, *, is_over: bool) -> None:
        """Raises if a pass is not to be believed, as far as it was read."""
        del report
        if is_over:
            check_shrink(self.table, before, done)

    def _new_batches(self) -> Batches | None:
        """Where rows go instead of into RECORD messages, if they do."""
        config = self._run.settings.batch_config
        is_test = self.ABORT_AT_RECORD_COUNT is not None
        if config is None or is_test or self.is_versioned:
            return None
        schemas = {each.stream_alias: each.transformed_schema for each in self.stream_maps}
        return Batches(config, schemas)

    def _rows(self, chunk: Chunk, report: StreamReport) -> Iterator[Record]:
        self._asked_at = chunk.asked_at
        yield from chunk.rows
        report.count(chunk, self.table.replication_key, self._bookmark.highest_key)
        self._run.report.page(report)

    def _conclude(self, done: Pass, selection: Selection, report: StreamReport) -> Iterator[Record]:
        """The tombstones of a complete pass; then its version is activated, its bookmark kept."""
        completed = self._bookmark.completed(done)
        try:
            unsettled_since = yield from self._tombstones(done, selection, report)
        except (NetSuiteError, ExtractionError):
            # Its rows are complete all the same; the next run looks for these deletions too.
            self._complete(replace(completed, unsettled_since=self._bookmark.deletions_since))
            raise
        self._complete(replace(completed, unsettled_since=unsettled_since))

    def _complete(self, completed: Bookmark) -> None:
        if self._version is not None:
            self._activate(self._version)
        self._set_state(completed)
        self._write_state()

    def _activate(self, version: int) -> None:
        """Tells the target that all rows of other versions are gone."""
        self._write_activate_version_message(version)

    def _tombstones(
        self, done: Pass, selection: Selection, report: StreamReport
    ) -> Generator[Record, None, datetime | None]:
        """The tombstones of what was deleted since the last pass.

        Returns:
            Since when rows may be gone that nobody was told of; None: since the start of this pass.
        """
        bookmark, since = self._bookmark, self._logged_since(self._bookmark, selection)
        if since is None or done.started is None:
            return None
        log = self._run.deletion_log
        deletions = self._asked(partial(log.find, self.table, self._run.fetch(), since))
        if deletions is None:
            return bookmark.deletions_since
        self._run.report.unburied(deletions.other_types)
        never_had = partial(bookmark.never_had, started=done.started)
        for row in tombstones(self.table, selection.columns, deletions.keys, never_had):
            report.deleted += 1
            yield self._tombstone(row)
        # Another stream of this run may have asked the log, before this pass began.
        return deletions.asked_at if deletions.asked_at < done.started else None

    def _tombstone(self, row: Row) -> Record:
        """The tombstone of a row as its stream has it."""
        return row

    def expect_deletions(self) -> None:
        """Tells the log of deletions, before any stream asks it, since when this one will."""
        with suppress(ConfigurationError):  # At its turn it is raised.
            due = self._due = self._due or self._find_due()
            if since := self._logged_since(due.bookmark, due.selection):
                self._run.deletion_log.expect(since)

    def _logged_since(self, bookmark: Bookmark, selection: Selection) -> datetime | None:
        """Since when the log of deletions matters; None if it does not."""
        since = bookmark.deletions_since
        # The log tells rows by whole numbers, and other tables have no such keys.
        is_told = self.table.is_read_by_ranges and has_tombstones(selection.columns)
        return since - self._terms.lookback if since and is_told else None

    def _asked(self, question: Callable[[], Answer]) -> Answer:
        """What NetSuite answers; the state goes out while that takes its time."""
        self._write_state()
        asking = self._run.ahead.ask(question)
        while True:
            try:
                next(asking)
            except StopIteration as end:
                answer: Answer = end.value
                return answer
            self._write_state()

    @property
    def is_versioned(self) -> bool:
        """Whether its rows carry a version; in files they could not: all would be let go of."""
        return self._terms.is_versioned

    @property
    def _mode(self) -> str:
        if not self._terms.is_incremental:
            return "full table"
        return "incremental" if self._bookmark.value else "first load"

    @cached_property
    def _terms(self) -> Terms:
        settings = self._run.settings
        has_cursor = self.table.replication_key is not None
        is_incremental = has_cursor and self.replication_method == "INCREMENTAL"
        return Terms(
            is_incremental=is_incremental,
            is_versioned=settings.emit_activate_version_messages and not is_incremental,
            start_date=settings.start_date,
            lookback=timedelta(seconds=settings.lookback_seconds),
        )

    def _due_bookmark(self) -> tuple[Bookmark, list[str]]:
        """The stream's bookmark, as far as it fits what the settings and the catalog ask for."""
        # Not by `stream_state`, which would make an empty one before the stream's turn.
        state = self.tap_state.get("bookmarks", {}).get(self.name, {})
        found = read_bookmark(self.name, state, self._ordered_key)
        return due_bookmark(self.name, found, self._terms)

    @property
    def _ordered_key(self) -> tuple[str, ...]:
        """The key, if there are positions in it."""
        return self.table.key if self.table.is_read_by_ranges else ()

    def _selected_columns(self) -> tuple[Column, ...]:
        return tuple(
            column for column in self.table.columns if self.mask["properties", column.name]
        )

    def _set_state(self, bookmark: Bookmark) -> None:
        self._bookmark, self._version = bookmark, bookmark.version
        self._note_state(bookmark.to_state(self.row_cursor, self._ordered_key))
