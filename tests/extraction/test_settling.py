"""Lines of transactions that are saved in the very second in which they are read."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from unittest.mock import patch

import pytest

from tap_netsuite_tba.decoding import Row, instant_text
from tap_netsuite_tba.extraction import reader
from tap_netsuite_tba.extraction.answers import MAX_TORN_TRIES
from tap_netsuite_tba.extraction.asking import Request, Selection
from tap_netsuite_tba.extraction.ranges import Progress, Range
from tap_netsuite_tba.extraction.reader import Reader
from tap_netsuite_tba.extraction.settling import MAX_TORN_PARTS
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.tables import PARENT_MODIFIED_AT

from .account import BEGIN, LINES, of_many_columns

WORKERS = Workers(2)
LONG_AGO = BEGIN - timedelta(days=1)


@dataclass
class Ledger:
    """Transactions with two lines each; `save` may change them whenever a page was asked for."""

    saved: dict[int, datetime | None]
    after_page: Callable[["Ledger"], None] = lambda _: None
    now: datetime = BEGIN
    wanted: list[str] = field(default_factory=list)

    def fetch(self, query: Query) -> Page:
        self.wanted.append(query.text)
        rows = []
        alone = [
            key for key in self.saved if f"> {key - 1} AND t.transaction <= {key} " in query.text
        ]
        for key in sorted(alone or self.saved):
            instant = self.saved[key]
            date = {"sdc_parent_modified_at": instant_text(instant)} if instant else {}
            rows += [{"transaction": str(key), "id": str(line), **date} for line in (0, 1)]
        page = Page(json.dumps(rows).encode(), len(rows), False, len(rows), self.now)  # noqa: FBT003
        self.after_page(self)
        return page


def rows_of(ledger: Ledger) -> tuple[list[Row], list[Range]]:
    reading = Reader(Selection(LINES, LINES.columns), ledger.fetch, WORKERS, Progress())
    chunks = [chunk for chunk in reading.chunks() if chunk]
    rows = [row for chunk in chunks for row in chunk.rows]
    return rows, [part for chunk in chunks for part in chunk.covered]


def dates_of(rows: list[Row]) -> dict[int, set[str | None]]:
    dates: dict[int, set[str | None]] = {}
    for row in rows:
        dates.setdefault(row["transaction"], set()).add(row[PARENT_MODIFIED_AT])
    return dates


def test_a_transaction_saved_in_the_second_of_the_question_is_read_again_when_it_has_settled() -> (
    None
):
    ledger = Ledger({1: LONG_AGO, 2: BEGIN, 3: None})

    def time_passes(ledger: Ledger) -> None:
        ledger.now += timedelta(seconds=2)
        ledger.saved[2] = BEGIN + timedelta(seconds=1)

    ledger.after_page = time_passes
    rows, covered = rows_of(ledger)
    assert len(ledger.wanted) == 2
    assert sorted((row["transaction"], row["id"]) for row in rows) == [
        (key, line) for key in (1, 2, 3) for line in (0, 1)
    ]
    assert dates_of(rows)[2] == {instant_text(BEGIN + timedelta(seconds=1))}
    assert Range((1,), (2,)) in covered


def test_one_that_is_saved_all_the_time_goes_out_in_the_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ledger = Ledger({1: LONG_AGO, 2: BEGIN})

    def save_again(ledger: Ledger) -> None:
        ledger.now += timedelta(seconds=2)
        ledger.saved[2] = ledger.now

    ledger.after_page = save_again
    rows, _ = rows_of(ledger)
    assert dates_of(rows)[2] == {instant_text(BEGIN + timedelta(seconds=2 * MAX_TORN_TRIES))}
    assert len(rows) == 4
    assert len(ledger.wanted) == 1 + MAX_TORN_TRIES
    assert caplog.messages == []


def test_after_a_mass_update_the_whole_page_is_read_again() -> None:
    ledger = Ledger(dict.fromkeys(range(MAX_TORN_PARTS + 1), BEGIN))

    def time_passes(ledger: Ledger) -> None:
        ledger.now += timedelta(seconds=2)

    ledger.after_page = time_passes
    rows, _ = rows_of(ledger)
    assert len(rows) == 2 * (MAX_TORN_PARTS + 1)
    assert len(ledger.wanted) == 2


def test_a_date_far_ahead_of_netsuites_clock_is_no_save_of_now() -> None:
    ledger = Ledger({1: BEGIN + timedelta(hours=1)})
    rows, _ = rows_of(ledger)
    assert len(rows) == 2
    assert len(ledger.wanted) == 1


def test_while_too_much_has_arrived_what_has_settled_waits_quietly() -> None:
    """Of five ranges the first group of columns is there, and the second is late."""
    wide = of_many_columns(LINES, 150)
    late = threading.Event()

    def fetch(query: Query) -> Page:
        if "custbody_100" in query.text:
            assert late.wait(30)
        return Page(b"[]", 0, has_more=False, total_results=0, asked_at=BEGIN)

    gaps = tuple(Range((10 * n + 1,), (10 * n + 10,)) for n in range(9))
    reading = Reader(Selection(wide, wide.columns), fetch, Workers(12), Progress((0,), gaps))
    reading._settling._add(Request(Range((500,), (501,)), 1000, torn=1))  # noqa: SLF001
    with patch.object(reader, "IDLE_SECONDS", 0.05):
        chunks = reading.chunks()
        signs_of_life = list(islice(chunks, 20))
        late.set()
        rest = [*chunks]
    assert signs_of_life == [None] * 20
    assert rest.count(None) < 100
