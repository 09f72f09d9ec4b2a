"""What is made of the pages of a range."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tap_netsuite_tba.errors import OrderViolation
from tap_netsuite_tba.extraction.answers import Answer, understand
from tap_netsuite_tba.extraction.asking import Request
from tap_netsuite_tba.extraction.groups import GroupDecoder
from tap_netsuite_tba.extraction.ranges import Range
from tap_netsuite_tba.netsuite.query import Page
from tap_netsuite_tba.tables import Column, ColumnType, Table

from .account import BEGIN, of_many_columns

IDS = Table("currency", ("id",), (Column("id", ColumnType.INTEGER),))
WIDE = of_many_columns(IDS, 150)
WANTED = Range((0,), (100,))


def page(*keys: int, total: int | None = None, has_more: bool = False) -> Page:
    items = json.dumps([{"id": str(key)} for key in keys]).encode()
    return Page(items, len(keys), has_more, total, BEGIN)


def answer(request: Request, *pages: Page) -> Answer:
    table = IDS if len(pages) == 1 else WIDE
    return understand(table, request, pages, GroupDecoder(table, table.columns))


@pytest.mark.parametrize(
    ("found", "descending", "read"),
    [
        (page(3, 5), False, WANTED),
        (page(3, 5, has_more=True), False, Range((0,), (5,))),
        (page(3, 5, total=9), False, Range((0,), (5,))),
        (page(3, 5, 7), False, Range((0,), (7,))),
        (page(), False, WANTED),
        (page(5, 3), True, WANTED),
        (page(5, 3, has_more=True), True, Range((2,), (100,))),
        (page(7, 5, 3), True, Range((2,), (100,))),
    ],
)
def test_a_page_covers_its_range_up_to_where_it_is_cut(
    found: Page, read: Range, *, descending: bool
) -> None:
    told = answer(Request(WANTED, 3, descending=descending), found)
    assert told.read == read
    assert told.keys == sorted(told.keys)
    assert [(row["id"],) for row in told.rows] == told.keys


def test_the_highest_rows_of_an_open_range_end_with_the_highest_row() -> None:
    told = answer(Request(Range((0,)), 3, descending=True), page(9, 7, 5))
    assert told.read == Range((4,), (9,))
    assert told.chunk([told.read]).covered == (Range((4,), (9,)),)


@pytest.mark.parametrize(
    ("found", "left"), [(page(3, 5, total=9), 7), (page(3, 5, total=1), None), (page(3), None)]
)
def test_rows_left_are_those_that_netsuite_announces_besides(found: Page, left: int | None) -> None:
    assert answer(Request(WANTED, 1000), found).rows_left == left


def test_descending_keys_in_an_ascending_page_are_noticed() -> None:
    with pytest.raises(OrderViolation):
        answer(Request(WANTED, 1000), page(5, 3))
    with pytest.raises(OrderViolation):
        answer(Request(WANTED, 1000, descending=True), page(3, 5))


def test_groups_cover_what_all_of_them_reach() -> None:
    told = answer(Request(WANTED, 3), page(1, 3, 5), page(1, 2, 3))
    assert told.read == Range((0,), (3,))
    assert (told.keys, told.torn) == ([(1,), (3,)], [])
    told = answer(Request(WANTED, 3, descending=True), page(5, 3, 1), page(5, 4, 3))
    assert told.read == Range((2,), (100,))
    assert (told.keys, told.torn) == ([(3,), (5,)], [])


def test_what_only_a_later_group_saw_at_an_open_end_is_not_read_yet() -> None:
    told = answer(Request(Range((0,)), 3), page(1, 2), page(1, 2, 9))
    assert (told.keys, told.read) == ([(1,), (2,)], Range((0,), (2,)))
    told = answer(Request(Range((0,)), 3), page(), page(7, 8, 9))
    assert (told.keys, told.chunk([told.read]).covered) == ([], ())


def test_pages_that_have_nothing_in_common_cover_nothing() -> None:
    told = answer(Request(Range((0,)), 2, descending=True), page(5, 3), page(9, 8))
    assert told.keys == []
    assert told.read.overlap(Range()) is None


def test_groups_are_as_old_as_the_oldest() -> None:
    late = replace(page(1), asked_at=BEGIN + timedelta(seconds=5))
    assert answer(Request(WANTED, 1000), late, page(1)).asked_at == BEGIN


def test_a_chunk_has_the_rows_of_the_parts_that_are_wanted() -> None:
    told = answer(Request(WANTED, 1000), page(1, 3, 5, 7, 9))
    parts = [Range((0,), (2,)), Range((3,), (7,))]
    chunk = told.chunk(parts)
    assert [row["id"] for row in chunk.rows] == [1, 5, 7]
    assert chunk.covered == tuple(parts)


def test_what_is_open_above_is_covered_up_to_its_last_row() -> None:
    told = answer(Request(Range((0,)), 1000), page(1, 3))
    assert told.chunk([told.read]).covered == (Range((0,), (3,)),)
    assert told.chunk([Range((3,))]).covered == ()
    nothing = answer(Request(Range((0,)), 1000), page())
    assert nothing.chunk([nothing.read]).covered == ()
