"""Tables of more columns than one query gives: read in groups of columns, joined by key.

The groups of a range are asked for one after the other, so a row may change between two of them.
The cursor, which every group carries, tells: such a range is torn and is read again. A table
without cursor cannot tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tap_netsuite_tba.decoding import Row, RowDecoder
from tap_netsuite_tba.errors import OrderViolation
from tap_netsuite_tba.netsuite.query import PAGE_ROWS, Page
from tap_netsuite_tba.netsuite.suiteql import expressions
from tap_netsuite_tba.tables import DELETED_AT, Column, KeyValue, Table

MAX_COLUMNS = 99
"""Columns a query: above 100, SuiteQL answers no rows and no error."""


def column_groups(table: Table, columns: Sequence[Column]) -> list[tuple[Column, ...]]:
    """The fewest groups that one query each can give, all with the key and the cursor."""
    shared_names = {*table.key, table.replication_key}
    shared = tuple(column for column in columns if column.name in shared_names)
    others = [c for c in columns if c not in shared and c.name != DELETED_AT]
    room = MAX_COLUMNS - len(shared)
    groups = [
        shared + tuple(others[start : start + room]) for start in range(0, len(others) or 1, room)
    ]
    # The column of tombstones costs no place, for no query asks for it.
    groups[0] += tuple(column for column in columns if column.name == DELETED_AT)
    return groups


class GroupDecoder:
    """Decodes the pages of all groups of a range into whole rows.

    Attributes:
        groups: The columns of each group.
    """

    def __init__(self, table: Table, columns: Sequence[Column]) -> None:
        self.groups = column_groups(table, columns)
        self._order = [column.name for column in columns]
        self._cursor = table.replication_key
        self._decoders = [
            RowDecoder(table.name, group, table.key, expressions(group)) for group in self.groups
        ]

    def first(self, page: Page) -> tuple[list[Row], list[KeyValue]]:
        """The rows of the first group's page, and their keys."""
        decoder = self._decoders[0]
        rows = decoder.decode(page.items)
        return rows, [decoder.key_of(row) for row in rows]

    def complete(self, rows: list[Row], pages: Sequence[Page]) -> "Joined":
        """The rows with the columns of the other groups, as far as all pages reach.

        A row that a later page should have and has not was deleted meanwhile; a row that only a
        later page has came meanwhile, and is left for the next run.

        Raises:
            OrderViolation: A page does not hold what it announces.
            ValueMismatch: A value does not fit its column.
        """
        torn: set[KeyValue] = set()
        reach: KeyValue | None = None
        for page, decoder in zip(pages, self._decoders[1:], strict=True):
            others = {decoder.key_of(row): row for row in decoder.decode(page.items)}
            if len(others) != page.count or (page.has_more and not others):
                raise OrderViolation(
                    f"A page of {decoder.table} announces {page.count} rows and holds "
                    f"{len(others)}; no row of it was used.",
                    table=decoder.table,
                )
            if page.has_more or len(others) >= PAGE_ROWS:
                reach = min(max(others), reach or max(others))
            joined = []
            for row in rows:
                key = decoder.key_of(row)
                other = others.get(key)
                if other is None:
                    continue
                if self._cursor in row and row[self._cursor] != other[self._cursor]:
                    torn.add(key)
                joined.append(row | other)
            rows = joined
        decoder = self._decoders[0]
        whole = [row for row in rows if reach is None or decoder.key_of(row) <= reach]
        return Joined([{name: row[name] for name in self._order} for row in whole], torn, reach)


@dataclass(frozen=True)
class Joined:
    """The rows of a range from all its pages.

    Attributes:
        torn: The keys of rows that changed between two pages.
        reach: The last key that every page reaches; None if all reach the end of the range.
    """

    rows: list[Row]
    torn: set[KeyValue]
    reach: KeyValue | None
