"""Tables of many columns are read in groups, and never two versions come in one row."""

import random
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.errors import CountMismatch, ExtractionError
from tap_netsuite_tba.extraction.answers import MAX_TORN_TRIES
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.groups import MAX_COLUMNS
from tap_netsuite_tba.extraction.passes import Pass, read_pass
from tap_netsuite_tba.extraction.settling import MAX_TORN_PARTS
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.netsuite.suiteql import Since
from tap_netsuite_tba.tables import DELETED_AT, Column, ColumnType, KeyValue, Table

from .account import BEGIN, TABLE, WIDE_KEY, MemoryAccount, of_many_columns, wire_instant
from .wide import (
    KEYS_OF_THREE,
    MODIFIED,
    WIDE_KEY_WITH_CURSOR,
    WORKERS,
    account_of,
    group_of,
    is_one_version,
    key_of,
    range_of,
    rows_of,
    rows_of_pass,
    small_pages,
    version,
)


@pytest.mark.parametrize("table", [TABLE, WIDE_KEY_WITH_CURSOR], ids=["1 key", "3 keys"])
def test_every_row_of_many_columns_is_complete(table: Table) -> None:
    account = account_of(of_many_columns(table, 250), 250)
    with small_pages(columns=MAX_COLUMNS, page=100, step=90):
        rows = {key_of(account.table, row): row for row in rows_of(account)}
    begin = wire_instant(BEGIN)
    assert rows == {key: version(account.table, key, begin) for key in account.modified}


def test_no_query_selects_more_columns_than_netsuite_answers() -> None:
    account = account_of(of_many_columns(TABLE, 250), 10)
    rows_of(account)
    lists = [text.partition(" FROM ")[0].count(" AS ") for text in account.queries]
    texts = [text.partition(" FROM ")[0].count("t.custbody_") for text in account.queries]
    assert lists == [1, 1, 1]
    assert sum(texts) == 247
    assert max(texts) <= 99 - 2


def test_rows_of_a_table_without_cursor_are_complete() -> None:
    account = account_of(of_many_columns(WIDE_KEY, 110), 250)
    with small_pages(columns=MAX_COLUMNS, page=100, step=90):
        rows = {key_of(account.table, row): row for row in rows_of_pass(account)}
    begin = wire_instant(BEGIN)
    assert rows == {key: version(account.table, key, begin) for key in account.modified}


def test_a_table_without_cursor_cannot_be_torn(caplog: pytest.LogCaptureFixture) -> None:
    account = account_of(of_many_columns(WIDE_KEY, 150), 50)

    def churn(account: MemoryAccount, query: Query) -> None:
        if group_of(query) == 2:
            account.modified |= dict.fromkeys(KEYS_OF_THREE[:50], account.now)

    account.before_answer = churn
    rows = rows_of(account)
    assert [key_of(account.table, row) for row in rows] == KEYS_OF_THREE[:50]
    assert len(account.queries) == 2
    assert not caplog.records


def test_tombstones_are_null_in_rows() -> None:
    table = of_many_columns(TABLE, 150)
    table = table.with_columns((*table.columns, Column(DELETED_AT, ColumnType.DATETIME)))
    rows = rows_of(MemoryAccount(table, {(1,): BEGIN}))
    [row] = rows
    assert row.pop(DELETED_AT) is None
    assert is_one_version(table.with_columns(table.columns[:-1]), row)


def test_rows_without_modification_date_are_complete() -> None:
    account = account_of(of_many_columns(TABLE, 150), 1500)
    account.modified |= {(key,): None for key in range(0, 1500, 3)}
    late = BEGIN + timedelta(days=3)
    rows = rows_of_pass(account, Since(late, (1000,)))
    wanted = range(1002, 1500, 3)
    assert rows == [version(account.table, (key,), None) for key in wanted]


