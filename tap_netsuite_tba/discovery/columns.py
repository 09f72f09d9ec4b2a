"""Which columns of a table SuiteQL accepts, asked for as they will be read."""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tap_netsuite_tba.netsuite.errors import QueryRefused, RetriesExhausted, ServerFault
from tap_netsuite_tba.netsuite.query import Fetch, Query
from tap_netsuite_tba.netsuite.suiteql import select_nothing
from tap_netsuite_tba.tables import Column, Table

logger = logging.getLogger(__name__)

MAX_COLUMNS = 99
"""Columns a query: above 100, SuiteQL answers no rows and no error."""

# A column that NetSuite cannot read may be a server fault; it is believed after this long.
_PATIENCE_SECONDS = 10.0

_REFUSED_COLUMN = re.compile(
    r"Unknown identifier '(?:\w+\.)?(?P<unknown>\w+)'"
    r"|[Ff]ield '(?:\w+\.)?(?P<hidden>\w+)' for record '\w+' was not found"
)
_REFUSED_TABLE = re.compile(
    r"Record '(?P<hidden>\w+)' was not found|Invalid search type: (?P<unknown>\w+)"
)


@dataclass(frozen=True)
class Refused:
    """A column that this role cannot read, with NetSuite's words."""

    column: Column
    reason: str


@dataclass(frozen=True)
class Proven:
    """The columns of a table after NetSuite was asked."""

    accepted: tuple[Column, ...]
    refused: tuple[Refused, ...] = ()

    def __add__(self, other: "Proven") -> "Proven":
        return Proven(self.accepted + other.accepted, self.refused + other.refused)


def prove_columns(table: Table, columns: Sequence[Column], fetch: Fetch) -> Proven:
    """Asks for the columns until NetSuite accepts what is left.

    A refusal that names a column costs one request; one that names none is found by bisection.

    Raises:
        QueryRefused: The table itself cannot be read.
        NetSuiteError: NetSuite could not be asked; the columns are not judged then.
    """
    proven = Proven(())
    for start in range(0, len(columns), MAX_COLUMNS):
        proven += _prove(table, tuple(columns[start : start + MAX_COLUMNS]), fetch)
    return proven


def _prove(table: Table, columns: tuple[Column, ...], fetch: Fetch) -> Proven:
    refused: list[Refused] = []
    while columns:
        query = Query(
            select_nothing(table, columns), limit=1, table=table.name, patience=_PATIENCE_SECONDS
        )
        try:
            fetch(query)
        except QueryRefused as error:
            if _REFUSED_TABLE.search(error.detail):
                raise
            found = _REFUSED_COLUMN.search(error.detail)
            name = found and (found["unknown"] or found["hidden"]).lower()
            if culprit := next((c for c in columns if name in {c.name, c.wire_name}), None):
                refused.append(Refused(culprit, error.detail))
                columns = tuple(column for column in columns if column is not culprit)
                continue
            return Proven((), tuple(refused)) + _bisect(table, columns, fetch, error.detail)
        except RetriesExhausted as error:
            if not isinstance(error.last, ServerFault) or not _answers(table, fetch):
                raise
            return Proven((), tuple(refused)) + _bisect(table, columns, fetch, error.last.detail)
        break
    return Proven(columns, tuple(refused))


def _bisect(table: Table, columns: tuple[Column, ...], fetch: Fetch, reason: str) -> Proven:
    if len(columns) == 1:
        return Proven((), (Refused(columns[0], reason),))
    middle = len(columns) // 2
    return _prove(table, columns[:middle], fetch) + _prove(table, columns[middle:], fetch)


def _answers(table: Table, fetch: Fetch) -> bool:
    """Whether NetSuite reads the key of the table: then a fault lies in other columns."""
    key = tuple(column for column in table.columns if column.name in table.key)
    try:
        fetch(Query(select_nothing(table, key), limit=1, table=table.name))
    except (QueryRefused, RetriesExhausted):
        return False
    return True
