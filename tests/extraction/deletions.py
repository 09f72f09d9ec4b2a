"""A log of deletions, and who asks it."""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tap_netsuite_tba.extraction.deletes import DeletionLog, Deletions
from tap_netsuite_tba.netsuite.errors import (
    NetSuiteError,
)
from tap_netsuite_tba.netsuite.query import Fetch, Page, Query
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import Table

SINCE = datetime(2026, 1, 1, tzinfo=UTC)


THEN = "2026-01-02T03:04:05Z"


TRANSACTION = shipped_tables()["transaction"]


LINES = shipped_tables()["transactionline"]


Entry = Mapping[str, Any]


def page_of(rows: Sequence[Entry], limit: int) -> Page:
    shown = rows[:limit]
    items = json.dumps([{"links": []} | {**row} for row in shown]).encode()
    return Page(items, len(shown), len(rows) > limit, len(rows), SINCE)


@dataclass
class Account:
    """A log of deletions and the keys that tables still have; pages are of any size.

    Attributes:
        queries: What was asked, in order.
    """

    log: Sequence[Entry]
    present: set[int] = field(default_factory=set)
    limits: Mapping[str, int] = field(default_factory=dict)
    queries: list[str] = field(default_factory=list)

    def fetch(self, query: Query) -> Page:
        self.queries.append(query.text)
        limit = min(query.limit, self.limits.get(query.table or "", query.limit))
        if "GROUP BY" in query.text:
            counts = Counter((row.get("type"), row.get("scriptid")) for row in self.log)
            groups = [
                {name: value for name, value in (("type", kind), ("scriptid", script)) if value}
                | {"n": str(count)}
                for (kind, script), count in counts.items()
            ]
            return page_of(groups, limit)
        if "deletedrecord" in query.text:
            return page_of(self._entries(query.text), limit)
        [(column, listed)] = re.findall(r"t\.(\w+) IN \((.*?)\)", query.text)
        keys = [int(key) for key in listed.split(", ")]
        assert len(keys) <= 1000
        return page_of([{column: str(key)} for key in keys if key in self.present], limit)

    def _entries(self, text: str) -> list[Entry]:
        bound = re.search(r"recordid >= (-?\d+)", text)
        named = {
            column: set(re.findall(r"'([^']*)'", names))
            for column, names in re.findall(r"t\.(\w+) IN \(('.*?')\)", text)
        }
        rows = [
            row
            for row in self.log
            if (not bound or int(row["recordid"]) >= int(bound[1]))
            and (not named or any(row.get(column) in names for column, names in named.items()))
        ]
        return sorted(rows, key=lambda row: int(row["recordid"]))


def deletion(key: int, kind: str | None = "Sales Order", script_id: str | None = None) -> Entry:
    entry = {"recordid": str(key), "type": kind, "scriptid": script_id, "deleteddate": THEN}
    return {name: value for name, value in entry.items() if value is not None}


def find(fetch: Fetch, table: Table = TRANSACTION) -> Deletions:
    found = DeletionLog().find(table, fetch, SINCE)
    assert found is not None
    return found


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
