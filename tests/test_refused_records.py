"""Why records are refused, and when they are too many."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from tap_netsuite_tba.errors import MostRefused
from tap_netsuite_tba.extraction.documents import Unread
from tap_netsuite_tba.extraction.passes import Pass
from tap_netsuite_tba.refused_records import Refusals, check_refused, listed, refusal_of

MONDAY = datetime(2026, 1, 5, 12, tzinfo=UTC)


def unread(status: int | None, code: str | None, detail: str = "No.") -> Unread:
    return Unread(7, status, code, detail, MONDAY)


FORBIDDEN = unread(403, "INSUFFICIENT_PERMISSION")
LOCKED = unread(400, "USER_ERROR", "This record has been Locked by a user defined workflow.")


def refusals(each: Unread, count: int) -> Refusals:
    return Counter({refusal_of(each): count})


@pytest.mark.parametrize(
    ("each", "key"),
    [
        (LOCKED, "unread_locked"),
        (FORBIDDEN, "unread_forbidden"),
        (
            unread(400, "USER_ERROR", "You do not have permissions to view this."),
            "unread_forbidden",
        ),
        (
            unread(400, "USER_ERROR", "For security reasons, only an administrator is allowed …"),
            "unread_administrator",
        ),
        (unread(400, "INVALID_HEADER", "The language is not valid."), "unread_language"),
        (unread(405, "INVALID_METHOD"), "unread_unlistable"),
        (unread(404, "NONEXISTENT_ID", "Record does not exist."), "unread_gone"),
        (unread(400, "USER_ERROR", "Transaction type specified is incorrect."), "unread_gone"),
        (unread(500, "UNEXPECTED_ERROR"), "unread_fails"),
        (unread(None, None, "It took too long."), "unread_fails"),
        (unread(200, None, "the pages of item contradict each other: row 3"), "unread_cut"),
        (unread(200, None, "has 1 rows of 3, and nothing says where the rest is"), "unread_cut"),
        (unread(200, None, "12 bytes of text/html titled 'Permission'"), "unread_gateway"),
        (unread(204, None, "0 bytes of no content type"), "unread_gateway"),
        (unread(302, None, "a redirect, which is not followed"), "unread_gateway"),
        (unread(404, None, "12 bytes of text/html"), "unread_gateway"),
        (unread(400, "USER_ERROR", "Please enter a value."), "unread_refused"),
    ],
)
def test_the_cause_is_told_by_status_code_and_words(each: Unread, key: str) -> None:
    assert refusal_of(each).cause.key == key


def test_alike_are_those_of_one_status_code_and_cause() -> None:
    other = unread(400, "USER_ERROR", "It is locked. Error ID 17")
    assert refusal_of(LOCKED) == refusal_of(other)
    assert refusal_of(LOCKED) != refusal_of(FORBIDDEN)


def test_the_most_frequent_are_said_first() -> None:
    said = listed(Counter({refusal_of(LOCKED): 2, refusal_of(unread(None, None)): 1_700}))
    assert said.startswith("1,700: no answer. NetSuite itself fails")
    assert "2: 400 USER_ERROR. The record is locked" in said


@pytest.mark.parametrize(
    ("since", "rows", "refused"), [(None, 1, 1), (None, 21, 11), (MONDAY, 39, 20)]
)
def test_more_than_half_fail_a_stream(since: datetime | None, rows: int, refused: int) -> None:
    done = Pass(since, MONDAY, rows=rows, unread=refused)
    with pytest.raises(MostRefused, match=f"{refused} of {rows} records .* workflow"):
        check_refused("record_x", done, refusals(LOCKED, refused), is_over=True)


@pytest.mark.parametrize(
    ("since", "rows", "refused"), [(None, 0, 0), (None, 20, 10), (MONDAY, 19, 19), (MONDAY, 40, 20)]
)
def test_half_or_a_few_changed_ones_do_not(since: datetime | None, rows: int, refused: int) -> None:
    done = Pass(since, MONDAY, rows=rows, unread=refused)
    check_refused("record_x", done, refusals(LOCKED, refused), is_over=True)


def test_a_type_whose_first_records_are_all_forbidden_is_not_read_to_its_end() -> None:
    done = Pass(MONDAY, MONDAY, rows=100, unread=100)
    with pytest.raises(MostRefused, match="100 of 100"):
        check_refused("record_x", done, refusals(FORBIDDEN, 100), is_over=False)


@pytest.mark.parametrize(
    ("rows", "refused", "each"), [(99, 99, FORBIDDEN), (101, 100, FORBIDDEN), (100, 100, LOCKED)]
)
def test_others_are(rows: int, refused: int, each: Unread) -> None:
    done = Pass(None, MONDAY, rows=rows, unread=refused)
    check_refused("record_x", done, refusals(each, refused), is_over=False)


def test_what_an_earlier_run_was_refused_ends_none_before_it_asks() -> None:
    done = Pass(None, MONDAY, rows=150, unread=150)
    check_refused("record_x", done, Counter(), is_over=False)
