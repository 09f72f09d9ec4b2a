"""An account in memory, for the reader: it answers the tap's queries as NetSuite would."""

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.tables import Column, ColumnType, KeyValue, Table

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)

TABLE = Table(
    name="transaction",
    key=("id",),
    columns=(
        Column("id", ColumnType.INTEGER),
        Column("memo", ColumnType.TEXT),
        Column("lastmodifieddate", ColumnType.DATETIME),
    ),
    cursor="lastmodifieddate",
)
WIDE_KEY = Table(
    name="transactionaccountingline",
    key=("transaction", "transactionline", "accountingbook"),
    columns=(
        Column("transaction", ColumnType.INTEGER),
        Column("transactionline", ColumnType.INTEGER),
        Column("accountingbook", ColumnType.INTEGER),
    ),
)

_BOUND = re.compile(r"t\.(\w+) (>|<|>=|<=|=) (-?\d+)")
_SINCE = re.compile(r"\S+ >= TO_(?:DATE|TIMESTAMP)\('(.*?)', '.*?'\)")


@dataclass
class MemoryAccount:
    """Rows of one table by key; `before_answer` may change them while they are read.

    Attributes:
        modified: When each row was last modified.
        queries: The texts of all queries, in the order of their arrival.
    """

    table: Table
    modified: dict[KeyValue, datetime]
    before_answer: Callable[["MemoryAccount", Query], None] | None = None
    now: datetime = BEGIN
    queries: list[str] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def fetch(self, query: Query) -> Page:
        with self._lock:
            self.now += timedelta(seconds=1)
            asked_at = self.now
            self.queries.append(query.text)
            if self.before_answer:
                self.before_answer(self, query)
            if "ROW_NUMBER" in query.text:
                rows, total = self._page_ends(query.text), None
            elif "COUNT(*)" in query.text:
                rows, total = [self._count(query.text)], 1
            else:
                keys = self._keys(query.text)
                rows, total = [self._row(key) for key in keys[: query.limit + 1]], len(keys)
            page = rows[: query.limit]
            return Page(
                items=json.dumps(page).encode(),
                count=len(page),
                has_more=len(rows) > len(page),
                total_results=total,
                asked_at=asked_at,
            )

    def _row(self, key: KeyValue) -> dict[str, object]:
        row: dict[str, object] = {"links": []}
        row |= {name: str(value) for name, value in zip(self.table.key, key, strict=True)}
        if self.table.cursor:
            row[self.table.cursor] = self.modified[key].strftime("%Y-%m-%dT%H:%M:%SZ")
        return row

    def _page_ends(self, text: str) -> list[dict[str, object]]:
        inner = text[text.index("(SELECT") : text.rindex(") WHERE MOD")]
        keys = self._keys(inner)
        [step] = map(int, re.findall(r"MOD\(n, (\d+)\)", text))
        [most] = map(int, re.findall(r"n <= (\d+)", text))
        return [{"k": str(key[0])} for key in keys[:most][step - 1 :: step]]

    def _count(self, text: str) -> dict[str, object]:
        keys = self._keys(text)
        started = re.search(r"CASE WHEN .*?TO_TIMESTAMP\('(.*?)'", text)
        after = datetime.fromisoformat(started[1]).replace(tzinfo=UTC) if started else None
        changed = sum(after is not None and self.modified[key] >= after for key in keys)
        return {"n": str(len(keys)), "changed": str(changed)}

    def _keys(self, text: str) -> list[KeyValue]:
        """The keys that fit the query's WHERE clause, which is evaluated as Python."""
        where = re.search(r" WHERE (.*?)(?: ORDER BY .*)?$", text)
        condition = where[1] if where else "True"
        condition = _SINCE.sub(lambda found: f"modified >= instant('{found[1]}')", condition)
        condition = _BOUND.sub(
            lambda found: f"{found[1]} {'==' if found[2] == '=' else found[2]} {found[3]}",
            condition,
        )
        condition = condition.replace(" AND ", " and ").replace(" OR ", " or ")
        names = ", ".join(self.table.key)
        fits = eval(f"lambda {names}, modified: {condition}", {"instant": _instant})  # noqa: S307 - our own queries only
        return sorted(key for key, modified in self.modified.items() if fits(*key, modified))


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
