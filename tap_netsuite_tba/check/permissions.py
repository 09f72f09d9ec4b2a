"""The permissions of the role, against those that the set-up guide gives it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import partial

from tap_netsuite_tba.check.case import Case
from tap_netsuite_tba.check.findings import Finding, Status, failed, passed, skipped
from tap_netsuite_tba.check.probes import Probe
from tap_netsuite_tba.check.records import MOST_TYPES, Opened, open_records
from tap_netsuite_tba.discovery.candidates import named_tables
from tap_netsuite_tba.discovery.families import UNSEEN
from tap_netsuite_tba.discovery.found import fits
from tap_netsuite_tba.explanations import Cause, Permission, cause, permissions
from tap_netsuite_tba.settings import Settings
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import Group, is_identifier

MANAGE_ROLES = "Setup > Users/Roles > Manage Roles"
ENABLE_FEATURES = "Setup > Company > Enable Features"

_TRANSACTION = "transaction"
"""The table with the rows of the record types that permissions for transactions open."""

_ALWAYS = "always"
"""How the use of a permission begins without which an earlier step has failed."""

_LISTS: Mapping[str, str] = {
    "customfield": "custom fields",
    "customrecordtype": "custom record types",
    "deletedrecord": "deletions in its log",
}


class Held(StrEnum):
    """Whether the role has a permission."""

    THERE = "there"
    MISSING = "missing"
    UNTOLD = "untold"


def check_list(case: Case, table: str) -> Finding:
    """Read one of the lists that tell what the account added, or what was deleted."""
    probe = case.probe([table])[table]
    if probe.trouble:
        return skipped(f"It cannot be told: {probe.said}")
    if probe.refusal:
        (permission,) = (each for each in permissions() if table in each.tables)
        return failed(probe.said, _missing(permission))
    shown = "" if probe.rows is None else f"{probe.rows:,} "
    return passed(f"NetSuite shows {shown}{_LISTS[table]}", rows=probe.rows)


custom_fields, custom_record_types, deleted_records = (
    partial(check_list, table=table) for table in _LISTS
)


def check_permissions(case: Case) -> Finding:
    """Read something that each permission opens, and name those that open nothing.

    One record of each type is opened whose documents the settings ask for.
    """
    asked = [each for each in permissions() if not _has_a_step(each)]
    named = [name for name in sorted(named_tables(case.settings.tables)) if is_identifier(name)]
    probes = case.probe([*(each.tables[0] for each in asked if each.tables), *named])
    opened = open_records(case)
    refused = [probes[name] for name in named if probes[name].refusal and name not in _LISTS]
    by_held: dict[Held, list[Permission]] = {how: [] for how in Held}
    for each in asked:
        by_held[_held(each, case)].append(each)
    there, gone, untold = (by_held[how] for how in Held)
    wanted = [each for each in gone if _is_wanted(each, case.settings)]
    blamed = {name for each in wanted for name in (*each.tables, *each.records)}
    causes = [
        *map(_missing, wanted),
        *(_unreadable(probe) for probe in refused if probe.table not in blamed),
        *(each.cause for each in opened if each.cause and each.record_type not in blamed),
    ]
    unread = f"; {len(refused)} of the tables that the settings name cannot be read"
    return Finding(
        Status.FAILED if causes else Status.PASSED,
        f"{len(there)} of {len(asked)} permissions are there, {len(gone)} missing, "
        f"{len(untold)} cannot be told{unread if refused else ''}{_of_records(opened)}",
        causes=tuple(causes),
        notes=(
            *_notes([each for each in gone if each not in wanted], untold, case),
            *_notes_of_records(opened, case.settings.records),
        ),
        facts={how: _paths(by_held[how]) for how in Held},
    )


def _has_a_step(permission: Permission) -> bool:
    """Whether an earlier step has told of it."""
    return permission.needed.startswith(_ALWAYS) or bool(_LISTS.keys() & permission.tables)


def _held(permission: Permission, case: Case) -> Held:
    """Whether what it opens is open; without its feature that is not there for anybody.

    What is missing ends a run if the settings name its table, whichever of the two it is.
    """
    may_be_off = permission.feature or case.is_administrator
    shut = Held.UNTOLD if may_be_off else Held.MISSING
    if permission.tables:
        probe = case.probes[permission.tables[0]]
        if probe.refusal and probe.table in named_tables(case.settings.tables):
            return Held.MISSING
        if probe.trouble or probe.is_unknown:
            return Held.UNTOLD
        return Held.THERE if probe.is_readable else shut
    if permission.records and case.record_types is not None:
        if case.record_types.intersection(permission.records):
            return Held.THERE
        return Held.UNTOLD if _hides_transactions(case) else shut
    return Held.UNTOLD


def _hides_transactions(case: Case) -> bool:
    """Whether the role lacks what opens transactions, without which none of their types shows."""
    return _TRANSACTION in case.probes and not case.probes[_TRANSACTION].is_readable


def _is_wanted(permission: Permission, settings: Settings) -> bool:
    """Whether it opens what a run reads, or a list that every run asks for."""
    if {*permission.tables, *permission.records}.intersection(settings.records):
        return True
    tables = permission.tables or (_TRANSACTION,)
    return any(table in UNSEEN or _is_read(table, settings.tables) for table in tables)


def _is_read(table: str, patterns: Sequence[str]) -> bool:
    shipped = shipped_tables().get(table)
    if shipped and shipped.group is Group.SYSTEM:
        return table in named_tables(patterns)
    return fits(table, patterns)


def _missing(permission: Permission) -> Cause:
    names = " or ".join(f"'{name}'" for name in (permission.name, *permission.either))
    off = f", or the feature {permission.feature} is off" if permission.feature else ""
    add = f"Enable the feature ({ENABLE_FEATURES}), or add it" if permission.feature else "Add it"
    return Cause(
        permission.name,
        f"The role lacks {names}{off}. Lost without it: {permission.opens}.",
        f"{add}, {permission.level} (Permissions > {permission.tab}), and save.",
        MANAGE_ROLES,
    )


def _unreadable(probe: Probe) -> Cause:
    """Why a run that is told to read a table ends without it, where the guide has no word on it."""
    found = cause("table_asked_for_refused")
    return replace(
        found,
        cause=f"{probe.table}: the role lacks a permission, or the account the table or a feature. "
        f"{probe.said}. A run ends in an error where the setting tables names such a table.",
        remedy="Give the role the permission that `netsuite-tba tables` names for it, enable the "
        "feature, or leave the table out of the setting tables.",
    )


def _of_records(opened: Sequence[Opened]) -> str:
    readable = sum(each.is_readable for each in opened)
    return f"; {readable} of {len(opened)} record types can be read" if opened else ""


def _notes_of_records(opened: Sequence[Opened], names: Sequence[str]) -> Iterator[str]:
    for each in opened:
        if each.untold:
            yield f"{each.record_type}: {each.untold}".rstrip(".")
    if len(names) > MOST_TYPES:
        yield f"{len(names) - MOST_TYPES} more record types were not tried"


def _notes(
    unwanted: Sequence[Permission], untold: Sequence[Permission], case: Case
) -> Iterator[str]:
    """What the role may have, where nothing shows it, and what a run does not need."""
    hidden = [each for each in untold if each.records] if _hides_transactions(case) else []
    untold = [each for each in untold if each not in hidden]
    of_features = [each for each in untold if each.feature]
    features = ", ".join(dict.fromkeys(each.feature for each in of_features))
    for words, found in (
        ("Missing, for tables that the settings do not ask for", unwanted),
        (f"Missing, or a feature is off ({ENABLE_FEATURES}: {features})", of_features),
        ("Not shown while transactions cannot be read", hidden),
        ("Nothing shows whether it is there", [each for each in untold if not each.feature]),
    ):
        if found:
            yield f"{words}: {_by_tab(found)}"


def _by_tab(found: Sequence[Permission]) -> str:
    tabs: dict[str, list[str]] = {}
    for each in found:
        tabs.setdefault(each.tab, []).append(each.name)
    return "; ".join(f"{tab} > {', '.join(names)}" for tab, names in tabs.items())


def _paths(asked: Sequence[Permission]) -> list[str]:
    return [each.path for each in asked]
