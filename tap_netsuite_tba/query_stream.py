"""What Singer sees of one of the user's own queries."""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from tap_netsuite_tba.bookmarks import Bookmark
from tap_netsuite_tba.due import due_bookmark
from tap_netsuite_tba.errors import ExtractionError
from tap_netsuite_tba.netsuite.errors import NetSuiteError
from tap_netsuite_tba.netsuite.query_tokens import tokens_of
from tap_netsuite_tba.netsuite.traps import explained
from tap_netsuite_tba.streams import TableStream

_QUERY = "query"
"""What the state calls the mark of the query that it is of."""


class QueryStream(TableStream):
    """The rows that a query finds, as those of a table; a query that was changed is read anew."""

    def _due_bookmark(self) -> tuple[Bookmark, list[str]]:
        due, said = super()._due_bookmark()
        state = self.tap_state.get("bookmarks", {}).get(self.name, {})
        if state.get(_QUERY, self._mark) == self._mark:
            return due, said
        # What the old text did not find may have changed long before the bookmark.
        anew, _ = due_bookmark(self.name, Bookmark(last_version=due.last_version), self._terms)
        changed = f"The query {self.name} is another than in its last run, so it is read anew."
        return anew, [changed]

    def _note_state(self, state: Mapping[str, Any]) -> None:
        super()._note_state({**state, _QUERY: self._mark})

    def _reason(self, error: NetSuiteError | ExtractionError) -> str:
        if isinstance(error, NetSuiteError):
            return explained(error, self.table.source[1:-1])
        return super()._reason(error)

    @cached_property
    def _mark(self) -> str:
        """Tells the query, and the column that tells its changes, from others."""
        text = " ".join([self.table.cursor or "", *(t.text for t in tokens_of(self.table.source))])
        return hashlib.sha256(text.encode()).hexdigest()[:16]
