"""Rows that are gone: named by NetSuite's log of deletions, and proven to be absent.

The log names records by type and id, so a key counts only if SuiteQL confirms that the table does
not have it any more.
"""

import logging
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tap_netsuite_tba.decoding import RowDecoder
from tap_netsuite_tba.errors import ExtractionError, OrderViolation
from tap_netsuite_tba.extraction.logged import (
    DeletedTypes,
    Entry,
    RecordType,
    count_types,
    read_entries,
)
from tap_netsuite_tba.netsuite.deletion_log import LOG
from tap_netsuite_tba.netsuite.errors import NetSuiteError, is_refusal, is_unanswerable, said_by
from tap_netsuite_tba.netsuite.query import PAGE_ROWS, Fetch, Query
from tap_netsuite_tba.netsuite.suiteql import select_present
from tap_netsuite_tba.tables import DELETED_AT, Column, ColumnType, Table

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Deletions:
    """What was deleted since an instant.

    Attributes:
        keys: Of the table's rows, or of the transactions of its lines, each with the instant of its
            deletion, as records have it.
        other_types: The types that the log names and no table has, as it calls them, each with the
            number of its deletions.
        asked_at: When the log was asked, by NetSuite's clock: later deletions may not be among
            these. It may have been before the table was read.
    """

    keys: dict[int, str]
    other_types: dict[str, int]
    asked_at: datetime


class DeletionLog:
    """NetSuite's log of deletions, as the streams of one run ask it, one after another.

    Of which types records were deleted is asked once, since the earliest instant that matters to
    any stream; a stream of other types needs to ask nothing more. A role that may not see the log
    is told so once, and does not ask again.
    """

    def __init__(self) -> None:
        self._earliest: datetime | None = None
        self._types: DeletedTypes | None = None
        self._is_refused = False

    def expect(self, since: datetime) -> None:
        """Some stream of the run will look for deletions since an instant."""
        self._earliest = min(since, self._earliest or since)

    def find(self, table: Table, fetch: Fetch, since: datetime) -> Deletions | None:
        """The rows of a table that were deleted since an instant.

        Args:
            table: A table whose key is one column, or lines.
            fetch: Sends a query.
            since: Deletions at this instant or later.

        Returns:
            None if the role may not see the log.

        Raises:
            OrderViolation: An answer is not whole.
            ValueMismatch: A value does not fit its column.
            NetSuiteError: NetSuite could not be asked.
        """
        if self._is_refused:
            return None
        try:
            logged = self._read(table, fetch, since)
        except NetSuiteError as error:
            if not is_refusal(error):
                raise
            self._is_refused = True
            logger.warning(
                "NetSuite's log of deletions cannot be read, so rows that were deleted stay in the "
                "warehouse until it can. Give the role the permission Deleted Records, or deselect "
                "%s. %s",
                DELETED_AT,
                said_by(error),
            )
            return None
        return replace(logged, keys=_absent(table, logged.keys, fetch))

    def _read(self, table: Table, fetch: Fetch, since: datetime) -> Deletions:
        """By type, or whole where that does not work."""
        try:
            types = self._types_since(fetch, since)
            if not types.of(table):
                return _deletions(table, (), types.counts, types.asked_at)
            return _read_by_type(table, fetch, since, types)
        except (NetSuiteError, ExtractionError) as error:
            if isinstance(error, NetSuiteError) and not is_unanswerable(error):
                raise
            logger.debug("NetSuite's log of deletions is read whole: %s", error)
        logged = read_entries(fetch, since)
        counts = Counter(entry.type for entry in logged.entries)
        return _deletions(table, logged.entries, counts, logged.asked_at)

    def _types_since(self, fetch: Fetch, since: datetime) -> DeletedTypes:
        """The types of all streams, asked for when the first stream wants them."""
        if self._types is None or since < self._types.since:
            self._types = count_types(fetch, min(since, self._earliest or since))
        return self._types


def _read_by_type(table: Table, fetch: Fetch, since: datetime, types: DeletedTypes) -> Deletions:
    """Asks only for the entries of the table's own types."""
    if types.since != since:
        types = count_types(fetch, since)  # Other streams may look further back.
    own = types.of(table)
    logged = read_entries(fetch, since, own).entries if own else frozenset()
    entries = {entry for entry in logged if entry.type.is_of(table)}
    if len(entries) < sum(types.counts[kind] for kind in own):
        # NetSuite may compare by another name of a type than the one that it tells.
        raise OrderViolation(
            f"Asked for by type, it has {len(entries)} entries of {table.name}, and not those that "
            f"it counts.",
            table=LOG,
        )
    return _deletions(table, entries, types.counts, types.asked_at)


def _deletions(
    table: Table,
    entries: Collection[Entry],
    counts: Mapping[RecordType, int],
    asked_at: datetime,
) -> Deletions:
    deleted: dict[int, str] = {}
    for entry in entries:
        if entry.type.is_of(table):
            deleted[entry.key] = max(entry.deleted_at, deleted.get(entry.key, ""))
    other_types: Counter[str] = Counter()
    for kind, count in counts.items():
        if not kind.is_known and not kind.is_of(table):
            other_types[str(kind)] += count
    return Deletions(deleted, dict(other_types), asked_at)


def _absent(table: Table, deleted: dict[int, str], fetch: Fetch) -> dict[int, str]:
    """Those of the deleted rows that the table does not have any more."""
    keys = sorted(deleted)
    present = present_keys(table, keys, fetch)
    return {key: deleted[key] for key in keys if key not in present}


def present_keys(table: Table, keys: Sequence[int], fetch: Fetch) -> set[int]:
    """Which of some keys the table has; of lines, those of their owners.

    Raises:
        OrderViolation: NetSuite's answer is not whole.
        NetSuiteError: NetSuite could not be asked.
    """
    column = table.logged_column
    decoder = RowDecoder(table.name, (Column(column, ColumnType.INTEGER),), (column,))
    present: set[int] = set()
    for start in range(0, len(keys), PAGE_ROWS):
        present |= _present(table, keys[start : start + PAGE_ROWS], decoder, fetch)
    return present


def _present(table: Table, keys: Sequence[int], decoder: RowDecoder, fetch: Fetch) -> set[int]:
    """Which of the keys the table has: asked until an answer says that it has no more of them.

    An answer may be short of rows that are there, and they must not be buried alive.
    """
    present: set[int] = set()
    while missing := [key for key in keys if key not in present]:
        page = fetch(Query(select_present(table, missing), table=table.name))
        found = {row[table.logged_column] for row in decoder.decode(page.items)} & set(missing)
        if not found and (page.count or page.has_more or page.total_results):
            raise OrderViolation(
                f"NetSuite's answer to which of some rows {table.name} has is not whole. Nothing "
                f"was deleted; the next run asks again.",
                table=table.name,
            )
        if not found:
            break
        present |= found
    return present
