"""Tables of more columns than one query gives: read in groups of columns, joined by key.

The groups of a range are asked for at once and answered at different times, so a row may change
between two of them. The cursor, which every group carries, tells: such a row is torn and is read
again. A table without cursor cannot tell.
"""

from collections.abc import Sequence
from typing import NamedTuple

from tap_netsuite_tba.decoding import Row, RowDecoder
from tap_netsuite_tba.errors import ValueMismatch
from tap_netsuite_tba.extraction.ranges import Range
from tap_netsuite_tba.netsuite.query import Page
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


Found = tuple[list[Row], list[KeyValue]]
"""The rows of a page and their keys, in the same order."""


class Joined(NamedTuple):
    """The rows of a range from the pages of all groups.

    Attributes:
        rows: Those that are the same in all groups, in the order of the first.
        keys: Theirs.
        torn: The keys of rows that changed, or went, between two pages.
    """

    rows: list[Row]
    keys: list[KeyValue]
    torn: list[KeyValue]


class GroupDecoder:
    """Decodes the pages of all groups of a range into whole rows.

    Attributes:
        groups: The columns of each group.
    """

    def __init__(self, table: Table, columns: Sequence[Column]) -> None:
        self.groups = column_groups(table, columns)
        self._in_order: Row = dict.fromkeys(column.name for column in columns)
        self._cursor = table.replication_key
        self._decoders = [
            RowDecoder(table.name, group, table.key, expressions(group)) for group in self.groups
        ]

    def decode(self, group: int, page: Page) -> Found:
        """The rows of a page of one of the groups, and their keys."""
        decoder = self._decoders[group]
        rows = decoder.decode(page.items)
        return rows, decoder.keys_of(rows)

    def outer_keys(self, page: Page) -> tuple[KeyValue, KeyValue] | None:
        """The keys of the first and the last row of a page of the first group, if they are told."""
        try:
            return self._decoders[0].outer_keys(page.items)
        except ValueMismatch:
            return None

    def join(self, found: Sequence[Found], read: Range) -> Joined:
        """The rows of a range with the columns of all groups.

        A row that only a later group has came meanwhile, and is left for the next run.

        Args:
            found: The rows and keys of each group.
            read: The range, as far as all groups reach.
        """
        first, *others = ({k: row for row, k in zip(*group, strict=True)} for group in found)
        whole = {key: row for key, row in first.items() if read.holds(key)}
        torn: list[KeyValue] = []
        for key, row in [*whole.items()]:
            parts = [other[key] for other in others if key in other]
            cursor = self._cursor
            same = cursor is None or all(part.get(cursor) == row.get(cursor) for part in parts)
            if same and len(parts) == len(others):
                whole[key] = self._in_order | row
                for part in parts:
                    whole[key] |= part
            else:
                torn.append(key)
                del whole[key]
        return Joined([*whole.values()], [*whole], torn)
