"""What has an address inside a record: a sublist, a line, a subrecord, a multi-select."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tap_netsuite_tba.simulator.envelope import Place, asked_place, check_reach, collection
from tap_netsuite_tba.simulator.errors import not_found
from tap_netsuite_tba.simulator.exchange import Answer, Request, Work, resource_type
from tap_netsuite_tba.simulator.records.parts import MultiSelect, Part, Sublist, Value
from tap_netsuite_tba.simulator.records.shown import Style, encoded
from tap_netsuite_tba.simulator.switches import Switches

Inside = Part | Sublist | MultiSelect


@dataclass(frozen=True)
class SubResources:
    """Answers one request for something inside a record.

    Attributes:
        request: as it arrived.
        style: how it wants things to be shown.
        switches: how the ends of a page look.
    """

    request: Request
    style: Style
    switches: Switches

    def answer(self, whole: Part, address: str, rest: Sequence[str]) -> Answer:
        """Answer the request.

        Args:
            whole: the record.
            address: its own, without host.
            rest: what the address has behind the record's id, such as ``item`` and ``1``.

        Raises:
            Refusal: there is nothing at this address, or no such page of it.
        """
        found: Inside = whole
        for segment in rest:
            found, name = self._below(found, segment)
            address = f"{address}/{name}"
        if isinstance(found, Part):
            itself = self.request.root + self.request.target
            shown = self.style.part(found, self.request.root + address, itself)
            return Answer(200, resource_type("singular"), encoded(shown))
        place = asked_place(self.request, address)
        check_reach(place, self.switches)
        return self._page(found, place)

    def _below(self, found: Inside, segment: str) -> tuple[Inside, str]:
        """Return what ``segment`` names inside ``found``, and its name as addresses have it.

        Raises:
            Refusal: there is no such thing, or it has no address.
        """
        for name, value in _named(found):
            if name.lower() == segment.lower() and isinstance(value, Inside):
                return value, name
        raise not_found(self.request.path)

    def _page(self, found: Sublist | MultiSelect, place: Place) -> Answer:
        """Return a page of lines, which are only linked unless they are to be expanded."""
        wanted = slice(place.offset, min(place.offset + place.limit, place.reachable))
        if isinstance(found, MultiSelect):
            total = len(found.references)
            shown = [self.style.reference(one) for one in found.references[wanted]]
        else:
            total = len(found.lines)
            shown = [self._line(line, place) for line in found.lines[wanted]]
        items = [encoded(each).decode() for each in shown]
        body = collection(place, items, total, self.switches)
        work = Work(len(items), total, place.offset)
        return Answer(200, resource_type("collection"), body, work=work)

    def _line(self, line: Part, place: Place) -> dict[str, Any]:
        if self.style.is_expanded:
            return self.style.line(line, place.address)
        return {"links": [self.style.itself(f"{place.address}/{line.key}")]}


def _named(found: Inside) -> list[tuple[str, Value]]:
    match found:
        case Part():
            return list(found.fields.items())
        case Sublist():
            return [(line.key, line) for line in found.lines]
        case MultiSelect():  # what is selected lies elsewhere
            return []
