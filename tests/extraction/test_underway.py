"""A first page tells before it is decoded whether it is all, or rows lie behind it."""

from concurrent.futures import Future
from dataclasses import replace

import pytest

from tap_netsuite_tba.extraction.asking import Request
from tap_netsuite_tba.extraction.ranges import Range
from tap_netsuite_tba.extraction.underway import UnderWay
from tap_netsuite_tba.netsuite.errors import QueryRefused
from tap_netsuite_tba.netsuite.query import PAGE_ROWS, Page

from .account import BEGIN

REQUEST = Request(Range(), PAGE_ROWS)


def arrived(page: Page) -> Future[Page]:
    future: Future[Page] = Future()
    future.set_result(page)
    return future


def page(count: int, *, has_more: bool = False, total: int | None = None) -> Page:
    return Page(b"[]", count, has_more, total, asked_at=BEGIN)


@pytest.mark.parametrize(
    ("came", "is_full"),
    [
        (page(999, has_more=False, total=999), False),
        (page(999, has_more=True, total=None), True),
        (page(999, has_more=False, total=1_500), True),
        (page(PAGE_ROWS, has_more=False, total=None), True),
        (page(0, has_more=False, total=None), False),
    ],
)
def test_any_hint_of_more_rows_counts(came: Page, *, is_full: bool) -> None:
    assert UnderWay(REQUEST, [arrived(came)]).is_open_and_full is is_full


def test_what_is_not_the_only_page_of_an_open_range_upwards_tells_nothing() -> None:
    full = page(PAGE_ROWS, has_more=True)
    assert not UnderWay(REQUEST, [Future()]).is_open_and_full
    assert not UnderWay(REQUEST, [arrived(full), arrived(full)]).is_open_and_full
    closed = replace(REQUEST, wanted=Range(None, (5,)))
    assert not UnderWay(closed, [arrived(full)]).is_open_and_full
    assert not UnderWay(replace(REQUEST, descending=True), [arrived(full)]).is_open_and_full


@pytest.mark.parametrize(
    ("came", "is_whole"),
    [
        (page(999, total=999), True),
        (page(0, total=0), True),
        (page(999, total=None), False),
        (page(999, has_more=True, total=999), False),
        (page(999, total=1_500), False),
        (page(PAGE_ROWS, total=PAGE_ROWS), False),
    ],
)
def test_only_a_page_of_which_all_says_so_is_all_that_there_is(
    came: Page, *, is_whole: bool
) -> None:
    assert UnderWay(REQUEST, [arrived(came)]).is_whole is is_whole


def test_of_several_pages_all_must_be_there_to_be_all() -> None:
    whole, refused = page(3, total=3), Future[Page]()
    refused.set_exception(QueryRefused("no"))
    assert not UnderWay(REQUEST, [Future()]).is_whole
    assert not UnderWay(REQUEST, [refused]).is_whole
    assert UnderWay(REQUEST, [arrived(whole), arrived(whole)]).is_whole
    assert not UnderWay(REQUEST, [arrived(whole), Future()]).is_whole
