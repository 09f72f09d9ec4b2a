"""The state of a stream: the last complete pass, and the pass that is under way.

    {"replication_key": "lastmodifieddate",       None for tables without cursor
     "replication_key_value": "2026-01-31T…Z",    the start of the last complete pass, true UTC
     "start_date": …,                             as it was set in that pass
     "count": …, "highest_key": […],              its rows; the highest key ever read
     "pass": {"since": …, "started": …, "after_key": […], "beyond": [[lo, hi], …],
              "rows": …, "fresh": …, "counted": …}}  "started" is null when no pass is under way

All rows up to `after_key` and inside `beyond` are out. Keys are set to null and never removed, for
Meltano merges a new state into the old one, key by key (and fails where the old one has null and
the new one an object). Hence also: a pass that did not start after the bookmark is a leftover and
is ignored.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec

from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.extraction.passes import Pass
from tap_netsuite_tba.extraction.ranges import Progress, Range, rank
from tap_netsuite_tba.tables import KeyValue

_FIRST_YEAR, _LAST_YEAR = 1900, 9000


@dataclass(frozen=True)
class Bookmark:
    """What the state knows of a stream.

    Attributes:
        value: The start of the last complete pass; None before one ended.
        start_date: The setting `start_date` of that pass, or of the one under way.
        count: How many rows the last complete pass had.
        highest_key: The highest key that was ever read.
        current: The pass under way; None when none was cut short.
    """

    value: datetime | None = None
    start_date: str | None = None
    count: int | None = None
    highest_key: KeyValue | None = None
    current: Pass | None = None

    def completed(self, done: Pass) -> "Bookmark":
        """The bookmark once a pass is complete and counted."""
        highest = max(self.highest_key, done.progress.highest, key=rank)
        return replace(self, value=done.started, count=done.rows, highest_key=highest, current=None)

    def to_state(self, replication_key: str | None) -> dict[str, Any]:
        """The state of the stream; see the module for its shape."""
        return {
            "replication_key": replication_key,
            "replication_key_value": format_instant(self.value),
            "start_date": self.start_date,
            "count": self.count,
            "highest_key": self.highest_key and list(self.highest_key),
            "pass": _pass_to_state(self.current or Pass(since=None)),
        }


_Position = Annotated[KeyValue, msgspec.Meta(min_length=1)]


class _PassState(msgspec.Struct):
    since: datetime | None = None
    started: datetime | None = None
    after_key: _Position | None = None
    beyond: tuple[tuple[_Position | None, _Position], ...] = ()
    rows: int = 0
    fresh: int = 0
    counted: int | None = None


class _StreamState(msgspec.Struct):
    replication_key_value: datetime | None = None
    start_date: str | None = None
    count: int | None = None
    highest_key: _Position | None = None
    current: _PassState | None = msgspec.field(name="pass", default=None)


def read_bookmark(stream: str, state: Mapping[str, Any], key_width: int) -> Bookmark:
    """The bookmark in the state of a stream; a state with `replication_key_value` alone will do.

    Args:
        stream: Its name, for messages.
        state: What the state has under `bookmarks.<stream>`.
        key_width: How many columns the table's key has.

    Raises:
        ConfigurationError: The state is not of this shape.
    """
    try:
        found = msgspec.convert(dict(state), _StreamState)
    except msgspec.ValidationError as error:
        raise ConfigurationError(
            f"The state of the stream {stream} cannot be used: {error}. Correct it, or leave the "
            f'stream out of the state to read it anew; a state such as {{"replication_key_value": '
            f'"2026-01-31T00:00:00Z"}} is enough.'
        ) from None
    passed = found.current or _PassState()
    for instant in (found.replication_key_value, passed.since, passed.started):
        if instant and not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
            raise ConfigurationError(
                f"The state of the stream {stream} has an instant in the year {instant.year}, when "
                f"there is no NetSuite; correct it, or leave the stream out to read it anew."
            )
    value = as_utc(found.replication_key_value)
    highest = found.highest_key
    if highest and len(highest) > key_width:
        highest = None
    current = _pass_from_state(found.current) if found.current else None
    if current and _is_leftover(current, value, key_width):
        current = None
    return Bookmark(
        value=value,
        start_date=found.start_date,
        count=found.count,
        highest_key=highest,
        current=current,
    )


def format_instant(instant: datetime | None) -> str | None:
    """An instant as states and records have it: `2026-01-31T23:59:59Z`."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if instant else None


def as_utc(instant: datetime | None) -> datetime | None:
    """An instant in UTC; one without a zone is taken for UTC."""
    if instant is None:
        return None
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _pass_to_state(current: Pass) -> dict[str, Any]:
    progress = current.progress
    return {
        "since": format_instant(current.since),
        "started": format_instant(current.started),
        "after_key": progress.after_key and list(progress.after_key),
        "beyond": [
            [part.after and list(part.after), part.up_to and list(part.up_to)]
            for part in progress.beyond
        ],
        "rows": current.rows,
        "fresh": current.fresh,
        "counted": current.counted,
    }


def _pass_from_state(state: _PassState) -> Pass:
    beyond = tuple(Range(after, up_to) for after, up_to in state.beyond)
    return Pass(
        since=as_utc(state.since),
        started=as_utc(state.started),
        progress=Progress(state.after_key, beyond),
        rows=state.rows,
        fresh=state.fresh,
        counted=state.counted,
    )


def _is_leftover(current: Pass, value: datetime | None, key_width: int) -> bool:
    return (
        current.started is None
        or (value is not None and current.started <= value)
        or any(len(position) > key_width for position in _positions(current.progress))
    )


def _positions(progress: Progress) -> list[KeyValue]:
    ends = [
        progress.after_key,
        *(end for part in progress.beyond for end in (part.after, part.up_to)),
    ]
    return [end for end in ends if end is not None]
