"""Records as documents: what is in them, told from the rows and from the metadata catalog."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.client import rows
from tests.simulator.metadata.catalog import schema
from tests.simulator.records.asking import RECORDS, Listed, asked, found

# What was recorded where the catalog says otherwise: a choice with its name, a number for a text.
_TYPED_OTHERWISE = {"customForm", "id"}
_PYTHON: Mapping[str, type | tuple[type, ...]] = {
    "array": list,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "object": dict,
    "string": str,
}
Document = dict[str, Any]


def whole(account: Simulator, record_type: str, record_id: object) -> Document:
    return found(account, f"{record_type}/{record_id}", expandSubResources="true")


def first(account: Simulator, record_type: str, condition: str = "TRUE") -> int:
    """Return the id of a transaction."""
    query = "SELECT min(id) FROM transaction WHERE recordtype = ? AND "
    [(found_id,)] = account.sql(query + condition, [record_type])
    assert found_id is not None
    return int(found_id)


def parts(document: object) -> Iterator[Document]:
    """Return each object in a document, itself first."""
    if isinstance(document, dict):
        yield document
        for value in document.values():
            yield from parts(value)
    if isinstance(document, list):
        for value in document:
            yield from parts(value)


def fits(value: object, described: Mapping[str, Any], name: str) -> None:
    """Check that a value is what the catalog says, and each of its parts too."""
    expected = described.get("type")
    if expected is not None and name not in _TYPED_OTHERWISE:
        assert isinstance(value, _PYTHON[expected]), (name, value)
        assert isinstance(value, bool) is (expected == "boolean"), (name, value)
    if isinstance(value, dict) and "properties" in described:
        for key, inner in value.items():
            if key != "links":
                assert key in described["properties"], (name, key)
                fits(inner, described["properties"][key], key)
    if isinstance(value, list):
        for each in value:
            fits(each, described.get("items", {}), name)


def test_a_document_of_each_type_is_what_the_catalog_says(
    company: Simulator, listed: Listed
) -> None:
    read = set()
    for name, response in listed.items():
        for item in response.json().get("items", ()):
            fits(whole(company, name, item["id"]), schema(company, name), name)
            read.add(name)
    assert read >= {
        *("customer", "vendor", "employee", "contact", "inventoryitem", "salesorder", "invoice"),
        *("vendorbill", "customerpayment", "journalentry", "purchaseorder", "creditmemo"),
        *("customrecord_vehicle", "customlist_region", "account", "customerstatus", "term"),
    }
    assert company.counters.crashes == 0


def test_links_come_first_and_names_in_their_order(company: Simulator) -> None:
    document = whole(company, "salesorder", first(company, "salesorder"))
    assert all(next(iter(part)) == "links" for part in parts(document) if len(part) > 3)
    assert list(document)[1:] == sorted(document.keys() - {"links"})
    line = document["item"]["items"][0]
    assert list(line)[1:] == sorted(line.keys() - {"links"})


def test_nothing_is_null_in_a_document(company: Simulator) -> None:
    order = whole(company, "salesorder", first(company, "salesorder", "memo IS NULL"))
    assert "memo" not in order
    assert not any(value is None or value == "" for part in parts(order) for value in part.values())


@pytest.mark.parametrize("record_type", ["salesorder", "invoice", "purchaseorder", "vendorbill"])
def test_amounts_are_positive_and_lines_make_the_total(
    company: Simulator, record_type: str
) -> None:
    for (record_id,) in company.sql(
        "SELECT id FROM transaction WHERE recordtype = ? LIMIT 5", [record_type]
    ):
        [(total, tax)] = company.sql(
            "SELECT abs(foreigntotal), coalesce((SELECT sum(abs(foreignamount)) FROM"
            " transactionline WHERE transaction = t.id AND taxline = 'T'), 0)"
            " FROM transaction AS t WHERE id = ?",
            [record_id],
        )
        document = company.records.document(record_type, record_id)
        lines = [*document["item"]["items"], *document.get("expense", {}).get("items", [])]
        assert document["total"] == total
        assert document["taxTotal"] == tax
        assert sum(line["amount"] for line in lines) == total - tax
        assert all(line["amount"] >= 0 for line in lines)
        assert all(line["quantity"] > 0 for line in document["item"]["items"])


def test_lines_of_goods_are_numbered_from_one_and_those_of_a_journal_from_zero(
    company: Simulator,
) -> None:
    order_id = first(company, "salesorder")
    order = whole(company, "salesorder", order_id)["item"]
    assert order["items"][0]["line"] == 1
    link = f"{company.base_url}{RECORDS}/salesorder/{order_id}/item"
    assert order["links"] == [{"rel": "self", "href": link, "method": "GET"}]
    assert order["items"][0]["links"][0]["href"] == f"{link}/1"
    assert order["totalResults"] == len(order["items"])
    assert order.keys() == {"links", "items", "totalResults"}
    journal = company.records.document("journalentry", first(company, "journalentry"))["line"]
    assert [line["line"] for line in journal["items"]] == list(range(journal["totalResults"]))
    debits = sum(line.get("debit", 0) for line in journal["items"])
    assert debits == sum(line.get("credit", 0) for line in journal["items"]) > 0


def test_an_instant_is_the_one_that_suiteql_reads(company: Simulator) -> None:
    order_id = first(company, "salesorder")
    [(changed, day)] = company.sql(
        "SELECT strftime(lastmodifieddate, '%Y-%m-%dT%H:%M:%SZ'), strftime(trandate, '%Y-%m-%d')"
        " FROM transaction WHERE id = ?",
        [order_id],
    )
    order = whole(company, "salesorder", order_id)
    assert order["lastModifiedDate"] == changed
    assert order["tranDate"] == day
    vehicle = whole(company, "customrecord_vehicle", 7)
    assert vehicle["lastModified"].endswith("Z")


def test_a_reference_has_the_name_that_builtin_df_gives(company: Simulator) -> None:
    order_id = first(company, "salesorder", "custbody_channel IS NOT NULL")
    columns = ("entity", "currency", "terms", "custbody_channel", "subsidiary", "createdBy")
    texts = ", ".join(f"BUILTIN.DF({name}) AS {name}" for name in columns)
    query = f"SELECT {texts} FROM transaction WHERE id = {order_id}"  # noqa: S608  # ours
    [named] = rows(company, query)
    order = whole(company, "salesorder", order_id)
    for name in columns:
        assert order[name]["refName"] == named[name.lower()], name
        assert isinstance(order[name]["id"], str)


def test_a_line_names_its_price_level(company: Simulator) -> None:
    [(order_id, name)] = company.sql(
        "SELECT l.transaction, p.name FROM transactionline AS l JOIN pricelevel AS p"
        " ON p.id = l.price JOIN transaction AS t ON t.id = l.transaction"
        " WHERE t.recordtype = 'salesorder' AND l.id = 1 ORDER BY 1 LIMIT 1"
    )
    line = whole(company, "salesorder", order_id)["item"]["items"][0]
    assert line["price"]["refName"] == name


def test_what_a_link_leads_to_is_there(company: Simulator) -> None:
    order = whole(company, "salesorder", first(company, "salesorder"))
    invoice = whole(company, "invoice", first(company, "invoice", "status = 'A'"))
    links = {link["href"] for part in parts([order, invoice]) for link in part.get("links", ())}
    assert len(links) > 15
    for link in sorted(links):
        assert asked(company, link.partition(f"{RECORDS}/")[2]).status_code == 200, link


def test_a_reference_has_the_external_id_of_its_record(company: Simulator) -> None:
    [(order_id, external_id)] = company.sql(
        "SELECT t.id, c.externalid FROM transaction AS t JOIN customer AS c ON c.id = t.entity"
        " WHERE t.recordtype = 'salesorder' AND c.externalid IS NOT NULL LIMIT 1"
    )
    assert whole(company, "salesorder", order_id)["entity"]["externalId"] == external_id


def test_a_status_is_its_text_beside_the_letter_of_an_order(company: Simulator) -> None:
    order = whole(company, "salesorder", first(company, "salesorder", "status = 'B'"))
    text = "Pending Fulfillment"
    assert order["status"] == {"id": text, "refName": text}
    assert order["orderStatus"] == {"id": "B", "refName": text}


def test_choices_come_with_empty_links_or_none(company: Simulator) -> None:
    [(customer_id,)] = company.sql("SELECT min(recordowner) FROM customeraddressbookentityaddress")
    customer = whole(company, "customer", customer_id)
    assert customer["stage"] == {"id": "CUSTOMER", "refName": "Customer"}
    address = customer["addressBook"]["items"][0]["addressBookAddress"]
    assert address["country"] == {"links": [], "id": "US", "refName": "United States"}
    simple = found(
        company, f"customer/{customer_id}", expandSubResources="true", simpleEnumFormat="true"
    )
    assert simple["stage"] == "CUSTOMER"
    assert simple["addressBook"]["items"][0]["addressBookAddress"]["country"] == "US"
    assert simple["currency"] == customer["currency"]


def test_an_address_book_holds_addresses_by_their_ids(company: Simulator) -> None:
    [(customer_id, billing)] = company.sql(
        "SELECT id, defaultbillingaddress FROM customer"
        " WHERE defaultbillingaddress IS NOT NULL ORDER BY id LIMIT 1"
    )
    customer = whole(company, "customer", customer_id)
    line = next(each for each in customer["addressBook"]["items"] if each["defaultBilling"])
    assert (line["internalId"], line["id"], line["addressId"]) == (billing, billing, str(billing))
    path = f"{company.base_url}{RECORDS}/customer/{customer_id}/addressBook/{billing}"
    assert line["links"][0]["href"] == path
    address = line["addressBookAddress"]
    assert address["links"][0]["href"] == f"{path}/addressBookAddress"
    assert address["city"] == line["label"]
    assert "\r\n" in address["addrText"]


def test_an_address_of_an_order_is_a_subrecord(company: Simulator) -> None:
    order_id = first(company, "salesorder", "shippingaddress IS NOT NULL")
    [(city,)] = company.sql(
        "SELECT city FROM transactionshippingaddress WHERE recordowner = ?", [order_id]
    )
    address = whole(company, "salesorder", order_id)["shippingAddress"]
    assert address["city"] == city
    assert address["links"][0]["href"].endswith(f"salesorder/{order_id}/shippingAddress")


def test_a_multi_select_is_a_collection_of_references(company: Simulator) -> None:
    order_id = first(company, "salesorder", "custbody_certificates LIKE '%, %'")
    [(chosen,)] = company.sql(
        "SELECT custbody_certificates FROM transaction WHERE id = ?", [order_id]
    )
    field = whole(company, "salesorder", order_id)["custbody_certificates"]
    assert list(field) == ["links", "count", "hasMore", "items", "offset", "totalResults"]
    assert [item["id"] for item in field["items"]] == chosen.split(", ")
    assert (field["count"], field["hasMore"], field["offset"]) == (len(field["items"]), False, 0)
    assert all(item["refName"] and item["links"] for item in field["items"])


def test_an_empty_sublist_is_there(company: Simulator) -> None:
    team = whole(company, "salesorder", first(company, "salesorder"))["salesTeam"]
    assert (team["items"], team["totalResults"]) == ([], 0)


def test_a_payment_names_what_it_pays(company: Simulator) -> None:
    [(payment_id, invoice_id)] = company.sql(
        "SELECT nextdoc, previousdoc FROM nexttransactionlinelink"
        " WHERE previoustype = 'CustInvc' AND nexttype = 'CustPymt' ORDER BY 1 LIMIT 1"
    )
    [line] = whole(company, "customerpayment", payment_id)["apply"]["items"]
    assert line["doc"]["id"] == str(invoice_id)
    assert line["links"][0]["href"].endswith(f"/apply/doc={invoice_id},line=0")


def test_an_item_names_its_vendors_and_its_prices(company: Simulator) -> None:
    [(item_id, vendor_id, prices)] = company.sql(
        "SELECT item, vendor, (SELECT count(*) FROM pricing AS p WHERE p.item = v.item)"
        " FROM itemvendor AS v JOIN item AS i ON i.id = v.item"
        " WHERE i.itemtype = 'InvtPart' ORDER BY 1 LIMIT 1"
    )
    item = whole(company, "inventoryitem", item_id)
    assert [line["vendor"]["id"] for line in item["itemVendor"]["items"]] == [str(vendor_id)]
    assert item["price"]["totalResults"] == prices > 0


def test_without_expansion_parts_are_only_linked(company: Simulator) -> None:
    order_id = first(company, "salesorder", "shippingaddress IS NOT NULL")
    order = found(company, f"salesorder/{order_id}")
    for name in ("item", "salesTeam", "shippingAddress", "custbody_certificates"):
        link = f"{company.base_url}{RECORDS}/salesorder/{order_id}/{name}"
        assert order[name] == {"links": [{"rel": "self", "href": link, "method": "GET"}]}
    assert found(company, f"salesorder/{order_id}", expandSubResources="false").keys() == (
        order.keys()
    )


def test_the_truth_is_what_a_get_shows(company: Simulator) -> None:
    for record_type in ("salesorder", "journalentry", "vendorbill"):
        record_id = first(company, record_type)
        truth = company.records.document(record_type, record_id)
        shown = whole(company, record_type, record_id)
        assert _comparable(truth) == _comparable(shown)


def _comparable(value: object) -> object:
    """Return a document without what says where it came from."""
    if isinstance(value, dict):
        return {key: _comparable(each) for key, each in value.items() if key != "links"}
    if isinstance(value, list):
        return [_comparable(each) for each in value]
    return float(value) if isinstance(value, Decimal) else value


def test_numbers_keep_every_digit(company: Simulator) -> None:
    [(order_id, percent)] = company.sql(
        "SELECT id, estgrossprofitpercent FROM transaction WHERE recordtype = 'invoice'"
        " AND estgrossprofitpercent <> round(estgrossprofitpercent, 7) ORDER BY id LIMIT 1"
    )
    assert f'"estGrossProfitPercent":{percent},' in asked(company, f"invoice/{order_id}").text
