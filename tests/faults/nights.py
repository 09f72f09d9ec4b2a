"""Runs of the tap, night after night, into one warehouse."""

import signal
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import Any
from unittest.mock import patch

from tap_netsuite_tba.extraction import settling
from tap_netsuite_tba.simulator import Simulator
from tests.faults.users import LATE_SECONDS
from tests.faults.warehouse import Columns, Row, Warehouse, truth
from tests.tap_process import TapProcess, configuration, discover, run_for_lines

TABLES = [
    "customer",
    "item",
    "itemvendor",  # without cursor
    "pricing",  # without key
    "transaction",
    "transactionaccountingline",
    "transactionline",
]
STEP = 900
"""Something happens after so many messages: about once a page."""
_CALM_SECONDS = 3
"""For so long nobody has changed anything before a quiet run, which need not wait for it then."""
LONGEST_SECONDS = 300.0
"""After so long a run hangs, and is ended."""
IMPATIENT = """
import random
from tap_netsuite_tba.extraction import settling
random.uniform = min
settling.SETTLING_SECONDS = 0.2
"""
"""What lets the tap ask again at once: full jitter may be no wait at all."""

Rows = Mapping[str, "Counter[Row]"]
"""Of each stream."""


@dataclass
class Nights:
    """The tap's way into a warehouse, for as many runs as it takes.

    Attributes:
        settings: Of the tap.
        whole: Streams that are read as full tables.
        prelude: Python that the process runs before the tap.
        warehouse: What takes the messages.
        config: The settings, complete.
        catalog: If none is given, as discovered once, so that runs need not.
        log: What a person saw of the last run.
    """

    account: Simulator
    folder: Path
    settings: Mapping[str, Any] = field(default_factory=dict)
    whole: tuple[str, ...] = ()
    prelude: str = IMPATIENT
    warehouse: Warehouse = field(default_factory=Warehouse)
    catalog: dict[str, Any] = field(default_factory=dict)
    log: str = ""

    def __post_init__(self) -> None:
        # Not a second more, so that a bookmark that is too high loses what is committed late.
        usual = {"tables": TABLES, "lookback_seconds": LATE_SECONDS}
        self.config = configuration(self.account, **{**usual, **self.settings})
        self.catalog = self.catalog or discover(self.config)
        for entry in self.catalog["streams"]:
            if entry["tap_stream_id"] in self.whole:
                [metadata] = [each for each in entry["metadata"] if not each["breadcrumb"]]
                metadata["metadata"]["forced-replication-method"] = "FULL_TABLE"

    def run(
        self,
        happening: Callable[[], None] | None = None,
        *,
        at_states: Callable[[], None] | None = None,
        stop_after: int | None = None,
        how: signal.Signals = signal.SIGKILL,
    ) -> int:
        """One run, to its end or to its violent end; returns its exit code.

        Args:
            happening: What is done every few hundred messages.
            at_states: What is done after each STATE; the first comes before the first row, when the
                first page is there.
            stop_after: Messages after which the process gets a signal; None for never.
            how: Which signal.
        """
        with self.process() as tap:
            watch = Timer(LONGEST_SECONDS, tap.process.kill)
            watch.start()
            for count, line in enumerate(tap.lines(), start=1):
                message = self.warehouse.read(line)
                if happening and count % STEP == 0:
                    happening()
                if at_states and message["type"] == "STATE":
                    at_states()
                if count == stop_after:
                    tap.process.send_signal(how)
            watch.cancel()
            code = tap.process.wait(timeout=60)
            self.log = tap.log
        return code

    def run_quietly(self) -> None:
        """One run to its good end, in this process, where it costs no start-up."""
        self.account.clock.advance(_CALM_SECONDS)
        self.warehouse.crash()
        for line in self.written():
            self.warehouse.read(line)

    def written(self) -> list[bytes]:
        """What such a run writes; the warehouse is not told of it."""
        with patch.object(settling, "SETTLING_SECONDS", 0.2):
            lines, code, log = run_for_lines(self.config, self.warehouse.state, self.catalog)
        assert code == 0, log
        return lines

    def process(self) -> TapProcess:
        """A run from what the last STATE covered, to be entered."""
        self.warehouse.crash()
        return TapProcess(
            self.folder,
            self.config,
            state=self.warehouse.state,
            catalog=self.catalog,
            prelude=self.prelude,
            is_warm=True,
        )

    def truth(self) -> Rows:
        """The rows of the account as they are now."""
        return {
            name: truth(self.account, name, columns) for name, columns in self._columns().items()
        }

    def check(self) -> None:
        """Checks that the warehouse has what the account has, row by row in every column.

        Raises:
            AssertionError: It has not; a few of the rows that differ are told.
        """
        for name, rows in self.truth().items():
            differences = self.warehouse.differences(name, rows)
            assert not differences, "\n".join([f"{name}:", *differences[:6]])

    def emissions(self, before: Rows) -> "Counter[int]":
        """How often rows came that nobody touched meanwhile, nor any of the same transaction.

        Args:
            before: The truth before the first run.

        Returns:
            Of each number of times, how many rows came so often.
        """
        now = self.truth()
        return Counter(
            self.warehouse.streams[name].emitted[key]
            for name in before
            for key in self.warehouse.untouched(name, before[name], now[name])
        )

    def changed(self, before: Rows) -> int:
        """How many of the rows now are not as they were before, or were not there."""
        return sum((rows - before[name]).total() for name, rows in self.truth().items())

    def _columns(self) -> dict[str, Columns]:
        return {
            entry["tap_stream_id"]: dict(sorted(entry["schema"]["properties"].items()))
            for entry in self.catalog["streams"]
        }
