"""The tables that this package describes itself: one JSON file each in `schemas/`."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from tap_netsuite_tba.tables import Column, ColumnType, Group, Parent, Table


def schemas_folder() -> Path:
    """Where the descriptions lie: in the package if it was built, else beside it."""
    package = Path(__file__).parent
    built = package / "schemas"
    return built if built.is_dir() else package.parent / "schemas"


@cache
def shipped_tables() -> dict[str, Table]:
    """The described tables by name, in alphabetical order.

    The files are trusted: the tests hold them against `schemas/meta/table.schema.json`.

    Raises:
        FileNotFoundError: The folder with the descriptions is missing from the installation.
    """
    # iterdir, because glob finds nothing, silently, in a folder that is missing.
    files = sorted(file for file in schemas_folder().iterdir() if file.suffix == ".json")
    tables = {table.name: table for table in map(_read, files)}
    return {name: _with_deleted_types(table, tables) for name, table in tables.items()}


@cache
def family(name: str) -> Table:
    """What all tables of a family have: a template without the name and the custom columns.

    Args:
        name: `customrecord` for the entries of a custom record type, `customlist` for the values
            of a custom list, `mapping` for what a multiple-select field has in which records.

    Raises:
        FileNotFoundError: There is no such family, or its file is missing from the installation.
    """
    return _read(schemas_folder() / "families" / f"{name}.json")


def _with_deleted_types(table: Table, tables: Mapping[str, Table]) -> Table:
    """Lines with the types of their owner: NetSuite logs no deletions of lines."""
    if not table.parent:
        return table
    return replace(table, deleted_types=tables[table.parent.table].deleted_types)


def _read(file: Path) -> Table:
    described = json.loads(file.read_text(encoding="utf-8"))
    return Table(
        name=described["table"],
        key=tuple(described["key"]),
        columns=tuple(
            Column(
                name,
                ColumnType(column["type"]),
                column["description"],
                references=column.get("references", ""),
            )
            for name, column in described["columns"].items()
        ),
        cursor=described["cursor"],
        parent=_parent(described["parent"]) if "parent" in described else None,
        group=Group(described["group"]),
        deleted_types=frozenset(described.get("deleted_types", ())),
        description=described["description"],
        permissions=tuple(described.get("permissions", ())),
        feature=described.get("feature", ""),
    )


def _parent(described: Mapping[str, Any]) -> Parent:
    return Parent(**{**described, "main_line": tuple(described["main_line"].items())})
