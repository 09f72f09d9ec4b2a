"""The record types of the account, made of its tables as they are at the moment."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from tap_netsuite_tba.simulator.metadata.properties import (
    Property,
    custom_kind,
    data,
    kind_of_type,
    of_column,
    of_custom_field,
    standard,
    title,
)
from tap_netsuite_tba.simulator.roles import ColumnRefusal
from tap_netsuite_tba.simulator.storage import Storage
from tap_netsuite_tba.simulator.suiteql.catalog import Catalog
from tap_netsuite_tba.simulator.suiteql.visibility import lost_columns

_CUSTOM_TABLES = ("customrecord", "customlist_")
_CUSTOM_COLUMNS = ("custbody", "custcol", "custentity", "custevent", "custitem", "custrecord")
_CUSTOM_FIELDS = """
    SELECT lower(scriptid), name, description, fieldvaluetype, fieldtype, isstored = 'T'
    FROM customfield WHERE isinactive = 'F' ORDER BY id
"""


@dataclass(frozen=True)
class Sublist:
    """The lines of a record.

    Attributes:
        name: camelCase.
        properties: of a line.
        filterable: names of the properties that ``q`` takes.
        key: what tells lines apart when a record is written, as NetSuite puts it.
    """

    name: str
    properties: Sequence[Property]
    filterable: Sequence[str]
    key: Mapping[str, Any]


@dataclass(frozen=True)
class RecordType:
    """One record type.

    Attributes:
        name: lower case, as in the catalog.
        title: such as ``Sales Order``.
        properties: its fields without ``links`` and ``refName``, which all have.
        filterable: names of the properties that ``q`` takes.
        table: where its rows lie; None if the account has none of them.
        sublists: its lines.
        is_custom: whether the account made it.
    """

    name: str
    title: str
    properties: Sequence[Property]
    filterable: Sequence[str]
    table: str | None = None
    sublists: Sequence[Sublist] = ()
    is_custom: bool = False


@dataclass(frozen=True)
class _CustomField:
    property: Property
    field_type: str
    is_stored: bool


class RecordTypes:
    """The record types that a role sees."""

    def __init__(self, storage: Storage, catalog: Catalog) -> None:
        self._storage = storage
        self._catalog = catalog
        self._salt = secrets.token_bytes(8)

    def names(self) -> list[str]:
        """Return the names, in no order: another one after each start."""
        known = [*_families(), *filter(_is_custom, self._storage.tables)]
        return sorted(filter(self._has, known), key=self._place)

    def find(self, name: str) -> RecordType | None:
        """Return the record type ``name``, in whatever case; None if there is none for the role."""
        name = name.lower()
        if not self._has(name):
            return None
        family = _families().get(name)
        return self._custom(name) if family is None else self._standard(name, family)

    def is_known(self, name: str) -> bool:
        """Tell whether NetSuite or the account has a record type ``name``, whatever the role."""
        name = name.lower()
        return name in _families() or (_is_custom(name) and name in self._storage.tables)

    def _standard(self, name: str, family: Mapping[str, Any]) -> RecordType:
        fields = self._custom_fields()
        columns = self._columns(family, fields)
        formulas = [
            field.property
            for field in fields.values()
            if field.field_type == family.get("formulas") and not field.is_stored
        ]
        lines = data("record_types")["sublists"]
        return RecordType(
            name,
            family["title"],
            _merged([*columns, *formulas], family.get("adds", {})),
            [*(one.name for one in columns), *family.get("filterable", ())],
            family["table"],
            [self._sublist(line, lines[line], fields) for line in family.get("sublists", ())],
        )

    def _custom(self, table: str) -> RecordType:
        columns = self._columns({"table": table}, self._custom_fields())
        names = [one.name for one in columns]
        is_custom = table.startswith("customrecord")
        return RecordType(table, table, columns, names, table, is_custom=is_custom)

    def _sublist(
        self, name: str, line: Mapping[str, Any], fields: Mapping[str, _CustomField]
    ) -> Sublist:
        properties = _merged(self._columns(line, fields), line["adds"])
        return Sublist(name, properties, line.get("filterable", ()), line["key"])

    def _columns(
        self, family: Mapping[str, Any], fields: Mapping[str, _CustomField]
    ) -> list[Property]:
        """Return what the record service shows of the columns of a family's table."""
        table = family.get("table")
        omitted = {*suiteql_only(table), *family.get("omits", ()), *self._hidden(table)}
        return [
            _property(column, duckdb_type, fields)
            for column, duckdb_type in self._storage.tables.get(table or "", {}).items()
            if column not in omitted
        ]

    def _custom_fields(self) -> dict[str, _CustomField]:
        if "customfield" not in self._storage.tables:
            return {}
        with self._storage.cursor() as cursor:
            rows = cursor.execute(_CUSTOM_FIELDS).fetchall()
        return {
            column: _CustomField(
                of_custom_field(column, label, description, custom_kind(value_type)),
                field_type,
                is_stored,
            )
            for column, label, description, value_type, field_type, is_stored in rows
        }

    def _has(self, name: str) -> bool:
        """Tell whether there is a record type ``name`` for the role."""
        if name not in _families() and not _is_custom(name):
            return False
        if name in (self._catalog.role.unlisted or ()):
            return False
        table = _families().get(name, {"table": name})["table"]
        if table is None:
            return self._catalog.may_see(name)
        is_there = table in self._storage.tables
        return is_there and self._catalog.may_see(table) and self._catalog.may_see(name)

    def _hidden(self, table: str | None) -> Iterable[str]:
        """Return the columns of a table that the role does not even know of."""
        yield from lost_columns(self._catalog.role)
        for (of_table, column), how in self._catalog.role.columns.items():
            if of_table == table and how in {ColumnRefusal.REMOVED, ColumnRefusal.UNKNOWN}:
                yield column

    def _place(self, name: str) -> bytes:
        return hashlib.blake2b(name.encode(), key=self._salt).digest()


def suiteql_only(table: str | None) -> Iterable[str]:
    """Return the columns of a table that the record service does not show."""
    columns: Iterable[str] = data("record_types")["suiteql_only"].get(table, ())
    return columns


def _merged(columns: Iterable[Property], adds: Mapping[str, str]) -> list[Property]:
    """Return the properties of the columns and the added ones, which win; names to kinds."""
    kept = [one for one in columns if one.name not in adds]
    return [*kept, *(standard(name, kind) for name, kind in adds.items())]


def _property(column: str, duckdb_type: str, fields: Mapping[str, _CustomField]) -> Property:
    if column in fields:
        return fields[column].property
    if column.startswith(_CUSTOM_COLUMNS):
        return of_custom_field(column, column, None, kind_of_type(duckdb_type))
    return of_column(column, duckdb_type)


def _is_custom(table: str) -> bool:
    return table.startswith(_CUSTOM_TABLES) and table != "customrecordtype"


@cache
def _families() -> Mapping[str, Mapping[str, Any]]:
    """Return each standard record type's family, with a title of the type's own."""
    known = data("record_types")
    alike = [{"table": name.lower(), "types": [name]} for name in known["same_as_table"]]
    return {
        name.lower(): {**family, "title": title(name)}
        for family in [*known["families"], *alike]
        for name in family["types"]
    }
