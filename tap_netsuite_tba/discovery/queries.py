"""The user's own queries: which of them can be read, with which columns, and why others cannot."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

from tap_netsuite_tba.discovery.columns import prove_columns
from tap_netsuite_tba.discovery.found import LeftOut
from tap_netsuite_tba.discovery.instants import with_true_dates
from tap_netsuite_tba.discovery.query_as_written import readable_as_written
from tap_netsuite_tba.discovery.query_asking import Asking
from tap_netsuite_tba.discovery.query_checks import (
    check_needed,
    check_repeatable,
    check_replication_key,
    check_shown,
    check_size,
    check_text,
    check_typed,
    check_zones,
    no_columns,
    warn_of_guesses,
    warn_of_star,
    warn_of_text,
)
from tap_netsuite_tba.discovery.query_columns import described_columns
from tap_netsuite_tba.discovery.query_keys import count_of_proven
from tap_netsuite_tba.discovery.samples import Values, has_others, rows_of, values_by_column
from tap_netsuite_tba.discovery.values import sampled_type
from tap_netsuite_tba.errors import ExtractionError, Unreadable
from tap_netsuite_tba.extraction.groups import MAX_COLUMNS
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import NetSuiteError
from tap_netsuite_tba.netsuite.query import Fetch
from tap_netsuite_tba.netsuite.query_text import Outline, outline
from tap_netsuite_tba.netsuite.sampling import SAMPLE_ROWS, select_all
from tap_netsuite_tba.netsuite.suiteql import select_rows
from tap_netsuite_tba.own_queries import OwnQuery
from tap_netsuite_tba.tables import Column, ColumnType, Table


def discover_queries(
    queries: Sequence[OwnQuery], fetch: Fetch, workers: Workers, known: Mapping[str, Table]
) -> tuple[tuple[Table, ...], tuple[LeftOut, ...]]:
    """The queries that can be read, as tables, and the others with the reasons.

    Args:
        queries: The setting.
        fetch: Sends a query.
        workers: Where they are asked for at the same time.
        known: Those that an earlier discovery found, by name.

    Raises:
        NetSuiteError: NetSuite could not be asked.
    """
    asked = [
        (query, workers.submit(partial(readable_query, query, fetch, known.get(query.name))))
        for query in queries
    ]
    readable: list[Table] = []
    left_out: list[LeftOut] = []
    try:
        for query, answer in asked:
            try:
                readable.append(answer.result())
            except ExtractionError as error:
                left_out.append(LeftOut(query.name, str(error)))
    finally:
        # After trouble nobody wants the others any more.
        for _, answer in asked:
            answer.cancel()
    return tuple(readable), tuple(left_out)


def readable_query(query: OwnQuery, fetch: Fetch, earlier: Table | None = None) -> Table:
    """The table that the result of a query is, each column proven to be given as it will be read.

    Args:
        query: The query.
        fetch: Sends a query.
        earlier: As an earlier discovery found it: what it knew of columns without values stays.

    Raises:
        ExtractionError: It cannot be read; with NetSuite's words, the reason and a remedy.
        NetSuiteError: NetSuite could not be asked.
    """
    text = outline(query.query)
    check_text(query, text)
    if text.names is not None:
        check_needed(query, text.names)
        check_typed(query, text, text.names)
    asking = Asking(query, fetch)
    try:
        return _readable_in_parentheses(query, text, asking, earlier)
    except Unreadable:
        if asking.refusal is None or text.names is None:
            raise
    return readable_as_written(text, asking, asking.refusal, earlier)


def _readable_in_parentheses(
    query: OwnQuery, text: Outline, asking: Asking, earlier: Table | None
) -> Table:
    sample = _sample(query, text, asking)
    query = _with_key_of_texts(query, sample)
    rows = count_of_proven(query.table(()), asking)
    check_repeatable(query, text, rows)
    if text.names is None and not sample.values:
        raise no_columns(query, rows)
    described = described_columns(query, text, sample.values, earlier)
    sparing = asking.sparing()
    table = with_true_dates(query.table(described.columns), sparing, earlier)
    table = _proven(table, asking, sparing)
    check_size(table, rows)
    check_zones(table, text)
    check_replication_key(table)
    warn_of_text(query, text)
    warn_of_star(query, text, table.column_names)
    warn_of_guesses(query, described.guessed, rows)
    return table


class _Sample(NamedTuple):
    """Some rows of both ends of a query.

    Attributes:
        values: What each column has in them.
        last_keys: What the leading key has in the last rows, highest first.
    """

    values: Values
    last_keys: Sequence[Any]


def _sample(query: OwnQuery, text: Outline, asking: Asking) -> _Sample:
    """Rows of both ends, in the order in which the query will be read."""
    by_name = text.names is not None and len(text.names) <= MAX_COLUMNS
    columns = tuple(Column(name, ColumnType.TEXT) for name in text.names or ())
    table = query.table(columns if by_name else ())
    newest = asking.page(_select(table, is_last=True), limit=SAMPLE_ROWS)
    rows = rows_of(table, newest)
    last = _by_name(values_by_column(rows), columns)
    if has_others(newest):
        rows += rows_of(table, asking.page(_select(table, is_last=False), limit=SAMPLE_ROWS))
    values = _by_name(values_by_column(rows), columns)
    if not by_name and values:
        check_shown(query, tuple(sorted(values)))
        check_typed(query, text, tuple(values))
    return _Sample(values, last.get(query.primary_keys[0], ()) if query.primary_keys else ())


def _by_name(values: Values, columns: Sequence[Column]) -> Values:
    """The values of columns by the names of these, and not by those in the answer."""
    names = {column.wire_name: column.name for column in columns}
    return {names.get(name, name): found for name, found in values.items()}


def _with_key_of_texts(query: OwnQuery, sample: _Sample) -> OwnQuery:
    """With a leading key of texts where NetSuite does not sort the integers in it as such."""
    keys = sample.last_keys
    if not keys or sampled_type(keys) is not ColumnType.INTEGER:
        return query
    if all(int(key) >= int(below) for key, below in pairwise(keys)):
        return query
    text = {query.primary_keys[0]: ColumnType.TEXT}
    return replace(query, column_types={**text, **query.column_types})


def _select(table: Table, *, is_last: bool) -> str:
    """The last rows, or the first ones; with all columns, whatever they are, if none are known."""
    if table.columns:
        return select_rows(table, table.columns, descending=is_last)
    return select_all(table, table.key, "DESC" if is_last else "ASC")


def _proven(table: Table, asking: Asking, fetch: Fetch) -> Table:
    """The table with its columns in the form that NetSuite gives, asked for over no rows."""
    try:
        proven = prove_columns(table, table.columns, fetch)
    except NetSuiteError as error:
        raise asking.unreadable(error) from error
    if proven.refused:
        words = "; ".join(f"{each.column.name} ({each.reason})" for each in proven.refused)
        raise Unreadable(
            f"NetSuite refuses columns of it: {words}. Leave them out, or write them otherwise.",
            table=table.name,
        )
    return replace(table, columns=proven.accepted)
