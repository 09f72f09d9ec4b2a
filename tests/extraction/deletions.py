"""A log of deletions, and who asks it."""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tap_netsuite_tba.extraction.deletes import DeletionLog, Deletions
from tap_netsuite_tba.netsuite.errors import NetSuiteError
from tap_netsuite_tba.netsuite.query import Fetch, Page, Query
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import Table

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 1, 3, tzinfo=UTC)
THEN = "2026-01-02T03:04:05Z"
TRANSACTION = shipped_tables()["transaction"]
LINES = shipped_tables()["transactionline"]

_SINCE = re.compile(r">= TO_TIMESTAMP\('(.*?)'")
Entry = Mapping[str, Any]


def page_of(rows: Sequence[Entry], limit: int, asked_at: datetime = NOW) -> Page:
    shown = rows[:limit]
    items = json.dumps([{"links": []} | {**row} for row in shown]).encode()
    return Page(items, len(shown), len(rows) > limit, len(rows), asked_at)


@dataclass
class Account:
    """A log of deletions and the keys that tables still have; pages are of any size.

    Attributes:
        queries: What was asked, in order.
        now: By NetSuite's clock.
    """

    log: Sequence[Entry]
    present: set[int] = field(default_factory=set)
    limits: Mapping[str, int] = field(default_factory=dict)
    queries: list[str] = field(default_factory=list)
    now: datetime = NOW

    def fetch(self, query: Query) -> Page:
        self.queries.append(query.text)
        limit = min(query.limit, self.limits.get(query.table or "", query.limit))
        if "GROUP BY" in query.text:
            logged = self._since(query.text)
            counts = Counter((row.get("type"), row.get("scriptid")) for row in logged)
            groups = [
                {name: value for name, value in (("type", kind), ("scriptid", script)) if value}
                | {"n": str(count)}
                for (kind, script), count in counts.items()
            ]
            return page_of(groups, limit, self.now)
        if "deletedrecord" in query.text:
            return page_of(self._entries(query.text), limit, self.now)
        [(column, listed)] = re.findall(r"t\.(\w+) IN \((.*?)\)", query.text)
        keys = [int(key) for key in listed.split(", ")]
        assert len(keys) <= 1000
        return page_of([{column: str(key)} for key in keys if key in self.present], limit, self.now)

    def _entries(self, text: str) -> list[Entry]:
        bound = re.search(r"recordid >= (-?\d+)", text)
        named = {
            column: set(re.findall(r"'([^']*)'", names))
            for column, names in re.findall(r"t\.(\w+) IN \(('.*?')\)", text)
        }
        rows = [
            row
            for row in self._since(text)
            if (not bound or int(row["recordid"]) >= int(bound[1]))
            and (not named or any(row.get(column) in names for column, names in named.items()))
        ]
        return sorted(rows, key=lambda row: int(row["recordid"]))

    def _since(self, text: str) -> list[Entry]:
        """What was deleted at the instant of a query or later, or nobody knows when."""
        [since] = [literal.replace(" ", "T") + "Z" for literal in _SINCE.findall(text)]
        return [row for row in self.log if row.get("deleteddate", since) >= since]


def deletion(
    key: int, kind: str | None = "Sales Order", script_id: str | None = None, date: str = THEN
) -> Entry:
    entry = {"recordid": str(key), "type": kind, "scriptid": script_id, "deleteddate": date}
    return {name: value for name, value in entry.items() if value is not None}


def find(fetch: Fetch, table: Table = TRANSACTION) -> Deletions:
    found = DeletionLog().find(table, fetch, SINCE)
    assert found is not None
    return found


def gone(keys: dict[int, str], other_types: dict[str, int] | None = None) -> Deletions:
    """What was found in the log a moment ago."""
    return Deletions(keys, other_types or {}, NOW)


def keys_gone(fetch: Fetch, table: Table = TRANSACTION) -> set[int]:
    return set(find(fetch, table).keys)


def altered(fetch: Fetch, about: str, change: Callable[[Page], Page]) -> Fetch:
    """The same account, whose answers to queries with a text in them are changed."""

    def fetch_altered(query: Query) -> Page:
        page = fetch(query)
        return change(page) if about in query.text else page

    return fetch_altered


def refusing(fetch: Fetch, about: str, error: NetSuiteError) -> Fetch:
    """The same account, which does not answer queries with a text in them."""

    def fetch_or_refuse(query: Query) -> Page:
        if about in query.text:
            raise error
        return fetch(query)

    return fetch_or_refuse
