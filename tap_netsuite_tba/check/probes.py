"""Whether a table can be read, told by counting its rows."""

import contextlib
from dataclasses import dataclass
from typing import Any

import msgspec

from tap_netsuite_tba.discovery.report import short
from tap_netsuite_tba.discovery.words import names_unknown_table
from tap_netsuite_tba.netsuite.errors import (
    LoginRefused,
    NetSuiteError,
    RequestRefused,
    RetriesExhausted,
    ServerFault,
    TimedOut,
    said_by,
)
from tap_netsuite_tba.netsuite.query import SHORT_PATIENCE, Fetch, Page, Query


@dataclass(frozen=True)
class Probe:
    """What came of asking for a table.

    Attributes:
        table: Its name.
        rows: How many rows it has; None if that is not known.
        refusal: Why it cannot be read; None if it can, or if it is not known whether it can.
        trouble: Why it is not known.
    """

    table: str
    rows: int | None = None
    refusal: RequestRefused | None = None
    trouble: NetSuiteError | None = None

    @property
    def is_readable(self) -> bool:
        """Whether NetSuite gave what was asked for."""
        return not (self.refusal or self.trouble)

    @property
    def is_unknown(self) -> bool:
        """Whether the account seems not to have the table, so that no permission would open it."""
        return self.refusal is not None and names_unknown_table(self.refusal.detail)

    @property
    def said(self) -> str:
        """NetSuite's words, without what stands before each refusal, and without a full stop."""
        words = f"NetSuite says: {short(self.refusal.detail)}" if self.refusal else ""
        return (said_by(self.trouble) if self.trouble else words).rstrip(".")


def ask(table: str, fetch: Fetch) -> Probe:
    """Counts the rows of a table.

    Args:
        table: Its name.
        fetch: Sends the query.

    Raises:
        NetSuiteError: NetSuite could not be asked.
    """
    text = f"SELECT COUNT(*) AS n FROM {table} t"  # noqa: S608 - names of our own
    try:
        page = fetch(Query(text, table=table, patience=SHORT_PATIENCE, is_optional=True))
    except NetSuiteError as error:
        if isinstance(error, RequestRefused) and not isinstance(error, LoginRefused):
            return Probe(table, refusal=error)
        if _is_of_the_query(error):
            return Probe(table, trouble=error)
        raise
    return Probe(table, rows=_count(page))


def _is_of_the_query(error: NetSuiteError) -> bool:
    """Whether other tables may well be answered."""
    trouble = error.last if isinstance(error, RetriesExhausted) else error
    return isinstance(trouble, (ServerFault, TimedOut))


def _count(page: Page) -> int | None:
    """The one value of the one row, which some accounts do not name by its alias."""
    with contextlib.suppress(ValueError, TypeError):
        [row] = msgspec.json.decode(page.items, type=list[dict[str, Any]])
        [count] = (value for name, value in row.items() if name != "links")
        return int(count)
    return None
