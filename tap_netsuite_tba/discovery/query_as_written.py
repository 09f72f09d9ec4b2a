"""Queries that NetSuite takes only as they are written, and refuses inside of another SELECT.

Nothing can be asked of such a query but its own rows: no key, no count, no other form of a date.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace

from tap_netsuite_tba.decoding import Row, RowDecoder, convert
from tap_netsuite_tba.discovery.query_asking import Asking
from tap_netsuite_tba.discovery.query_checks import (
    check_repeatable,
    warn_of_guesses,
    warn_of_text,
)
from tap_netsuite_tba.discovery.query_columns import described_columns
from tap_netsuite_tba.discovery.query_keys import check_keys_shown
from tap_netsuite_tba.discovery.samples import Values, values_by_column
from tap_netsuite_tba.errors import Unreadable
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.at_once import QueryReading
from tap_netsuite_tba.netsuite.errors import NetSuiteError, said_by
from tap_netsuite_tba.netsuite.query import PAGE_ROWS, Page
from tap_netsuite_tba.netsuite.query_text import Outline
from tap_netsuite_tba.netsuite.traps import reasons
from tap_netsuite_tba.own_queries import OwnQuery
from tap_netsuite_tba.reserved_words import RESERVED_WORDS
from tap_netsuite_tba.tables import Column, ColumnType, Table

logger = logging.getLogger(__name__)


def readable_as_written(
    text: Outline, asking: Asking, refusal: NetSuiteError, earlier: Table | None = None
) -> Table:
    """The table that the result of a query is; a warning says what it lacks.

    Args:
        text: What its text tells: the names of all columns, too.
        asking: By what it is asked.
        refusal: What NetSuite says to it in parentheses.
        earlier: As an earlier discovery found it.

    Raises:
        Unreadable: It has too many rows, or a page of them tells that the key is none.
        NetSuiteError: NetSuite could not be asked.
    """
    query = asking.query
    page = asking.page(text.text)
    rows = _rows(query, text, page)
    values = values_by_column(rows)
    described = described_columns(query, text, values, earlier)
    texts = [column.name for column in described.columns if _is_text(column, query, values)]
    table = query.as_written(
        tuple(replace(c, type=ColumnType.TEXT) if c.name in texts else c for c in described.columns)
    )
    check_told_apart(table)
    check_keys_shown(table, rows)
    total = QueryReading(Selection(table, table.columns), asking.fetch).count_before(page)
    check_repeatable(query, text, total)
    _say_how(query, refusal, texts, total)
    warn_of_text(query, text)
    warn_of_guesses(query, described.guessed, total)
    return table


def _rows(query: OwnQuery, text: Outline, page: Page) -> list[Row]:
    """The rows of a page, as texts."""
    columns = tuple(Column(name, ColumnType.TEXT) for name in text.names or ())
    return RowDecoder(query.name, columns, (), expressions=text.computed).decode(page.items)


def _is_text(column: Column, query: OwnQuery, values: Values) -> bool:
    """Whether a date is a text as the query gives it, for in which format is the user's choice.

    It is none if `column_types` says so, all its values are written as a stream has them, and it
    is called by its own name where a stream would ask for it, too.
    """
    if not column.is_computed:
        return False
    try:
        for value in values.get(column.name, ()):
            convert(value, column.type)
    except ValueError:
        return True
    return column.name not in query.column_types or column.name in RESERVED_WORDS


def check_told_apart(table: Table) -> None:
    """Whether the columns of a query can be told in its answer by their names alone.

    Raises:
        Unreadable: One cannot.
    """
    if odd := [column.name for column in table.columns if column.wire_name != column.name]:
        raise Unreadable(
            f"{' and '.join(odd)} cannot be told in an answer. Give it an alias that does not "
            f"begin with an underscore or sdc_.",
            table=table.name,
        )


def _say_how(query: OwnQuery, refusal: NetSuiteError, texts: Sequence[str], rows: int) -> None:
    """Says that, and why, and what follows from it."""
    follows = []
    if query.replication_key:
        follows.append(
            f"Its replication_key {query.replication_key} is not used: which rows changed cannot "
            f"be asked."
        )
    if unused := [name for name in texts if name in query.column_types]:
        follows.append(
            f"The column_types of {', '.join(unused)} are not used: let TO_CHAR write values as "
            f"2026-01-31 or 2026-01-31T23:59:59Z, under an alias that is no reserved word."
        )
    if dates := [name for name in texts if name not in query.column_types]:
        follows.append(
            f"Dates come as texts in the format of the user, without a time of day, which TO_CHAR "
            f"would give: {', '.join(dates)}."
        )
    if rows > PAGE_ROWS:
        follows.append(
            f"NetSuite runs it for each {PAGE_ROWS} of its {rows} rows, and once more to compare: "
            f"it must not change meanwhile, its ORDER BY must leave no doubt, and no row may come "
            f"twice."
        )
    logger.warning(
        "The query %s is read as it is written, whole in each run, for NetSuite refuses it in "
        "parentheses, where it could be read in parts. %s",
        query.name,
        " ".join([said_by(refusal), *map(str, reasons(refusal, query.query)), *follows]),
    )
