"""An account's lists of what was customized, as questions about them see it."""

import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tap_netsuite_tba.discovery.marks import Marks
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import (
    NetSuiteError,
    QueryRefused,
    RetriesExhausted,
    ServerFault,
)
from tap_netsuite_tba.netsuite.query import Page, Query

from .role import UNNAMED, hidden_table, unknown_identifier

WORKERS = Workers(3)
CUSTOM_FIELDS: Mapping[str, str | int] = {
    "n": "37",
    "highest": 592,
    "latest": "2026-01-17 16:00:00",
}


@dataclass
class Lists:
    """An account that shows some columns of its lists, and how these look.

    Attributes:
        shown: For each list the columns that exist.
        looks: For each list the row that tells how it looks.
        named: Whether a refusal names what the account does not show.
        unions: Whether lists can be asked about together.
        queries: All that were asked.
    """

    shown: dict[str, set[str]]
    looks: dict[str, dict[str, str | int]] = field(default_factory=dict)
    named: bool = True
    unions: bool = True
    queries: list[Query] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fetch(self, query: Query) -> Page:
        with self._lock:
            self.queries.append(query)
        rows = []
        parts = query.text.split(" UNION ALL ")
        if len(parts) > 1 and not self.unions:
            raise QueryRefused(UNNAMED, table=query.table)
        for part in parts:
            [table] = re.findall(r" FROM (\w+) t$", part)
            if table not in self.shown:
                raise self._refusal(hidden_table(table.upper()), table)
            for column in re.findall(r"\bt\.(\w+)", part):
                if column not in self.shown[table]:
                    raise self._refusal(unknown_identifier(column), table)
            names = re.findall(r"\) AS (\w+)", part)
            literals = {name: text for text, name in re.findall(r"'?([-\w]+)'? AS (\w+)", part)}
            rows.append({"links": [], **literals} | self._look(table, names))
        rows.reverse()  # Nothing promises an order.
        return Page(json.dumps(rows).encode(), len(rows), False, None, datetime.now(UTC))  # noqa: FBT003 - no more rows

    def _look(self, table: str, names: list[str]) -> dict[str, str | int]:
        look = self.looks.get(table, {"n": "0"})
        return {name: look[name] for name in names if name in look}

    def _refusal(self, detail: str, table: str) -> NetSuiteError:
        return QueryRefused(detail if self.named else UNNAMED, table=table)


def account(*, named: bool = True) -> Lists:
    """An account that shows other columns of its lists than most do."""
    shown = {
        "customfield": {"id", "internalid", "lastmodifieddate"},
        "customrecordtype": {"internalid"},
        "customlist": {"id"},
        "customsegment": {"id"},
    }
    looks: dict[str, dict[str, str | int]] = {
        "customfield": dict(CUSTOM_FIELDS),
        "customrecordtype": {"n": "4", "highest": "131"},
        "customlist": {"n": "3", "highest": "43"},
        "customsegment": {"n": "1", "highest": "1"},
    }
    return Lists(shown, looks, named)


def usual_account() -> Lists:
    """An account that shows what clients have met."""
    lists = account()
    lists.shown = {name: {"internalid"} for name in lists.shown}
    lists.shown["customfield"].add("lastmodifieddate")
    return lists


FIELDS = "highest: 592, latest: 2026-01-17 16:00:00, n: 37, name: customfield"
TYPES = "highest: 131, latest: -, n: 4, name: customrecordtype"
LISTS = "highest: 43, latest: -, n: 3, name: customlist"
SEGMENTS = "highest: 1, latest: -, n: 1, name: customsegment"
ALL = [SEGMENTS, TYPES, LISTS, FIELDS]


def answers_of(marks: Marks) -> list[list[str]]:
    """The rows of each mark."""
    return [(mark.answer or "").splitlines() for mark in marks]


def fault() -> NetSuiteError:
    words = "An unexpected error occurred."
    return RetriesExhausted(ServerFault(words, status=500, code="UNEXPECTED_ERROR"), seconds=2)
