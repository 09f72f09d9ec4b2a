"""A discovery that is remembered over runs: one file for each account, token and settings.

What the account's customization looked like stands beside it, so that a run can ask in three
requests whether it still does (see marks.py). Nothing in the file opens an account, and neither the
account's id nor the token's can be told from it.
"""

import hashlib
import logging
import os
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import msgspec

from tap_netsuite_tba.cache import cache_folder
from tap_netsuite_tba.discovery.found import Discovery, Wanted
from tap_netsuite_tba.discovery.marks import Marks, ask_again, ask_marks
from tap_netsuite_tba.discovery.report import report
from tap_netsuite_tba.discovery.tables import discover
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.metadata import RecordCatalog
from tap_netsuite_tba.netsuite.query import Fetch

logger = logging.getLogger(__name__)

FORMAT = 1
"""Of the file; a higher number for each change that an older version would misread."""

REFUSALS_BELIEVED = timedelta(days=1)
"""Permissions are given and features enabled without a trace that a role could see."""


@dataclass(frozen=True)
class Label:
    """Whose memory a file is.

    Attributes:
        format: Of the file.
        version: The tap's that wrote it.
        key: Tells account, token and settings from others.
    """

    format: int
    version: str
    key: str


@dataclass(frozen=True)
class Remembered:
    """A discovery, and what the account's customization looked like before it.

    Attributes:
        written_at: By the host's clock.
    """

    label: Label
    written_at: Annotated[datetime, msgspec.Meta(tz=True)]
    marks: Marks
    discovery: Discovery

    @property
    def has_refusals(self) -> bool:
        """Whether there is anything that the role could not have."""
        found = self.discovery
        return bool(found.unreadable or found.unseen or any(r.refused for r in found.readable))


@dataclass(frozen=True)
class _Labelled:
    label: Label


@dataclass(frozen=True)
class Memory:
    """A file with one discovery.

    Attributes:
        path: Where it lies.
        label: Whose it must be.
        believed: For how long it is believed.
        now: The host's clock.
    """

    path: Path
    label: Label
    believed: timedelta
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def read(self) -> Remembered | None:
        """What is remembered, however old; None if there is nothing that can be used."""
        try:
            content, mode = self.path.read_bytes(), self.path.stat().st_mode
        except OSError:
            return None  # What is wrong with the folder is said when it is written.
        found = self._judged(content, mode)
        if isinstance(found, Remembered):
            return found
        logger.warning("The discovery remembered in %s is not used: %s.", self.path, found)
        return None

    def believes(self, remembered: Remembered) -> bool:
        """Whether it is young enough to stand for a discovery."""
        believed = self.believed
        if remembered.has_refusals:
            believed = min(believed, REFUSALS_BELIEVED)
        return self.now() - remembered.written_at < believed

    def write(self, marks: Marks, discovery: Discovery) -> None:
        """Remembers a discovery; that it cannot be is said, and no obstacle."""
        content = msgspec.json.encode(Remembered(self.label, self.now(), marks, discovery))
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Of several processes the last one wins, and nobody reads half a file.
            handle, written = tempfile.mkstemp(dir=self.path.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                Path(written).replace(self.path)
            finally:
                Path(written).unlink(missing_ok=True)
        except OSError as error:
            logger.warning("The discovery cannot be remembered for the next run: %s", error)

    def forget(self) -> None:
        """Lets the next discovery ask anew, for what is remembered turned out not to be so."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)

    def _judged(self, content: bytes, mode: int) -> Remembered | str:
        """What the file holds, or what is wrong with it."""
        if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
            return "others than its owner may read or write it"
        try:
            if msgspec.json.decode(content, type=_Labelled).label != self.label:
                return "it is of another version of the tap, another account or other settings"
            remembered = msgspec.json.decode(content, type=Remembered)
        except msgspec.DecodeError as error:
            return f"it is damaged ({error})"
        if remembered.written_at > self.now():
            return f"by this machine's clock it is of the future, {remembered.written_at}"
        return remembered


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


def remembered(
    wanted: Wanted, memory: Memory | None, fetch: Fetch, catalog: RecordCatalog, workers: Workers
) -> Discovery:
    """What there is for this role: as remembered if nobody changed anything since, or found anew.

    Raises:
        ConfigurationError: A pattern fits no table.
        NetSuiteError: NetSuite could not be asked, or refused all.
    """
    if memory is None:
        return discover(wanted, fetch, catalog, workers)
    kept = memory.read()
    if kept and memory.believes(kept):
        if ask_again(kept.marks, fetch, workers) == kept.marks:
            logger.info(
                "Tables and columns are as discovered at %s; discovery_cache_seconds 0 asks anew.",
                f"{kept.written_at:%Y-%m-%d %H:%M} UTC",
            )
            report(kept.discovery)
            return kept.discovery
        logger.info("The account's customization was changed since the last discovery.")
    # Before the discovery: what changes during it is a change to the next run.
    marks = ask_marks(fetch, workers)
    found = discover(wanted, fetch, catalog, workers)
    memory.write(marks, found)
    return found
