"""The parts of a record that its document lacks: the rest of long sublists, and mere links.

Asked with `expandSubResources`, NetSuite puts a record's sublists, multi-selects and subrecords
into its document. Of a long sublist that is the first page, and a part may still come as a link to
itself. Of links only path and query are used, never the host; and of those to other pages `next`
alone, for `last` was seen to be wrong.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from tap_netsuite_tba.netsuite.errors import (
    LoginRefused,
    NetSuiteError,
    NotFound,
    RequestRefused,
    RetriesExhausted,
    TimedOut,
)
from tap_netsuite_tba.netsuite.query import Document
from tap_netsuite_tba.netsuite.record_pages import (
    ITEMS,
    LINKS,
    TOTAL,
    all_rows,
    is_cut,
    links_of,
    rows_of,
)

_OF_RECORD = re.compile(r"/record/v1/[^/]+/([^/]+)$")
"""A record's own address; none of its parts has one like it."""

_KEY = re.compile(r"/-?\d+(?=/|$)")

_OK = 200

Ask = Callable[[str], Document]
"""Gets the document at an address."""


class Parts:
    """Asks for what one document of a record lacks.

    Args:
        ask: Gets the document at an address.
        address: That of the record; nothing beside it is asked for.

    Attributes:
        asked: How many parts were asked for, and not refused.
        failed: Those that NetSuite refused or failed at, and which stay links, by their names.
        given: The names of those that it gave.
        short: Those of which NetSuite counts more rows than it gives, as what is said of them.
    """

    def __init__(self, ask: Ask, address: str) -> None:
        self.asked = 0
        self.failed: dict[str, NetSuiteError] = {}
        self.given: set[str] = set()
        self.short: dict[str, str] = {}
        self._looked_at: set[str] = set()
        self._ask = ask
        self._address = address

    def completed(self, document: Document) -> Document:
        """The document with everything that belongs to the record.

        Raises:
            MalformedResponse: The pages of a sublist contradict each other.
            RequestRefused: The rest of a sublist is refused, or nothing says where it is.
            NetSuiteError: It could not be had.
        """
        return self._members(document, self._address) if _is_lacking(document) else document

    def _complete(self, value: Any, address: str | None) -> Any:  # noqa: ANN401 - JSON
        """A value of the document, which is at an address if it is a part of the record."""
        if isinstance(value, list):
            # Lines have keys, which only their own links tell.
            return [self._complete(each, None) for each in value]
        if not isinstance(value, dict):
            return value
        own = self._own_address(value)
        if value.keys() == {LINKS}:
            value = self._found(own) or value if own else self._referred(value)
        if is_cut(value, len(rows_of(value))):
            value = self._joined(value, own or address)
        return self._members(value, own or address)

    def _members(self, value: Document, address: str | None) -> Document:
        return {
            name: member
            if name == LINKS
            else self._complete(member, address and f"{address}/{name}")
            for name, member in value.items()
        }

    def _referred(self, reference: Document) -> Document:
        """A reference that is mere links, with the id of the record to which they lead."""
        for link in links_of(reference, "self"):
            path = urlsplit(link).path
            found = _OF_RECORD.search(path)
            if found and path.lower() != self._address.lower():
                return reference | {"id": unquote(found[1])}
        return reference

    def _found(self, address: str) -> Document | None:
        """What is at an address; None if nothing is, as where a record has no such part."""
        part = self._name(address)
        if address in self._looked_at or part in self.failed:
            return None
        self._looked_at.add(address)  # What is there may lead back.
        try:
            found = self._asked_for(address, {})
        except NotFound:
            self.asked += 1  # The record may be gone as well.
        except LoginRefused:
            raise
        except (RequestRefused, RetriesExhausted, TimedOut) as error:
            self.failed[part] = error
        else:
            self.given.add(part)
            return found
        return None

    def _joined(self, first: Document, address: str | None) -> Document:
        """A collection read to its end.

        Lines of a record then have their total beside them, as they would have had in one piece,
        references of a multi-select all four numbers.
        """
        if address is None:
            counted = first.get(TOTAL, "more")
            raise RequestRefused(
                f"a sublist within a line has {len(rows_of(first))} rows of {counted}, and nothing "
                "says where the rest is",
                status=_OK,
            )
        rows, lacking = all_rows(first, partial(self._page, address), address)
        if lacking:
            short = f"{len(rows)} rows, though NetSuite counts {lacking} more"
            self.short[self._name(address)] = short
        is_of_lines = any(isinstance(row, dict) and self._own_address(row) for row in rows[:1])
        numbers = {"count": len(rows), "hasMore": False, "offset": 0}
        kept = {name: value for name, value in first.items() if name not in numbers}
        told = {} if is_of_lines else {name: numbers[name] for name in numbers if name in first}
        return kept | told | {ITEMS: rows, TOTAL: len(rows)}

    def _page(self, address: str, query: Mapping[str, str]) -> Document:
        """A later page of a sublist; without it the record is not whole."""
        try:
            return self._asked_for(address, query)
        except (LoginRefused, NotFound):
            raise
        except RequestRefused as error:
            what = f"the rest of the part {self._name(address)} is refused: {error.detail}"
            raise refusal(error, what) from error

    def _asked_for(self, address: str, query: Mapping[str, str]) -> Document:
        found = self._ask(f"{address}?{urlencode({**query, 'expandSubResources': 'true'})}")
        self.asked += 1
        return found

    def _own_address(self, value: Document) -> str | None:
        """Where a part of the record is; None if it does not say, or is something else."""
        path = next((urlsplit(link).path for link in links_of(value, "self")), "")
        # NetSuite writes the record type as it likes to, not as it was asked.
        start, rest = path[: len(self._address)], path[len(self._address) :]
        is_own = start.lower() == self._address.lower() and rest.startswith("/") and rest != "/"
        return self._address + rest if is_own else None

    def _name(self, address: str) -> str:
        """What a part is called in all records: without the keys of lines, in lower case."""
        return _KEY.sub("", address[len(self._address) :]).lstrip("/").lower()


def refusal(error: NetSuiteError, detail: str) -> RequestRefused:
    """The same trouble as NetSuite's last word on a record."""
    told = RequestRefused(
        detail,
        status=error.status,
        code=error.code,
        path=error.path,
        request_id=error.request_id,
        table=error.table,
    )
    told.at = error.at
    return told


def _is_lacking(value: object) -> bool:
    """Whether anything may have to be asked for; few documents lack anything."""
    if isinstance(value, list):
        return any(map(_is_lacking, value))
    if not isinstance(value, dict):
        return False
    if value.keys() == {LINKS} or is_cut(value, len(rows_of(value))):
        return True
    return any(_is_lacking(member) for name, member in value.items() if name != LINKS)
