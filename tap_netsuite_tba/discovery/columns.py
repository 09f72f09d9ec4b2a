"""Which columns of a table SuiteQL accepts, asked for as they will be read."""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tap_netsuite_tba.discovery.found import Refused
from tap_netsuite_tba.extraction.groups import MAX_COLUMNS
from tap_netsuite_tba.netsuite.errors import NetSuiteError, is_fault, is_refusal
from tap_netsuite_tba.netsuite.query import SHORT_PATIENCE, Fetch, Query
from tap_netsuite_tba.netsuite.suiteql import PARENT_ALIAS, select_nothing
from tap_netsuite_tba.tables import PARENT_MODIFIED_AT, Column, Table

logger = logging.getLogger(__name__)

# A column that NetSuite cannot read may be answered as a server's fault. Once the table is known to
# answer, each half is given this many seconds to prove that it was another.
_BISECT_PATIENCE = 1.0

_REFUSED_COLUMN = re.compile(
    r"Unknown identifier '(?:(?P<alias>\w+)\.)?(?P<unknown>\w+)'"
    r"|[Ff]ield '(?:\w+\.)?(?P<hidden>\w+)' for record '(?P<record>\w+)' was not found"
)
_REFUSED_TABLE = re.compile(
    r"Record '(?P<hidden>\w+)' was not found|Invalid search type: (?P<unknown>\w+)"
)


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
        RequestRefused: The table itself, or its key, cannot be read.
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
            fetch(_question(table, columns, SHORT_PATIENCE))
        except NetSuiteError as error:
            if not (is_refusal(error) or is_fault(error)) or _is_about_the_table(
                table, error.detail
            ):
                raise
            culprit = _culprit(table, columns, error.detail)
            if culprit:
                refused.append(Refused(culprit, error.detail))
                columns = tuple(column for column in columns if column is not culprit)
                continue
            # Nothing is named. If the key is refused too, it is the table; else some columns are.
            if of_key := _refusal(table, _key(table), fetch, SHORT_PATIENCE):
                raise (of_key if is_fault(of_key) else error) from error
            logger.info("NetSuite refuses columns of %s and does not say which.", table.name)
            return Proven((), tuple(refused)) + _bisect(table, columns, fetch, error.detail)
        break
    return Proven(columns, tuple(refused))


def _bisect(table: Table, columns: tuple[Column, ...], fetch: Fetch, reason: str) -> Proven:
    """Halves what was refused for an unnamed reason until the columns stand alone."""
    if len(columns) == 1:
        # Once more: what was a server's fault may have passed, or may be an outage. It is the
        # column only if it fails just after the key has been answered.
        again = _refusal(table, columns, fetch, _BISECT_PATIENCE)
        if again and is_fault(again):
            if _refusal(table, _key(table), fetch, SHORT_PATIENCE):
                raise again
            again = _refusal(table, columns, fetch, _BISECT_PATIENCE)
        return Proven((), (Refused(columns[0], reason),)) if again else Proven(columns)
    middle = len(columns) // 2
    proven = Proven(())
    for half in (columns[:middle], columns[middle:]):
        refusal = _refusal(table, half, fetch, _BISECT_PATIENCE)
        proven += _bisect(table, half, fetch, refusal.detail) if refusal else Proven(half)
    return proven


def _refusal(
    table: Table, columns: tuple[Column, ...], fetch: Fetch, patience: float
) -> NetSuiteError | None:
    """Why NetSuite refuses these columns; None if it does not."""
    try:
        fetch(_question(table, columns, patience))
    except NetSuiteError as error:
        if not (is_refusal(error) or is_fault(error)):
            raise
        return error
    return None


def _key(table: Table) -> tuple[Column, ...]:
    """The key; the first column of a table without one."""
    key = tuple(column for column in table.columns if column.name in table.key)
    return key or table.columns[:1]


def _question(table: Table, columns: tuple[Column, ...], patience: float) -> Query:
    text = select_nothing(table, columns)
    return Query(text, limit=1, table=table.name, patience=patience)


def _is_about_the_table(table: Table, detail: str) -> bool:
    return _refused_table(detail) == table.name


def _refused_table(detail: str) -> str | None:
    found = _REFUSED_TABLE.search(detail)
    return (found["hidden"] or found["unknown"]).lower() if found else None


def _culprit(table: Table, columns: tuple[Column, ...], detail: str) -> Column | None:
    """The column that a refusal names, if it names one of them."""
    by_name = {column.name: column for column in columns}
    of_parent = by_name.get(PARENT_MODIFIED_AT)
    if table.parent and _refused_table(detail) == table.parent.table:
        return of_parent
    found = _REFUSED_COLUMN.search(detail)
    if found is None:
        return None
    name = (found["unknown"] or found["hidden"]).lower()
    owner = (found["alias"] or found["record"] or "").lower()
    if table.parent and owner in {PARENT_ALIAS, table.parent.table}:
        return of_parent
    is_parents = table.parent is not None and name == table.parent.cursor
    return by_name.get(name, of_parent if is_parents else None)
