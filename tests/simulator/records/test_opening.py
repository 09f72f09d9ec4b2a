"""How one record is asked for, and what is refused."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.simulator import Role, Simulator, Switches
from tap_netsuite_tba.simulator.role_files import load_role
from tests.simulator.metadata.catalog import error, schema
from tests.simulator.records.asking import RECORDS, asked, found

RESOURCE = "application/vnd.oracle.resource+json; type={}; charset=UTF-8"
NO_TRANSACTION = "Error while accessing a resource. Transaction type specified is incorrect."


@pytest.fixture
def account() -> Iterator[Simulator]:
    """An account of a test's own, with a few vendors."""
    with Simulator(company=False) as own:
        own.sql(
            "CREATE TABLE vendor AS SELECT i AS id, 'V' || i AS entityid, 'ext_' || i AS externalid"
            " FROM range(1, 10) AS r(i)"
        )
        yield own


def order_of(company: Simulator) -> int:
    [(order_id,)] = company.sql("SELECT min(id) FROM transaction WHERE recordtype = 'salesorder'")
    return int(order_id)


def test_a_record_is_one_resource_that_knows_how_it_was_asked_for(company: Simulator) -> None:
    path = f"salesOrder/{order_of(company)}?expandSubResources=TRUE"
    response = asked(company, path)
    assert response.headers["Content-Type"] == RESOURCE.format("singular")
    assert {"x-n-operationid", "x-netsuite-jobid"} <= {name.lower() for name in response.headers}
    href = f"{company.base_url}{RECORDS}/{path}"
    assert response.json()["links"] == [{"rel": "self", "href": href, "method": "GET"}]
    assert "/record/v1/salesorder/" in response.json()["item"]["links"][0]["href"]


def test_links_to_oneself_name_their_method_by_a_switch() -> None:
    with Simulator(company=False, switches=Switches(self_link="bare")) as own:
        own.sql("CREATE TABLE vendor AS SELECT 1 AS id")
        assert found(own, "vendor/1")["links"] == [
            {"rel": "self", "href": f"{own.base_url}{RECORDS}/vendor/1"}
        ]


def test_a_record_may_have_a_negative_id(company: Simulator) -> None:
    assert found(company, "vendor/-3")["id"] == "-3"


def test_a_record_is_found_by_its_external_id(account: Simulator) -> None:
    assert found(account, "vendor/eid:ext_7")["id"] == "7"
    assert asked(account, "vendor/eid:ext_77").status_code == 404


def test_fields_are_chosen_by_name(company: Simulator) -> None:
    path = f"salesorder/{order_of(company)}"
    chosen = found(company, path, fields="tranId,entity")
    assert chosen.keys() == {"links", "tranId", "entity"}
    whole = found(company, path)
    assert chosen["entity"] == whole["entity"]


@pytest.mark.parametrize("name", ["item", "shippingAddress", "custbody_certificates", "nothing"])
def test_only_fields_of_the_body_are_chosen(company: Simulator, name: str) -> None:
    response = asked(company, f"salesorder/{order_of(company)}", fields=f"tranId,{name}")
    assert response.status_code == 400
    assert error(response)["o:errorQueryParam"] == "fields"


@pytest.mark.parametrize(
    "parameters",
    [{"expandSubResources": "yes"}, {"simpleEnumFormat": "1"}, {"expandsubresources": "true"}],
)
def test_other_parameters_and_values_are_refused(
    company: Simulator, parameters: dict[str, str]
) -> None:
    response = asked(company, f"salesorder/{order_of(company)}", **parameters)
    assert response.status_code == 400
    assert error(response)["o:errorCode"] == "INVALID_PARAMETER"
    assert [error(response)["o:errorQueryParam"]] == list(parameters)


@pytest.mark.parametrize("key", ["999999999", "abc", "9" * 30, "0", "eid:", "1.5", "-"])
def test_no_record_is_a_404(company: Simulator, key: str) -> None:
    response = asked(company, f"customer/{key}")
    assert response.status_code == 404
    assert error(response) == {
        "detail": "The record instance does not exist. Provide a valid record instance ID.",
        "o:errorCode": "NONEXISTENT_ID",
    }
    assert response.headers["Content-Type"] == RESOURCE.format("error")


@pytest.mark.parametrize("record_type", ["invoice", "journalentry"])
def test_no_transaction_of_the_type_is_a_400(company: Simulator, record_type: str) -> None:
    for key in (order_of(company), 999_999_999):
        response = asked(company, f"{record_type}/{key}")
        assert response.status_code == 400
        assert error(response) == {"detail": NO_TRANSACTION, "o:errorCode": "USER_ERROR"}


def test_an_item_of_another_type_is_not_there(company: Simulator) -> None:
    [(service,)] = company.sql("SELECT min(id) FROM item WHERE itemtype = 'Service'")
    assert asked(company, f"inventoryitem/{service}").status_code == 404


