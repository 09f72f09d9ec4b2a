"""When the rows that came out are enough, by NetSuite's own count."""

import json
import logging
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.errors import CountMismatch
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.counts import Extent, Tally, check_count, count_modified
from tap_netsuite_tba.extraction.passes import Pass, read_pass
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import (
    ConnectionFailed,
    LoginRefused,
    NetSuiteError,
    QueryRefused,
    RetriesExhausted,
    ServerFault,
    TimedOut,
)
from tap_netsuite_tba.netsuite.query import Fetch, Page, Query
from tap_netsuite_tba.netsuite.suiteql import Since
from tap_netsuite_tba.tables import Column, ColumnType, KeyValue, Table

from .account import BEGIN, TABLE, MemoryAccount

LIST = Table("customlist_region", ("id",), (Column("id", ColumnType.INTEGER),))
PAIRS = Table(
    "itemvendor",
    ("item", "vendor"),
    (Column("item", ColumnType.INTEGER), Column("vendor", ColumnType.INTEGER)),
)
HOUR = timedelta(hours=1)
WORKERS = Workers(3)


def answer(items: str) -> Page:
    return Page(items.encode(), 1, has_more=False, total_results=1, asked_at=BEGIN)


def counting(*counts: int, texts: list[str] | None = None) -> Fetch:
    """Answers one query after another with these counts."""
    left = list(counts)

    def fetch(query: Query) -> Page:
        assert query.text.startswith("SELECT COUNT(*) AS n FROM ")
        if texts is not None:
            texts.append(query.text)
        return answer(json.dumps([{"links": [], "n": str(left.pop(0))}]))

    return fetch


def failing(error: NetSuiteError) -> Fetch:
    def fetch(query: Query) -> Page:
        del query
        raise error

    return fetch


def tally(
    rows: int,
    *,
    fresh: int = 0,
    recent: int = 0,
    counted: int | None = None,
    top: int | None = None,
) -> Tally:
    return Tally(rows, fresh, recent, (50,), Extent(counted, top), BEGIN)


def check(
    fetch: Fetch, found: Tally, table: Table = TABLE, lookback: timedelta = timedelta(0)
) -> None:
    check_count(Selection(table, table.columns, lookback=lookback), fetch, found)


def test_as_many_rows_as_netsuite_counts_are_enough() -> None:
    check(counting(100), tally(100))


def test_rows_that_went_meanwhile_are_no_mismatch() -> None:
    check(counting(90), tally(100))


def test_a_row_that_did_not_change_must_not_be_missing() -> None:
    with pytest.raises(
        CountMismatch, match=r"95 rows of transaction were read, 3 of which changed.* counts 93"
    ):
        check(counting(93), tally(95, fresh=3))


def test_the_count_is_of_rows_that_did_not_change_and_no_later_pass_reads() -> None:
    since = BEGIN - timedelta(days=3)
    texts: list[str] = []
    selection = Selection(TABLE, TABLE.columns, Since(since))
    check_count(selection, counting(1, texts=texts), tally(1))
    assert "2025-12-29 00:00:00" in texts[0]
    assert texts[0].endswith(
        "AND (SYS_EXTRACT_UTC(t.lastmodifieddate) < TO_TIMESTAMP('2026-01-01 00:00:00', "
        "'YYYY-MM-DD HH24:MI:SS') OR (t.lastmodifieddate IS NULL AND t.id <= 50))"
    )


def test_missing_rows_that_the_next_run_reads_again_are_warned_of(
    caplog: pytest.LogCaptureFixture,
) -> None:
    check(counting(100, 60), tally(99, recent=39), lookback=HOUR)
    assert "1 rows of transaction that were modified shortly before this run" in caplog.text
    assert "the next run looks back and reads them" in caplog.text


def test_rows_saved_late_do_not_stand_in_for_old_ones() -> None:
    with pytest.raises(CountMismatch):
        check(counting(100, 61), tally(99, recent=39), lookback=HOUR)


def test_without_look_back_no_run_reads_them_again() -> None:
    with pytest.raises(CountMismatch):
        check(counting(100), tally(99, recent=39))


@pytest.mark.parametrize(("top", "bound"), [(None, 50), (40, 50), (70, 70)])
def test_without_cursor_rows_up_to_the_highest_key_at_the_start_must_be_out(
    top: int | None, bound: int
) -> None:
    texts: list[str] = []
    with pytest.raises(CountMismatch):
        check(counting(100, texts=texts), tally(99, counted=7, top=top), LIST, HOUR)
    assert [text.partition(" FROM ")[2] for text in texts] == [
        f"customlist_region t WHERE t.id <= {bound}"
    ]


def test_of_pairs_the_smaller_of_both_counts_decides() -> None:
    check(counting(105), tally(100, counted=100), PAIRS)
    check(counting(95), tally(95, counted=100), PAIRS)
    with pytest.raises(CountMismatch):
        check(counting(105), tally(99, counted=100), PAIRS)


def test_of_a_query_the_smaller_of_both_counts_decides() -> None:
    query = replace(LIST, source="(SELECT id FROM transaction)")
    check(counting(105), tally(100, counted=100, top=50), query)
    with pytest.raises(CountMismatch):
        check(counting(105), tally(99, counted=100, top=50), query)


def test_of_pairs_that_were_not_counted_before_the_count_after_decides() -> None:
    with pytest.raises(CountMismatch):
        check(counting(100), tally(99), PAIRS)


def test_modified_rows_are_those_of_an_instant_or_later() -> None:
    dates = [None, "2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"]
    rows = [{"lastmodifieddate": date} for date in dates]
    assert count_modified(rows, "lastmodifieddate", BEGIN) == 2
    assert count_modified(rows, None, BEGIN) == 0


