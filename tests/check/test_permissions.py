"""What a check says of each permission that the role lacks."""

from dataclasses import replace

import pytest

from tap_netsuite_tba.check.permissions import MANAGE_ROLES
from tap_netsuite_tba.explanations import permissions
from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.simulator.role_files import load_role, permission_data
from tests.check.checked import checked
from tests.integration.roles import without
from tests.tap_process import configuration

EVERYTHING = {"tables": ["*"]}


@pytest.mark.parametrize(
    ("step", "permission"),
    [
        ("custom_fields", "Custom Fields"),
        ("custom_record_types", "Custom Record Types"),
        ("deleted_records", "Deleted Records"),
    ],
)
def test_a_list_that_is_hidden_is_told_with_the_permission_that_shows_it(
    account: Simulator, step: str, permission: str
) -> None:
    account.role = without(permission)
    done = checked(configuration(account))
    assert step in done.failed
    assert done.exit_code == 8
    [cause] = done[step].causes
    assert cause.key == permission
    assert permission in cause.cause
    assert cause.where == MANAGE_ROLES


def test_each_permission_that_is_missing_is_named_with_what_it_opens(account: Simulator) -> None:
    account.role = without("Customers", "Sales Order", "Custom Lists")
    done = checked(configuration(account) | EVERYTHING)
    named = {cause.key: cause for cause in done["permissions"].causes}
    assert {"Customers", "Sales Order", "Custom Lists"} <= named.keys()
    assert "customers" in named["Customers"].cause
    assert named["Sales Order"].remedy == ("Add it, View (Permissions > Transactions), and save.")


def test_what_a_run_does_not_read_needs_no_permission(account: Simulator) -> None:
    account.role = without("Customers", "Sales Order")
    done = checked(configuration(account, tables=["item", "vendor"]))
    assert done["permissions"].status == "passed"
    assert "Lists > Customers" in done["permissions"].notes[0]
    assert done.exit_code == 0


def test_what_a_feature_may_lack_is_not_blamed_on_the_role(account: Simulator) -> None:
    account.role = replace(load_role("integration"), features_off=frozenset({"Departments"}))
    done = checked(configuration(account, tables=["department"]))
    assert done["permissions"].status == "passed"
    assert "Lists > Departments" in str(done["permissions"].notes)


def test_the_role_of_the_set_up_guide_lacks_nothing(account: Simulator) -> None:
    done = checked(configuration(account) | EVERYTHING)
    assert done.exit_code == 0
    assert done.skipped == []


def test_an_administrator_lacks_nothing(account: Simulator) -> None:
    account.role = "administrator"
    done = checked(configuration(account) | EVERYTHING)
    assert done.exit_code == 0
    assert done["permissions"].facts["missing"] == []


def test_each_permission_of_the_simulator_is_told_when_it_is_missing(account: Simulator) -> None:
    account.role = "crippled"
    done = checked(configuration(account) | EVERYTHING)
    held = load_role("crippled").permissions or {}
    there = {path.partition(" > ")[2] for path in done["permissions"].facts["there"]}  # type: ignore[attr-defined]
    assert there <= held.keys()
    assert done.failed == ["custom_fields", "custom_record_types", "deleted_records", "permissions"]


def test_the_check_asks_for_every_table_that_the_simulator_protects_alone() -> None:
    asked = {permission.name for permission in permissions()}
    alone = {names[0] for names in permission_data()["tables"].values() if len(names) == 1}
    assert alone <= asked
