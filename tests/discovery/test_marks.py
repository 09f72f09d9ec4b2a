"""One request, or few, tell whether anybody changed the account's customization."""

import threading
from dataclasses import replace

import pytest

from tap_netsuite_tba.discovery.marks import ask_again, ask_marks, edited_since
from tap_netsuite_tba.errors import ValueMismatch
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import (
    ConcurrencyLimitExceeded,
    LoginRefused,
    NetSuiteError,
    PermissionDenied,
    QueryRefused,
    RetriesExhausted,
    ServerFault,
)
from tap_netsuite_tba.netsuite.query import Page, Query

from .listed import (
    ALL,
    FIELDS,
    LISTS,
    SEGMENTS,
    TYPES,
    WORKERS,
    account,
    answers_of,
    fault,
)
from .role import Role, unknown_table


@pytest.mark.parametrize("named", [True, False])
def test_the_marks_are_as_close_as_the_account_shows(named: bool) -> None:  # noqa: FBT001 - a case
    assert answers_of(ask_marks(account(named=named).fetch, WORKERS)) == [ALL]


@pytest.mark.parametrize("named", [True, False])
def test_what_was_answered_is_asked_again_in_one_request(named: bool) -> None:  # noqa: FBT001 - a case
    lists = account(named=named)
    marks = ask_marks(lists.fetch, WORKERS)
    lists.queries.clear()
    assert ask_again(marks, lists.fetch, WORKERS) == marks
    assert len(lists.queries) == 1


@pytest.mark.parametrize(
    ("table", "name", "value"),
    [
        ("customfield", "n", "36"),
        ("customfield", "latest", "2026-02-01 09:00:00"),
        ("customrecordtype", "highest", "132"),
        ("customlist", "n", "4"),
        ("customsegment", "n", "0"),
    ],
)
def test_any_change_changes_the_marks(table: str, name: str, value: str) -> None:
    lists = account()
    marks = ask_marks(lists.fetch, WORKERS)
    lists.looks[table][name] = value
    assert ask_again(marks, lists.fetch, WORKERS) != marks


@pytest.mark.parametrize("table", ["customfield", "customrecordtype", "customlist"])
@pytest.mark.parametrize("named", [True, False])
def test_a_hidden_list_has_a_mark_that_a_permission_changes(table: str, named: bool) -> None:  # noqa: FBT001 - a case
    lists = account(named=named)
    shown = lists.shown.pop(table)
    marks = ask_marks(lists.fetch, WORKERS)
    assert [mark.table for mark in marks if mark.answer is None] == [table]
    lists.queries.clear()
    assert ask_again(marks, lists.fetch, WORKERS) == marks
    assert len(lists.queries) == 2
    lists.shown[table] = shown
    assert ask_again(marks, lists.fetch, WORKERS) != marks


def test_without_custom_segments_the_other_lists_are_asked_about() -> None:
    lists = account()
    del lists.shown["customsegment"]
    assert answers_of(ask_marks(lists.fetch, WORKERS)) == [[TYPES, LISTS, FIELDS]]


def test_a_table_that_no_account_knows_is_asked_for_alone_once() -> None:
    def fetch(query: Query) -> Page:
        asked.append(query)
        raise QueryRefused(unknown_table((query.table or "").title()), table=query.table)

    asked: list[Query] = []
    assert [mark.answer for mark in ask_marks(fetch, WORKERS)] == [None, None, None]
    assert [query.table for query in asked].count("customfield") == 1


@pytest.mark.parametrize(
    "error",
    [
        RetriesExhausted(ConcurrencyLimitExceeded("busy"), seconds=900),
        RetriesExhausted(ServerFault("down", status=503), seconds=900),
        LoginRefused("Invalid login attempt."),
    ],
)
def test_trouble_is_no_mark(error: NetSuiteError) -> None:
    def fetch(query: Query) -> Page:
        if "customlist" in str(query.table):
            raise error
        return lists.fetch(query)

    lists = account()
    marks = ask_marks(lists.fetch, WORKERS)
    with pytest.raises(type(error)):
        ask_marks(fetch, WORKERS)
    with pytest.raises(type(error)):
        ask_again(marks, fetch, WORKERS)


def test_a_question_that_always_fails_is_put_more_simply() -> None:
    def fetch(query: Query) -> Page:
        if "lastmodifieddate" in query.text:
            raise fault()
        return lists.fetch(query)

    lists = account()
    fields = "highest: 592, latest: -, n: 37, name: customfield"
    assert answers_of(ask_marks(fetch, WORKERS)) == [[SEGMENTS, TYPES, LISTS, fields]]


def test_a_fault_that_passes_leaves_the_marks_as_close_as_ever() -> None:
    def fetch(query: Query) -> Page:
        if not is_over.is_set() and query.patience is not None:
            raise fault()
        is_over.set()  # A query without a patience of its own waits for that.
        return lists.fetch(query)

    lists, is_over = account(), threading.Event()
    assert ask_marks(fetch, Workers(1)) == ask_marks(lists.fetch, WORKERS)


def test_the_fields_that_were_edited_since_are_those_behind_the_latest_mark() -> None:
    role = Role(rows={"customfield": [{"scriptid": "CUSTITEM_SIZE"}]})
    marks = ask_marks(account().fetch, WORKERS)
    assert edited_since(marks, role.fetch) == {"custitem_size"}
    [query] = role.queries
    assert query.text.endswith(
        "WHERE TO_CHAR(t.lastmodifieddate, 'YYYY-MM-DD HH24:MI:SS') > '2026-01-17 16:00:00'"
    )
    assert not edited_since(marks, Role(hidden=frozenset({"customfield"})).fetch)


def test_without_a_latest_mark_no_field_is_known_to_be_edited() -> None:
    lists = account()
    lists.shown["customfield"].remove("lastmodifieddate")
    marks = ask_marks(lists.fetch, WORKERS)
    role = Role(rows={"customfield": [{"scriptid": "CUSTITEM_SIZE"}]})
    assert not edited_since(marks, role.fetch)
    assert not role.queries


@pytest.mark.parametrize("content", [b"[1]", b'{"n": "1"}', b"[{", b"null"])
def test_an_answer_without_rows_is_no_mark(content: bytes) -> None:
    def fetch(query: Query) -> Page:
        return replace(lists.fetch(query), items=content)

    lists = account()
    with pytest.raises(ValueMismatch, match=r"customfield.*: what NetSuite answers"):
        ask_marks(fetch, WORKERS)


def test_a_role_that_may_do_nothing_has_marks() -> None:
    def fetch(query: Query) -> Page:
        raise PermissionDenied("no", status=403, table=query.table)

    assert {mark.answer for mark in ask_marks(fetch, WORKERS)} == {None}
