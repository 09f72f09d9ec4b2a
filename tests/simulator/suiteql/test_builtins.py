"""BUILTIN.*: what NetSuite adds to SQL."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.client import column, refusal, rows
from tests.simulator.suiteql.answers import answers

UNSUPPORTED = "Search error occurred: Invalid or unsupported search."

TABLES = """
    CREATE TABLE customer (id BIGINT, entityid VARCHAR, category BIGINT, isinactive VARCHAR,
                           parent BIGINT, entitystatus BIGINT);
    INSERT INTO customer VALUES (7, 'CUST7 Globex', 2, 'F', NULL, 13), (8, 'CUST8', 2, 'T', 7, 13);
    CREATE TABLE vendor (id BIGINT, entityid VARCHAR);
    INSERT INTO vendor VALUES (9, 'Acme Supplies');
    CREATE TABLE customercategory AS SELECT 2 AS id, 'Public' AS name;
    CREATE TABLE entitystatus AS SELECT '13' AS key, 'Closed Won' AS name;
    CREATE TABLE item AS SELECT 5 AS id, 'INV-00005' AS itemid, '1, 2' AS subsidiary,
                                'InvtPart' AS itemtype;
    CREATE TABLE account AS SELECT 3 AS id, '6060 Depreciation' AS accountsearchdisplayname;
    CREATE TABLE transactionstatus (id VARCHAR, trantype VARCHAR, name VARCHAR, fullname VARCHAR);
    INSERT INTO transactionstatus VALUES
        ('B', 'SalesOrd', 'Pending Fulfillment', 'Sales Order : Pending Fulfillment'),
        ('B', 'CustInvc', 'Paid In Full', 'Invoice : Paid In Full');
    CREATE TABLE customfield (scriptid VARCHAR, fieldvaluetyperecord BIGINT);
    INSERT INTO customfield VALUES ('CUSTBODY_CHANNEL', 41), ('CUSTBODY_CERTIFICATES', 42),
                                   ('CUSTBODY_VEHICLE', 101), ('CUSTBODY_BUYER', -10);
    CREATE TABLE customlist (internalid BIGINT, scriptid VARCHAR);
    INSERT INTO customlist VALUES (41, 'CUSTOMLIST_CHANNEL'), (42, 'CUSTOMLIST_CERTIFICATES');
    CREATE TABLE customrecordtype AS SELECT 101 AS internalid, 'CUSTOMRECORD_VEHICLE' AS scriptid;
    CREATE TABLE customlist_channel AS SELECT 1 AS id, 'Web shop' AS name;
    CREATE TABLE customlist_certificates (id BIGINT, name VARCHAR);
    INSERT INTO customlist_certificates VALUES (1, 'ISO 9001'), (3, 'CE'), (5, 'UL');
    CREATE TABLE customrecord_vehicle AS SELECT 1 AS id, 'Lkw 1' AS name;
    CREATE TABLE subsidiary (id BIGINT, name VARCHAR, fullname VARCHAR);
    INSERT INTO subsidiary VALUES (1, 'North', 'North'), (2, 'South', 'North : South');
    CREATE TABLE transaction (
        id BIGINT, type VARCHAR, status VARCHAR, entity BIGINT, subsidiary BIGINT,
        custbody_channel BIGINT, custbody_certificates VARCHAR, custbody_vehicle BIGINT,
        custbody_buyer BIGINT, custbody_rush VARCHAR, memo VARCHAR, trandate DATE
    );
    INSERT INTO transaction VALUES
        (1, 'SalesOrd', 'B', 7, 2, 1, '5, 3', 1, 5, 'T', 'as it is', '2026-07-14'),
        (2, 'CustInvc', 'B', 9, 1, 9, '3', NULL, NULL, 'F', NULL, '2026-06-30'),
        (3, 'SalesOrd', 'Z', 99, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-01-01');
"""


@pytest.fixture(name="labelled", scope="module")
def _labelled() -> Iterator[Simulator]:
    with Simulator(company=False) as account:
        account.sql(TABLES)
        account.clock.set(datetime(2026, 7, 15, 5, tzinfo=UTC))  # still the 14th in Pacific time
        yield account


def test_labels_of_a_transaction(labelled: Simulator) -> None:
    columns = (
        *("status", "type", "entity", "subsidiary", "memo", "custbody_channel", "custbody_rush"),
        *("custbody_certificates", "custbody_vehicle", "custbody_buyer"),
    )
    items = ", ".join(f"BUILTIN.DF(t.{name}) AS {name}" for name in columns)
    assert rows(labelled, f"SELECT {items} FROM transaction t ORDER BY t.id ASC") == [  # noqa: S608  # a test's own
        {
            "custbody_buyer": "INV-00005",
            "custbody_certificates": "UL, CE",
            "custbody_channel": "Web shop",
            "custbody_rush": "Yes",
            "custbody_vehicle": "Lkw 1",
            "entity": "CUST7 Globex",
            "memo": "as it is",
            "status": "Sales Order : Pending Fulfillment",
            "subsidiary": "North : South",
            "type": "Sales Order",
        },
        {
            "custbody_certificates": "CE",
            "custbody_channel": "9",
            "custbody_rush": "No",
            "entity": "Acme Supplies",
            "status": "Invoice : Paid In Full",
            "subsidiary": "North",
            "type": "Invoice",
        },
        {"entity": "99", "status": "Z", "type": "Sales Order"},
    ]


def test_labels_of_other_records(labelled: Simulator) -> None:
    assert rows(
        labelled,
        "SELECT BUILTIN.DF(parent) AS parent, BUILTIN.DF(category) AS category,"
        " BUILTIN.DF(isinactive) AS isinactive, BUILTIN.DF(entitystatus) AS entitystatus"
        " FROM customer WHERE id = 8",
    ) == [
        {
            "category": "Public",
            "entitystatus": "Closed Won",
            "isinactive": "Yes",
            "parent": "CUST7 Globex",
        }
    ]
    assert column(labelled, "SELECT BUILTIN.DF(subsidiary) AS s FROM item") == [
        "North, North : South"
    ]
    assert column(labelled, "SELECT BUILTIN.DF(a.account) AS a FROM (SELECT 3 AS account) a") == [
        "6060 Depreciation"
    ]


def test_a_label_can_be_grouped_and_filtered(labelled: Simulator) -> None:
    query = (
        "SELECT BUILTIN.DF(t.type) AS type, COUNT(*) AS n FROM transaction t"
        " WHERE BUILTIN.DF(t.status) <> 'Z' GROUP BY BUILTIN.DF(t.type)"
        " ORDER BY BUILTIN.DF(t.type) ASC"
    )
    assert rows(labelled, query) == [
        {"n": "1", "type": "Invoice"},
        {"n": "1", "type": "Sales Order"},
    ]


def test_without_permission_a_label_is_the_id(labelled: Simulator) -> None:
    query = "SELECT BUILTIN.DF(entity) AS e, BUILTIN.DF(custbody_channel) AS c FROM transaction"
    query += " WHERE id = 1"
    labelled.hide("customer")
    labelled.hide("customfield")
    try:
        assert rows(labelled, query) == [{"c": "1", "e": "7"}]
    finally:
        labelled.show("customer")
        labelled.show("customfield")
    assert rows(labelled, query) == [{"c": "Web shop", "e": "CUST7 Globex"}]


def test_a_status_alone_is_a_letter_and_with_cf_a_code(labelled: Simulator) -> None:
    query = "SELECT status, BUILTIN.CF(status) AS code, BUILTIN.CF(entity) AS e FROM transaction"
    assert rows(labelled, query + " WHERE BUILTIN.CF(status) = 'SalesOrd:B'") == [
        {"code": "SalesOrd:B", "e": "7", "status": "B"}
    ]
    assert rows(labelled, query + " WHERE status = 'SalesOrd:B'") == []


def test_hierarchy_names_what_stands_above(labelled: Simulator) -> None:
    query = "SELECT BUILTIN.HIERARCHY(subsidiary, 'DISPLAY_JOINED') AS s FROM transaction"
    assert column(labelled, query + " WHERE id = 1") == ["North : South"]


@pytest.mark.parametrize(
    ("operator", "ids", "found"),
    [
        ("MN_INCLUDE", "3", ["1", "2"]),
        ("MN_INCLUDE", "1, 5", ["1"]),
        ("MN_INCLUDE_ALL", "'3', '5'", ["1"]),
        ("MN_INCLUDE_EXACTLY", "NULL, 3", ["2"]),
        ("MN_EXCLUDE", "5", ["2", "3"]),
        ("MN_EXCLUDE_EXACTLY", "3", ["1", "3"]),
    ],
)
def test_a_multi_select_is_filtered(
    labelled: Simulator, operator: str, ids: str, found: list[str]
) -> None:
    query = (
        "SELECT id FROM transaction WHERE BUILTIN.MNFILTER(custbody_certificates,"  # noqa: S608  # a test's own
        f" '{operator}', '', 'TRUE', {ids}) = 'T' ORDER BY id ASC"
    )
    assert column(labelled, query) == found


RANGES = {
    "'TODAY', 'START'": "7/14/2026",
    "'YESTERDAY', 'END'": "7/13/2026",
    "'TOMORROW', 'START'": "7/15/2026",
    "'DAGO30', 'START'": "6/14/2026",
    "'DFN10', 'END'": "7/24/2026",
    "'WAGO2', 'START'": "6/30/2026",
    "'TW', 'START'": "7/12/2026",
    "'LW', 'END'": "7/11/2026",
    "'TM', 'START'": "7/1/2026",
    "'TM', 'END'": "7/31/2026",
    "'LM', 'START'": "6/1/2026",
    "'LM', 'END'": "6/30/2026",
    "'NM', 'END'": "8/31/2026",
    "'LQ', 'START'": "4/1/2026",
    "'TFQ', 'END'": "9/30/2026",
    "'TH', 'START'": "7/1/2026",
    "'TY', 'START'": "1/1/2026",
    "'LFY', 'END'": "12/31/2025",
    "'TMTD', 'END'": "7/14/2026",
    "'LMTD', 'END'": "6/14/2026",
    "'TY', 'END', 'DATE'": "12/31/2026",
}


def test_a_day_named_from_today(labelled: Simulator) -> None:
    expected = {f"BUILTIN.RELATIVE_RANGES({name})": shown for name, shown in RANGES.items()}
    assert answers(labelled, expected) == expected
    query = "SELECT id FROM transaction WHERE trandate >= BUILTIN.RELATIVE_RANGES('TM', 'START')"
    assert column(labelled, query) == ["1"]


@pytest.mark.parametrize(
    "call",
    [
        "CONSOLIDATE(id, 'LEDGER', 'DEFAULT', 'DEFAULT', 1, 1, 'DEFAULT')",
        "CURRENCY(id)",
        "CURRENCY_CONVERT(id, 1)",
        "NAMED_GROUP('customer', 'me')",
        "PERIOD('TP', 'START', 'ALL', '>=')",
        "NONSENSE(id)",
        "DF()",
        "DF(id + 1)",
        "DF(id, id)",
        "CF(1)",
        "HIERARCHY(subsidiary, 'LEVEL')",
        "MNFILTER(custbody_certificates, 'MN_MAYBE', '', 'TRUE', 1)",
        "MNFILTER(custbody_certificates, 'MN_INCLUDE', '', 'TRUE')",
        "RELATIVE_RANGES('SOON', 'START')",
        "RELATIVE_RANGES('TM', 'MIDDLE')",
    ],
)
def test_what_is_not_imitated_is_refused(labelled: Simulator, call: str) -> None:
    assert refusal(labelled, f"SELECT BUILTIN.{call} AS x FROM transaction") == UNSUPPORTED  # noqa: S608  # a test's own
