"""One request, or few, tell whether anybody changed the account's customization."""

import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from tap_netsuite_tba.discovery.marks import Mark, Marks, ask_again, ask_marks, edited_since
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
from tap_netsuite_tba.netsuite.query import Fetch, Page, Query

from .role import UNNAMED, Role, hidden_table, unknown_identifier, unknown_table

WORKERS = Workers(3)
CUSTOM_FIELDS: Mapping[str, str | int] = {
    "n": "37",
    "highest": 592,
    "latest": "2026-01-17 16:00:00",
}


@dataclass
class Lists:
    """An account that shows some columns of its lists, and how these look.

    Attributes:
        shown: For each list the columns that exist.
        looks: For each list the row that tells how it looks.
        named: Whether a refusal names what the account does not show.
        unions: Whether lists can be asked about together.
        queries: All that were asked.
    """

    shown: dict[str, set[str]]
    looks: dict[str, dict[str, str | int]] = field(default_factory=dict)
    named: bool = True
    unions: bool = True
    queries: list[Query] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fetch(self, query: Query) -> Page:
        with self._lock:
            self.queries.append(query)
        rows = []
        parts = query.text.split(" UNION ALL ")
        if len(parts) > 1 and not self.unions:
            raise QueryRefused(UNNAMED, table=query.table)
        for part in parts:
            [table] = re.findall(r" FROM (\w+) t$", part)
            if table not in self.shown:
                raise self._refusal(hidden_table(table.upper()), table)
            for column in re.findall(r"\bt\.(\w+)", part):
                if column not in self.shown[table]:
                    raise self._refusal(unknown_identifier(column), table)
            names = re.findall(r"\) AS (\w+)", part)
            literals = {name: text for text, name in re.findall(r"'?([-\w]+)'? AS (\w+)", part)}
            rows.append({"links": [], **literals} | self._look(table, names))
        rows.reverse()  # Nothing promises an order.
        return Page(json.dumps(rows).encode(), len(rows), False, None, datetime.now(UTC))  # noqa: FBT003 - no more rows

    def _look(self, table: str, names: list[str]) -> dict[str, str | int]:
        look = self.looks.get(table, {"n": "0"})
        return {name: look[name] for name in names if name in look}

    def _refusal(self, detail: str, table: str) -> NetSuiteError:
        return QueryRefused(detail if self.named else UNNAMED, table=table)


def account(*, named: bool = True) -> Lists:
    """An account that shows other columns of its lists than most do."""
    shown = {
        "customfield": {"id", "internalid", "lastmodifieddate"},
        "customrecordtype": {"internalid"},
        "customlist": {"id"},
        "customsegment": {"id"},
    }
    looks: dict[str, dict[str, str | int]] = {
        "customfield": dict(CUSTOM_FIELDS),
        "customrecordtype": {"n": "4", "highest": "131"},
        "customlist": {"n": "3", "highest": "43"},
        "customsegment": {"n": "1", "highest": "1"},
    }
    return Lists(shown, looks, named)


def usual_account() -> Lists:
    """An account that shows what clients have met."""
    lists = account()
    lists.shown = {name: {"internalid"} for name in lists.shown}
    lists.shown["customfield"].add("lastmodifieddate")
    return lists


FIELDS = "highest: 592, latest: 2026-01-17 16:00:00, n: 37, name: customfield"
TYPES = "highest: 131, latest: -, n: 4, name: customrecordtype"
LISTS = "highest: 43, latest: -, n: 3, name: customlist"
SEGMENTS = "highest: 1, latest: -, n: 1, name: customsegment"
ALL = [SEGMENTS, TYPES, LISTS, FIELDS]


def answers_of(marks: Marks) -> list[list[str]]:
    """The rows of each mark."""
    return [(mark.answer or "").splitlines() for mark in marks]


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


def fault() -> NetSuiteError:
    words = "An unexpected error occurred."
    return RetriesExhausted(ServerFault(words, status=500, code="UNEXPECTED_ERROR"), seconds=2)


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
