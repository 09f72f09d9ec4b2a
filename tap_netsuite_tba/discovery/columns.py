"""Which columns of a table SuiteQL accepts, asked for as they will be read."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from tap_netsuite_tba.discovery.found import Refused
from tap_netsuite_tba.discovery.words import named_column, named_table, says_absent
from tap_netsuite_tba.extraction.groups import MAX_COLUMNS
from tap_netsuite_tba.netsuite.errors import NetSuiteError, is_fault, is_refusal
from tap_netsuite_tba.netsuite.query import Fetch, Query
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

# A column that NetSuite cannot read may be answered as a server's fault. The first query is given
# this many seconds; no other is given any, for one that passes is found out in the end.
_FIRST_PATIENCE = 1.0

_FAULTS_AGAIN = 4
"""How often a column must fail again, alone, before a server's fault is taken for its own."""

_COMPUTED_TYPES = frozenset({ColumnType.DATETIME, ColumnType.DATE})
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


def prove_columns(
    table: Table, columns: Sequence[Column], fetch: Fetch, *, refusals_again: int = 0
) -> Proven:
    """Asks for the columns until NetSuite accepts what is left, of up to 99 as a whole.

    A refusal that names a column costs one request. For one that names none, the fewest first
    columns are looked for that are refused together, and the last of them goes. An instant or a
    date whose expression is refused, though it is there, is asked for by others, all such columns
    at once.

    Args:
        table: What they are columns of.
        columns: Those to ask for.
        fetch: Sends a query.
        refusals_again: How often a column that its refusal does not name must be refused once
            more, alone; for server's faults there is a number of its own.

    Raises:
        RequestRefused: The table itself, or its key, cannot be read.
        NetSuiteError: NetSuite could not be asked; the columns are not judged then.
    """
    asked = [column for column in columns if column.name != DELETED_AT]
    # What instants are refused for they mostly share, and side by side they are found soonest.
    asked.sort(key=lambda c: (c.name not in table.key, c.type is not ColumnType.DATETIME))
    proof = _Proof(table, fetch, refusals_again)
    proven = Proven(tuple(column for column in columns if column.name == DELETED_AT))
    for start in range(0, len(asked), MAX_COLUMNS):
        proven += proof.in_any_form(tuple(asked[start : start + MAX_COLUMNS]))
    accepted = {column.name: column for column in proven.accepted}
    refused = {each.column.name: each for each in proven.refused}
    return Proven(
        tuple(accepted[column.name] for column in columns if column.name in accepted),
        tuple(refused[column.name] for column in columns if column.name in refused),
    )


