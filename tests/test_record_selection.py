"""What a catalog deselects of documents does not go out, however deep it is."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from meltano.core.plugin.singer.catalog import SelectExecutor, visit
from singer_sdk.singerlib import MetadataMapping

from tap_netsuite_tba.record_selection import (
    breadcrumbs,
    emptied,
    left_out,
    selected_part,
    selected_schema,
)
from tap_netsuite_tba.record_shapes import REFERENCE, typed
from tap_netsuite_tba.simulator import Simulator
from tests.catalogs import Catalog, catalog_of, metadata_of, rows_of
from tests.tap_process import configuration, run_tap

STREAM = "record_creditmemo"
RATE = ("properties", "item", "properties", "items", "properties", "rate")
LINE = typed("object", properties={"amount": typed("number"), "item": REFERENCE})
SCHEMA = {
    "properties": {
        "entity": REFERENCE,
        "item": typed("object", properties={"items": typed("array", items=LINE)}),
        "memo": typed("string"),
    }
}
GEAR = {"id": 7, "refName": "Gear"}
DOCUMENT = {
    "entity": {"id": 5, "refName": "Acme"},
    "ITEM": {"items": [{"Amount": 1, "item": GEAR, "new": 2}]},
    "memo": None,
}


def without(selection: Mapping[str, Mapping[str, Any]]) -> Any:  # noqa: ANN401 - any JSON
    """What is left out by the metadata of some places, written with dots."""
    metadata = [{"breadcrumb": [], "metadata": {"selected": True}}]
    metadata += [{"breadcrumb": at.split("."), "metadata": {**m}} for at, m in selection.items()]
    return left_out(MetadataMapping.from_iterable(metadata).resolve_selection())


OFF = {"selected": False}
AMOUNT = {"item": {"items": {"amount": None}}}


@pytest.mark.parametrize(
    ("selection", "tree"),
    [
        ({}, {}),
        ({"properties.memo": OFF}, {"memo": None}),
        ({"properties.entity.properties.refName": OFF}, {"entity": {"refname": None}}),
        ({"properties.item.properties.items.items.properties.amount": OFF}, AMOUNT),
        ({"properties.item.properties.items.properties.amount": OFF}, AMOUNT),
        ({"properties.memo": {"inclusion": "unsupported", "selected": True}}, {"memo": None}),
        ({"properties.memo": {"inclusion": "automatic"} | OFF}, {}),
        (
            {
                "properties.entity.properties.id": {"inclusion": "automatic"} | OFF,
                "properties.entity.properties.refName": {"inclusion": "available"},
            },
            {},
        ),
        ({"properties.entity.properties.id": OFF, "properties.entity": OFF}, {"entity": None}),
        ({"properties.entity": OFF, "properties.entity.properties.id": OFF}, {"entity": None}),
    ],
)
def test_metadata_tells_what_is_left_out(
    selection: dict[str, dict[str, Any]], tree: dict[str, Any]
) -> None:
    assert without(selection) == tree


@pytest.mark.parametrize(
    ("patterns", "tree"),
    [
        (["record_*.*"], {}),
        (["*.*", "!*.item.items.amount"], AMOUNT),
        (["*.*", "!*.item.*"], {"item": {"items": None}}),
        (["*.*", "!*.memo", "!*.entity"], {"memo": None, "entity": None}),
        (
            ["*.memo", "*.entity.*", "*.item.items.amount"],
            {"item": {"items": {"item": None}}},
        ),
    ],
    ids=str,
)
def test_the_patterns_of_meltano_reach_what_is_inside(
    patterns: list[str], tree: dict[str, Any]
) -> None:
    metadata = [
        {"breadcrumb": [*each], "metadata": {"inclusion": "available"}}
        for each in [(), *breadcrumbs(SCHEMA)]
    ]
    streams = [{"tap_stream_id": STREAM, "schema": SCHEMA, "metadata": metadata}]
    for rules in (["!*.*"], patterns):  # As Meltano does: at first nothing is selected.
        visit({"streams": streams}, SelectExecutor(rules))
    assert left_out(MetadataMapping.from_iterable(metadata).resolve_selection()) == tree


def test_all_members_have_places_as_the_patterns_of_meltano_have_them() -> None:
    assert [".".join(each[1::2]) for each in breadcrumbs(SCHEMA)] == [
        *("entity", "entity.id", "entity.refName", "entity.externalId"),
        *("item", "item.items", "item.items.amount", "item.items.item"),
        *(f"item.items.item.{name}" for name in ("id", "refName", "externalId")),
        "memo",
    ]


@pytest.mark.parametrize("place", [*breadcrumbs(SCHEMA)], ids="/".join)
def test_the_schema_lacks_what_is_left_out_and_nothing_else(place: tuple[str, ...]) -> None:
    left = selected_schema(SCHEMA, without({".".join(place): OFF}))
    expected = [each for each in breadcrumbs(SCHEMA) if each[: len(place)] != place]
    assert [*breadcrumbs(left)] == expected


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("memo", {"entity": DOCUMENT["entity"], "ITEM": DOCUMENT["ITEM"]}),
        ("item", {"entity": DOCUMENT["entity"], "memo": None}),
        ("item.items", DOCUMENT | {"ITEM": {}}),
        ("entity.id", DOCUMENT | {"entity": {"refName": "Acme"}}),
        (
            "item.items.amount",
            DOCUMENT | {"ITEM": {"items": [{"item": GEAR, "new": 2}]}},
        ),
        (
            "item.items.item.id",
            DOCUMENT | {"ITEM": {"items": [{"Amount": 1, "item": {"refName": "Gear"}, "new": 2}]}},
        ),
        ("item.items.new", DOCUMENT | {"ITEM": {"items": [{"Amount": 1, "item": GEAR}]}}),
        ("other", DOCUMENT),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_the_document_lacks_what_is_left_out_and_nothing_else(path: str, left: Any) -> None:  # noqa: ANN401 - any JSON
    place = ".".join(f"properties.{name}" for name in path.split("."))
    before = json.dumps(DOCUMENT)
    assert selected_part(DOCUMENT, without({place: OFF})) == left
    assert json.dumps(DOCUMENT) == before


def test_an_id_alone_goes_where_the_id_is_left_out() -> None:
    tree = without({"properties.entity.properties.id": OFF})
    assert selected_part({"entity": "5", "memo": "5"}, tree) == {"entity": None, "memo": "5"}
    tree = without({"properties.entity.properties.refName": OFF})
    assert selected_part({"entity": "5"}, tree) == {"entity": "5"}


def test_objects_of_which_nothing_is_left_are_named() -> None:
    of_entity = ["entity.id", "entity.refName", "entity.externalId"]
    paths = [*of_entity, "item.items.amount", "item.items.item"]
    tree = without({".".join(f"properties.{n}" for n in p.split(".")): OFF for p in paths})
    assert [*emptied(SCHEMA, selected_schema(SCHEMA, tree))] == ["entity", "item.items"]
    assert not [*emptied(SCHEMA, selected_schema(SCHEMA, without({"properties.item": OFF})))]


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(transactions=100) as account:
        yield account


@pytest.fixture(scope="module")
def catalog(account: Simulator) -> Catalog:
    return catalog_of(config_of(account))


def config_of(account: Simulator) -> dict[str, Any]:
    return configuration(account, tables=[], records=["creditmemo"])


def test_a_catalog_has_a_place_for_each_member(catalog: Catalog) -> None:
    assert metadata_of(catalog, STREAM, *RATE) == {"inclusion": "available"}


def test_what_is_deselected_inside_is_in_no_message(account: Simulator, catalog: Catalog) -> None:
    edited: Catalog = json.loads(json.dumps(catalog))
    entry = edited["streams"][0]
    metadata_of(edited, STREAM, *RATE)["selected"] = False
    for name in ("id", "refName", "externalId"):
        of_entity = metadata_of(edited, STREAM, "properties", "entity", "properties", name)
        of_entity["selected"] = False
    # As other tools write it.
    place = ["properties", "item", "properties", "items", "items", "properties", "line"]
    entry["metadata"].append({"breadcrumb": place, "metadata": {"selected": False}})
    # Not described, it would come as an extra.
    del entry["schema"]["properties"]["exchangeRate"]
    metadata_of(edited, STREAM, "properties", "exchangeRate")["selected"] = False

    messages, code, log = run_tap(config_of(account), catalog=edited)
    assert code == 0, log
    [schema] = [m for m in messages if m["type"] == "SCHEMA" and m["stream"] == STREAM]
    members = {each[1::2] for each in breadcrumbs(schema["schema"])}
    assert ("item", "items", "account", "id") in members
    assert members.isdisjoint({("item", "items", "line"), ("item", "items", "rate")})
    rows = rows_of(messages, STREAM)
    assert {json.dumps(row["entity"]) for row in rows} == {"{}"}
    assert {row["_sdc_extra"] for row in rows} == {None}
    lines = [line for row in rows for line in row["item"]["items"]]
    assert {"item", "subsidiary"} <= lines[0].keys()
    assert not [line for line in lines if {"line", "rate"} & line.keys()]
    assert "nothing in them is, so they come empty: entity." in log
    assert "exchangeRate" not in log
