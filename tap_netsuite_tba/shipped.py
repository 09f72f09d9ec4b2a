"""The tables that this package describes itself: one JSON file each in `schemas/`."""

import json
from functools import cache
from pathlib import Path

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
    return {table.name: table for table in map(_read, files)}


def _read(file: Path) -> Table:
    described = json.loads(file.read_text(encoding="utf-8"))
    parent = described.get("parent")
    return Table(
        name=described["table"],
        key=tuple(described["key"]),
        columns=tuple(
            Column(name, ColumnType(column["type"]), column["description"])
            for name, column in described["columns"].items()
        ),
        cursor=described["cursor"],
        parent=Parent(**parent) if parent else None,
        group=Group(described["group"]),
        deleted_types=frozenset(described.get("deleted_types", ())),
        description=described["description"],
    )
