"""Tables as JSON: the keys are a contract, and docs/discovery.md has them."""

from collections.abc import Mapping, Sequence
from typing import Any

from tap_netsuite_tba.commands.listing import TYPE_NAMES, Listing, Rows, is_custom_column
from tap_netsuite_tba.commands.record_listing import ListedType
from tap_netsuite_tba.discovery.families import UNSEEN
from tap_netsuite_tba.discovery.found import Discovery, Refused, Unreadable
from tap_netsuite_tba.tables import Column, Form, Table

Document = Mapping[str, Any]


def document_of_listing(listed: Listing) -> Document:
    """All tables."""
    found = listed.found
    return {
        "tables": [_readable(table, listed) for table in found.tables],
        "unreadable": [_unreadable(unreadable) for unreadable in found.unreadable],
        "unseen": _unseen(found),
        "not_asked": list(listed.not_asked),
        "record_types": _record_types(listed.record_types),
        "select": [f"{name}.*" for name in (*listed.selected, *listed.own)],
    }


def document_of_table(found: Discovery, rows: Rows) -> Document:
    """The one table of a discovery."""
    [readable] = found.readable
    return {
        **_table(readable.table, rows),
        "columns": [_column(column) for column in readable.table.columns],
        "refused": [_refused(refused) for refused in readable.refused],
        "unseen": _unseen(found),
    }


def _table(table: Table, rows: Rows) -> Document:
    return {
        "name": table.name,
        "group": table.group,
        "description": table.description,
        "rows": rows.get(table.name),
        "key": list(table.key),
        "cursor": table.replication_key,
    }


def _readable(table: Table, listed: Listing) -> Document:
    custom = sum(map(is_custom_column, table.columns))
    return {
        **_table(table, listed.rows),
        "columns": len(table.columns) - custom,
        "custom_columns": custom,
        "refused": [_refused(refused) for refused in listed.withheld[table.name]],
    }


def _unreadable(unreadable: Unreadable) -> Document:
    table = unreadable.table
    return {
        "name": table.name,
        "group": table.group,
        "reason": unreadable.reason,
        "permissions": list(table.permissions),
        "feature": table.feature or None,
    }


def _unseen(found: Discovery) -> list[Document]:
    return [
        {"name": name, "reason": reason, "permission": UNSEEN[name][1]}
        for name, reason in found.unseen
    ]


def _record_types(listed: Sequence[ListedType] | None) -> list[Document] | None:
    if listed is None:
        return None
    return [
        {"name": each.name, "table": each.table, "configured": each.is_wanted} for each in listed
    ]


def _column(column: Column) -> Document:
    return {
        "name": column.name,
        "type": TYPE_NAMES[column.type],
        "custom": is_custom_column(column),
        "source": column.source,
        "title": column.title,
        "description": column.description,
        "references": column.references or None,
        "label_of": column.label_of or None,
        "has_time_zone": column.form is not Form.LOCAL,
    }


def _refused(refused: Refused) -> Document:
    column = refused.column
    return {
        "name": column.name,
        "title": column.title,
        "custom": is_custom_column(column),
        "reason": refused.reason,
    }
