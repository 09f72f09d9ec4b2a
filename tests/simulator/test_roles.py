import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import pytest

from tap_netsuite_tba.simulator import ColumnRefusal, Role, Simulator
from tap_netsuite_tba.simulator.role_files import SHIPPED, load_role
from tests.simulator.client import ask, column, detail, refusal, rows
from tests.simulator.role_account import MINIMUM, all_of, role, select


@pytest.fixture(scope="module")
def company() -> Iterator[Simulator]:
    with Simulator(300, born=datetime(2026, 3, 1, tzinfo=UTC)) as account:
        yield account


@pytest.fixture
def account(company: Simulator) -> Iterator[Simulator]:
    yield company
    company.role = "administrator"


def count(account: Simulator, query: str) -> int:
    return int(account.sql(query)[0][0])


def seen(account: Simulator, query: str) -> int:
    [only] = column(account, query)
    return int(only)


def contents(name: str) -> dict[str, Any]:
    """Return what stands in one of the files of the roles."""
    file = files("tap_netsuite_tba.simulator") / "roles" / f"{name}.json"
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content


OPENED_BY = contents("permissions")


def is_open_to(held: Mapping[str, Any], table: str) -> bool:
    """Tell whether the files open a table to a role, by its own file's content."""
    if any(table in OPENED_BY["features"][off]["tables"] for off in held.get("features_off", [])):
        return False
    if held["permissions"] == "all":
        return True
    family = next((each for each in OPENED_BY["families"] if table.startswith(each)), "")
    wanted = OPENED_BY["tables"].get(table, OPENED_BY["families"].get(family))
    return not wanted or any(permission in held["permissions"] for permission in wanted)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_role_reads_just_the_tables_that_its_permissions_open(
    account: Simulator, name: str
) -> None:
    account.role = name
    for [table] in account.sql("SELECT DISTINCT table_name FROM duckdb_tables()"):
        response = ask(account, all_of(table))
        if is_open_to(contents(name), table):
            assert response.status_code == 200, response.text
        else:
            assert f"Record '{table}' was not found." in detail(response)
        if response.ok and name != "crippled":
            stored = count(account, all_of(f'"{table}"'))
            assert response.json()["items"][0]["n"] == str(stored), table


def test_what_a_role_may_read_can_be_asked(account: Simulator) -> None:
    account.role = "crippled"
    readable = account.readable()
    assert "employee" not in readable
    assert "salesrep" not in readable["customer"]
    query = select(", ".join(sorted(readable["customer"])), "customer")
    assert ask(account, query, limit=1).status_code == 200
    account.role = "administrator"
    assert {"employee", "deletedrecord"} <= account.readable().keys()
    assert "salesrep" in account.readable()["customer"]


def test_the_integration_role_holds_what_opens_anything_and_nothing_more() -> None:
    lists = [*OPENED_BY["tables"].values(), *OPENED_BY["families"].values()]
    types = [OPENED_BY["record_types"], *OPENED_BY["kinds"].values()]
    opening = {name for names in lists for name in names}
    opening |= {name for names in types for name in names.values()}
    by_oauth2 = {"Log in using OAuth 2.0 Access Tokens"}
    assert contents("integration")["permissions"].keys() == opening | MINIMUM.keys() | by_oauth2


def test_only_the_administrator_is_one() -> None:
    assert [load_role(name).is_administrator for name in SHIPPED] == [True, False, False]


@pytest.mark.parametrize(
    "table",
    [
        "customfield",
        "customlist",
        "customlist_sales_channel",
        "customrecord_vehicle",
        "customrecordtype",
        "customsegment",
        "deletedrecord",
        "department",
        "employee",
    ],
)
def test_what_the_crippled_role_lacks_was_not_found(account: Simulator, table: str) -> None:
    account.role = "crippled"
    assert refusal(account, select("*", table)) == (
        f"Search error occurred: Record '{table}' was not found."
    )
    hidden = select("id", f"customer WHERE id IN ({all_of(table)})")
    assert f"Record '{table}' was not found." in refusal(account, hidden)
    assert f"Record '{table}' was not found." in refusal(
        account, select("c.id", f"customer c LEFT JOIN {table} x ON x.id = c.id")
    )


