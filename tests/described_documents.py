"""Record types as the metadata catalog may describe them, and documents that fit the description.

Everything is drawn by hypothesis; what the properties of tests say of it is here as well.
"""

import string
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from hypothesis import strategies as st

Json = Any
Draw = Callable[[st.SearchStrategy[Any]], Any]

CATALOG = "/services/rest/record/v1/metadata-catalog/"
LINKS_DESCRIBED = {"type": "array", "items": {"$ref": f"{CATALOG}nsLink"}}
LINKS = [{"rel": "self", "href": "https://account.example/record"}]

NAMES = st.text(string.ascii_lowercase, min_size=2, max_size=6).filter(
    lambda name: name not in {"id", "links", "items", "count", "offset"}
)
INTEGERS = st.integers(-(2**63), 2**63 - 1)
NUMBERS = st.one_of(INTEGERS, st.decimals(allow_nan=False, allow_infinity=False, places=3))
DAYS = st.dates().map(str)
INSTANTS = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001 - of UTC
    lambda at: f"{at.replace(microsecond=0).isoformat()}Z"
)
IDS = st.integers(-(10**6), 10**6).map(str)
WORDS = st.text(max_size=8)


@dataclass(frozen=True)
class Described:
    """What the catalog says of a property, and what it may be in a document.

    Attributes:
        schema: The catalog's.
        values: Those that it describes.
        parts: The schemas that it refers to, by name.
    """

    schema: Json
    values: st.SearchStrategy[Json]
    parts: Mapping[str, Json]


def _simple(schema: Mapping[str, Any], values: st.SearchStrategy[Any]) -> Described:
    return Described({"title": "Title", **schema, "nullable": True}, values, {})


SCALARS = (
    _simple({}, WORDS),
    _simple({"type": "string"}, WORDS),
    _simple({"type": "string", "enum": ["A", "B"]}, WORDS),
    _simple({"type": "string", "pattern": "^.*$"}, NUMBERS | st.booleans()),
    _simple({"type": "integer", "format": "int64"}, INTEGERS | IDS),
    _simple({"type": "number", "format": "double"}, NUMBERS | NUMBERS.map(str)),
    _simple({"type": "boolean"}, st.booleans() | st.sampled_from(["T", "F", "true"])),
    _simple({"type": "string", "format": "date"}, DAYS),
    _simple({"type": "string", "format": "date-time"}, INSTANTS),
)

REFERENCE = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("id", "refName", "externalId")}
    | {"links": LINKS_DESCRIBED},
}
REFERENCES = st.fixed_dictionaries(
    {"links": st.just(LINKS), "id": IDS | st.sampled_from(["WY", "-Mine-"])},
    optional={"refName": WORDS, "externalId": WORDS},
)
ENUMERATION = {
    "type": "object",
    "properties": {"id": {"type": "string", "enum": ["1", "2"]}, "refName": {"type": "string"}},
}
ENUMERATIONS = st.one_of(
    st.fixed_dictionaries({"id": IDS | WORDS}, optional={"refName": WORDS, "links": st.just([])}),
    WORDS.filter(bool),
)
REFERRED = tuple(
    Described(schema, REFERENCES, {})
    for schema in (
        REFERENCE,
        {"$ref": f"{CATALOG}nsResource"},
        {"$ref": "#/components/schemas/nsResource", "title": "Beside it"},
        {"$ref": f"{CATALOG}customer"},
        {"oneOf": [{"$ref": f"{CATALOG}nsResource"}]},
        {"$ref": f"{CATALOG}record-dangling"},
    )
)


def collected(item: Json) -> Json:
    counted = {name: {"type": "integer"} for name in ("totalResults", "count", "offset")}
    more = {"hasMore": {"type": "boolean"}, "links": LINKS_DESCRIBED}
    items = {"items": {"type": "array", "items": item}}
    return {"type": "object", "properties": counted | more | items}


def collections(items: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Without lines, as a full collection, or with lines and their number."""
    empty = st.just({"links": LINKS, "totalResults": 0})
    lines = st.lists(items, max_size=3)
    return empty | lines.flatmap(
        lambda found: st.fixed_dictionaries(
            {"links": st.just(LINKS), "items": st.just(found), "totalResults": st.just(len(found))},
            optional={
                "count": st.just(len(found)),
                "hasMore": st.just(value=False),
                "offset": st.just(0),
            },
        )
    )


@st.composite
def objects(draw: Draw, depth: int) -> Described:
    """An object of some properties, and how documents write it."""
    members = draw(st.dictionaries(NAMES, properties(depth), max_size=4))
    schema = {name: each.schema for name, each in members.items()}
    values = st.fixed_dictionaries(
        {"links": st.just(LINKS)}, optional={name: each.values for name, each in members.items()}
    )
    parts = {name: part for each in members.values() for name, part in each.parts.items()}
    return Described({"type": "object", "properties": schema}, values, parts)


@st.composite
def structures(draw: Draw, depth: int) -> Described:
    """A sublist or a subrecord, in place or elsewhere in the catalog."""
    inner = draw(objects(depth - 1))
    schema, values, parts = inner.schema, inner.values, dict(inner.parts)
    if draw(st.booleans()):
        schema, values = collected(schema), collections(values)
    if draw(st.booleans()):
        name = f"record-{draw(st.uuids())}"
        parts[name] = schema
        schema = {"$ref": f"#/components/schemas/{name}"}
    return Described(schema, values, parts)


def properties(depth: int) -> st.SearchStrategy[Described]:
    flat = st.sampled_from(
        [
            *SCALARS,
            *REFERRED,
            Described(ENUMERATION, ENUMERATIONS, {}),
            Described(collected(REFERENCE), collections(REFERENCES), {}),
            Described({"$ref": f"{CATALOG}nsResourceCollection"}, collections(REFERENCES), {}),
        ]
    )
    return flat | structures(depth) if depth else flat


RECORDS = objects(2)

ANY_JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.decimals(allow_nan=False, allow_infinity=False),
        st.text(max_size=6),
        st.sampled_from(["5", "007", "-3", "T", "true", "2026-01-31", "2026-01-31T10:00:00+02:00"]),
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=4)
            | st.sampled_from(["id", "ID", "links", "Links", "items", "refName"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


def leaves(value: Json) -> Counter[object]:
    """The scalars of a document, whatever their type; nulls, empty texts and links are none."""
    return Counter(_untyped(each) for each in _scalars(value) if each is not None and each != "")


def _scalars(value: Json) -> Iterator[Json]:
    if isinstance(value, dict):
        for name, each in value.items():
            if name.lower() != "links":
                yield from _scalars(each)
    elif isinstance(value, list):
        for each in value:
            yield from _scalars(each)
    else:
        yield value


def _untyped(value: object) -> object:
    text = str(value)
    if text.lower() in {"t", "f", "true", "false"}:
        return text.lower()[0]
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if number.is_finite():
        return number
    try:
        instant = datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        return text
    return instant.astimezone(UTC) if instant and instant.tzinfo else text