def test_a_locked_record_is_refused_and_the_others_are_not(account: Simulator) -> None:
    account.records.lock("Vendor", 3, 4)
    response = asked(account, "vendor/3")
    assert response.status_code == 400
    assert error(response)["o:errorCode"] == "USER_ERROR"
    assert "locked by a user defined workflow" in error(response)["detail"]
    assert asked(account, "vendor/5").status_code == 200
    account.records.release("vendor", 3)
    assert asked(account, "vendor/3").status_code == 200
    assert asked(account, "vendor/4").status_code == 400


def test_a_whole_type_may_be_forbidden(account: Simulator) -> None:
    account.records.forbid("vendor")
    response = asked(account, "vendor/3")
    assert response.status_code == 403
    assert error(response)["o:errorCode"] == "INSUFFICIENT_PERMISSION"
    account.records.release("vendor")
    assert asked(account, "vendor/3").status_code == 200


def test_an_administrators_record_is_not_for_others(account: Simulator) -> None:
    account.records.reserve("vendor", 2)
    response = asked(account, "vendor/2")
    assert response.status_code == 400
    assert "only an administrator is allowed to edit" in error(response)["detail"]


def test_netsuite_may_stumble_over_one_record_again_and_again(account: Simulator) -> None:
    account.records.upset("vendor", 2)
    assert [asked(account, f"vendor/{key}").status_code for key in (2, 2, 1)] == [500, 500, 200]
    assert account.counters.crashes == 0


def test_what_is_refused_is_still_known_to_tests(account: Simulator) -> None:
    account.records.lock("vendor")
    assert account.records.document("VENDOR", 2)["entityId"] == "V2"
    assert account.records.document("vendor", "eid:ext_2")["id"] == "2"
    with pytest.raises(KeyError, match="no vendor 99"):
        account.records.document("vendor", 99)
    with pytest.raises(KeyError, match="no nothing 1"):
        account.records.document("nothing", 1)


def test_a_foreign_language_is_refused_by_the_header_that_tells_it(account: Simulator) -> None:
    account.records.refuse_language()
    response = asked(account, "vendor/2")
    assert response.status_code == 400
    assert error(response)["o:errorCode"] == "INVALID_HEADER"
    assert error(response)["o:errorHeader"] == "Accept-Language"
    assert "properties" in schema(account, "vendor")
    account.records.refuse_language(refused=False)
    assert asked(account, "vendor/2").status_code == 200


@pytest.mark.parametrize(
    ("without", "code"),
    [("403", "INSUFFICIENT_PERMISSION"), ("400", "USER_ERROR"), ("404", "NONEXISTENT_ID")],
)
def test_a_role_without_the_permission_is_refused(without: str, code: str) -> None:
    with Simulator(company=False, switches=Switches.of([f"without_record={without}"])) as own:
        own.sql("CREATE TABLE vendor AS SELECT 1 AS id")
        own.hide("vendor")
        response = asked(own, "vendor/1")
        assert response.status_code == int(without)
        assert error(response)["o:errorCode"] == code


@pytest.mark.parametrize(("level", "status"), [("view", 200), ("edit", 403)])
def test_a_record_is_opened_to_see_it_or_to_edit_it(level: str, status: int) -> None:
    with Simulator(company=False, switches=Switches.of([f"record_level={level}"])) as own:
        own.sql("CREATE TABLE vendor AS SELECT 1 AS id")
        held = load_role("integration").permissions or {}
        own.role = Role("viewer", held)
        assert asked(own, "vendor/1").status_code == status
        assert "properties" in schema(own, "vendor")
        own.role = Role("editor", {**held, "Vendors": "Edit"})
        assert asked(own, "vendor/1").status_code == 200


def test_a_role_sees_the_records_of_its_subsidiaries_only(account: Simulator) -> None:
    account.sql("ALTER TABLE vendor ADD COLUMN subsidiary BIGINT")
    account.sql("UPDATE vendor SET subsidiary = id % 2")
    account.role = replace(account.role, subsidiaries=frozenset({1}))
    seen = [asked(account, f"vendor/{key}").status_code for key in range(1, 5)]
    assert seen == [200, 404, 200, 404]


@given(st.text(max_size=12), st.text(max_size=12))
@settings(max_examples=40)
def test_whatever_is_asked_for_the_simulator_answers(
    company: Simulator, name: str, key: str
) -> None:
    crashes = company.counters.crashes
    path = f"{name}/{key}".replace("?", "").replace("#", "").encode().hex("%")
    assert asked(company, f"%{path}").status_code in {200, 400, 404, 405}
    assert asked(company, f"customer/%{key.encode().hex('%')}").status_code in {200, 400, 404}
    assert company.counters.crashes == crashes
