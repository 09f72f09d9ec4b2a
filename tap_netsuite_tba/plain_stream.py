"""A stream of the SDK's without what the SDK does to states, versions and rows.

The SDK's increments compare text with this host's clock, its versions would delete half a table
after a crash, and what it does to each row costs more than everything else on the row's way.
"""

import logging
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from singer_sdk import Stream
from singer_sdk.exceptions import AbortedSyncExceptionBase
from singer_sdk.helpers.conform import TypeConformanceLevel
from singer_sdk.helpers.types import Context, Record
from singer_sdk.mapper import StreamMap
from singer_sdk.singerlib import RecordMessage

from tap_netsuite_tba.errors import ConfigurationError

if TYPE_CHECKING:
    from singer_sdk import Tap


class PlainStream(Stream):
    """Emits rows as they come, under a version of its own; whoever derives from it keeps the state.

    The columns are pruned in the query and typed by the decoder, so nothing is left to do to them.
    """

    TYPE_CONFORMANCE_LEVEL = TypeConformanceLevel.NONE

    def __init__(self, tap: "Tap", schema: dict[str, Any], name: str) -> None:
        self._version: int | None = None
        self._asked_at: datetime | None = None
        super().__init__(tap, schema=schema, name=name)
        self.logger.addFilter(_is_no_end_of_a_test)

    @property
    def emit_activate_version_messages(self) -> bool:
        """No: a version before its rows would delete those of a pass that is resumed."""
        return False

    def get_batch_config(self, config: Mapping[str, Any]) -> None:
        """None: there is no BATCH yet; the tap says so where it is asked for."""

    def get_replication_key_signpost(
        self,
        context: Context | None = None,
    ) -> datetime | None:
        """None: the state holds no signpost of this host's clock."""

    def _write_record_message(self, record: Record) -> None:
        for stream_map in self.stream_maps:
            mapped = self._mapped(stream_map, record)
            if mapped is not None:
                self._tap.write_message(
                    RecordMessage(
                        stream=stream_map.stream_alias,
                        record=mapped,
                        version=self._version,
                        time_extracted=self._asked_at,
                    )
                )

    def _mapped(self, stream_map: StreamMap, record: Record) -> Record | None:
        try:
            return stream_map.transform(record)
        except Exception as error:
            raise ConfigurationError(
                f"The stream map {stream_map.stream_alias} cannot be applied to a row of "
                f"{self.name} ({type(error.__cause__ or error).__name__}). Columns may be null, "
                f"and in tombstones all but the key are: write name.lower() if name else None."
            ) from error

    def _increment_stream_state(
        self, latest_record: Record, *, context: Context | None = None
    ) -> None:
        """Nothing: the bookmark moves at the end of a pass."""

    def _write_starting_replication_value(self, context: Context | None) -> None:
        """Nothing: a pass keeps where it began."""


def _is_no_end_of_a_test(_record: logging.LogRecord) -> bool:
    """The SDK ends a stream of `--test` by an exception, and logs it as an unhandled error."""
    return not isinstance(sys.exception(), AbortedSyncExceptionBase)
