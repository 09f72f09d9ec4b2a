"""The service ``/services/rest/record/v1/metadata-catalog``: what it asks, what it answers."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from tap_netsuite_tba.simulator.account import Route
from tap_netsuite_tba.simulator.clock import Clock
from tap_netsuite_tba.simulator.errors import (
    bad_request,
    method_not_allowed,
    no_record_type,
    not_acceptable,
)
from tap_netsuite_tba.simulator.exchange import Answer, Request, resource_type
from tap_netsuite_tba.simulator.metadata.json_schema import CATALOG, general_schema, json_schema
from tap_netsuite_tba.simulator.metadata.open_api import Occasion, open_api
from tap_netsuite_tba.simulator.metadata.record_types import RecordType, RecordTypes
from tap_netsuite_tba.simulator.switches import Switches
from tap_netsuite_tba.simulator.system import TokenHolder

_RECORDS = CATALOG.rsplit("/", 1)[0]
_JSON = "application/json"
_SCHEMA = "application/schema+json"
_OPEN_API = "application/swagger+json"
_ANYTHING = frozenset({"*/*", "application/*", "application/vnd.oracle.resource+json"})
_QUALITY = re.compile(r";\s*q=([01](?:\.[0-9]*)?)")
_MALFORMED = "The request could not be understood by the server due to malformed syntax."
# What the links of a record type lead to, and its media type.
_LINKS: Mapping[str, Sequence[tuple[str, str, str | None]]] = {
    "live": (
        ("canonical", CATALOG, _SCHEMA),
        ("alternate", CATALOG, _OPEN_API),
        ("alternate", CATALOG, _SCHEMA),
        ("describes", _RECORDS, _JSON),
    ),
    "documented": (
        ("canonical", CATALOG, _JSON),
        ("alternate", CATALOG, _OPEN_API),
        ("alternate", CATALOG, _SCHEMA),
        ("describes", CATALOG, None),
    ),
}


@dataclass(frozen=True)
class MetadataService:
    """Answers what record types there are, and what they look like.

    Attributes:
        record_types: what there is.
        holder: returns whose the token is.
        clock: the account's.
        switches: which links the list has, and what a schema says of custom references.
    """

    record_types: RecordTypes
    holder: Callable[[], TokenHolder]
    clock: Clock
    switches: Switches

    def routes(self) -> list[Route]:
        """Return where it is."""
        return [Route(CATALOG, self.answer), Route(f"{CATALOG}/", self.answer)]

    def answer(self, request: Request) -> Answer:
        """Answer one request.

        Raises:
            Refusal: in NetSuite's words.
        """
        if request.method != "GET":
            raise method_not_allowed(request.method)
        media_type = _accepted(request)
        name = unquote(request.path.removeprefix(CATALOG)).strip("/")
        if "," in name:
            raise bad_request(_MALFORMED, "INVALID_REQUEST")
        if name:
            return self._one(request, name, media_type)
        names = self._selected(request)
        if media_type == _OPEN_API:
            return self._open_api(request, [self._find(each) for each in names])
        items = [self._entry(request, each) for each in names]
        return _answer({"items": items}, resource_type("collection"))

    def _one(self, request: Request, name: str, media_type: str) -> Answer:
        general = general_schema(name)
        if general is not None:
            return _answer(general, f"{_SCHEMA}; charset=UTF-8")
        record = self._find(name)
        if media_type == _SCHEMA:
            schema = json_schema(record, self.switches.custom_references)
            return _answer(schema, f"{_SCHEMA}; charset=UTF-8")
        if media_type == _OPEN_API:
            return self._open_api(request, [record])
        return _answer(self._entry(request, record.name), resource_type("singular"))

    def _selected(self, request: Request) -> list[str]:
        """Return the names that ``select`` tells, or all."""
        selected = request.parameters.get("select", "")
        names = [name.strip() for name in selected.split(",") if name.strip()]
        return [self._find(name).name for name in names] or self.record_types.names()

    def _find(self, name: str) -> RecordType:
        record = self.record_types.find(name)
        if record is None:
            raise no_record_type(name, f"{CATALOG}/{name}")
        return record

    def _open_api(self, request: Request, records: list[RecordType]) -> Answer:
        holder = self.holder()
        occasion = Occasion(
            server=request.root + _RECORDS,
            account_id=holder.company_id,
            user=holder.user_name,
            role=holder.role_name,
            now=self.clock.now(),
        )
        return _answer(open_api(records, occasion), f"{_OPEN_API}; charset=UTF-8")

    def _entry(self, request: Request, name: str) -> dict[str, Any]:
        """Return a record type as the list shows it."""
        links: list[dict[str, str]] = []
        for rel, path, media_type in _LINKS[self.switches.catalog_links]:
            link = {"rel": rel, "href": f"{request.root}{path}/{name}"}
            if media_type is not None:
                link["mediaType"] = media_type
            links.append(link)
        return {"name": name, "links": links}


def _accepted(request: Request) -> str:
    """Return the media type that the catalog has and the Accept header likes best."""
    parts = request.headers.get("accept", "*/*").lower().split(",")
    for part in sorted(filter(_quality, parts), key=_quality, reverse=True):
        media_type = part.partition(";")[0].strip()
        if media_type in {_JSON, _SCHEMA, _OPEN_API}:
            return media_type
        if media_type in _ANYTHING:
            return _JSON
    raise not_acceptable()


def _quality(part: str) -> float:
    """Return how much a part of an Accept header is liked; 0 for not at all."""
    found = _QUALITY.search(part)
    return float(found[1]) if found else 1.0


def _answer(body: dict[str, Any], content_type: str) -> Answer:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Answer(200, content_type, text.encode())
