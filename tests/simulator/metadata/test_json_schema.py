from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest
from jsonschema import Draft6Validator

from tap_netsuite_tba.simulator import Simulator, Switches
from tap_netsuite_tba.simulator.metadata.properties import data
from tests.simulator.client import ask, column, refusal
from tests.simulator.metadata.catalog import CATALOG, JSON_SCHEMA, get, names, schema

Schemas = Mapping[str, Mapping[str, Any]]
REFERENCE = {
    "type": "object",
    "properties": {
        "id": {"title": "Internal identifier", "type": "string"},
        "refName": {"title": "Reference Name", "type": "string"},
        "externalId": {"title": "External identifier", "type": "string"},
        "links": {
            "title": "Links",
            "type": "array",
            "readOnly": True,
            "items": {"$ref": f"{CATALOG}/nsLink"},
        },
    },
}


def properties(account: Simulator, name: str) -> dict[str, Any]:
    found: dict[str, Any] = schema(account, name)["properties"]
    return found


@pytest.fixture(scope="module")
def schemas(company: Simulator) -> Schemas:
    """The JSON Schema of every record type."""
    return {name: schema(company, name) for name in names(company)}


def objects(part: object, where: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema inside ``part``, and where it is."""
    if isinstance(part, dict):
        for name, inner in part.get("properties", {}).items():
            yield f"{where}.{name}", inner
            yield from objects(inner, f"{where}.{name}")
        yield from objects(part.get("items"), where)


def tables(record_types: Iterable[str]) -> dict[str, str]:
    """The table of each record type that has one."""
    known = data("record_types")
    of_type = {
        name.lower(): family["table"] for family in known["families"] for name in family["types"]
    }
    return {name: of_type.get(name, name) for name in record_types if of_type.get(name, name)}


def lines(account: Simulator, name: str, sublist: str) -> dict[str, Any]:
    found: dict[str, Any] = properties(account, name)[sublist]["properties"]["items"]["items"]
    return found


def test_every_schema_is_one_of_draft_6_and_requires_nothing(schemas: Schemas) -> None:
    for found in schemas.values():
        Draft6Validator.check_schema(found)
        assert found["type"] == "object"
        assert found["$schema"] == "https://json-schema.org/draft-06/hyper-schema#"
        assert "required" not in found


def test_names_in_the_path_may_be_written_in_any_case(company: Simulator) -> None:
    assert schema(company, "SalesOrder") == schema(company, "salesorder")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("id", {"title": "Internal ID", "type": "string", "nullable": True}),
        ("companyName", {"type": "string"}),
        ("isInactive", {"title": "Inactive", "type": "boolean"}),
        ("creditLimit", {"type": "number", "format": "double"}),
        ("lastModifiedDate", {"type": "string", "format": "date-time", "readOnly": True}),
        ("startDate", {"type": "string", "format": "date"}),
        ("currency", REFERENCE),
        ("custentity_loyalty_points", {"type": "integer", "format": "int64"}),
    ],
)
def test_a_customers_properties(company: Simulator, name: str, expected: dict[str, Any]) -> None:
    found = properties(company, "customer")[name]
    assert found | expected == found


def test_numbers_that_are_no_money_are_floats(company: Simulator) -> None:
    rate = properties(company, "salesorder")["exchangeRate"]
    assert rate["type"] == "number"
    assert rate["format"] == "float"


def test_an_enumeration_lists_the_ids_that_it_takes(company: Simulator) -> None:
    country = properties(company, "subsidiary")["country"]
    assert set(country["properties"]) == {"id", "refName"}
    assert {"US", "DE", "JP"} <= set(country["properties"]["id"]["enum"])


def test_custom_fields_carry_a_flag_and_their_script_id(company: Simulator) -> None:
    found = properties(company, "salesorder")
    assert found["custbody_rush"] == {
        "title": "Rush",
        "type": "boolean",
        "description": "Rush",
        "x-ns-custom-field": True,
    }
    assert found["custbody_synced_at"]["format"] == "date-time"
    assert found["custbody_margin_pct"]["format"] == "float"


def test_a_custom_reference_has_no_flag(company: Simulator) -> None:
    assert properties(company, "salesorder")["custbody_channel"] == REFERENCE
    assert lines(company, "salesorder", "item")["properties"]["custcol_vehicle"] == REFERENCE


def test_a_custom_reference_can_be_a_bare_one() -> None:
    bare = {"$ref": f"{CATALOG}/nsResource"}
    with Simulator(500, switches=Switches(custom_references="ref")) as account:
        assert properties(account, "salesorder")["custbody_channel"] == bare
        assert properties(account, "salesorder")["currency"] == REFERENCE
        assert lines(account, "salesorder", "item")["properties"]["custcol_vehicle"] == bare


@pytest.mark.parametrize(
    ("record", "name"),
    [("customer", "parent"), ("customer", "salesRep"), ("invoice", "createdFrom")],
)
def test_a_reference_is_an_object(company: Simulator, record: str, name: str) -> None:
    assert properties(company, record)[name] == REFERENCE


def test_a_multiple_select_is_a_collection_of_references(company: Simulator) -> None:
    found = properties(company, "salesorder")["custbody_certificates"]["properties"]
    assert set(found) == {"links", "totalResults", "count", "hasMore", "offset", "items"}
    assert found["items"]["items"] == {"$ref": f"{CATALOG}/nsResource"}


def test_forms_are_text_ids_and_mostly_negative(company: Simulator) -> None:
    forms = properties(company, "customer")["customForm"]["enum"]
    negative = [form for form in forms if form.startswith("-")]
    assert len(forms) > len(negative) > len(forms) / 2


def test_help_is_html(company: Simulator) -> None:
    assert properties(company, "salesorder")["tranDate"]["description"].startswith("<p>")


def test_what_can_be_filtered_is_a_list_of_names_on_the_schema(company: Simulator) -> None:
    found = schema(company, "customer")
    filterable = found["x-ns-filterable"]
    assert {"id", "companyName", "lastModifiedDate", "custentity14"} <= set(filterable)
    assert set(filterable) <= set(found["properties"])
    assert not any("x-ns-filterable" in each for each in found["properties"].values())


# What can be filtered and not selected. Connectors that select all of the rest run on accounts.
FILTERABLE_ONLY = {
    ("classification", "classTranslation"),  # one of four names that a connector never selects
}


def test_what_can_be_filtered_can_be_selected(company: Simulator, schemas: Schemas) -> None:
    refused = set()
    for name, table in tables(schemas).items():
        filterable = set(schemas[name]["x-ns-filterable"])
        alone = {field for record, field in FILTERABLE_ONLY if record == name}
        assert alone <= filterable
        for fields in (filterable - alone, alone):
            query = f"SELECT {', '.join(fields).lower()} FROM {table} WHERE 1 = 0"  # noqa: S608
            if fields and ask(company, query).status_code != 200:
                refused |= {(name, field) for field in fields}
    assert refused == FILTERABLE_ONLY


def test_lines_can_be_filtered_by_what_they_have(schemas: Schemas) -> None:
    for found in schemas.values():
        for where, part in objects(found):
            line = part.get("properties", {}).get("items", {}).get("items", {})
            assert set(line.get("x-ns-filterable", ())) <= set(line.get("properties", ())), where


def test_no_name_comes_twice_in_another_case(schemas: Schemas) -> None:
    for found in schemas.values():
        known = [name.lower() for name in found["properties"]]
        assert len(set(known)) == len(known)


def test_flags_are_booleans(company: Simulator, schemas: Schemas) -> None:
    for table, name in {table: name for name, table in tables(schemas).items()}.items():
        known = {each.lower(): one for each, one in schemas[name]["properties"].items()}
        texts = [row[0] for row in company.sql(f"DESCRIBE {table}") if row[1] == "VARCHAR"]
        columns = [each for each in texts if each in known]
        values = ", ".join(f"list_sort(list(DISTINCT {each}))" for each in columns)
        [[found]] = company.sql(f"SELECT [{values}] FROM {table} LIMIT 1")  # noqa: S608
        flags = [
            each
            for each, there in zip(columns, found, strict=True)
            if there in (["F"], ["T"], ["F", "T"])
        ]
        assert [each for each in flags if known[each].get("type") != "boolean"] == []


@pytest.mark.parametrize(
    ("record", "table", "name"),
    [
        ("customer", "customer", "balance"),
        ("customer", "customer", "overdueBalance"),
        ("salesorder", "transaction", "subtotal"),
        ("salesorder", "transaction", "currencyName"),
        ("vendorbill", "transaction", "custbody_open_balance"),
    ],
)
def test_computed_fields_are_refused_by_queries(
    company: Simulator, record: str, table: str, name: str
) -> None:
    found = schema(company, record)
    assert name in found["properties"]
    assert name not in found["x-ns-filterable"]
    assert name.lower() in refusal(company, f"SELECT {name} FROM {table}").lower()  # noqa: S608


@pytest.mark.parametrize(
    ("record", "table", "name"),
    [
        ("salesorder", "transaction", "type"),
        ("salesorder", "transaction", "foreigntotal"),
        ("customer", "customer", "searchstage"),
        ("account", "account", "fullname"),
    ],
)
def test_some_columns_are_known_to_queries_only(
    company: Simulator, record: str, table: str, name: str
) -> None:
    known = {each.lower() for each in properties(company, record)}
    assert name not in known
    assert column(company, f"SELECT MAX({name}) AS v FROM {table}")  # noqa: S608


def test_only_the_quantity_of_an_item_has_no_type(schemas: Schemas) -> None:
    untyped = {
        (name, where)
        for name, found in schemas.items()
        for where, part in objects(found)
        if "type" not in part and "$ref" not in part
    }
    assert ("inventoryitem", ".quantity") in untyped
    assert ("serviceresaleitem", ".quantity") not in untyped
    assert {where for _, where in untyped} == {".quantity", ".price.items.quantity"}
    assert {tables(schemas)[name] for name, _ in untyped} == {"item"}


def test_references_to_transactions_lead_nowhere(company: Simulator) -> None:
    reference = lines(company, "invoice", "item")["properties"]["orderDoc"]
    assert reference == {"$ref": f"{CATALOG}/transaction"}
    assert lines(company, "customerpayment", "apply")["properties"]["doc"] == reference
    assert get(company, reference["$ref"], JSON_SCHEMA).status_code == 404


def test_only_lines_refer_to_another_schema(schemas: Schemas) -> None:
    for found in schemas.values():
        for where, part in objects(found):
            assert "$ref" not in part or ".items." in where, where


def test_other_references_lead_to_a_schema(company: Simulator) -> None:
    link = schema(company, "nsLink")
    assert list(link["properties"]) == ["rel", "href"]
    assert list(schema(company, "nsResource")["properties"]) == [
        *("id", "refName", "externalId", "links"),
    ]


def test_a_sublist_tells_its_lines_and_their_key(company: Simulator) -> None:
    line = lines(company, "salesorder", "item")
    assert line["x-ns-sublistkey"] == {
        "present": True,
        "value": {"new": ["orderLine"], "existing": ["line"]},
    }
    assert set(line["x-ns-filterable"]) <= set(line["properties"])
    assert {"line", "orderLine", "refName", "links"} <= set(line["properties"])
    assert line["properties"]["item"] == REFERENCE
    assert line["properties"]["custcol_machine_hours"]["x-ns-custom-field"] is True
    assert "uniquekey" not in line["properties"]
    assert lines(company, "customer", "groupPricing")["x-ns-sublistkey"] == {"present": False}


def test_an_address_is_a_record_inside_a_line(company: Simulator) -> None:
    address = lines(company, "vendor", "addressBook")["properties"]["addressBookAddress"]
    assert address["type"] == "object"
    assert address["properties"]["city"] == {"title": "City", "type": "string", "nullable": True}
    assert "DE" in address["properties"]["country"]["properties"]["id"]["enum"]


def test_the_records_of_a_custom_type_are_marked(company: Simulator) -> None:
    found = schema(company, "customrecord_vehicle")
    assert found["x-ns-custom-record"] is True
    assert found["properties"]["lastModified"]["format"] == "date-time"
    assert found["properties"]["custrecord_vehicle_plate"]["title"] == "Plate"
    assert "x-ns-custom-record" not in schema(company, "customer")


def test_a_column_that_is_added_is_in_the_schema_at_once() -> None:
    with Simulator(company=False) as account:
        account.sql("CREATE TABLE subsidiary (id BIGINT, name VARCHAR)")
        account.sql("ALTER TABLE subsidiary ADD COLUMN custrecord_since DATE")
        found = properties(account, "subsidiary")["custrecord_since"]
        assert found["format"] == "date"
        assert found["x-ns-custom-field"] is True
