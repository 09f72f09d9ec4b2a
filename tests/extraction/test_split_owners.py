"""Lines of one transaction in two ranges, for page ends are whole keys."""

import random
import re
from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.decoding import instant_text
from tap_netsuite_tba.extraction.answers import Chunk
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.ranges import Progress, Range
from tap_netsuite_tba.extraction.reader import Reader
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.query import Query
from tap_netsuite_tba.tables import PARENT_MODIFIED_AT, KeyValue, Table

from .account import BEGIN, LINES, MemoryAccount, of_many_columns, wire_instant
from .wide import key_of, small_pages

WORKERS = Workers(3)
LONG_AGO = BEGIN - timedelta(days=1)
ENDS_AMID_AN_OWNER = re.compile(r"t\.transaction < \d+ OR t\.id <= \d+")


class Ledger(MemoryAccount):
    """Lines that carry the date of their transaction."""

    def _row(self, key: KeyValue, texts: list[str]) -> dict[str, object]:
        date = wire_instant(self.modified[key])
        return super()._row(key, texts) | {"sdc_parent_modified_at": date}

    def save(self, owner: int, instant: datetime) -> None:
        """Somebody edits a transaction: its lines have another date."""
        self.modified |= {key: instant for key in self.modified if key[0] == owner}


def ledger_of(sizes: list[int], table: Table = LINES) -> Ledger:
    """Transactions with so many lines each."""
    keys = [(owner, line) for owner, size in enumerate(sizes) for line in range(size)]
    return Ledger(table, dict.fromkeys(keys, LONG_AGO))


def chunks_of(ledger: Ledger, progress: Progress | None = None) -> list[Chunk]:
    selection = Selection(ledger.table, ledger.table.columns)
    reader = Reader(selection, ledger.fetch, WORKERS, progress or Progress())
    return [chunk for chunk in reader.chunks() if chunk]


def keys_of(chunks: list[Chunk]) -> Counter[KeyValue]:
    return Counter(key_of(LINES, row) for chunk in chunks for row in chunk.rows)


def test_ranges_end_amid_the_lines_of_a_transaction_and_hold_a_page_each() -> None:
    ledger = ledger_of([7] * 30 + [100] + [7] * 30)
    with small_pages():
        assert keys_of(chunks_of(ledger)) == Counter(ledger.modified.keys())
    pages = [text for text in ledger.queries if "ROW_NUMBER" not in text]
    assert any(ENDS_AMID_AN_OWNER.search(text) for text in pages)
    assert len(pages) == 1 + (520 - 20) // 15 + 1


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.lists(st.sampled_from([0, 1, 2, 7, 19, 20, 21, 70]), min_size=1, max_size=25),
    columns=st.sampled_from([3, 8]),
    seed=st.integers(),
)
def test_each_line_comes_and_has_the_date_of_its_transaction_wherever_that_is_cut(
    sizes: list[int], columns: int, seed: int
) -> None:
    ledger = ledger_of(sizes, of_many_columns(LINES, columns))
    random_, saves = random.Random(seed), Counter[int]()

    def save(account: MemoryAccount, query: Query) -> None:
        owner = random_.randrange(len(sizes))
        if "ROW_NUMBER" not in query.text and saves[owner] < 2:
            saves[owner] += 1
            ledger.save(owner, account.now)

    ledger.before_answer = save
    with small_pages():
        chunks = chunks_of(ledger)
    assert keys_of(chunks).keys() == ledger.modified.keys()
    for chunk in chunks:
        dates = {row[PARENT_MODIFIED_AT] for row in chunk.rows}
        assert instant_text(chunk.asked_at) not in dates
    last_dates: dict[int, set[str]] = {}
    for key, row in {key_of(LINES, row): row for chunk in chunks for row in chunk.rows}.items():
        last_dates.setdefault(key[0], set()).add(row[PARENT_MODIFIED_AT])
    assert all(len(dates) == 1 for dates in last_dates.values()), "half of its lines look gone"
    for key, times in keys_of(chunks).items():
        assert times == 1 or saves[key[0]], "a line of a transaction that nobody edited came twice"


@pytest.mark.parametrize("line", [0, 3, 18, 60])
def test_of_a_transaction_saved_right_now_only_the_lines_of_the_range_are_read_again(
    line: int,
) -> None:
    """The others belong to a range of their own, which may be out already."""
    ledger, read = ledger_of([100]), (0, line)

    def save(account: MemoryAccount, query: Query) -> None:
        del query
        if len(account.queries) == 1:
            ledger.save(0, account.now)

    ledger.before_answer = save
    with small_pages():
        chunks = chunks_of(ledger, Progress(read))
    assert keys_of(chunks) == Counter(key for key in ledger.modified if key > read)
    covered = sorted(
        (part for chunk in chunks for part in chunk.covered), key=lambda part: part.after or ()
    )
    progress = Progress(read)
    for part in covered:
        progress = progress.covering(part)
    assert progress == Progress((0, 99))
    assert covered[0] == Range(read, min((0, line + 20), (0, 99)))
