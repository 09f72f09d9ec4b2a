"""Record types as an OpenAPI 3.0.1 document: the operations of each, and its schemas."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tap_netsuite_tba.simulator.metadata.json_schema import (
    Schema,
    catalog_ref,
    collection,
    general_properties,
    general_schemas,
    scalar,
)
from tap_netsuite_tba.simulator.metadata.properties import Property, data, subrecord
from tap_netsuite_tba.simulator.metadata.record_types import RecordType, Sublist

_COMPONENTS = "#/components/schemas/"
_LOGIN = "OAuth 1.0 authorization"


@dataclass(frozen=True)
class Occasion:
    """Who asked for a document, where and when.

    Attributes:
        server: address of the record service.
        account_id: of the account.
        user: who holds the token.
        role: of the token.
        now: an instant in UTC.
    """

    server: str
    account_id: str
    user: str
    role: str
    now: datetime


def open_api(records: Sequence[RecordType], occasion: Occasion) -> dict[str, Any]:
    """Return the OpenAPI document of ``records``.

    A type that is referred to and not among them is a link into the catalog.
    """
    names = {record.name for record in records}
    paths: dict[str, Any] = {}
    schemas = _shared_schemas()
    for record in records:
        paths |= _operations(record, names)
        schemas |= _schemas(record, names)
    return {
        "openapi": "3.0.1",
        "info": _info(occasion),
        "servers": [{"url": occasion.server}],
        "security": [{_LOGIN: []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                _LOGIN: {
                    "type": "apiKey",
                    "description": "Token-Based Authentication, which is OAuth 1.0a.",
                    "name": "authorization",
                    "in": "header",
                }
            },
        },
    }


def _info(occasion: Occasion) -> dict[str, Any]:
    return {
        "title": "Record types of a simulated account",
        "description": (
            f"What the record service knows, written {occasion.now:%Y-%m-%d at %H:%M:%S} UTC "
            f"for account {occasion.account_id}, user {occasion.user} with role {occasion.role}."
        ),
        "termsOfService": "https://simulator.example/terms",
        "contact": {
            "name": "The simulator",
            "url": "https://simulator.example",
            "email": "simulator@simulator.example",
        },
        "version": "v1",
    }


def _operations(record: RecordType, names: Collection[str]) -> dict[str, Any]:
    known = data("open_api")
    operations = _filled(known["operations"], record)
    for target in known["transforms"].get(record.name, ()):
        reference = _reference(target, names)["$ref"]
        transform = _filled(known["transform"], record, TARGET=target, REFERENCE=reference)
        operations[f"/{record.name}/{{id}}/!transform/{target}"] = {"post": transform}
    return operations


def _filled(template: Mapping[str, Any], record: RecordType, **words: str) -> dict[str, Any]:
    """Return ``template`` with the capital words in its texts replaced."""
    text = json.dumps(template)
    for word, value in {"TYPE": record.name, "TITLE": record.title, **words}.items():
        text = text.replace(word, value)
    found: dict[str, Any] = json.loads(text)
    return found


def _shared_schemas() -> dict[str, Schema]:
    error: Mapping[str, Schema] = {
        "type": {"title": "Type", "type": "string", "readOnly": True},
        "title": {"title": "Title", "type": "string", "readOnly": True},
        "status": {"title": "Status", "type": "integer", "format": "int32", "readOnly": True},
        "o:errorDetails": {"title": "Error Details", "type": "array", "items": {"type": "object"}},
    }
    return {
        "nsResourceCollection": collection(_ref("nsResource"), _ref("nsLink")),
        **general_schemas(_COMPONENTS),
        "nsError": {"type": "object", "properties": dict(error)},
    }


def _schemas(record: RecordType, names: Collection[str]) -> dict[str, Schema]:
    properties, schemas = _parts(record.name, record.properties, names)
    schemas[f"{record.name}Collection"] = collection(_ref(record.name), _ref("nsLink"))
    for sublist in record.sublists:
        name = f"{record.name}-{sublist.name}"
        properties[sublist.name] = _ref(f"{name}Collection")
        schemas[f"{name}Collection"] = collection(_ref(f"{name}Element"), _ref("nsLink"))
        schemas |= _line(name, sublist, names)
    schemas[record.name] = _object(properties) | {"x-ns-filterable": list(record.filterable)}
    return schemas


def _line(name: str, sublist: Sublist, names: Collection[str]) -> dict[str, Schema]:
    """Return the schema of the lines of a sublist, and those of the records inside a line."""
    properties, schemas = _parts(name, sublist.properties, names)
    line = _object(properties) | {"x-ns-filterable": list(sublist.filterable)}
    return schemas | {f"{name}Element": line}


def _parts(
    name: str, properties: Iterable[Property], names: Collection[str]
) -> tuple[dict[str, Schema], dict[str, Schema]]:
    """Return the properties of a record or a line, and the schemas of the records inside it."""
    own: dict[str, Schema] = {}
    schemas: dict[str, Schema] = {}
    for one in properties:
        if one.kind.startswith("subrecord:"):
            parts = {part.name: _property(part, names) for part in subrecord(one.kind)}
            schemas[f"{name}-{one.name}"] = _object(parts)
            own[one.name] = _ref(f"{name}-{one.name}")
        else:
            own[one.name] = _property(one, names)
    return own, schemas


def _object(properties: Mapping[str, Schema]) -> Schema:
    own = {**properties, **general_properties(_ref("nsLink"))}
    return {"type": "object", "properties": own}


def _property(one: Property, names: Collection[str]) -> Schema:
    if one.kind.startswith(("record:", "reference:")):
        return _reference(one.kind.partition(":")[2], names)
    if one.kind == "reference":
        return _ref("nsResource")
    if one.kind == "collection":
        return _ref("nsResourceCollection")
    return scalar(one)


def _reference(name: str, names: Collection[str]) -> Schema:
    return _ref(name) if name in names else catalog_ref(name)


def _ref(name: str) -> Schema:
    return {"$ref": _COMPONENTS + name}
