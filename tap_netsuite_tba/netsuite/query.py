"""The seam between reading and HTTP: a query goes down, a page of raw rows comes up."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

PAGE_ROWS = 1000
"""The most rows that NetSuite gives in one response."""

SHORT_PATIENCE = 10.0
"""Seconds of faults for queries that ask for what NetSuite perhaps cannot do."""


@dataclass(frozen=True)
class Query:
    """One SuiteQL request.

    Attributes:
        text: The SELECT, without LIMIT or OFFSET, which are no SuiteQL.
        limit: The most rows wanted, 1 to 1000.
        table: The table it is about, for messages.
        offset: How many rows to leave out before the first, a multiple of the limit. Each page is a
            query of its own: only where a table has no key to begin behind.
        patience: Seconds after which NetSuite's own faults on this query are no longer waited out;
            None means as long as the client waits for any trouble to pass, as it does for all else.
        is_optional: Whether it can be done without: a time-out is raised, however patient the
            client is, for each costs minutes and a session.
    """

    text: str
    limit: int = PAGE_ROWS
    table: str | None = None
    offset: int = 0
    patience: float | None = None
    is_optional: bool = False


@dataclass(frozen=True)
class Page:
    """One response, its rows not decoded yet.

    Attributes:
        items: The JSON array of rows, as bytes; not in its repr.
        count: How many rows the envelope announces.
        has_more: Whether NetSuite has rows beyond this page.
        total_results: How many rows the query has, as NetSuite says; capped, thus only a hint.
        asked_at: When the request was sent, by NetSuite's clock, in UTC; never later than true.
        request_id: NetSuite's id of the operation, for its support.
    """

    items: bytes = field(repr=False)
    count: int
    has_more: bool
    total_results: int | None
    asked_at: datetime
    request_id: str | None = None


Fetch = Callable[[Query], Page]
"""Sends one query and returns its page; raises `NetSuiteError` when that cannot be had."""


@dataclass(frozen=True)
class Resource:
    """A JSON document of the REST services.

    Attributes:
        path: Where it is, behind the account's address, percent-encoded.
        media_type: The form in which it is wanted.
        table: What it is about, for messages.
        patience: As that of a query.
        is_optional: Likewise.
        longest: Seconds after which no trouble is waited out any more that may be of this document,
            such as a gateway's; None means as long as the client waits.
    """

    path: str
    media_type: str
    table: str | None = None
    patience: float | None = None
    is_optional: bool = False
    longest: float | None = None


Document = dict[str, Any]
"""A JSON object."""

Get = Callable[[Resource], Document]
"""Gets one document; raises `NetSuiteError` when that cannot be had."""
