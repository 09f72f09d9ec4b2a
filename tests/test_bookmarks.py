"""The state of a stream: what is written, and what can be read back."""

import json
from collections.abc import Mapping
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
UNDER_WAY = Pass(
    since=MONDAY,
    started=TUESDAY,
    progress=Progress((4, 2), (Range((6, 1), (8,)), Range((9,), (9, 3)))),
    rows=4,
    counted=9,
)


def read(state: Mapping[str, Any], key_width: int = 2) -> Bookmark:
    """The state as it comes back from JSON."""
    return read_bookmark("transaction", json.loads(json.dumps(state)), key_width)


def test_the_state_of_a_pass_under_way_has_the_documented_shape() -> None:
    bookmark = Bookmark(MONDAY, "2020-01-01", 5, (9, 3), UNDER_WAY)
    assert json.loads(json.dumps(bookmark.to_state("lastmodifieddate"))) == {
        "replication_key": "lastmodifieddate",
        "replication_key_value": "2026-01-05T12:00:00Z",
        "start_date": "2020-01-01",
        "count": 5,
        "highest_key": [9, 3],
        "pass": {
            "since": "2026-01-05T12:00:00Z",
            "started": "2026-01-06T12:00:00Z",
            "after_key": [4, 2],
            "beyond": [[[6, 1], [8]], [[9], [9, 3]]],
            "rows": 4,
            "fresh": 0,
            "counted": 9,
        },
    }


@pytest.mark.parametrize("bookmark", [Bookmark(), Bookmark(MONDAY), Bookmark(current=UNDER_WAY)])
def test_no_key_is_ever_left_out(bookmark: Bookmark) -> None:
    assert list(bookmark.to_state(None)) == [
        "replication_key",
        "replication_key_value",
        "start_date",
        "count",
        "highest_key",
        "pass",
    ]


def test_a_completed_pass_becomes_the_bookmark() -> None:
    before = Bookmark(MONDAY, "2020-01-01", 3, (7,), UNDER_WAY)
    assert before.completed(UNDER_WAY) == Bookmark(TUESDAY, "2020-01-01", 4, (9, 3), None)


def test_the_highest_key_never_falls() -> None:
    before = Bookmark(MONDAY, None, 3, (99, 1), UNDER_WAY)
    assert before.completed(UNDER_WAY).highest_key == (99, 1)


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


def test_what_else_the_sdk_or_meltano_left_in_the_state_is_ignored() -> None:
    state = {"replication_key_value": "2026-01-05T12:00:00Z", "progress_markers": {"x": 1}}
    assert read(state | {"starting_replication_value": "2020"}) == Bookmark(value=MONDAY)


@pytest.mark.parametrize("started", [MONDAY, MONDAY - timedelta(seconds=1)])
def test_a_pass_that_did_not_start_after_the_bookmark_is_a_leftover(started: datetime) -> None:
    left = Pass(since=None, started=started, rows=3)
    assert read(Bookmark(value=MONDAY, current=left).to_state(None)).current is None


def test_a_pass_that_started_after_the_bookmark_goes_on() -> None:
    later = Pass(since=MONDAY, started=MONDAY + timedelta(seconds=1))
    assert read(Bookmark(value=MONDAY, current=later).to_state(None)).current == later


def test_a_pass_that_never_started_is_none() -> None:
    assert read({"pass": {"since": None, "started": None}}).current is None
    assert read({"pass": None}).current is None


def test_a_pass_over_a_longer_key_than_the_table_has_is_a_leftover() -> None:
    state = Bookmark(current=UNDER_WAY).to_state(None)
    assert read(state, key_width=2).current == UNDER_WAY
    assert read(state, key_width=1).current is None


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
    counted=st.none() | st.integers(0, 10**9),
)
_BOOKMARKS = st.builds(
    Bookmark,
    value=st.none() | _INSTANTS,
    start_date=st.none() | st.text(st.characters(exclude_categories=["Cs"])),
    count=st.none() | st.integers(0, 10**9),
    highest_key=st.none() | _POSITIONS,
    current=st.none() | _PASSES,
)


@given(_BOOKMARKS)
def test_a_bookmark_comes_back_from_its_state_as_it_was(bookmark: Bookmark) -> None:
    back = read(bookmark.to_state("lastmodifieddate"))
    current = bookmark.current
    if current and bookmark.value and current.started and current.started <= bookmark.value:
        assert back == Bookmark(
            bookmark.value, bookmark.start_date, bookmark.count, bookmark.highest_key
        )
    else:
        assert back == bookmark


@pytest.mark.parametrize(
    "wrong",
    [
        {"replication_key_value": "0001-01-01T00:00:00+05:00"},
        {"replication_key_value": "9999-12-31T23:59:59-05:00"},
        {"pass": {"since": "0001-01-01T00:00:00Z", "started": "2026-01-01T00:00:00Z"}},
    ],
)
def test_an_instant_when_there_is_no_netsuite_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="when there is no NetSuite"):
        read_bookmark("transaction", wrong, 1)


def test_a_highest_key_of_another_width_is_dropped() -> None:
    assert read_bookmark("transaction", {"highest_key": [1, 2]}, 1).highest_key is None
