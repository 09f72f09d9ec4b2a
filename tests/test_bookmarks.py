"""The state of a stream: what is written, and what can be read back."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from tap_netsuite_tba.bookmarks import Bookmark, as_utc, format_instant, read_bookmark
from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.extraction.passes import Pass
from tap_netsuite_tba.extraction.ranges import Progress, Range

MONDAY = datetime(2026, 1, 5, 12, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
PROVEN = ((MONDAY - timedelta(days=1), None), (MONDAY, (8, 1)))
LAST_VERSION = 1767700800000
UNDER_WAY = Pass(
    since=MONDAY,
    started=TUESDAY,
    progress=Progress((4, 2), (Range((6, 1), (8,)), Range((9,), (9, 3)))),
    rows=4,
    fresh=2,
    recent=1,
    counted=9,
    top=12,
    unread=2,
)


KEY = ("transaction", "id")
EVERYTHING = Bookmark(
    MONDAY,
    "2020-01-01",
    5,
    (9, 3),
    PROVEN,
    TUESDAY,
    UNDER_WAY,
    is_versioned=True,
    last_version=LAST_VERSION,
)


def read(state: Mapping[str, Any], key: tuple[str, ...] = KEY) -> Bookmark:
    """The state as it comes back from JSON."""
    return read_bookmark("transaction", json.loads(json.dumps(state)), key)


def test_the_state_of_a_pass_under_way_has_the_documented_shape() -> None:
    assert json.loads(json.dumps(EVERYTHING.to_state("lastmodifieddate", KEY))) == {
        "replication_key": "lastmodifieddate",
        "replication_key_value": "2026-01-05T12:00:00Z",
        "start_date": "2020-01-01",
        "count": 5,
        "key": ["transaction", "id"],
        "highest_key": [9, 3],
        "never_out": [["2026-01-04T12:00:00Z", None], ["2026-01-05T12:00:00Z", [8, 1]]],
        "unsettled_since": "2026-01-06T12:00:00Z",
        "version": LAST_VERSION,
        "pass": {
            "since": "2026-01-05T12:00:00Z",
            "started": "2026-01-06T12:00:00Z",
            "version": LAST_VERSION,
            "after_key": [4, 2],
            "beyond": [[[6, 1], [8]], [[9], [9, 3]]],
            "rows": 4,
            "fresh": 2,
            "recent": 1,
            "counted": 9,
            "top": 12,
            "unread": 2,
        },
    }


@pytest.mark.parametrize("bookmark", [Bookmark(), Bookmark(MONDAY), Bookmark(current=UNDER_WAY)])
def test_no_key_is_ever_left_out(bookmark: Bookmark) -> None:
    state, full = bookmark.to_state(None, KEY), EVERYTHING.to_state("lastmodifieddate", KEY)
    assert list(state) == list(full)
    assert list(state["pass"]) == list(full["pass"])


def test_a_completed_pass_becomes_the_bookmark() -> None:
    before = Bookmark(MONDAY, "2020-01-01", 3, (7,), (), None, UNDER_WAY)
    assert before.completed(UNDER_WAY) == Bookmark(
        TUESDAY, "2020-01-01", 3, (9, 3), ((TUESDAY, (7,)),)
    )


def test_only_a_pass_over_all_rows_tells_how_many_there_are() -> None:
    over_all = replace(UNDER_WAY, since=None)
    assert Bookmark(count=3).completed(UNDER_WAY).count == 3
    assert Bookmark(count=3).completed(over_all).count == 4


def test_the_highest_key_never_falls() -> None:
    before = Bookmark(MONDAY, None, 3, (99, 1), (), None, UNDER_WAY)
    assert before.completed(UNDER_WAY).highest_key == (99, 1)


def test_a_version_is_the_start_of_the_pass_in_milliseconds() -> None:
    assert Bookmark().going_on(UNDER_WAY).version is None
    assert Bookmark(is_versioned=True).version is None
    versioned = Bookmark(is_versioned=True).going_on(UNDER_WAY)
    assert versioned.version == LAST_VERSION == TUESDAY.timestamp() * 1000
    assert versioned.going_on(replace(UNDER_WAY, rows=9)).version == LAST_VERSION
    assert read(versioned.to_state(None, KEY)).version == LAST_VERSION


def test_no_two_passes_have_one_version_whatever_the_second_in_which_they_begin() -> None:
    first = Bookmark(is_versioned=True).going_on(UNDER_WAY)
    again = first.going_on(Pass(None)).going_on(UNDER_WAY)
    done = read(again.completed(UNDER_WAY).to_state(None, KEY))
    third = replace(done, is_versioned=True).going_on(UNDER_WAY)
    versions = [bookmark.version for bookmark in (first, again, third)]
    assert versions == [LAST_VERSION, LAST_VERSION + 1, LAST_VERSION + 2]
    assert again.unsettled_since == TUESDAY


def test_a_pass_that_goes_on_is_still_the_same() -> None:
    further = replace(UNDER_WAY, rows=9)
    assert Bookmark(current=UNDER_WAY).going_on(further) == Bookmark(current=further)


def test_the_start_of_a_pass_that_another_replaces_is_kept_until_one_is_complete() -> None:
    third = replace(UNDER_WAY, started=TUESDAY + timedelta(days=2))
    bookmark = Bookmark(MONDAY, current=UNDER_WAY).dropped().going_on(third)
    assert bookmark.unsettled_since == TUESDAY
    fourth = replace(third, started=TUESDAY + timedelta(days=3))
    assert bookmark.going_on(fourth).unsettled_since == TUESDAY
    assert bookmark.completed(third).unsettled_since is None


def test_deletions_are_asked_for_since_the_first_row_that_nobody_settled() -> None:
    assert Bookmark().deletions_since is None
    assert Bookmark(MONDAY).deletions_since == MONDAY
    assert Bookmark(unsettled_since=TUESDAY).deletions_since == TUESDAY
    assert Bookmark(MONDAY, unsettled_since=TUESDAY).deletions_since == MONDAY
    assert Bookmark(TUESDAY, unsettled_since=MONDAY).deletions_since == MONDAY


def test_a_stream_without_state_begins_from_nothing() -> None:
    assert read({}) == read({"progress_markers": {}}) == Bookmark(never_out=())


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-05T12:00:00Z",
        "2026-01-05T12:00:00+00:00",
        "2026-01-05T13:00:00+01:00",
        "2026-01-05T12:00:00",
        "2026-01-05T12:00:00.000000Z",
    ],
)
def test_a_date_written_by_hand_is_state_enough(text: str) -> None:
    assert read({"replication_key_value": text}) == Bookmark(MONDAY, UNSET)


def test_a_day_written_by_hand_is_its_beginning_in_utc() -> None:
    bookmark = read({"replication_key_value": "2026-01-05"})
    assert bookmark == Bookmark(MONDAY.replace(hour=0), UNSET)


def test_what_else_the_sdk_or_meltano_left_in_the_state_is_ignored() -> None:
    state = {"replication_key_value": "2026-01-05T12:00:00Z", "progress_markers": {"x": 1}}
    assert read(state | {"starting_replication_value": "2020"}) == Bookmark(MONDAY, UNSET)


@pytest.mark.parametrize("started", [MONDAY, MONDAY - timedelta(seconds=1)])
@pytest.mark.parametrize("since", [None, MONDAY - timedelta(days=1)])
def test_a_pass_that_did_not_start_after_the_bookmark_is_a_leftover(
    started: datetime, since: datetime | None
) -> None:
    left = Pass(since=since, started=started, rows=3)
    assert read(Bookmark(MONDAY, current=left).to_state(None, KEY)) == Bookmark(MONDAY)


def test_a_pass_that_began_within_the_second_of_the_bookmark_goes_on() -> None:
    """Its rows are out, and of what is deleted then there must be tombstones."""
    same_second = Pass(since=MONDAY, started=MONDAY, rows=3)
    state = Bookmark(MONDAY, current=same_second).to_state(None, KEY)
    assert read(state).current == same_second


def test_a_pass_that_started_after_the_bookmark_goes_on() -> None:
    later = Pass(since=MONDAY, started=MONDAY + timedelta(seconds=1))
    assert read(Bookmark(MONDAY, current=later).to_state(None, KEY)).current == later


def test_a_pass_that_never_started_is_none() -> None:
    assert read({"pass": {"since": None, "started": None}}).current is None
    assert read({"pass": None}).current is None


@pytest.mark.parametrize("key", [("id",), ("uniquekey",), ("id", "transaction"), ()])
def test_positions_in_another_key_than_the_tables_are_dropped(key: tuple[str, ...]) -> None:
    bookmark = Bookmark(MONDAY, None, None, (9, 3), PROVEN, None, UNDER_WAY)
    state = bookmark.to_state(None, KEY)
    assert read(state, key) == Bookmark(MONDAY, unsettled_since=TUESDAY)


@pytest.mark.parametrize("left_out", ["key", "never_out", "unsettled_since", "version"])
def test_a_state_of_an_older_version_is_understood(left_out: str) -> None:
    """It did not tell its key: its positions may be in another than today's."""
    state = Bookmark(MONDAY, "2020-01-01", 5, (9, 3), (), None, UNDER_WAY).to_state(None, KEY)
    del state[left_out], state["pass"]["version"]
    bookmark = read(state)
    assert (bookmark.value, bookmark.start_date, bookmark.count) == (MONDAY, "2020-01-01", 5)
    assert bookmark.current == (None if left_out == "key" else UNDER_WAY)
    assert not bookmark.is_versioned


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"replication_key_value": "yesterday"}, "replication_key_value"),
        ({"replication_key_value": 5}, "replication_key_value"),
        ({"replication_key_value": ["2026-01-05T12:00:00Z"]}, "replication_key_value"),
        ({"start_date": 2020}, "start_date"),
        ({"count": "5"}, "count"),
        ({"count": 1.5}, "count"),
        ({"highest_key": 9}, "highest_key"),
        ({"highest_key": ["9"]}, "highest_key"),
        ({"highest_key": [1.5]}, "highest_key"),
        ({"highest_key": [True]}, "highest_key"),
        ({"key": "id"}, "key"),
        ({"never_out": [[5, [1]]]}, "never_out"),
        ({"never_out": [["2026-01-05T12:00:00Z", 1]]}, "never_out"),
        ({"never_out": [["2026-01-05T12:00:00", None]]}, "never_out"),
        ({"version": "1"}, "version"),
        ({"unsettled_since": 5}, "unsettled_since"),
        ({"pass": {"version": "1"}}, "pass.version"),
        ({"pass": []}, "pass"),
        ({"pass": "none"}, "pass"),
        ({"pass": {"started": "now"}}, "pass.started"),
        ({"pass": {"after_key": ["1 OR 1=1"]}}, "pass.after_key"),
        ({"pass": {"beyond": [[1, 2]]}}, "pass.beyond"),
        ({"pass": {"beyond": [[[1], [2], [3]]]}}, "pass.beyond"),
        ({"pass": {"beyond": [[[1], None]]}}, "pass.beyond"),
    ],
)
def test_a_malformed_state_is_refused_in_a_sentence(wrong: dict[str, Any], where: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(wrong)
    message = str(caught.value)
    assert message.startswith("The state of the stream transaction cannot be used: ")
    assert where in message
    assert '{"replication_key_value": "2026-01-31T00:00:00Z"}' in message


@pytest.mark.parametrize(
    "wrong",
    [
        {"highest_key": []},
        {"pass": {"started": "2026-01-05T12:00:00Z", "after_key": []}},
        {"pass": {"started": "2026-01-05T12:00:00Z", "beyond": [[[1], []]]}},
    ],
)
def test_an_empty_key_is_malformed_too(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        read(wrong)


def test_instants_are_written_in_utc() -> None:
    berlin = timezone(timedelta(hours=2))
    assert format_instant(datetime(2026, 7, 1, 1, 30, tzinfo=berlin)) == "2026-06-30T23:30:00Z"
    assert format_instant(None) is None


def test_a_fraction_of_a_second_never_makes_a_bookmark_later() -> None:
    instant = MONDAY + timedelta(microseconds=999_999)
    assert format_instant(instant) == "2026-01-05T12:00:00Z"


def test_an_instant_without_a_zone_is_utc() -> None:
    assert as_utc(datetime(2026, 1, 5, 12)) == MONDAY  # noqa: DTZ001 - on purpose
    assert as_utc(None) is None


_INSTANTS = st.integers(0, 4 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
_POSITIONS = st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=2).map(tuple)
_PASSES = st.builds(
    Pass,
    since=st.none() | _INSTANTS,
    started=_INSTANTS,
    progress=st.builds(
        Progress,
        st.none() | _POSITIONS,
        st.lists(st.builds(Range, st.none() | _POSITIONS, _POSITIONS), max_size=4).map(tuple),
    ),
    rows=st.integers(0, 10**9),
    fresh=st.integers(0, 10**9),
    recent=st.integers(0, 10**9),
    counted=st.none() | st.integers(0, 10**9),
    top=st.none() | st.integers(-(2**63), 2**63 - 1),
)
_BOOKMARKS = st.builds(
    Bookmark,
    value=st.none() | _INSTANTS,
    start_date=st.none() | st.text(st.characters(exclude_categories=["Cs"])),
    count=st.none() | st.integers(0, 10**9),
    highest_key=st.none() | _POSITIONS,
    never_out=st.none()
    | st.lists(st.tuples(_INSTANTS, st.none() | _POSITIONS), max_size=3).map(tuple),
    unsettled_since=st.none() | _INSTANTS,
    current=st.none() | _PASSES,
    is_versioned=st.booleans(),
    last_version=st.integers(0, 10**13),
)


@given(_BOOKMARKS)
def test_a_bookmark_comes_back_from_its_state_as_it_was(bookmark: Bookmark) -> None:
    back = read(bookmark.to_state("lastmodifieddate", KEY))
    current = bookmark.current
    if current and bookmark.value and current.started and current.started <= bookmark.value:
        current = current if current.since == bookmark.value else None
    is_versioned = bookmark.is_versioned and current is not None
    assert back == replace(bookmark, current=current, is_versioned=is_versioned)


@pytest.mark.parametrize(
    "wrong",
    [
        {"replication_key_value": "0001-01-01T00:00:00+05:00"},
        {"replication_key_value": "9999-12-31T23:59:59-05:00"},
        {"unsettled_since": "0001-01-01T00:00:00Z"},
        {"never_out": [["0001-01-01T00:00:00+05:00", [1]]]},
        {"pass": {"since": "0001-01-01T00:00:00Z", "started": "2026-01-01T00:00:00Z"}},
    ],
)
def test_an_instant_when_there_is_no_netsuite_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="when there is no NetSuite"):
        read_bookmark("transaction", wrong, ("id",))


def test_a_highest_key_longer_than_the_key_is_dropped() -> None:
    assert read({"key": ["id"], "highest_key": [1, 2]}, ("id",)).highest_key is None
