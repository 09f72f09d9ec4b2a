"""Documents of the shapes that were recorded go out whole, by the schema that their catalog gives.

The cases are the rows of ``recordings/documents/``; another recording is one more row:

- ``recording``, ``says``: which one, and what it shows.
- ``catalog``: the properties that the metadata catalog describes; ``parts``: what they refer to.
- ``document``: what NetSuite gives; ``<links>`` stand for addresses.
- ``row``: what goes out, without nulls.
"""

import json
import logging
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from singer_sdk.mapper import PluginMapper
from singer_sdk.singerlib import Schema

from tap_netsuite_tba.record_decoding import DocumentDecoder
from tap_netsuite_tba.record_schema import record_schema
from tests.described_documents import LINKS, LINKS_DESCRIBED, REFERENCE, leaves

Case = Mapping[str, Any]

FOLDER = Path(__file__).parent / "recordings" / "documents"
STANDING = {
    "<links>": LINKS,
    "<described links>": LINKS_DESCRIBED,
    "<described reference>": REFERENCE,
}
OF_ALL = {"id": {"type": "string"}, "links": LINKS_DESCRIBED, "refName": {"type": "string"}}


def cases() -> list[Case]:
    """The rows of every table."""
    texts = [table.read_text(encoding="utf-8") for table in sorted(FOLDER.glob("*.json"))]
    for word, value in STANDING.items():
        texts = [text.replace(f'"{word}"', json.dumps(value)) for text in texts]
    return [row for text in texts for row in json.loads(text, parse_float=Decimal)]


def name_of(case: Case) -> str:
    return f"{case['recording']}: {case['says']}"


def row_of(schema: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """The row of a document, without nulls, once it validates."""
    row = DocumentDecoder("record", schema).decode({"links": LINKS, "id": "5", **document})
    Draft7Validator(schema, format_checker=Draft7Validator.FORMAT_CHECKER).validate(row)
    assert Schema.from_dict(dict(schema)).to_dict() == schema
    return {name: value for name, value in row.items() if value is not None}


def schema_of(case: Case, *samples: dict[str, Any]) -> dict[str, Any]:
    catalog = {"type": "object", "properties": OF_ALL | case["catalog"]}
    return record_schema(catalog, case.get("parts", {}).get, samples)


@pytest.mark.parametrize("case", cases(), ids=name_of)
def test_a_document_goes_out_as_its_catalog_describes_it(case: Case) -> None:
    row = row_of(schema_of(case), case["document"])
    assert row == {"id": 5, **case["row"]}


@pytest.mark.parametrize("case", cases(), ids=name_of)
def test_a_sample_gives_each_of_its_properties_a_column(case: Case) -> None:
    sample = {"links": LINKS, "id": "5", **case["document"]}
    schema = schema_of(case, sample)
    row = row_of(schema, case["document"])
    assert row.keys().isdisjoint({"_sdc_extra"})
    assert leaves(row) == leaves(sample)


@pytest.mark.parametrize("case", cases(), ids=name_of)
def test_documents_alone_are_enough_where_the_catalog_is_refused(case: Case) -> None:
    sample = {"links": LINKS, "id": "5", **case["document"]}
    row = row_of(record_schema({}, lambda _: None, [sample]), case["document"])
    assert row.keys() == {"id", *case["document"]}
    assert leaves(row) == leaves(sample)


@pytest.mark.parametrize(
    "settings",
    [
        {"stream_maps": {"record": {"number": "int(id) * 2", "refName": "__NULL__"}}},
        {"flattening_enabled": True, "flattening_max_depth": 1},
        {"flattening_enabled": True, "flattening_max_depth": 9},
    ],
)
@pytest.mark.parametrize("case", cases(), ids=name_of)
def test_the_sdk_maps_and_flattens_it(case: Case, settings: dict[str, Any]) -> None:
    sample = {"links": LINKS, "id": "5", **case["document"]}
    schema = schema_of(case, sample)
    mapper = PluginMapper({"stream_maps": {}, **settings}, logging.getLogger())
    mapper.register_raw_stream_schema("record", schema, ["id"])
    row = DocumentDecoder("record", schema).decode(sample)
    for stream_map in mapper.stream_maps["record"]:
        mapped = stream_map.transform(dict(row))
        assert mapped
        assert mapped["id"] == 5
        Draft7Validator(stream_map.transformed_schema).validate(mapped)
