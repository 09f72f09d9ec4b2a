"""BATCH: rows go to a folder in files, and messages name the files that are complete.

A file has what RECORD messages would have: stream maps are applied, columns are as selected, and
a line is the record of such a message, byte by byte. Each stream map has files of its own. The
SDK's batches have neither, and its storage leaves parts of files behind where writing fails and
gives addresses that targets cannot read where the folder's name has a blank.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from posixpath import dirname
from typing import Any
from uuid import uuid4

from fsspec import url_to_fs
from singer_sdk import typing as th
from singer_sdk.helpers._batch import BaseBatchFileEncoding, SDKBatchMessage

from tap_netsuite_tba.batch_files import BatchFile, batch_file
from tap_netsuite_tba.decoding import Row
from tap_netsuite_tba.errors import ConfigurationError, OutputFailed

DEFAULT_ROWS = 10_000

BATCH_CONFIG: th.Property[Any] = th.Property(
    "batch_config",
    th.ObjectType(
        th.Property(
            "encoding",
            th.ObjectType(
                th.Property(
                    "format",
                    th.StringType(nullable=False, allowed_values=["jsonl", "parquet"]),
                    description="jsonl, or parquet with the extra of that name",
                    default="jsonl",
                ),
                th.Property(
                    "compression",
                    th.StringType(nullable=False, allowed_values=["gzip", "none"]),
                    description="gzip or none",
                    default="gzip",
                ),
                additional_properties=False,
                nullable=False,
            ),
            description="What the files are like",
        ),
        th.Property(
            "storage",
            th.ObjectType(
                th.Property(
                    "root",
                    th.StringType(nullable=False),
                    description="A folder, or the address of one that fsspec knows",
                    required=True,
                ),
                th.Property(
                    "prefix",
                    th.StringType(nullable=False),
                    description="What the names of the files begin with",
                ),
                th.Property(
                    "params",
                    th.ObjectType(nullable=False),
                    description="Options of the file system, as fsspec takes them",
                    secret=True,
                ),
                additional_properties=False,
                nullable=False,
            ),
            description="Where the files go; the target must see it under the same address",
            required=True,
        ),
        th.Property(
            "batch_size",
            th.IntegerType(nullable=False, minimum=1),
            description="A file ends with the page in which so many rows have been read",
            default=DEFAULT_ROWS,
        ),
        additional_properties=False,
        nullable=False,
    ),
    title="Batches",
    description="Write rows to files, for targets that load those (BATCH messages)",
    examples=[
        {
            "encoding": {"format": "jsonl", "compression": "gzip"},
            "storage": {"root": "file:///data/batches"},
        }
    ],
)

_ROWS_AT_ONCE = 1_000
_UNSAFE_IN_NAMES = re.compile(r"[^A-Za-z0-9_.-]")


@dataclass(frozen=True)
class BatchConfig:
    """The setting `batch_config`.

    Attributes:
        encoding: What the files are like, as BATCH messages say it.
        root: A folder, or an address that fsspec knows; there may be a password in it.
        prefix: What the names of the files begin with.
        params: Options of the file system; there may be secrets among them.
        rows: A batch ends with the page in which so many rows have been read.
    """

    encoding: BaseBatchFileEncoding
    root: str = field(repr=False)
    prefix: str = ""
    params: Mapping[str, Any] = field(default_factory=dict, repr=False)
    rows: int = DEFAULT_ROWS

    @cached_property
    def folder(self) -> "Folder":
        """Where the files go, opened when it is first wanted.

        Raises:
            ConfigurationError: There is no way to it.
        """
        return Folder(self.root, self.prefix, self.params)


def read_batch_config(given: Mapping[str, Any] | None) -> BatchConfig | None:
    """The setting as `BATCH_CONFIG` describes it; None where it is not set."""
    if not given:
        return None
    encoding, storage = given.get("encoding", {}), given["storage"]
    return BatchConfig(
        encoding=BaseBatchFileEncoding(
            format=encoding.get("format", "jsonl"), compression=encoding.get("compression", "gzip")
        ),
        root=storage["root"],
        prefix=storage.get("prefix", ""),
        params=storage.get("params", {}),
        rows=given.get("batch_size", DEFAULT_ROWS),
    )


class Folder:
    """A folder in any file system that fsspec knows."""

    def __init__(self, root: str, prefix: str, params: Mapping[str, Any]) -> None:
        try:
            self._files, path = url_to_fs(root, **params)
            self._start = f"{path}/{prefix}"
            self._files.makedirs(dirname(self._start), exist_ok=True)
        except Exception as error:  # whatever a file system raises: each has errors of its own
            raise ConfigurationError(
                f"batch_config: the folder cannot be used: {_public(error)}. Name one in "
                f"storage.root that the tap may write to; s3:// and the like want a package beside "
                f"the tap, such as s3fs."
            ) from error

    def keep(self, name: str, content: memoryview) -> str:
        """Puts a file there; returns its address when the file is complete.

        Raises:
            OutputFailed: It cannot be written; nothing is left of it.
        """
        path = f"{self._start}{name}"
        try:
            with self._files.transaction, self._files.open(path, "wb") as file:
                file.write(content)
        except Exception as error:  # as above
            raise OutputFailed(
                f"The batch file {name} cannot be written: {_public(error)}. The next run goes on "
                f"from the last state."
            ) from error
        address: str = self._files.unstrip_protocol(path)
        return address


class Batches:
    """What of a stream is in no complete file yet: a file for each of its stream maps."""

    def __init__(self, config: BatchConfig, schemas: Mapping[str, dict[str, Any]]) -> None:
        """Begins with nothing.

        Args:
            config: The setting.
            schemas: The JSON Schema of the rows of each stream map, by its alias.

        Raises:
            ConfigurationError: There is no way to the folder.
        """
        self._config = config
        self._folder = config.folder
        self._schemas = schemas
        self._run, self._number = uuid4(), 0
        self._files: dict[str, BatchFile] = {}
        self._rows: dict[str, list[Row]] = {}
        self._read = 0

    def count(self, rows: int) -> None:
        """Notes how many rows of the stream have been read, whatever its maps left of them."""
        self._read += rows

    @property
    def is_due(self) -> bool:
        """Whether so many rows have been read that the files should be completed."""
        return self._read >= self._config.rows

    def add(self, alias: str, row: Row) -> None:
        """Takes one row as a stream map made it."""
        rows = self._rows.setdefault(alias, [])
        rows.append(row)
        if len(rows) >= _ROWS_AT_ONCE:
            self._write(alias)

    def complete(self) -> Iterator[SDKBatchMessage]:
        """Completes the files, and names each in a message as soon as it is complete.

        Raises:
            OutputFailed: A file cannot be written.
            ConfigurationError: A row does not fit into such a file.
        """
        self._number += bool(self._rows)
        for alias in list(self._rows):
            if self._rows[alias]:
                self._write(alias)
            file = self._files[alias]
            name = _UNSAFE_IN_NAMES.sub("_", f"{alias}-{self._run}-{self._number:05}")
            address = self._folder.keep(f"{name}.{file.suffix}", file.content())
            del self._files[alias], self._rows[alias]
            yield SDKBatchMessage(stream=alias, encoding=self._config.encoding, manifest=[address])
        self._read = 0

    def _write(self, alias: str) -> None:
        if alias not in self._files:
            self._files[alias] = batch_file(self._config.encoding, self._schemas[alias])
        self._files[alias].write(self._rows[alias])
        self._rows[alias] = []


def _public(error: Exception) -> str:
    """An error in words, without a password that stands in an address."""
    return re.sub(r"//[^/@\s]*@", "//", f"{error}") or type(error).__name__
