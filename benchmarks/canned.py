"""An account that costs next to nothing: one table whose pages are put together from ready rows."""

import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import Column, ColumnType, Table

NOW = datetime(2026, 1, 2, tzinfo=UTC)
"""The account's clock, which stands still; every row was modified before."""

_DISTINCT = 1000
_NULLS = 0.2
_AFTER = re.compile(r"t\.id > (\d+)")
_UP_TO = re.compile(r"t\.id <= (\d+)")
_ENDS = re.compile(r"MOD\(n, (\d+)\) = 0 AND n <= (\d+)")
_TEXTS = (
    "Custom Form",
    "CustInvc",
    "pending approval",
    "Büro Süd\r\n“3rd floor”, please ring twice",
    "SO-104711",
)


@dataclass(frozen=True)
class Answer:
    """What a query finds.

    Attributes:
        items: The rows, as NetSuite writes them.
        count: How many they are.
        total: How many there are beyond the page's limit too.
    """

    items: bytes
    count: int
    total: int


@dataclass(frozen=True)
class Canned:
    """The account; its rows are numbered from 1.

    Attributes:
        columns: How many its table has, of the types that transactions have.
        rows: How many rows.
    """

    columns: int
    rows: int

    @cached_property
    def table(self) -> Table:
        """Transactions, with some of their columns and a multiple select."""
        shipped = shipped_tables()["transaction"]
        needed = [c for c in shipped.columns if c.name in {*shipped.key, shipped.cursor}]
        others = [c for c in shipped.columns if c not in needed]
        places = self.columns - len(needed) - 1
        chosen = [others[n * len(others) // places] for n in range(places)]
        regions = Column("custbody_regions", ColumnType.MULTISELECT)
        return shipped.with_columns((*needed, *chosen, regions))

    def answer(self, text: str, limit: int) -> Answer:
        """What the account says to one of the tap's queries."""
        after, up_to = _number(_AFTER, text, 0), _number(_UP_TO, text, self.rows)
        if "COUNT(*)" in text:
            return Answer(b'[{"links":[],"n":"%d"}]' % self.rows, 1, 1)
        if plan := _ENDS.search(text):
            step, reach = map(int, plan.groups())
            ends = range(after + step, min(after + reach, self.rows) + 1, step)
            items = b",".join(b'{"links":[],"k":"%d"}' % end for end in ends)
            return Answer(b"[%b]" % items, len(ends), len(ends))
        last = min(up_to, self.rows)
        page = range(after + 1, min(after + limit, last) + 1)
        return Answer(self.page(page), len(page), last - after)

    def page(self, ids: range) -> bytes:
        """The rows of some ids."""
        heads, tails = self._parts
        rows = (
            b"%b%d%b" % (heads[n % _DISTINCT], n, tails[n % _DISTINCT])  # its id stands between
            for n in ids
        )
        return b"[%b]" % b",".join(rows)

    @property
    def bytes_a_row(self) -> float:
        """How long a row is on the wire."""
        return len(self.page(range(1, _DISTINCT + 1))) / _DISTINCT

    @cached_property
    def _parts(self) -> tuple[list[bytes], list[bytes]]:
        """What stands before and behind the id of a thousand rows."""
        dice = random.Random(self.columns)  # noqa: S311 - data, no secrets
        rows = [self._row(dice).split(b'"#"') for _ in range(_DISTINCT)]
        return [head + b'"' for head, _ in rows], [b'"' + tail for _, tail in rows]

    def _row(self, dice: random.Random) -> bytes:
        """A row as NetSuite writes it: `links`, then the columns by name, nulls left out."""
        values: dict[str, object] = {"links": []}
        for column in sorted(self.table.columns, key=lambda column: column.wire_name):
            if column.name == "id":
                values["id"] = "#"
            elif column.name == self.table.cursor or dice.random() >= _NULLS:
                values[column.wire_name] = _value(column.type, dice)
        return json.dumps(values, separators=(",", ":"), ensure_ascii=False).encode()


def _value(kind: ColumnType, dice: random.Random) -> str:
    at = NOW - timedelta(days=1, seconds=dice.randrange(10**8))
    values: dict[ColumnType, Callable[[], object]] = {
        ColumnType.INTEGER: lambda: dice.randrange(10 ** dice.randint(1, 7)),
        ColumnType.DECIMAL: lambda: dice.randrange(-(10**6), 10**8) / 100,
        ColumnType.BOOLEAN: lambda: dice.choice("TF"),
        ColumnType.DATE: lambda: f"{at:%Y-%m-%d}",
        ColumnType.DATETIME: lambda: f"{at:%Y-%m-%dT%H:%M:%SZ}",
        ColumnType.TEXT: lambda: dice.choice(_TEXTS),
        ColumnType.MULTISELECT: lambda: ", ".join(
            str(dice.randrange(1, 2000)) for _ in range(dice.randint(1, 4))
        ),
    }
    return str(values[kind]())


def _number(pattern: re.Pattern[str], text: str, otherwise: int) -> int:
    found = pattern.search(text)
    return int(found[1]) if found else otherwise
