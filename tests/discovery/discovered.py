"""A discovery for a role in memory, and what such a role may find."""

from collections.abc import Mapping

from tap_netsuite_tba.discovery.candidates import candidate_tables
from tap_netsuite_tba.discovery.customization import Customization
from tap_netsuite_tba.discovery.fields import custom_columns
from tap_netsuite_tba.discovery.found import Discovery, Wanted
from tap_netsuite_tba.discovery.sources import Sources
from tap_netsuite_tba.discovery.tables import discover
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import NotFound
from tap_netsuite_tba.netsuite.lacking_parts import Others
from tap_netsuite_tba.netsuite.query import Document
from tap_netsuite_tba.tables import (
    ColumnType,
    Table,
)

from .role import Role, Row

WORKERS = Workers(3)
CUSTOM_FIELDS: Mapping[str, list[Row]] = {
    "customfield": [
        {
            "internalid": "1",
            "scriptid": "CUSTBODY_PROJECT",
            "name": "Project",
            "fieldvaluetype": "Date",
        },
        {
            "internalid": "2",
            "scriptid": "CUSTENTITY_TIER",
            "name": "Tier",
            "fieldvaluetype": "Percent",
        },
    ]
}
LISTS = frozenset({"customfield", "customlist", "customrecordtype", "customsegment"})
# What no file tells: two record types, one with an empty table, a list and a multiple select.
OWN: Mapping[str, list[Row]] = {
    "customrecordtype": [
        {"internalid": "101", "scriptid": "CUSTOMRECORD_VEHICLE", "name": "Vehicle"},
        {"internalid": "49", "scriptid": "CUSTOMRECORD49", "name": "Reklamation"},
    ],
    "customlist": [{"internalid": "41", "scriptid": "CUSTOMLIST_TAG", "name": "Tag"}],
    "customfield": [
        {
            "internalid": "3",
            "scriptid": "CUSTRECORD_PLATE",
            "recordtype": "101",
            "fieldvaluetype": "Free-Form Text",
        },
        {
            "internalid": "4",
            "scriptid": "CUSTITEM_TAGS",
            "fieldvaluetype": "Multiple Select",
            "fieldvaluetyperecord": "41",
        },
    ],
    "customrecord_vehicle": [
        {"id": "1", "name": "Lkw", "custrecord_plate": "UL-HG 1", "custrecord_axles": "2"}
    ],
}


def sources_of(role: Role) -> Sources:
    """By what a discovery asks a role that has no documents."""

    def read(record_type: str, key: int, _others: Others) -> Document:
        raise NotFound(f"Record {key} does not exist.", status=404, table=f"record_{record_type}")

    return Sources(role.fetch, role.catalog, read, WORKERS)


def discovered(
    role: Role,
    *patterns: str,
    column_types: Mapping[str, ColumnType] | None = None,
    include_labels: tuple[str, ...] = (),
) -> Discovery:
    wanted = Wanted(patterns or ("*",), column_types or {}, include_labels)
    return discover(wanted, role.fetch, role.catalog, WORKERS)


def found(
    role: Role, *patterns: str, column_types: Mapping[str, ColumnType] | None = None
) -> dict[str, Table]:
    tables = discovered(role, *patterns, column_types=column_types).tables
    assert [table.name for table in tables] == sorted(table.name for table in tables)
    return {table.name: table for table in tables}


def shipped_names() -> set[str]:
    customization = Customization()
    tables = candidate_tables(["*"], customization, custom_columns(customization))
    return {table.name for table in tables}


def of_netsuite(table: Table) -> tuple[str, ...]:
    """The columns of a table that NetSuite has."""
    return tuple(name for name in table.column_names if not name.startswith("_sdc_"))