@pytest.mark.parametrize(
    ("table", "name", "words"),
    [
        ("customer", "salesrep", "Field 'salesrep' for record 'customer' was not found. Reason: "),
        ("item", "averagecost", "for record 'item' was not found. Reason: NOT_EXPOSED"),
        ("vendor", "accountnumber", "Unknown identifier 'accountnumber'. Available identifiers"),
        ("item", "department", "Unknown identifier 'department'. Available identifiers"),
    ],
)
def test_columns_that_the_crippled_role_lacks(
    account: Simulator, table: str, name: str, words: str
) -> None:
    account.role = "crippled"
    assert words in refusal(account, select(name, table))
    assert all(name not in row for row in rows(account, select("*", table)))


@pytest.mark.parametrize(
    ("table", "condition"),
    [
        ("subsidiary", "id = 2"),
        ("customer", "subsidiary = 2"),
        ("vendor", "subsidiary = 2"),
        ("item", "list_contains(string_split(subsidiary, ', '), '2') OR subsidiary IS NULL"),
        ("account", "list_contains(string_split(subsidiary, ', '), '2')"),
    ],
)
def test_rows_of_other_subsidiaries_are_missing_in_silence(
    account: Simulator, table: str, condition: str
) -> None:
    account.role = "crippled"
    kept = count(account, all_of(f"{table} WHERE {condition}"))
    assert 0 < kept == seen(account, all_of(table))


KEPT = """
    SELECT t.id FROM transaction AS t WHERE type IN ('SalesOrd', 'CustInvc', 'PurchOrd', 'VendBill')
    AND t.id IN (SELECT transaction FROM transactionline WHERE subsidiary = 2)
"""


def test_a_transaction_belongs_to_the_subsidiaries_of_its_lines(account: Simulator) -> None:
    account.role = "crippled"
    kept = {str(number) for [number] in account.sql(KEPT)}
    assert kept
    assert set(column(account, "SELECT id FROM transaction")) == kept
    for table in ("transactionline", "transactionaccountingline"):
        query = all_of(f"{table} WHERE transaction IN ({KEPT})")
        assert seen(account, all_of(table)) == count(account, query)
        assert set(column(account, select("DISTINCT transaction", table))) == kept


def test_one_line_in_the_subsidiary_shows_the_transaction_and_only_that_line() -> None:
    tables = """
        CREATE TABLE transaction (id BIGINT, type VARCHAR);
        CREATE TABLE transactionline (transaction BIGINT, id BIGINT, subsidiary BIGINT);
        CREATE TABLE transactionaccountingline (transaction BIGINT, transactionline BIGINT);
        INSERT INTO transaction VALUES (1, 'Journal'), (2, 'Journal'), (3, NULL);
        INSERT INTO transactionline VALUES (1, 0, 1), (1, 1, 2), (2, 0, 1), (3, 0, NULL);
        INSERT INTO transactionaccountingline VALUES (1, 0), (1, 1), (2, 0), (3, 0);
    """
    permissions = ("Find Transaction", "Make Journal Entry")
    limited = role(*permissions, subsidiaries=[2])
    with Simulator(company=False, role=limited) as own:
        own.sql(tables)
        assert sorted(column(own, "SELECT id FROM transaction")) == ["1", "3"]
        lines = rows(own, "SELECT transaction, id FROM transactionline ORDER BY transaction ASC")
        assert lines == [{"transaction": "1", "id": "1"}, {"transaction": "3", "id": "0"}]
        posted = "SELECT transactionline FROM transactionaccountingline ORDER BY transaction ASC"
        assert column(own, posted) == ["1", "0"]
        own.role = role(*permissions, subsidiaries=[])
        assert column(own, "SELECT id FROM transaction") == ["3"]


