"""What Singer sees of the records that NetSuite refuses to give."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from singer_sdk.helpers.types import Context, Record

from tap_netsuite_tba.catalog import json_type
from tap_netsuite_tba.decoding import instant_text
from tap_netsuite_tba.extraction.documents import Unread
from tap_netsuite_tba.plain_stream import PlainStream
from tap_netsuite_tba.tables import ColumnType

if TYPE_CHECKING:
    from singer_sdk import Tap

UNREADABLE = "unreadable_record"

_COLUMNS = {
    "type": (ColumnType.TEXT, "The record type."),
    "id": (ColumnType.INTEGER, "Internal id of the record."),
    "status": (ColumnType.INTEGER, "HTTP status of the refusal; null if no answer came in time."),
    "code": (ColumnType.TEXT, "NetSuite's code of the refusal."),
    "detail": (ColumnType.TEXT, "NetSuite's words."),
    "refused_at": (ColumnType.DATETIME, "When it was refused, by NetSuite's clock."),
}
_KEY = ("type", "id")


def _schema() -> dict[str, Any]:
    properties = {
        name: json_type(kind, nullable=name not in _KEY) | {"description": description}
        for name, (kind, description) in _COLUMNS.items()
    }
    return {
        "type": "object",
        "properties": properties,
        "required": list(_KEY),
        "description": "Records whose documents could not be read, when they were last tried.",
    }


class UnreadableStream(PlainStream):
    """Records that could not be read. Their rows come while those of their types are read."""

    primary_keys: ClassVar[Sequence[str]] = _KEY
    replication_key = "refused_at"

    def __init__(self, tap: "Tap") -> None:
        self._has_schema = False
        super().__init__(tap, schema=_schema(), name=UNREADABLE)

    def write(self, record_type: str, unread: Sequence[Unread]) -> None:
        """Writes a row for each record, if the stream is selected."""
        if not unread or not self.selected:
            return
        self._write_schema_message()
        for each in unread:
            self._asked_at = each.at
            self._write_record_message(self._row(record_type, each))

    def get_records(self, context: Context | None) -> Iterator[Record]:
        """None: at its own turn there is nothing to read."""
        del context
        return iter(())

    def _write_schema_message(self) -> None:
        """Once: rows come before the stream's own turn."""
        if not self._has_schema:
            super()._write_schema_message()
        self._has_schema = True

    def _row(self, record_type: str, unread: Unread) -> Record:
        row = {
            "type": record_type,
            "id": unread.key,
            "status": unread.status,
            "code": unread.code,
            "detail": unread.detail,
            "refused_at": instant_text(unread.at),
        }
        return {name: value for name, value in row.items() if self.mask["properties", name]}
