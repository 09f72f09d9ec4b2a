"""The tables that the account made itself: custom records, lists, segments, and mappings."""

import logging
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from tap_netsuite_tba.discovery.customization import Customization, CustomRecord
from tap_netsuite_tba.discovery.fields import CustomColumns
from tap_netsuite_tba.extraction.logged import normal_type
from tap_netsuite_tba.shipped import family, shipped_tables
from tap_netsuite_tba.tables import Column, ColumnType, Group, Table, is_identifier

logger = logging.getLogger(__name__)

RECORD, LIST, MAPPING = "customrecord", "customlist", "mapping"
"""The families of such tables."""

MAPPINGS = "map_"
FAMILIES_BY_PREFIX = {"customrecord": RECORD, "customlist": LIST, MAPPINGS: MAPPING}
"""By what the names of their tables begin with."""

TOLD_BY = {"customrecord": "customrecordtype", "customlist": "customlist", MAPPINGS: "customfield"}
"""The list of NetSuite's that names them, likewise."""

_VALUES_OF_SEGMENT = "customrecord_cseg"


def custom_tables(
    customization: Customization, columns: CustomColumns, record_names: Collection[str]
) -> dict[str, Table]:
    """The tables that the account made itself, by name, with the columns that they may have.

    Args:
        customization: What the account added to NetSuite.
        columns: Its custom columns.
        record_names: Other names of records, of which those of custom records and lists count.
    """
    tables: dict[str, Table] = {}
    for family_name, entry in _entries(customization, record_names):
        name = entry.scriptid.lower()
        if not is_identifier(name):
            logger.warning("The table %r is left out, for SuiteQL takes no such name.", name)
        elif name not in tables and name not in shipped_tables():
            table = custom_table(name, family_name, columns)
            tables[name] = replace(table, description=_description(entry, table))
    return tables | _mappings((*shipped_tables().values(), *tables.values()), columns)


def own_names(
    customization: Customization, columns: CustomColumns, record_names: Collection[str]
) -> tuple[str, ...]:
    """The names of these tables, in alphabetical order."""
    entries = (entry.scriptid.lower() for _, entry in _entries(customization, record_names))
    mappings = (
        _mapping_name(table, column.name)
        for table, custom in columns.by_table.items()
        for column in custom
        if column.type is ColumnType.MULTISELECT
    )
    return tuple(sorted({*entries, *mappings}))


def custom_table(name: str, family_name: str, columns: CustomColumns) -> Table:
    """A table of a family, with the columns that it may have."""
    template = family(family_name)
    table = replace(template, name=name, columns=(*template.columns, *columns.of(name)))
    if family_name != RECORD:
        return table
    group = Group.DETAIL if name.startswith(_VALUES_OF_SEGMENT) else template.group
    # Not by its type's name: others may have that, too, and no catalog tells it.
    return replace(table, group=group, deleted_types=frozenset({normal_type(name)}))


def has_known_columns(name: str) -> bool:
    """Whether a table's family has all of its columns, so that its rows need not be looked at."""
    return name.startswith((LIST, MAPPINGS))


def _entries(
    customization: Customization, record_names: Collection[str]
) -> Iterator[tuple[str, CustomRecord]]:
    """The families and the entries of all tables; what tells most of a table comes first."""
    for entry in customization.record_types:
        yield RECORD, entry
    for entry in customization.lists:
        yield LIST, entry
    types = {entry.internalid: entry.scriptid for entry in customization.record_types}
    for segment in customization.segments:
        script_id = types.get(segment.recordtype, f"customrecord_{segment.scriptid}")
        yield RECORD, CustomRecord(scriptid=script_id, name=segment.name)
    for name in sorted(record_names):
        for family_name in (RECORD, LIST):
            if name.startswith(family_name):
                yield family_name, CustomRecord(scriptid=name)


def _description(entry: CustomRecord, table: Table) -> str:
    """What the account says of a table, behind what all of its family are."""
    said = ": ".join(filter(None, (entry.name, entry.description)))
    return f"{table.description} {said}".rstrip()


def _mappings(tables: Iterable[Table], columns: CustomColumns) -> dict[str, Table]:
    """The tables that pair the records of other tables with what is selected in them."""
    return {
        mapping.name: mapping
        for table in tables
        for column in columns.of(table.name)
        if column.type is ColumnType.MULTISELECT
        for mapping in [_mapping(table, column)]
    }


def _mapping(table: Table, column: Column) -> Table:
    template = family(MAPPING)
    targets = {"mapone": table.name, "maptwo": column.references}
    return replace(
        template,
        name=_mapping_name(table.name, column.name),
        columns=tuple(replace(c, references=targets.get(c.name, "")) for c in template.columns),
        permissions=table.permissions,
        feature=table.feature,
    )


def _mapping_name(table: str, column: str) -> str:
    return f"{MAPPINGS}{table}_{column}"
