"""Rows that are gone: named by NetSuite's log of deletions, and proven to be absent.

The log names records by type and id. What its types are called is not documented: they may read
like labels or like codes, or be numbers, beside a script id that tells more. So a type is a table's
if its name or its script id is one of the table's, and a key counts only if SuiteQL confirms that
the table does not have it any more.
"""

import logging
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from tap_netsuite_tba.decoding import RowDecoder, instant_text
from tap_netsuite_tba.errors import ExtractionError, OrderViolation
from tap_netsuite_tba.netsuite.deletion_log import LOG, select_deleted_types, select_deletions
from tap_netsuite_tba.netsuite.errors import NetSuiteError, is_refusal, is_unanswerable, said_by
from tap_netsuite_tba.netsuite.query import PAGE_ROWS, SHORT_PATIENCE, Fetch, Query
from tap_netsuite_tba.netsuite.suiteql import select_present
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import DELETED_AT, Column, ColumnType, Table

logger = logging.getLogger(__name__)

_TYPE = Column("type", ColumnType.TEXT)
_SCRIPT_ID = Column("scriptid", ColumnType.TEXT)
_ENTRIES = RowDecoder(
    LOG,
    (
        Column("recordid", ColumnType.INTEGER),
        _TYPE,
        _SCRIPT_ID,
        Column("deleteddate", ColumnType.DATETIME),
    ),
    ("recordid",),
    expressions=("deleteddate",),
)
_TYPES = RowDecoder(
    LOG,
    (Column("n", ColumnType.INTEGER), _TYPE, _SCRIPT_ID),
    ("n",),
    expressions=("n",),
)


@dataclass(frozen=True)
class Deletions:
    """What was deleted since an instant.

    Attributes:
        keys: Of the table's rows, or of the transactions of its lines, each with the instant of its
            deletion, as records have it.
        other_types: The types that the log names and no table has, as it calls them, each with the
            number of its deletions.
    """

    keys: dict[int, str]
    other_types: dict[str, int]


class DeletionLog:
    """NetSuite's log of deletions, as the streams of one run ask it.

    A role that may not see it is told so once, and does not ask again.
    """

    def __init__(self) -> None:
        self._is_refused = False

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
            logged = _read(table, fetch, since)
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


def normal_type(name: str) -> str:
    """The name of a record type in lower-case letters and digits: `Sales Order` is `salesorder`.

    The script id of a custom record stays as it is, for another's may differ in an underscore only.
    """
    lower = name.lower()
    return lower if lower.startswith("customrecord") else re.sub(r"[^a-z0-9]", "", lower)


@dataclass(frozen=True)
class _Type:
    """A type of records as the log names it; either name may be null."""

    name: str | None
    script_id: str | None

    @property
    def is_known(self) -> bool:
        """Whether some table has it, shipped or of custom records."""
        is_custom = any(name.startswith("customrecord") for name in self._names)
        return is_custom or self.is_of(_known_types())

    def is_of(self, types: Collection[str]) -> bool:
        return not self._names.isdisjoint(types)

    @property
    def _names(self) -> frozenset[str]:
        return frozenset(normal_type(name) for name in (self.name, self.script_id) if name)

    def __str__(self) -> str:
        return self.name or self.script_id or "(unnamed)"


@dataclass(frozen=True)
class _Entry:
    """One deletion in the log."""

    key: int
    type: _Type
    deleted_at: str


@cache
def _known_types() -> frozenset[str]:
    return frozenset().union(*(table.deleted_types for table in shipped_tables().values()))


def _read(table: Table, fetch: Fetch, since: datetime) -> Deletions:
    try:
        return _read_by_type(table, fetch, since)
    except (NetSuiteError, ExtractionError) as error:
        if isinstance(error, NetSuiteError) and not is_unanswerable(error):
            raise
        logger.debug("NetSuite's log of deletions is read whole: %s", error)
    entries = set(_entries(fetch, since))
    return _logged(table, entries, Counter(entry.type for entry in entries))


