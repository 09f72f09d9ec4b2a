"""Rows that tell a warehouse which of its rows are gone from NetSuite.

A tombstone is of full width: its key and when the row was deleted, all else null. The lines of a
deleted transaction are gone together, and no log says which they were: one tombstone in the place
of the main line buries them, for its `_sdc_parent_modified_at` is higher than that of any of them,
and only lines that have the highest of their transaction are live (see docs/warehouse.md).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from tap_netsuite_tba.decoding import Row, instant_text
from tap_netsuite_tba.tables import DELETED_AT, PARENT_MODIFIED_AT, Column, Table

# A transaction may be saved and deleted within one second, and NetSuite's dates are no finer.
_ABOVE = timedelta(seconds=1)


def has_tombstones(columns: Sequence[Column]) -> bool:
    """Whether tombstones can be told from rows by the selected columns."""
    return any(column.name == DELETED_AT for column in columns)


def tombstones(
    table: Table,
    columns: Sequence[Column],
    deleted: Mapping[int, str],
    never_had: Callable[[int, str], bool],
) -> Iterator[Row]:
    """The tombstones of deleted rows, or of the lines of deleted transactions.

    Args:
        table: The table that had them.
        columns: What its rows carry, `_sdc_deleted_at` among it.
        deleted: The keys of the rows, or of the transactions, and when each was deleted.
        never_had: Whether no row of a key that was deleted then ever went out.
    """
    template = dict.fromkeys(column.name for column in columns)
    template |= dict(table.parent.main_line if table.parent else ())
    for key, deleted_at in deleted.items():
        if never_had(key, deleted_at):
            continue
        row = template | {table.logged_column: key, DELETED_AT: deleted_at}
        if PARENT_MODIFIED_AT in row:
            above = datetime.fromisoformat(deleted_at) + _ABOVE
            row[PARENT_MODIFIED_AT] = instant_text(above)
        yield row
