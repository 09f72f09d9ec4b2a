"""How little has to be asked to tell that nobody changed the account's customization since.

Three requests at once, one a list: how many entries it has, its highest id and its latest change,
as far as the account shows these. They are compared, never read, so what they look like does not
matter. What no mark shows, such as a custom list that was renamed, is found when a memory is too
old.
"""

import re
from collections.abc import Sequence
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
_LATEST = f", {_MOMENT.format('MAX(t.lastmodifieddate)')} AS latest"
_LATEST_SHOWN = re.compile(r"latest: ([-: \d]+)")
_HIGHEST = (", MAX(t.internalid) AS highest", ", MAX(t.id) AS highest", "")
_SHOWN = tuple(highest + latest for latest in (_LATEST, "") for highest in _HIGHEST)


@dataclass(frozen=True)
class Mark:
    """How a list of NetSuite's looked at an instant.

    Attributes:
        table: The list.
        question: The query that was answered; the simplest one if all were refused.
        answer: The rows; None if the role may not see the list.
    """

    table: str
    question: str
    answer: str | None


Marks = tuple[Mark, ...]


def _count(table: str, shown: str) -> str:
    return f"SELECT '{table}' AS name, COUNT(*) AS n{shown} FROM {table} t"  # noqa: S608 - our own names


def _questions(*tables: str) -> tuple[str, ...]:
    return tuple(" UNION ALL ".join(_count(table, shown) for table in tables) for shown in _SHOWN)


# Best first. Where the account has no custom segments their list cannot be asked for; each segment
# is a custom record type besides.
_QUESTIONS = {
    "customfield": _questions("customfield"),
    "customrecordtype": _questions("customrecordtype"),
    "customlist": _questions("customlist", "customsegment") + _questions("customlist"),
}


def ask_marks(fetch: Fetch, workers: Workers) -> Marks:
    """How the account's customization looks now, as closely as the account shows it.

    Raises:
        ValueMismatch: An answer holds no rows.
        NetSuiteError: NetSuite could not be asked; a list that is refused has a mark, too.
    """
    return _ask(_QUESTIONS, fetch, workers)


def ask_again(marks: Marks, fetch: Fetch, workers: Workers) -> Marks:
    """The same questions once more, each in one request.

    Raises:
        ValueMismatch: An answer holds no rows.
        NetSuiteError: NetSuite could not be asked.
    """
    return _ask({mark.table: (mark.question,) for mark in marks}, fetch, workers)


def edited_since(marks: Marks, fetch: Fetch) -> frozenset[str]:
    """The names of the columns of custom fields that were edited; none if nothing shows when.

    Raises:
        ValueMismatch: The answer holds no rows.
        NetSuiteError: NetSuite could not be asked.
    """
    answers = [mark.answer or "" for mark in marks if mark.table == "customfield"]
    latest = _LATEST_SHOWN.search("".join(answers))
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


def _ask(questions: dict[str, tuple[str, ...]], fetch: Fetch, workers: Workers) -> Marks:
    asked = [
        workers.submit(partial(_mark, table, texts, fetch)) for table, texts in questions.items()
    ]
    return tuple(answer.result() for answer in asked)


def _mark(table: str, questions: Sequence[str], fetch: Fetch) -> Mark:
    """The answer to the first question that NetSuite can answer."""
    question, *simpler = questions
    try:
        page = _answer(table, questions, fetch)
    except NetSuiteError as error:
        if not is_refusal(error):
            raise
        left = _without_refused(simpler, error.detail)
        return _mark(table, left, fetch) if left else Mark(table, questions[-1], None)
    if page is None:
        return _mark(table, simpler, fetch)
    return Mark(table, question, "\n".join(sorted(map(_text, _rows(table, page)))))


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
