"""One question about all lists, where an account answers that."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tap_netsuite_tba.discovery.marks import Mark, ask_again, ask_marks
from tap_netsuite_tba.netsuite.query import Fetch, Page, Query

from .listed import (
    ALL,
    FIELDS,
    LISTS,
    TYPES,
    WORKERS,
    Lists,
    answers_of,
    fault,
    usual_account,
)


@pytest.mark.parametrize("has_segments", [True, False])
def test_the_marks_of_most_accounts_cost_a_request_and_one_more_without_segments(
    has_segments: bool,  # noqa: FBT001 - a case
) -> None:
    lists = usual_account()
    if not has_segments:
        del lists.shown["customsegment"]
    marks = ask_marks(lists.fetch, WORKERS)
    assert answers_of(marks) == [ALL if has_segments else ALL[1:]]
    assert len(lists.queries) == (1 if has_segments else 2)


def without_unions(lists: Lists) -> Callable[[Query], Page]:
    lists.unions = False
    return lists.fetch


def with_half_of_unions(lists: Lists) -> Callable[[Query], Page]:
    def fetch(query: Query) -> Page:
        return lists.fetch(replace(query, text=query.text.split(" UNION ALL ")[0]))

    return fetch


def with_faults_of_unions(lists: Lists) -> Callable[[Query], Page]:
    def fetch(query: Query) -> Page:
        if " UNION ALL " in query.text:
            raise fault()
        return lists.fetch(query)

    return fetch


@pytest.mark.parametrize("answering", [without_unions, with_half_of_unions, with_faults_of_unions])
def test_where_lists_cannot_be_asked_about_together_each_is_alone(
    answering: Callable[[Lists], Fetch],
) -> None:
    lists = usual_account()
    fetch = answering(lists)
    marks = ask_marks(fetch, WORKERS)
    assert answers_of(marks) == [[FIELDS], [TYPES], [LISTS]]
    lists.queries.clear()
    assert ask_again(marks, fetch, WORKERS) == marks
    assert len(lists.queries) == 3


@pytest.mark.parametrize("answering", [without_unions, with_half_of_unions, with_faults_of_unions])
def test_lists_that_can_no_longer_be_asked_about_together_are_asked_about_alone(
    answering: Callable[[Lists], Fetch],
) -> None:
    lists = usual_account()
    marks = ask_marks(lists.fetch, WORKERS)
    fetch = answering(lists)
    assert answers_of(ask_again(marks, fetch, WORKERS)) == [[FIELDS], [TYPES], [LISTS]]


def test_a_list_that_the_role_no_longer_sees_does_not_hide_the_others() -> None:
    lists = usual_account()
    marks = ask_marks(lists.fetch, WORKERS)
    del lists.shown["customlist"]
    now = ask_again(marks, lists.fetch, WORKERS)
    assert answers_of(now) == [[TYPES, FIELDS], []]
    lists.looks["customfield"]["n"] = "38"
    assert ask_again(now, lists.fetch, WORKERS) != now


def test_marks_of_lists_that_were_asked_about_one_by_one_are_asked_again_so() -> None:
    lists = usual_account()
    marks = tuple(
        Mark(name, f"SELECT '{name}' AS name, COUNT(*) AS n FROM {name} t", answer)  # noqa: S608 - a test's own
        for name, answer in (
            ("customfield", "n: 37, name: customfield"),
            ("customrecordtype", "n: 4, name: customrecordtype"),
            ("customlist", "n: 3, name: customlist"),
        )
    )
    assert ask_again(marks, lists.fetch, WORKERS) == marks
    assert len(lists.queries) == 3
