"""Reading a table exactly, over the seam, whatever its keys are and whatever happens meanwhile."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.bookmarks import Bookmark
from tap_netsuite_tba.errors import CountMismatch, OrderViolation
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.passes import Pass, read_pass
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import QueryRefused, TimedOut
from tap_netsuite_tba.netsuite.query import Fetch, Page, Query
from tap_netsuite_tba.netsuite.suiteql import Since
from tap_netsuite_tba.tables import (
    PARENT_MODIFIED_AT,
    Column,
    ColumnType,
    KeyValue,
    Parent,
    Table,
)

from .account import BEGIN, TABLE, WIDE_KEY, MemoryAccount

WORKERS = Workers(7)


def read(
    account: MemoryAccount,
    current: Pass | None = None,
    fetch: Fetch | None = None,
    known_key: KeyValue | None = None,
) -> Iterator[tuple[list[KeyValue], Pass]]:
    table, current = account.table, current or Pass(since=None)
    since = Since(current.since, known_key) if current.since else None
    selection = Selection(table, table.columns, since)
    for chunk, after in read_pass(selection, fetch or account.fetch, WORKERS, current):
        if chunk:
            yield [tuple(row[name] for name in table.key) for row in chunk.rows], after


def all_keys(account: MemoryAccount, **options: object) -> list[KeyValue]:
    return [key for keys, _ in read(account, **options) for key in keys]  # type: ignore[arg-type]


def account_of(keys: Iterator[int] | range | set[int], table: Table = TABLE) -> MemoryAccount:
    return MemoryAccount(table, {(key,): BEGIN for key in keys})


def test_a_table_that_fits_a_page_costs_one_request() -> None:
    account = account_of(range(999))
    assert all_keys(account) == [(key,) for key in range(999)]
    assert len(account.queries) == 1


def test_an_empty_table_costs_one_request_and_starts_a_pass() -> None:
    account = account_of(range(0))
    [(keys, current)] = read(account)
    assert keys == []
    assert current.started is not None
    assert len(account.queries) == 1


def test_requests_grow_linearly_with_the_rows() -> None:
    account = account_of(range(12_000))
    assert sorted(all_keys(account)) == [(key,) for key in range(12_000)]
    assert len(account.queries) <= 12_000 / 1000 * 1.03 + 20


def test_every_query_for_rows_is_in_ascending_order_and_says_so() -> None:
    account = account_of(range(5000))
    all_keys(account)
    assert all(" ASC" in text for text in account.queries if "COUNT(*)" not in text)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(), size=st.integers(0, 5000), spread=st.sampled_from([1, 3, 10**6, 10**15]))
def test_every_key_comes_once_whatever_the_distribution(seed: int, size: int, spread: int) -> None:
    random_ = random.Random(seed)
    dense = random_.randint(-(10**9), 10**9)
    keys = {dense + random_.randrange(max(size * spread, 1)) for _ in range(size)}
    assert sorted(all_keys(account_of(keys))) == sorted((key,) for key in keys)


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(), groups=st.lists(st.sampled_from([1, 2, 5, 800, 1500]), max_size=4))
def test_keys_of_several_columns_come_once_even_when_one_value_has_many_rows(
    seed: int, groups: list[int]
) -> None:
    random_ = random.Random(seed)
    keys = {
        (leading, line, book)
        for leading, size in enumerate(groups)
        for line in random_.sample(range(-size, size * 2), size)
        for book in (1, 2)
    }
    account = MemoryAccount(WIDE_KEY, dict.fromkeys(keys, BEGIN))
    assert sorted(all_keys(account)) == sorted(keys)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(), size=st.integers(0, 5000), kills=st.lists(st.integers(1, 4), max_size=5))
def test_rows_that_stay_come_once_through_churn_and_interruptions(
    seed: int, size: int, kills: list[int]
) -> None:
    random_ = random.Random(seed)
    keys = random_.sample(range(size * 3 + 1), size)
    stable = {(key,) for key in keys if key % 2}
    account = account_of(set(keys))

    def churn(account: MemoryAccount, query: Query) -> None:
        del query
        for _ in range(20):
            key = (random_.randrange(size * 3 + 100),)
            if key in stable or random_.random() < 0.5:
                account.modified[key] = account.now
            else:
                account.modified.pop(key, None)

    account.before_answer = churn
    seen: list[KeyValue] = []
    current = None
    for pages in [*kills, None]:
        for keys_out, after in islice(read(account, current), pages):
            seen += keys_out
            current = after
    assert sorted(key for key in seen if key in stable) == sorted(stable)


def test_an_incremental_pass_reads_only_what_was_modified_since() -> None:
    account = account_of(range(3000))
    late = BEGIN + timedelta(days=3)
    account.modified |= {(5,): late, (2999,): late, (3001,): late}
    assert all_keys(account, current=Pass(since=late)) == [(5,), (2999,), (3001,)]
    assert len(account.queries) == 1


def test_a_first_load_with_start_date_reads_every_row_without_modification_date() -> None:
    account = account_of(range(3000))
    undated: list[KeyValue] = [(key,) for key in range(0, 3000, 2)]
    account.modified |= dict.fromkeys(undated)
    assert sorted(all_keys(account, current=Pass(BEGIN + timedelta(days=3)))) == undated


def test_a_later_pass_reads_rows_without_modification_date_beyond_the_known_key() -> None:
    account = account_of(range(3000))
    account.modified |= {(key,): None for key in (3, 2499, 2500, 2501, 2999)}
    account.modified[7,] = late = BEGIN + timedelta(days=3)
    assert all_keys(account, current=Pass(late), known_key=(2500,)) == [(7,), (2501,), (2999,)]


@settings(max_examples=25, deadline=None)
@given(
    runs=st.lists(
        st.lists(st.sampled_from(["dated", "undated", "early"]), max_size=4), min_size=1, max_size=4
    ),
    scale=st.sampled_from([1, 400]),
)
def test_over_many_runs_every_row_without_modification_date_comes_once(
    runs: list[list[str]], scale: int
) -> None:
    account = account_of(range(0))
    seen: list[KeyValue] = []
    bookmark = Bookmark()
    for kinds in runs:
        account.now += timedelta(hours=1)
        dates = {"dated": account.now, "undated": None, "early": BEGIN - timedelta(days=900)}
        for kind in kinds * scale:
            account.modified[len(account.modified),] = dates[kind]
        done = Pass(since=bookmark.value or BEGIN)
        for keys, after in read(account, done, known_key=bookmark.highest_key):
            seen += keys
            done = after
        bookmark = bookmark.completed(done)
    assert sorted(seen) == [
        key for key, modified in account.modified.items() if modified is None or modified >= BEGIN
    ]


def test_a_pass_begins_when_its_first_page_was_asked_for() -> None:
    account = account_of(range(3000))
    starts = {after.started for _, after in read(account)}
    assert starts == {BEGIN + timedelta(seconds=1)}


def test_a_pass_whose_plan_is_refused_is_complete() -> None:
    account = account_of(range(5000))

    def fetch(query: Query) -> Page:
        if "ROW_NUMBER" in query.text:
            raise QueryRefused("Invalid or unsupported search")
        return account.fetch(query)

    assert sorted(all_keys(account, fetch=fetch)) == [(key,) for key in range(5000)]


LINES = Table(
    "transactionline",
    ("transaction", "id"),
    (
        Column("transaction", ColumnType.INTEGER),
        Column("id", ColumnType.INTEGER),
        Column("memo", ColumnType.TEXT),
        Column("linelastmodifieddate", ColumnType.DATETIME),
        Column(PARENT_MODIFIED_AT, ColumnType.DATETIME),
    ),
    parent=Parent("transaction", "transaction", line_cursor="linelastmodifieddate"),
)


@pytest.mark.parametrize(("refused", "said"), [("c.linelastmodifieddate", 1), ("t.memo", 0)])
def test_lines_are_read_by_their_transactions_alone_only_if_nothing_else_is_refused(
    refused: str, said: int, caplog: pytest.LogCaptureFixture
) -> None:
    def fetch(query: Query) -> Page:
        if refused in query.text:
            raise QueryRefused("Invalid or unsupported search", table=query.table)
        return Page(b"[]", 0, has_more=False, total_results=0, asked_at=BEGIN)

    selection = Selection(LINES, LINES.columns, Since(BEGIN))
    pages = read_pass(selection, fetch, WORKERS, Pass(BEGIN))
    if said:
        assert [chunk.rows for chunk, _ in pages if chunk] == [[]]
    else:
        with pytest.raises(QueryRefused):
            list(pages)
    assert caplog.text.count("changed by themselves") == said


def test_a_page_that_times_out_is_asked_for_in_halves() -> None:
    account = account_of(range(4000))
    slow = 500

    def fetch(query: Query) -> Page:
        page = account.fetch(query)
        if page.count > slow and "AND t.id <=" in query.text:
            raise TimedOut("no answer within 300 s", table=query.table)
        return page

    assert sorted(all_keys(account, fetch=fetch)) == [(key,) for key in range(4000)]


def test_a_page_out_of_order_is_read_again_and_then_fails_the_table() -> None:
    account = account_of(range(10))
    answers = []

    def fetch(query: Query) -> Page:
        page = account.fetch(query)
        answers.append(page)
        return replace(page, items=b'[{"id":"2"},{"id":"1"}]', count=2)

    with pytest.raises(OrderViolation, match=r"\(1,\) behind the row \(2,\)"):
        all_keys(account, fetch=fetch)
    assert len(answers) == 2


def test_a_page_outside_its_range_is_noticed() -> None:
    account = account_of(range(3000))

    def fetch(query: Query) -> Page:
        page = account.fetch(query)
        if "t.id >" in query.text and "COUNT" not in query.text and "ROW_NUMBER" not in query.text:
            return replace(page, items=b'[{"id":"1"}]', count=1)
        return page

    with pytest.raises(OrderViolation, match="begins with the row"):
        all_keys(account, fetch=fetch)


def test_a_page_of_fewer_rows_than_announced_is_noticed() -> None:
    account = account_of(range(10))

    def fetch(query: Query) -> Page:
        return replace(account.fetch(query), items=b"[]", count=3, has_more=True)

    with pytest.raises(OrderViolation, match="announces 3 rows, and holds 0"):
        all_keys(account, fetch=fetch)


def test_a_table_that_seems_empty_with_more_behind_is_noticed_by_the_count() -> None:
    account = account_of(range(10))

    def fetch(query: Query) -> Page:
        page = account.fetch(query)
        if "COUNT(*)" in query.text:
            return page
        return replace(page, items=b"[]", count=0, has_more=True)

    with pytest.raises(CountMismatch, match=r"0 rows of transaction were read.*10"):
        all_keys(account, fetch=fetch)


def test_rows_that_netsuite_counts_and_did_not_give_are_read_again_and_then_fail() -> None:
    account = account_of(range(3000))

    def fetch(query: Query) -> Page:
        page = account.fetch(query)
        if "COUNT(*)" in query.text:
            return replace(page, items=b'[{"n":"3100"}]')
        return page

    seen: list[KeyValue] = []
    with pytest.raises(CountMismatch, match=r"3000 rows of transaction were read.*3100"):
        seen.extend(key for keys, _ in read(account, fetch=fetch) for key in keys)
    assert len(seen) == 6000


def test_an_error_of_a_worker_surfaces_in_the_main_thread() -> None:
    account = account_of(range(5000))

    def fetch(query: Query) -> Page:
        if "t.id > 1989" in query.text and "ROW_NUMBER" not in query.text:
            raise ZeroDivisionError
        return account.fetch(query)

    with pytest.raises(ZeroDivisionError):
        all_keys(account, fetch=fetch)


def test_pages_that_shrank_for_time_outs_grow_again() -> None:
    account = account_of(range(5000))
    slow = 3

    def fetch(query: Query) -> Page:
        nonlocal slow
        if "ROW_NUMBER" in query.text:
            raise QueryRefused("Invalid or unsupported search")
        if "t.id > 999" in query.text and slow:
            slow -= 1
            raise TimedOut("no answer within 300 s", table=query.table)
        return account.fetch(query)

    assert all_keys(account, fetch=fetch) == [(key,) for key in range(5000)]
    assert len(account.queries) < 15
