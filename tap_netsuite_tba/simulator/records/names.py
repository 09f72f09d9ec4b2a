"""What other records are called, and of which type they are: the names behind references."""

from collections.abc import Mapping
from dataclasses import dataclass

from tap_netsuite_tba.simulator.records.selection import record_type_of
from tap_netsuite_tba.simulator.records.snapshot import Snapshot
from tap_netsuite_tba.simulator.suiteql.labels import (
    NAMES,
    PLAIN_NAMES,
    STANDARD_TYPES,
    referred_tables,
)

# What tells the type of a record, where one table holds records of several.
_TELLING = ("recordtype", "itemtype", "subtype", "searchstage")
_CUSTOM_TABLES = ("customlist", "customrecordtype")


@dataclass(frozen=True)
class Named:
    """A record, as others refer to it.

    Attributes:
        name: as BUILTIN.DF gives it.
        type: its record type; None if the record service has none for it.
        external_id: if it has one.
    """

    name: str
    type: str | None
    external_id: str | None


def named_by(snapshot: Snapshot, column: str, table: str | None, key: object) -> Named | None:
    """Return the record that a column refers to; None if nobody knows it.

    Args:
        snapshot: the account.
        column: that refers, lower case.
        table: its table; None if it is made up.
        key: the internal id.
    """
    found = (named(snapshot, target, key) for target in _targets(snapshot, column, table))
    return next(filter(None, found), None)


def named(snapshot: Snapshot, table: str, key: object) -> Named | None:
    """Return the record with this key in ``table``; None if there is none."""
    return snapshot.once(("name", table, key), lambda: _look_up(snapshot, table, key))


def _look_up(snapshot: Snapshot, table: str, key: object) -> Named | None:
    id_column, *names = NAMES.get(table, PLAIN_NAMES)
    wanted = {*names, "externalid", *_TELLING}
    for row in snapshot.read(table, {id_column: key}, wanted=wanted):
        name = next((row[each] for each in names if row[each] is not None), str(key))
        return Named(name, record_type_of(table, row), row["externalid"])
    return None


def _targets(snapshot: Snapshot, column: str, table: str | None) -> tuple[str, ...]:
    if not column.startswith("cust"):
        return referred_tables(column, table)
    target = snapshot.once("custom fields", lambda: _custom_targets(snapshot)).get(column)
    return referred_tables(column, table) if target is None else (target,)


def _custom_targets(snapshot: Snapshot) -> Mapping[str, str]:
    """Return the table that each custom field points to."""
    types = dict(STANDARD_TYPES)
    for kind in _CUSTOM_TABLES:
        for row in snapshot.few(kind, {}):
            types[row["internalid"]] = row["scriptid"].lower()
    return {
        row["scriptid"].lower(): types[row["fieldvaluetyperecord"]]
        for row in snapshot.few("customfield", {})
        if row["fieldvaluetyperecord"] in types
    }
