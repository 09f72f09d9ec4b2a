"""Tables of a catalog, and what a discovery once remembered of an account."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

from tap_netsuite_tba.discovery.found import Discovery, Readable, Wanted
from tap_netsuite_tba.discovery.marks import ask_marks
from tap_netsuite_tba.discovery.memory import Memory, memory_of
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.shipped import family, shipped_tables
from tap_netsuite_tba.tables import Column, ColumnType, Table

WORKERS = Workers(3)
TOOL = replace(family("customrecord"), name="customrecord_tool")
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


def with_columns(name: str, *columns: str) -> Table:
    """A shipped table with custom columns."""
    table = shipped_tables()[name]
    return table.with_columns((*table.columns, *(Column(c, ColumnType.TEXT) for c in columns)))


def the_same_each_time(query: Query) -> Page:
    return Page(looks(query), 4, False, 4, MONDAY)  # noqa: FBT003 - no more rows


def looks(query: Query, **fields: str) -> bytes:
    """The answer to a question about lists, of which that of fields shows more."""
    names = re.findall(r"'(\w+)' AS name", query.text)
    return json.dumps(
        [{"n": "1", "name": name} | (fields if name == "customfield" else {}) for name in names]
    ).encode()


def old_memory() -> Memory:
    """A discovery that is too old to be believed: it serves to compare."""
    found = memory_of("f" * 64, Wanted(), 60)
    assert found
    tables = (*shipped_tables().values(), with_columns("customer", "custentity_tier"), TOOL)
    discovery = Discovery(tuple(Readable(each) for each in {t.name: t for t in tables}.values()))
    replace(found, now=lambda: MONDAY).write(ask_marks(the_same_each_time, WORKERS), discovery)
    return found
