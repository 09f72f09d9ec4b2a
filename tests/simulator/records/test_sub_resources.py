"""Addresses inside a record: sublists, lines, subrecords and multi-selects."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.simulator import Simulator, Switches
from tests.simulator.metadata.catalog import error
from tests.simulator.records.asking import RECORDS, asked, found

BUSY_ORDER = """
    SELECT transaction FROM transactionline JOIN transaction AS t ON t.id = transaction
    WHERE t.recordtype = 'salesorder' AND item IS NOT NULL
    GROUP BY transaction ORDER BY count(*) DESC, transaction LIMIT 1
"""


@pytest.fixture(scope="module")
def order(company: Simulator) -> str:
    """The path of a sales order with several lines."""
    [(order_id,)] = company.sql(BUSY_ORDER)
    return f"salesorder/{order_id}"


def itself(company: Simulator, path: str) -> list[dict[str, str]]:
    return [{"rel": "self", "href": f"{company.base_url}{RECORDS}/{path}", "method": "GET"}]


def test_a_sublist_is_a_collection_of_links(company: Simulator, order: str) -> None:
    response = asked(company, f"{order}/item")
    assert "type=collection" in response.headers["Content-Type"]
    document = response.json()
    lines = found(company, order, expandSubResources="true")["item"]["items"]
    assert len(lines) > 2
    assert list(document) == ["links", "count", "hasMore", "items", "offset", "totalResults"]
    assert document["count"] == document["totalResults"] == len(lines)
    assert document["links"] == itself(company, f"{order}/item")
    assert document["items"] == [{"links": line["links"]} for line in lines]


def test_a_sublist_may_be_expanded(company: Simulator, order: str) -> None:
    whole = found(company, order, expandSubResources="true")
    document = found(company, f"{order}/item", expandSubResources="true")
    assert document["items"] == whole["item"]["items"]


def test_a_sublist_is_read_page_by_page(company: Simulator, order: str) -> None:
    whole = found(company, order, expandSubResources="true")["item"]
    lines: list[Any] = []
    page = found(company, f"{order}/item", expandSubResources="true", limit=2)
    for _ in range(len(whole["items"])):
        lines += page["items"]
        links = {link["rel"]: link["href"] for link in page["links"]}
        assert page["hasMore"] is ("next" in links)
        if "next" not in links:
            break
        page = asked(company, links["next"].partition(f"{RECORDS}/")[2]).json()
    assert lines == whole["items"]


def test_the_next_page_of_an_expanded_sublist_is_expanded(company: Simulator, order: str) -> None:
    page = found(company, f"{order}/item", expandSubResources="true", limit=2)
    links = {link["rel"]: link["href"] for link in page["links"]}
    assert links["next"].endswith(f"{order}/item?limit=2&offset=2&expandSubResources=true")


def test_a_line_has_an_address(company: Simulator, order: str) -> None:
    [line, *_] = found(company, order, expandSubResources="true")["item"]["items"]
    response = asked(company, f"{order}/item/{line['line']}")
    assert "type=singular" in response.headers["Content-Type"]
    assert response.json() == line


def test_each_address_in_a_document_leads_to_what_stands_there(company: Simulator) -> None:
    paths = [
        f"{record_type}/{record_id}"
        for record_type, record_id in company.sql(
            "SELECT recordtype, min(id) FROM transaction"
            " WHERE type IN ('SalesOrd', 'VendBill', 'CustPymt', 'Journal') GROUP BY recordtype"
            " UNION ALL SELECT 'customer', max(id) FROM customer"
            " UNION ALL SELECT 'account', min(id) FROM account"
            " UNION ALL SELECT 'inventoryitem', min(id) FROM item WHERE itemtype = 'InvtPart'"
        )
    ]
    visited = 0
    for path in paths:
        whole = found(company, path, expandSubResources="true")
        for inside, value in parts(whole, f"{company.base_url}{RECORDS}/{path}"):
            answer = found(company, inside, expandSubResources="true")
            assert answer.get("items") == value.get("items"), inside
            if "items" not in value:
                assert {**answer, "links": value["links"]} == value
            visited += 1
    assert visited > 2 * len(paths)


def parts(value: object, address: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what lies below an address, with its path."""
    if isinstance(value, list):
        for each in value:
            yield from parts(each, address)
    if not isinstance(value, dict):
        return
    own = [link["href"] for link in value.get("links", []) if link["rel"] == "self"]
    if own and own[0].startswith(f"{address}/"):
        yield own[0].partition(f"{RECORDS}/")[2], value
    for name, inner in value.items():
        if name != "links":
            yield from parts(inner, address)


