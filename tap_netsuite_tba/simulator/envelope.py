"""The envelope around a page of rows: links, counts and what NetSuite gets wrong in them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from tap_netsuite_tba.simulator.switches import Switches

_MOST_ROWS_REACHED = 100_000
_MOST_PAGES = 1_000


@dataclass(frozen=True)
class Place:
    """Where in a result a request asks for rows.

    Attributes:
        address: of the service, without query.
        self_address: of the request, with the query as it was sent.
        limit: rows a page.
        offset: of the first row.
    """

    address: str
    self_address: str
    limit: int
    offset: int

    @property
    def reachable(self) -> int:
        """Rows that can be reached with this limit."""
        return min(_MOST_ROWS_REACHED, self.limit * _MOST_PAGES)

    @property
    def is_beyond(self) -> bool:
        """Whether no row can be reached from here."""
        return self.offset >= self.reachable


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
        return {"rel": rel, "href": f"{place.address}?limit={place.limit}&offset={offset}"}

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
    itself = {"rel": "self", "href": place.self_address}
    links.append(itself | {"method": "POST"} if switches.self_link == "method" else itself)
    return links
