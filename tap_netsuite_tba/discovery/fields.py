"""From the account's custom fields to the columns that tables may have."""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from tap_netsuite_tba.discovery.customization import (
    CustomField,
    Customization,
    CustomSegment,
)
from tap_netsuite_tba.discovery.families import (
    OTHER_RECORDS,
    RECORD_FIELDS,
    STANDARD_RECORDS,
    TABLES_BY_PREFIX,
    TYPES,
)
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import Column, ColumnType, Source, Table, is_identifier

logger = logging.getLogger(__name__)


_NAMED = 20
"""So many names are said in a line; of the others, how many they are."""

_TOLD_BETTER = frozenset(
    {
        (ColumnType.INTEGER, ColumnType.DECIMAL),
        (ColumnType.INTEGER, ColumnType.MULTISELECT),
        (ColumnType.TEXT, ColumnType.MULTISELECT),
        (ColumnType.DATETIME, ColumnType.DATE),
    }
)
"""Types as a sample shows them, and as a field may say that they are."""


@dataclass(frozen=True)
class CustomColumns:
    """The custom columns of an account.

    Attributes:
        by_table: Those that each table may have, in alphabetical order.
        of_no_table: Those of which it is not known where they are, by their names.
        are_listed: Whether the list of custom fields, which tells of them, could be read.
    """

    by_table: Mapping[str, tuple[Column, ...]]
    of_no_table: Mapping[str, Column]
    are_listed: bool = True

    def told(self, table: Table) -> Table:
        """A sampled table with what the fields tell of those columns that only its rows told of."""
        return table.with_columns(
            tuple(
                _told(column, self.of_no_table.get(column.name, column)) for column in table.columns
            )
        )

    def of(self, table: str) -> tuple[Column, ...]:
        """Those that a table may have."""
        return self.by_table.get(table, ())


def custom_columns(customization: Customization) -> CustomColumns:
    """The columns that the account's custom fields and segments may be, by their tables."""
    tables = _tables_by_name(customization)
    found: dict[str, dict[str, Column]] = defaultdict(dict)
    of_no_table: dict[str, Column] = {}
    for field in _usable(customization):
        column = _column(field, tables)
        homes = _homes(field, tables)
        if not homes:
            of_no_table[column.name] = column
        for table in homes:
            known = found[table].get(column.name, column)
            # Which of two fields a column is cannot be told; both are texts.
            kind = known.type if known.type is column.type else ColumnType.TEXT
            found[table][column.name] = replace(known, type=kind)
    if of_no_table:
        logger.info(
            "It is not known to which table these custom fields belong, so they are columns only "
            "where sampled rows have them: %s.",
            _listed(of_no_table),
        )
    return CustomColumns(
        {table: tuple(named[name] for name in sorted(named)) for table, named in found.items()},
        of_no_table,
        are_listed="customfield" not in customization.unseen,
    )


def _told(column: Column, field: Column) -> Column:
    is_better = field.type is ColumnType.TEXT or (column.type, field.type) in _TOLD_BETTER
    return replace(field, type=field.type if is_better else column.type)


def _usable(customization: Customization) -> Iterator[CustomField]:
    """The active fields whose names SuiteQL takes; segments are fields, too."""
    script_ids: dict[str, str] = {}
    inactive: list[str] = []
    for field in (*customization.fields, *map(_as_field, customization.segments)):
        name = field.scriptid.lower()
        if not is_identifier(name):
            logger.warning(
                "The custom field %r is left out, for SuiteQL takes no such name.", field.scriptid
            )
        elif field.isinactive.upper().startswith("T"):
            inactive.append(name)
        else:
            if script_ids.setdefault(name, field.scriptid) != field.scriptid:
                logger.warning(
                    "The custom fields %s and %s are one column, for SuiteQL does not tell small "
                    "letters from capitals.",
                    script_ids[name],
                    field.scriptid,
                )
            yield field
    if inactive:
        logger.info("Inactive custom fields are left out: %s.", _listed(inactive))


def _as_field(segment: CustomSegment) -> CustomField:
    return CustomField(
        scriptid=segment.scriptid,
        name=segment.name,
        fieldvaluetype="List/Record",
        fieldvaluetyperecord=segment.recordtype,
    )


def _column(field: CustomField, tables: Mapping[str, str]) -> Column:
    return Column(
        field.scriptid.lower(),
        TYPES.get(field.fieldvaluetype.lower(), ColumnType.TEXT),
        description=field.description,
        title=field.name,
        references=tables.get(_normal(field.fieldvaluetyperecord), ""),
        source=Source.CUSTOM_FIELD,
    )


def _homes(field: CustomField, tables: Mapping[str, str]) -> tuple[str, ...]:
    """The tables on which a field may be; none if that cannot be told."""
    name = field.scriptid.lower()
    if name.startswith(RECORD_FIELDS):
        owner = tables.get(_normal(field.recordtype))
        if owner:
            return (owner,)
        return OTHER_RECORDS if "other" in field.fieldtype.lower() else ()
    prefix = max((p for p in TABLES_BY_PREFIX if name.startswith(p)), key=len, default=None)
    return TABLES_BY_PREFIX[prefix] if prefix else ()


def _tables_by_name(customization: Customization) -> dict[str, str]:
    """Tables by the ids, script ids and names by which fields refer to them; no ambiguous ones."""
    named: dict[str, set[str]] = defaultdict(set)
    for name, table in (*STANDARD_RECORDS.items(), *((name, name) for name in shipped_tables())):
        named[name].add(table)
    for each in (*customization.record_types, *customization.lists):
        for name in filter(None, (each.internalid, each.scriptid, each.name)):
            named[_normal(name)].add(each.scriptid.lower())
    return {name: next(iter(tables)) for name, tables in named.items() if len(tables) == 1}


def _normal(name: str) -> str:
    return name.lower().replace(" ", "")


def _listed(names: Collection[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(sorted(names)[:_NAMED]) + (f" and {more} more" if more > 0 else "")
