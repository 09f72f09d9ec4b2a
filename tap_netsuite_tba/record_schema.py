"""The Singer schema of a record type's documents, from NetSuite's metadata catalog.

The catalog writes JSON Schema, draft 6, or OpenAPI. What a record refers to stands in it as
`{id, refName, externalId, links}`, a fixed list as `{id, refName}`, a sublist as a collection with
`items`; parts and other record types may be `$ref`, which may lead nowhere, or back.

What comes out has none of that: `properties`, `items`, `type`, `format`, bounds, `title` and
`description` alone, which the SDK's catalog keeps and target-duckdb, target-postgres and
target-jsonl load. Each column is of one JSON type, besides null, for target-duckdb leaves out
columns without a type, and takes `number` and `string` together for DOUBLE. Objects are loaded as
JSON; what is inside them may be of several types.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any
from urllib.parse import unquote

from tap_netsuite_tba.netsuite.metadata import plain_words
from tap_netsuite_tba.netsuite.query import Document
from tap_netsuite_tba.record_decoding import EXTRA, LINKS
from tap_netsuite_tba.record_samples import widened
from tap_netsuite_tba.record_shapes import (
    BOUNDS,
    CHOICE,
    INTEGER,
    INTERNAL_ID,
    REFERENCE,
    REFERENCES,
    UNKNOWN,
    typed,
    united,
)
from tap_netsuite_tba.record_values import ANYTHING, Schema, types_of

Resolve = Callable[[str], Document | None]
"""Gives the schema of that name in the catalog; None if there is none."""

KEY = "id"
"""The property by which a record is read."""

_EXTRA_COLUMN = typed(
    "object",
    description=(
        "What NetSuite gave and no column describes, or what does not fit its type, by its name "
        "or by where it stands in the document."
    ),
)

# PostgreSQL cuts longer names; others come as a part of _sdc_extra.
_COLUMN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}")
_OF_ENUMERATIONS = frozenset({"id", "refname", "externalid"})
_FORMATS = frozenset({"date", "date-time"})
_ALTERNATIVES = ("allOf", "anyOf", "oneOf")
_LOCAL = ("definitions", "$defs")
_OWN_PARTS = tuple(f"#/{word}/" for word in _LOCAL)


def record_schema(
    described: Document, resolve: Resolve, samples: Sequence[Document] = ()
) -> Schema:
    """The Singer schema of a record type's documents: `id`, the others by name, `_sdc_extra`.

    Args:
        described: The catalog's schema; empty if there is none, and samples tell all.
        resolve: Gives its parts that stand elsewhere, such as `customer-addressbookCollection`.
        samples: Some whole documents, as NetSuite gives them, which add what the schema lacks and
            widen what they contradict.
    """
    schema = _Catalog(resolve, _local_schemas(described)).schema(described) or UNKNOWN
    found: Mapping[str, Schema] = reduce(widened, samples, schema).get("properties", {})
    key = {"type": "integer", **BOUNDS} | _texts(found.get(KEY, {}))
    columns = {
        name: _column(found[name])
        for name in sorted(found)
        if name.lower() != KEY and _COLUMN_NAME.fullmatch(name)
    }
    properties = {KEY: key, **columns, EXTRA: _EXTRA_COLUMN}
    return {"type": "object", "properties": properties, "required": [KEY], **_texts(schema)}


def _local_schemas(described: Document) -> Mapping[str, Any]:
    """The schemas inside a schema, by name."""
    components = described.get("components")
    places = [described.get(word) for word in _LOCAL]
    if isinstance(components, dict):
        places.append(components.get("schemas"))
    return {
        name: each for place in places if isinstance(place, dict) for name, each in place.items()
    }


@dataclass(frozen=True)
class _Catalog:
    """Reads the catalog's schemas.

    Attributes:
        resolve: Gives the schema of a name.
        local: Those that need not be asked for.
    """

    resolve: Resolve
    local: Mapping[str, Any]

    def schema(self, described: object, within: frozenset[str] = frozenset()) -> Schema | None:
        """The schema of what is described; None if that is links.

        Args:
            described: A schema of the catalog, or what stands in the place of one.
            within: The names of those that it is a part of.
        """
        if not isinstance(described, dict):
            return UNKNOWN
        refers = "$ref" in described
        found = [self._referred(str(described["$ref"]), within)] if refers else []
        alternatives = [each for word in _ALTERNATIVES for each in _listed(described.get(word))]
        found += [self.schema(each, within) for each in alternatives]
        kept = [each for each in found if each is not None]
        if found and not kept:
            return None
        return reduce(united, kept, self._own(described, within))

    def _referred(self, reference: str, within: frozenset[str]) -> Schema | None:
        """What a `$ref` leads to; other records are not looked into, for they refer to others."""
        name = unquote(reference.partition("?")[0].rpartition("/")[2])
        # The components of OpenAPI are record types, too, and parts by a name of two.
        is_part = "-" in name or (reference.startswith(_OWN_PARTS) and name in self.local)
        if name.lower() == "nslink":
            return None
        if not is_part:
            return REFERENCES if name.lower().endswith("collection") else REFERENCE
        part = None if name in within else self.local.get(name) or self.resolve(name)
        return typed("object") if part is None else self.schema(part, within | {name})

    def _own(self, described: Mapping[str, Any], within: frozenset[str]) -> Schema:
        """What a schema says itself."""
        told = described.get("type") or _implied_type(described)
        kinds = _listed(told) or [told]
        found = [self._of_type(kind, described, within) for kind in kinds]
        return reduce(united, found, UNKNOWN | _texts(described))

    def _of_type(
        self, kind: object, described: Mapping[str, Any], within: frozenset[str]
    ) -> Schema:
        match kind:
            case "object":
                return self._object(described.get("properties"), within)
            case "array":
                return typed("array", items=self.schema(described.get("items"), within) or UNKNOWN)
            case "integer":
                return INTEGER
            case "string":
                return _text(described)
            case "number" | "boolean":
                return typed(str(kind))
            case _:
                return UNKNOWN

    def _object(self, described: object, within: frozenset[str]) -> Schema:
        members = described if isinstance(described, dict) else {}
        found = {name: self.schema(members[name], within) for name in sorted(members)}
        properties = {
            name: schema
            for name, schema in found.items()
            if schema is not None and name.lower() != LINKS
        }
        if KEY in properties:
            has_choices = _has_choices(members[KEY])
            if has_choices:
                properties[KEY] = typed("string") | _texts(members[KEY])
            if len(properties) < len(members) and not has_choices:
                properties[KEY] = properties[KEY] | INTERNAL_ID
            elif _OF_ENUMERATIONS.issuperset(map(str.lower, properties)):
                # Documents have it as an object, or as its id alone.
                return typed("object", "string", properties=properties)
        return typed("object", properties=properties)


def _implied_type(described: Mapping[str, Any]) -> str | None:
    """The type of what has none, from what only that type has."""
    implied = {"properties": "object", "items": "array", "enum": "string"}
    return next((kind for word, kind in implied.items() if word in described), None)


def _text(described: Mapping[str, Any]) -> Schema:
    if (text_format := described.get("format")) in _FORMATS:
        return typed("string", format=text_format)
    # Since 2021.1 documents have an object where the catalog still tells of a text with choices.
    return CHOICE if _has_choices(described) else typed("string")


def _has_choices(described: object) -> bool:
    return isinstance(described, dict) and "enum" in described


def _texts(described: Mapping[str, Any]) -> Schema:
    """Title and description, without HTML."""
    texts = {word: plain_words(described.get(word)) for word in ("title", "description")}
    return {word: text for word, text in texts.items() if text}


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _column(schema: Schema) -> Schema:
    """The schema of a column: of one type, the one that loses nothing."""
    types = types_of(schema)
    structured = types & {"array", "object"}
    if structured:
        return _inside(schema) | typed(*structured)
    if len(types) == 1:
        return schema
    return typed("string") | _texts(schema)


def _inside(schema: Schema) -> Schema:
    """The schema of a part of a column; what nothing is known of may be anything."""
    settled = schema if types_of(schema) else schema | typed(*ANYTHING)
    if "properties" in settled:
        members = settled["properties"]
        settled = settled | {
            "properties": {name: _inside(members[name]) for name in sorted(members)}
        }
    return settled | {"items": _inside(settled["items"])} if "items" in settled else settled
