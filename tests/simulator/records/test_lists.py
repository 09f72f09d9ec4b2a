"""Lists of records: which are in them, and what a page looks like."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tap_netsuite_tba.simulator import Simulator, Switches
from tests.simulator.metadata.catalog import error
from tests.simulator.records.asking import RECORDS, Listed, asked, found, ids


@pytest.fixture
def account() -> Iterator[Simulator]:
    """An account of a test's own, with a few vendors."""
    with Simulator(company=False) as own:
        own.sql("CREATE TABLE vendor AS SELECT i - 3 AS id, 'T' AS isperson FROM range(10) AS r(i)")
        yield own


def truth(account: Simulator, query: str) -> set[int]:
    return {each for (each,) in account.sql(query)}


@pytest.mark.parametrize(
    ("record_type", "query"),
    [
        ("customer", "SELECT id FROM customer"),
        ("vendor", "SELECT id FROM vendor"),
        ("employee", "SELECT id FROM employee"),
        ("contact", "SELECT id FROM contact"),
        ("inventoryItem", "SELECT id FROM item WHERE itemtype = 'InvtPart'"),
        (
            "serviceSaleItem",
            "SELECT id FROM item WHERE itemtype = 'Service' AND subtype = 'Sale'",
        ),
        ("salesOrder", "SELECT id FROM transaction WHERE type = 'SalesOrd'"),
        ("invoice", "SELECT id FROM transaction WHERE type = 'CustInvc'"),
        ("vendorBill", "SELECT id FROM transaction WHERE type = 'VendBill'"),
        ("customerPayment", "SELECT id FROM transaction WHERE type = 'CustPymt'"),
        ("journalEntry", "SELECT id FROM transaction WHERE type = 'Journal'"),
        ("customrecord_vehicle", "SELECT id FROM customrecord_vehicle"),
        ("customerStatus", "SELECT CAST(key AS BIGINT) FROM entitystatus"),
        ("subsidiary", "SELECT id FROM subsidiary"),
    ],
)
def test_a_list_has_the_records_of_its_type(
    company: Simulator, record_type: str, query: str
) -> None:
    listed = ids(company, record_type)
    assert set(listed) == truth(company, query)
    assert len(set(listed)) == len(listed) > 0


def test_a_type_is_found_in_whatever_case_and_linked_in_lower_case(company: Simulator) -> None:
    document = found(company, "INVENTORYITEM", limit=5)
    address = company.base_url + RECORDS
    links = {link["rel"]: link["href"] for link in document["links"]}
    assert links["self"] == f"{address}/INVENTORYITEM?limit=5"
    assert links["next"] == f"{address}/inventoryitem?limit=5&offset=5"
    [item, *_] = document["items"]
    assert item["links"] == [
        {"rel": "self", "href": f"{address}/inventoryitem/{item['id']}", "method": "GET"}
    ]


def test_an_item_of_a_list_is_an_id_and_an_address_and_nothing_else(company: Simulator) -> None:
    document = found(company, "customer", limit=1)
    assert list(document) == ["links", "count", "hasMore", "items", "offset", "totalResults"]
    [item] = document["items"]
    assert list(item) == ["links", "id"]
    assert isinstance(item["id"], str)


def test_a_list_is_a_collection(company: Simulator) -> None:
    content_type = asked(company, "customer").headers["Content-Type"]
    assert content_type == "application/vnd.oracle.resource+json; type=collection; charset=UTF-8"


def test_pages_hold_each_record_once_in_no_useful_order(company: Simulator) -> None:
    pages = [ids(company, "salesorder", limit=10, offset=offset) for offset in range(0, 80, 10)]
    listed = [each for page in pages for each in page]
    assert set(listed) == truth(company, "SELECT id FROM transaction WHERE type = 'SalesOrd'")
    assert len(set(listed)) == len(listed)
    assert listed != sorted(listed)
    assert listed != sorted(listed, reverse=True)


def test_ids_may_be_negative(account: Simulator) -> None:
    assert set(ids(account, "vendor")) == set(range(-3, 7))


def test_the_links_of_a_page_stand_in_netsuites_order(account: Simulator) -> None:
    def rels(**parameters: int) -> list[str]:
        return [link["rel"] for link in found(account, "vendor", **parameters)["links"]]

    assert rels() == ["self"]
    assert rels(limit=4) == ["next", "last", "self"]
    assert rels(limit=4, offset=4) == ["previous", "first", "next", "last", "self"]
    assert rels(limit=4, offset=8) == ["previous", "first", "self"]


@pytest.mark.parametrize(("switches", "last"), [("wrong", 0), ("right", 8)])
def test_the_last_link_is_wrong_by_the_switch(switches: str, last: int) -> None:
    with Simulator(company=False, switches=Switches.of([f"last_link={switches}"])) as account:
        account.sql("CREATE TABLE vendor AS SELECT i AS id FROM range(10) AS r(i)")
        links = {link["rel"]: link["href"] for link in found(account, "vendor", limit=4)["links"]}
        assert links["last"].endswith(f"vendor?limit=4&offset={last}")