@pytest.mark.parametrize("table", [TABLE, LIST, PAIRS], ids=lambda table: table.name)
@pytest.mark.parametrize(
    "error",
    [
        QueryRefused("no COUNT here"),
        TimedOut("300 s"),
        RetriesExhausted(ServerFault("An unexpected error"), seconds=10),
    ],
)
def test_a_count_that_netsuite_does_not_give_is_said(
    error: NetSuiteError, table: Table, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        check(failing(error), tally(0), table)
    assert f"The rows of {table.name} could not be counted. " in caplog.text


@pytest.mark.parametrize(
    "items", ["[]", "[{}]", '[{"n":"many"}]', '[{"n":"1"},{"n":"2"}]', '{"n":"1"}', '[{"m":"1"}]']
)
def test_a_count_of_another_shape_is_said(items: str, caplog: pytest.LogCaptureFixture) -> None:
    check(lambda _: answer(items), tally(0))
    assert "The rows of transaction could not be counted. " in caplog.text


@pytest.mark.parametrize(
    "error",
    [
        lambda: LoginRefused("no"),
        lambda: RetriesExhausted(ConnectionFailed("reset"), seconds=900),
    ],
)
def test_trouble_while_counting_surfaces(error: Callable[[], NetSuiteError]) -> None:
    with pytest.raises(NetSuiteError):
        check(failing(error()), tally(0))


def read(
    table: Table,
    fetch: Fetch,
    current: Pass | None = None,
    *,
    known_key: KeyValue | None = None,
) -> Iterator[Pass]:
    current = current or Pass(None)
    since = Since(current.since - HOUR, known_key) if current.since else None
    selection = Selection(table, table.columns, since, lookback=HOUR)
    for _, after in read_pass(selection, fetch, WORKERS, current):
        yield after


def read_with_kills(table: Table, fetch: Fetch, start: Pass, kills: list[int]) -> list[Pass]:
    """The passes as they stood after each page, of one that is cut short after so many pages."""
    stood: list[Pass] = []
    for pages in [*kills, None]:
        stood += islice(read(table, fetch, stood[-1] if stood else start), pages)
    return stood


@settings(max_examples=40, deadline=None)
@given(
    table=st.sampled_from([TABLE, LIST]),
    size=st.just(0) | st.integers(0, 3000),
    since=st.sampled_from([None, BEGIN - HOUR]),
    total=st.sampled_from([lambda total: total, lambda _: 100_000, lambda _: None]),
    data=st.data(),
)
def test_an_account_that_hides_nothing_is_never_read_again(
    table: Table,
    size: int,
    since: datetime | None,
    total: Callable[[int], int | None],
    data: st.DataObject,
) -> None:
    random_ = random.Random(data.draw(st.integers()))
    kills = data.draw(st.lists(st.integers(1, 3), max_size=2))
    old = BEGIN - timedelta(days=2)
    account = MemoryAccount(table, {(key,): random_.choice([old, None]) for key in range(size)})
    last = size

    def churn(account: MemoryAccount, query: Query) -> None:
        nonlocal last
        # Between the first page and the question how far the table reaches, only NetSuite's
        # total tells that the page was all.
        if "MAX(" in query.text and len(account.modified) < 1000:
            return
        dates = [account.now, account.now - timedelta(minutes=30), None]
        for _ in range(random_.choice([0, 1, 20, 400])):
            last += random_.choice([0, 0, 1, 1000])
            key = (random_.randrange(last + 1),)
            if random_.random() < 0.3:
                account.modified.pop(key, None)
            elif key in account.modified:
                account.modified[key] = random_.choice(dates[:2])
            elif random_.random() < 0.5:
                last += 1
                account.modified[last,] = random_.choice(dates)

    def fetch(query: Query) -> Page:
        page = account.fetch(query)
        return replace(page, total_results=total(page.total_results or 0))

    account.before_answer = churn
    start = Pass(since if table.cursor else None)
    stood = read_with_kills(table, fetch, start, kills)
    assert len({after.started for after in stood}) == 1
    assert all(one.rows <= other.rows for one, other in pairwise(stood))


@settings(max_examples=30, deadline=None)
@given(
    table=st.sampled_from([TABLE, LIST, PAIRS]),
    size=st.integers(1, 3000),
    data=st.data(),
    modified=st.sampled_from([BEGIN - 2 * HOUR, None]),
    total=st.sampled_from([lambda total: total, lambda _: 100_000, lambda _: None]),
)
def test_a_row_that_netsuite_counts_and_never_gives_fails_the_table(
    table: Table,
    size: int,
    data: st.DataObject,
    modified: datetime | None,
    total: Callable[[int], int | None],
) -> None:
    keys = [(n,) if len(table.key) == 1 else divmod(n, 7) for n in range(size)]
    account = MemoryAccount(table, dict.fromkeys(keys, modified))
    hidden = data.draw(st.just(keys[-1]) | st.sampled_from(keys))
    kills = data.draw(st.lists(st.integers(1, 3), max_size=2))
    text = {name: str(value) for name, value in zip(table.key, hidden, strict=True)}

    def fetch(query: Query) -> Page:
        page = account.fetch(query)
        rows = json.loads(page.items)
        given_out = [row for row in rows if not text.items() <= row.items()]
        if "COUNT(*)" in query.text or len(given_out) == len(rows):
            return replace(page, total_results=total(page.total_results or 0))
        return replace(
            page,
            items=json.dumps(given_out).encode(),
            count=len(given_out),
            total_results=None,
        )

    if table.cursor and modified is None and hidden == keys[-1]:
        return  # The next pass reads what lies above the highest key and has no date.
    with pytest.raises(CountMismatch):
        read_with_kills(table, fetch, Pass(None), kills)
