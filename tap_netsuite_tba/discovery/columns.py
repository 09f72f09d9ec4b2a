"""Which columns of a table SuiteQL accepts, asked for as they will be read."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tap_netsuite_tba.discovery.found import Refused
from tap_netsuite_tba.discovery.words import named_column, named_table, says_absent
from tap_netsuite_tba.extraction.groups import MAX_COLUMNS
from tap_netsuite_tba.netsuite.errors import NetSuiteError, is_fault, is_refusal
from tap_netsuite_tba.netsuite.query import SHORT_PATIENCE, Fetch, Query
from tap_netsuite_tba.netsuite.suiteql import PARENT_ALIAS, select_count, select_nothing
from tap_netsuite_tba.tables import (
    DELETED_AT,
    PARENT_MODIFIED_AT,
    Column,
    ColumnType,
    Form,
    Table,
)

logger = logging.getLogger(__name__)

# A column that NetSuite cannot read may be answered as a server's fault. Once the table is known to
# answer, each half is given this many seconds to prove that it was another.
_BISECT_PATIENCE = 1.0

_OTHER_FORMS: Mapping[tuple[ColumnType, Form], tuple[ColumnType, Form]] = {
    (ColumnType.DATETIME, Form.USUAL): (ColumnType.DATETIME, Form.LOCAL),
    (ColumnType.DATETIME, Form.LOCAL): (ColumnType.DATE, Form.USUAL),
    (ColumnType.DATE, Form.USUAL): (ColumnType.TEXT, Form.USUAL),
}
"""How a column is asked for whose expression is refused, though it may be there."""

_FOUND_FORMS: Mapping[tuple[ColumnType, Form], str] = {
    (ColumnType.DATETIME, Form.LOCAL): (
        "without a time zone, so it is read as one of the time zone of the token's user"
    ),
    (ColumnType.DATE, Form.USUAL): "as a date only, so its time of day is lost, if it has one",
    (ColumnType.TEXT, Form.USUAL): "as text only, so it comes as the account writes it",
}


@dataclass(frozen=True)
class Proven:
    """The columns of a table after NetSuite was asked, in the order in which they were given.

    Attributes:
        accepted: In the form, and of the type, that NetSuite gives.
        refused: As they were asked for first, with the first words of refusal.
    """

    accepted: tuple[Column, ...]
    refused: tuple[Refused, ...] = ()

    def __add__(self, other: "Proven") -> "Proven":
        return Proven(self.accepted + other.accepted, self.refused + other.refused)


def prove_columns(table: Table, columns: Sequence[Column], fetch: Fetch) -> Proven:
    """Asks for the columns until NetSuite accepts what is left.

    A refusal that names a column costs one request; one that names none is found by bisection. An
    instant or a date whose expression is refused, though it is there, is asked for by others, all
    such columns at once.

    Raises:
        RequestRefused: The table itself, or its key, cannot be read.
        NetSuiteError: NetSuite could not be asked; the columns are not judged then.
    """
    asked = [column for column in columns if column.name != DELETED_AT]
    proven = Proven(tuple(column for column in columns if column.name == DELETED_AT))
    for start in range(0, len(asked), MAX_COLUMNS):
        proven += _prove_in_any_form(table, tuple(asked[start : start + MAX_COLUMNS]), fetch)
    accepted = {column.name: column for column in proven.accepted}
    refused = {each.column.name: each for each in proven.refused}
    return Proven(
        tuple(accepted[column.name] for column in columns if column.name in accepted),
        tuple(refused[column.name] for column in columns if column.name in refused),
    )


def _prove_in_any_form(table: Table, columns: tuple[Column, ...], fetch: Fetch) -> Proven:
    proven = _prove(table, columns, fetch)
    accepted, refused = proven.accepted, proven.refused
    while others := tuple(filter(None, map(_in_other_form, refused))):
        proven_others = _prove_parts(table, others, fetch)
        for column in proven_others.accepted:
            logger.warning(
                "NetSuite gives %s.%s %s.",
                table.name,
                column.name,
                _FOUND_FORMS[column.type, column.form],
            )
        accepted, refused = accepted + proven_others.accepted, proven_others.refused
    names = {column.name for column in accepted}
    return Proven(accepted, tuple(r for r in proven.refused if r.column.name not in names))


def _in_other_form(refused: Refused) -> Column | None:
    """The column as it may be accepted after all; None if nothing is left to try."""
    column = refused.column
    other = _OTHER_FORMS.get((column.type, column.form))
    if other is None or says_absent(refused.reason):
        return None
    kind, form = other
    if column.name == PARENT_MODIFIED_AT and kind is not column.type:
        return None  # It is nothing but an instant.
    return replace(column, type=kind, form=form)


def _prove(table: Table, columns: tuple[Column, ...], fetch: Fetch) -> Proven:
    """The columns that NetSuite accepts, of a table that it may refuse as well."""
    left, refused, refusal = _ask_until_unnamed(table, columns, fetch, SHORT_PATIENCE)
    if refusal is None:
        return Proven(left, refused)
    # Nothing is named. If the key is refused too, it is the table; else some columns are.
    if of_table := _refusal_of_table(table, fetch):
        raise (of_table if is_fault(of_table) else refusal) from refusal
    logger.info("NetSuite refuses columns of %s and does not say which.", table.name)
    return Proven((), refused) + _bisect(table, left, fetch, refusal)


def _prove_parts(table: Table, columns: tuple[Column, ...], fetch: Fetch) -> Proven:
    """The same of a table that is known to answer."""
    left, refused, refusal = _ask_until_unnamed(table, columns, fetch, _BISECT_PATIENCE)
    if refusal is None:
        return Proven(left, refused)
    return Proven((), refused) + _bisect(table, left, fetch, refusal)


def _bisect(
    table: Table, columns: tuple[Column, ...], fetch: Fetch, refusal: NetSuiteError
) -> Proven:
    """Parts what was refused for an unnamed reason until the columns stand alone."""
    if len(columns) == 1:
        if is_fault(refusal) and not _stays_at_fault(table, columns, fetch):
            return Proven(columns)
        return Proven((), (Refused(columns[0], refusal.detail),))
    first, second = _parts(columns)
    proven = _prove_parts(table, first, fetch)
    if proven.refused or len(second) == 1:
        return proven + _prove_parts(table, second, fetch)
    # It is the second that is refused, and need not be asked for as a whole.
    return proven + _bisect(table, second, fetch, refusal)


def _parts(columns: tuple[Column, ...]) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """Instants and the others, for what instants are refused for they mostly share; else halves."""
    instants = tuple(column for column in columns if column.type is ColumnType.DATETIME)
    others = tuple(column for column in columns if column.type is not ColumnType.DATETIME)
    if instants and others:
        return instants, others
    middle = len(columns) // 2
    return columns[:middle], columns[middle:]


def _stays_at_fault(table: Table, columns: tuple[Column, ...], fetch: Fetch) -> bool:
    """Whether a server's fault is that of a column, for it may have passed, or be an outage.

    It is the column's only if it comes once more just after the table has answered.
    """
    if of_table := _refusal_of_table(table, fetch):
        raise of_table
    return _refusal(table, columns, fetch, _BISECT_PATIENCE) is not None


def _ask_until_unnamed(
    table: Table, columns: tuple[Column, ...], fetch: Fetch, patience: float
) -> tuple[tuple[Column, ...], tuple[Refused, ...], NetSuiteError | None]:
    """Asks without the columns that refusals name.

    Returns:
        The columns that are left, those that are not, and the refusal that names none; None if
        the columns that are left are accepted.
    """
    refused: tuple[Refused, ...] = ()
    while columns and (refusal := _refusal(table, columns, fetch, patience)):
        culprits = _culprits(table, columns, refusal.detail)
        if not culprits:
            return columns, refused, refusal
        refused += tuple(Refused(culprit, refusal.detail) for culprit in culprits)
        columns = tuple(column for column in columns if column not in culprits)
    return columns, refused, None


def _refusal(
    table: Table, columns: tuple[Column, ...], fetch: Fetch, patience: float
) -> NetSuiteError | None:
    """Why NetSuite refuses these columns; None if it does not."""
    return _refusal_of(table, select_nothing(table, columns), fetch, patience)


def _refusal_of_table(table: Table, fetch: Fetch) -> NetSuiteError | None:
    """Why NetSuite refuses the key of a table, or, where it has none, to count its rows.

    An outage is waited out here, as long as the settings say, for it is no reason to refuse.
    """
    key = tuple(column for column in table.columns if column.name in table.key)
    text = select_nothing(table, key) if key else select_count(table)
    return _refusal_of(table, text, fetch, patience=None)


def _refusal_of(
    table: Table, text: str, fetch: Fetch, patience: float | None
) -> NetSuiteError | None:
    try:
        fetch(Query(text, limit=1, table=table.name, patience=patience))
    except NetSuiteError as error:
        is_of_columns = is_refusal(error) or is_fault(error)
        if not is_of_columns or named_table(error.detail) == table.name:
            raise
        return error
    return None


def _culprits(table: Table, columns: tuple[Column, ...], words: str) -> tuple[Column, ...]:
    """The columns that a refusal names, a label with the column that it is of."""
    parent = table.parent
    of_parent = tuple(column for column in columns if column.name == PARENT_MODIFIED_AT)
    if parent and named_table(words) == parent.table:
        return of_parent
    named = named_column(words)
    if named is None:
        return ()
    own = tuple(column for column in columns if column.origin == named.name)
    if parent is None or named.name not in {parent.cursor, "id"}:
        return own
    if named.owner in {PARENT_ALIAS, parent.table}:
        return of_parent
    if own and of_parent and not named.owner:
        return ()  # Either may be meant.
    return own or of_parent
