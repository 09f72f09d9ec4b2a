"""Parts of a record as JSON, with the links that NetSuite puts everywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from tap_netsuite_tba.simulator.records.parts import (
    Enumeration,
    MultiSelect,
    Part,
    Reference,
    Sublist,
    Value,
)

RECORDS = "/services/rest/record/v1"
_ENCODER = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True)
class Style:
    """How records are shown.

    Attributes:
        root: scheme and host, as the client sees them.
        self_link: whether links to oneself name their ``method``, or are ``bare``.
        long_sublist: what tells that an expanded sublist has more lines than are in it.
        page_size: lines that an expanded sublist has at most.
        is_expanded: whether sublists, subrecords and selections are shown, not only linked.
        has_simple_enums: whether a choice is its id alone.
    """

    root: str
    self_link: str = "method"
    long_sublist: str = "next"
    page_size: int = 1000
    is_expanded: bool = True
    has_simple_enums: bool = False

    def part(self, part: Part, address: str, self_address: str | None = None) -> dict[str, Any]:
        """Return a record, a line or a subrecord.

        Args:
            part: which.
            address: its own, below which its parts lie.
            self_address: what its link to itself says, if that is another.
        """
        shown = {
            name: self._value(name, part.fields[name], address) for name in sorted(part.fields)
        }
        return {"links": [self.itself(self_address or address)], **shown}

    def reference(self, reference: Reference) -> dict[str, Any]:
        """Return a reference; one that leads nowhere has an empty list of links."""
        links = []
        if reference.type is not None:
            links = [self.itself(f"{self.root}{RECORDS}/{reference.type}/{reference.id}")]
        shown = {"links": links, "id": reference.id, "refName": reference.name}
        if reference.external_id is not None:
            shown["externalId"] = reference.external_id
        return shown

    def line(self, line: Part, address: str) -> dict[str, Any]:
        """Return a line of the sublist at ``address``."""
        return self.part(line, f"{address}/{line.key}")

    def itself(self, address: str) -> dict[str, str]:
        """Return the link of something to itself."""
        link = {"rel": "self", "href": address}
        return link | {"method": "GET"} if self.self_link == "method" else link

    def _value(self, name: str, value: Value, address: str) -> object:
        match value:
            case Reference():
                return self.reference(value)
            case Enumeration():
                return self._enumeration(value)
            case Part() | Sublist() | MultiSelect():
                return self._resource(value, f"{address}/{name}")
            case _:
                return value

    def _resource(self, value: Part | Sublist | MultiSelect, address: str) -> dict[str, Any]:
        """Return what has an address of its own."""
        if not self.is_expanded:
            return {"links": [self.itself(address)]}
        match value:
            case Part():
                return self.part(value, address)
            case Sublist():
                lines = [self.line(line, address) for line in value.lines[: self.page_size]]
                return self._expanded(lines, len(value.lines), address)
            case MultiSelect():
                chosen = [self.reference(one) for one in value.references[: self.page_size]]
                whole = _counted(chosen, len(value.references))
                return {"links": [self.itself(address)], **whole}

    def _enumeration(self, value: Enumeration) -> object:
        if self.has_simple_enums:
            return value.id
        shown = {"id": value.id, "refName": value.name}
        return {"links": [], **shown} if value.has_links else shown

    def _expanded(self, lines: Sequence[object], total: int, address: str) -> dict[str, Any]:
        """Return a sublist; of one that is too long the first page."""
        itself = self.itself(address)
        if len(lines) == total or self.long_sublist == "total":
            return {"links": [itself], "items": lines, "totalResults": total}
        links = [itself]
        if self.long_sublist == "next":
            page = f"limit={self.page_size}&offset={self.page_size}"
            links = [{"rel": "next", "href": f"{address}?{page}"}, itself]
        return {"links": links, **_counted(lines, total)}


def _counted(items: Sequence[object], total: int) -> dict[str, Any]:
    return {
        "count": len(items),
        "hasMore": len(items) < total,
        "items": items,
        "offset": 0,
        "totalResults": total,
    }


def encoded(shown: object) -> bytes:
    """Return the JSON of what is shown; its numbers keep every digit."""
    return _ENCODER.encode(shown)
