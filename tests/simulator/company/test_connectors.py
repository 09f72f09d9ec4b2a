"""Queries of the kinds that other people's connectors ask, over HTTP."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.client import column, refusal, rows


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(1_000, born=datetime(2026, 3, 2, 9, tzinfo=UTC)) as account:
        yield account


@pytest.mark.parametrize(
    "query",
    [
        """SELECT v.*, vsr.subsidiary, vsr.entity FROM vendor v
           JOIN vendorsubsidiaryrelationship vsr ON vsr.entity = v.id""",
        """SELECT c.*, csr.subsidiary, csr.entity FROM customer c
           JOIN customersubsidiaryrelationship csr ON csr.entity = c.id""",
        """SELECT t.recordtype, tl.* FROM transaction t
           INNER JOIN transactionline tl ON tl.transaction = t.id
           WHERE mainline = 'F' AND (hascostline = 'T' OR accountinglinetype = 'EXPENSE')""",
        """SELECT transaction.*, BUILTIN.DF(transaction.status) status FROM transaction
           LEFT JOIN Entity ON (transaction.entity = Entity.id)
           WHERE transaction.type = 'VendBill'""",
        """SELECT tsa.addr1 || ', ' || tsa.city AS ship, tba.zip FROM transaction
           JOIN TransactionShippingAddress tsa ON transaction.shippingaddress = tsa.nkey
           JOIN TransactionBillingAddress tba ON transaction.billingaddress = tba.nkey""",
        """SELECT location.id, ma.addressee, ma.addrtext, ma.recordowner FROM location
           LEFT JOIN locationMainAddress ma ON (location.mainaddress = ma.nkey)""",
        """SELECT Account.accttype, TransactionLine.amount FROM Transaction
           INNER JOIN TransactionLine ON (TransactionLine.transaction = Transaction.id)
           INNER JOIN Account ON (Account.id = TransactionLine.account)
           INNER JOIN AccountingPeriod ON (AccountingPeriod.id = Transaction.postingperiod)
           WHERE Transaction.posting = 'T' AND TransactionLine.amount != 0""",
        """SELECT DISTINCT link.previousdoc, paid.account, BUILTIN.DF(paid.status) status
           FROM NextTransactionLineLink AS link
           INNER JOIN Transaction AS paid ON (paid.id = link.nextdoc)
           WHERE paid.recordtype = 'vendorpayment'""",
        "SELECT * FROM transaction WHERE type = 'ItemRcpt'",
        "SELECT * FROM transaction WHERE type = 'ItemShip'",
        """SELECT revrecstartdate, revrecenddate, commitmentfirm, costestimatetype, subscription,
           subscriptionline, itemtype, uniquekey FROM transactionline""",
        """SELECT balsegstatus, billingstatus, daysopen, number, taxregoverride, taxpointdate
           FROM transaction""",
        "SELECT id, acctname, acctnumber FROM account",
        "SELECT id, itemtype, type FROM item WHERE type = itemtype",
    ],
)
def test_a_connectors_query_is_answered(account: Simulator, query: str) -> None:
    assert rows(account, query)


@pytest.mark.parametrize(
    ("table", "referring", "label"),
    [
        ("vendor", "category", "Rohmaterial"),
        ("transaction", "custbody_certificates", "CE, 3.1 nach EN 10204, 輸出許可証"),
        ("item", "custitem_certificates", "3.1 nach EN 10204"),
        ("customer", "custentity_region", "Süd"),
        ("transaction", "status", "Item Fulfillment : Shipped"),
    ],
)
def test_what_a_column_points_to_has_a_label(
    account: Simulator, table: str, referring: str, label: str
) -> None:
    query = f"SELECT DISTINCT BUILTIN.DF({referring}) AS label FROM {table}"  # noqa: S608  # a test's own

    assert label in column(account, f"SELECT label FROM ({query}) WHERE label IS NOT NULL")  # noqa: S608  # a test's own


@pytest.mark.parametrize(
    "table",
    [
        "entitygroup",
        "job",
        "jobtype",
        "partner",
        "subscription",
        "transactionaddressmappingaddress",
    ],
)
def test_tables_of_features_that_are_off_were_not_found(account: Simulator, table: str) -> None:
    query = f"SELECT id FROM {table}"  # noqa: S608  # a test's own

    assert refusal(account, query) == f"Search error occurred: Record '{table}' was not found."


def test_some_parties_belong_to_two_subsidiaries(account: Simulator) -> None:
    query = """
        SELECT entity, COUNT(*) AS n, MIN(isprimarysub) AS other, MAX(isprimarysub) AS main
        FROM customersubsidiaryrelationship GROUP BY entity HAVING COUNT(*) > 1
    """
    several = rows(account, query)

    assert several
    assert all(row == {**row, "n": "2", "other": "F", "main": "T"} for row in several)


def test_contacts_are_parties_too(account: Simulator) -> None:
    query = """
        SELECT c.id, e.type FROM contact c JOIN entity e ON e.contact = c.id
        JOIN customer f ON f.id = c.company WHERE f.isperson = 'F'
    """
    found = rows(account, query)

    assert {row["type"] for row in found} == {"Contact"}
    assert len(found) == len(rows(account, "SELECT id FROM contact"))


@pytest.mark.parametrize(
    ("table", "column_there"),
    [
        ("transactionshippingaddress", "recordowner"),
        ("transactionbillingaddress", "recordowner"),
        ("map_transaction_custbody_certificates", "mapone"),
    ],
)
def test_a_role_sees_only_what_belongs_to_transactions_that_it_sees(
    account: Simulator, table: str, column_there: str
) -> None:
    query = f"SELECT DISTINCT {column_there} AS id FROM {table}"  # noqa: S608  # a test's own
    everything = set(column(account, query))
    account.role = "crippled"
    try:
        seen = set(column(account, query))
        transactions = set(column(account, "SELECT id FROM transaction"))
    finally:
        account.role = "administrator"

    assert seen
    assert seen == everything & transactions < everything
