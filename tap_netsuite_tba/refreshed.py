"""Reads on where NetSuite refuses, in the middle of a sync, what it gave when it was discovered."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from tap_netsuite_tba.decoding import Row
from tap_netsuite_tba.discovery.columns import prove_columns
from tap_netsuite_tba.discovery.found import Refused
from tap_netsuite_tba.discovery.report import short
from tap_netsuite_tba.extraction.answers import Chunk
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.passes import Means, Pass, Steps, pass_steps
from tap_netsuite_tba.extraction.waiting import Waiting, outcome
from tap_netsuite_tba.netsuite.errors import (
    NetSuiteError,
    QueryRefused,
    is_fault,
    is_refusal,
    said_by,
)
from tap_netsuite_tba.netsuite.query import Fetch
from tap_netsuite_tba.tables import Column

logger = logging.getLogger(__name__)

_REFUSALS_AGAIN = 2
"""How often a column that no refusal names must be refused once more, alone, to be gone.

Here nothing less than the values of all rows that follow is at stake.
"""


def read_what_is_left(
    selection: Selection, means: Means, current: Pass, tell: Callable[[Sequence[str]], None]
) -> Steps:
    """As `pass_steps`, and goes on without the columns that NetSuite does not give any more.

    A page that is refused, or is a server's fault for good, makes it prove the columns again. Gone
    is one that a refusal names, or that is refused alone as well, again and again. The rows that
    follow have null in it. Where none is gone, the page is asked for once more.

    Args:
        selection: What is to be read.
        means: By what it is read.
        current: How far the pass is.
        tell: Is told the names of columns that are gone.

    Raises:
        NetSuiteError: As `pass_steps`, or the table, its key or its cursor is gone.
        ExtractionError: As `pass_steps`.
    """
    gone: Row = {}
    is_puzzled = False
    while True:
        try:
            for step in pass_steps(selection, means, current):
                if isinstance(step, Waiting):
                    yield step
                    continue
                chunk, current = step
                yield (_with(gone, chunk) if chunk and gone else chunk), current
        except NetSuiteError as error:
            is_for_columns = is_refusal(error) or is_fault(error)
            if not is_for_columns or selection.table.as_written:
                raise
            if not selection.table.is_read_by_ranges:
                current = Pass(since=current.since)
            yield None, current  # NetSuite may take its time to answer.
            ask = partial(_what_is_left, selection, means.fetch)
            left, refused = yield from outcome(means.workers, ask)
            if left == selection:
                if is_puzzled:
                    raise
                is_puzzled = True
                logger.warning("%s No column is refused, so it is asked for again.", said_by(error))
            _say_gone(selection.table.name, refused)
            tell([each.column.name for each in refused])
            gone |= dict.fromkeys(each.column.name for each in refused)
            selection = left
        else:
            return


def _with(gone: Row, chunk: Chunk) -> Chunk:
    return replace(chunk, rows=[row | gone for row in chunk.rows])


def _what_is_left(selection: Selection, fetch: Fetch) -> tuple[Selection, list[Refused]]:
    """The selection as NetSuite takes it now, and the columns that it lacks.

    Raises:
        QueryRefused: The key or the cursor is gone, or all columns are.
        NetSuiteError: NetSuite could not be asked.
    """
    table = selection.table
    proven = prove_columns(table, selection.columns, fetch, refusals_again=_REFUSALS_AGAIN)
    asked = {column.name: column for column in selection.columns}
    left: dict[str, Column] = {}
    refused = [*proven.refused]
    for column in proven.accepted:
        if column.type is asked[column.name].type:
            left[column.name] = column
        else:
            refused.append(Refused(asked[column.name], f"it is of type {column.type} now"))
    needed = {*table.key, table.replication_key} if left else asked
    for each in refused:
        if each.column.name in needed:
            raise QueryRefused(each.reason, table=table.name, path=each.column.name)
    gone = {each.column.name for each in refused}
    columns = tuple(left.get(c.name, c) for c in table.columns if c.name not in gone)
    narrower = table.with_columns(columns).without_missing_cursor()
    return replace(selection, table=narrower, columns=tuple(left.values())), refused


def _say_gone(table: str, refused: Sequence[Refused]) -> None:
    if not refused:
        return
    named = (f"{each.column.name} ({short(each.reason)})" for each in refused)
    logger.warning(
        "NetSuite does not give these columns of %s any more: %s. They are null in all rows from "
        "here on. If that is to stay so, take them out of the catalog: discover a new one with "
        "--discover. If not, give the role the permission back, and load the table anew.",
        table,
        ", ".join(named),
    )