def test_the_links_of_a_filtered_list_are_filtered_too(company: Simulator) -> None:
    q = 'companyName CONTAIN "a" AND id GREATER 0'
    document = found(company, "customer", q=q, limit=2)
    links = {link["rel"]: link["href"] for link in document["links"]}
    path, _, query = links["next"].partition("?")
    assert path == f"{company.base_url}{RECORDS}/customer"
    assert query == ("limit=2&offset=2&q=companyName%20CONTAIN%20%22a%22%20AND%20id%20GREATER%200")


def test_the_total_stops_at_a_thousand_pages(account: Simulator) -> None:
    account.sql("INSERT INTO vendor SELECT i, 'F' FROM range(100, 4000) AS r(i)")
    document = found(account, "vendor", limit=2, offset=1998)
    assert (document["count"], document["hasMore"], document["totalResults"]) == (2, False, 2000)
    beyond = found(account, "vendor", limit=2, offset=2000)
    assert (beyond["items"], beyond["hasMore"], beyond["totalResults"]) == ([], False, 2000)


@pytest.mark.parametrize(
    ("parameters", "at_fault"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 1001}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"limit": 10, "offset": 5}, "offset"),
        ({"offset": -1000}, "offset"),
    ],
)
def test_limit_and_offset_have_rules(
    company: Simulator, parameters: dict[str, object], at_fault: str
) -> None:
    response = asked(company, "customer", **parameters)
    assert response.status_code == 400
    assert error(response)["o:errorQueryParam"] == at_fault
    assert error(response)["o:errorCode"] == "INVALID_PARAMETER"


def test_some_types_cannot_be_listed(company: Simulator) -> None:
    response = asked(company, "campaign")
    assert response.status_code == 405
    assert error(response)["o:errorCode"] == "INVALID_METHOD"


def test_which_types_cannot_be_listed_can_be_set(account: Simulator) -> None:
    assert asked(account, "vendor").status_code == 200
    account.records.unlistable.add("vendor")
    assert asked(account, "vendor").status_code == 405
    assert asked(account, "vendor/5").status_code == 200


def test_a_type_that_the_company_does_not_use_has_an_empty_list(company: Simulator) -> None:
    document = found(company, "website")
    assert (document["items"], document["count"], document["totalResults"]) == ([], 0, 0)


@pytest.mark.parametrize(
    ("choice", "status", "code"),
    [
        ("403", 403, "INSUFFICIENT_PERMISSION"),
        ("400", 400, "USER_ERROR"),
        ("not found", 400, "INVALID_PARAMETER"),
    ],
)
def test_without_workbook_records_are_read_and_not_listed(
    choice: str, status: int, code: str
) -> None:
    with Simulator(
        company=False, role="integration", switches=Switches.of([f"without_workbook={choice}"])
    ) as account:
        account.sql("CREATE TABLE vendor AS SELECT i AS id FROM range(10) AS r(i)")
        role = account.role
        assert role.permissions is not None
        left = {name: level for name, level in role.permissions.items() if "Workbook" not in name}
        account.role = replace(role, permissions=left)
        for parameters in ({}, {"q": "id EQUAL 5"}):
            response = asked(account, "vendor", **parameters)
            assert response.status_code == status
            assert error(response)["o:errorCode"] == code
        assert found(account, "vendor/5")["id"] == "5"


def test_a_role_lists_the_records_of_its_subsidiaries(account: Simulator) -> None:
    account.sql("ALTER TABLE vendor ADD COLUMN subsidiary BIGINT")
    account.sql("UPDATE vendor SET subsidiary = id % 2 WHERE id > 0")
    account.role = replace(account.role, subsidiaries=frozenset({1}))
    assert set(ids(account, "vendor")) == {-3, -2, -1, 0, 1, 3, 5}


def test_a_list_is_as_new_as_its_request(account: Simulator) -> None:
    before = set(ids(account, "vendor"))
    account.sql("INSERT INTO vendor VALUES (77, 'F')")
    account.sql("DELETE FROM vendor WHERE id = 5")
    assert set(ids(account, "vendor")) == before - {5} | {77}


def test_what_the_catalog_says_that_it_describes_is_there(listed: Listed) -> None:
    refused = {name for name, response in listed.items() if response.status_code != 200}
    assert len(listed) > 80
    assert refused == {"campaign"}


def test_a_parameter_that_nobody_knows_is_refused(company: Simulator) -> None:
    response = asked(company, "customer", pageSize=5)
    assert response.status_code == 400
    assert error(response)["o:errorQueryParam"] == "pageSize"
