"""A record type as JSON Schema, draft 6, with NetSuite's extensions and NetSuite's gaps.

No property is required, one has no type, and some references lead nowhere: so it is in life.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tap_netsuite_tba.simulator.metadata.properties import Property, subrecord
from tap_netsuite_tba.simulator.metadata.record_types import RecordType, Sublist

Schema = dict[str, Any]

CATALOG = "/services/rest/record/v1/metadata-catalog"
_DRAFT = "https://json-schema.org/draft-06/hyper-schema#"
_TYPES: Mapping[str, Mapping[str, str]] = {
    "boolean": {"type": "boolean"},
    "currency": {"type": "number", "format": "double"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "float": {"type": "number", "format": "float"},
    "enumeration": {"type": "string"},
    "form": {"type": "string"},
    "integer": {"type": "integer", "format": "int64"},
    "text": {"type": "string"},
    "untyped": {},
}
_COUNTED: Mapping[str, tuple[str, str]] = {
    "totalResults": ("Total Results", "integer"),
    "count": ("Count", "integer"),
    "hasMore": ("Has More Results", "boolean"),
    "offset": ("Query Offset", "integer"),
}


def json_schema(record: RecordType, custom_references: str) -> Schema:
    """Return the JSON Schema of a record type.

    Args:
        record: the record type.
        custom_references: what a custom reference is, ``object`` or ``ref``.
    """
    properties = {one.name: _property(one, custom_references) for one in record.properties}
    for sublist in record.sublists:
        properties[sublist.name] = _sublist(sublist, custom_references)
    schema: Schema = {
        "type": "object",
        "properties": properties | general_properties(catalog_ref("nsLink")),
        "x-ns-filterable": list(record.filterable),
    }
    if record.is_custom:
        schema["x-ns-custom-record"] = True
    return schema | {"$schema": _DRAFT}


def general_schemas(ref_prefix: str) -> dict[str, Schema]:
    """Return the schemas that all record types share.

    Args:
        ref_prefix: what stands before a name in ``$ref``.
    """
    link = {"$ref": f"{ref_prefix}nsLink"}
    return {
        "nsLink": {
            "type": "object",
            "properties": {
                "rel": {"title": "Relationship", "type": "string", "readOnly": True},
                "href": {"title": "Hypertext Reference", "type": "string", "readOnly": True},
            },
        },
        "nsResource": {
            "type": "object",
            "properties": {
                "id": {"title": "Internal Id", "type": "string"},
                "refName": {"title": "Reference Name", "type": "string", "readOnly": True},
                "externalId": {"title": "External Id", "type": "string"},
                "links": links(link),
            },
        },
    }


def general_schema(name: str) -> Schema | None:
    """Return the schema ``name``, in whatever case, that the catalog serves beside record types."""
    for known, schema in general_schemas(f"{CATALOG}/").items():
        if known.lower() == name.lower():
            return schema | {"$schema": _DRAFT}
    return None


def general_properties(link: Schema) -> Schema:
    """Return the properties that every record has."""
    name = {"title": "Reference Name", "type": "string", "readOnly": True}
    return {"refName": name, "links": links(link)}


def catalog_ref(name: str) -> Schema:
    """Return the reference to a schema of the catalog, which may not be there."""
    return {"$ref": f"{CATALOG}/{name}"}


def links(link: Schema) -> Schema:
    """Return the schema of a list of links."""
    return {"title": "Links", "type": "array", "readOnly": True, "items": link}


def scalar(one: Property) -> Schema:
    """Return the schema of a property that is one value."""
    kind = _TYPES[one.kind]
    told = {
        "title": one.title,
        "type": kind.get("type"),
        "description": one.description,
        "format": kind.get("format"),
        "nullable": None if one.kind == "boolean" else True,
        "readOnly": one.is_read_only or None,
        "enum": list(one.choices) or None,
        "x-ns-custom-field": one.is_custom or None,
    }
    return {name: value for name, value in told.items() if value is not None}


def collection(item: Schema, link: Schema) -> Schema:
    """Return the schema of a list of ``item`` with its links and counts."""
    counted = {
        name: {"title": text, **_TYPES[kind], "readOnly": True}
        for name, (text, kind) in _COUNTED.items()
    }
    properties = {"links": links(link), **counted, "items": {"type": "array", "items": item}}
    return {"type": "object", "properties": properties}


def _property(one: Property, custom_references: str) -> Schema:
    if one.kind.startswith("record:"):
        return catalog_ref(one.kind.removeprefix("record:"))
    if one.kind == "collection":
        return collection(catalog_ref("nsResource"), catalog_ref("nsLink"))
    if one.kind == "enumeration":
        return _enumeration(one.choices)
    if one.kind.startswith("subrecord:"):
        return _parts(subrecord(one.kind), custom_references)
    if one.kind.startswith("reference"):
        # A custom reference carries no custom flag: only its name tells.
        is_bare = one.is_custom and custom_references == "ref"
        return catalog_ref("nsResource") if is_bare else _reference()
    return scalar(one)


def _reference() -> Schema:
    return {
        "type": "object",
        "properties": {
            "id": {"title": "Internal identifier", "type": "string"},
            "refName": {"title": "Reference Name", "type": "string"},
            "externalId": {"title": "External identifier", "type": "string"},
            "links": links(catalog_ref("nsLink")),
        },
    }


def _enumeration(choices: Sequence[str]) -> Schema:
    identifier: Schema = {"title": "Internal identifier", "type": "string"}
    if choices:
        identifier["enum"] = list(choices)
    name = {"title": "Reference Name", "type": "string"}
    return {"type": "object", "properties": {"id": identifier, "refName": name}}


def _sublist(sublist: Sublist, custom_references: str) -> Schema:
    line = {
        **_parts(sublist.properties, custom_references),
        "x-ns-filterable": list(sublist.filterable),
        "x-ns-sublistkey": dict(sublist.key),
    }
    return collection(line, catalog_ref("nsLink"))


def _parts(properties: Iterable[Property], custom_references: str) -> Schema:
    """Return the schema of a part of a record."""
    own = {one.name: _property(one, custom_references) for one in properties}
    return {"type": "object", "properties": own | general_properties(catalog_ref("nsLink"))}
