"""What NetSuite's log of deletions has, and what it calls the types of the records.

What its types are called is not documented: they may read like labels or like codes, or be numbers,
beside a script id that tells more. So a type is a table's if its name or its script id is one of
the table's.
"""

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from tap_netsuite_tba.decoding import RowDecoder, instant_text
from tap_netsuite_tba.errors import OrderViolation
from tap_netsuite_tba.netsuite.deletion_log import LOG, select_deleted_types, select_deletions
from tap_netsuite_tba.netsuite.query import PAGE_ROWS, SHORT_PATIENCE, Fetch, Query
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import Column, ColumnType, Table

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


def normal_type(name: str) -> str:
    """The name of a record type in lower-case letters and digits: `Sales Order` is `salesorder`.

    The script id of a custom record stays as it is, for another's may differ in an underscore only.
    """
    lower = name.lower()
    return lower if lower.startswith("customrecord") else re.sub(r"[^a-z0-9]", "", lower)


@dataclass(frozen=True)
class RecordType:
    """A type of records as the log names it; either name may be null."""

    name: str | None
    script_id: str | None

    @property
    def is_known(self) -> bool:
        """Whether some table has it, shipped or of custom records."""
        is_custom = any(name.startswith("customrecord") for name in self._names)
        return is_custom or not self._names.isdisjoint(_known_types())

    def is_of(self, table: Table) -> bool:
        """Whether it is a type of the table's rows, or of those that own them."""
        return not self._names.isdisjoint(table.deleted_types)

    @property
    def _names(self) -> frozenset[str]:
        return frozenset(normal_type(name) for name in (self.name, self.script_id) if name)

    def __str__(self) -> str:
        return self.name or self.script_id or "(unnamed)"


@dataclass(frozen=True)
class Entry:
    """One deletion in the log.

    Attributes:
        deleted_at: As records have instants.
    """

    key: int
    type: RecordType
    deleted_at: str


@dataclass(frozen=True)
class DeletedTypes:
    """How many deletions the log had of each type.

    Attributes:
        since: Deletions at this instant or later are counted.
        asked_at: When it was asked, by NetSuite's clock.
    """

    counts: Counter[RecordType]
    since: datetime
    asked_at: datetime

    def of(self, table: Table) -> list[RecordType]:
        """Those of a table."""
        return [kind for kind in self.counts if kind.is_of(table)]


@dataclass(frozen=True)
class Logged:
    """Entries of the log, and when it was asked for the first of them, by NetSuite's clock."""

    entries: frozenset[Entry]
    asked_at: datetime


@cache
def _known_types() -> frozenset[str]:
    return frozenset().union(*(table.deleted_types for table in shipped_tables().values()))


def count_types(fetch: Fetch, since: datetime) -> DeletedTypes:
    """Asks of which types records were deleted since an instant.

    Raises:
        OrderViolation: The answer is not whole.
        ValueMismatch: A value does not fit its column.
        NetSuiteError: NetSuite could not be asked.
    """
    text = select_deleted_types(since)
    page = fetch(Query(text, table=LOG, patience=SHORT_PATIENCE))
    rows = _TYPES.decode(page.items)
    if len(rows) != page.count or page.has_more or (page.total_results or 0) > len(rows):
        raise OrderViolation("The list of its types is not whole.", table=LOG)
    counts: Counter[RecordType] = Counter()
    for row in rows:
        counts[RecordType(row["type"], row["scriptid"])] += row["n"]
    return DeletedTypes(counts, since, page.asked_at)


def read_entries(fetch: Fetch, since: datetime, types: Collection[RecordType] = ()) -> Logged:
    """Asks for the deletions since an instant, of some types or of all.

    It comes in pages: each begins at the last id of the one before, whose entries may go on.

    Raises:
        OrderViolation: A page is not whole or not in order.
        ValueMismatch: A value does not fit its column.
        NetSuiteError: NetSuite could not be asked.
    """
    names = {kind.name for kind in types if kind.name}
    script_ids = {kind.script_id for kind in types if kind.script_id and not kind.name}
    entries: set[Entry] = set()
    after = asked_at = None
    while True:
        text = select_deletions(since, after=after, types=names, script_ids=script_ids)
        page = fetch(Query(text, table=LOG))
        asked_at = asked_at or page.asked_at
        rows = _ENTRIES.decode(page.items)
        ids = [row["recordid"] for row in rows]
        if len(rows) != page.count or ids != sorted(ids) or (page.has_more and not rows):
            raise OrderViolation(
                "A page of NetSuite's log of deletions is not whole or not in order. Nothing was "
                "deleted; the next run asks again.",
                table=LOG,
            )
        for row in rows:
            kind = RecordType(row["type"], row["scriptid"])
            deleted_at = row["deleteddate"] or instant_text(page.asked_at)
            entries.add(Entry(row["recordid"], kind, deleted_at))
        hinted = (page.total_results or 0) > len(rows)
        if not rows or (len(rows) < PAGE_ROWS and not page.has_more and not hinted):
            return Logged(frozenset(entries), asked_at)
        after = _next_id(ids[-1], after, len(rows))


def _next_id(last: int, after: int | None, rows: int) -> int:
    """Where the page behind one begins that ended at an id and began at another."""
    if last != after:
        return last
    if rows < PAGE_ROWS:
        return last + 1  # All of this id came again: on behind it.
    raise OrderViolation(
        f"NetSuite's log of deletions has {PAGE_ROWS} entries or more of the id {last}. Nothing "
        f"was deleted; the next run asks again.",
        table=LOG,
    )
