"""A table with rows that are looked at, and a metadata catalog beside it, in memory."""

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tap_netsuite_tba.netsuite.errors import (
    NetSuiteError,
    NotFound,
    QueryRefused,
    RetriesExhausted,
    ServerFault,
)
from tap_netsuite_tba.netsuite.metadata import RecordCatalog
from tap_netsuite_tba.netsuite.query import Document, Page, Query, Resource
from tests.discovery.role import UNNAMED, hidden_table, unknown_identifier

_QUERY = re.compile(r"SELECT (?P<selected>.+) FROM (?P<table>\w+) t(?: ORDER BY (?P<order>.+))?")
_COMPUTED = re.compile(r"\(t\.(\w+)")
_TIME = re.compile(r"TO_CHAR\(t\.(?P<name>\w+), 'HH24:MI:SS'\) AS (?P<alias>\w+)")

STAR_COLUMNS = 100


def fault(query: Query) -> NetSuiteError:
    """What a client raises when the server's faults on a query outlast its patience."""
    words, code = "An unexpected error occurred.", "UNEXPECTED_ERROR"
    failed = ServerFault(words, status=500, code=code, table=query.table)
    return RetriesExhausted(failed, seconds=1)


@dataclass
class Rows:
    """The table `thing`, whose rows a role may look at.

    Attributes:
        rows: Its rows, a null column absent; an instant is `("8/5/2025", "14:30:00")`.
        columns: Its columns, which may be null everywhere; by default those that the rows have.
        wide: How NetSuite answers `*` of more than 100 columns: `empty`, `counted`, `bare`,
            `refused` or `served`.
        is_hidden: Whether the role may not see it.
        unsorted: Columns that NetSuite does not sort by.
        texts: Columns that NetSuite takes for no dates.
        trouble: May raise for a query before it is looked at.
        schemas: What the metadata catalog has.
        refusal: What the metadata catalog raises instead of a schema.
        queries: All queries, in the order of their arrival.
        asked_schemas: The names of which schemas were asked for.
    """

    rows: Sequence[Mapping[str, Any]] = ()
    columns: Collection[str] = ()
    wide: str = "empty"
    is_hidden: bool = False
    unsorted: Collection[str] = ()
    texts: Collection[str] = ()
    trouble: Callable[[Query], None] | None = None
    schemas: Mapping[str, Document] = field(default_factory=dict)
    refusal: NetSuiteError | None = None
    queries: list[Query] = field(default_factory=list)
    asked_schemas: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        shown = {name.lower() for row in self.rows for name in row}
        self.columns = shown | set(self.columns)

    @property
    def catalog(self) -> RecordCatalog:
        return RecordCatalog(self._get)

    def asked(self, beginning: str) -> list[str]:
        """What was asked for by queries that begin so, without the table."""
        texts = [query.text.removeprefix("SELECT ") for query in self.queries]
        return [text for text in texts if text.startswith(beginning)]

    def fetch(self, query: Query) -> Page:
        self.queries.append(query)
        if self.trouble:
            self.trouble(query)
        found = _QUERY.fullmatch(query.text)
        assert found, query.text
        if self.is_hidden or found["table"] != "thing":
            raise QueryRefused(hidden_table(found["table"]), table=query.table)
        if found["selected"] == "COUNT(*) AS n":
            return _page([{"n": str(len(self.rows))}], 1)
        rows = self._sorted(found["order"])
        for name in _COMPUTED.findall(found["selected"]):
            self._must_have(name)
            if name in self.texts:
                raise QueryRefused(UNNAMED, table="thing")
        if found["selected"] == "t.*":
            return self._all_columns(rows, query)
        if found["selected"].startswith("TO_CHAR"):
            return _page(self._times(found["selected"], rows[: query.limit]), len(rows))
        name = found["selected"].removeprefix("t.")
        self._must_have(name)
        chosen = [{k: v for k, v in row.items() if k.lower() == name} for row in rows]
        return _page(chosen[: query.limit], len(rows))

    def _sorted(self, order: str | None) -> list[Mapping[str, Any]]:
        if order is None:
            return list(self.rows)
        keys = [part.split() for part in order.replace("t.", "").split(", ")]
        for name, _ in keys:
            self._must_have(name)
            if name in self.unsorted:
                raise QueryRefused(UNNAMED, table="thing")
        (_, direction), *_ = keys

        def rank(row: Mapping[str, Any]) -> list[tuple[int, str]]:
            texts = [str(row.get(name, "")) for name, _ in keys]
            return [(int(text), "") if text.isdecimal() else (0, text) for text in texts]

        return sorted(self.rows, key=rank, reverse=direction == "DESC")

    def _must_have(self, name: str) -> None:
        if name not in self.columns:
            raise QueryRefused(unknown_identifier(name), table="thing")

    def _all_columns(self, rows: list[Mapping[str, Any]], query: Query) -> Page:
        shown = [{k: _shown(v) for k, v in row.items()} for row in rows[: query.limit]]
        if len(self.columns) <= STAR_COLUMNS or self.wide == "served":
            return _page(shown, len(rows))
        if self.wide == "refused":
            raise QueryRefused(UNNAMED, table="thing")
        if self.wide == "bare":
            return _page([{} for _ in shown], len(rows))
        return _page([], len(rows) if self.wide == "counted" else 0)

    def _times(self, selected: str, rows: list[Mapping[str, Any]]) -> list[dict[str, str]]:
        wanted = [(each["name"], each["alias"]) for each in _TIME.finditer(selected)]
        return [{alias: _time(row[name]) for name, alias in wanted if name in row} for row in rows]

    def _get(self, resource: Resource) -> Document:
        name = resource.path.rpartition("/")[2]
        self.asked_schemas.append(name)
        if self.refusal:
            raise self.refusal
        if name not in self.schemas:
            raise NotFound(f"Record type '{name}' does not exist.", status=404)
        return self.schemas[name]


def _shown(value: Any) -> Any:  # noqa: ANN401 - a JSON scalar
    return value[0] if isinstance(value, tuple) else value


def _time(value: Any) -> str:  # noqa: ANN401 - a JSON scalar
    return value[1] if isinstance(value, tuple) else "00:00:00"


def _page(rows: Sequence[Mapping[str, Any]], total: int) -> Page:
    items = json.dumps([{"links": [], **row} for row in rows]).encode()
    asked_at = datetime(2026, 1, 1, tzinfo=UTC)
    return Page(items, len(rows), len(rows) < total, total, asked_at)
