"""A column's value as the record service shows it: typed JSON, references, choices."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from tap_netsuite_tba.simulator.metadata.properties import Property, subrecord
from tap_netsuite_tba.simulator.records.names import named, named_by
from tap_netsuite_tba.simulator.records.parts import (
    Enumeration,
    MultiSelect,
    Part,
    Reference,
    Value,
)
from tap_netsuite_tba.simulator.records.snapshot import Snapshot


@dataclass(frozen=True)
class Reading:
    """One reading of a record.

    Attributes:
        snapshot: the account, for the names of other records.
        title: of the record type, such as ``Sales Order``.
    """

    snapshot: Snapshot
    title: str

    def fields(
        self, properties: Iterable[Property], row: Mapping[str, Any], table: str | None
    ) -> dict[str, Value]:
        """Return what a row shows; null and empty values are absent, as in life.

        Args:
            properties: the fields that there are.
            row: raw values by the property's name in lower case.
            table: the row's; None of one that was made up.
        """
        found: dict[str, Value] = {}
        for one in properties:
            raw = row.get(one.name.lower())
            if one.kind == "collection":
                found[one.name] = self._multi_select(one, raw, table)
            elif raw is not None and raw != "":
                found[one.name] = self._value(one, raw, table)
        return found

    def _value(self, one: Property, raw: Any, table: str | None) -> Value:  # noqa: ANN401  # a column's
        if isinstance(raw, Enumeration):
            return raw
        match one.kind:
            case "enumeration":
                return enumeration(one.name, str(raw))
            case "form":
                return Enumeration(str(raw), f"Standard {self.title}")
            case kind if kind.startswith("subrecord:"):
                return Part(one.name, self.fields(subrecord(kind), raw, None))
            case kind if kind.startswith(("reference", "record:")):
                return self._reference(one, raw, table)
            case kind:
                return scalar(kind, raw)

    def _reference(self, one: Property, raw: object, table: str | None) -> Reference:
        """Return what a field refers to; the id stands for the name that nobody knows."""
        column = one.name.lower()
        target = one.kind.partition(":")[2]
        if target:
            found = named(self.snapshot, target, raw)
        else:
            found = named_by(self.snapshot, column, table, raw)
        if found is None:
            return Reference(str(raw), str(raw))
        return Reference(str(raw), found.name, found.type, found.external_id)

    def _multi_select(self, one: Property, raw: str | None, table: str | None) -> MultiSelect:
        keys = [int(key) for key in (raw or "").split(", ") if key]
        return MultiSelect(tuple(self._reference(one, key, table) for key in keys))


def enumeration(name: str, choice: str) -> Enumeration:
    """Return a choice of the field ``name``; what has no name of its own is called by its id."""
    known = _choices()
    label = known["names"].get(name, {}).get(choice, choice)
    return Enumeration(choice, label, has_links=name in known["with_links"])


def scalar(kind: str, raw: Any) -> Value:  # noqa: ANN401  # a column's
    """Return one value: dates as ``2026-01-31``, instants in UTC to the second, numbers exactly."""
    match raw:
        case datetime():
            return f"{raw.isoformat(timespec='seconds')}Z"
        case date():
            return raw.isoformat()
        case bool():
            return raw
        case Decimal():
            return _plain(raw)
    if kind == "boolean":
        return bool(raw == "T")
    return str(raw) if kind == "text" else raw


def _plain(number: Decimal) -> int | Decimal:
    """Return a number without the zeros that only its column's type adds."""
    whole = number.to_integral_value()
    return int(whole) if number == whole else number.normalize()


@cache
def _choices() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(
        (files(__package__) / "choices.json").read_text(encoding="utf-8")
    )
    return found
