"""What the record service calls a column, and what it says of it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_CURRENCY_TYPE = re.compile(r"DECIMAL\(\d+,2\)")
_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True)
class Property:
    """A field of a record.

    Attributes:
        name: camelCase, or a custom field's script id in lower case.
        title: what the form shows.
        kind: text, boolean, integer, float, currency, date, datetime, untyped; enumeration and
            form, which have choices; reference and collection (of references);
            ``reference:<type>``, to records of that type; ``record:<type>``, a link to its schema;
            ``subrecord:<name>``, a record that is a part of its line.
        description: help in HTML.
        choices: the ids of an enumeration.
        is_custom: the account added it.
        is_read_only: NetSuite fills it.
    """

    name: str
    title: str
    kind: str
    description: str | None = None
    choices: tuple[str, ...] = ()
    is_custom: bool = False
    is_read_only: bool = False


def standard(name: str, kind: str) -> Property:
    """Return the property that NetSuite calls ``name``."""
    known = data("properties")
    return Property(
        name,
        known["titles"].get(name) or title(name),
        kind,
        description=known["descriptions"].get(name),
        choices=tuple(known["choices"].get(name, ())),
        is_read_only=name in known["read_only"],
    )


def of_column(column: str, duckdb_type: str) -> Property:
    """Return the property that a standard column is in the record service."""
    name = _names().get(column, column)
    return standard(name, _kind(name, duckdb_type))


def of_custom_field(column: str, label: str, description: str | None, kind: str) -> Property:
    """Return the property of a custom field.

    Args:
        column: its script id in lower case.
        label: its name.
        description: its help.
        kind: as of any property.
    """
    return Property(column, label, kind, description=description, is_custom=True)


def subrecord(kind: str) -> list[Property]:
    """Return what a property of ``kind`` is made of."""
    parts = data("record_types")["subrecords"][kind.removeprefix("subrecord:")]
    return [standard(name, of_part) for name, of_part in parts.items()]


def custom_kind(value_type: str) -> str:
    """Return the kind of a custom field by its type, such as ``Free-Form Text``."""
    kind: str = data("properties")["custom"].get(value_type, "text")
    return kind


def kind_of_type(duckdb_type: str) -> str:
    """Return the kind of a column of which only the DuckDB type is known."""
    if duckdb_type.startswith("TIMESTAMP"):
        return "datetime"
    if _CURRENCY_TYPE.fullmatch(duckdb_type):
        return "currency"
    return {"VARCHAR": "text", "DATE": "date", "BIGINT": "integer"}.get(duckdb_type, "float")


def title(name: str) -> str:
    """Return ``salesOrder`` as ``Sales Order``."""
    words = _WORD_START.sub(" ", name)
    return words[:1].upper() + words[1:]


@cache
def data(name: str) -> Mapping[str, Any]:
    """Return the data file ``name`` beside this module."""
    text = (files(__package__) / f"{name}.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


def _kind(name: str, duckdb_type: str) -> str:
    known = data("properties")
    for kind in ("text", "boolean", "reference"):
        if name in known["kinds"][kind]:
            is_list = kind == "reference" and duckdb_type == "VARCHAR"
            return "collection" if is_list else kind
    return "enumeration" if name in known["choices"] else kind_of_type(duckdb_type)


@cache
def _names() -> Mapping[str, str]:
    known = data("properties")
    groups = [known["names"], known["choices"], *known["kinds"].values()]
    return {name.lower(): name for group in groups for name in group}