def test_types_without_permission_are_missing_from_all_that_belongs_to_them(
    account: Simulator,
) -> None:
    account.role = role("Find Transaction", "Sales Order", "Invoice")
    types = "SELECT DISTINCT type FROM transaction ORDER BY type ASC"
    assert column(account, types) == ["CustInvc", "SalesOrd"]
    for table in ("transactionline", "transactionaccountingline"):
        joined = all_of(f"{table} l JOIN transaction t ON t.id = l.transaction")
        everything = all_of(table)
        assert seen(account, joined) == seen(account, everything) > 0


def test_restricted_rows_are_missing_from_sub_selects_joins_and_labels(
    account: Simulator,
) -> None:
    account.role = role("Customers", "Subsidiaries", subsidiaries=[2])
    foreign = column(
        account, "SELECT c.id FROM customer c LEFT JOIN subsidiary s ON s.id = 1 WHERE s.id > 0"
    )
    assert foreign == []
    inner = "SELECT id FROM customer WHERE id IN (SELECT id FROM customer WHERE subsidiary = 1)"
    assert column(account, inner) == []
    labels = set(column(account, "SELECT BUILTIN.DF(parent) AS p FROM subsidiary"))
    assert labels == {"1"}


def test_a_permission_of_its_own_opens_one_type_of_custom_record(account: Simulator) -> None:
    account.role = role("customrecord_vehicle")
    assert seen(account, "SELECT COUNT(*) AS n FROM customrecord_vehicle") == 40
    assert "was not found" in refusal(account, "SELECT id FROM customrecord_quality_check")


def test_a_feature_that_is_off_takes_its_columns_and_tables(account: Simulator) -> None:
    account.role = role("Customers", "Subsidiaries", off="OneWorld")
    assert refusal(account, "SELECT subsidiary FROM customer") == (
        "Search error occurred: Unknown identifier 'subsidiary'. "
        "Available identifiers are: {customer=customer}."
    )
    assert "Record 'subsidiary' was not found." in refusal(account, "SELECT id FROM subsidiary")


def test_a_feature_that_is_off_says_so_among_the_accounts_features(account: Simulator) -> None:
    active = "SELECT name FROM companyfeaturesetup WHERE isactive = 'T'"
    usual = set(column(account, active))
    shutting_out = {"REST Web Services", "SuiteAnalytics Workbook", "Token-Based Authentication"}
    for feature in OPENED_BY["features"].keys() - shutting_out:
        account.role = role(off=feature)
        assert set(column(account, active)) == usual - {feature}
    assert {"Departments", "OneWorld"} <= usual


def test_a_role_changes_between_two_requests_of_many(account: Simulator) -> None:
    everything = count(account, "SELECT count(*) FROM vendor")
    few = count(account, "SELECT count(*) FROM vendor WHERE subsidiary = 2")
    query = "SELECT COUNT(*) AS n FROM vendor"
    with ThreadPoolExecutor(2) as threads:
        for name in ("crippled", "integration") * 3:
            asked = [threads.submit(ask, account, query) for _ in range(2)]
            account.role = name
            found = {int(each.result().json()["items"][0]["n"]) for each in asked}
            assert found <= {everything, few}
            assert seen(account, query) == (few if name == "crippled" else everything)


def test_hiding_showing_and_refusing_work_on_top_of_a_role() -> None:
    tables = """
        CREATE TABLE customer (id BIGINT, fax_number VARCHAR);
        CREATE TABLE employee (id BIGINT);
    """
    with Simulator(company=False, role=role("Customers")) as own:
        own.sql(tables)
        assert "was not found" in refusal(own, "SELECT id FROM employee")
        own.hide("customer")
        assert "was not found" in refusal(own, "SELECT id FROM customer")
        own.show("customer")
        own.show("employee")
        assert ask(own, "SELECT id FROM customer").ok
        assert ask(own, "SELECT id FROM employee").ok
        own.refuse("customer", "fax_number", ColumnRefusal.REMOVED)
        assert "REMOVED" in refusal(own, "SELECT fax_number FROM customer")


def test_levels_are_ordered() -> None:
    held = Role("x", {"Items": "Edit"})
    assert [held.allows("Items", level=level) for level in ("View", "Edit", "Full")] == [
        True,
        True,
        False,
    ]
