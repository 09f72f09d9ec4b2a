"""Pages of a result, in the order that NetSuite promises and in no other."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from tap_netsuite_tba.simulator.suiteql.render import without_empty


@dataclass(frozen=True)
class Statement:
    """A translated query, with places for its values.

    Attributes:
        rows: the query in DuckDB's words.
        order: what NetSuite promises of the order; empty for nothing.
        rendered: the expression that prints a row.
        has_row_ids: whether the column ``r`` tells each row of the query from the others.
    """

    rows: str
    order: str
    rendered: str
    has_row_ids: bool


@dataclass(frozen=True)
class Rows:
    """Some rows of a result.

    Attributes:
        items: the rows' JSON texts.
        total: how many rows the whole result has.
    """

    items: list[str]
    total: int


class Reader:
    """Reads one page of a statement.

    Args:
        cursor: in a transaction, so that a page and its count see the same rows.
        statement: what to read.
        values: what stands in the statement's places.
    """

    def __init__(
        self,
        cursor: duckdb.DuckDBPyConnection,
        statement: Statement,
        values: Mapping[str, str],
    ) -> None:
        self._cursor = cursor
        self._rows = filled(statement.rows, values)
        self._order = statement.order
        self._rendered = statement.rendered
        self._has_row_ids = statement.has_row_ids

    def read(self, start: int, count: int) -> Rows:
        """Return a page, and count the whole result where the page does not tell."""
        if self._order:
            # The last key makes another order of every tie, across pages too.
            items = self._sorted(f" ORDER BY {self._order}, random()", start, count + 1)
            if len(items) <= count and (items or not start):
                return Rows(items, start + len(items))
            return Rows(items[:count], self._total())
        items = self._slice("", start, count + 1) if not start else []
        if not start and len(items) <= count:
            random.shuffle(items)
            return Rows(items, len(items))
        return self._turned(start, count)

    def _turned(self, start: int, count: int) -> Rows:
        """Return a page of rows in no order: the result begins at another row each time.

        Turning it costs nothing, where sorting it at random would sort all of it for each page.
        """
        total = self._total()
        count = max(0, min(count, total - start))
        if not count:
            return Rows([], total)
        turned = (start + random.randrange(total)) % total  # noqa: S311  # no secret
        items = self._slice("", turned, count)
        if len(items) < count:
            items += self._slice("", 0, count - len(items))
        random.shuffle(items)
        return Rows(items, total)

    def _sorted(self, order: str, start: int, count: int) -> list[str]:
        if not start or not self._has_row_ids:
            return self._slice(order, start, count)
        # Far into a result its keys are sorted alone: whole rows would cost twice as much.
        found = f"SELECT r FROM ({self._rows}){order} LIMIT {count} OFFSET {start}"  # noqa: S608  # translated
        return self._printed(f"SELECT * FROM ({self._rows}) WHERE r IN ({found}){order}")  # noqa: S608

    def _slice(self, order: str, start: int, count: int) -> list[str]:
        # The row is printed outside of the limit, or DuckDB would print every row to sort it.
        return self._printed(f"SELECT * FROM ({self._rows}){order} LIMIT {count} OFFSET {start}")  # noqa: S608

    def _printed(self, page: str) -> list[str]:
        rows = self._cursor.execute(f"SELECT {self._rendered} FROM ({page})").fetchall()  # noqa: S608
        return [without_empty(row[0]) for row in rows]

    def _total(self) -> int:
        row = self._cursor.execute(f"SELECT count(*) FROM ({self._rows})").fetchone()  # noqa: S608
        return 0 if row is None else int(row[0])


def filled(sql: str, values: Mapping[str, str]) -> str:
    """Put the values in their places, which NUL characters mark."""
    parts = sql.split("\0")
    parts[1::2] = (values[name] for name in parts[1::2])
    return "".join(parts)
