"""What schemas of documents are made of: the shapes of NetSuite's, and the union of two."""

from collections.abc import Mapping
from typing import Any, Final

from tap_netsuite_tba.decoding import INTEGER_MAX, INTEGER_MIN
from tap_netsuite_tba.record_values import Schema, types_of


def typed(*types: str, **rest: Any) -> Schema:  # noqa: ANN401 - the other keywords of a schema
    """The schema of what is of one of these JSON types, or null."""
    return {"type": [*sorted(types), "null"], **rest}


UNKNOWN: Final = typed()
"""Of what nothing is known."""

BOUNDS: Final[Mapping[str, int]] = {"minimum": INTEGER_MIN, "maximum": INTEGER_MAX}
"""Those of integers, by which loaders choose BIGINT."""

INTEGER: Final = typed("integer", **BOUNDS)

INTERNAL_ID: Final = typed("integer", "string")
"""That of a record; of states of the USA, and the like, it is a word."""

REFERENCE: Final = typed(
    "object",
    properties={"id": INTERNAL_ID, "refName": typed("string"), "externalId": typed("string")},
)
"""Another record, in a document."""

CHOICE: Final = typed(
    "object", "string", properties={"id": typed("string"), "refName": typed("string")}
)
"""An entry of a fixed list, in a document: an object, or its id alone."""

REFERENCES: Final = typed(
    "object",
    properties={
        "count": INTEGER,
        "hasMore": typed("boolean"),
        "items": typed("array", items=REFERENCE),
        "offset": INTEGER,
        "totalResults": INTEGER,
    },
)
"""A multiple select."""


def united(one: Schema, other: Schema) -> Schema:
    """The schema of what fits one or the other; the first one's texts win."""
    types = types_of(one) | types_of(other)
    if "number" in types:
        types -= {"integer"}
    either = {**other, **one}
    formats = {each.get("format") for each in (one, other) if "string" in types_of(each)}
    if len(formats) != 1:
        either.pop("format", None)
    if "integer" not in types:
        either = {word: value for word, value in either.items() if word not in BOUNDS}
    if "properties" in either:
        parts = one.get("properties", {}), other.get("properties", {})
        either["properties"] = _united_properties(*parts)
    if "items" in one and "items" in other:
        either["items"] = united(one["items"], other["items"])
    return either | typed(*types)


def _united_properties(one: Mapping[str, Schema], other: Mapping[str, Schema]) -> Schema:
    found = dict(one)
    known = as_described(one)
    for name, schema in other.items():
        as_known = known.setdefault(name.lower(), name)
        found[as_known] = united(found[as_known], schema) if as_known in found else schema
    return found


def as_described(properties: Mapping[str, Any]) -> dict[str, str]:
    """The names of properties by what they are in lower case; NetSuite's releases change it."""
    return {name.lower(): name for name in sorted(properties, reverse=True)}
