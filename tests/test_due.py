"""Which pass is due: what a bookmark, the settings and the catalog make of each other."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tap_netsuite_tba.bookmarks import Bookmark, format_instant, read_bookmark
from tap_netsuite_tba.due import Terms, check_shrink, due_bookmark, due_pass, lower_bound
from tap_netsuite_tba.errors import CountMismatch
from tap_netsuite_tba.extraction.passes import Pass
from tap_netsuite_tba.extraction.ranges import Progress
from tap_netsuite_tba.netsuite.suiteql import Since
from tap_netsuite_tba.tables import Table

MONDAY = datetime(2026, 1, 5, 12, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
HOUR = timedelta(hours=1)
INCREMENTAL = Terms(is_incremental=True, is_versioned=False, start_date=None, lookback=HOUR)
TABLE = Table("transaction", ("id",), ())
FULL = replace(INCREMENTAL, is_incremental=False, is_versioned=True)
FIRST_LOAD = Pass(None, TUESDAY, Progress((4,)), rows=4)
CHANGES = Pass(MONDAY, TUESDAY, Progress((4,)), rows=4)


def due(bookmark: Bookmark, terms: Terms) -> Bookmark:
    """The bookmark to go on from, where there is nothing to say."""
    found, said = due_bookmark("transaction", bookmark, terms)
    assert said == []
    return found


@pytest.mark.parametrize("start_date", [None, MONDAY])
def test_a_first_load_reads_all_since_the_start_date(start_date: datetime | None) -> None:
    terms = replace(INCREMENTAL, start_date=start_date)
    assert due_pass(due(Bookmark(), terms), terms) == Pass(start_date)


def test_a_later_pass_reads_since_the_bookmark() -> None:
    assert due_pass(due(Bookmark(MONDAY), INCREMENTAL), INCREMENTAL) == Pass(MONDAY)


def test_a_full_table_reads_all_whatever_bookmark_and_start_date_say() -> None:
    terms = replace(FULL, start_date=MONDAY)
    assert due_pass(due(Bookmark(MONDAY), terms), terms) == Pass(None)


@pytest.mark.parametrize(
    ("bookmark", "terms"),
    [
        (Bookmark(current=FIRST_LOAD), INCREMENTAL),
        (Bookmark(MONDAY, current=CHANGES), INCREMENTAL),
        (Bookmark(MONDAY, current=FIRST_LOAD, is_versioned=True), FULL),
        (Bookmark(MONDAY, current=FIRST_LOAD), replace(FULL, is_versioned=False)),
    ],
)
def test_a_pass_under_way_goes_on(bookmark: Bookmark, terms: Terms) -> None:
    assert due_pass(due(bookmark, terms), terms) == bookmark.current


def test_a_full_table_that_is_now_read_incrementally_finishes_its_pass() -> None:
    bookmark = Bookmark(MONDAY, current=FIRST_LOAD)
    assert due_pass(due(bookmark, INCREMENTAL), INCREMENTAL) == FIRST_LOAD


@pytest.mark.parametrize(
    ("bookmark", "terms"),
    [
        (Bookmark(MONDAY, current=CHANGES), FULL),  # All rows are wanted, and not only changes.
        (Bookmark(MONDAY, current=CHANGES), replace(FULL, is_versioned=False)),
        # Rows without version would be deleted, or those with one seem to be newer.
        (Bookmark(current=FIRST_LOAD), FULL),
        (Bookmark(current=FIRST_LOAD, is_versioned=True), INCREMENTAL),
        (Bookmark(current=FIRST_LOAD, is_versioned=True), replace(FULL, is_versioned=False)),
    ],
)
def test_a_pass_of_another_method_is_given_up(bookmark: Bookmark, terms: Terms) -> None:
    found, [said] = due_bookmark("transaction", bookmark, terms)
    assert "transaction begins anew" in said
    assert found.current is None
    assert found.unsettled_since == TUESDAY
    assert found.is_versioned is terms.is_versioned


def test_a_changed_start_date_begins_a_first_load_anew() -> None:
    bookmark = Bookmark(start_date=format_instant(MONDAY), current=replace(CHANGES, rows=2))
    terms = replace(INCREMENTAL, start_date=TUESDAY)
    found, [said] = due_bookmark("transaction", bookmark, terms)
    assert "start_date is now 2026-01-06T12:00:00Z and was 2026-01-05T12:00:00Z" in said
    assert due_pass(found, terms) == Pass(TUESDAY)
    assert (found.start_date, found.unsettled_since) == ("2026-01-06T12:00:00Z", TUESDAY)


def test_a_bookmark_beats_a_changed_start_date_which_is_said() -> None:
    bookmark = Bookmark(TUESDAY, start_date=format_instant(MONDAY))
    terms = replace(INCREMENTAL, start_date=MONDAY - HOUR)
    found, [said] = due_bookmark("transaction", bookmark, terms)
    assert "a changed start_date (now 2026-01-05T11:00:00Z) counts only after" in said
    assert found == bookmark


def test_a_state_written_by_hand_takes_the_start_date_without_a_word() -> None:
    terms = replace(INCREMENTAL, start_date=MONDAY)
    by_hand = {"replication_key_value": format_instant(TUESDAY)}
    found = due(read_bookmark("transaction", by_hand, ("id",)), terms)
    assert found.start_date == format_instant(MONDAY)
    assert due(found, terms) == found


@pytest.mark.parametrize("value", [None, MONDAY - HOUR])
def test_a_bookmark_that_was_set_back_by_hand_wins_over_the_pass_under_way(
    value: datetime | None,
) -> None:
    bookmark = Bookmark(value, current=CHANGES)
    found, [said] = due_bookmark("transaction", bookmark, INCREMENTAL)
    assert said == "transaction begins anew: its bookmark was set back."
    assert due_pass(found, INCREMENTAL) == Pass(value)
    assert found.unsettled_since == TUESDAY


def test_a_pass_that_reads_all_that_is_asked_for_goes_on_whatever_the_bookmark() -> None:
    later = Bookmark(MONDAY + HOUR, current=CHANGES)
    assert due(later, INCREMENTAL).current == CHANGES
    everything = Bookmark(MONDAY - HOUR, current=FIRST_LOAD)
    assert due(everything, INCREMENTAL).current == FIRST_LOAD


def test_a_start_date_within_a_second_does_not_begin_a_first_load_anew() -> None:
    terms = replace(INCREMENTAL, start_date=MONDAY + timedelta(milliseconds=500))
    bookmark = due(Bookmark(), terms)
    under_way = replace(due_pass(bookmark, terms), started=TUESDAY)
    state = bookmark.going_on(under_way).to_state("lastmodifieddate", ("id",))
    assert due(read_bookmark("transaction", state, ("id",)), terms).current is not None


def test_a_full_table_does_not_mind_a_changed_start_date() -> None:
    bookmark = Bookmark(current=FIRST_LOAD, is_versioned=True)
    terms = replace(FULL, start_date=MONDAY)
    assert due(bookmark, terms).current == FIRST_LOAD


def test_a_bookmark_in_the_future_is_said() -> None:
    far = Bookmark(datetime.now(UTC) + timedelta(days=400))
    _, [said] = due_bookmark("transaction", far, INCREMENTAL)
    assert "lies in the future" in said


def test_looking_back_is_for_reading_only() -> None:
    bookmark = Bookmark(TUESDAY, highest_key=(9,))
    current = due_pass(bookmark, INCREMENTAL)
    assert current.since == TUESDAY
    assert lower_bound(bookmark, current, INCREMENTAL) == Since(TUESDAY - HOUR, (9,))


def test_a_start_date_is_taken_at_its_word() -> None:
    assert lower_bound(Bookmark(), Pass(MONDAY), INCREMENTAL) == Since(MONDAY)


def test_a_pass_over_all_rows_has_no_bound() -> None:
    assert lower_bound(Bookmark(MONDAY), Pass(None), FULL) is None


@pytest.mark.parametrize(
    ("count", "since", "rows"),
    [(100, None, 50), (None, None, 0), (0, None, 0), (100, MONDAY, 3)],
)
def test_what_may_be_so_is_no_shrink(count: int | None, since: datetime | None, rows: int) -> None:
    check_shrink(TABLE, Bookmark(MONDAY, count=count), Pass(since, TUESDAY, rows=rows))


def test_a_table_with_less_than_half_of_its_rows_is_not_believed() -> None:
    with pytest.raises(
        CountMismatch, match=r"49 rows of transaction .* 100 the last .*A table that shrank"
    ):
        check_shrink(TABLE, Bookmark(MONDAY, count=100), Pass(None, TUESDAY, rows=49))


def test_a_query_that_finds_less_than_half_of_its_rows_is_only_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    query = replace(TABLE, name="due", source="(SELECT id FROM transaction)")
    check_shrink(query, Bookmark(MONDAY, count=100), Pass(None, TUESDAY, rows=49))
    assert "The query due finds 49 rows, and found 100 the last time." in caplog.text
