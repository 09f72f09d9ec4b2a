"""The text of the SuiteQL queries that look at a few rows of a table."""

from collections.abc import Mapping, Sequence

from tap_netsuite_tba.netsuite.suiteql import belonging
from tap_netsuite_tba.tables import Column, Table

SAMPLE_ROWS = 100
"""How many rows are looked at."""

TIME_FORMAT = "HH24:MI:SS"


def select_all(table: Table, key: Sequence[str], direction: str = "DESC") -> str:
    """Whatever columns the rows have; SuiteQL answers more than 100 with no rows and no error.

    Args:
        table: The table.
        key: The columns to sort by; none for no order.
        direction: `DESC` or `ASC`.
    """
    return f"SELECT t.* FROM {table.from_text} t{belonging(table)}{_order(key, direction)}"  # noqa: S608 - checked in Table


def select_times(table: Table, columns: Mapping[str, Column]) -> str:
    """The times of day in some dates of a table's newest rows, by the session's clock.

    Args:
        table: The table.
        columns: The columns, by what the answer is to call them.
    """
    times = ", ".join(
        f"TO_CHAR(t.{column.name}, '{TIME_FORMAT}') AS {alias}" for alias, column in columns.items()
    )
    return f"SELECT {times} FROM {table.from_text} t{belonging(table)}{_order(table.key, 'DESC')}"  # noqa: S608 - likewise


def _order(key: Sequence[str], direction: str) -> str:
    order = ", ".join(f"t.{name} {direction}" for name in key)
    return f" ORDER BY {order}" if order else ""
