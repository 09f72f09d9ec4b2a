"""The files of a batch while they are filled: JSON lines, or Parquet with the extra of that name.

They are filled page by page and kept in memory, compressed, so that no end of a run leaves a part
of one behind.
"""

import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Protocol

from singer_sdk.contrib.msgspec import encoder
from singer_sdk.helpers._batch import BaseBatchFileEncoding

from tap_netsuite_tba.decoding import Row
from tap_netsuite_tba.errors import ConfigurationError

# A tenth of the time of gzip's own level, for files that are a third larger and soon loaded.
_GZIP_LEVEL = 1
_GZIP_FORMAT = 31


class BatchFile(Protocol):
    """A file that is being filled.

    Attributes:
        suffix: What its name ends in.
    """

    suffix: str

    def write(self, rows: list[Row]) -> None:
        """Adds rows, as a stream map made them.

        Raises:
            ConfigurationError: They do not fit into such a file.
        """

    def content(self) -> memoryview:
        """All of it; nothing can be added any more.

        Raises:
            ConfigurationError: Its rows do not fit into one file.
        """


class JsonLines:
    """A line for each row, as it stands in a RECORD message."""

    def __init__(self, compression: str | None) -> None:
        self._content = BytesIO()
        is_gzip = compression == "gzip"
        self._gzip = zlib.compressobj(_GZIP_LEVEL, wbits=_GZIP_FORMAT) if is_gzip else None
        self.suffix = "jsonl.gz" if is_gzip else "jsonl"

    def write(self, rows: list[Row]) -> None:
        """Adds rows, as a stream map made them."""
        lines = encoder.encode_lines(rows)
        self._content.write(self._gzip.compress(lines) if self._gzip else lines)

    def content(self) -> memoryview:
        """All of it; nothing can be added any more."""
        if self._gzip:
            self._content.write(self._gzip.flush())
            self._gzip = None
        return self._content.getbuffer()


def batch_file(encoding: BaseBatchFileEncoding, schema: Mapping[str, Any]) -> BatchFile:
    """A new file of a format, for rows of a JSON Schema.

    Raises:
        ConfigurationError: The package that writes such files is missing.
    """
    if encoding.format == "jsonl":
        return JsonLines(encoding.compression)
    try:
        from tap_netsuite_tba.parquet_file import Parquet  # noqa: PLC0415 - an extra, and large
    except ImportError as error:
        raise ConfigurationError(
            "batch_config asks for Parquet, and pyarrow is not installed beside the tap. Install "
            "tap-netsuite-tba[parquet], or set the format to jsonl."
        ) from error
    return Parquet(encoding.compression, schema)
