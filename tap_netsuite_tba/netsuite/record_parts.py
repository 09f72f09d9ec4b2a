"""The parts of a record that its document lacks: the rest of long sublists, and mere links.

Asked with `expandSubResources`, NetSuite puts a record's sublists, multi-selects and subrecords
into its document. Of a long sublist that is the first page, and a part may still come as a link to
itself. Of links only path and query are used, never the host; and of those to other pages `next`
alone, for `last` was seen to be wrong.
"""

import logging
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tap_netsuite_tba.netsuite.errors import MalformedResponse, NotFound
from tap_netsuite_tba.netsuite.query import PAGE_ROWS, Document

logger = logging.getLogger(__name__)

_LINKS, _ITEMS = "links", "items"
_MARKS = {_ITEMS, "totalResults", "hasMore"}
"""What collections have, and no records."""

Ask = Callable[[str], Document]
"""Gets the document at an address."""


class Parts:
    """Asks for what one document of a record lacks.

    Args:
        ask: Gets the document at an address.
        address: That of the record; nothing beside it is asked for.

    Attributes:
        asked: How many parts were asked for.
    """

    def __init__(self, ask: Ask, address: str) -> None:
        self.asked = 0
        self._looked_at: set[str] = set()
        self._ask = ask
        self._address = address

    def completed(self, document: Document) -> Document:
        """The document with everything that belongs to the record.

        Raises:
            MalformedResponse: The pages of a sublist contradict each other.
            NetSuiteError: A part could not be had.
        """
        return self._members(document, self._address) if _is_lacking(document) else document

    def _complete(self, value: Any, address: str) -> Any:  # noqa: ANN401 - whatever JSON holds
        """A value of the document, which is at an address if it is a part of the record."""
        if isinstance(value, list):
            return [self._complete(each, address) for each in value]
        if not isinstance(value, dict):
            return value
        own = self._own_address(value)
        if own and value.keys() == {_LINKS} and own not in self._looked_at:
            value = self._found(own) or value
        if _is_cut(value, len(_items(value))):
            value = self._joined(value, own or address)
        return self._members(value, own or address)

    def _members(self, value: Document, address: str) -> Document:
        return {
            name: member if name == _LINKS else self._complete(member, f"{address}/{name}")
            for name, member in value.items()
        }

    def _found(self, address: str) -> Document | None:
        """What is at an address; None if nothing is, as where a record has no such part."""
        self._looked_at.add(address)  # What is there may lead back.
        try:
            return self._asked_for(address, {})
        except NotFound:
            return None

    def _joined(self, first: Document, address: str) -> Document:
        """A collection read to its end."""
        items, page = [*_items(first)], first
        while _is_cut(page, len(items)):
            page = self._asked_for(address, _next_query(page, len(items)))
            more = _items(page)
            if more and _is_linked(more[0]) and more[0] in items:
                raise _contradiction(address, f"row {len(items) + 1} is one that came before")
            if not more:
                _check_end(page, address, len(items))
                break
            items += more
        return self._whole(first, items)

    def _whole(self, first: Document, items: list[Any]) -> Document:
        """A collection as it would have come in one piece.

        Lines of a record then have their total beside them, references of a multi-select all four
        numbers.
        """
        is_of_lines = any(isinstance(row, dict) and self._own_address(row) for row in items[:1])
        numbers = {"count": len(items), "hasMore": False, "offset": 0}
        kept = {name: value for name, value in first.items() if name not in numbers}
        told = {} if is_of_lines else {name: numbers[name] for name in numbers if name in first}
        return kept | told | {_ITEMS: items, "totalResults": len(items)}

    def _asked_for(self, address: str, query: Mapping[str, str]) -> Document:
        self.asked += 1
        return self._ask(f"{address}?{urlencode({**query, 'expandSubResources': 'true'})}")

    def _own_address(self, value: Document) -> str | None:
        """Where a part of the record is; None if it does not say, or is something else."""
        path = next((urlsplit(link).path for link in _links(value, "self")), "")
        # NetSuite writes the record type as it likes to, not as it was asked.
        start, rest = path[: len(self._address)], path[len(self._address) :]
        is_own = start.lower() == self._address.lower() and rest.startswith("/") and rest != "/"
        return self._address + rest if is_own else None


def _is_lacking(value: object) -> bool:
    """Whether anything may have to be asked for; few documents lack anything."""
    if isinstance(value, list):
        return any(map(_is_lacking, value))
    if not isinstance(value, dict):
        return False
    if value.keys() == {_LINKS} or _is_cut(value, len(_items(value))):
        return True
    return any(_is_lacking(member) for name, member in value.items() if name != _LINKS)


def _is_cut(page: Document, known: int) -> bool:
    """Whether it is a collection that says that it has more rows than so many that are known."""
    if not page.keys() & _MARKS:
        return False
    total = page.get("totalResults")
    is_more_in_all = isinstance(total, int) and total > known
    return page.get("hasMore") is True or is_more_in_all or any(_links(page, "next"))


def _next_query(page: Document, known: int) -> dict[str, str]:
    """What to ask for behind so many rows: as NetSuite says, or as it counts."""
    for link in _links(page, "next"):
        return dict(parse_qsl(urlsplit(link).query))
    # An offset must be a multiple of its limit.
    limit = math.gcd(known, PAGE_ROWS) if known > PAGE_ROWS else known or PAGE_ROWS
    return {"limit": str(limit), "offset": str(known)}


def _check_end(page: Document, address: str, known: int) -> None:
    """What it means that no row came where there were to be more."""
    if page.get("hasMore") is True or any(_links(page, "next")):
        raise _contradiction(address, f"a page without rows says that more follow behind {known}")
    logger.warning("%s has %s rows, though NetSuite counted more of them.", address, known)


def _contradiction(address: str, what: str) -> MalformedResponse:
    return MalformedResponse(f"the pages of {address} contradict each other: {what}")


def _is_linked(row: object) -> bool:
    return isinstance(row, dict) and any(_links(row, "self"))


def _items(value: Document) -> list[Any]:
    items = value.get(_ITEMS)
    return items if isinstance(items, list) else []


def _links(value: Document, rel: str) -> Iterator[str]:
    """The addresses of a document's links of one kind."""
    links = value.get(_LINKS)
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict) and link.get("rel") == rel and isinstance(link.get("href"), str):
            yield link["href"]
