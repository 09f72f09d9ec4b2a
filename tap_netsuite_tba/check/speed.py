"""How fast the account answers, and how many rows a second to expect."""

import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import TypeVar

from tap_netsuite_tba.check.case import Case
from tap_netsuite_tba.check.findings import Finding, passed, skipped
from tap_netsuite_tba.check.probes import Probe, ask
from tap_netsuite_tba.discovery.words import named_column
from tap_netsuite_tba.netsuite.errors import NetSuiteError, is_fault, is_refusal, said_by
from tap_netsuite_tba.netsuite.query import PAGE_ROWS, SHORT_PATIENCE, Page, Query
from tap_netsuite_tba.netsuite.suiteql import select_rows
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import Column, Table

_QUESTIONS = 3
_TRIES = 6
"""How often a page is asked for, each time without the column that NetSuite refuses."""

_MOST_COLUMNS = 99
"""NetSuite answers no more than a hundred in one query."""

Answer = TypeVar("Answer")


def check_speed(case: Case) -> Finding:
    """Time some short questions one by one, then a page of the largest table that can be read."""
    known = shipped_tables()
    counted = [probe for name, probe in case.probes.items() if probe.rows and name in known]
    if not counted:
        return skipped("No table that was counted has rows")
    by_rows = sorted(counted, key=_rows)
    short, largest = by_rows[0], by_rows[-1]
    waits = [_timed(lambda: ask(short.table, case.client.fetch))[1] for _ in range(_QUESTIONS)]
    page, seconds, columns = _page(known[largest.table], case)
    seen = (
        f"A short question takes {_in_words(median(waits))}, {page.count:,} rows of "
        f"{largest.table} {_in_words(seconds)}"
    )
    measured = {
        "latency": round(median(waits), 3),
        "table": largest.table,
        "page_columns": columns,
        "page_rows": page.count,
        "page_seconds": round(seconds, 3),
    }
    if page.count < PAGE_ROWS:
        return passed(f"{seen}: too few to tell how many a second", **measured)
    if columns <= len(known[largest.table].key):
        return passed(f"{seen}, by its key alone, which tells of no rows as a run has", **measured)
    most = case.settings.max_sessions
    rate = _about(most * page.count / seconds)
    return passed(
        f"{seen}: expect up to {rate:,} rows a second with max_sessions {most}",
        rows_a_second=rate,
        **measured,
    )


def _page(table: Table, case: Case) -> tuple[Page, float, int]:
    """A page without what the role does not see, or of the key; its seconds, and its columns."""
    columns = table.columns[:_MOST_COLUMNS]
    for _ in range(_TRIES):
        try:
            return _fetched(table, columns, case)
        except NetSuiteError as error:
            # A column that NetSuite does not have may be answered as a fault.
            if not (is_refusal(error) or is_fault(error)):
                raise
            named = named_column(said_by(error))
        seen = tuple(column for column in columns if named and column.name != named.name)
        if len(seen) in (0, len(columns)):
            break
        columns = seen
    return _fetched(table, [each for each in table.columns if each.name in table.key], case)


def _fetched(table: Table, columns: Sequence[Column], case: Case) -> tuple[Page, float, int]:
    query = Query(select_rows(table, columns), table=table.name, patience=SHORT_PATIENCE)
    return *_timed(lambda: case.client.fetch(query)), len(columns)


def _timed(call: Callable[[], Answer]) -> tuple[Answer, float]:
    began = time.monotonic()
    return call(), time.monotonic() - began


def _rows(probe: Probe) -> int:
    return probe.rows or 0


def _in_words(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _about(number: float) -> int:
    """A number with its first two digits alone, for it is a guess."""
    return int(float(f"{number:.1e}"))
