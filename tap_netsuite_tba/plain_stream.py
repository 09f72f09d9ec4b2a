"""A stream of the SDK's without what the SDK does to states, versions and rows.

The SDK's increments compare text with this host's clock, its versions would delete half a table
after a crash, and what it does to each row costs more than everything else on the row's way.
"""

import logging
import sys
import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from singer_sdk import Stream
from singer_sdk.exceptions import AbortedSyncExceptionBase
from singer_sdk.helpers.conform import TypeConformanceLevel
from singer_sdk.helpers.types import Context, Record
from singer_sdk.mapper import StreamMap
from singer_sdk.singerlib import RecordMessage

from tap_netsuite_tba.batches import Batches
from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.writer import ReadyMessage

if TYPE_CHECKING:
    from singer_sdk import Tap


# A page comes every few seconds, or the reader says after five that none does: so a STATE goes out
# at least every ten seconds. What a kill costs is at most the pages since the last STATE, five that
# wait to be written, and five in flight.
STATE_PAGES = 10
STATE_SECONDS = 5.0


class PlainStream(Stream):
    """Emits rows as they come, and a state of whoever derives from it, never ahead of its rows.

    The columns are pruned in the query and typed by the decoder, so nothing is left to do to them.
    """

    TYPE_CONFORMANCE_LEVEL = TypeConformanceLevel.NONE

    def __init__(self, tap: "Tap", schema: dict[str, Any], name: str) -> None:
        self._version: int | None = None
        self._asked_at: datetime | None = None
        self._batches: Batches | None = None
        self._noted_state: Mapping[str, Any] = {}
        self._pages_since_state = 0
        self._state_written_at = time.monotonic()
        super().__init__(tap, schema=schema, name=name)
        self.logger.addFilter(_is_no_end_of_a_test)

    @property
    def emit_activate_version_messages(self) -> bool:
        """No: a version before its rows would delete those of a pass that is resumed."""
        return False

    def get_batch_config(self, config: Mapping[str, Any]) -> None:
        """None: the SDK's batches pass by stream maps; ours take the rows where records go out."""

    def get_replication_key_signpost(
        self,
        context: Context | None = None,
    ) -> datetime | None:
        """None: the state holds no signpost of this host's clock."""

    def generate_child_contexts(
        self, record: Record, context: Context | None
    ) -> Iterable[Context | None]:
        """None: no stream depends on the rows of another. The SDK would copy each row for it."""
        del record, context
        return ()

    def _write_record_message(self, record: Record) -> None:
        for stream_map in self.stream_maps:
            try:
                mapped = stream_map.transform(record)
            except Exception as error:
                raise self._unmappable(stream_map, error) from error
            if mapped is not None and self._batches:
                self._batches.add(stream_map.stream_alias, mapped)
            elif mapped is not None:
                head = _head(stream_map.stream_alias, self._version, self._asked_at)
                self._tap.write_message(ReadyMessage(head | {"record": mapped}))

    def _unmappable(self, stream_map: StreamMap, error: Exception) -> ConfigurationError:
        return ConfigurationError(
            f"The stream map {stream_map.stream_alias} cannot be applied to a row of "
            f"{self.name} ({type(error.__cause__ or error).__name__}). Columns may be null, "
            f"and in tombstones all but the key are: write name.lower() if name else None."
        )

    def _note_state(self, state: Mapping[str, Any]) -> None:
        """Takes what is true now; nobody sees it before the batch with its rows is complete."""
        self._noted_state = state
        if self._batches is None:
            self._publish_state()

    def _publish_state(self) -> None:
        self.stream_state.update(self._noted_state)
        self.state_manager.is_flushed = False

    def _page_is_out(self, rows: int) -> None:
        """Writes the state now and then; with batches, once one has its rows."""
        if self._batches:
            self._batches.count(rows)
            is_due = self._batches.is_due
        else:
            self._pages_since_state += 1
            waited = time.monotonic() - self._state_written_at
            is_due = self._pages_since_state >= STATE_PAGES or waited >= STATE_SECONDS
        if is_due:
            self._write_state()

    def _idle(self) -> None:
        """Nothing has come for a while: the state goes out, but no batch ends for that."""
        if self._batches is None:
            self._write_state()

    def _write_state(self) -> None:
        """Writes the state, if it is not what was written last; a batch is completed before."""
        if self._batches:
            for message in self._batches.complete():
                self._tap.write_message(message)
            self._publish_state()
        self._write_state_message()
        self._pages_since_state = 0
        self._state_written_at = time.monotonic()

    def _increment_stream_state(
        self, latest_record: Record, *, context: Context | None = None
    ) -> None:
        """Nothing: the bookmark moves at the end of a pass."""

    def _write_starting_replication_value(self, context: Context | None) -> None:
        """Nothing: a pass keeps where it began."""


@lru_cache(maxsize=8)
def _head(stream: str, version: int | None, asked_at: datetime | None) -> dict[str, Any]:
    """What the messages of all rows of a page have in common."""
    return RecordMessage(stream, {}, version=version, time_extracted=asked_at).to_dict()


def _is_no_end_of_a_test(_record: logging.LogRecord) -> bool:
    """The SDK ends a stream of `--test` by an exception, and logs it as an unhandled error."""
    return not isinstance(sys.exception(), AbortedSyncExceptionBase)
