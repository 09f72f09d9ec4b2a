"""How little has to be asked to tell that nobody changed the account's customization since.

One request for all lists together, or one a list where NetSuite does not answer that: how many
entries each has, its highest id and its latest change, as far as the account shows these. They are
compared, never read, so what they look like does not matter. What no mark shows, such as a custom
list that was renamed, is found when a memory is too old.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec

from tap_netsuite_tba.discovery.words import named_column, named_table
from tap_netsuite_tba.errors import ValueMismatch
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import NetSuiteError, is_fault, is_refusal
from tap_netsuite_tba.netsuite.query import Fetch, Page, Query

# What NetSuite cannot do it may answer as a server's fault; after so many seconds of it the
# simplest question tells whether it is one.
_PATIENCE = 2.0

# Accounts differ in what they show. The time is the session's: it is only compared.
_MOMENT = "TO_CHAR({}, 'YYYY-MM-DD HH24:MI:SS')"
_LATEST = _MOMENT.format("MAX(t.lastmodifieddate)")
_NO_LATEST = "'-'"
_HIGHEST = ("MAX(t.internalid)", "MAX(t.id)", "0")
_LATEST_FIELD = re.compile(r"latest: (\d[-: \d]+), n: \d+, name: customfield$", re.MULTILINE)
_UNION = " UNION ALL "


@dataclass(frozen=True)
class Mark:
    """How one of NetSuite's lists, or some of them together, looked at an instant.

    Attributes:
        table: The list; of some, their names.
        question: The query that was answered; the simplest one if all were refused.
        answer: The rows; None if the role may not see the list.
    """

    table: str
    question: str
    answer: str | None


Marks = tuple[Mark, ...]


def _looks(table: str, highest: str, latest: str) -> str:
    shown = f"COUNT(*) AS n, {highest} AS highest, {latest} AS latest"
    return f"SELECT '{table}' AS name, {shown} FROM {table} t"  # noqa: S608 - our own names


def _questions(*tables: str) -> tuple[str, ...]:
    return tuple(
        _UNION.join(_looks(table, highest, latest) for table in tables)
        for latest in (_LATEST, _NO_LATEST)
        for highest in _HIGHEST
    )


# Best first. Where the account has no custom segments their list cannot be asked for; each segment
# is a custom record type besides.
_QUESTIONS = {
    "customfield": _questions("customfield"),
    "customrecordtype": _questions("customrecordtype"),
    "customlist": _questions("customlist", "customsegment") + _questions("customlist"),
}

# As clients have met them, fields alone show when they were changed.
_FIELDS = _looks("customfield", _HIGHEST[0], _LATEST)
_OTHERS = tuple(
    _looks(table, _HIGHEST[0], _NO_LATEST)
    for table in ("customrecordtype", "customlist", "customsegment")
)
_TOGETHER = (_UNION.join((_FIELDS, *_OTHERS)), _UNION.join((_FIELDS, *_OTHERS[:-1])))


def ask_marks(fetch: Fetch, workers: Workers) -> Marks:
    """How the account's customization looks now, as closely as the account shows it.

    Raises:
        ValueMismatch: An answer holds no rows.
        NetSuiteError: NetSuite could not be asked; a list that is refused has a mark, too.
    """
    together = _together(tuple(_QUESTIONS), _TOGETHER, fetch, workers)
    return (together,) if together else _joined(_ask(_QUESTIONS, fetch, workers), fetch, workers)


def ask_again(marks: Marks, fetch: Fetch, workers: Workers) -> Marks:
    """The same questions once more, each in one request.

    If one of them is not answered as it was, perhaps because the role sees more or less, it is
    found out anew what to ask.

    Raises:
        ValueMismatch: An answer holds no rows.
        NetSuiteError: NetSuite could not be asked.
    """
    questions = {
        mark.table: tuple(dict.fromkeys((mark.question, _simplest(mark.table)))) for mark in marks
    }
    again = _ask(questions, fetch, workers)
    if [_form(mark) for mark in again] == [_form(mark) for mark in marks]:
        return again
    return ask_marks(fetch, workers)


def edited_since(marks: Marks, fetch: Fetch) -> frozenset[str]:
    """The names of the columns of custom fields that were edited; none if nothing shows when.

    Raises:
        ValueMismatch: The answer holds no rows.
        NetSuiteError: NetSuite could not be asked.
    """
    latest = _LATEST_FIELD.search("\n".join(mark.answer or "" for mark in marks))
    if latest is None:
        return frozenset()
    edited = _MOMENT.format("t.lastmodifieddate")
    text = f"SELECT t.scriptid AS scriptid FROM customfield t WHERE {edited} > '{latest[1]}'"  # noqa: S608 - digits only
    try:
        page = fetch(Query(text, table="customfield"))
    except NetSuiteError as error:
        if not is_refusal(error):
            raise
        return frozenset()
    return frozenset(str(row.get("scriptid")).lower() for row in _rows("customfield", page))


def _joined(marks: Marks, fetch: Fetch, workers: Workers) -> Marks:
    """The marks of lists that were asked about one by one, in one where NetSuite answers that."""
    seen = [mark for mark in marks if mark.answer is not None]
    if len(seen) > 1:
        question = _UNION.join(mark.question for mark in seen)
        if together := _together([mark.table for mark in seen], (question,), fetch, workers):
            return (together, *(mark for mark in marks if mark.answer is None))
    return marks


def _together(
    tables: Sequence[str], questions: tuple[str, ...], fetch: Fetch, workers: Workers
) -> Mark | None:
    """The one mark of several lists; None if NetSuite answers none of the questions."""
    table = ", ".join(tables)
    [mark] = _ask({table: (*questions, _simplest(table))}, fetch, workers)
    return mark if mark.question in questions else None


def _simplest(table: str) -> str:
    """A question that NetSuite can answer about a list, or about the first of several."""
    return _looks(table.partition(",")[0], _HIGHEST[-1], _NO_LATEST)


def _form(mark: Mark) -> tuple[str, str, bool]:
    """What was asked, and whether the role may see it."""
    return mark.table, mark.question, mark.answer is None


def _ask(questions: Mapping[str, tuple[str, ...]], fetch: Fetch, workers: Workers) -> Marks:
    asked = [
        workers.submit(partial(_mark, table, texts, fetch)) for table, texts in questions.items()
    ]
    return tuple(answer.result() for answer in asked)


def _mark(table: str, questions: Sequence[str], fetch: Fetch) -> Mark:
    """The answer to the first question that NetSuite can answer, about all of its lists."""
    question, *simpler = questions
    try:
        page = _answer(table, questions, fetch)
    except NetSuiteError as error:
        if not is_refusal(error):
            raise
        left = _without_refused(simpler, error.detail)
        return _mark(table, left, fetch) if left else Mark(table, questions[-1], None)
    rows = _rows(table, page) if page else []
    if simpler and len(rows) <= question.count(_UNION):
        return _mark(table, simpler, fetch)
    return Mark(table, question, "\n".join(sorted(map(_text, rows))))


def _answer(table: str, questions: Sequence[str], fetch: Fetch) -> Page | None:
    """The answer to the first question; None if NetSuite fails at it, but not at the last one."""
    first, last = questions[0], questions[-1]
    if first == last:
        return fetch(Query(first, table=table))
    asked = Query(first, table=table, patience=_PATIENCE)
    try:
        return fetch(asked)
    except NetSuiteError as error:
        if not is_fault(error):
            raise
    fetch(Query(last, table=table))  # By it an outage is waited out.
    try:
        return fetch(asked)
    except NetSuiteError as error:
        if not is_fault(error):
            raise
        return None


def _without_refused(questions: Sequence[str], detail: str) -> list[str]:
    """The questions without the name that a refusal has, if it has one."""
    column = named_column(detail)
    if name := column.name if column else named_table(detail):
        return [text for text in questions if not re.search(rf"\b{re.escape(name)}\b", text)]
    return list(questions)


def _rows(table: str, page: Page) -> list[dict[str, Any]]:
    try:
        return msgspec.json.decode(page.items, type=list[dict[str, Any]])
    except msgspec.DecodeError as error:
        words = f"{table}: what NetSuite answers are no rows ({error}). Run again."
        raise ValueMismatch(words, table=table) from None


def _text(row: dict[str, Any]) -> str:
    return ", ".join(f"{name}: {row[name]}" for name in sorted(row) if name != "links")
