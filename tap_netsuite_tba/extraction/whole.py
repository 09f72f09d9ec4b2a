"""Tables that have no key of integers: one safe reading, or a refusal that says why.

How NetSuite sorts texts cannot be told here, so there are no ranges to read. Such a table comes in
pages of one total order, by its key or by all columns; a query that NetSuite takes only as it is
written comes in its own. What must be true of the pages is in at_once.py.
"""

from collections.abc import Generator, Iterator
from functools import partial

from tap_netsuite_tba.extraction.answers import Chunk
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.at_once import QueryReading, TableReading
from tap_netsuite_tba.extraction.budget import Turn
from tap_netsuite_tba.extraction.waiting import Waiting, outcome
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.query import PAGE_ROWS, Fetch, Page


def read_whole(
    selection: Selection, fetch: Fetch, workers: Workers, turn: Turn
) -> Iterator[Chunk | Waiting]:
    """The pages of a table in its order; a table that fits one costs one request.

    Before its turn it asks for the first page only.

    Raises:
        Unreadable: The table is too large.
        CountMismatch: The table changed while it was read.
        ValueMismatch: A value does not fit its column.
        NetSuiteError: NetSuite could not be asked.
    """
    kind = QueryReading if selection.table.as_written else TableReading
    reading = kind(selection, fetch)
    page = yield from _first_page(reading, workers, turn)
    expected = page.count
    if page.has_more or page.count >= PAGE_ROWS or (page.total_results or 0) > page.count:
        expected = yield from outcome(workers, partial(reading.count_before, page))
    yield reading.take(page, 0, expected)
    for offset in range(PAGE_ROWS, expected, PAGE_ROWS):
        page = yield from outcome(workers, partial(reading.ask, offset))
        yield reading.take(page, offset, expected)
    if expected > PAGE_ROWS:
        yield from outcome(workers, partial(reading.check_end, expected))


def _first_page(
    reading: TableReading, workers: Workers, turn: Turn
) -> Generator[Waiting, None, Page]:
    """The first page; one that was read ahead only if it is all, for nothing may have changed."""
    is_ahead, future = not turn.is_mine, workers.submit(partial(reading.ask, 0))
    try:
        while not (turn.is_mine and future.done()):
            if future.done() and not future.exception():
                turn.hold([len(future.result().items)])
            is_here = future.done() and not turn.is_mine
            yield Waiting(frozenset([] if is_here else [future]))
    finally:
        future.cancel()
        turn.hold([])
    page = future.result()
    is_all = page.total_results == page.count < PAGE_ROWS and not page.has_more
    if is_ahead and not is_all:
        return (yield from outcome(workers, partial(reading.ask, 0)))
    return page
