"""What Singer sees of one of the user's own queries."""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from singer_sdk.singerlib import Catalog

from tap_netsuite_tba.bookmarks import Bookmark
from tap_netsuite_tba.due import due_bookmark
from tap_netsuite_tba.errors import ExtractionError
from tap_netsuite_tba.netsuite.errors import NetSuiteError, QueryRefused, said_by
from tap_netsuite_tba.netsuite.query_tokens import tokens_of
from tap_netsuite_tba.netsuite.traps import explained, reasons
from tap_netsuite_tba.streams import TableStream

_QUERY = "query"
"""What the state calls the mark of the query that it is of."""

_WAS_TAKEN = (
    "When it was discovered, NetSuite took it in parentheses, FROM (SELECT …) t. Discover it anew "
    "with --discover, as the next run without a catalog does by itself: if NetSuite takes it alone "
    "now, it is read as it is written."
)


class QueryStream(TableStream):
    """The rows that a query finds, as those of a table; a query that was changed is read anew."""

    def apply_catalog(self, catalog: Catalog) -> None:
        """Takes the catalog, but no replication key of a query that is read as it is written."""
        super().apply_catalog(catalog)
        if self.table.as_written:
            self.replication_key = None

    def _due_bookmark(self) -> tuple[Bookmark, list[str]]:
        due, said = super()._due_bookmark()
        state = self.tap_state.get("bookmarks", {}).get(self.name, {})
        if state.get(_QUERY, self._mark) == self._mark:
            return due, said
        # What the old text did not find may have changed long before the bookmark.
        anew, _ = due_bookmark(self.name, Bookmark(last_version=due.last_version), self._terms)
        changed = (
            f"The query {self.name}, or how it is read, is another than in its last run, so it is "
            f"read anew."
        )
        return anew, [changed]

    def _note_state(self, state: Mapping[str, Any]) -> None:
        super()._note_state({**state, _QUERY: self._mark})

    def _reason(self, error: NetSuiteError | ExtractionError) -> str:
        if not isinstance(error, NetSuiteError):
            return super()._reason(error)
        text = self.table.source[1:-1]
        was_taken = isinstance(error, QueryRefused) and not self.table.as_written
        if was_taken and not reasons(error, text):
            return f"{said_by(error)} {_WAS_TAKEN}"
        return explained(error, text)

    @cached_property
    def _mark(self) -> str:
        """Tells the query, and the column that tells its changes, from others."""
        text = " ".join([self.table.cursor or "", *(t.text for t in tokens_of(self.table.source))])
        return hashlib.sha256(text.encode()).hexdigest()[:16]
