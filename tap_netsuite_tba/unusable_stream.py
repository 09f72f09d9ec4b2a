"""What Singer sees of a stream of a given catalog that the settings do not fit any more."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from singer_sdk.helpers.types import Context, Record

from tap_netsuite_tba.plain_stream import PlainStream
from tap_netsuite_tba.shared import Run

if TYPE_CHECKING:
    from singer_sdk import Tap

_MODE = "not asked for"


class UnusableStream(PlainStream):
    """Fails at its turn, if it is selected; nothing is asked or written, and others go on."""

    def __init__(
        self, tap: "Tap", name: str, schema: dict[str, Any], run: Run, reason: str
    ) -> None:
        self._run, self._why = run, reason
        super().__init__(tap, schema=schema, name=name)

    def get_records(self, context: Context | None) -> Iterator[Record]:
        """None; why, is said, and told to the report."""
        del context
        report = self._run.report.begin(self.name, _MODE)
        report.failure = self._why
        self._run.report.end(report)
        return iter(())

    def _write_schema_message(self) -> None:
        """None: its target has the tables that it had."""
