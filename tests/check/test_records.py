"""What a check says of the record types whose documents the settings ask for."""

import re
from dataclasses import replace

from tap_netsuite_tba.check.permissions import MANAGE_ROLES
from tap_netsuite_tba.check.records import MOST_TYPES
from tap_netsuite_tba.explanations import cause
from tap_netsuite_tba.simulator import Served, Simulator, Switches
from tap_netsuite_tba.simulator.role_files import load_role
from tests.check.checked import Checked, checked
from tests.integration.roles import without
from tests.tap_process import configuration


def checked_records(account: Simulator, *records: str) -> Checked:
    return checked(configuration(account, tables=[], records=[*records]))


def test_one_record_of_each_type_is_opened(account: Simulator) -> None:
    served: list[Served] = []
    account.watchers.append(served.append)
    done = checked_records(account, "customer", "SalesOrder", "subsidiary")
    account.watchers.remove(served.append)
    assert done.exit_code == 0
    assert "3 of 3 record types can be read" in done["permissions"].seen
    paths = " ".join(each.request.path for each in served)
    opened = re.findall(r"/record/v1/(\w+)/\d+\b", paths)
    assert sorted(opened) == ["customer", "salesorder", "subsidiary"]


def test_where_the_settings_name_none_nothing_is_said_of_them(account: Simulator) -> None:
    assert "record types" not in checked(configuration(account))["permissions"].seen


def test_a_role_of_a_lower_level_is_told_which_one_opens_records() -> None:
    strict = Switches(record_level="edit")
    with Simulator(transactions=300, role="integration", switches=strict) as account:
        done = checked_records(account, "customer", "salesorder")
        assert done.failed == ["permissions"]
        assert done.exit_code == 8
        assert done.causes("permissions") == ["unread_forbidden", "unread_forbidden"]
        of_customer, of_order = done["permissions"].causes
        assert of_customer.cause.startswith("customer: ")
        assert "INSUFFICIENT_PERMISSION" in of_customer.cause
        assert "Lists > Customers" in of_customer.remedy
        assert "level Edit" in of_order.remedy
        assert "Transactions > Sales Order" in of_order.remedy
        assert of_order.where == MANAGE_ROLES

        held = load_role("integration")
        levels = {**(held.permissions or {}), "Customers": "Edit", "Sales Order": "Edit"}
        account.role = replace(held, permissions=levels)
        assert checked_records(account, "customer", "salesorder").exit_code == 0


def test_a_permission_that_a_record_type_needs_is_told_once(account: Simulator) -> None:
    account.role = without("Customers", "Sales Order")
    done = checked_records(account, "customer", "salesorder")
    assert sorted(done.causes("permissions")) == ["Customers", "Sales Order"]
    assert "0 of 2 record types can be read" in done["permissions"].seen


def test_a_type_that_is_none_is_told(account: Simulator) -> None:
    done = checked_records(account, "salesordr")
    assert done.exit_code == 8
    [told] = done["permissions"].causes
    assert told.key == "record_unknown"
    assert told.cause.startswith("salesordr: ")


def test_a_record_that_is_locked_itself_tells_nothing_of_its_type(account: Simulator) -> None:
    [(newest,)] = account.sql("SELECT max(id) FROM customer")
    account.records.lock("customer", newest)
    try:
        assert checked_records(account, "customer").exit_code == 0
        account.records.lock("customer")
        done = checked_records(account, "customer")
    finally:
        account.records.release("customer", newest)
        account.records.release("customer")
    assert done.exit_code == 0
    [note] = [each for each in done["permissions"].notes if each.startswith("customer: ")]
    assert cause("unread_locked").cause.rstrip(".") in note


def test_a_user_whose_language_is_refused_is_told(account: Simulator) -> None:
    account.records.refuse_language()
    try:
        done = checked_records(account, "vendor")
    finally:
        account.records.refuse_language(refused=False)
    assert done.causes("permissions") == ["unread_language"]


def test_a_few_types_stand_for_many(account: Simulator) -> None:
    names = [f"customrecord_{number}" for number in range(MOST_TYPES + 2)]
    done = checked_records(account, *names)
    assert done.causes("permissions") == ["record_hidden"] * MOST_TYPES
    assert "2 more record types were not tried" in str(done["permissions"].notes)
