"""From the setting `tables` to the tables that are asked for, with the columns they may have."""

import difflib
import logging
import re
from collections.abc import Collection, Mapping, Sequence

from tap_netsuite_tba.discovery.customization import Customization
from tap_netsuite_tba.discovery.customtables import (
    FAMILIES_BY_PREFIX,
    custom_table,
    custom_tables,
)
from tap_netsuite_tba.discovery.families import OTHER_RECORDS, ROWS_OF, TABLES_BY_PREFIX
from tap_netsuite_tba.discovery.fields import CustomColumns
from tap_netsuite_tba.discovery.found import fits
from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import (
    PARENT_MODIFIED_AT,
    Column,
    ColumnType,
    Group,
    Source,
    Table,
    is_identifier,
)

logger = logging.getLogger(__name__)

_WILDCARD = re.compile(r"[*?\[]")
CUSTOMIZED = frozenset(OTHER_RECORDS).union(*TABLES_BY_PREFIX.values())
"""The tables that every account has, and to which accounts add columns."""


def named_tables(patterns: Sequence[str]) -> frozenset[str]:
    """The tables that are named exactly, whether there are such or not."""
    return frozenset(p.lower() for p in patterns if not _WILDCARD.search(p))


def wants_customization(patterns: Sequence[str]) -> bool:
    """Whether a wanted table may be the account's own, or may have columns of its own."""
    if wants_custom_tables(patterns):
        return True
    return any(fits(name, patterns) for name in CUSTOMIZED)


def wants_custom_tables(patterns: Sequence[str]) -> bool:
    """Whether a wanted table may be the account's own."""
    return any(
        _could_fit(pattern.lower(), prefix) for pattern in patterns for prefix in FAMILIES_BY_PREFIX
    )


def candidate_tables(
    patterns: Sequence[str],
    customization: Customization,
    columns: CustomColumns,
    record_names: Collection[str] = (),
) -> list[Table]:
    """The tables that fit a name or a pattern, in alphabetical order.

    A table that is named and that nothing tells of has no key and no columns, or those of its
    family; its rows will tell.

    Args:
        patterns: Names, or patterns such as `transaction*`.
        customization: What the account added to NetSuite.
        columns: Its custom columns.
        record_names: Record types that NetSuite's catalog of records names.

    Raises:
        ConfigurationError: A pattern fits none, though the role sees all that it may mean, or a
            name is none of a table.
    """
    own = custom_tables(customization, columns, record_names)
    known = {name: _completed(table, columns) for name, table in shipped_tables().items()} | own
    chosen: dict[str, Table] = {}
    problems: list[ConfigurationError] = []
    for pattern in patterns:
        name = pattern.lower()
        if name in named_tables(patterns):
            chosen[name] = known.get(name) or _unknown(name, columns)
            continue
        fitting = {
            name: table
            for name, table in known.items()
            if table.group is not Group.SYSTEM and fits(name, [pattern])
        }
        if not fitting:
            problems.append(_fits_nothing(pattern, known, customization.unseen))
            if not (customization.unseen and wants_custom_tables([pattern])):
                raise problems[-1]
        chosen |= {name: table for name, table in fitting.items() if name not in chosen}
    if not chosen:
        raise problems[0]
    for problem in problems:
        logger.warning("%s", problem)
    return [chosen[name] for name in sorted(chosen)]


def near_names(name: str, known: Collection[str]) -> list[str]:
    """The names of tables that look like another one."""
    return difflib.get_close_matches(name.lower(), known)


def _completed(table: Table, custom: CustomColumns) -> Table:
    """A shipped table with its custom columns, and lines with the date of their transaction."""
    columns = list(table.columns)
    if table.parent:
        modified = f"When the {table.parent.table} of the row was last modified."
        columns.append(Column(PARENT_MODIFIED_AT, ColumnType.DATETIME, modified, source=Source.TAP))
    known = set(table.column_names)
    columns += [column for column in custom.of(table.name) if column.name not in known]
    return table.with_columns(tuple(columns))


def _unknown(name: str, columns: CustomColumns) -> Table:
    """A table that is named, though nothing tells of it."""
    if owner := ROWS_OF.get(name):
        raise ConfigurationError(
            f"tables: {name} is no table of SuiteQL; its records are rows of {owner}, so name "
            f"that, or name {name} in the setting records to have each as a document."
        )
    if not is_identifier(name):
        raise ConfigurationError(f"tables: {name!r} is no name of a table.")
    for prefix, family_name in FAMILIES_BY_PREFIX.items():
        if name.startswith(prefix):
            return custom_table(name, family_name, columns)
    return Table(name, (), ())


def _fits_nothing(
    pattern: str, known: Collection[str], unseen: Mapping[str, str]
) -> ConfigurationError:
    owners = {owner for name, owner in ROWS_OF.items() if fits(name, [pattern])}
    near = ", ".join(sorted(owners) or near_names(pattern, known))
    hidden = f" The role does not see {', '.join(sorted(unseen))}." if unseen else ""
    return ConfigurationError(
        f"tables: {pattern!r} fits no table; near it: "
        f"{near or 'none, but `netsuite-tba tables` lists them all'}.{hidden}"
    )


def _could_fit(pattern: str, prefix: str) -> bool:
    """Whether a name that begins with a prefix may fit a pattern."""
    wildcard = _WILDCARD.search(pattern)
    if wildcard is None:
        return pattern.startswith(prefix)
    literal = pattern[: wildcard.start()]
    return prefix.startswith(literal) or literal.startswith(prefix)
