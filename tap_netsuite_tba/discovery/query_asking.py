"""One of the user's own queries, asked as its stream will be read, and its errors explained."""

from dataclasses import dataclass, replace
from itertools import count

from tap_netsuite_tba.errors import Unreadable
from tap_netsuite_tba.netsuite.errors import (
    NetSuiteError,
    RetriesExhausted,
    TimedOut,
    is_fault,
    is_refusal,
    said_by,
)
from tap_netsuite_tba.netsuite.query import PAGE_ROWS, SHORT_PATIENCE, Fetch, Page, Query
from tap_netsuite_tba.netsuite.query_text import outline
from tap_netsuite_tba.netsuite.traps import explained, reasons
from tap_netsuite_tba.own_queries import OwnQuery

_FIRST_PATIENCE = 1.0
"""Seconds of faults, at first."""

_ANSWERABLE = Query("SELECT 1 AS n FROM dual", limit=1)
"""What NetSuite answers at once, whatever the role may see."""

_IS_TAKEN_ALONE = (
    "The query alone is taken; a stream reads it in parentheses, FROM (SELECT …) t, and so it is "
    "not. Write it more simply, or name each column by a plain alias: then it is read as it is "
    "written."
)

_IS_READ = (
    "NetSuite gives rows of it, but refuses what is asked of them so that they are read exactly. "
    "Write it more simply, or name another key, or none."
)

_MOST_RUNS = 16


@dataclass
class Asking:
    """What it takes to ask a query.

    Attributes:
        query: The query.
        fetch: Sends what is asked.
        is_read: Whether NetSuite has answered a question that has the query in it.
        refusal: Why NetSuite answers none, though it takes the query alone; None if that is not so.
    """

    query: OwnQuery
    fetch: Fetch
    is_read: bool = False
    refusal: NetSuiteError | None = None

    def page(self, text: str, *, limit: int = PAGE_ROWS) -> Page:
        """The answer to a question that has the query in it.

        Raises:
            Unreadable: NetSuite does not answer it; with its words, and the reason where known.
            NetSuiteError: NetSuite could not be asked.
        """
        self.refusal = None
        page = self._page(self._asked(text, limit))
        self.is_read, self.refusal = True, None
        return page

    def _page(self, asked: Query) -> Page:
        answer = self._answer(asked)
        if isinstance(answer, Page):
            return answer
        told = self.unreadable(answer)
        if self.refusal is None:
            raise told from answer
        # That NetSuite takes the query alone only is believed if it refuses the other once more.
        try:
            return self.fetch(replace(asked, patience=_FIRST_PATIENCE))
        except NetSuiteError as error:
            raise (told if _may_be_of_query(error) else error) from error

    def _answer(self, asked: Query) -> Page | NetSuiteError:
        """The answer, or why none comes."""
        try:
            return self.fetch(replace(asked, patience=_FIRST_PATIENCE))
        except NetSuiteError as error:
            if not is_fault(error):
                return error
        # It is because of the query only if it comes again just after another was answered, by
        # which an outage is waited out.
        self._wait_for_an_answer()
        try:
            return self.fetch(asked)
        except NetSuiteError as error:
            return error

    def unreadable(self, error: NetSuiteError) -> Exception:
        """What an error of a question means for the query; itself if it is of no query.

        Raises:
            NetSuiteError: NetSuite could not be asked for the query alone.
        """
        if not _may_be_of_query(error):
            return error
        if own := self._refusal_alone(error):
            return Unreadable(explained(own, self.query.query), table=self.query.name)
        self.refusal = None if self.is_read else error
        known = map(str, reasons(error, self.query.query))
        why = _IS_READ if self.is_read else _IS_TAKEN_ALONE
        words = " ".join([said_by(error), why, *known])
        return Unreadable(words, table=self.query.name)

    def sparing(self) -> Fetch:
        """What asks for columns of the query, as long as that does not run it too often."""
        runs = count(1)

        def fetch(asked: Query) -> Page:
            if next(runs) > _MOST_RUNS:
                raise Unreadable(
                    f"NetSuite refuses columns of it, and which, and how else they can be had, was "
                    f"not found out by running it {_MOST_RUNS} times. Set column_types of the "
                    f'query for what looks like dates, as in {{"code": "string"}}; or leave out '
                    f"columns that are computed, until it is taken.",
                    table=self.query.name,
                )
            return self.fetch(asked)

        return fetch

    def _asked(self, text: str, limit: int) -> Query:
        return Query(
            text, limit=limit, table=self.query.name, patience=SHORT_PATIENCE, is_optional=True
        )

    def _wait_for_an_answer(self) -> None:
        try:
            self.fetch(_ANSWERABLE)
        except NetSuiteError as error:
            if not is_refusal(error):
                raise

    def _refusal_alone(self, error: NetSuiteError) -> NetSuiteError | None:
        """Why NetSuite refuses the query as it was written; None if it does not."""
        if _is_slow(error):
            return error
        own = self._answer(self._asked(outline(self.query.query).text, limit=1))
        if isinstance(own, Page):
            return None
        if not _may_be_of_query(own):
            raise own
        return own


def _may_be_of_query(error: NetSuiteError) -> bool:
    return is_refusal(error) or is_fault(error) or _is_slow(error)


def _is_slow(error: NetSuiteError) -> bool:
    last = error.last if isinstance(error, RetriesExhausted) else error
    return isinstance(last, TimedOut)
