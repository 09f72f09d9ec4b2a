"""What documents show of their record type that the metadata catalog does not tell."""

from functools import reduce
from typing import Any

from tap_netsuite_tba.netsuite.query import Document
from tap_netsuite_tba.record_decoding import LINKS, fits
from tap_netsuite_tba.record_shapes import INTERNAL_ID, UNKNOWN, as_described, typed, united
from tap_netsuite_tba.record_values import Schema

_TEXTS = typed("string", format="date-time"), typed("string", format="date")


def widened(schema: Schema, value: Any) -> Schema:  # noqa: ANN401 - any JSON
    """The schema of what fits another one, and of this value too.

    Args:
        schema: What is known; UNKNOWN if that is nothing.
        value: A part of a document, with its links.
    """
    if isinstance(value, dict):
        return _widened_by_members(schema, value)
    if isinstance(value, list):
        items = reduce(widened, value, schema.get("items", UNKNOWN))
        return united(schema, typed("array")) | {"items": items}
    return schema if fits(schema, value) else united(schema, _observed(value))


def _widened_by_members(schema: Schema, value: Document) -> Schema:
    properties = dict(schema.get("properties", {}))
    known = as_described(properties)
    is_record = any(name.lower() == LINKS and each for name, each in value.items())
    for name, each in value.items():
        if name.lower() != LINKS:
            as_known = known.setdefault(name.lower(), name)
            before = properties.get(as_known, UNKNOWN)
            if is_record and name.lower() == "id":
                before = united(before, INTERNAL_ID)
            properties[as_known] = widened(before, each)
    return united(schema, typed("object")) | {"properties": properties}


def _observed(value: object) -> Schema:
    """What a scalar is; whether a number is always an integer, one does not show."""
    if isinstance(value, bool):
        return typed("boolean")
    if not isinstance(value, str):
        return typed("number")
    return next((text for text in _TEXTS if value and fits(text, value)), typed("string"))
