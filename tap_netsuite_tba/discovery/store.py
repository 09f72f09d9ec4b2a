"""Files in the user's cache, for the user alone, that are not believed if others may write them."""

import logging
import os
import stat
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec

from tap_netsuite_tba.cache import write_private

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Label:
    """Whose a file is.

    Attributes:
        format: Of the file.
        version: The tap's that wrote it.
        key: Tells account, token and settings from others.
    """

    format: int
    version: str
    key: str


@dataclass(frozen=True)
class Kept:
    """What a file holds.

    Attributes:
        written_at: By the host's clock.
    """

    label: Label
    written_at: Annotated[datetime, msgspec.Meta(tz=True)]


Content = TypeVar("Content", bound=Kept)


@dataclass(frozen=True)
class _Labelled:
    label: Label


def read_kept(path: Path, kind: type[Content], label: Label, now: datetime) -> Content | None:
    """What a file holds; None if there is nothing that can be used, which is said if it is odd."""
    try:
        content, mode = path.read_bytes(), path.stat().st_mode
    except OSError:
        return None  # What is wrong with the folder is said when it is written.
    found = _judged(content, mode, kind, label, now)
    if isinstance(found, str):
        logger.warning("The discovery remembered in %s is not used: %s.", path, found)
        return None
    return found


def write_kept(path: Path, content: Kept) -> None:
    """Writes a file; that it cannot be is said, and no obstacle."""
    try:
        write_private(path, msgspec.json.encode(content))
    except OSError as error:
        logger.warning("The discovery cannot be remembered for the next run: %s", error)


def _judged(
    content: bytes, mode: int, kind: type[Content], label: Label, now: datetime
) -> Content | str:
    """What a file holds, or what is wrong with it."""
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        return "others than its owner may read or write it"
    try:
        if msgspec.json.decode(content, type=_Labelled).label != label:
            return "it is of another version of the tap, another account or other settings"
        kept = msgspec.json.decode(content, type=kind)
    except msgspec.DecodeError as error:
        return f"it is damaged ({error})"
    if kept.written_at > now:
        return f"by this machine's clock it is of the future, {kept.written_at}"
    return kept
