"""Lists of records: ids and addresses, a page at a time, filtered by ``q``."""

import json
import secrets
from dataclasses import dataclass, field

from tap_netsuite_tba.simulator.envelope import (
    Place,
    asked_place,
    check_reach,
    collection,
    self_link,
)
from tap_netsuite_tba.simulator.errors import method_not_allowed, not_imitated
from tap_netsuite_tba.simulator.exchange import Answer, Request, Work, resource_type
from tap_netsuite_tba.simulator.metadata.record_types import RecordType
from tap_netsuite_tba.simulator.records.conditions import Conditions, Where
from tap_netsuite_tba.simulator.records.filters import parsed
from tap_netsuite_tba.simulator.records.selection import Selection, selection
from tap_netsuite_tba.simulator.roles import WORKBOOK, refused_service
from tap_netsuite_tba.simulator.storage import Storage
from tap_netsuite_tba.simulator.suiteql.catalog import Catalog
from tap_netsuite_tba.simulator.suiteql.kinds import Preferences, identifier
from tap_netsuite_tba.simulator.suiteql.refusals import hidden_table
from tap_netsuite_tba.simulator.switches import Switches

PATH = "/services/rest/record/v1/"
_ALL = Where("TRUE")


@dataclass(frozen=True)
class Lists:
    """Answers which records of a type there are.

    Attributes:
        storage: the account's rows.
        catalog: whose eyes these are.
        preferences: how days in ``q`` are read.
        switches: how the ends of a list look.
        unlistable: types that cannot be listed, though each of their records can be read, as it is
            with campaigns in NetSuite; lower case, and settable.
    """

    storage: Storage
    catalog: Catalog
    preferences: Preferences
    switches: Switches
    unlistable: set[str] = field(default_factory=lambda: {"campaign"})
    _salt: int = field(default_factory=lambda: secrets.randbits(32))

    def answer(self, request: Request, record: RecordType) -> Answer:
        """Answer one request for the list of a type that the role may see.

        Raises:
            Refusal: in NetSuite's words.
        """
        if record.name in self.unlistable:
            raise method_not_allowed(request.method)
        if "ids" in request.parameters:
            raise not_imitated("batch operations", request.path)
        self._check_workbook(request, record)
        text = request.parameters.get("q")
        place = asked_place(request, PATH + record.name)
        selected = selection(record, self.catalog.role, self.storage.tables)
        where = _ALL
        if text is not None:
            columns = {} if selected is None else selected.columns
            conditions = Conditions(record, columns, self.preferences)
            where = conditions.where(parsed(text))
        check_reach(place, self.switches)
        ids, total = ([], 0) if selected is None else self._page(place, selected, where)
        items = [self._item(place, each) for each in ids]
        body = collection(place, items, total, self.switches)
        work = Work(len(items), total, place.offset)
        return Answer(200, resource_type("collection"), body, work=work)

    def _check_workbook(self, request: Request, record: RecordType) -> None:
        """Refuse a role without SuiteAnalytics Workbook: lists run on it, single records do not."""
        if self.catalog.role.may_query:
            return
        if self.switches.without_workbook == "not found":
            raise hidden_table(record.name)
        raise refused_service(self.switches.without_workbook, WORKBOOK, request.path)

    def _page(self, place: Place, selected: Selection, where: Where) -> tuple[list[int | str], int]:
        """Return the ids of a page, and how many there are in all.

        The order is the same at each request and no order that anybody could use.
        """
        key = identifier(selected.key)
        rows = f"FROM {selected.rows} AS record WHERE {where.sql}"
        count = 0 if place.is_beyond else min(place.limit, place.reachable - place.offset)
        page = f" ORDER BY hash({key}, {self._salt}), {key} LIMIT {count} OFFSET {place.offset}"
        with self.storage.cursor() as cursor:
            cursor.begin()  # a page and its count see the same rows
            ids = cursor.execute(f"SELECT {key} {rows}{page}", where.parameters).fetchall()
            total = cursor.execute(f"SELECT count(*) {rows}", where.parameters).fetchall()
        return [each for (each,) in ids], total[0][0]

    def _item(self, place: Place, record_id: int | str) -> str:
        link = self_link(f"{place.address}/{record_id}", "GET", self.switches)
        return json.dumps({"links": [link], "id": str(record_id)}, separators=(",", ":"))
