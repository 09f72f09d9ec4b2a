"""The tap: settings become a connection, a catalog becomes streams."""

import atexit
import logging
import os
import signal
import sys
from collections.abc import Sequence
from copy import deepcopy
from functools import cached_property
from types import FrameType
from typing import IO, Any, ClassVar

from singer_sdk import Stream, Tap
from singer_sdk.exceptions import ConfigValidationError
from singer_sdk.helpers.capabilities import (
    CapabilitiesEnum,
    PluginCapabilities,
    TapCapabilities,
)

from tap_netsuite_tba.catalog import table_from_entry
from tap_netsuite_tba.connection import Connection
from tap_netsuite_tba.discovery.candidates import named_tables
from tap_netsuite_tba.discovery.changes import say_changes
from tap_netsuite_tba.discovery.found import Wanted
from tap_netsuite_tba.discovery.memory import Memory, memory_of, remembered
from tap_netsuite_tba.errors import ConfigurationError, OutputFailed, TapNetSuiteError
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.given import read_catalog, read_object
from tap_netsuite_tba.progress import Report
from tap_netsuite_tba.settings import SETTINGS, problems, read_settings, stranger
from tap_netsuite_tba.streams import Run, TableStream
from tap_netsuite_tba.tables import Table
from tap_netsuite_tba.writer import BufferedWriter

# Two threads more than sessions keep the next request ready while answers are read.
SPARE_WORKERS = 2


