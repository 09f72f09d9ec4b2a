"""Tables of more columns than one query gives: read in groups of columns, joined by key.

The groups of a range are asked for one after the other, so a row may change between two of them.
The cursor, which every group carries, tells: such a range is torn and is read again.
"""

from collections.abc import Sequence

from tap_netsuite_tba.decoding import Row, RowDecoder
from tap_netsuite_tba.netsuite.query import Page
from tap_netsuite_tba.netsuite.suiteql import expressions
from tap_netsuite_tba.tables import DELETED_AT, Column, KeyValue, Table

MAX_COLUMNS = 99
"""Columns a query: above 100, SuiteQL answers no rows and no error."""


def column_groups(table: Table, columns: Sequence[Column]) -> list[tuple[Column, ...]]:
    """The fewest groups that one query each can give, all with the key and the cursor."""
    shared_names = {*table.key, table.replication_key}
    shared = tuple(column for column in columns if column.name in shared_names)
    others = [column for column in columns if column not in shared]
    # The column of tombstones costs no place, for no query asks for it.
    others.sort(key=lambda column: column.name != DELETED_AT)
    room = MAX_COLUMNS - len(shared)
    groups = [others[start : start + room] for start in range(0, len(others), room)] or [[]]
    return [shared + tuple(group) for group in groups]


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

    def complete(self, rows: list[Row], pages: Sequence[Page]) -> tuple[list[Row], list[KeyValue]]:
        """The rows with the columns of the other groups, and the keys of those that are torn.

        A row that a later page does not have was deleted meanwhile, or is torn if that page is
        not whole; a row that only a later page has came meanwhile, and is left for the next run.
        """
        torn: list[KeyValue] = []
        for page, decoder in zip(pages, self._decoders[1:], strict=True):
            others = {decoder.key_of(row): row for row in decoder.decode(page.items)}
            is_whole = not page.has_more and len(others) == page.count
            joined = []
            for row in rows:
                key = decoder.key_of(row)
                other = others.get(key)
                if other is None:
                    torn += [] if is_whole else [key]
                    continue
                if self._cursor in row and row[self._cursor] != other[self._cursor]:
                    torn.append(key)
                joined.append(row | other)
            rows = joined
        return [{name: row[name] for name in self._order} for row in rows], torn
