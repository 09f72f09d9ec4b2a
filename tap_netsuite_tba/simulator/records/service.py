"""The service ``/services/rest/record/v1``: which record a request is about, and what it gets."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from tap_netsuite_tba.simulator.account import Route
from tap_netsuite_tba.simulator.errors import (
    method_not_allowed,
    no_record_type,
    not_found,
    not_imitated,
)
from tap_netsuite_tba.simulator.exchange import Answer, Request, Work, resource_type
from tap_netsuite_tba.simulator.metadata.properties import title
from tap_netsuite_tba.simulator.metadata.record_types import RecordType, RecordTypes
from tap_netsuite_tba.simulator.records.lists import Lists
from tap_netsuite_tba.simulator.records.parts import Part, Value
from tap_netsuite_tba.simulator.records.records import Records
from tap_netsuite_tba.simulator.records.refusals import (
    foreign_language,
    invalid_value,
    nonexistent,
    unknown_parameter,
    without_permission,
)
from tap_netsuite_tba.simulator.records.shown import RECORDS, Style, encoded
from tap_netsuite_tba.simulator.records.sub_resources import SubResources
from tap_netsuite_tba.simulator.records.truth import Truth
from tap_netsuite_tba.simulator.storage import Storage
from tap_netsuite_tba.simulator.suiteql.catalog import Catalog
from tap_netsuite_tba.simulator.suiteql.kinds import Preferences
from tap_netsuite_tba.simulator.switches import Switches

_PARAMETERS = frozenset({"expandSubResources", "fields", "simpleEnumFormat"})
_PAGED = frozenset({"expandSubResources", "limit", "offset", "simpleEnumFormat"})
_OF_A_LIST = _PARAMETERS | {"limit", "offset", "q", "ids", "expandRecords"}
_WRITES = frozenset({"DELETE", "PATCH", "POST", "PUT"})
_PARTS = ("collection", "subrecord:")
_TRUTHS = {"true": True, "false": False}


@dataclass(frozen=True)
class RecordService:
    """Answers what records there are, and what is in each.

    Attributes:
        record_types: which types there are.
        records: what is in them, and which of them refuse.
        lists: which records of a type there are.
        catalog: what the role may do with them.
        switches: how links and long sublists look.
    """

    record_types: RecordTypes
    records: Records
    lists: Lists
    catalog: Catalog
    switches: Switches

    def routes(self) -> list[Route]:
        """Return where it is, apart from the metadata catalog, which answers for itself."""
        return [Route(f"{RECORDS}/", self.answer)]

    def answer(self, request: Request) -> Answer:
        """Answer one request.

        Raises:
            Refusal: in NetSuite's words.
        """
        name, *rest = (unquote(each) for each in request.path[len(RECORDS) + 1 :].split("/"))
        record = self._type(name, request.path)
        if request.method in _WRITES:
            raise not_imitated("writing of records", request.path)
        if request.method != "GET":
            raise method_not_allowed(request.method)
        if self.records.speaks_otherwise:
            raise foreign_language()
        if not rest:
            _check_parameters(request, _OF_A_LIST)
            return self.lists.answer(request, record)
        return self._record(request, record, rest[0], rest[1:])

    def _type(self, name: str, path: str) -> RecordType:
        if not name:
            raise not_found(path)
        record = self.records.truth.find(name)
        if record is not None:
            return record
        if self.record_types.is_known(name):
            raise without_permission(self.switches.without_record, title(name), name, path)
        raise no_record_type(name, path)

    def _record(
        self, request: Request, record: RecordType, key: str, inside: Sequence[str]
    ) -> Answer:
        style = self._style(request, _PAGED if inside else _PARAMETERS)
        if self.switches.record_level == "edit" and not self.catalog.may_edit(record.name):
            raise without_permission(
                self.switches.without_record, record.title, record.name, request.path
            )
        self.records.check(record.name, key)
        part = self.records.truth.load(record, key)
        if part is None:
            raise nonexistent(record.table)
        address = f"{RECORDS}/{record.name}/{part.key}"
        if inside:
            return SubResources(request, style, self.switches).answer(part, address, inside)
        part = _chosen(request, record, part)
        return answered(style.part(part, request.root + address, request.root + request.target))

    def _style(self, request: Request, known: AbstractSet[str]) -> Style:
        """Return how a request wants a record to be shown.

        Raises:
            Refusal: it has a parameter that nobody knows.
        """
        _check_parameters(request, known)
        return Style(
            request.root,
            self.switches.self_link,
            self.switches.long_sublist,
            self.records.page_size,
            is_expanded=_truth(request, "expandSubResources"),
            has_simple_enums=_truth(request, "simpleEnumFormat"),
        )


def record_service(
    record_types: RecordTypes,
    storage: Storage,
    catalog: Catalog,
    preferences: Preferences,
    switches: Switches,
) -> RecordService:
    """Return the record service of an account.

    Args:
        record_types: which types there are.
        storage: the account's rows.
        catalog: which of them the role sees.
        preferences: the token user's.
        switches: what is unsure.
    """
    records = Records(Truth(storage, catalog, record_types), storage)
    lists = Lists(storage, catalog, preferences, switches, records.unlistable)
    return RecordService(record_types, records, lists, catalog, switches)


def _check_parameters(request: Request, known: AbstractSet[str]) -> None:
    for name in request.parameters.keys() - known:
        raise unknown_parameter(name)


def answered(shown: dict[str, Any]) -> Answer:
    """Return the answer with one resource."""
    return Answer(200, resource_type("singular"), encoded(shown), work=Work(1, 1))


def _truth(request: Request, name: str) -> bool:
    text = request.parameters.get(name, "false")
    if text.lower() not in _TRUTHS:
        raise invalid_value(name, text)
    return _TRUTHS[text.lower()]


def _chosen(request: Request, record: RecordType, part: Part) -> Part:
    """Return a record with the body fields that ``fields`` names; sublists are none.

    Raises:
        Refusal: it names something else.
    """
    names = request.parameters.get("fields")
    if names is None:
        return part
    known = {one.name for one in record.properties if not one.kind.startswith(_PARTS)}
    chosen: dict[str, Value] = {}
    for name in filter(None, map(str.strip, names.split(","))):
        if name not in known:
            raise invalid_value("fields", name)
        if name in part.fields:
            chosen[name] = part.fields[name]
    return replace(part, fields=chosen)
