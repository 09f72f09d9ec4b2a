"""Meltano merges states key by key: what a run leaves behind must survive that.

A run with `--full-refresh`, or with `--state-strategy=merge`, leaves a partial state. The next run
is given that, merged over the state of the last complete run.
"""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from meltano.core.state_store.base import MeltanoState

from tap_netsuite_tba.bookmarks import Bookmark, read_bookmark
from tap_netsuite_tba.extraction.passes import Pass
from tap_netsuite_tba.extraction.ranges import Progress, Range

KEY = ("id",)
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
RESUMED = Bookmark(TUESDAY, "2020-01-01", 9, (9,), ((MONDAY, None), (TUESDAY, (7,))))
VERSIONED = Bookmark(value=MONDAY, count=9, highest_key=(9,), is_versioned=True).going_on(UNDER_WAY)
DROPPED = CUT_SHORT.dropped()
ALL = [COMPLETE, CUT_SHORT, RESUMED, VERSIONED, DROPPED, Bookmark()]


def as_state(**bookmarks: Bookmark) -> dict[str, Any]:
    """A state as the tap writes it."""
    streams = {
        name: bookmark.to_state("lastmodifieddate", KEY) for name, bookmark in bookmarks.items()
    }
    return {"bookmarks": json.loads(json.dumps(streams))}


def merged(partial: dict[str, Any], complete: dict[str, Any]) -> dict[str, Any]:
    """What Meltano hands to the next run."""
    state = MeltanoState("prod:load", partial_state=partial, completed_state=complete)
    merged_state: dict[str, Any] = json.loads(state.json_merged())
    return merged_state


def read(state: dict[str, Any], stream: str) -> Bookmark:
    """What the tap understands of a stream's state."""
    return read_bookmark(stream, state["bookmarks"][stream], KEY)


@pytest.mark.parametrize("before", ALL)
@pytest.mark.parametrize("after", ALL)
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


def of_an_older_version(bookmark: Bookmark) -> dict[str, Any]:
    """A state as the tap wrote it before it knew of versions and of what is not settled."""
    state = as_state(transaction=bookmark)
    of_stream = state["bookmarks"]["transaction"]
    for added_since in ("key", "never_out", "unsettled_since", "version"):
        del of_stream[added_since]
    del of_stream["pass"]["version"]
    return state


@pytest.mark.parametrize("before", ALL)
@pytest.mark.parametrize("after", ALL)
def test_a_bookmark_replaces_one_of_an_older_version_whole(
    before: Bookmark, after: Bookmark
) -> None:
    state = merged(as_state(transaction=after), of_an_older_version(before))
    assert read(state, "transaction") == read(as_state(transaction=after), "transaction")


@pytest.mark.parametrize("after", [COMPLETE, CUT_SHORT])
def test_a_state_written_by_hand_takes_what_the_tap_knows(after: Bookmark) -> None:
    by_hand = {"bookmarks": {"transaction": {"replication_key_value": "2026-01-01"}}}
    state = merged(as_state(transaction=after), by_hand)
    assert read(state, "transaction") == after


def test_a_bookmark_set_back_by_hand_keeps_the_pass_under_way() -> None:
    by_hand = {"bookmarks": {"transaction": {"replication_key_value": "2026-01-01T00:00:00Z"}}}
    state = merged(by_hand, as_state(transaction=VERSIONED))
    bookmark = read(state, "transaction")
    assert bookmark.value == MONDAY - timedelta(days=4, hours=12)
    assert bookmark.current == UNDER_WAY


def test_a_bookmark_set_forward_by_hand_ends_the_pass_under_way() -> None:
    by_hand = {"bookmarks": {"transaction": {"replication_key_value": "2026-01-08T00:00:00Z"}}}
    state = merged(by_hand, as_state(transaction=VERSIONED))
    assert read(state, "transaction").current is None


def meltano(project: Path, *arguments: str) -> str:
    """What a command of Meltano prints."""
    command = [str(Path(sys.executable).with_name("meltano")), *arguments]
    return subprocess.check_output(command, cwd=project, text=True)


@pytest.mark.long
def test_meltanos_state_commands_hand_back_what_the_tap_understands(tmp_path: Path) -> None:
    (tmp_path / "meltano.yml").write_text(
        "send_anonymous_usage_stats: false\ncli:\n  disable_version_check: true\n"
    )
    complete, cut_short = (
        json.dumps({"singer_state": as_state(transaction=bookmark, vendor=COMPLETE)})
        for bookmark in (COMPLETE, CUT_SHORT)
    )
    meltano(tmp_path, "state", "set", "--force", "prod:load", complete)
    meltano(tmp_path, "state", "merge", "prod:load", cut_short)
    state = json.loads(meltano(tmp_path, "state", "get", "prod:load"))["singer_state"]
    assert read(state, "transaction") == CUT_SHORT
    assert read(state, "vendor") == COMPLETE
