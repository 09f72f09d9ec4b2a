"""Collections of the record service: what one is, and how the rest of a long one is read.

Each page is told apart from those before, so that a service that gives the same page for ever, or
counts wrongly, is asked no more than there are pages.
"""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tap_netsuite_tba.netsuite.errors import (
    LoginRefused,
    MalformedResponse,
    NotFound,
    RequestRefused,
)
from tap_netsuite_tba.netsuite.query import PAGE_ROWS, Document

LINKS, ITEMS, TOTAL = "links", "items", "totalResults"
_SHAPE = {LINKS, ITEMS, TOTAL, "count", "hasMore", "offset"}
"""What collections have; a record has more, such as an id."""
_OK = 200
_MOST_PAGES = 1_000
"""No record has a million rows: pages that go on behind that have no end."""
_ANEW = {"limit": str(PAGE_ROWS), "offset": "0"}

AskPage = Callable[[dict[str, str]], Document]
"""Gets the page of a collection that a query names."""


def is_cut(page: Document, known: int) -> bool:
    """Whether it is a collection that says that it has more rows than so many that are known."""
    is_collection = isinstance(page.get(ITEMS), list) or page.keys() <= _SHAPE
    if not is_collection:
        return False
    return _says_more(page) or _total(page) > known


def is_empty(value: Document) -> bool:
    """Whether it is a mere link, or a collection without rows."""
    return value.keys() <= _SHAPE and not rows_of(value)


def all_rows(first: Document, ask: AskPage, name: str) -> tuple[list[Any], int]:
    """The rows of a collection whose first page is known, and how many more NetSuite counts.

    Links to a next page and `hasMore` are followed. `totalResults`, which was seen to be wrong, is
    only a reason to ask: neither what is counted and not there ends a reading, nor what is there
    and was not counted.

    Args:
        first: That page.
        ask: Gets another.
        name: Of the collection, for messages.

    Raises:
        MalformedResponse: Its pages contradict each other, or one is not there any more.
        NetSuiteError: A page could not be had.
    """
    rows, page, lacking = [*rows_of(first)], first, 0
    queries: list[dict[str, str]] = []
    pages = [rows_of(first)]
    while is_cut(page, len(rows)):
        before = page
        query = _next_query(page, len(rows), queries)
        if query in queries:
            raise _contradiction(name, f"the page behind {len(rows)} rows is one that was read")
        if len(queries) == _MOST_PAGES:
            raise _contradiction(name, f"they have no end behind {len(rows)} rows")
        is_guess = bool(queries) and not _says_more(page) and len(rows_of(page)) < PAGE_ROWS
        queries.append(query)
        page = _guessed(ask, query) if is_guess else _page(ask, query, name)
        more = rows_of(page)
        if query == _ANEW and more:
            rows, pages = [], []
        if not more or more in pages or _is_known(more[0], rows):
            if not is_guess and len(rows) not in {page.get(TOTAL), before.get(TOTAL)}:
                _check_end(page, name, len(rows))
            lacking = max(_total(before) - len(rows), 0)
            break
        pages.append(more)
        rows += more
    if len(rows) < len(rows_of(first)):
        raise _contradiction(name, f"it had {len(rows_of(first))} rows, and then {len(rows)}")
    return rows, lacking


def _next_query(page: Document, known: int, asked: list[dict[str, str]]) -> dict[str, str]:
    """What to ask for behind so many rows: as NetSuite says, or as it counts.

    An offset must be a multiple of its limit. So behind a first page of odd size it begins anew,
    and goes on in steps of what NetSuite gave then; so it does behind the last of linked pages.
    """
    for link in links_of(page, "next"):
        return dict(parse_qsl(urlsplit(link).query))
    if known % PAGE_ROWS == 0:
        return _ANEW | {"offset": str(known)}
    if _ANEW not in asked and (not asked or _says_more(page)):
        return _ANEW
    return {"limit": str(len(rows_of(page))), "offset": str(known)}


def _page(ask: AskPage, query: dict[str, str], name: str) -> Document:
    try:
        return ask(query)
    except NotFound as error:
        gone = _contradiction(name, f"one is not there any more ({error.detail})")
        gone.status, gone.code, gone.at = error.status, error.code, error.at
        raise gone from error


def _guessed(ask: AskPage, query: dict[str, str]) -> Document:
    """A page of which only the count of rows tells; NetSuite may refuse what lies behind all."""
    try:
        return ask(query)
    except LoginRefused:
        raise
    except RequestRefused:
        return {}


def _check_end(page: Document, name: str, known: int) -> None:
    """What it means that no new row came where there were to be more."""
    if rows_of(page):
        raise _contradiction(name, f"row {known + 1} is one that came before")
    if _says_more(page):
        raise _contradiction(name, f"a page without rows says that more follow behind {known}")


def _total(page: Document) -> int:
    """How many rows NetSuite counts; 0 if it does not say."""
    total = page.get(TOTAL)
    return total if isinstance(total, int) else 0


def _says_more(page: Document) -> bool:
    return page.get("hasMore") is True or any(links_of(page, "next"))


def _contradiction(name: str, what: str) -> MalformedResponse:
    return MalformedResponse(f"the pages of {name} contradict each other: {what}", status=_OK)


def _is_known(row: object, rows: list[Any]) -> bool:
    """Whether a row that has an address of its own came before."""
    return isinstance(row, dict) and any(links_of(row, "self")) and row in rows


def rows_of(page: Document) -> list[Any]:
    """The rows of a page of a collection; none of anything else."""
    items = page.get(ITEMS)
    return items if isinstance(items, list) else []


def links_of(value: Document, rel: str) -> Iterator[str]:
    """The addresses of a document's links of one kind."""
    links = value.get(LINKS)
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict) and link.get("rel") == rel and isinstance(link.get("href"), str):
            yield link["href"]