def test_a_row_edited_between_the_groups_is_read_again(caplog: pytest.LogCaptureFixture) -> None:
    account = account_of(of_many_columns(TABLE, 150), 100)

    def edit(account: MemoryAccount, query: Query) -> None:
        if group_of(query) == 2 and len(account.queries) <= 2 * MAX_TORN_TRIES:
            account.modified[50,] = account.now

    account.before_answer = edit
    rows = rows_of(account)
    assert [row["id"] for row in rows] == [*range(50), *range(51, 100), 50]
    assert all(is_one_version(account.table, row) for row in rows)
    assert rows[-1]["lastmodifieddate"] != rows[0]["lastmodifieddate"]
    assert len({range_of(Query(text)) for text in account.queries}) == 2
    assert not caplog.records


def test_many_rows_edited_between_the_groups_are_read_again_with_their_page() -> None:
    account = account_of(of_many_columns(TABLE, 150), 100)

    def edit(account: MemoryAccount, query: Query) -> None:
        if group_of(query) and len(account.queries) == 2:
            account.modified |= {(key,): account.now for key in range(MAX_TORN_PARTS + 1)}

    account.before_answer = edit
    rows = rows_of(account)
    assert [row["id"] for row in rows] == list(range(100))
    assert all(is_one_version(account.table, row) for row in rows)
    assert len(account.queries) == 4


def test_a_row_that_is_edited_all_the_time_is_left_out_with_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    account = account_of(of_many_columns(TABLE, 150), 100)

    def edit(account: MemoryAccount, query: Query) -> None:
        if group_of(query) == 2:
            account.modified[50,] = account.now

    account.before_answer = edit
    rows = rows_of(account)
    assert [row["id"] for row in rows] == [*range(50), *range(51, 100)]
    assert all(is_one_version(account.table, row) for row in rows)
    assert len(account.queries) == 2 + 2 * MAX_TORN_TRIES
    [message] = caplog.messages
    assert message.startswith("1 of the rows of transaction changed each time they were read")
    # The next run finds it, for it was modified after this one began.
    modified = account.modified[50,]
    assert modified
    assert modified > BEGIN


def test_where_nothing_may_be_left_out_a_row_that_is_edited_all_the_time_fails_the_pass() -> None:
    account = account_of(of_many_columns(TABLE, 150), 100)

    def edit(account: MemoryAccount, query: Query) -> None:
        if group_of(query) == 2:
            account.modified[50,] = account.now

    account.before_answer = edit
    selection = Selection(account.table, account.table.columns, stands_alone=True)
    with pytest.raises(CountMismatch, match="1 of the rows of transaction changed each time"):
        list(read_pass(selection, account.fetch, WORKERS, Pass(None)))
    assert len(account.queries) == 2 * (2 + 2 * MAX_TORN_TRIES)


def test_a_row_deleted_between_the_groups_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    account = account_of(of_many_columns(TABLE, 150), 100)

    def delete(account: MemoryAccount, query: Query) -> None:
        if group_of(query) == 2:
            account.modified.pop((99,), None)
            account.modified.pop((50,), None)

    account.before_answer = delete
    rows = rows_of_pass(account)
    assert [row["id"] for row in rows] == [*range(50), *range(51, 99)]
    assert all(is_one_version(account.table, row) for row in rows)
    assert not caplog.records


def test_a_page_whose_rows_were_all_deleted_is_no_gap() -> None:
    account = account_of(of_many_columns(TABLE, 150), 1500)

    def delete(account: MemoryAccount, query: Query) -> None:
        if group_of(query) == 2:
            for key in range(990):
                account.modified.pop((key,), None)

    account.before_answer = delete
    assert [row["id"] for row in rows_of_pass(account)] == list(range(990, 1500))


def test_rows_that_come_between_the_groups_are_left_to_the_next_run() -> None:
    account = account_of(of_many_columns(TABLE, 150), 0)
    account.modified |= {(key,): BEGIN for key in range(0, 200, 2)}

    def insert(account: MemoryAccount, query: Query) -> None:
        if group_of(query) == 2:
            account.modified |= {(key,): account.now for key in (1, 77, 197, 1000)}

    account.before_answer = insert
    rows = rows_of_pass(account)
    assert [row["id"] for row in rows] == list(range(0, 200, 2))
    assert all(is_one_version(account.table, row) for row in rows)
    assert len(account.queries) == 2


