"""The envelope around a page of rows: links, counts and what NetSuite gets wrong in them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from tap_netsuite_tba.simulator.errors import bad_request
from tap_netsuite_tba.simulator.exchange import Request
from tap_netsuite_tba.simulator.switches import Switches

_LARGEST_LIMIT = 1_000
_MOST_ROWS_REACHED = 100_000
_MOST_PAGES = 1_000
_MOST_DIGITS = 9


@dataclass(frozen=True)
class Place:
    """Where in a result a request asks for rows.

    Attributes:
        address: of the service, without query.
        self_address: of the request, with the query as it was sent.
        limit: rows a page.
        offset: of the first row.
        method: of the request.
        asked: what else was asked, as the links repeat it, such as ``&q=id%20EMPTY``.
    """

    address: str
    self_address: str
    limit: int
    offset: int
    method: str
    asked: str = ""

    @property
    def reachable(self) -> int:
        """Rows that can be reached with this limit."""
        return min(_MOST_ROWS_REACHED, self.limit * _MOST_PAGES)

    @property
    def is_beyond(self) -> bool:
        """Whether no row can be reached from here."""
        return self.offset >= self.reachable


def asked_place(request: Request, address: str) -> Place:
    """Return where a request asks for rows.

    Args:
        request: with ``limit`` and ``offset``, or without.
        address: of the service, without host and query.

    Raises:
        Refusal: its limit or its offset is none.
    """
    limit = _number(request, "limit", _LARGEST_LIMIT)
    if not 1 <= limit <= _LARGEST_LIMIT:
        detail = f"Invalid limit {limit}. Provide a number from 1 to {_LARGEST_LIMIT}."
        raise bad_request(detail, parameter="limit")
    offset = _number(request, "offset", 0)
    if offset % limit:
        detail = f"Invalid offset {offset}. It has to be divisible by the limit {limit}."
        raise bad_request(detail, parameter="offset")
    asked = [
        f"&{name}={quote(value, safe='')}"
        for name, value in request.parameters.items()
        if name not in {"limit", "offset"}
    ]
    root = request.root
    itself = root + request.target
    return Place(root + address, itself, limit, offset, request.method, "".join(asked))


def check_reach(place: Place, switches: Switches) -> None:
    """Refuse a place that no row can be reached from, where the account does that.

    Raises:
        Refusal: by the switch ``past_ceiling``.
    """
    if place.is_beyond and switches.past_ceiling == "refused":
        raise bad_request("Invalid offset: no row can be reached.", parameter="offset")


def _number(request: Request, name: str, default: int) -> int:
    text = request.parameters.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise bad_request(f"Invalid value '{text}' of parameter '{name}'.", parameter=name)
    return int(text)


def collection(place: Place, items: Sequence[str], total: int, switches: Switches) -> bytes:
    """Return a page.

    Args:
        place: what was asked.
        items: the rows' JSON texts.
        total: how many rows the whole result has.
        switches: how the end of what can be reached looks, the last link and the self link.
    """
    # Capped at 1000 pages whatever the size of the page; at 100,000 rows only by the switch.
    shown = min(total, place.limit * _MOST_PAGES)
    if switches.total == "clamped":
        shown = min(shown, _MOST_ROWS_REACHED)
    has_more = place.offset + len(items) < min(total, place.reachable) and bool(items)
    head = {"links": _links(place, shown, switches, has_more=has_more), "count": len(items)}
    head["hasMore"] = has_more
    opening = json.dumps(head, separators=(",", ":"))[:-1]
    return (
        f'{opening},"items":[{",".join(items)}],"offset":{place.offset},"totalResults":{shown}}}'
    ).encode()


def _links(place: Place, total: int, switches: Switches, *, has_more: bool) -> list[dict[str, str]]:
    def link(rel: str, offset: int) -> dict[str, str]:
        query = f"limit={place.limit}&offset={offset}{place.asked}"
        return {"rel": rel, "href": f"{place.address}?{query}"}

    links: list[dict[str, str]] = []
    if place.offset:
        links.append(link("previous", max(0, place.offset - place.limit)))
        links.append(link("first", 0))
    if has_more:
        pages = -(-total // place.limit)
        last = (pages - 1) * place.limit
        if switches.last_link == "wrong":
            # So wrong has the server been since 2026: the last page's number for its offset.
            last = (pages - 1) // place.limit * place.limit
        links += [link("next", place.offset + place.limit), link("last", last)]
    return [*links, self_link(place.self_address, place.method, switches)]


def self_link(address: str, method: str, switches: Switches) -> dict[str, str]:
    """Return the link of a resource to itself, which since 2026 names its method."""
    link = {"rel": "self", "href": address}
    return link | {"method": method} if switches.self_link == "method" else link
