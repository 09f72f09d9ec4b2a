"""Whatever interleaving of pages, changes, failures, crashes and runs: no row is lost or stale.

The machine is the tap without Singer and without HTTP: passes over a table, whose state is written
as JSON and read again by the next run. Its workers do nothing by themselves: the machine answers
their requests, in any order, rightly, wrongly or not at all. After each STATE, and after a quiet
run at the end, what a target would have committed is compared with the truth.
"""

import json
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tap_netsuite_tba.bookmarks import Bookmark, read_bookmark
from tap_netsuite_tba.decoding import Row
from tap_netsuite_tba.due import Terms, due_bookmark, due_pass, lower_bound
from tap_netsuite_tba.errors import CountMismatch, ExtractionError
from tap_netsuite_tba.extraction.answers import Chunk
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.budget import Budget
from tap_netsuite_tba.extraction.deletes import DeletionLog
from tap_netsuite_tba.extraction.passes import Means, Pass, pass_steps
from tap_netsuite_tba.extraction.ranges import Progress, rank
from tap_netsuite_tba.extraction.tombstones import tombstones
from tap_netsuite_tba.extraction.waiting import Waiting
from tap_netsuite_tba.netsuite.errors import (
    NetSuiteError,
    QueryRefused,
    RetriesExhausted,
    ServerFault,
    TimedOut,
)
from tap_netsuite_tba.tables import DELETED_AT, KeyValue

from .machine_account import LIES, IdleWorkers, SqlAccount, keys_of, new_keys, table_of
from .wide import small_pages

EXTRACTION = "tap_netsuite_tba.extraction"
SMALL = {
    "reader.IDLE_SECONDS": 0,
    "settling.MAX_TORN_PARTS": 2,
    "settling.SETTLING_SECONDS": 0,
    "plan.FIRST_HORIZON": 2,
    "plan.MAX_HORIZON": 5,
}
"""Besides small pages: what makes a few dozen rows as intricate as a few hundred thousand."""

REFUSED = QueryRefused("Invalid or unsupported search.")
TIMED_OUT = TimedOut("no answer within 300 s")
ERRORS: dict[str, NetSuiteError] = {
    "refused": REFUSED,
    "timed out": TIMED_OUT,
    "given up": RetriesExhausted(ServerFault("An unexpected error", status=500), seconds=10),
}
REFUSALS: list[Mapping[str, NetSuiteError]] = [
    *[{}] * 6,
    {"ROW_NUMBER": REFUSED},
    {"ROW_NUMBER": REFUSED, "DESC": REFUSED},
    {"ROW_NUMBER": TIMED_OUT},
    {"COUNT(*)": REFUSED},
]

DISORDER = {"descending", "a row twice", "an empty page"}
RIGHTLY = "rightly"
WIDE = 7
"""So many columns besides keys and dates come in several groups."""
HOW = st.sampled_from([*[RIGHTLY] * 60, *LIES, *["timed out"] * 4, *ERRORS])
WHICH = st.integers(0, 6)

Version = tuple[Row, int | None]
"""A row that went out, and the version of the table that it belongs to."""


