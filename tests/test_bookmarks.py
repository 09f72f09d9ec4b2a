"""The state of a stream: what is written, and what can be read back."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.bookmarks import Bookmark, as_utc, format_instant, read_bookmark
from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.extraction.passes import Pass
from tap_netsuite_tba.extraction.ranges import Progress, Range

MONDAY = datetime(2026, 1, 5, 12, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
EARLIER = ((MONDAY - timedelta(days=1), (8, 1)),)
UNDER_WAY = Pass(
    since=MONDAY,
    started=TUESDAY,
    progress=Progress((4, 2), (Range((6, 1), (8,)), Range((9,), (9, 3)))),
    rows=4,
    fresh=2,
    recent=1,
    counted=9,
    top=12,
)


KEY = ("transaction", "id")


def read(state: Mapping[str, Any], key: tuple[str, ...] = KEY) -> Bookmark:
    """The state as it comes back from JSON."""
    return read_bookmark("transaction", json.loads(json.dumps(state)), key)


def test_the_state_of_a_pass_under_way_has_the_documented_shape() -> None:
    bookmark = Bookmark(
        MONDAY, "2020-01-01", 5, (9, 3), EARLIER, TUESDAY, UNDER_WAY, is_versioned=True
    )
    assert json.loads(json.dumps(bookmark.to_state("lastmodifieddate", KEY))) == {
        "replication_key": "lastmodifieddate",
        "replication_key_value": "2026-01-05T12:00:00Z",
        "start_date": "2020-01-01",
        "count": 5,
        "key": ["transaction", "id"],
        "highest_key": [9, 3],
        "earlier_keys": [["2026-01-04T12:00:00Z", [8, 1]]],
        "unsettled_since": "2026-01-06T12:00:00Z",
        "pass": {
            "since": "2026-01-05T12:00:00Z",
            "started": "2026-01-06T12:00:00Z",
            "version": 1767700800000,
            "after_key": [4, 2],
            "beyond": [[[6, 1], [8]], [[9], [9, 3]]],
            "rows": 4,
            "fresh": 2,
            "recent": 1,
            "counted": 9,
            "top": 12,
        },
    }


@pytest.mark.parametrize("bookmark", [Bookmark(), Bookmark(MONDAY), Bookmark(current=UNDER_WAY)])
def test_no_key_is_ever_left_out(bookmark: Bookmark) -> None:
    everything = Bookmark(
        MONDAY, "2020-01-01", 5, (9, 3), EARLIER, TUESDAY, UNDER_WAY, is_versioned=True
    )
    state, full = bookmark.to_state(None, KEY), everything.to_state("lastmodifieddate", KEY)
    assert list(state) == list(full)
    assert list(state["pass"]) == list(full["pass"])


def test_a_completed_pass_becomes_the_bookmark() -> None:
    before = Bookmark(MONDAY, "2020-01-01", 3, (7,), (), None, UNDER_WAY)
    assert before.completed(UNDER_WAY) == Bookmark(
        TUESDAY, "2020-01-01", 3, (9, 3), ((MONDAY, (7,)),)
    )


def test_only_a_pass_over_all_rows_tells_how_many_there_are() -> None:
    over_all = replace(UNDER_WAY, since=None)
    assert Bookmark(count=3).completed(UNDER_WAY).count == 3
    assert Bookmark(count=3).completed(over_all).count == 4


def test_the_highest_key_never_falls() -> None:
    before = Bookmark(MONDAY, None, 3, (99, 1), (), None, UNDER_WAY)
    assert before.completed(UNDER_WAY).highest_key == (99, 1)


def test_a_version_is_the_start_of_the_pass_in_milliseconds() -> None:
    assert Bookmark(current=UNDER_WAY).version is None
    assert Bookmark(is_versioned=True).version is None
    versioned = Bookmark(current=UNDER_WAY, is_versioned=True)
    assert versioned.version == TUESDAY.timestamp() * 1000
    assert read(versioned.to_state(None, KEY)).version == versioned.version


def test_a_pass_that_goes_on_is_still_the_same() -> None:
    further = replace(UNDER_WAY, rows=9)
    assert Bookmark(current=UNDER_WAY).going_on(further) == Bookmark(current=further)


def test_the_start_of_a_pass_that_another_replaces_is_kept_until_one_is_complete() -> None:
    third = replace(UNDER_WAY, started=TUESDAY + timedelta(days=2))
    bookmark = Bookmark(MONDAY, current=UNDER_WAY).dropped().going_on(third)
    assert bookmark.unsettled_since == TUESDAY
    fourth = replace(third, started=TUESDAY + timedelta(days=3))
    assert bookmark.going_on(fourth).unsettled_since == TUESDAY
    completed = replace(bookmark, highest_key=(2,), earlier_keys=EARLIER).completed(third)
    assert (completed.unsettled_since, completed.earlier_keys) == (None, ())


def test_deletions_are_asked_for_since_the_first_row_that_nobody_settled() -> None:
    assert Bookmark().deletions_since is None
    assert Bookmark(MONDAY).deletions_since == MONDAY
    assert Bookmark(unsettled_since=TUESDAY).deletions_since == TUESDAY
    assert Bookmark(MONDAY, unsettled_since=TUESDAY).deletions_since == MONDAY
    assert Bookmark(TUESDAY, unsettled_since=MONDAY).deletions_since == MONDAY


@pytest.mark.parametrize(
    ("key", "deleted_at"),
    [
        (10, "2026-01-06T12:00:00Z"),  # It may have gone out in the pass under way.
        (9, "2026-01-06T11:59:59Z"),  # As may other lines of the same transaction.
        (5, "2020-01-01T00:00:00Z"),
    ],
)
def test_a_row_that_may_have_gone_out_is_not_taken_for_never_had(key: int, deleted_at: str) -> None:
    assert not Bookmark(MONDAY, highest_key=(9, 3)).never_had(key, deleted_at, TUESDAY)


def test_a_row_behind_all_others_that_was_deleted_before_the_pass_was_never_had() -> None:
    bookmark = Bookmark(MONDAY, highest_key=(9, 3))
    assert bookmark.never_had(10, "2026-01-06T11:59:59Z", TUESDAY)


def test_a_row_that_was_never_had_stays_so_when_later_rows_are_read() -> None:
    """The log of deletions is read again over the look-back."""
    minutes = [MONDAY + timedelta(minutes=minute) for minute in range(4)]
    bookmark = Bookmark()
    for minute, highest in zip(minutes[:3], [9, 9, 12], strict=True):
        bookmark = bookmark.completed(Pass(None, minute, Progress((highest,))))
    assert bookmark.earlier_keys == ((minutes[0], (9,)),)
    told = {
        key: bookmark.never_had(key, f"2026-01-05T12:0{minute}:30Z", minutes[3])
        for key, minute in [(9, 0), (10, 0), (11, 1), (12, 2), (13, 2)]
    }
    assert told == {9: False, 10: True, 11: True, 12: False, 13: True}
    assert not bookmark.never_had(9, "2026-01-05T11:00:00Z", minutes[3])
    assert bookmark.never_had(10, "2026-01-05T11:00:00Z", minutes[3])


def test_earlier_keys_are_few_whatever_the_number_of_passes() -> None:
    bookmark = Bookmark()
    for day in range(100):
        start = MONDAY + timedelta(days=day)
        bookmark = bookmark.completed(Pass(None, start, Progress((day,))))
    assert len(bookmark.earlier_keys) == 24
    assert bookmark.earlier_keys[-1] == (MONDAY + timedelta(days=98), (98,))


def test_a_row_that_a_dropped_pass_may_have_read_is_not_taken_for_never_had() -> None:
    dropped = Bookmark(MONDAY, highest_key=(9,), current=UNDER_WAY).dropped()
    later = TUESDAY + timedelta(days=1)
    assert not dropped.never_had(10, "2026-01-06T12:00:00Z", later)
    assert dropped.never_had(10, "2026-01-06T11:59:59Z", later)


def test_without_a_highest_key_any_row_may_have_been_had() -> None:
    assert not Bookmark(MONDAY).never_had(10, "2020-01-01T00:00:00Z", TUESDAY)


def test_a_stream_without_state_begins_from_nothing() -> None:
    assert read({}) == Bookmark()


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
    assert read({"replication_key_value": text}) == Bookmark(value=MONDAY)


def test_a_day_written_by_hand_is_its_beginning_in_utc() -> None:
    assert read({"replication_key_value": "2026-01-05"}) == Bookmark(MONDAY.replace(hour=0))


def test_what_else_the_sdk_or_meltano_left_in_the_state_is_ignored() -> None:
    state = {"replication_key_value": "2026-01-05T12:00:00Z", "progress_markers": {"x": 1}}
    assert read(state | {"starting_replication_value": "2020"}) == Bookmark(value=MONDAY)


@pytest.mark.parametrize("started", [MONDAY, MONDAY - timedelta(seconds=1)])
def test_a_pass_that_did_not_start_after_the_bookmark_is_a_leftover(started: datetime) -> None:
    left = Pass(since=None, started=started, rows=3)
    assert read(Bookmark(MONDAY, current=left).to_state(None, KEY)) == Bookmark(MONDAY)


def test_a_pass_that_started_after_the_bookmark_goes_on() -> None:
    later = Pass(since=MONDAY, started=MONDAY + timedelta(seconds=1))
    assert read(Bookmark(MONDAY, current=later).to_state(None, KEY)).current == later


def test_a_pass_that_never_started_is_none() -> None:
    assert read({"pass": {"since": None, "started": None}}).current is None
    assert read({"pass": None}).current is None


@pytest.mark.parametrize("key", [("id",), ("uniquekey",), ("id", "transaction"), ()])
def test_positions_in_another_key_than_the_tables_are_dropped(key: tuple[str, ...]) -> None:
    bookmark = Bookmark(MONDAY, None, None, (9, 3), EARLIER, None, UNDER_WAY)
    state = bookmark.to_state(None, KEY)
    assert read(state, key) == Bookmark(MONDAY, unsettled_since=TUESDAY)


@pytest.mark.parametrize("left_out", ["key", "earlier_keys", "unsettled_since"])
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
        ({"earlier_keys": [[5, [1]]]}, "earlier_keys"),
        ({"earlier_keys": [["2026-01-05T12:00:00Z", 1]]}, "earlier_keys"),
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
    earlier_keys=st.lists(st.tuples(_INSTANTS, _POSITIONS), max_size=3).map(tuple),
    unsettled_since=st.none() | _INSTANTS,
    current=st.none() | _PASSES,
    is_versioned=st.booleans(),
)


@given(_BOOKMARKS)
def test_a_bookmark_comes_back_from_its_state_as_it_was(bookmark: Bookmark) -> None:
    back = read(bookmark.to_state("lastmodifieddate", KEY))
    current = bookmark.current
    if current and bookmark.value and current.started and current.started <= bookmark.value:
        current = None
    is_versioned = bookmark.is_versioned and current is not None
    assert back == replace(bookmark, current=current, is_versioned=is_versioned)


@pytest.mark.parametrize(
    "wrong",
    [
        {"replication_key_value": "0001-01-01T00:00:00+05:00"},
        {"replication_key_value": "9999-12-31T23:59:59-05:00"},
        {"unsettled_since": "0001-01-01T00:00:00Z"},
        {"earlier_keys": [["0001-01-01T00:00:00+05:00", [1]]]},
        {"pass": {"since": "0001-01-01T00:00:00Z", "started": "2026-01-01T00:00:00Z"}},
    ],
)
def test_an_instant_when_there_is_no_netsuite_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="when there is no NetSuite"):
        read_bookmark("transaction", wrong, ("id",))


def test_a_highest_key_longer_than_the_key_is_dropped() -> None:
    assert read({"key": ["id"], "highest_key": [1, 2]}, ("id",)).highest_key is None
