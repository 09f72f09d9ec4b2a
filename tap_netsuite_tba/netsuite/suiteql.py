"""The text of every SuiteQL query that reads a table.

Only what Oracle's help and running connectors agree on is used: `ASC` is always written, for
results were incomplete without it; there is no LIMIT.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tap_netsuite_tba.netsuite.expressions import modified_before, modified_since, selected
from tap_netsuite_tba.tables import DELETED_AT, PARENT_MODIFIED_AT, Column, KeyValue, Table

_ROW = "t"
_LINE = "c"
PARENT_ALIAS = "p"
"""What a query calls the transaction of a line."""


@dataclass(frozen=True)
class Since:
    """Which rows an incremental pass wants.

    Attributes:
        instant: Those modified at it or later.
        known_key: And those without a modification date whose key is higher; None: all of them.
    """

    instant: datetime
    known_key: KeyValue | None = None


def select_rows(  # noqa: PLR0913 - each is one clause of the query
    table: Table,
    columns: Sequence[Column],
    *,
    after: KeyValue | None = None,
    up_to: KeyValue | None = None,
    since: Since | None = None,
    descending: bool = False,
) -> str:
    """The rows whose key lies in (after, up_to], in the order of the key.

    Args:
        table: The table to read.
        columns: What to select; `_sdc_parent_modified_at` is the parent's cursor. A table without
            key is in the order of all of them.
        after: Excluded lower bound: a key, or its first values: all rows that begin so are out.
        up_to: Included upper bound, likewise.
        since: Only rows that were modified since.
        descending: Highest key first.
    """
    needs_parent = since is not None or any(c.name == PARENT_MODIFIED_AT for c in columns)
    where = _where(table, after, up_to, since)
    order = _order(table, columns, "DESC" if descending else "ASC")
    selected = _selection(table, columns)
    return f"SELECT {selected} FROM {_source(table, needs_parent)}{where} ORDER BY {order}"


def select_page_ends(  # noqa: PLR0913 - each is one clause of the query
    table: Table,
    *,
    after: KeyValue | None,
    pages: int,
    step: int,
    up_to: KeyValue | None = None,
    since: Since | None = None,
) -> str:
    """The key, as `page_end_names`, of every `step`th row after a position.

    Args:
        table: The table to read.
        after: Excluded lower bound, as of `select_rows`.
        pages: How many at most.
        step: How many rows lie between two of them.
        up_to: Included upper bound; rows above it are not even numbered.
        since: Only rows that were modified since.
    """
    names = page_end_names(table)
    columns = zip(table.key, names, strict=True)
    key = ", ".join(f"{_ROW}.{column} {name}" for column, name in columns)
    numbered = (
        f"SELECT {key}, ROW_NUMBER() OVER (ORDER BY {_order(table, ())}) n "
        f"FROM {_source(table, since is not None)}{_where(table, after, up_to, since)}"
    )
    order = ", ".join(f"{name} ASC" for name in names)
    return (
        f"SELECT {', '.join(names)} FROM ({numbered}) "
        f"WHERE MOD(n, {step}) = 0 AND n <= {pages * step} ORDER BY {order}"
    )


def page_end_names(table: Table) -> tuple[str, ...]:
    """What the values of the key are called in `select_page_ends`: `k`, `k2`, `k3`."""
    return tuple(f"k{number}" if number > 1 else "k" for number in range(1, len(table.key) + 1))


def select_every(
    step: int, table: Table, columns: Sequence[Column], *, since: Since | None = None
) -> str:
    """Every `step`th row in the order of `select_rows`, of a table that has no parent."""
    numbered = (
        f"SELECT {_selection(table, columns)}, "
        f"ROW_NUMBER() OVER (ORDER BY {_order(table, columns)}) sdc_n "
        f"FROM {table.from_text} {_ROW}{_where(table, None, None, since)}"
    )
    names = ", ".join(column.wire_name for column in columns)
    return f"SELECT {names} FROM ({numbered}) WHERE MOD(sdc_n, {step}) = 0 ORDER BY sdc_n ASC"


def select_extent(table: Table) -> str:
    """How many rows a table has, `n`, and its highest leading key value, `highest`."""
    selected = f"COUNT(*) AS n, MAX({_ROW}.{table.key[0]}) AS highest"
    return f"SELECT {selected} FROM {table.from_text} {_ROW}{_where(table, None, None, None)}"


def select_count(table: Table, *, since: Since | None = None, up_to: KeyValue | None = None) -> str:
    """How many rows there are, `n`, modified since an instant, and up to a position."""
    where = _where(table, None, up_to, since)
    return f"SELECT COUNT(*) AS n FROM {_source(table, since is not None)}{where}"


def select_unchanged_count(
    table: Table, started: datetime, *, since: Since | None, highest: KeyValue | None
) -> str:
    """How many rows, `n`, of a table with a cursor have not changed since an instant.

    Args:
        table: The table.
        started: The instant.
        since: Only rows that were modified since.
        highest: Of rows without a modification date only those whose key is not higher; behind the
            empty position there are none; None: none of them.
    """
    cursor = cursor_expression(table) or ""
    unchanged = modified_before(cursor, started, table.cursor_form)
    if highest is not None:
        # More rows may come behind a position that is only the first values of a key.
        last = "<=" if len(highest) == len(table.key) else "<"
        bound = f" AND {_bounded(table.key, highest, '<', last)}" if highest else ""
        unchanged = f"({unchanged} OR ({cursor} IS NULL{bound}))"
    if lines := _owners_of_changed_lines(table, started):
        unchanged += f" AND NOT {lines}"
    where = _where(table, None, None, since)
    where += f" AND {unchanged}" if where else f" WHERE {unchanged}"
    return f"SELECT COUNT(*) AS n FROM {_source(table, needs_parent=True)}{where}"


def select_nothing(table: Table, columns: Sequence[Column]) -> str:
    """The very expressions that read the columns, over no rows: NetSuite takes or refuses them."""
    needs_parent = any(column.name == PARENT_MODIFIED_AT for column in columns)
    source = _source(table, needs_parent)
    name = f"{_ROW}.{table.key[0] if table.key else columns[0].origin}"
    nowhere = " AND ".join([*_belonging(table), f"{name} IS NULL", f"{name} IS NOT NULL"])
    return f"SELECT {_selection(table, columns)} FROM {source} WHERE {nowhere}"


def select_present(table: Table, keys: Sequence[int]) -> str:
    """Which of some keys, at most 1,000, the table has; of lines, the keys of their owners."""
    column = f"{_ROW}.{table.logged_column}"
    selected = f"DISTINCT {column}" if table.parent else column
    listed = ", ".join(map(str, keys))
    present = " AND ".join([*_belonging(table), f"{column} IN ({listed})"])
    return f"SELECT {selected} FROM {table.from_text} {_ROW} WHERE {present}"


def cursor_expression(table: Table) -> str | None:
    """The column that tells when a row, or the transaction of a line, was last modified."""
    if table.parent:
        return f"{PARENT_ALIAS}.{table.parent.cursor}"
    return f"{_ROW}.{table.cursor}" if table.cursor else None


def belonging(table: Table) -> str:
    """The WHERE by which the table's rows are told from others of its source; empty without."""
    return _where(table, None, None, None)


