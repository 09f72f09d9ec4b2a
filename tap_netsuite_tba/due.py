"""Which pass of a stream is due, by its bookmark and by what is asked of it."""

import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from msgspec import UNSET

from tap_netsuite_tba.bookmarks import Bookmark, format_instant
from tap_netsuite_tba.errors import CountMismatch
from tap_netsuite_tba.extraction.passes import Pass
from tap_netsuite_tba.netsuite.suiteql import Since
from tap_netsuite_tba.tables import Table

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Terms:
    """What the settings and the catalog ask of a stream.

    Attributes:
        is_incremental: After the first load only changed rows are read, else all of them each time.
        is_versioned: Its rows carry a version, so that a target can tell which are gone.
        start_date: A first load reads rows modified at it or later; full tables ignore it.
        lookback: How long before the bookmark rows are read again, for those saved late.
    """

    is_incremental: bool
    is_versioned: bool
    start_date: datetime | None
    lookback: timedelta


def due_bookmark(stream: str, bookmark: Bookmark, terms: Terms) -> tuple[Bookmark, list[str]]:
    """The bookmark to go on from, without a pass under way that no longer fits what is asked.

    Returns:
        The bookmark, and a sentence for each thing that a person should know of it.
    """
    said = []
    if bookmark.value and bookmark.value > datetime.now(UTC) + timedelta(days=1):
        said.append(
            f"The bookmark of {stream} lies in the future: {format_instant(bookmark.value)}. What "
            f"changes before then is not read."
        )
    start_date = format_instant(terms.start_date)
    if terms.is_incremental and bookmark.start_date not in {start_date, UNSET}:
        if bookmark.value:
            said.append(
                f"{stream} goes on from its bookmark {format_instant(bookmark.value)}: a changed "
                f"start_date (now {start_date}) counts only after its state is removed."
            )
            start_date = bookmark.start_date
        elif bookmark.current:
            said.append(
                f"{stream} begins anew: start_date is now {start_date} and was "
                f"{bookmark.start_date}."
            )
            bookmark = bookmark.dropped()
    if bookmark.current and (changed := _changed(bookmark, bookmark.current, terms)):
        said.append(f"{stream} begins anew: {changed}.")
        bookmark = bookmark.dropped()
    return replace(bookmark, start_date=start_date, is_versioned=terms.is_versioned), said


def due_pass(bookmark: Bookmark, terms: Terms) -> Pass:
    """The pass under way, or the one to begin."""
    return bookmark.current or Pass(_wanted_since(bookmark, terms))


def lower_bound(bookmark: Bookmark, current: Pass, terms: Terms) -> Since | None:
    """What the cursor must reach; behind a bookmark come rows that were saved late."""
    if current.since is None:
        return None
    if bookmark.value is None:
        return Since(current.since)
    return Since(current.since - terms.lookback, bookmark.highest_key)


def check_shrink(table: Table, bookmark: Bookmark, done: Pass) -> None:
    """Compares a pass over all rows with the one before; of a query less is only said.

    Raises:
        CountMismatch: Less than half of the rows are left.
    """
    if done.since is not None or not bookmark.count or done.rows >= bookmark.count / 2:
        return
    if table.is_select:
        # What a query finds, such as what is due, may well be little the next day.
        logger.warning(
            "The query %s finds %d rows, and found %d the last time. A role that lost a permission "
            "or a subsidiary looks like that too: compare with NetSuite.",
            table.name,
            done.rows,
            bookmark.count,
        )
        return
    raise CountMismatch(
        f"{done.rows} rows of {table.name} were read, and {bookmark.count} the last time. A role "
        f"that lost a permission or a subsidiary looks like that: compare with NetSuite. Until "
        f"then nothing is marked as deleted. If the rows are really gone, read this table anew "
        f"without its state: docs/warehouse.md says how, under 'A table that shrank'.",
        table=table.name,
    )


def _wanted_since(bookmark: Bookmark, terms: Terms) -> datetime | None:
    """Since when rows are asked for; None means all rows."""
    return (bookmark.value or terms.start_date) if terms.is_incremental else None


def _changed(bookmark: Bookmark, current: Pass, terms: Terms) -> str | None:
    """Why the pass under way cannot become the one that is asked for; None if it can."""
    is_of_changes = current.since is not None
    if bookmark.is_versioned != terms.is_versioned or (is_of_changes and not terms.is_incremental):
        return "it was being read by another replication method"
    wanted = _wanted_since(bookmark, terms)
    if current.since is not None and (wanted is None or wanted < current.since):
        return "its bookmark was set back"
    return None
