"""The nouns of the record service: its record types, whose documents are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tap_netsuite_tba.tables import Table

STREAM_PREFIX = "record_"
"""What the name of a stream of documents begins with; the record type follows."""

CURSORS = ("lastmodifieddate", "lastmodified")
"""What the date may be called that tells when a record last changed, in documents with capitals.

Standard records have the first and custom ones the second.
"""


@dataclass(frozen=True)
class RecordType:
    """A record type whose documents are read.

    Attributes:
        name: In lower case, as in the addresses of its records.
        ids: Its ids and modification dates, as a table that has the name of its stream.
        schema: The JSON Schema of its rows: its documents, and what the tap adds to them.
    """

    name: str
    ids: Table
    schema: Mapping[str, Any]

    @property
    def cursor(self) -> str | None:
        """The property that tells when a record last changed; None if none does."""
        return self.ids.cursor and modified_property(self.schema, self.ids.cursor)


def stream_of(record_type: str) -> str:
    """The name of the stream of a record type's documents."""
    return f"{STREAM_PREFIX}{record_type}"


def modified_property(schema: Mapping[str, Any], cursor: str) -> str | None:
    """The property of documents that is a modification date, however the catalog writes it.

    Args:
        schema: The JSON Schema of the documents.
        cursor: The column of SuiteQL's.
    """
    by_name = {name.lower(): name for name in schema.get("properties", {})}
    names = (by_name.get(name) for name in (cursor, *CURSORS))
    return next(filter(None, names), None)