def expressions(columns: Sequence[Column]) -> tuple[str, ...]:
    """The names in the answer of those columns that a query computes, in its order."""
    return tuple(column.wire_name for column in columns if column.is_computed)


def _selection(table: Table, columns: Sequence[Column]) -> str:
    # Expressions first: where NetSuite drops their aliases, their numbers tell which is which.
    ordered = sorted(columns, key=lambda column: not column.is_computed)
    # No row that exists has been deleted.
    return ", ".join(_selected(table, column) for column in ordered if column.name != DELETED_AT)


def _selected(table: Table, column: Column) -> str:
    if column.name == PARENT_MODIFIED_AT:
        return selected(column, cursor_expression(table) or "")
    return selected(column, f"{_ROW}.{column.origin}")


def _source(table: Table, needs_parent: bool) -> str:  # noqa: FBT001 - private, read at its three calls
    own = f"{table.from_text} {_ROW}"
    if not table.parent or not needs_parent:
        return own
    # A line whose transaction the role cannot see is read all the same.
    owner = f"{table.parent.table} {PARENT_ALIAS}"
    return f"{own} LEFT JOIN {owner} ON {PARENT_ALIAS}.id = {_ROW}.{table.parent.column}"


def _order(table: Table, columns: Sequence[Column], direction: str = "ASC") -> str:
    names = table.key or dict.fromkeys(column.origin for column in columns)
    return ", ".join(f"{_ROW}.{name} {direction}" for name in names)


def _where(
    table: Table, after: KeyValue | None, up_to: KeyValue | None, since: Since | None
) -> str:
    conditions = _belonging(table)
    if since is not None and (cursor := cursor_expression(table)):
        never = f"{cursor} IS NULL"
        if since.known_key is not None:
            last = ">" if len(since.known_key) == len(table.key) else ">="
            never += f" AND {_bounded(table.key, since.known_key, '>', last)}"
        conditions.append(f"({_changed_since(table, since.instant)} OR ({never}))")
    if after is not None:
        conditions.append(_bounded(table.key, after, ">", ">"))
    if up_to is not None:
        conditions.append(_bounded(table.key, up_to, "<", "<="))
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def _belonging(table: Table) -> list[str]:
    """The conditions by which the table's rows are told from others of its source."""
    texts = ((name, text.replace("'", "''")) for name, text in table.only)
    return [f"{_ROW}.{name} = '{text}'" for name, text in texts]


def _changed_since(table: Table, since: datetime) -> str:
    """Which rows changed: of lines, all of a transaction that did, or of which a line did."""
    cursor = cursor_expression(table) or ""
    changed = f"({modified_since(cursor, since, table.cursor_form)})"
    lines = _owners_of_changed_lines(table, since)
    return f"{changed} OR {lines}" if lines else changed


def _owners_of_changed_lines(table: Table, since: datetime) -> str | None:
    """The condition that a line of the same transaction changed; None if that cannot be told."""
    if lines := table.lines:
        return (
            f"{_ROW}.{table.key[0]} IN (SELECT {_LINE}.{lines.column} FROM {lines.table} {_LINE} "
            f"WHERE {modified_since(f'{_LINE}.{lines.cursor}', since)})"
        )
    if table.parent is None or table.parent.line_cursor is None:
        return None
    owner = table.parent.column
    line_cursor = f"{_LINE}.{table.parent.line_cursor}"
    return (
        f"{_ROW}.{owner} IN (SELECT {_LINE}.{owner} FROM {table.from_text} {_LINE} "
        f"WHERE {modified_since(line_cursor, since, table.line_cursor_form)})"
    )


def _bounded(key: tuple[str, ...], position: KeyValue, strict: str, last: str) -> str:
    """The key compared lexicographically with a position, which may be its first values only."""
    (name, *names), (value, *values) = key, position
    column = f"{_ROW}.{name}"
    if not values:
        return f"{column} {last} {value}"
    rest = _bounded(tuple(names), tuple(values), strict, last)
    # The outer comparison is implied by the inner ones; it lets NetSuite use its index.
    return f"({column} {strict}= {value} AND ({column} {strict} {value} OR {rest}))"
