import re
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.simulator import Simulator, Switches
from tests.simulator.client import PATH, ask, detail
from tests.simulator.metadata.catalog import CATALOG, JSON_SCHEMA, OPEN_API, error, get, names


def test_each_record_type_has_four_links(company: Simulator) -> None:
    [item] = get(company, select="customer").json()["items"]
    records = f"{company.base_url}/services/rest/record/v1"
    here = f"{records}/metadata-catalog/customer"
    assert list(item) == ["name", "links"]
    assert item["links"] == [
        {"rel": "canonical", "href": here, "mediaType": JSON_SCHEMA},
        {"rel": "alternate", "href": here, "mediaType": OPEN_API},
        {"rel": "alternate", "href": here, "mediaType": JSON_SCHEMA},
        {"rel": "describes", "href": f"{records}/customer", "mediaType": "application/json"},
    ]


def test_the_links_can_be_those_of_oracles_sample() -> None:
    with Simulator(company=False, switches=Switches(catalog_links="documented")) as account:
        item = get(account).json()["items"][0]
        here = f"{account.base_url}{CATALOG}/{item['name']}"
        assert item["links"] == [
            {"rel": "canonical", "href": here, "mediaType": "application/json"},
            {"rel": "alternate", "href": here, "mediaType": OPEN_API},
            {"rel": "alternate", "href": here, "mediaType": JSON_SCHEMA},
            {"rel": "describes", "href": here},
        ]


def test_names_are_lower_case_and_come_once(company: Simulator) -> None:
    found = names(company)
    assert len(set(found)) == len(found)
    assert all(re.fullmatch(r"[a-z0-9_]+", name) for name in found)


def test_names_come_in_no_order_and_another_one_after_each_start(company: Simulator) -> None:
    found = names(company)
    assert found == names(company)
    assert found != sorted(found)
    with Simulator(company=False) as one, Simulator(company=False) as other:
        assert names(one) != names(other)
        assert set(names(one)) == set(names(other))


def test_transactions_are_there_as_their_record_types(company: Simulator) -> None:
    found = set(names(company))
    assert found >= {"salesorder", "invoice", "vendorbill", "journalentry", "customerpayment"}
    assert found.isdisjoint({"transaction", "transactionline", "item", "deletedrecord", "dual"})


def test_what_the_account_made_is_there(company: Simulator) -> None:
    made = {"customlist_sales_channel", "customrecord_vehicle", "customrecord49"}
    assert made <= set(names(company))
    assert "customrecordtype" not in names(company)


def test_some_record_types_are_no_tables(company: Simulator) -> None:
    refused = {
        name
        for name in ("salesorder", "campaign", "inventoryitem")
        if ask(company, f"SELECT COUNT(*) FROM {name}").status_code == 400  # noqa: S608
    }
    assert refused == {"salesorder", "campaign", "inventoryitem"}
    assert refused <= set(names(company))


def test_select_narrows_the_list_whatever_the_case(company: Simulator) -> None:
    for path in (CATALOG, f"{CATALOG}/"):
        items = get(company, path, select="salesOrder, CUSTOMER").json()["items"]
        assert [item["name"] for item in items] == ["salesorder", "customer"]


def test_a_record_type_as_json_is_its_entry_in_the_list(company: Simulator) -> None:
    entry = get(company, f"{CATALOG}/salesOrder", "application/json").json()
    assert entry == get(company, select="salesorder").json()["items"][0]


@pytest.mark.parametrize(
    ("path", "accept", "content_type"),
    [
        (CATALOG, "*/*", "application/vnd.oracle.resource+json; type=collection; charset=UTF-8"),
        (
            f"{CATALOG}/customer",
            "application/json",
            "application/vnd.oracle.resource+json; type=singular; charset=UTF-8",
        ),
        (f"{CATALOG}/customer", JSON_SCHEMA, "application/schema+json; charset=UTF-8"),
        (f"{CATALOG}/customer", OPEN_API, "application/swagger+json; charset=UTF-8"),
        (f"{CATALOG}/customer", "text/html, */*;q=0.1", None),
        (
            f"{CATALOG}/customer",
            f"{JSON_SCHEMA};q=0.5, {OPEN_API}; Q=0.9, */*;q=0.1",
            "application/swagger+json; charset=UTF-8",
        ),
    ],
)
def test_the_accept_header_decides(
    company: Simulator, path: str, accept: str, content_type: str | None
) -> None:
    response = get(company, path, accept)
    assert response.status_code == 200
    if content_type is not None:
        assert response.headers["Content-Type"] == content_type


