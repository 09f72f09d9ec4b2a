"""Which deleted rows never went out: whatever rows and runs come and go, no row becomes a ghost.

The machine is a table whose keys only grow, with NetSuite's log of deletions, and a tap that reads
it in pages of three rows. What a STATE covers is in the warehouse.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from tap_netsuite_tba.bookmarks import Bookmark, format_instant, read_bookmark
from tap_netsuite_tba.due import Terms, due_bookmark, due_pass
from tap_netsuite_tba.extraction.passes import Pass
from tap_netsuite_tba.extraction.ranges import Progress

MONDAY = datetime(2026, 1, 5, 12, tzinfo=UTC)
KEY = ("id",)
SECOND = timedelta(seconds=1)
LOOKBACK = 10 * SECOND
TERMS = Terms(is_incremental=True, is_versioned=False, start_date=None, lookback=LOOKBACK)
PAGE = 3


class Comings(RuleBasedStateMachine):
    """Rows that come and go, and runs of the tap, one page a step."""

    def __init__(self) -> None:
        super().__init__()
        self.now = MONDAY
        self.rows: dict[int, datetime] = {}
        self.log: dict[int, tuple[datetime, datetime]] = {}  # when deleted, when seen in the log
        self.highest = 0
        self.state: dict[str, Any] = {}
        self.is_ours = True
        self.bookmark: Bookmark | None = None
        self.out: set[int] = set()
        self.had: set[int] = set()
        self.buried: set[int] = set()
        self.between_runs: set[int] = set()
        self.unseen: set[int] = set()

    @property
    def is_under_way(self) -> bool:
        """Whether a pass has begun and is not complete, be it that its run was killed."""
        current = self.read_state().current
        return self.bookmark is not None or (current is not None and current.started is not None)

    @rule(seconds=st.integers(1, 12))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds * SECOND

    @rule(count=st.integers(1, 5))
    def rows_are_entered(self, count: int) -> None:
        for _ in range(count):
            self.highest += 1
            self.rows[self.highest] = self.now
            if not self.is_under_way:
                self.between_runs.add(self.highest)

    @precondition(lambda self: self.rows)
    @rule(data=st.data(), is_newest=st.booleans(), late=st.sampled_from([0, 0, 5]))
    def a_row_is_deleted(self, data: st.DataObject, *, is_newest: bool, late: int) -> None:
        key = max(self.rows) if is_newest else data.draw(st.sampled_from(sorted(self.rows)))
        del self.rows[key]
        self.log[key] = self.now, self.now + late * SECOND
        if key in self.between_runs and not self.is_under_way:
            self.unseen.add(key)

    @rule(writes=st.booleans())
    def a_page_is_read(self, *, writes: bool) -> None:
        self.bookmark = self.bookmark or self.begun()
        current = self.bookmark.current
        assert current is not None
        keys = [key for key in self.wanted(current) if (key,) > (current.progress.after_key or ())]
        for key in keys[:PAGE]:
            current = Pass(current.since, current.started, Progress((key,)), current.rows + 1)
        self.bookmark = self.bookmark.going_on(current)
        self.out = self.out | set(keys[:PAGE])
        if len(keys) <= PAGE:
            self.bury(current)
            self.bookmark = self.bookmark.completed(current)
            self.write_state()
            self.bookmark = None
        elif writes:
            self.write_state()

    @precondition(lambda self: self.bookmark)
    @rule()
    def the_run_is_killed(self) -> None:
        self.bookmark = None

    @precondition(lambda self: self.bookmark)
    @rule()
    def the_pass_is_given_up(self) -> None:
        assert self.bookmark is not None
        self.bookmark = self.bookmark.dropped()
        self.write_state()
        self.bookmark, self.is_ours = None, False

    @precondition(lambda self: self.bookmark is None and not self.is_under_way)
    @rule()
    def the_state_is_written_by_hand(self) -> None:
        value = self.read_state().deletions_since
        if value is not None:
            self.state = {"replication_key_value": format_instant(value)}
            self.is_ours = False

    def begun(self) -> Bookmark:
        bookmark, said = due_bookmark("item", self.read_state(), TERMS)
        assert said == []
        current = due_pass(bookmark, TERMS)
        if current.started is None:
            current = Pass(current.since, self.now)
            self.unseen = {key for key in self.unseen if self.log[key][0] < self.now}
            self.between_runs.clear()
        self.out = set()
        return bookmark.going_on(current)

    def wanted(self, current: Pass) -> Iterator[int]:
        for key, entered in sorted(self.rows.items()):
            if current.since is None or entered >= current.since - LOOKBACK:
                yield key

    def bury(self, current: Pass) -> None:
        assert self.bookmark is not None
        assert current.started is not None
        since = self.bookmark.deletions_since
        for key, (deleted, logged) in self.log.items():
            if since is None or deleted < since - LOOKBACK or logged > self.now:
                continue
            text = format_instant(deleted)
            assert text is not None
            if not self.bookmark.never_had(key, text, current.started):
                assert key not in self.unseen or not self.is_ours, f"{key} never went out"
                self.buried.add(key)

    def write_state(self) -> None:
        assert self.bookmark is not None
        self.had |= self.out
        self.state = self.bookmark.to_state("lastmodifieddate", KEY)

    def read_state(self) -> Bookmark:
        return read_bookmark("item", json.loads(json.dumps(self.state)), KEY)

    def teardown(self) -> None:
        """Runs in which nothing happens find whatever is gone."""
        self.bookmark = None
        for _ in range(3):
            self.now += LOOKBACK
            for _ in range(len(self.rows) // PAGE + 1):
                self.a_page_is_read(writes=True)
        assert self.had - self.rows.keys() <= self.buried, "a row that is gone is still there"


def test_rows_that_went_out_and_are_gone_get_tombstones_and_rows_that_never_did_get_none() -> None:
    run_state_machine_as_test(
        Comings, settings=settings(max_examples=250, stateful_step_count=40, deadline=None)
    )


def had(state: dict[str, Any], *keys: int, deleted: datetime, started: datetime) -> list[int]:
    """Which keys may have gone out, by a state; they were deleted before this pass."""
    bookmark, text = read_bookmark("item", state, KEY), format_instant(deleted)
    assert text is not None
    return [key for key in keys if not bookmark.never_had(key, text, started)]


def after(*passes: tuple[timedelta, int | None]) -> dict[str, Any]:
    """The state after passes from an empty one: when each began, and its highest key."""
    bookmark = read_bookmark("item", {}, KEY)
    for start, highest in passes:
        progress = Progress((highest,) if highest else None)
        bookmark = bookmark.completed(Pass(bookmark.value, MONDAY + start, progress))
    state: dict[str, Any] = json.loads(json.dumps(bookmark.to_state("lastmodifieddate", KEY)))
    return state


def test_what_was_deleted_before_the_first_load_never_went_out() -> None:
    state, started = after((timedelta(0), 9)), MONDAY + LOOKBACK
    assert had(state, 5, 10, deleted=MONDAY - SECOND, started=started) == []
    assert had(state, 5, 10, deleted=MONDAY, started=started) == [5]


def test_of_a_table_that_was_empty_so_far_nothing_went_out() -> None:
    state, started = after((timedelta(0), None), (SECOND, None)), MONDAY + LOOKBACK
    assert had(state, 7, deleted=started - SECOND, started=started) == []
    assert had(state, 7, deleted=started, started=started) == [7]


def test_a_row_that_was_never_had_stays_so_when_later_rows_are_read() -> None:
    state = after((timedelta(0), 9), (2 * SECOND, 9), (4 * SECOND, 20), (6 * SECOND, 30))
    started = MONDAY + LOOKBACK
    assert had(state, 9, 10, 20, deleted=MONDAY + 3 * SECOND, started=started) == [9]
    assert had(state, 20, 21, 30, deleted=MONDAY + 5 * SECOND, started=started) == [20]
    assert had(state, 30, 31, deleted=MONDAY + 7 * SECOND, started=started) == [30]


def test_the_state_stays_small_whatever_the_number_of_passes() -> None:
    state = after(*((day * LOOKBACK, day) for day in range(100)))
    assert len(state["never_out"]) == 24
    quiet = after(*((day * LOOKBACK, 9) for day in range(100)))
    assert len(quiet["never_out"]) == 2


@pytest.mark.parametrize(
    "unknown",
    [
        {"replication_key_value": "2026-01-05T12:00:00Z"},
        after((timedelta(0), 9)) | {"never_out": None},
        after((timedelta(0), 9)) | {"key": ["uniquekey"]},
        after((timedelta(0), 9)) | {"key": None},
    ],
)
def test_nothing_is_taken_for_never_had_by_a_state_that_does_not_know_all_passes(
    unknown: dict[str, Any],
) -> None:
    found = read_bookmark("item", unknown, KEY)
    later = found.completed(Pass(MONDAY, MONDAY + SECOND, Progress((5,)))).to_state(None, KEY)
    for state in (unknown, later):
        for deleted in (MONDAY - SECOND, MONDAY + 2 * SECOND):
            assert had(state, 900, deleted=deleted, started=MONDAY + LOOKBACK) == [900]


def test_nothing_is_taken_for_never_had_once_a_pass_was_given_up() -> None:
    under_way = Pass(MONDAY, MONDAY + SECOND, Progress((50,)))
    bookmark = read_bookmark("item", after((timedelta(0), 9)), KEY).going_on(under_way).dropped()
    done = bookmark.completed(Pass(MONDAY, MONDAY + 3 * SECOND, Progress((9,))))
    for state in (bookmark.to_state(None, KEY), done.to_state(None, KEY)):
        assert had(state, 50, deleted=MONDAY + 2 * SECOND, started=MONDAY + LOOKBACK) == [50]