def test_a_subrecord_of_a_line_has_an_address(company: Simulator) -> None:
    [(owner,)] = company.sql("SELECT max(id) FROM customer WHERE defaultbillingaddress IS NOT NULL")
    path = f"customer/{owner}"
    [line, *_] = found(company, path, expandSubResources="true")["addressBook"]["items"]
    bare = found(company, f"{path}/addressbook/{line['internalId']}")
    assert list(bare["addressBookAddress"]) == ["links"]
    below = f"{path}/addressbook/{line['internalId']}/addressbookaddress"
    address = found(company, below)
    assert address["addr1"] == line["addressBookAddress"]["addr1"]
    assert address["links"] == itself(company, below)


def test_a_multi_select_is_a_collection_of_references(company: Simulator) -> None:
    [(order_id, chosen)] = company.sql(
        "SELECT id, custbody_certificates FROM transaction WHERE recordtype = 'salesorder'"
        " AND custbody_certificates LIKE '%, %' ORDER BY id LIMIT 1"
    )
    document = found(company, f"salesorder/{order_id}/custbody_certificates")
    assert [item["id"] for item in document["items"]] == chosen.split(", ")
    for item in document["items"]:
        assert list(item) == ["links", "id", "refName"]
        assert item["links"] == itself(company, f"customlist_certificate/{item['id']}")


def test_what_is_empty_is_an_empty_collection(company: Simulator) -> None:
    [(order_id,)] = company.sql(
        "SELECT min(id) FROM transaction WHERE recordtype = 'salesorder'"
        " AND custbody_certificates IS NULL"
    )
    for name in ("salesTeam", "custbody_certificates"):
        document = found(company, f"salesorder/{order_id}/{name}")
        assert (document["items"], document["count"], document["hasMore"]) == ([], 0, False)


@pytest.mark.parametrize(
    "inside",
    [
        *("nosuch", "entity", "currency", "tranId", "links", "item/99999", "item/x", "item/1/item"),
        *("item/1/nosuch", "item/", "custbody_certificates/1", "!transform/invoice", "expense"),
    ],
)
def test_what_has_no_address_is_not_found(company: Simulator, order: str, inside: str) -> None:
    response = asked(company, f"{order}/{inside}")
    assert response.status_code == 404
    assert error(response) == {
        "detail": "The requested resource does not exist.",
        "o:errorUrl": f"{RECORDS}/{order}/{inside}",
        "o:errorCode": "NONEXISTENT_ID",
    }


def test_what_is_inside_a_record_that_refuses_is_refused_too() -> None:
    with Simulator(transactions=300) as account:
        [(order_id,)] = account.sql(BUSY_ORDER)
        account.records.lock("salesorder", order_id)
        assert asked(account, f"salesorder/{order_id}/item").status_code == 400
        assert asked(account, "salesorder/-77/item").status_code == 400
        assert asked(account, "customer/-77/addressbook").status_code == 404


@pytest.mark.parametrize("parameters", [{"limit": 0}, {"limit": 2, "offset": 1}, {"nosuch": 1}])
def test_pages_of_a_sublist_have_the_rules_of_lists(
    company: Simulator, order: str, parameters: dict[str, object]
) -> None:
    assert asked(company, f"{order}/item", **parameters).status_code == 400


def test_past_what_can_be_reached_there_is_nothing(company: Simulator, order: str) -> None:
    document = found(company, f"{order}/item", limit=1, offset=1000)
    assert (document["items"], document["hasMore"]) == ([], False)


def test_what_cannot_be_reached_may_be_refused() -> None:
    with Simulator(transactions=300, switches=Switches(past_ceiling="refused")) as account:
        [(order_id,)] = account.sql(BUSY_ORDER)
        response = asked(account, f"salesorder/{order_id}/item", limit=1, offset=1000)
        assert response.status_code == 400
        assert error(response)["o:errorQueryParam"] == "offset"


# What oauthlib signs otherwise than it is sent is left out.
SEGMENTS = st.sampled_from(
    ["item", "ITEM", "1", "-1", "addressBook", "links", "", ".", "..", "eid:x", "%2F", "%00", "é"]
) | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="?#;%\\"), max_size=6)


@settings(max_examples=40)
@given(st.lists(SEGMENTS, min_size=1, max_size=4))
def test_any_address_is_answered(company: Simulator, order: str, segments: list[str]) -> None:
    response = asked(company, f"{order}/{'/'.join(segments)}")
    assert response.status_code in {200, 400, 404}, response.text
    assert company.counters.crashes == 0
