"""The tap: settings become a connection, a catalog becomes streams."""

import atexit
import logging
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from copy import deepcopy
from functools import cached_property
from types import FrameType
from typing import IO, TYPE_CHECKING, Any, ClassVar

import click
from singer_sdk import Stream, Tap
from singer_sdk.exceptions import ConfigValidationError
from singer_sdk.helpers.capabilities import (
    CapabilitiesEnum,
    PluginCapabilities,
    TapCapabilities,
)
from singer_sdk.tap_base import CliTestOptionValue

from tap_netsuite_tba.discovery.found import Discovery
from tap_netsuite_tba.environment import check_environment
from tap_netsuite_tba.errors import ConfigurationError, OutputFailed, TapNetSuiteError
from tap_netsuite_tba.extraction.ahead import ReadAhead
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.found_streams import named_streams, say_deselected, streams_of
from tap_netsuite_tba.given import read_catalog, read_object
from tap_netsuite_tba.given_streams import found_in
from tap_netsuite_tba.inventory import Inventory
from tap_netsuite_tba.metrics import log_run
from tap_netsuite_tba.metrics_file import write_metrics
from tap_netsuite_tba.progress import Report
from tap_netsuite_tba.settings import SETTINGS, problems, read_settings, stranger
from tap_netsuite_tba.shared import Run
from tap_netsuite_tba.streams import TableStream
from tap_netsuite_tba.unreadable_stream import UNREADABLE
from tap_netsuite_tba.writer import BufferedWriter

if TYPE_CHECKING:
    from tap_netsuite_tba.connection import Connection

TEST_PATIENCE = 60
"""Seconds for which `--test` bears trouble, as `netsuite-tba check` does."""

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
        PluginCapabilities.BATCH,
        PluginCapabilities.STREAM_MAPS,
        PluginCapabilities.FLATTENING,
        PluginCapabilities.STRUCTURED_LOGGING,
    ]

    def discover_streams(self) -> Sequence[Stream]:
        """The streams of the given catalog, or of what NetSuite lets this role read."""
        try:
            told = self._tells_unreadable
            return streams_of(self, self._found(), self.run, tells_unreadable=told)
        except BaseException:
            self._measure()
            raise

    @cached_property
    def run(self) -> Run:
        """What the streams of this run share."""
        settings = read_settings(self.config)
        calls = settings.max_sessions + SPARE_WORKERS
        # As many threads again, for streams read ahead whose requests wait before a retry.
        workers = Workers(calls, threads=2 * calls)
        return Run(
            settings=settings,
            fetch=lambda: self.connection.fetch,
            records=lambda: self.connection.records,
            workers=workers,
            ahead=ReadAhead(workers),
            report=Report(max_sessions=settings.max_sessions),
        )

    @cached_property
    def connection(self) -> "Connection":
        """The connection, opened when it is first wanted: a catalog alone needs none."""
        # Only now, for its libraries take their time, and --about needs none of them.
        from tap_netsuite_tba.connection import Connection  # noqa: PLC0415

        connection = Connection(self.run.settings, self.run.report.meter)
        atexit.register(connection.close)
        return connection

    @cached_property
    def inventory(self) -> Inventory:
        """Which tables the account has, as far as this run asks."""
        return Inventory(self.run.settings, lambda: self.connection, self.run.workers)

    def _found(self) -> Discovery:
        if self.input_catalog is None:
            return self.inventory.found()
        return found_in(self.input_catalog.streams, self.run.settings)

    @property
    def _tells_unreadable(self) -> bool:
        """Whether there is a stream of records that cannot be read."""
        if self.input_catalog is None:
            return bool(self.run.settings.records)
        return self.input_catalog.get_stream(UNREADABLE) is not None

    def sync(self) -> None:
        """Reads the streams; meanwhile says what became of the account since a given catalog.

        Raises:
            TapNetSuiteError: The account cannot be asked at all, or the messages not be written.
            SystemExit: A stream was not read to its end; the exit code is 1.
        """
        streams = [stream for stream in self.streams.values() if isinstance(stream, TableStream)]
        selected = [stream for stream in streams if stream.selected]
        say_deselected(self.streams.values(), self.run.settings)
        whole = [stream.name for stream in selected if stream.is_versioned]
        if whole and self.run.settings.batch_config:
            self.logger.info(
                "Read whole, and hence not written to batch files, where rows have no version: %s. "
                "With emit_activate_version_messages set to false they are.",
                ", ".join(whole),
            )
        try:
            self.run.report.begin_reading()
            for stream in selected:
                stream.expect_deletions()
            self.run.ahead.expect((stream.name, stream.begin) for stream in selected)
            tables = [stream.table for stream in streams if not stream.table.source]
            with self.inventory.saying_changes(tables) if self.input_catalog else nullcontext():
                self.sync_all()
            self.conclude()
        finally:
            self.hang_up()
            self._measure()

    def hang_up(self) -> None:
        """Leaves nothing behind of a run, ended or cut short: no thread and no connection."""
        self.run.ahead.close()
        self.run.workers.close()
        if connection := self.__dict__.pop("connection", None):
            atexit.unregister(connection.close)
            connection.close()

    def _measure(self) -> None:
        """Tells of what a run took that is over, for good or ill, as METRIC line and as file."""
        report, file = self.run.report, self.run.settings.metrics_file
        complete = sys.exception() is None
        log_run(report.figures, complete=complete)
        if file:
            write_metrics(file, report, complete=complete)

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
        if isinstance(self.message_writer, BufferedWriter):
            self.message_writer.flush()  # Rows of a table that failed have no STATE behind them.
        report = self.run.report
        report.conclude(named_streams(self.run.settings) - self.streams.keys())
        if report.is_amiss or any(stream.gone for stream in report.streams):
            self.inventory.doubt()
        if report.is_amiss:
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
    def cb_test(cls, ctx: click.Context, param: click.Option, value: str) -> None:
        """Tests as the SDK does; unless the settings say otherwise, as patiently as a person."""
        given = ctx.params.get("config")
        if given and value != CliTestOptionValue.Disabled.value:
            given.config.setdefault("retry_timeout_seconds", TEST_PATIENCE)
        super().cb_test(ctx, param, value)

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

    @property
    def _env_var_config(self) -> dict[str, Any]:
        try:
            return dict(super()._env_var_config)
        except ValueError:
            check_environment(self._env_var_prefix)
            raise

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
    except ConfigValidationError as error:  # which the SDK itself says only of a sync
        for sentence in error.errors:
            TapNetSuite.logger.error("%s", sentence)
        sys.exit(1)
    except TapNetSuiteError as error:
        if TapNetSuite.logger.isEnabledFor(logging.DEBUG):
            raise
        TapNetSuite.logger.error("%s", error)
        sys.exit(1)
