"""What is asked for, and for how much less after a time-out."""

import json

import pytest

from tap_netsuite_tba.extraction.asking import Request, Selection, ask_page_ends, ask_rows
from tap_netsuite_tba.extraction.plan import STEP, Plan
from tap_netsuite_tba.extraction.ranges import Range
from tap_netsuite_tba.netsuite.query import SHORT_PATIENCE, Page, Query

from .account import BEGIN, TABLE, WIDE_KEY, MemoryAccount

SELECTION = Selection(TABLE, TABLE.columns)


def account_of(rows: int) -> MemoryAccount:
    return MemoryAccount(TABLE, {(key,): BEGIN for key in range(rows)})


@pytest.mark.parametrize(("descending", "order"), [(False, "t.id ASC"), (True, "t.id DESC")])
def test_rows_are_asked_for_in_the_order_that_is_wanted(order: str, *, descending: bool) -> None:
    account, queries = account_of(100), list[Query]()
    account.before_answer = lambda _, query: queries.append(query)
    request = Request(Range((10,), (20,)), 5, descending=descending)
    page = ask_rows(SELECTION, account.fetch, request, TABLE.columns)
    assert page.count == 5
    [query] = queries
    assert query.text.endswith(f"WHERE t.id > 10 AND t.id <= 20 ORDER BY {order}")
    assert (query.limit, query.table, query.patience) == (5, "transaction", None)


def test_page_ends_are_asked_for_with_little_patience() -> None:
    account, queries = account_of(3 * STEP), list[Query]()
    account.before_answer = lambda _, query: queries.append(query)
    answer = ask_page_ends(SELECTION, account.fetch, Plan((9,), horizon=2))
    assert answer.ends == [(STEP + 9,), (2 * STEP + 9,)]
    assert answer.seconds >= 0
    assert [query.patience for query in queries] == [SHORT_PATIENCE]


@pytest.mark.parametrize(
    "item",
    [
        {"k": "7", "k2": "3", "k3": "1", "links": []},
        {"K3": "1", "K2": "3", "K": "7"},
        {"expr1": "7", "expr2": "3", "expr3": "1"},
        {"k": 7, "k2": 3, "k3": 1},
    ],
)
def test_page_ends_are_whole_keys_whatever_netsuite_calls_their_values(
    item: dict[str, object],
) -> None:
    def fetch(query: Query) -> Page:
        del query
        return Page(json.dumps([item]).encode(), 1, False, 1, BEGIN)  # noqa: FBT003 - has_more

    selection = Selection(WIDE_KEY, WIDE_KEY.columns)
    assert ask_page_ends(selection, fetch, Plan((1, 2, 3))).ends == [(7, 3, 1)]


def test_of_a_huge_table_page_ends_are_looked_for_up_to_a_bound() -> None:
    account = account_of(3 * STEP)
    plan = Plan((9,), horizon=2, width=STEP, is_huge=True)
    assert ask_page_ends(SELECTION, account.fetch, plan).ends == [(STEP + 9,)]
    assert f"WHERE t.id > 9 AND t.id <= {STEP + 9})" in account.queries[-1]


def test_a_request_for_less_is_two_halves_of_its_range() -> None:
    assert Request(Range((0,), (10,)), 1000, tries=1).for_less(1) == [
        Request(Range((0,), (5,)), 1000, tries=1),
        Request(Range((5,), (10,)), 1000, tries=1),
    ]


@pytest.mark.parametrize(
    ("request_", "width"),
    [
        (Request(Range((0,)), 1000), 1),
        (Request(Range((0,), (10,)), 1000, of_gap=True), 1),
        (Request(Range((0,), (1,)), 1000), 2),
    ],
)
def test_where_a_range_has_no_halves_half_the_rows_are_asked_for(
    request_: Request, width: int
) -> None:
    [less] = request_.for_less(width)
    assert (less.wanted, less.limit) == (request_.wanted, 500)


@pytest.mark.parametrize("request_", [Request(Range((0,), (1,)), 1000), Request(Range(), 1)])
def test_less_than_one_row_cannot_be_asked_for(request_: Request) -> None:
    assert request_.for_less(1) == []
