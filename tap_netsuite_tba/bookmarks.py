"""The state of a stream: the last complete pass, and the pass that is under way.

    {"replication_key": "lastmodifieddate",       None for tables without cursor
     "replication_key_value": "2026-01-31T…Z",    the start of the last complete pass, true UTC
     "start_date": …,                             as it was set in that pass
     "count": …,                                  the rows of the last pass over all rows
     "key": ["id"], "highest_key": […],           the key's columns; the highest key ever read
     "never_out": [["2026-01-31T…Z", […]], …],    which deleted rows never went out; null: unknown
     "unsettled_since": …,                        since when rows may be gone untold
     "version": …,                                of the last pass whose rows carried one
     "pass": {"since": …, "started": …, "version": …, "after_key": […], "beyond": [[lo, hi], …],
              "rows": …, "fresh": …, "recent": …, "counted": …, "top": …, "unread": …}}
`started` is null when no pass is under way.

All rows up to `after_key` and inside `beyond` are out. Keys are set to null and never removed, for
Meltano merges a new state into the old one, key by key (and fails where the old one has null and
the new one an object). Hence also: a pass that neither started after the bookmark nor goes on from
it is a leftover and is ignored, and so are the positions in a key that is not the table's any more.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from tap_netsuite_tba.decoding import instant_text
from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.extraction.passes import Pass
from tap_netsuite_tba.extraction.ranges import Progress, Range, rank
from tap_netsuite_tba.tables import KeyValue

_MAX_NEVER_OUT = 24  # The look-back rarely spans more passes; beyond them tombstones come again.
_FIRST_YEAR, _LAST_YEAR = 1900, 9000


@dataclass(frozen=True)
class Bookmark:
    """What the state knows of a stream.

    Attributes:
        value: The start of the last complete pass; None before one ended.
        start_date: The setting `start_date` of that pass, or of the one under way; UNSET in a state
            written by hand.
        count: How many rows the last pass over all rows had.
        highest_key: The highest key that a complete pass read.
        never_out: Instants and keys: a row that was deleted before the instant, and whose key is
            higher, never went out. None if that is not known.
        unsettled_since: When the first pass began that was given up since the last complete one, or
            the instant since which NetSuite's log of deletions has not been read.
        current: The pass under way; None when none was cut short.
        is_versioned: Whether the rows of the pass under way carry a version.
        last_version: The highest version that any rows carried.
    """

    value: datetime | None = None
    start_date: str | UnsetType | None = None
    count: int | None = None
    highest_key: KeyValue | None = None
    never_out: tuple[tuple[datetime, KeyValue | None], ...] | None = None
    unsettled_since: datetime | None = None
    current: Pass | None = None
    is_versioned: bool = False
    last_version: int = 0

    @property
    def version(self) -> int | None:
        """What tells the rows of the pass under way from older ones."""
        is_begun = self.current is not None and self.current.started is not None
        return self.last_version if self.is_versioned and is_begun else None

    @property
    def deletions_since(self) -> datetime | None:
        """Since when rows may be gone that nobody was told of; None when nothing ever went out."""
        return min(filter(None, [self.value, self.unsettled_since]), default=None)

    def going_on(self, current: Pass) -> "Bookmark":
        """The bookmark with the pass under way as it stands now, or with another in its place.

        The version of a pass is its start in milliseconds, or more if an earlier one has that.
        """
        known = self.current and self.current.started
        if known == current.started:
            return replace(self, current=current)
        before = self.dropped() if known else self
        version = self.last_version
        if self.is_versioned and current.started:
            version = max(int(current.started.timestamp()) * 1000, version + 1)
        return replace(before, current=current, last_version=version)

    def dropped(self) -> "Bookmark":
        """The bookmark once the pass under way, some of whose rows are out, is given up."""
        began = self.current.started if self.current else None
        since = self.unsettled_since or began
        return replace(self, never_out=None, unsettled_since=since, current=None)

    def completed(self, done: Pass) -> "Bookmark":
        """The bookmark once a pass is complete and counted."""
        never_out = self.never_out
        if never_out is not None and done.started:
            others = (known for known in never_out if known[1] != self.highest_key)
            never_out = (*others, (done.started, self.highest_key))[-_MAX_NEVER_OUT:]
        return replace(
            self,
            value=done.started,
            count=done.rows if done.since is None else self.count,
            highest_key=max(self.highest_key, done.progress.highest, key=rank),
            never_out=never_out,
            unsettled_since=None,
            current=None,
        )

    def never_had(self, key: int, deleted_at: str, started: datetime) -> bool:
        """Whether it is proven that no row with this key ever went out: it needs no tombstone.

        A row that was deleted before a pass began goes out neither in it nor later; if its key is
        higher than all that was read before, it did not go out earlier either. Each pass proves
        that for good, the first one of all rows deleted before it; `never_out` keeps the proofs,
        for the look-back reads the log of deletions again. They hold only if every pass is known:
        not where the state was written by hand or by an older version, where the key changed or a
        pass was given up. There a tombstone too many is better than a row that stays for ever.

        Args:
            key: Its leading key.
            deleted_at: When it was deleted, as records have it.
            started: When the pass under way began.
        """
        if self.never_out is None:
            return False
        deleted = datetime.fromisoformat(deleted_at)
        proven = (*self.never_out, (started, self.highest_key))
        return any(deleted < before and key > rank(highest)[0] for before, highest in proven)

    def to_state(self, replication_key: str | None, key: tuple[str, ...]) -> dict[str, Any]:
        """The state of the stream; see the module for its shape."""
        return {
            "replication_key": replication_key,
            "replication_key_value": format_instant(self.value),
            "start_date": None if self.start_date is UNSET else self.start_date,
            "count": self.count,
            "key": list(key),
            "highest_key": self.highest_key and list(self.highest_key),
            "never_out": self.never_out
            and [[format_instant(before), highest] for before, highest in self.never_out],
            "unsettled_since": format_instant(self.unsettled_since),
            "version": self.last_version,
            "pass": _pass_to_state(self.current or Pass(since=None), self.version),
        }


_Instant = Annotated[datetime, msgspec.Meta(tz=True)]
_Position = Annotated[KeyValue, msgspec.Meta(min_length=1)]


class _PassState(msgspec.Struct):
    since: datetime | None = None
    started: datetime | None = None
    version: int | None = None
    after_key: _Position | None = None
    beyond: tuple[tuple[_Position | None, _Position], ...] = ()
    rows: int = 0
    fresh: int = 0
    recent: int = 0
    counted: int | None = None
    top: int | None = None
    unread: int = 0


class _StreamState(msgspec.Struct):
    replication_key_value: str | None = None
    start_date: str | UnsetType | None = UNSET
    count: int | None = None
    key: tuple[str, ...] | None = None
    highest_key: _Position | None = None
    never_out: tuple[tuple[_Instant, _Position | None], ...] | None = None
    unsettled_since: datetime | None = None
    version: int | None = None
    current: _PassState | None = msgspec.field(name="pass", default=None)


def read_bookmark(stream: str, state: Mapping[str, Any], key: tuple[str, ...]) -> Bookmark:
    """The bookmark in the state of a stream; a state with `replication_key_value` alone will do.

    Args:
        stream: Its name, for messages.
        state: What the state has under `bookmarks.<stream>`.
        key: The columns of the table's key.

    Raises:
        ConfigurationError: The state is not of this shape.
    """
    try:
        found = msgspec.convert(dict(state), _StreamState)
        value = _by_hand(found.replication_key_value)
    except msgspec.ValidationError as error:
        raise ConfigurationError(
            f"The state of the stream {stream} cannot be used: {error}. Correct it, or leave the "
            f'stream out of the state to read it anew; a state such as {{"replication_key_value": '
            f'"2026-01-31T00:00:00Z"}} is enough.'
        ) from None
    if found == _StreamState():
        return Bookmark(never_out=())
    passed = found.current or _PassState()
    never_out = dict(found.never_out or ())
    for instant in (value, found.unsettled_since, passed.since, passed.started, *never_out):
        if instant and not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
            raise ConfigurationError(
                f"The state of the stream {stream} has an instant in the year {instant.year}, when "
                f"there is no NetSuite; correct it, or leave the stream out to read it anew."
            )
    value, current = as_utc(value), _pass_from_state(passed)
    is_under_way = _is_under_way(current, value)
    bookmark = Bookmark(
        value=value,
        start_date=found.start_date,
        count=found.count,
        highest_key=found.highest_key,
        never_out=found.never_out,
        unsettled_since=as_utc(found.unsettled_since),
        current=current if is_under_way else None,
        is_versioned=is_under_way and passed.version is not None,
        last_version=(is_under_way and passed.version) or found.version or 0,
    )
    positions = [found.highest_key, *never_out.values(), *_positions(current.progress)]
    if found.key != key or any(len(position) > len(key) for position in positions if position):
        return replace(bookmark.dropped(), highest_key=None)
    return bookmark


def _is_under_way(current: Pass, value: datetime | None) -> bool:
    """Whether a pass in the state was cut short, and is not left from before the bookmark."""
    if current.started is None:
        return False
    return value is None or current.started > value or current.since == value


def _by_hand(text: str | None) -> datetime | None:
    """An instant as a person may write it; a day is its beginning."""
    try:
        return datetime.fromisoformat(text) if text is not None else None
    except ValueError:
        raise msgspec.ValidationError("replication_key_value is no date") from None


def format_instant(instant: datetime | None) -> str | None:
    """An instant as states and records have it: `2026-01-31T23:59:59Z`."""
    return instant_text(instant) if instant else None


def as_utc(instant: datetime | None) -> datetime | None:
    """An instant in UTC; one without a zone is taken for UTC."""
    if instant is None:
        return None
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _pass_to_state(current: Pass, version: int | None) -> dict[str, Any]:
    progress = current.progress
    return {
        "since": format_instant(current.since),
        "started": format_instant(current.started),
        "version": version,
        "after_key": progress.after_key and list(progress.after_key),
        "beyond": [
            [part.after and list(part.after), part.up_to and list(part.up_to)]
            for part in progress.beyond
        ],
        "rows": current.rows,
        "fresh": current.fresh,
        "recent": current.recent,
        "counted": current.counted,
        "top": current.top,
        "unread": current.unread,
    }


def _pass_from_state(state: _PassState) -> Pass:
    beyond = tuple(Range(after, up_to) for after, up_to in state.beyond)
    return Pass(
        since=as_utc(state.since),
        started=as_utc(state.started),
        progress=Progress(state.after_key, beyond),
        rows=state.rows,
        fresh=state.fresh,
        recent=state.recent,
        counted=state.counted,
        top=state.top,
        unread=state.unread,
    )


def _positions(progress: Progress) -> list[KeyValue | None]:
    ends = [end for part in progress.beyond for end in (part.after, part.up_to)]
    return [progress.after_key, *ends]
