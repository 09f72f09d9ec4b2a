"""Tables of more columns than one query gives: read in groups of columns, joined by key.

The groups of a range are asked for one after the other, so a row may change between two of them.
The cursor, which every group carries, tells: such a range is torn and is read again. A table
without cursor cannot tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass

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

    def later(self, pages: Sequence[Page]) -> list[tuple[list[Row], list[KeyValue]]]:
        """The rows and keys of the pages of the other groups."""
        found = []
        for page, decoder in zip(pages, self._decoders[1:], strict=True):
            rows = decoder.decode(page.items)
            found.append((rows, [decoder.key_of(row) for row in rows]))
        return found

    def join(
        self,
        first: tuple[list[Row], list[KeyValue]],
        later: Sequence[tuple[list[Row], list[KeyValue]]],
        reach: KeyValue | None,
    ) -> "Joined":
        """The rows with the columns of all groups, as far as all pages reach.

        A row that only a later page has came meanwhile, and is left for the next run.

        Args:
            first: The rows and keys of the first page.
            later: Those of the others.
            reach: The last key that every page reaches; None if all reach the end of the range.
        """
        torn: set[KeyValue] = set()
        whole = {key: row for row, key in zip(*first, strict=True) if reach is None or key <= reach}
        for rows, keys in later:
            others = dict(zip(keys, rows, strict=True))
            for key in [*whole]:
                other = others.get(key)
                if other is None:
                    torn.add(key)
                    del whole[key]
                    continue
                row = whole[key]
                if self._cursor in row and row[self._cursor] != other[self._cursor]:
                    torn.add(key)
                whole[key] = row | other
        return Joined([{name: row[name] for name in self._order} for row in whole.values()], torn)


@dataclass(frozen=True)
class Joined:
    """The rows of a range from all its pages.

    Attributes:
        torn: The keys of rows that changed, or went, between two pages.
    """

    rows: list[Row]
    torn: set[KeyValue]
