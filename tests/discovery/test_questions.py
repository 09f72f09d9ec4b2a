"""Questions that can be done without: told from an outage, and never asked for hours."""

from collections.abc import Callable

import pytest

from tap_netsuite_tba.discovery.questions import ask, ask_in_time, has_rows
from tap_netsuite_tba.netsuite.errors import (
    MalformedResponse,
    NetSuiteError,
    QueryRefused,
    RetriesExhausted,
    ServerFault,
    TimedOut,
)
from tap_netsuite_tba.netsuite.query import Query
from tap_netsuite_tba.tables import Column, ColumnType, Table
from tests.discovery.role import UNNAMED
from tests.discovery.rows import Rows, fault

KEYED = Table("thing", ("id",), (Column("id", ColumnType.INTEGER),))
KEYLESS = Table("thing", (), ())
QUESTION = "SELECT t.* FROM thing t"
ROWS = [{"id": "1"}]
BY_KEY, BY_NUMBER = (
    "SELECT t.id FROM thing t ORDER BY t.id ASC",
    "SELECT COUNT(*) AS n FROM thing t",
)


def slow(query: Query) -> NetSuiteError:
    assert query.is_optional
    return TimedOut("not a byte for 300 s", table=query.table)


def refused(query: Query) -> NetSuiteError:
    return QueryRefused(UNNAMED, table=query.table)


def failing(beginning: str, error: Callable[[Query], NetSuiteError], times: int = 99) -> Rows:
    """A table of which queries that begin so fail, so often."""
    left = iter([True] * times)

    def trouble(query: Query) -> None:
        if query.text.startswith(beginning) and next(left, False):
            raise error(query)

    return Rows(ROWS, trouble=trouble)


@pytest.mark.parametrize("table", [KEYED, KEYLESS])
@pytest.mark.parametrize("error", [fault, slow])
def test_what_fails_again_after_the_table_has_answered_is_done_without(
    table: Table, error: Callable[[Query], NetSuiteError]
) -> None:
    account = failing("SELECT t.*", error)
    assert ask(table, QUESTION, account.fetch) is None
    between = BY_KEY if table.key else BY_NUMBER
    assert [query.text for query in account.queries] == [QUESTION, between, QUESTION]


@pytest.mark.parametrize("error", [fault, slow])
def test_what_passes_is_answered(error: Callable[[Query], NetSuiteError]) -> None:
    assert ask(KEYED, QUESTION, failing("SELECT t.*", error, times=1).fetch)


def test_an_outage_is_waited_out_by_asking_for_the_table() -> None:
    account = failing("SELECT t.*", fault)
    ask(KEYED, QUESTION, account.fetch)
    question, table, again = account.queries
    assert (table.patience, table.is_optional) == (None, False)
    assert None not in (question.patience, again.patience)


def test_an_outage_that_outlasts_the_patience_for_questions_costs_no_answer() -> None:
    def is_down(query: Query) -> None:
        # Only a query without a patience of its own waits until the outage is over.
        if all(asked.patience is not None for asked in account.queries):
            raise fault(query)

    account = Rows(ROWS, trouble=is_down)
    page = ask(KEYED, QUESTION, account.fetch)
    assert page
    assert page.count == len(ROWS)


def test_a_refusal_is_an_answer() -> None:
    account = failing("SELECT t.*", refused)
    assert ask(KEYED, QUESTION, account.fetch) is None
    assert len(account.queries) == 1


def test_slowness_is_raised_where_parts_may_be_as_slow() -> None:
    with pytest.raises(TimedOut):
        ask_in_time(KEYED, QUESTION, failing("SELECT t.*", slow).fetch)


@pytest.mark.parametrize(
    "last", [ServerFault("<html>", status=503), MalformedResponse("<html>", status=403), TimedOut()]
)
def test_trouble_that_is_of_no_query_is_raised_at_once(last: NetSuiteError) -> None:
    account = failing("SELECT t.*", lambda _: RetriesExhausted(last, seconds=900))
    with pytest.raises(RetriesExhausted):
        ask(KEYED, QUESTION, account.fetch)
    assert len(account.queries) == 1


def test_a_table_that_cannot_be_counted_has_rows_all_the_same() -> None:
    account = failing(BY_NUMBER, refused)
    assert has_rows(KEYED, account.fetch)
    with pytest.raises(QueryRefused):
        has_rows(KEYLESS, account.fetch)


@pytest.mark.parametrize("table", [KEYED, KEYLESS])
def test_a_table_may_be_empty(table: Table) -> None:
    assert not has_rows(table, Rows(columns=["id"]).fetch)
    assert has_rows(table, Rows(ROWS).fetch)
