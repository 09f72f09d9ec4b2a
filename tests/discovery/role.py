"""A role that may see some tables and columns: it answers the queries of discovery."""

import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tap_netsuite_tba.netsuite.errors import NetSuiteError, QueryRefused
from tap_netsuite_tba.netsuite.query import Page, Query

PREFIX = "Invalid search query. Detailed unprocessed description follows. "
UNNAMED = f"{PREFIX}Search error occurred: Invalid or unsupported search."

_TABLE = re.compile(r" FROM (\w+) t\b")
_PARENT = re.compile(r" JOIN (\w+) p\b")
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
        custom_fields: The rows of the table `customfield`.
        refusal: The error for a query that names refused columns, the first of them given.
        trouble: May raise for a query before it is looked at.
        queries: All queries, in the order of their arrival.
    """

    refused: Mapping[str, set[str]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    custom_fields: list[dict[str, str | None]] = field(default_factory=list)
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
        found = _TABLE.search(query.text)
        assert found, query.text
        table = found[1]
        for named in (found, _PARENT.search(query.text)):
            if named and named[1] in self.hidden:
                raise QueryRefused(hidden_table(named[1]), table=table)
        if query.text.startswith("SELECT  FROM"):
            raise QueryRefused(UNNAMED, table=table)
        if refused := [c for c in named_in(query) if c in self.refused.get(table, ())]:
            raise self.refusal(table, refused[0])
        wants_rows = table == "customfield" and not _NOWHERE.search(query.text)
        rows = self.custom_fields if wants_rows else []
        items = json.dumps([{"links": [], **row} for row in rows]).encode()
        asked_at = datetime(2026, 1, 1, tzinfo=UTC)
        return Page(items, len(rows), has_more=False, total_results=len(rows), asked_at=asked_at)

    def asked_about(self, table: str) -> list[Query]:
        return [query for query in self.queries if f" FROM {table} t" in query.text]