@pytest.mark.parametrize("accept", ["text/html", f"{JSON_SCHEMA};q=0", f"{OPEN_API}; q=0.000"])
def test_a_media_type_that_there_is_not_is_not_acceptable(company: Simulator, accept: str) -> None:
    response = get(company, CATALOG, accept)
    assert response.status_code == 406
    assert error(response)["o:errorHeader"] == "Accept"


@pytest.mark.parametrize("name", ["file", "transaction", "customrecord_none", "customer/107"])
def test_an_unknown_record_type_does_not_exist(company: Simulator, name: str) -> None:
    response = get(company, f"{CATALOG}/{name}", JSON_SCHEMA)
    assert response.status_code == 404
    assert "type=error" in response.headers["Content-Type"]
    assert list(error(response)) == ["detail", "o:errorUrl", "o:errorCode"]
    assert error(response)["o:errorUrl"] == f"{CATALOG}/{name}"
    assert error(response)["o:errorCode"] == "NONEXISTENT_ID"


def test_an_unknown_record_type_cannot_be_selected(company: Simulator) -> None:
    response = get(company, select="customer,file")
    assert response.status_code == 404
    assert detail(response) == "Record type 'file' does not exist."


@pytest.mark.parametrize("name", ["customer,salesOrder", "customer, salesOrder"])
def test_several_names_in_the_path_are_malformed(company: Simulator, name: str) -> None:
    response = get(company, f"{CATALOG}/{quote(name)}", JSON_SCHEMA)
    assert response.status_code == 400
    assert error(response)["o:errorCode"] == "INVALID_REQUEST"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_the_catalog_can_only_be_read(company: Simulator, method: str) -> None:
    response = get(company, method=method)
    assert response.status_code == 405
    assert error(response)["o:errorCode"] == "INVALID_METHOD"


def test_the_catalog_asks_for_a_login(company: Simulator) -> None:
    assert get(company, signed=False).status_code == 401


@settings(max_examples=30)
@given(name=st.text(max_size=20))
def test_no_name_upsets_the_catalog(company: Simulator, name: str) -> None:
    path = f"{CATALOG}/{quote(name, safe='')}"
    assert get(company, path, JSON_SCHEMA).status_code in {200, 400, 404}


def test_a_hidden_table_takes_its_record_types_along() -> None:
    with Simulator(company=False) as account:
        for table in ("customer", "transaction", "customrecord_vehicle"):
            account.sql(f"CREATE TABLE {table} (id BIGINT)")
        there = {"customer", "salesorder", "invoice", "customrecord_vehicle"}
        assert there <= set(names(account))
        for name in ("customer", "transaction", "invoice", "customrecord_vehicle"):
            account.hide(name)
        assert there.isdisjoint(names(account))
        for name in there:
            assert get(account, f"{CATALOG}/{name}", JSON_SCHEMA).status_code == 404
        account.show("transaction")
        assert "salesorder" in names(account)
        assert "invoice" not in names(account)


def test_a_table_that_is_made_later_is_there_at_once() -> None:
    with Simulator(company=False) as account:
        assert "customrecord_late" not in names(account)
        account.sql("CREATE TABLE customrecord_late (id BIGINT, name VARCHAR)")
        assert "customrecord_late" in names(account)


def test_requests_are_counted_by_their_services() -> None:
    with Simulator(company=False) as account:
        get(account)
        get(account, f"{CATALOG}/salesorder")
        get(account, f"{CATALOG}/invoice")
        ask(account, "SELECT 1 FROM dual")
        assert account.counters.services == {CATALOG: 1, f"{CATALOG}/": 2, PATH: 1}
