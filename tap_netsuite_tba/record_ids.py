"""Whose rows in SuiteQL tell the ids of a record type.

NetSuite's lists of records give neither an order nor a time of change that is exact, so ids and
modification dates come from SuiteQL, where a record type is a table, or some rows of one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from tap_netsuite_tba.discovery.customtables import FAMILIES_BY_PREFIX
from tap_netsuite_tba.extraction.logged import normal_type
from tap_netsuite_tba.record_types import CURSORS, stream_of
from tap_netsuite_tba.shipped import family, shipped_tables
from tap_netsuite_tba.tables import DELETED_AT, Column, ColumnType, Group, Lines, Source, Table


def ways_to_ids(record_type: str) -> tuple[Table, ...]:
    """What may have the ids of a record type, the likeliest first; which does, NetSuite says."""
    for source, types in _described()["types"].items():
        if described := types.get(record_type):
            deleted = frozenset(described.get("deleted", ()))
            return tuple(
                _ids(record_type, source, tuple(only.items()), deleted)
                for only in described["only"]
            )
    if record_type in shipped_tables() or _family_of(record_type):
        return (_ids(record_type, record_type),)
    named = tuple(_unknown(record_type, cursor) for cursor in (*CURSORS, None))
    return (*named, _ids(record_type, "transaction", (("recordtype", record_type),)))


def is_known(record_type: str) -> bool:
    """Whether it is known without NetSuite where the ids of a record type are."""
    described = record_type in known_types()
    return described or record_type in shipped_tables() or _family_of(record_type) is not None


def known_types() -> tuple[str, ...]:
    """The record types of every account that are not tables of SuiteQL."""
    return tuple(name for types in _described()["types"].values() for name in types)


def types_within(table: str) -> tuple[str, ...]:
    """The frequent record types of a table that is none itself; none of any other name."""
    return tuple(_described()["mixed"].get(table, ()))


def with_columns(ids: Table, cursor: str | None) -> Table:
    """The ids of records with the columns by which they are read."""
    columns = [Column(ids.key[0], ColumnType.INTEGER)]
    if ids.deleted_types:
        columns.append(Column(DELETED_AT, ColumnType.DATETIME, source=Source.TAP))
    if cursor:
        columns.append(Column(cursor, ColumnType.DATETIME))
    return replace(ids, columns=tuple(columns), cursor=cursor, lines=ids.lines if cursor else None)


def _ids(
    record_type: str,
    source: str,
    only: Sequence[tuple[str, str]] = (),
    deleted: frozenset[str] = frozenset(),
) -> Table:
    """The ids of a record type, which are some rows of a table of SuiteQL's, or all."""
    base = shipped_tables().get(source) or _family_of(source) or Table(source, ("id",), ())
    if only:
        # The log may name what it is a part of, and not the type.
        deleted = (deleted or frozenset({normal_type(record_type)})) | {normal_type(source)}
    ids = Table(
        name=stream_of(record_type),
        key=base.key if len(base.key) == 1 else ("id",),
        columns=(),
        group=Group.CORE,
        deleted_types=deleted or base.deleted_types,
        permissions=base.permissions,
        feature=base.feature,
        source=source,
        only=tuple(only),
        lines=Lines(**lines) if (lines := _described()["lines"].get(source)) else None,
    )
    return with_columns(ids, base.cursor)


def _unknown(record_type: str, cursor: str | None) -> Table:
    """A table that nothing tells of; without a date it is read whole, and told by that."""
    deleted = frozenset({normal_type(record_type)} if cursor else ())
    return with_columns(replace(_ids(record_type, record_type), deleted_types=deleted), cursor)


def _family_of(name: str) -> Table | None:
    """What is known of a custom record type or list; None of anything else."""
    kind = next(
        (kind for prefix, kind in FAMILIES_BY_PREFIX.items() if name.startswith(prefix)), ""
    )
    if not kind:
        return None
    return replace(family(kind), name=name, deleted_types=frozenset({normal_type(name)}))


@cache
def _described() -> Mapping[str, Mapping[str, Any]]:
    import tomllib  # noqa: PLC0415 - most runs read no records

    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
