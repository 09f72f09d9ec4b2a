import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.metadata.catalog import CATALOG, OPEN_API, get, names, schema

LOCAL = "#/components/schemas/"


def document(
    account: Simulator, path: str = CATALOG, *, select: str | None = None
) -> dict[str, Any]:
    response = get(account, path, OPEN_API, select=select)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def references(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "$ref":
                yield value
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def test_the_document_says_where_it_comes_from(company: Simulator) -> None:
    with Simulator(company=False) as account:
        account.clock.set(datetime(2026, 2, 27, 15, 25, 54, tzinfo=UTC))
        found = document(account, select="campaign")
    assert list(found) == ["openapi", "info", "servers", "security", "paths", "components"]
    assert found["openapi"] == "3.0.1"
    pattern = r".* written 2026-02-27 at 15:25:5\d UTC for account 1234567_SB1, user .+ with .+"
    assert re.fullmatch(pattern, found["info"]["description"])
    servers = document(company, select="campaign")["servers"]
    assert servers == [{"url": f"{company.base_url}/services/rest/record/v1"}]


def test_a_type_can_be_asked_for_in_both_ways(company: Simulator) -> None:
    by_path = document(company, f"{CATALOG}/salesOrder")
    by_select = document(company, select="salesorder")
    assert by_path["paths"] == by_select["paths"]
    assert by_path["components"] == by_select["components"]


def test_only_the_selected_types_are_described(company: Simulator) -> None:
    found = document(company, select="customer,salesorder")
    assert {path.split("/")[1] for path in found["paths"]} == {"customer", "salesorder"}
    schemas = found["components"]["schemas"]
    assert schemas.keys() >= {
        *("customer", "customerCollection", "customer-addressBookElement", "nsError"),
        *("salesorder", "salesorder-itemCollection", "nsLink", "nsResource"),
    }
    assert "vendor" not in schemas


def test_the_operations_of_a_record_type(company: Simulator) -> None:
    paths = document(company, select="customer")["paths"]
    assert set(paths["/customer"]) == {"get", "post"}
    assert set(paths["/customer/{id}"]) == {"get", "put", "delete", "patch"}
    listing = paths["/customer"]["get"]
    assert [each["name"] for each in listing["parameters"]] == ["q", "limit", "offset"]
    [content] = listing["responses"]["200"]["content"].items()
    assert content == (
        "application/vnd.oracle.resource+json; type=collection",
        {"schema": {"$ref": f"{LOCAL}customerCollection"}},
    )


def test_a_record_can_be_transformed(company: Simulator) -> None:
    paths = document(company, select="customer,salesorder")["paths"]
    transform = paths["/customer/{id}/!transform/salesorder"]["post"]
    [content] = transform["requestBody"]["content"].values()
    assert content["schema"] == {"$ref": f"{LOCAL}salesorder"}
    other = paths["/customer/{id}/!transform/invoice"]["post"]
    [content] = other["requestBody"]["content"].values()
    assert content["schema"] == {"$ref": f"{CATALOG}/invoice"}


def test_the_whole_catalog_in_one_document(company: Simulator) -> None:
    found = document(company)
    assert names(company) == [path[1:] for path in found["paths"] if "{" not in path]


def test_references_are_in_the_document_or_lead_into_the_catalog(company: Simulator) -> None:
    found = document(company, select="customer,invoice,journalentry")
    schemas = found["components"]["schemas"]
    outside = {each for each in references(found) if not each.startswith(LOCAL)}
    assert {each.removeprefix(LOCAL) for each in references(found)} - outside <= schemas.keys()
    assert f"{CATALOG}/transaction" in outside
    assert all(each.startswith(f"{CATALOG}/") for each in outside)


def test_an_address_has_a_schema_of_its_own(company: Simulator) -> None:
    schemas = document(company, select="vendor")["components"]["schemas"]
    line = schemas["vendor-addressBookElement"]["properties"]
    name = "vendor-addressBook-addressBookAddress"
    assert line["addressBookAddress"] == {"$ref": LOCAL + name}
    assert schemas[name]["properties"]["city"]["type"] == "string"


def test_references_to_records_are_short_whether_custom_or_not(company: Simulator) -> None:
    customer = document(company, select="customer")["components"]["schemas"]["customer"]
    short = {"$ref": f"{LOCAL}nsResource"}
    assert customer["properties"]["currency"] == short
    assert customer["properties"]["custentity_region"] == short
    assert customer["properties"]["parent"] == {"$ref": f"{LOCAL}customer"}
    assert customer["x-ns-filterable"] == schema(company, "customer")["x-ns-filterable"]
