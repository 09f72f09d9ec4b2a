"""When the rows that came out are enough, by NetSuite's own count."""

import json
import logging
from collections.abc import Callable
from datetime import timedelta

import pytest

from tap_netsuite_tba.errors import CountMismatch
from tap_netsuite_tba.extraction.counts import Known, check_count
from tap_netsuite_tba.extraction.reader import Selection
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
from tap_netsuite_tba.tables import Table

from .account import BEGIN, TABLE, WIDE_KEY

WITHOUT_CURSOR = WIDE_KEY


def counting(n: int, changed: int | None = None) -> Fetch:
    def fetch(query: Query) -> Page:
        assert query.text.startswith("SELECT COUNT(*) AS n, ")
        row = {"links": [], "n": str(n)} | ({} if changed is None else {"changed": str(changed)})
        return Page(json.dumps([row]).encode(), 1, has_more=False, total_results=1, asked_at=BEGIN)

    return fetch


def failing(error: NetSuiteError) -> Fetch:
    def fetch(query: Query) -> Page:
        del query
        raise error

    return fetch


def check(
    fetch: Fetch, rows: int, counted: int | None = None, table: Table = TABLE, fresh: int = 0
) -> None:
    check_count(Selection(table, table.columns), fetch, Known(rows, fresh, counted, BEGIN))


def test_as_many_rows_as_netsuite_counts_are_enough() -> None:
    check(counting(100, 0), rows=100)


def test_rows_that_changed_meanwhile_may_be_missing() -> None:
    check(counting(100, 7), rows=93)


def test_a_row_that_did_not_change_must_not_be_missing() -> None:
    with pytest.raises(
        CountMismatch, match=r"92 rows of transaction were read.* counts 100, of which 7"
    ):
        check(counting(100, 7), rows=92)


def test_rows_that_were_deleted_meanwhile_are_no_mismatch() -> None:
    check(counting(90, 0), rows=100, counted=100)


def test_an_empty_table_has_no_sum_and_is_no_mismatch() -> None:
    check(counting(0), rows=0)


def test_without_cursor_the_smaller_of_both_counts_decides() -> None:
    check(counting(105), rows=100, counted=100, table=WITHOUT_CURSOR)
    check(counting(95), rows=95, counted=100, table=WITHOUT_CURSOR)
    with pytest.raises(CountMismatch):
        check(counting(105), rows=99, counted=100, table=WITHOUT_CURSOR)


def test_without_cursor_and_count_before_netsuites_count_decides() -> None:
    with pytest.raises(CountMismatch):
        check(counting(100), rows=99, counted=None, table=WITHOUT_CURSOR)


def test_a_capped_total_does_not_hide_missing_rows() -> None:
    with pytest.raises(CountMismatch):
        check(counting(250_000), rows=150_000, counted=100_000, table=WITHOUT_CURSOR)


def test_the_count_is_of_the_rows_that_were_asked_for() -> None:
    since = BEGIN - timedelta(days=3)
    texts = []

    def fetch(query: Query) -> Page:
        texts.append(query.text)
        return counting(1, 0)(query)

    check_count(Selection(TABLE, TABLE.columns, Since(since)), fetch, Known(1, 0, None, BEGIN))
    assert "2025-12-29 00:00:00" in texts[0].split(" FROM ")[1]
    assert "2026-01-01 00:00:00" in texts[0].split(" FROM ")[0]


def test_rows_that_were_read_changed_do_not_stand_in_for_missing_ones() -> None:
    check(counting(100, 3), rows=100, fresh=3)
    with pytest.raises(CountMismatch):
        check(counting(100, 3), rows=99, fresh=3)


@pytest.mark.parametrize(
    "error",
    [
        QueryRefused("no SUM here"),
        TimedOut("300 s"),
        RetriesExhausted(ServerFault("An unexpected error"), seconds=10),
    ],
)
def test_a_count_that_netsuite_does_not_give_is_said(
    error: NetSuiteError, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        check(failing(error), rows=0)
    assert "The rows of transaction could not be counted: " in caplog.text


@pytest.mark.parametrize(
    "error",
    [
        lambda: LoginRefused("no"),
        lambda: RetriesExhausted(ConnectionFailed("reset"), seconds=900),
    ],
)
def test_trouble_while_counting_surfaces(error: Callable[[], NetSuiteError]) -> None:
    with pytest.raises(NetSuiteError):
        check(failing(error()), rows=0)
