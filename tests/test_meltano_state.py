"""Meltano merges states key by key: what a run leaves behind must survive that.

A run with `--full-refresh`, or with `--state-strategy=merge`, leaves a partial state. The next run
is given that, merged over the state of the last complete run.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from meltano.core.state_store.base import MeltanoState

from tap_netsuite_tba.bookmarks import Bookmark, read_bookmark
from tap_netsuite_tba.extraction.passes import Pass
from tap_netsuite_tba.extraction.ranges import Progress, Range

MONDAY = datetime(2026, 1, 5, 12, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
COMPLETE = Bookmark(value=MONDAY, start_date="2020-01-01", count=5, highest_key=(9,))
UNDER_WAY = Pass(
    since=None,
    started=TUESDAY,
    progress=Progress((4,), (Range((6,), (8,)),)),
    rows=4,
    counted=9,
)
CUT_SHORT = Bookmark(start_date="2020-01-01", highest_key=(9,), current=UNDER_WAY)
RESUMED = Bookmark(value=TUESDAY, start_date="2020-01-01", count=9, highest_key=(9,))


def as_state(**bookmarks: Bookmark) -> dict[str, Any]:
    """A state as the tap writes it."""
    streams = {name: bookmark.to_state("lastmodifieddate") for name, bookmark in bookmarks.items()}
    return {"bookmarks": json.loads(json.dumps(streams))}


def merged(partial: dict[str, Any], complete: dict[str, Any]) -> dict[str, Any]:
    """What Meltano hands to the next run."""
    state = MeltanoState("prod:load", partial_state=partial, completed_state=complete)
    merged_state: dict[str, Any] = json.loads(state.json_merged())
    return merged_state


def read(state: dict[str, Any], stream: str) -> Bookmark:
    """What the tap understands of a stream's state."""
    return read_bookmark(stream, state["bookmarks"][stream], key_width=1)


@pytest.mark.parametrize("before", [COMPLETE, CUT_SHORT, RESUMED, Bookmark()])
@pytest.mark.parametrize("after", [COMPLETE, CUT_SHORT, RESUMED, Bookmark()])
def test_a_newer_bookmark_replaces_an_older_one_whole(before: Bookmark, after: Bookmark) -> None:
    state = merged(as_state(transaction=after), as_state(transaction=before))
    assert read(state, "transaction") == read(as_state(transaction=after), "transaction")


def test_a_stream_that_the_partial_run_did_not_reach_keeps_its_bookmark() -> None:
    complete = as_state(transaction=COMPLETE, vendor=COMPLETE)
    state = merged(as_state(transaction=CUT_SHORT), complete)
    assert read(state, "vendor") == COMPLETE


def test_a_full_refresh_that_was_killed_goes_on_where_it_was() -> None:
    state = merged(as_state(transaction=CUT_SHORT), as_state(transaction=COMPLETE))
    assert read(state, "transaction").current == UNDER_WAY


def test_partial_states_of_one_run_after_another_add_up() -> None:
    kept = MeltanoState("prod:load", partial_state=as_state(transaction=RESUMED))
    kept.merge_partial(MeltanoState("prod:load", partial_state=as_state(vendor=CUT_SHORT)))
    kept.merge_partial(MeltanoState("prod:load", partial_state=as_state(transaction=CUT_SHORT)))
    state = merged(kept.partial_state or {}, as_state(transaction=COMPLETE))
    assert read(state, "transaction").current == UNDER_WAY
    assert read(state, "vendor").current == UNDER_WAY