class Reading(RuleBasedStateMachine):
    """One stream, run after run."""

    def __init__(self) -> None:
        super().__init__()
        self.state: dict[str, Any] = {}
        self.bookmark = Bookmark()
        self.committed: dict[KeyValue, Version] = {}
        self.is_quiet = self.is_complete = False
        self.patches = ExitStack()
        self.patches.enter_context(small_pages(columns=6, page=5, step=4))
        for name, value in SMALL.items():
            self.patches.enter_context(patch(f"{EXTRACTION}.{name}", value))

    @initialize(data=st.data())
    def an_account_is_there(self, data: st.DataObject) -> None:
        width = data.draw(st.integers(1, 3), label="key columns")
        texts = data.draw(st.sampled_from([1, WIDE]), label="other columns")
        has_cursor = data.draw(st.sampled_from([True, True, False]), label="has a cursor")
        table = table_of(width, texts, has_cursor=has_cursor)
        self.account = SqlAccount(table, data.draw(st.sampled_from(REFUSALS), label="refused"))
        self.terms = Terms(
            is_incremental=has_cursor,
            is_versioned=not has_cursor,
            start_date=None,
            lookback=timedelta(seconds=data.draw(st.sampled_from([0, 20]), label="look-back")),
        )
        self.is_wide = texts == WIDE
        self.is_read_ahead = data.draw(st.booleans(), label="read ahead")
        if data.draw(st.booleans(), label="is huge"):
            self.patches.enter_context(patch(f"{EXTRACTION}.plan._CEILINGS", (0, 1)))
        self.workers = IdleWorkers(data.draw(st.sampled_from([4, 3, 1]), label="workers"))
        if data.draw(st.integers(0, 4), label="patience") == 0:
            self.patches.enter_context(patch(f"{EXTRACTION}.planner.PATIENCE", 1e-9))
        for key in data.draw(keys_of(width), label="rows"):
            self.account.put(key, self.account.now)
        if has_cursor and data.draw(st.booleans(), label="some without date"):
            for key in sorted(self.account.rows())[::3]:
                self.account.put(key, None)
        self.account.pass_time(1)
        self._begin()

    def _begin(self) -> None:
        table = self.account.table
        found = read_bookmark(table.name, json.loads(json.dumps(self.state)), table.key)
        self.bookmark, _ = due_bookmark(table.name, found, self.terms)
        self.current = due_pass(self.bookmark, self.terms)
        self.known = self.current.progress
        since = lower_bound(self.bookmark, self.current, self.terms)
        selection = Selection(table, table.columns, since, self.terms.lookback)
        self.pending: dict[KeyValue, Version] = {}
        self.emitted: Counter[KeyValue] = Counter()
        self.began = self.account.now
        self.trouble = self.is_disordered = False
        self.workers.waiting.clear()
        self.turn = Budget(self.workers).turn(is_mine=not self.is_read_ahead)
        means = Means(self.account.fetch, self.workers, self.turn)
        self.pages = pass_steps(selection, means, self.current)

    @rule(answers=st.lists(st.tuples(WHICH, HOW), min_size=1, max_size=12), writes=st.booleans())
    def pages_are_answered_and_taken(
        self, answers: Sequence[tuple[int, str]], *, writes: bool
    ) -> None:
        for which, how in answers:
            self.what_has_arrived_is_taken(writes=writes)
            if self.workers.waiting:
                self.a_page_is_answered(which, how)

    @rule(writes=st.booleans())
    def what_has_arrived_is_taken(self, *, writes: bool) -> None:
        try:
            step = next(self.pages)
        except StopIteration:
            self._complete()
        except (NetSuiteError, ExtractionError) as error:
            self._fail(error)
        else:
            if not isinstance(step, Waiting):
                chunk, current = step
                assert self.turn.is_mine, "something was found before its turn"
                if chunk:
                    self._take(chunk, current)
            if writes:
                self._write_state()

    @rule()
    def its_turn_comes(self) -> None:
        self.turn.is_mine = True

    @precondition(lambda self: self.workers.waiting)
    @rule(which=WHICH, how=HOW)
    def a_page_is_answered(self, which: int, how: str) -> None:
        if how == "an empty page" and self.is_disordered:
            how = RIGHTLY  # Asked twice, an account that has no rows to show is believed.
        self.is_disordered |= how in DISORDER
        self.trouble |= how != RIGHTLY
        self.account.lie, self.account.error = LIES.get(how), ERRORS.get(how)
        self.workers.do(which)
        self.account.lie = self.account.error = None

    @precondition(lambda self: self.is_wide and len(self.workers.waiting) > 1)
    @rule(which=WHICH, first=st.integers(0, 10), step=st.sampled_from([1, 2, 5]))
    def rows_are_edited_between_two_groups(self, which: int, first: int, step: int) -> None:
        self.a_page_is_answered(which, RIGHTLY)
        self.time_passes(1)
        self.rows_are_edited(first, step)
        self.a_page_is_answered(which, RIGHTLY)  # That of the next group, if it has not come.

    @precondition(lambda self: self.emitted)
    @rule(is_killed=st.booleans())
    def the_run_is_cut_short(self, *, is_killed: bool) -> None:
        if not is_killed:
            self._write_state()
        self._end()

    @rule(data=st.data(), where=st.sampled_from(["anywhere", "beside", "top", "late", "no date"]))
    def rows_are_inserted(self, data: st.DataObject, where: str) -> None:
        account = self.account
        known = account.rows()
        for key in data.draw(new_keys(account, where)):
            modified: datetime | None = account.now
            if where == "late":
                modified = account.now - self.terms.lookback
            # Of rows without a date only those are found whose key is higher than all before.
            if where == "no date" and (account.highest is None or key[0] > account.highest[0]):
                modified = None
            if key not in known:
                account.put(key, modified)

    @rule(first=st.integers(0, 60), step=st.sampled_from([1, 2, 5, 60]))
    def rows_are_edited(self, first: int, step: int) -> None:
        for key, row in sorted(self.account.rows().items())[first::step]:
            # Of a row without a date nobody can see that it was edited.
            if not self.account.table.cursor or row["modified"]:
                self.account.put(key, self.account.now)

    @rule(first=st.integers(0, 60), step=st.sampled_from([2, 7, 60]))
    def rows_are_deleted(self, first: int, step: int) -> None:
        for key in sorted(self.account.rows())[first::step]:
            self.account.delete(key)

    @rule(seconds=st.integers(1, 5))
    def time_passes(self, seconds: int) -> None:
        self.account.pass_time(seconds)

    def teardown(self) -> None:
        """Two runs in which nothing happens: the first ends what is under way."""
        with self.patches:
            if hasattr(self, "account"):
                self.patches.callback(self.account.close)
                self._end()
                for _ in range(2):
                    self._read_quietly()
                self._check_the_end()

    def _read_quietly(self) -> None:
        self.is_quiet, self.is_complete = True, False
        for step in range(2000):
            self.turn.is_mine |= step > 5
            self.what_has_arrived_is_taken(writes=False)
            if self.is_complete:
                return
            if self.workers.waiting:
                self.workers.do(0)
        raise AssertionError("a quiet run does not end")

    def _check_the_end(self) -> None:
        rows = self.account.rows()
        for key, row in rows.items():
            assert key in self.committed, f"{key} is lost"
            assert self.committed[key][0] == row, f"{key} is stale"
        if self.account.tells_of_deletions:
            assert self.committed.keys() == rows.keys(), "rows that are gone are still there"

    def _take(self, chunk: Chunk, current: Pass) -> None:
        if current.rows != self.current.rows + len(chunk.rows):
            assert self._may_be_miscounted(), "the count was wrong, and nothing had changed"
            self.emitted.clear()  # All is read once more.
            self.known = Progress()
        if current.started != self.current.started:
            self.bookmark = self.bookmark.going_on(current.begun)
            self._write_state()
        for row in chunk.rows:
            key = tuple(row[name] for name in self.account.table.key)
            self.pending[key] = row, self.bookmark.version
            self.emitted[key] += 1
            assert self.emitted[key] == 1 or self._changed_meanwhile(key), f"{key} came twice"
            versions = {row[name].split()[1] for name in row if name.startswith("text")}
            assert len(versions) == 1 or key in self.account.indistinct, f"{key} is torn"
            assert not _is_read(self.known, key), f"{key} had come in an earlier run"
        self.current = current
        self.bookmark = self.bookmark.going_on(current)

    def _may_be_miscounted(self) -> bool:
        """Whether rows came and went of which no date tells when."""
        if self.terms.is_incremental:
            return False
        started = self.current.started
        return bool(started and max(self.account.changed_at.values()) >= started)

    def _changed_meanwhile(self, key: KeyValue) -> bool:
        return self.account.changed_at[key] >= self.began

    def _complete(self) -> None:
        self._bury()
        version = self.bookmark.version
        self.bookmark = self.bookmark.completed(self.current)
        self._write_state()
        if version is not None:
            self.committed = {k: row for k, row in self.committed.items() if row[1] == version}
        self.is_complete = True
        self._end()

    def _bury(self) -> None:
        """Takes the tombstones of rows that were deleted, where NetSuite's log names them."""
        table, since = self.account.table, self.bookmark.deletions_since
        if since is None or self.current.started is None or not table.deleted_types:
            return
        log = DeletionLog().find(table, self.account.fetch, since - self.terms.lookback)
        never_had = partial(self.bookmark.never_had, started=self.current.started)
        for row in tombstones(table, table.columns, log.keys if log else {}, never_had):
            self.pending[row["id"],] = row, None

    def _fail(self, error: NetSuiteError | ExtractionError) -> None:
        if self.is_quiet:
            raise error
        if isinstance(error, CountMismatch):
            assert self._may_be_miscounted(), f"nothing was missing, and yet: {error}"
            self.bookmark = self.bookmark.dropped()
        else:
            assert self.trouble, f"nothing was wrong, and yet: {error}"
        self._write_state()
        self._end()

    def _write_state(self) -> None:
        """What the target commits, for the state says that it is out."""
        self.committed |= self.pending
        self.committed = {k: row for k, row in self.committed.items() if not _is_tombstone(row)}
        self.pending = {}
        table = self.account.table
        self.state = self.bookmark.to_state(table.replication_key, table.key)
        for key, row in self.account.rows().items():
            if self._is_told_to_be_out(key):
                assert key in self.committed, f"the state is ahead of {key}"
                assert self.committed[key][0] == row, f"the state is ahead of a change of {key}"

    def _is_told_to_be_out(self, key: KeyValue) -> bool:
        """Whether the state claims the row as it is now: it did not change since its reading."""
        changed_at, current = self.account.changed_at[key], self.bookmark.current
        if self.bookmark.value and changed_at < self.bookmark.value:
            return True
        if current is None or current.started is None or changed_at >= current.started:
            return False
        return _is_read(current.progress, key)

    def _end(self) -> None:
        """The run ends; the next, a second later at least, knows what the last STATE said."""
        assert isinstance(self.pages, Generator)
        self.pages.close()
        self.account.pass_time(1)
        self._begin()


def _is_tombstone(row: Version) -> bool:
    return row[0].get(DELETED_AT) is not None


def _is_read(progress: Progress, key: KeyValue) -> bool:
    return rank(key) <= rank(progress.after_key) or any(
        rank(part.after) < rank(key) <= rank(part.up_to) for part in progress.beyond
    )


def test_no_interleaving_loses_a_row_or_a_change() -> None:
    run_state_machine_as_test(
        Reading, settings=settings(max_examples=90, stateful_step_count=40, deadline=None)
    )


@pytest.mark.long
def test_no_interleaving_of_thousands_loses_a_row_or_a_change() -> None:
    run_state_machine_as_test(
        Reading, settings=settings(max_examples=5_000, stateful_step_count=60, deadline=None)
    )
