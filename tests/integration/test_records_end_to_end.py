"""Records as documents, through the whole tap: they are those of the account, to the last leaf."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from jsonschema import Draft7Validator

from tap_netsuite_tba.simulator import Simulator
from tests.integration.documents import differences, names_in
from tests.integration.streams import Run, run

TYPES = (
    "contact",
    "customer",
    "customerpayment",
    "customrecord_vehicle",
    "employee",
    "inventoryitem",
    "invoice",
    "journalentry",
    "purchaseorder",
    "salesorder",
    "vendor",
    "vendorbill",
)


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(transactions=100) as account:
        account.sql("DELETE FROM customrecord_vehicle WHERE id > 10")
        yield account


@pytest.fixture(scope="module")
def everything(account: Simulator) -> Run:
    """All of the types in one run."""
    return run(account, records=list(TYPES))


def test_all_of_them_are_read(everything: Run) -> None:
    assert everything.code == 0, everything.log
    assert everything.schemas.keys() == {"unreadable_record", *map("record_{}".format, TYPES)}
    assert everything.rows["unreadable_record"] == []


@pytest.mark.parametrize("record_type", TYPES)
def test_documents_are_the_accounts_to_the_last_leaf(
    account: Simulator, everything: Run, record_type: str
) -> None:
    documents = everything.rows[f"record_{record_type}"]

    assert documents
    assert everything.schemas[f"record_{record_type}"]["key_properties"] == ["id"]
    found = [
        difference
        for document in documents
        for difference in differences(
            document, account.records.document(record_type, document["id"]), str(document["id"])
        )
    ]
    assert found[:5] == []


def test_documents_are_as_their_schemas_say(everything: Run) -> None:
    for stream, documents in everything.rows.items():
        schema = Draft7Validator(everything.schemas[stream]["schema"])
        assert [error.message for row in documents for error in schema.iter_errors(row)] == []


def test_no_link_is_left_anywhere(everything: Run) -> None:
    names = {name for rows in everything.rows.values() for name in names_in(rows)}
    assert "items" in names
    assert "links" not in names


# Of some values what the tables behind the account say: the documents are made of them, and the
# simulator's way from tables to documents is not the only judge.
SOLD = """
    SELECT id, t.tranid, (SELECT entityid FROM customer WHERE id = entity), abs(foreigntotal),
           (SELECT count(*) FROM transactionline WHERE transaction = t.id AND mainline || taxline
            || iscogs = 'FFF'),
           (SELECT -sum(foreignamount) FROM transactionline WHERE transaction = t.id
            AND mainline || taxline || iscogs = 'FFF')
    FROM transaction AS t WHERE recordtype = '{}'
"""
BOUGHT = """
    SELECT id, t.tranid, (SELECT entityid FROM vendor WHERE id = entity), abs(foreigntotal),
           (SELECT count(*) FROM transactionline WHERE transaction = t.id AND mainline = 'F'
            AND taxline = 'F'),
           (SELECT abs(sum(foreignamount)) FROM transactionline WHERE transaction = t.id
            AND mainline = 'F' AND taxline = 'F')
    FROM transaction AS t WHERE recordtype = '{}'
"""


@pytest.mark.parametrize(
    ("record_type", "query"), [("salesorder", SOLD), ("invoice", SOLD), ("purchaseorder", BOUGHT)]
)
def test_lines_add_up_and_parties_have_their_names(
    account: Simulator, everything: Run, record_type: str, query: str
) -> None:
    documents = everything.rows[f"record_{record_type}"]
    shown = [
        (
            each["id"],
            each["tranId"],
            each["entity"]["refName"],
            each["total"],
            each["item"]["totalResults"],
            sum(line["amount"] for line in each["item"]["items"]),
        )
        for each in documents
    ]
    assert sorted(shown) == sorted(account.sql(query.format(record_type)))


def test_journals_balance(account: Simulator, everything: Run) -> None:
    for journal in everything.rows["record_journalentry"]:
        lines = journal["line"]["items"]
        assert sum(line.get("debit", 0) for line in lines) == sum(
            line.get("credit", 0) for line in lines
        )
        [(count,)] = account.sql(
            "SELECT count(*) FROM transactionline WHERE transaction = ?", [journal["id"]]
        )
        assert len(lines) == count > 0


def test_customers_have_their_addresses(account: Simulator, everything: Run) -> None:
    cities = {
        (customer["id"], line["addressBookAddress"].get("city"))
        for customer in everything.rows["record_customer"]
        for line in customer["addressBook"]["items"]
    }
    assert cities == set(
        account.sql("SELECT recordowner, city FROM customeraddressbookentityaddress")
    )


def test_values_inside_have_their_types(everything: Run) -> None:
    order = everything.rows["record_salesorder"][0]
    assert type(order["id"]) is type(order["entity"]["id"]) is int
    assert type(order["item"]["items"][0]["item"]["id"]) is int
    assert isinstance(order["total"], int | Decimal)
    vehicle = everything.rows["record_customrecord_vehicle"][0]
    assert isinstance(vehicle["custrecord_vehicle_leased"], bool)
