"""An account in memory, for the reader: it answers the tap's queries as NetSuite would."""

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tap_netsuite_tba.netsuite.errors import QueryRefused
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.tables import (
    PARENT_MODIFIED_AT,
    Column,
    ColumnType,
    KeyValue,
    Parent,
    Table,
)

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
LINES = Table(
    name="transactionline",
    key=("transaction", "id"),
    columns=(
        Column("transaction", ColumnType.INTEGER),
        Column("id", ColumnType.INTEGER),
        Column(PARENT_MODIFIED_AT, ColumnType.DATETIME),
    ),
    parent=Parent("transaction", "transaction"),
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


def of_many_columns(table: Table, columns: int) -> Table:
    """The same table with so many columns in all, texts beyond those that it has."""
    texts = range(columns - len(table.columns))
    return table.with_columns(
        (*table.columns, *(Column(f"custbody_{n}", ColumnType.TEXT) for n in texts))
    )


_BOUND = re.compile(r"t\.(\w+) (>|<|>=|<=|=) (-?\d+)")
_BEFORE = re.compile(r"SYS_EXTRACT_UTC\(t\.\w+\) < TO_TIMESTAMP\('(.*?)', '.*?'\)")
_SINCE = re.compile(
    r"(?:SYS_EXTRACT_UTC\(t\.\w+\)|t\.\w+) >= TO_(?:DATE|TIMESTAMP)\('(.*?)', '.*?'\)"
)


@dataclass
class MemoryAccount:
    """Rows of one table by key, the only one; `before_answer` may change them as they are read.

    Attributes:
        modified: When each row was last modified; None where its cursor is null.
        queries: The texts of all queries, in the order of their arrival.
    """

    table: Table
    modified: dict[KeyValue, datetime | None]
    before_answer: Callable[["MemoryAccount", Query], None] | None = None
    now: datetime = BEGIN
    queries: list[str] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def fetch(self, query: Query) -> Page:
        if query.table not in {None, self.table.name}:
            raise QueryRefused(f"Record '{query.table}' was not found.", table=query.table)
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
                texts = self._selected_texts(query.text)
                rows = [self._row(key, texts) for key in keys[: query.limit + 1]]
                total = len(keys)
            page = rows[: query.limit]
            return Page(
                items=json.dumps(page).encode(),
                count=len(page),
                has_more=len(rows) > len(page),
                total_results=total,
                asked_at=asked_at,
            )

    def _selected_texts(self, text: str) -> list[str]:
        selected = set(re.findall(r"t\.(\w+)", text.partition(" FROM ")[0]))
        return [
            column.name
            for column in self.table.columns
            if column.type is ColumnType.TEXT and column.name in selected
        ]

    def _row(self, key: KeyValue, texts: list[str]) -> dict[str, object]:
        row: dict[str, object] = {"links": []}
        row |= {name: str(value) for name, value in zip(self.table.key, key, strict=True)}
        modified = wire_instant(self.modified[key])
        if self.table.cursor and modified:
            row[self.table.cursor] = modified
        return row | {name: text_of(name, key, modified) for name in texts}

    def _page_ends(self, text: str) -> list[dict[str, object]]:
        inner = text[text.index("(SELECT") : text.rindex(") WHERE MOD")]
        keys = self._keys(inner)
        [step] = map(int, re.findall(r"MOD\(n, (\d+)\)", text))
        [most] = map(int, re.findall(r" n <= (\d+) ", text))
        names = ("k", "k2", "k3")
        ends = keys[:most][step - 1 :: step]
        return [{name: str(value) for name, value in zip(names, end, strict=False)} for end in ends]

    def _count(self, text: str) -> dict[str, object]:
        keys = self._keys(text)
        highest = {"highest": str(keys[-1][0])} if keys and "MAX(" in text else {}
        return {"n": str(len(keys)), **highest}

    def _keys(self, text: str) -> list[KeyValue]:
        """The keys that fit the query's WHERE clause, which is evaluated as Python."""
        where = re.search(r" WHERE (.*?)(?: ORDER BY .*)?$", text)
        condition = where[1] if where else "True"
        condition = _SINCE.sub(lambda found: f"reaches(modified, '{found[1]}')", condition)
        condition = _BEFORE.sub(lambda found: f"precedes(modified, '{found[1]}')", condition)
        condition = _BOUND.sub(
            lambda found: f"{found[1]} {'==' if found[2] == '=' else found[2]} {found[3]}",
            condition,
        )
        condition = re.sub(r"t\.\w+ IS NULL", "modified is None", condition)
        condition = condition.replace(" AND ", " and ").replace(" OR ", " or ")
        names = ", ".join(self.table.key)
        fits = eval(  # noqa: S307 - our own queries only
            f"lambda {names}, modified: {condition}", {"reaches": _reaches, "precedes": _precedes}
        )
        found = (key for key, modified in self.modified.items() if fits(*key, modified))
        return sorted(found, reverse=text.endswith(" DESC"))


def text_of(column: str, key: KeyValue, modified: str | None) -> str:
    """What a text column holds in the version of a row that was modified then."""
    return f"{column} of {key} at {modified}"


def wire_instant(instant: datetime | None) -> str | None:
    """An instant as NetSuite writes it."""
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ") if instant else None


def _reaches(modified: datetime | None, text: str) -> bool:
    """Whether an instant is not before another; as in SQL, null is not."""
    return modified is not None and modified >= datetime.fromisoformat(text).replace(tzinfo=UTC)


def _precedes(modified: datetime | None, text: str) -> bool:
    return modified is not None and not _reaches(modified, text)
