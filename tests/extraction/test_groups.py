"""Groups of columns: which there are, and how their pages are joined by key."""

import json
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.decoding import Row
from tap_netsuite_tba.extraction.groups import MAX_COLUMNS, GroupDecoder, column_groups
from tap_netsuite_tba.extraction.ranges import Range
from tap_netsuite_tba.netsuite.query import Page
from tap_netsuite_tba.tables import (
    DELETED_AT,
    PARENT_MODIFIED_AT,
    Column,
    ColumnType,
    KeyValue,
    Parent,
    Table,
)

from .account import BEGIN, TABLE, WIDE_KEY, of_many_columns, wire_instant
from .wide import WIDE_KEY_WITH_CURSOR, version

LINES = replace(
    WIDE_KEY,
    columns=(*WIDE_KEY.columns, Column(PARENT_MODIFIED_AT, ColumnType.DATETIME)),
    parent=Parent("transaction", "transaction"),
)


@settings(max_examples=60)
@given(
    st.sampled_from([TABLE, WIDE_KEY, WIDE_KEY_WITH_CURSOR, LINES]),
    st.integers(5, 500),
    st.randoms(use_true_random=False),
)
def test_groups_are_the_fewest_and_each_has_key_and_cursor(
    table: Table, count: int, shuffler: random.Random
) -> None:
    table = of_many_columns(table, count)
    columns = [*table.columns]
    shuffler.shuffle(columns)
    groups = [[column.name for column in group] for group in column_groups(table, columns)]
    shared = {*table.key, *filter(None, [table.replication_key])}
    assert all(shared <= set(group) for group in groups)
    assert all(len(group) <= MAX_COLUMNS for group in groups)
    others = [name for group in groups for name in group if name not in shared]
    assert sorted(others) == sorted({column.name for column in columns} - shared)
    room = MAX_COLUMNS - len(shared)
    assert len(groups) == max(1, -(-(count - len(shared)) // room))


@pytest.mark.parametrize(("columns", "groups"), [(99, 1), (196, 2), (293, 3)])
def test_the_column_of_tombstones_costs_no_place(columns: int, groups: int) -> None:
    table = of_many_columns(TABLE, columns)
    tombstones = Column(DELETED_AT, ColumnType.DATETIME)
    assert len(column_groups(table, table.columns)) == groups
    assert len(column_groups(table, (*table.columns, tombstones))) == groups


def pages_of(group: tuple[Column, ...], rows: list[Row], *, has_more: bool = False) -> Page:
    shown = [{c.name: row[c.name] for c in group if c.name in row} for row in rows]
    items = json.dumps(shown).encode()
    return Page(items, len(shown), has_more=has_more, total_results=None, asked_at=BEGIN)


@pytest.mark.parametrize(("up_to", "torn"), [(None, [(2,)]), ((1,), [])])
def test_a_row_that_a_later_page_lacks_is_torn_if_that_page_should_reach_it(
    up_to: KeyValue | None, torn: list[KeyValue]
) -> None:
    table = of_many_columns(TABLE, 150)
    decoder = GroupDecoder(table, table.columns)
    both = [version(table, (key,), wire_instant(BEGIN)) for key in (1, 2)]
    first = decoder.decode(0, pages_of(decoder.groups[0], both))
    assert first[1] == [(1,), (2,)]
    later = decoder.decode(1, pages_of(decoder.groups[1], both[:1]))
    joined = decoder.join([first, later], Range(None, up_to))
    assert [[*row] for row in joined.rows] == [[column.name for column in table.columns]]
    assert joined == (both[:1], [(1,)], torn)


def test_a_row_of_two_versions_is_torn() -> None:
    table = of_many_columns(TABLE, 150)
    decoder = GroupDecoder(table, table.columns)
    versions = [version(table, (1,), wire_instant(BEGIN)), version(table, (1,), None)]
    found = [
        decoder.decode(group, pages_of(decoder.groups[group], [row]))
        for group, row in enumerate(versions)
    ]
    assert decoder.join(found, Range()) == ([], [], [(1,)])
