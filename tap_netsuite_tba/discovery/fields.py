"""From the account's custom fields to the columns that tables may have."""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tap_netsuite_tba.discovery.customization import (
    CustomField,
    Customization,
    CustomRecord,
    CustomSegment,
)
from tap_netsuite_tba.discovery.families import (
    OTHER_RECORDS,
    RECORD_FIELDS,
    SEGMENT,
    STANDARD_RECORDS,
    TABLES_BY_PREFIX,
    TYPES,
    tables_of,
)
from tap_netsuite_tba.discovery.found import fits
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import Column, ColumnType, Source, is_identifier

logger = logging.getLogger(__name__)


_NAMED = 20
"""So many names are said in a line; of the others, how many they are."""


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

    @property
    def lack_owners(self) -> bool:
        """Whether any of them may be on each record."""
        return any(name.startswith(RECORD_FIELDS) for name in self.of_no_table)

    def of(self, table: str) -> tuple[Column, ...]:
        """Those that a table may have."""
        return self.by_table.get(table, ())


def custom_columns(customization: Customization, patterns: Sequence[str] = ("*",)) -> CustomColumns:
    """The columns that the account's custom fields and segments may be, by their tables.

    Args:
        customization: What the account added to NetSuite.
        patterns: What fits none of them nobody is warned about.
    """
    owners = _tables_by_name(customization.record_types)
    values = _tables_by_name((*customization.record_types, *customization.lists))
    found: dict[str, dict[str, Column]] = defaultdict(dict)
    of_no_table: dict[str, Column] = {}
    odd: list[str] = []
    for field in _usable(customization, owners, patterns):
        column = _column(field, values)
        if field.fieldvaluetype and _letters(field.fieldvaluetype) not in TYPES:
            odd.append(f"{column.name} ({field.fieldvaluetype})")
        homes = _homes(field, owners)
        if not homes:
            of_no_table[column.name] = column
        for table in homes:
            known = found[table].get(column.name, column)
            # Which of two fields a column is cannot be told; both are texts.
            kind = known.type if known.type is column.type else ColumnType.TEXT
            found[table][column.name] = replace(known, type=kind)
    _say_where(found, of_no_table)
    if odd:
        logger.info(
            "What kind of values these custom fields have is not known, so they are read as text, "
            "or as column_types says: %s.",
            listed(odd),
        )
    return CustomColumns(
        {table: tuple(named[name] for name in sorted(named)) for table, named in found.items()},
        of_no_table,
        are_listed="customfield" not in customization.unseen,
    )


def listed(names: Collection[str]) -> str:
    """The names in alphabetical order; of many, the first, and how many more there are."""
    more = len(names) - _NAMED
    return ", ".join(sorted(names)[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _say_where(found: Mapping[str, Collection[str]], of_no_table: Collection[str]) -> None:
    """Says of which fields it is not known where they are, or where else they may be."""
    if of_no_table:
        logger.info(
            "It is not known to which table these custom fields belong, so they are columns only "
            "where sampled rows have them: %s.",
            listed(of_no_table),
        )
    tables = TABLES_BY_PREFIX[SEGMENT]
    segments = {name for table in tables for name in found.get(table, ()) if _is_segment(name)}
    if segments:
        logger.info(
            "Columns of custom segments are looked for on %s, and on no other table: %s.",
            ", ".join(tables),
            listed(segments),
        )


def _is_segment(name: str) -> bool:
    return name.startswith(SEGMENT)


def _usable(
    customization: Customization, owners: Mapping[str, str], patterns: Sequence[str]
) -> Iterator[CustomField]:
    """The active fields whose names SuiteQL takes; segments are fields, too."""
    script_ids: dict[str, str] = {}
    inactive: list[str] = []
    for field in (*customization.fields, *map(_as_field, customization.segments)):
        name = field.scriptid.lower()
        homes = _homes(field, owners)
        is_wanted = not homes or any(fits(table, patterns) for table in homes)
        level = logging.WARNING if is_wanted else logging.DEBUG
        if not is_identifier(name):
            logger.log(
                level,
                "The custom field %r is left out, for SuiteQL takes no such name.",
                field.scriptid,
            )
        elif field.isinactive.upper().startswith("T"):
            inactive.append(name)
        else:
            if script_ids.setdefault(name, field.scriptid) != field.scriptid:
                logger.log(
                    level,
                    "The custom fields %s and %s are one column, for SuiteQL does not tell small "
                    "letters from capitals.",
                    script_ids[name],
                    field.scriptid,
                )
            yield field
    if inactive:
        logger.info("Inactive custom fields are left out: %s.", listed(inactive))


def _as_field(segment: CustomSegment) -> CustomField:
    return CustomField(
        scriptid=segment.scriptid,
        name=segment.name,
        fieldvaluetype="List/Record",
        fieldvaluetyperecord=segment.recordtype,
    )


def _column(field: CustomField, values: Mapping[str, str]) -> Column:
    return Column(
        field.scriptid.lower(),
        TYPES.get(_letters(field.fieldvaluetype), ColumnType.TEXT),
        description=field.description,
        title=field.name,
        references=values.get(_normal(field.fieldvaluetyperecord), ""),
        source=Source.CUSTOM_FIELD,
    )


def _homes(field: CustomField, owners: Mapping[str, str]) -> tuple[str, ...]:
    """The tables on which a field may be; none if that cannot be told."""
    name = field.scriptid.lower()
    if not name.startswith(RECORD_FIELDS):
        return tables_of(name)
    if owner := owners.get(_normal(field.recordtype)):
        return (owner,)
    return OTHER_RECORDS if "other" in field.fieldtype.lower() else ()


def _tables_by_name(entries: Iterable[CustomRecord]) -> dict[str, str]:
    """Tables by what fields call them, which is no name of two: ids before names.

    Args:
        entries: Those that the account made itself; NetSuite's own are among them anyway.
    """
    ids: dict[str, set[str]] = defaultdict(set)
    names: dict[str, set[str]] = defaultdict(set)
    for name, table in (*STANDARD_RECORDS.items(), *((name, name) for name in shipped_tables())):
        names[name].add(table)
    for entry in entries:
        table = entry.scriptid.lower()
        ids[_normal(entry.internalid)].add(table)
        ids[_normal(entry.scriptid)].add(table)
        names[_normal(entry.name)].add(table)
    return _unambiguous(names) | _unambiguous(ids)


def _unambiguous(named: Mapping[str, set[str]]) -> dict[str, str]:
    return {name: next(iter(tables)) for name, tables in named.items() if name and len(tables) == 1}


def _letters(words: str) -> str:
    return "".join(filter(str.isalpha, words.lower()))


def _normal(name: str) -> str:
    return name.lower().replace(" ", "")
