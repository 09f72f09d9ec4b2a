"""The account at one instant, and what is kept of it for as long as nobody changes it."""

import threading
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple, TypeVar

import duckdb

from tap_netsuite_tba.simulator.records.rows import Row, Rows

T = TypeVar("T")

# To read a block costs as much as to read three of its rows; of a view, hardly more than one.
_BLOCK = 128
_BLOCK_OF_VIEW = 2048
_FEW = 2
_MOST_BLOCKS = 64
_MOST_FOUND = 50_000


class Place(NamedTuple):
    """Where a block of rows lies.

    Attributes:
        table: where they lie.
        column: that holds their keys.
        keys: of the block.
    """

    table: str
    column: str
    keys: range


class Kept:
    """What was read of one edition of the account, by whichever request."""

    def __init__(self) -> None:
        self._found: dict[object, Any] = {}
        self._asked: Counter[Place] = Counter()
        self._blocks: dict[Place, dict[int, list[Row]]] = {}
        self._lock = threading.Lock()

    def once(self, place: object, make: Callable[[], T]) -> T:
        """Return what is kept at ``place``; if nothing is, make it."""
        found = self._found
        if place not in found:
            if len(found) >= _MOST_FOUND:
                self._found = {}
            found[place] = make()
        kept: T = found[place]
        return kept

    def is_rare(self, place: Place) -> bool:
        """Tell whether few have asked for rows of a block so far."""
        with self._lock:
            self._asked[place] += 1
            return self._asked[place] <= _FEW

    def block(self, place: Place, read: Callable[[], list[Row]]) -> dict[int, list[Row]]:
        """Return a block, its rows by key; the oldest ones are forgotten."""
        found = self._blocks.get(place)
        if found is None:
            found = {}
            for row in read():
                found.setdefault(row[place.column], []).append(row)
            with self._lock:
                while len(self._blocks) >= _MOST_BLOCKS:
                    del self._blocks[next(iter(self._blocks))]
                self._blocks[place] = found
        return found


class Snapshot:
    """Reads the account as it is at one instant.

    Args:
        cursor: whose transaction has begun.
        reader: reads rows.
        kept: what was read of the same edition.
    """

    def __init__(self, cursor: duckdb.DuckDBPyConnection, reader: Rows, kept: Kept) -> None:
        self._cursor = cursor
        self._reader = reader
        self._kept = kept

    def rows(self, table: str, column: str, key: int | None) -> list[Row]:
        """Return the rows of a table with this key in a column; none for no key."""
        if key is None:
            return []
        size = _BLOCK_OF_VIEW if self._reader.is_view(table) else _BLOCK
        start = key // size * size
        place = Place(table, column, range(start, start + size))
        if self._kept.is_rare(place):
            return self.read(table, {column: key})
        block = self._kept.block(place, lambda: self.read(table, {column: place.keys}))
        return block.get(key, [])

    def read(
        self,
        table: str,
        where: Mapping[str, object],
        *,
        wanted: Collection[str] | None = None,
        source: str | None = None,
    ) -> list[Row]:
        """Return rows by the values of columns; for the arguments see ``Rows.read``."""
        return self._reader.read(self._cursor, table, where, wanted=wanted, source=source)

    def few(self, table: str, where: Mapping[str, object]) -> list[Row]:
        """Return rows that many records need; they are read once an edition."""
        return self.once((table, *where.items()), lambda: self.read(table, where))

    def once(self, place: object, make: Callable[[], T]) -> T:
        """Return what is made once an edition."""
        return self._kept.once(place, make)