@dataclass(frozen=True)
class _Proof:
    """What it takes to ask for columns of a table."""

    table: Table
    fetch: Fetch
    refusals_again: int

    def in_any_form(self, columns: tuple[Column, ...]) -> Proven:
        """The columns that are accepted together, each in the first form that is."""
        proven = self._accepted_together(columns)
        refused = proven.refused
        there = self._there_after_all(refused)
        while others := tuple(
            filter(None, (self._in_other_form(each, there) for each in proven.refused))
        ):
            proven = self._accepted_together(proven.accepted + others, len(proven.accepted))
            refused += proven.refused
            for column in proven.accepted:
                if column in others:
                    self._say_form(column)
        accepted = {column.name for column in proven.accepted}
        # Of several refusals of one column, the first is that of its usual expression.
        first = {each.column.name: each for each in reversed(refused)}
        return Proven(
            proven.accepted, tuple(r for name, r in first.items() if name not in accepted)
        )

    def _there_after_all(self, refused: Sequence[Refused]) -> frozenset[str]:
        """Those computed columns that are said to be absent, and are given as they are."""
        bare = tuple(
            replace(each.column, type=ColumnType.TEXT, form=Form.USUAL)
            for each in refused
            if each.column.type in _COMPUTED_TYPES
            and self._is_absent(each)
            and named_column(each.reason)
        )
        return frozenset(column.name for column in self._accepted_together(bare).accepted)

    def _is_absent(self, refused: Refused) -> bool:
        """Whether the words say that the column is not there, and not what it is asked by."""
        words = refused.reason
        return says_absent(words) and bool(_culprits(self.table, (refused.column,), words))

    def _in_other_form(self, refused: Refused, there: Collection[str]) -> Column | None:
        """The column as it may be accepted after all; None if nothing is left to try."""
        column = refused.column
        other = _OTHER_FORMS.get((column.type, column.form))
        if other is None or (self._is_absent(refused) and column.name not in there):
            return None
        kind, form = other
        if column.name == PARENT_MODIFIED_AT and kind is not column.type:
            return None  # It is nothing but an instant.
        return replace(column, type=kind, form=form)

    def _say_form(self, column: Column) -> None:
        found = _FOUND_FORMS[column.type, column.form]
        logger.warning("NetSuite gives %s.%s %s.", self.table.name, column.name, found)

    def _accepted_together(self, columns: tuple[Column, ...], known: int = 0) -> Proven:
        """The columns that one query may ask for, and the others with the first refusal of each.

        Args:
            columns: Those of the key first.
            known: How many of the first are known to be accepted; with them, the table is.
        """
        refused: tuple[Refused, ...] = ()
        patience = 0.0 if known else _FIRST_PATIENCE
        while known < len(columns) and (refusal := self._refusal(columns, patience)):
            culprits = _culprits(self.table, columns, refusal.detail)
            if not culprits:
                if patience and (others := self._in_common_form(columns, refusal)):
                    return Proven(others, refused)
                if patience:
                    self._check_table(refusal)
                    known = sum(column.name in self.table.key for column in columns)
                    patience = 0.0
                known, culprits, refusal = self._looked_for(columns, known, refusal)
            refused += tuple(Refused(culprit, refusal.detail) for culprit in culprits)
            known -= sum(column in culprits for column in columns[:known])
            columns = tuple(column for column in columns if column not in culprits)
        return Proven(columns, refused)

    def _in_common_form(
        self, columns: tuple[Column, ...], refusal: NetSuiteError
    ) -> tuple[Column, ...]:
        """All columns of a query, its instants in a form that loses nothing, if that is taken.

        Each question runs the query, so that is tried before the columns are looked at one by one.

        Returns:
            None of them if that is no remedy, or if it is no query.
        """
        if not self.table.is_select:
            return ()
        local = tuple(
            replace(column, form=Form.LOCAL) if column.type is ColumnType.DATETIME else column
            for column in columns
        )
        # A fault may have passed.
        tried = [columns] if is_fault(refusal) else []
        tried += [local] if local != columns else []
        found = next((each for each in tried if self._refusal(each) is None), ())
        for column in found:
            if column not in columns:
                self._say_form(column)
        return found

    def _check_table(self, refusal: NetSuiteError) -> None:
        """Raises if it is not some of its columns that are refused, but the table."""
        if of_table := self._refusal_of_table():
            raise (of_table if is_fault(of_table) else refusal) from refusal
        logger.info("NetSuite refuses columns of %s and does not say which.", self.table.name)

    def _looked_for(
        self, columns: tuple[Column, ...], known: int, refusal: NetSuiteError
    ) -> tuple[int, tuple[Column, ...], NetSuiteError]:
        """Looks for the fewest first columns that are refused, until some are named.

        Args:
            columns: Those that are refused together.
            known: How many of the first are accepted.
            refusal: Why they are refused; it names none.

        Returns:
            How many of the first are known to be accepted now; those at fault, which is none if the
            one that is found answers alone; and why they are refused.
        """
        end, step = len(columns), 1
        while end - known > 1:
            middle = min(known + step, (known + end) // 2)
            if (found := self._refusal(columns[:middle])) is None:
                # Longer and longer steps, for refused columns often stand side by side.
                known, step = middle, step * 4
            elif named := _culprits(self.table, columns[:middle], found.detail):
                return known, named, found
            else:
                end, refusal = middle, found
        if self._stays_refused(columns[known], refusal):
            return known, columns[known:end], refusal
        return end, (), refusal

    def _stays_refused(self, column: Column, refusal: NetSuiteError) -> bool:
        """Whether a refusal that does not name its column is that of the column.

        A server's fault may have passed, or be an outage: it is the column's only if it comes again
        and again, each time just after the table has answered.
        """
        for _ in range(_FAULTS_AGAIN if is_fault(refusal) else self.refusals_again):
            if of_table := self._refusal_of_table():
                raise of_table
            if self._refusal((column,)) is None:
                return False
        return True

    def _refusal(self, columns: tuple[Column, ...], patience: float = 0.0) -> NetSuiteError | None:
        """Why NetSuite refuses these columns; None if it does not."""
        return self._refusal_of(select_nothing(self.table, columns), patience)

    def _refusal_of_table(self) -> NetSuiteError | None:
        """Why NetSuite refuses the key of the table, or, where it has none, to count its rows.

        An outage is waited out here, as long as the settings say, for it is no reason to refuse.
        """
        key = tuple(column for column in self.table.columns if column.name in self.table.key)
        text = select_nothing(self.table, key) if key else select_count(self.table)
        return self._refusal_of(text, patience=None)

    def _refusal_of(self, text: str, patience: float | None) -> NetSuiteError | None:
        try:
            self.fetch(Query(text, limit=1, table=self.table.name, patience=patience))
        except NetSuiteError as error:
            is_of_columns = is_refusal(error) or is_fault(error)
            if not is_of_columns or named_table(error.detail) == self.table.name:
                raise
            return error
        return None


def _culprits(table: Table, columns: tuple[Column, ...], words: str) -> tuple[Column, ...]:
    """The columns that a refusal names; where it may mean a label or what that is of, the label."""
    parent = table.parent
    of_parent = tuple(column for column in columns if column.name == PARENT_MODIFIED_AT)
    if parent and named_table(words) == parent.table:
        return of_parent
    named = named_column(words)
    if named is None:
        return ()
    own = tuple(column for column in columns if column.origin == named.name)
    own = tuple(column for column in own if column.label_of) or own
    if parent is None or named.name not in {parent.cursor, "id"}:
        return own
    if named.owner in {PARENT_ALIAS, parent.table}:
        return of_parent
    if own and of_parent and not named.owner:
        return ()  # Either may be meant.
    return own or of_parent
