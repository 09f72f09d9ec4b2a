"""A discovery that is remembered over runs: one file for each account, token and settings.

What the account's customization looked like stands beside it, so that a run can ask in a request
whether it still does (see marks.py). Nothing in the file opens an account, and neither the
account's id nor the token's can be told from it.
"""

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import msgspec

from tap_netsuite_tba.cache import cache_folder
from tap_netsuite_tba.discovery.candidates import wants_customization
from tap_netsuite_tba.discovery.compared import Changes
from tap_netsuite_tba.discovery.everything import discover_all, report_left_out
from tap_netsuite_tba.discovery.found import Discovery, Wanted
from tap_netsuite_tba.discovery.marks import Marks, ask_again, ask_marks
from tap_netsuite_tba.discovery.report import report, report_types
from tap_netsuite_tba.discovery.sources import Sources
from tap_netsuite_tba.discovery.store import Kept, Label, read_kept, write_kept
from tap_netsuite_tba.tables import Table

logger = logging.getLogger(__name__)

FORMAT = 3
"""Of the files; a higher number for each change that an older version would misread."""

REFUSALS_BELIEVED = timedelta(days=1)
"""Permissions are given and features enabled without a trace that a role could see."""


@dataclass(frozen=True)
class Remembered(Kept):
    """A discovery, and what the account's customization looked like before it.

    Attributes:
        marks: None at all where only tables are wanted that nobody customizes.
        is_doubted: Whether a run found something otherwise; it serves to compare only.
    """

    marks: Marks
    discovery: Discovery
    is_doubted: bool = False

    @property
    def has_refusals(self) -> bool:
        """Whether there is anything that the role could not have."""
        found = self.discovery
        refused = any(each.refused for each in found.readable)
        return bool(found.unreadable or found.unseen or found.left_out or refused)

    @property
    def known(self) -> tuple[Table, ...]:
        """The tables that could be read at some time, and the results of queries."""
        found = self.discovery
        before = (each.table for each in found.unreadable if each.was_readable)
        return (*found.tables, *before, *found.queries)


@dataclass(frozen=True)
class Compared(Kept):
    """What a catalog was found to differ in, and what the account's customization looked like.

    Attributes:
        catalog: Tells the catalog from others.
    """

    marks: Marks
    catalog: str
    changes: Changes


@dataclass(frozen=True)
class Memory:
    """A file with one discovery, and one with what a catalog differs in from the account.

    Attributes:
        path: Where the first lies; the other is beside it.
        label: Whose they must be.
        believed: For how long they are believed.
        now: The host's clock.
    """

    path: Path
    label: Label
    believed: timedelta
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def read(self) -> Remembered | None:
        """The discovery, however old; None if there is nothing that can be used."""
        return read_kept(self.path, Remembered, self.label, self.now())

    def believes(self, remembered: Remembered) -> bool:
        """Whether it may stand for a discovery: it is young enough, and nothing was otherwise."""
        believed = self.believed
        if remembered.has_refusals:
            believed = min(believed, REFUSALS_BELIEVED)
        return self._is_younger(remembered, believed) and not remembered.is_doubted

    def write(self, marks: Marks, discovery: Discovery) -> None:
        """Remembers a discovery; that it cannot be is said, and no obstacle."""
        write_kept(self.path, Remembered(self.label, self.now(), marks, discovery))

    def doubt(self) -> None:
        """Lets the next discovery ask anew, for what is remembered turned out not to be so."""
        if kept := self.read():
            write_kept(self.path, replace(kept, is_doubted=True))

    def read_changes(self, catalog: Sequence[Table]) -> Compared | None:
        """What a catalog was found to differ in, however long ago; None if that is not known."""
        kept = read_kept(self._path_of_changes, Compared, self.label, self.now())
        return kept if kept and kept.catalog == _digest(catalog) else None

    def believes_changes(self, compared: Compared) -> bool:
        """Whether it may stand for a comparison: it is young enough."""
        return self._is_younger(compared, min(self.believed, REFUSALS_BELIEVED))

    def write_changes(self, marks: Marks, catalog: Sequence[Table], changes: Changes) -> None:
        """Remembers what a catalog differs in, as `write` does a discovery."""
        compared = Compared(self.label, self.now(), marks, _digest(catalog), changes)
        write_kept(self._path_of_changes, compared)

    @property
    def _path_of_changes(self) -> Path:
        return self.path.with_name(f"{self.path.stem}-changes.json")

    def _is_younger(self, kept: Kept, age: timedelta) -> bool:
        return self.now() - kept.written_at < age


def memory_of(identity: str | None, wanted: Wanted, seconds: int) -> Memory | None:
    """The memory of an account and a token for some settings.

    Args:
        identity: Tells account and token from others; None for an account that no later run meets.
        wanted: What shapes a discovery.
        seconds: For how long it is believed; 0 for no memory.
    """
    if identity is None or not seconds:
        return None
    key = hashlib.sha256(
        identity.encode() + msgspec.json.encode(wanted, order="sorted")
    ).hexdigest()
    return Memory(
        cache_folder() / "discovery" / f"{key}.json",
        Label(FORMAT, version("tap-netsuite-tba"), key),
        timedelta(seconds=seconds),
    )


def remembered(wanted: Wanted, memory: Memory | None, sources: Sources) -> Discovery:
    """What there is for this role: as remembered if nobody changed anything since, or found anew.

    Raises:
        ConfigurationError: A pattern fits no table.
        NetSuiteError: NetSuite could not be asked, or refused all.
    """
    if memory is None:
        return discover_all(wanted, sources)
    kept = memory.read()
    fetch, workers = sources.fetch, sources.workers
    if kept and memory.believes(kept):
        if ask_again(kept.marks, fetch, workers) == kept.marks:
            logger.info(
                "Tables and columns are as discovered at %s; discovery_cache_seconds 0 asks anew.",
                f"{kept.written_at:%Y-%m-%d %H:%M} UTC",
            )
            report(kept.discovery)
            report_types(wanted, kept.discovery)
            report_left_out(kept.discovery)
            return kept.discovery
        logger.info("The account's customization was changed since the last discovery.")
    # Before the discovery: what changes during it is a change to the next run.
    is_customized = bool(wanted.records) or wants_customization(wanted.patterns)
    marks = ask_marks(fetch, workers) if is_customized else ()
    found = discover_all(wanted, sources, kept.known if kept else ())
    memory.write(marks, found)
    return found


def _digest(catalog: Sequence[Table]) -> str:
    return hashlib.sha256(msgspec.json.encode(catalog, order="sorted")).hexdigest()
