"""The truth: a record as it is, whole, of one instant."""

import re
from collections.abc import Callable, Mapping

from tap_netsuite_tba.simulator.metadata.record_types import RecordType, RecordTypes
from tap_netsuite_tba.simulator.records import entities
from tap_netsuite_tba.simulator.records.beyond import Beyond
from tap_netsuite_tba.simulator.records.parts import Part, Sublist
from tap_netsuite_tba.simulator.records.rows import Row, Rows
from tap_netsuite_tba.simulator.records.selection import KEYS, is_of_type
from tap_netsuite_tba.simulator.records.snapshot import Kept, Snapshot
from tap_netsuite_tba.simulator.records.transactions import transaction
from tap_netsuite_tba.simulator.records.values import Reading
from tap_netsuite_tba.simulator.storage import Storage
from tap_netsuite_tba.simulator.suiteql.catalog import Catalog
from tap_netsuite_tba.simulator.suiteql.kinds import identifier
from tap_netsuite_tba.simulator.suiteql.visibility import visible_rows

_BEYOND: Mapping[str, Callable[[Row, Snapshot], Beyond]] = {
    "contact": entities.contact,
    "customer": entities.customer,
    "employee": entities.employee,
    "item": entities.item,
    "transaction": transaction,
    "vendor": entities.vendor,
}
_ID = re.compile(r"-?[0-9]{1,18}")


class Truth:
    """Reads records as the role sees them.

    Args:
        storage: the account's rows.
        catalog: which of them the role sees.
        record_types: what a record of a type shows.
    """

    def __init__(self, storage: Storage, catalog: Catalog, record_types: RecordTypes) -> None:
        self._storage = storage
        self._catalog = catalog
        self._record_types = record_types
        self._rows = Rows(storage)
        self._types: tuple[object, dict[str, RecordType | None]] = (None, {})
        self._kept: tuple[int, Kept] = (-1, Kept())

    def find(self, name: str) -> RecordType | None:
        """Return the record type ``name``, in whatever case; None if there is none for the role."""
        name = name.lower()
        edition = (self._storage.edition, self._catalog.version, self._catalog.role)
        known_edition, known = self._types
        if edition != known_edition:
            known = {}
            self._types = (edition, known)
        if name not in known:
            known[name] = self._record_types.find(name)
        return known[name]

    def load(self, record: RecordType, key: str) -> Part | None:
        """Return a record whole; None if the role sees none of this type by that key.

        Args:
            record: its type.
            key: an internal id, or ``eid:`` and an external id.
        """
        where = self._where(record, key)
        if where is None:
            return None
        with self._storage.cursor() as cursor:
            edition = self._storage.edition
            cursor.begin()
            cursor.execute("SELECT txid_current()").fetchall()  # BEGIN alone begins nothing
            snapshot = Snapshot(cursor, self._rows, self._kept_of(edition))
            for row in self._candidates(snapshot, record, where):
                if is_of_type(record.name, record.table or "", row):
                    return _record(record, row, snapshot)
        return None

    def _candidates(
        self, snapshot: Snapshot, record: RecordType, where: Mapping[str, object]
    ) -> list[Row]:
        """Return the rows of the table that the role sees by that key, of whatever type."""
        table = record.table or ""
        source = visible_rows(self._catalog.role, table, self._storage.tables)
        ((column, key),) = where.items()
        if isinstance(key, int) and source == identifier(table):
            return snapshot.rows(table, column, key)
        return snapshot.read(table, where, source=source)

    def _where(self, record: RecordType, key: str) -> Mapping[str, object] | None:
        """Return the column by which a record is found, with its value; None if none can be."""
        stored = self._storage.tables.get(record.table or "", {})
        if key.startswith("eid:"):
            return {"externalid": key.removeprefix("eid:")} if "externalid" in stored else None
        column = next((each for each in KEYS if each in stored), None)
        if column is None or not _ID.fullmatch(key):
            return None
        return {column: key if stored[column] == "VARCHAR" else int(key)}

    def _kept_of(self, edition: int) -> Kept:
        """Return what was read of the rows that a transaction sees that began in ``edition``.

        If somebody wrote meanwhile nobody knows which rows it sees, and nothing is kept of them.
        """
        if edition % 2 or self._storage.edition != edition:
            return Kept()
        known, kept = self._kept
        if known != edition:
            kept = Kept()
            self._kept = (edition, kept)
        return kept


def _record(record: RecordType, row: Row, snapshot: Snapshot) -> Part:
    table = record.table or ""
    beyond = _BEYOND[table](row, snapshot) if table in _BEYOND else Beyond()
    reading = Reading(snapshot, record.title)
    key = str(next(row[each] for each in KEYS if each in row))
    fields = reading.fields(record.properties, {**row, **beyond.fields}, table)
    fields["id"] = key
    for sublist in record.sublists:
        lines = [
            Part(line.key, reading.fields(sublist.properties, line.row, line.table))
            for line in beyond.lines.get(sublist.name, ())
        ]
        fields[sublist.name] = Sublist(tuple(lines))
    return Part(key, fields)
