from collections.abc import Iterator
from dataclasses import replace

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.client import ask
from tests.simulator.metadata.catalog import CATALOG, JSON_SCHEMA, get, names, schema


@pytest.fixture
def own(company: Simulator) -> Iterator[Simulator]:
    """The company, whose role a test may change."""
    yield company
    company.role = "administrator"


@pytest.fixture
def crippled(own: Simulator) -> Simulator:
    """The company, seen by the role that people make in a hurry."""
    own.role = "crippled"
    return own


def test_a_role_sees_the_record_types_that_it_has_permissions_for(crippled: Simulator) -> None:
    found = set(names(crippled))
    assert {"salesorder", "invoice", "customer", "vendor"} <= found
    hidden = {"journalentry", "customerpayment", "employee", "customrecord_vehicle", "department"}
    assert found.isdisjoint(hidden)
    for name in hidden:
        assert get(crippled, f"{CATALOG}/{name}", JSON_SCHEMA).status_code == 404


def test_what_a_feature_or_permission_strips_is_not_in_the_schema(crippled: Simulator) -> None:
    seen = schema(crippled, "salesorder")["properties"]
    customer = schema(crippled, "customer")["properties"]
    crippled.role = "administrator"
    known = schema(crippled, "salesorder")["properties"]
    assert known.keys() - seen.keys() == {
        *("department", "estGrossProfit", "estGrossProfitPercent"),
    }
    line = "items"
    assert "department" in known["item"]["properties"][line][line]["properties"]
    assert "department" not in seen["item"]["properties"][line][line]["properties"]
    assert schema(crippled, "customer")["properties"].keys() - customer.keys() == {
        *("creditLimit", "salesRep"),
    }


def test_what_is_only_not_exposed_stays_in_the_schema(crippled: Simulator) -> None:
    assert "averageCost" in schema(crippled, "inventoryitem")["properties"]
    assert ask(crippled, "SELECT averagecost FROM item").status_code == 400


def test_the_catalog_needs_no_workbook(own: Simulator) -> None:
    all_of_them = set(names(own))
    own.role = "integration"
    permissions = dict(own.role.permissions or {})
    del permissions["SuiteAnalytics Workbook"]
    own.role = replace(own.role, permissions=permissions)
    assert ask(own, "SELECT id FROM customer").status_code == 403
    assert set(names(own)) == all_of_them


def test_a_role_without_rest_web_services_does_not_get_the_catalog(own: Simulator) -> None:
    own.role = replace(own.role, permissions={"Log in using Access Tokens": "Full"})
    assert get(own).status_code == 403