@pytest.mark.parametrize("times", [1, MAX_TORN_TRIES])
def test_more_rows_inserted_between_the_groups_than_fit_lose_none(
    times: int, caplog: pytest.LogCaptureFixture
) -> None:
    account = account_of(of_many_columns(TABLE, 105), 0)
    stable = [key * 100 for key in range(1100)]
    account.modified |= {(key,): BEGIN for key in stable}
    asked = dict[str, int]()

    def insert(account: MemoryAccount, query: Query) -> None:
        if group_of(query) != 2:
            return
        asked[range_of(query)] = len(asked)
        if len(asked) <= times:
            account.modified |= {(key * 100 + len(asked),): account.now for key in range(20)}

    account.before_answer = insert
    rows = rows_of(account)
    keys = [row["id"] for row in rows]
    assert len(asked) > 1
    assert sorted(key for key in keys if key % 100 == 0) == stable
    assert len(keys) == len(set(keys))
    assert all(is_one_version(account.table, row) for row in rows)
    assert not caplog.records


def test_rows_that_a_later_page_never_has_are_not_lost() -> None:
    account = account_of(of_many_columns(TABLE, 8), 0)
    stable = [key * 1000 for key in range(30)]
    account.modified |= {(key,): BEGIN for key in stable}

    def insert(account: MemoryAccount, query: Query) -> None:
        if group_of(query) == 2:
            number = len(account.queries)
            account.modified |= {(key + number,): account.now for key in stable[:12]}

    account.before_answer = insert
    with small_pages(step=19), suppress(ExtractionError):
        keys = {row["id"] for row in rows_of_pass(account)}
        assert keys >= set(stable)


def test_requests_of_many_columns_are_those_of_few_times_the_groups() -> None:
    few, many = (account_of(of_many_columns(TABLE, count), 480) for count in (6, 10))
    with small_pages(page=60, step=50):
        rows_of(few)
        rows_of(many)
    assert len(many.queries) <= 2 * len(few.queries) + 2


def test_a_page_out_of_order_behind_a_torn_one_is_read_once_more() -> None:
    account = account_of(of_many_columns(TABLE, 150), 10)

    def fetch(query: Query) -> Page:
        if len(account.queries) == 1:
            account.modified[5,] = account.now + timedelta(seconds=1)
        page = account.fetch(query)
        if len(account.queries) == 3:
            return replace(page, items=b'[{"id":"2"},{"id":"1"}]', count=2)
        return page

    assert [row["id"] for row in rows_of(account, fetch)] == [0, 1, 2, 3, 4, 6, 7, 8, 9, 5]


SMALL_TABLES = [of_many_columns(TABLE, 12), of_many_columns(WIDE_KEY_WITH_CURSOR, 12)]


@settings(max_examples=80, deadline=None)
@given(
    table=st.sampled_from(SMALL_TABLES),
    seed=st.integers(),
    size=st.integers(0, 150),
    churn=st.integers(0, 4),
)
def test_stable_rows_come_once_and_no_row_is_mixed(
    table: Table, seed: int, size: int, churn: int
) -> None:
    random_ = random.Random(seed)
    width = len(table.key)

    def any_key() -> KeyValue:
        return tuple(random_.randrange(400 if width == 1 else 7) for _ in range(width))

    first = {any_key() for _ in range(size)}
    account = MemoryAccount(table, dict.fromkeys(sorted(first), BEGIN))
    stable = {key for key in first if sum(key) % 2}
    versions = {(key, wire_instant(BEGIN)) for key in first}

    def change(account: MemoryAccount, query: Query) -> None:
        if random_.random() < 0.5 or not group_of(query):
            return
        for _ in range(random_.randint(0, churn)):
            key = any_key()
            if key in stable:
                continue
            if random_.random() < 0.7:
                account.modified[key] = account.now
                versions.add((key, wire_instant(account.now)))
            else:
                account.modified.pop(key, None)

    account.before_answer = change
    with small_pages():
        rows = rows_of(account)
    found = [key for row in rows if (key := key_of(table, row)) in stable]
    assert sorted(found) == sorted(stable)
    assert all(is_one_version(table, row) for row in rows)
    assert {(key_of(table, row), row[MODIFIED.name]) for row in rows} <= versions
