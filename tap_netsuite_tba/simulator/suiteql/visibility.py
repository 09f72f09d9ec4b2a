"""What a role sees: which tables, which record types, and which of a table's rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tap_netsuite_tba.simulator.role_files import permission_data
from tap_netsuite_tba.simulator.roles import Role
from tap_netsuite_tba.simulator.suiteql.kinds import identifier, quoted

Tables = Mapping[str, Mapping[str, str]]

_SETUP = "companyfeaturesetup"
_DATA = permission_data()
_TABLES: Mapping[str, Sequence[str]] = _DATA["tables"]
_FAMILIES: Mapping[str, Sequence[str]] = _DATA["families"]
_KINDS: Mapping[str, Mapping[str, str]] = _DATA["kinds"]
_RECORD_TYPES: Mapping[str, str] = _DATA["record_types"]
_FEATURES: Mapping[str, Mapping[str, Sequence[str]]] = _DATA["features"]


@dataclass(frozen=True)
class _Reference:
    """Columns of a table whose values must be those of a row that the role sees."""

    table: str
    columns: tuple[str, ...]
    to: str
    named: tuple[str, ...]


_REFERENCES = tuple(
    _Reference(each["table"], tuple(each["columns"]), each["to"], tuple(each["named"]))
    for each in _DATA["references"]
)


def opens(role: Role, table: str, level: str = "View") -> bool:
    """Tell whether the role may read ``table``, or more; what nothing protects is open to all."""
    if any(table in _FEATURES[feature]["tables"] for feature in role.features_off):
        return False
    if table in _TABLES:
        return role.allows(*_TABLES[table], level=level)
    for family, permissions in _FAMILIES.items():
        if table.startswith(family):
            # Each type of custom record has a permission of its own, named after it.
            return role.allows(*permissions, table, level=level)
    return True


def opens_record_type(role: Role, record_type: str, level: str = "View") -> bool:
    """Tell whether the role may see records of a type, such as ``salesorder``, or do more."""
    if record_type in _RECORD_TYPES:
        return role.allows(_RECORD_TYPES[record_type], level=level)
    return opens(role, record_type, level)


def lost_columns(role: Role) -> frozenset[str]:
    """Return the columns that no table has, because a feature is off."""
    return frozenset(
        column for feature in role.features_off for column in _FEATURES[feature]["columns"]
    )


def visible_rows(role: Role, table: str, tables: Tables) -> str:
    """Return DuckDB's text for the rows of ``table`` that the role sees.

    Nothing tells it that there are more: rows of other subsidiaries and of transaction types
    without permission are just not there.
    """
    if table == _SETUP and role.features_off:
        return _features(role)
    conditions = [*_own(role, table, tables, "seen"), *_by_reference(role, table, tables)]
    if not conditions:
        return identifier(table)
    return f"(SELECT * FROM {identifier(table)} AS seen WHERE {' AND '.join(conditions)})"  # noqa: S608  # names of stored tables


def _features(role: Role) -> str:
    """Return the text for the account's features, of which some are off for the role."""
    off = ", ".join(quoted(feature) for feature in sorted(role.features_off))
    return (
        f"(SELECT * REPLACE (CASE WHEN name IN ({off}) THEN 'F' ELSE isactive END AS isactive)"  # noqa: S608  # literals
        f" FROM {identifier(_SETUP)})"
    )


def _own(role: Role, table: str, tables: Tables, alias: str) -> list[str]:
    """Return the conditions on a row itself: its kind, and its subsidiary."""
    columns = tables.get(table, {})
    conditions: list[str] = []
    refused = [
        quoted(kind)
        for kind, permission in _KINDS.get(table, {}).items()
        if not role.allows(permission)
    ]
    if refused and "type" in columns:
        conditions.append(f"coalesce({alias}.type, '') NOT IN ({', '.join(refused)})")
    column = "id" if table == "subsidiary" else "subsidiary"
    if role.subsidiaries is not None and column in columns:
        conditions.append(_within(f"{alias}.{column}", columns[column], role.subsidiaries))
    return conditions


def _within(column: str, duckdb_type: str, subsidiaries: frozenset[int]) -> str:
    """Return the condition that a row belongs to one of ``subsidiaries``, or to none at all."""
    ids = sorted(subsidiaries)
    if duckdb_type == "VARCHAR":  # several, as in '1, 2, 5'
        texts = ", ".join(quoted(str(each)) for each in ids)
        found = f"list_has_any(string_split({column}, ', '), [{texts}]::VARCHAR[])"
    else:
        found = f"{column} IN ({', '.join(map(str, ids)) or 'NULL'})"
    return f"({column} IS NULL OR {found})"


def _by_reference(role: Role, table: str, tables: Tables) -> list[str]:
    """Return the conditions that lie in other tables, such as the lines of a transaction."""
    conditions: list[str] = []
    for reference in _REFERENCES:
        if reference.table != table or not _is_stored(reference, tables):
            continue
        kept = _own(role, reference.to, tables, "named")
        if kept:
            joined = [
                f"named.{identifier(there)} = seen.{identifier(here)}"
                for here, there in zip(reference.columns, reference.named, strict=True)
            ]
            conditions.append(
                f"EXISTS (SELECT 1 FROM {identifier(reference.to)} AS named"  # noqa: S608
                f" WHERE {' AND '.join([*joined, *kept])})"
            )
    return conditions


def _is_stored(reference: _Reference, tables: Tables) -> bool:
    here, there = tables.get(reference.table, {}), tables.get(reference.to, {})
    return here.keys() >= set(reference.columns) and there.keys() >= set(reference.named)