def _read_by_type(table: Table, fetch: Fetch, since: datetime) -> Deletions:
    """Asks which types the log names, and only for the entries of the table's own."""
    counts = _count_by_type(fetch, since)
    own = [kind for kind in counts if kind.is_of(table.deleted_types)]
    entries: set[_Entry] = set()
    if own:
        names = {kind.name for kind in own if kind.name}
        script_ids = {kind.script_id for kind in own if kind.script_id and not kind.name}
        asked = _entries(fetch, since, names, script_ids)
        entries = {entry for entry in asked if entry.type.is_of(table.deleted_types)}
    if len(entries) < sum(counts[kind] for kind in own):
        # NetSuite may compare by another name of a type than the one that it tells.
        raise OrderViolation(
            f"Asked for by type, it has {len(entries)} entries of {table.name}, and not those that "
            f"it counts.",
            table=LOG,
        )
    return _logged(table, entries, counts)


def _logged(table: Table, entries: Collection[_Entry], counts: Counter[_Type]) -> Deletions:
    deleted: dict[int, str] = {}
    for entry in entries:
        if entry.type.is_of(table.deleted_types):
            deleted[entry.key] = max(entry.deleted_at, deleted.get(entry.key, ""))
    other_types: Counter[str] = Counter()
    for kind, count in counts.items():
        if not kind.is_known and not kind.is_of(table.deleted_types):
            other_types[str(kind)] += count
    return Deletions(deleted, dict(other_types))


def _count_by_type(fetch: Fetch, since: datetime) -> Counter[_Type]:
    text = select_deleted_types(since)
    page = fetch(Query(text, table=LOG, patience=SHORT_PATIENCE))
    rows = _TYPES.decode(page.items)
    if len(rows) != page.count or page.has_more or (page.total_results or 0) > len(rows):
        raise OrderViolation("The list of its types is not whole.", table=LOG)
    counts: Counter[_Type] = Counter()
    for row in rows:
        counts[_Type(row["type"], row["scriptid"])] += row["n"]
    return counts


def _entries(
    fetch: Fetch,
    since: datetime,
    types: Collection[str] = (),
    script_ids: Collection[str] = (),
) -> Iterator[_Entry]:
    """The log in pages: each begins at the last id of the one before, whose entries may go on."""
    after = None
    while True:
        text = select_deletions(since, after=after, types=types, script_ids=script_ids)
        page = fetch(Query(text, table=LOG))
        rows = _ENTRIES.decode(page.items)
        ids = [row["recordid"] for row in rows]
        if len(rows) != page.count or ids != sorted(ids) or (page.has_more and not rows):
            raise OrderViolation(
                "A page of NetSuite's log of deletions is not whole or not in order. Nothing was "
                "deleted; the next run asks again.",
                table=LOG,
            )
        asked_at = instant_text(page.asked_at)
        for row in rows:
            kind = _Type(row["type"], row["scriptid"])
            yield _Entry(row["recordid"], kind, row["deleteddate"] or asked_at)
        hinted = (page.total_results or 0) > len(rows)
        if not rows or (len(rows) < PAGE_ROWS and not page.has_more and not hinted):
            return
        last = ids[-1]
        if last == after and len(rows) < PAGE_ROWS:
            last += 1  # All of this id came again: on behind it.
        elif last == after:
            raise OrderViolation(
                f"NetSuite's log of deletions has {PAGE_ROWS} entries or more of the id {last}. "
                f"Nothing was deleted; the next run asks again.",
                table=LOG,
            )
        after = last


def _absent(table: Table, deleted: dict[int, str], fetch: Fetch) -> dict[int, str]:
    """Those of the deleted rows that the table does not have any more."""
    column = table.logged_column
    decoder = RowDecoder(table.name, (Column(column, ColumnType.INTEGER),), (column,))
    keys = sorted(deleted)
    present: set[int] = set()
    for start in range(0, len(keys), PAGE_ROWS):
        present |= _present(table, keys[start : start + PAGE_ROWS], decoder, fetch)
    return {key: deleted[key] for key in keys if key not in present}


def _present(table: Table, keys: list[int], decoder: RowDecoder, fetch: Fetch) -> set[int]:
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
