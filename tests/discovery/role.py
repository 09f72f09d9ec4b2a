"""A role that may see some tables and columns: it answers the queries of discovery."""

import json
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tap_netsuite_tba.netsuite.errors import (
    NetSuiteError,
    NotFound,
    PermissionDenied,
    QueryRefused,
)
from tap_netsuite_tba.netsuite.metadata import CATALOG, RecordCatalog
from tap_netsuite_tba.netsuite.query import Document, Page, Query, Resource
from tap_netsuite_tba.netsuite.sampling import TIME_FORMAT

Row = Mapping[str, str]

PREFIX = "Invalid search query. Detailed unprocessed description follows. "
UNNAMED = f"{PREFIX}Search error occurred: Invalid or unsupported search."

_TABLE = re.compile(r" FROM (\w+) t\b")
_PARENT = re.compile(r" JOIN (\w+) p\b")
_TIME = re.compile(rf"TO_CHAR\(t\.(\w+), '{TIME_FORMAT}'\) AS (\w+)")
_COUNT = "COUNT(*) AS n"
_NOWHERE = re.compile(r" WHERE (t\.\w+) IS NULL AND \1 IS NOT NULL$")


def unknown_identifier(name: str) -> str:
    words = f"Unknown identifier '{name}'. Available identifiers are: {{customer=customer}}."
    return f"{PREFIX}Search error occurred: {words}"


def hidden_table(name: str) -> str:
    return f"{PREFIX}Search error occurred: Record '{name}' was not found."


def unknown_table(name: str) -> str:
    return f"{PREFIX}Invalid search type: {name}."


def columns_of(query: Query) -> list[str]:
    """The columns that a query selects, the date of a transaction as `p.<column>`."""
    selected = query.text.split(" FROM ")[0]
    return [name.removeprefix("t.") for name in re.findall(r"\b[tp]\.\w+", selected)]


def named_in(query: Query) -> list[str]:
    """All columns that a query names, the selected ones first."""
    where = query.text.partition(" WHERE ")[2]
    return columns_of(query) + [name.removeprefix("t.") for name in re.findall(r"\bt\.\w+", where)]


@dataclass
class Role:
    """What a role may see.

    Attributes:
        refused: For each table the columns that it may not see.
        hidden: The tables that it may not see.
        rows: The rows of the tables, as NetSuite gives them; of those that are not named, none.
        times: The times of day in the dates of the tables' rows.
        record_names: The records that the metadata catalog names; None if it may not see that.
        schemas: How that catalog describes some of them.
        refusal: The error for a query that names refused columns, the first of them given.
        trouble: May raise for a query before it is looked at.
        queries: All queries, in the order of their arrival.
    """

    refused: Mapping[str, set[str]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    times: Mapping[str, Row] = field(default_factory=dict)
    record_names: Sequence[str] | None = ()
    schemas: Mapping[str, Document] = field(default_factory=dict)
    refusal: Callable[[str, str], NetSuiteError] = lambda table, name: QueryRefused(
        unknown_identifier(name), table=table
    )
    trouble: Callable[[Query], None] | None = None
    queries: list[Query] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fetch(self, query: Query) -> Page:
        with self._lock:
            self.queries.append(query)
        if self.trouble:
            self.trouble(query)
        tables = _TABLE.findall(query.text)
        assert tables, query.text
        table = tables[0]
        for named in (*tables, *_PARENT.findall(query.text)):
            if named in self.hidden:
                raise QueryRefused(hidden_table(named), table=table)
        if query.text.startswith("SELECT  FROM"):
            raise QueryRefused(UNNAMED, table=table)
        if refused := [c for c in named_in(query) if c in self.refused.get(table, ())]:
            raise self.refusal(table, refused[0])
        items = self._rows(table, query)
        asked_at = datetime(2026, 1, 1, tzinfo=UTC)
        content = json.dumps([{"links": [], **row} for row in items]).encode()
        return Page(
            content, len(items), has_more=False, total_results=len(items), asked_at=asked_at
        )

    def asked_about(self, table: str) -> list[Query]:
        return [query for query in self.queries if f" FROM {table} t" in query.text]

    @property
    def catalog(self) -> RecordCatalog:
        """The metadata catalog."""
        return RecordCatalog(self._get)

    def _rows(self, table: str, query: Query) -> Sequence[Row]:
        """The rows that a query gives, with the columns that it selects and that are not null."""
        rows = self.rows.get(table, ())
        if _COUNT in query.text:
            tables = _TABLE.findall(query.text)
            return [{"n": str(len(self.rows.get(name, ())))} for name in tables]
        if _NOWHERE.search(query.text):
            return []
        if asked := _TIME.findall(query.text):
            times = self.times.get(table, {})
            return [{alias: times[column] for column, alias in asked if column in times}]
        if query.text.startswith("SELECT t.*"):
            return rows
        selected = columns_of(query)
        return [{name: row[name] for name in selected if name in row} for row in rows]

    def _get(self, wanted: Resource) -> Document:
        name = wanted.path.rpartition("/")[2]
        if self.record_names is None:
            raise PermissionDenied("You may not see the catalog.", status=403, table=wanted.table)
        if name == CATALOG:
            return {"items": [{"name": name, "links": []} for name in self.record_names]}
        if name not in self.schemas:
            raise NotFound("The record type does not exist.", status=404, table=wanted.table)
        return self.schemas[name]
