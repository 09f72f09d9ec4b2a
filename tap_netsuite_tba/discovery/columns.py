"""Which columns of a table SuiteQL accepts, asked for as they will be read."""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tap_netsuite_tba.netsuite.errors import QueryRefused, RetriesExhausted, ServerFault
from tap_netsuite_tba.netsuite.query import Fetch, Query
from tap_netsuite_tba.netsuite.suiteql import PARENT_ALIAS, select_nothing
from tap_netsuite_tba.tables import PARENT_MODIFIED_AT, Column, Table

logger = logging.getLogger(__name__)

MAX_COLUMNS = 99
"""Columns a query: above 100, SuiteQL answers no rows and no error."""

# A column that NetSuite cannot read may be a server fault; it is believed after this long.
_PATIENCE_SECONDS = 10.0

_REFUSED_COLUMN = re.compile(
    r"Unknown identifier '(?:(?P<alias>\w+)\.)?(?P<unknown>\w+)'"
    r"|[Ff]ield '(?:\w+\.)?(?P<hidden>\w+)' for record '(?P<record>\w+)' was not found"
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
        try:
            fetch(_question(table, columns))
        except QueryRefused as error:
            if _is_about_the_table(table, error.detail):
                raise
            culprit = _culprit(table, columns, error.detail)
            if culprit is None:
                return Proven((), tuple(refused)) + _bisect(table, columns, fetch, error.detail)
            refused.append(Refused(culprit, error.detail))
            columns = tuple(column for column in columns if column is not culprit)
        except RetriesExhausted as error:
            key = tuple(column for column in table.columns if column.name in table.key)
            if not isinstance(error.last, ServerFault) or not _accepts(table, key, fetch):
                raise
            if len(columns) == 1 and _accepts(table, columns, fetch):
                break
            return Proven((), tuple(refused)) + _bisect(table, columns, fetch, error.last.detail)
        else:
            break
    return Proven(columns, tuple(refused))


def _bisect(table: Table, columns: tuple[Column, ...], fetch: Fetch, reason: str) -> Proven:
    if len(columns) == 1:
        return Proven((), (Refused(columns[0], reason),))
    middle = len(columns) // 2
    return _prove(table, columns[:middle], fetch) + _prove(table, columns[middle:], fetch)


def _accepts(table: Table, columns: tuple[Column, ...], fetch: Fetch) -> bool:
    try:
        fetch(_question(table, columns))
    except (QueryRefused, RetriesExhausted):
        return False
    return True


def _question(table: Table, columns: tuple[Column, ...]) -> Query:
    text = select_nothing(table, columns)
    return Query(text, limit=1, table=table.name, patience=_PATIENCE_SECONDS)


def _is_about_the_table(table: Table, detail: str) -> bool:
    found = _REFUSED_TABLE.search(detail)
    tables = {table.name, table.parent.table} if table.parent else {table.name}
    return found is not None and (found["hidden"] or found["unknown"]).lower() in tables


def _culprit(table: Table, columns: tuple[Column, ...], detail: str) -> Column | None:
    """The column that a refusal names, if it names one of them."""
    found = _REFUSED_COLUMN.search(detail)
    if found is None:
        return None
    name = (found["unknown"] or found["hidden"]).lower()
    by_name = {column.name: column for column in columns}
    of_parent = by_name.get(PARENT_MODIFIED_AT)
    if table.parent is None or name != table.parent.cursor or of_parent is None:
        return by_name.get(name)
    owner = (found["alias"] or found["record"] or "").lower()
    if owner in {PARENT_ALIAS, table.parent.table}:
        return of_parent
    return by_name.get(name, of_parent)