class TapNetSuite(Tap):
    """Copies the tables of a NetSuite account that the role of its token can read."""

    name = "tap-netsuite-tba"
    config_jsonschema: ClassVar[dict[str, Any]] = deepcopy(SETTINGS)  # The SDK adds its own.
    dynamic_catalog = True
    _is_ending = False
    message_writer_class = BufferedWriter
    capabilities: ClassVar[list[CapabilitiesEnum]] = [
        TapCapabilities.CATALOG,
        TapCapabilities.STATE,
        TapCapabilities.DISCOVER,
        TapCapabilities.ACTIVATE_VERSION,
        PluginCapabilities.ABOUT,
        PluginCapabilities.STREAM_MAPS,
        PluginCapabilities.FLATTENING,
        PluginCapabilities.STRUCTURED_LOGGING,
    ]

    def discover_streams(self) -> Sequence[Stream]:
        """The streams of the given catalog, or of the tables that NetSuite lets this role read."""
        return [TableStream(self, table, self.run) for table in self._tables()]

    @cached_property
    def run(self) -> Run:
        """What the streams of this run share."""
        settings = read_settings(self.config)
        return Run(
            settings=settings,
            fetch=lambda: self.connection.fetch,
            workers=Workers(settings.max_sessions + SPARE_WORKERS),
            report=Report(),
        )

    @cached_property
    def connection(self) -> Connection:
        """The connection, opened when it is first wanted: a catalog alone needs none."""
        connection = Connection(self.run.settings)
        atexit.register(connection.close)
        return connection

    def _tables(self) -> list[Table]:
        if self.input_catalog is not None:
            labels = self.run.settings.include_labels
            return [table_from_entry(entry, labels) for entry in self.input_catalog.streams]
        found = remembered(
            self._wanted,
            self._memory,
            self.connection.fetch_patiently,
            self.connection.record_catalog,
            self.run.workers,
        )
        return list(found.tables)

    @property
    def _wanted(self) -> Wanted:
        settings = self.run.settings
        return Wanted(settings.tables, settings.column_types, settings.include_labels)

    @property
    def _memory(self) -> Memory | None:
        seconds = self.run.settings.discovery_cache_seconds
        return memory_of(self.connection.identity, self._wanted, seconds)

    def sync(self) -> None:
        """Reads the streams; before, says what became of the account since a given catalog.

        Raises:
            TapNetSuiteError: The account cannot be asked at all, or the messages not be written.
            SystemExit: A stream was not read to its end; the exit code is 1.
        """
        if self.input_catalog is not None:
            say_changes(
                self._tables(),
                self._wanted,
                self._memory,
                self.connection.fetch,
                self.run.workers,
            )
        self.sync_all()
        self.conclude()

    def setup_mapper(self) -> None:
        """Sets up the stream maps, over what the streams make of a given catalog's selection."""
        _ = self.streams
        super().setup_mapper()

    def load_state(self, state: dict[str, Any]) -> None:
        """Takes the state, and says what in it is of no stream of ours.

        Raises:
            ConfigurationError: It is not of the form of a Singer state.
        """
        bookmarks = state.get("bookmarks", {})
        if not isinstance(bookmarks, dict) or not all(
            isinstance(bookmark, dict) for bookmark in bookmarks.values()
        ):
            raise ConfigurationError(
                'The state is not of the form {"bookmarks": {"transaction": {…}}}.'
            )
        super().load_state(state)
        if bookmarks and (strangers := sorted(bookmarks.keys() - self.streams.keys())):
            self.logger.warning(
                "The state has bookmarks of streams that the catalog has not: %s. They are kept.",
                ", ".join(strangers),
            )

    def run_discovery(self) -> str:
        """Writes the catalog to stdout.

        Raises:
            OutputFailed: It cannot be written.
        """
        try:
            return super().run_discovery()
        except OSError as error:
            raise OutputFailed(f"The catalog cannot be written: {error.strerror}.") from error

    def conclude(self) -> None:
        """Says what was read, and which table that the settings name could not be.

        Raises:
            OutputFailed: The last messages cannot be written.
            SystemExit: A stream was not read to its end; the exit code is 1.
        """
        report = self.run.report
        if isinstance(self.message_writer, BufferedWriter):
            self.message_writer.flush()  # Rows of a table that failed have no STATE behind them.
        for name in sorted(named_tables(self.run.settings.tables) - self.streams.keys()):
            report.missing(name)
        if report.deleted_types:
            self.logger.warning(
                "Deleted records of these types have no table here and leave no tombstone: %s.",
                ", ".join(f"{name} ({n:,})" for name, n in sorted(report.deleted_types.items())),
            )
        if report.streams:
            self.logger.info("Done.\n%s", report.summary())
        if report.never_begun:
            self.logger.error("Not read at all: %s.", ", ".join(report.never_begun))
        if report.failures:
            self.logger.error(
                "Not read to their end: %s. The next run goes on from their last STATE.",
                ", ".join(stream.name for stream in report.failures),
            )
        is_amiss = bool(report.failures or report.never_begun)
        if self._memory and (is_amiss or any(stream.gone for stream in report.streams)):
            self._memory.doubt()  # Perhaps the role, or the account, changed: the next run asks.
        if is_amiss:
            raise SystemExit(1)

    @classmethod
    def cb_config(cls, *arguments: Any) -> Any:  # noqa: ANN401 - the SDK's private type
        """Reads the files of `--config`.

        Raises:
            ConfigurationError: One of them is missing or no JSON.
        """
        try:
            return super().cb_config(*arguments)
        except (OSError, ValueError) as error:
            raise ConfigurationError(f"The configuration cannot be read: {error}") from error

    @classmethod
    def invoke(  # type: ignore[override]  # the SDK's own signature differs from its base
        cls,
        *,
        about: bool = False,
        about_format: str | None = None,
        config: Any = None,  # noqa: ANN401 - the SDK's private type
        state: IO[str] | None = None,
        catalog: IO[str] | None = None,
    ) -> None:
        """Runs a sync as the command line asks; the exit code tells whether all was read."""
        super(Tap, cls).invoke(about=about, about_format=about_format)
        tap = cls(
            config=config.config if config else None,
            state=read_object(state, "state"),
            catalog=read_catalog(catalog),
            parse_env_config=config.parse_env if config else False,
        )
        tap.sync()

    def _validate_config(self, *, raise_errors: bool = True) -> list[str]:
        self.append_builtin_config(self.config_jsonschema)
        errors = problems(self._config, self.config_jsonschema)
        known = self.config_jsonschema["properties"]
        for name in sorted(self._config.keys() - known.keys()):
            self.logger.warning("%s", stranger(name, known))
        if errors and raise_errors:
            raise ConfigValidationError(
                "Config validation failed", errors=errors, schema=self.config_jsonschema
            )
        return errors

    def _handle_termination(self, signum: int, frame: FrameType | None) -> None:
        """Writes the state as it is, true at any instant, and ends with the signal's exit code.

        The first signal wins: what comes while the run ends would cut that short.
        """
        del frame
        if self._is_ending:
            return
        self._is_ending = True

        def end() -> None:
            self.logger.warning("Stopped by %s; the next run goes on.", signal.Signals(signum).name)
            if self.state:  # Before it is loaded, an empty one would replace the true one.
                self._state_writer.write_state(self.state)
            atexit.register(_ignore_signals)
            raise SystemExit(128 + signum)

        writer = self.message_writer
        if isinstance(writer, BufferedWriter):
            writer.when_idle(end)
        else:
            end()


def _ignore_signals() -> None:
    """Python would let them kill it once it has taken down its own handlers."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def main() -> None:
    """The command `tap-netsuite-tba`: errors are sentences, and tracebacks only for debugging."""
    try:
        TapNetSuite.cli()
    except OutputFailed as error:
        # Python would try to flush stdout once more at exit, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        TapNetSuite.logger.error("%s", error)
        sys.exit(1)
    except TapNetSuiteError as error:
        if TapNetSuite.logger.isEnabledFor(logging.DEBUG):
            raise
        TapNetSuite.logger.error("%s", error)
        sys.exit(1)
