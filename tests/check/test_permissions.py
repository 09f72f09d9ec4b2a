"""What a check says of each permission that the role lacks."""

from dataclasses import replace

import pytest

from tap_netsuite_tba.check.permissions import MANAGE_ROLES
from tap_netsuite_tba.explanations import Permission, permissions
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


def test_a_named_list_that_is_hidden_is_told_once(account: Simulator) -> None:
    account.role = without("Deleted Records")
    done = checked(configuration(account, tables=["account", "deletedrecord"]))
    assert done.failed == ["deleted_records"]


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
    done = checked(configuration(account, tables=["dep*"]))
    assert done["permissions"].status == "passed"
    assert "Lists > Departments" in str(done["permissions"].notes)


def test_a_table_that_the_settings_name_must_be_there(account: Simulator) -> None:
    account.role = without("Currency", "Departments")
    done = checked(configuration(account, tables=["account", "Currency", "department"]))
    assert done.exit_code == 8
    assert done.causes("permissions") == ["Currency", "Departments"]
    assert "or the feature Multiple Currencies is off" in done["permissions"].causes[0].cause
    assert "2 of the tables that the settings name cannot be read" in done["permissions"].seen
    missing = done["permissions"].facts["missing"]
    assert {"Lists > Currency", "Lists > Departments"} <= {*missing}  # type: ignore[misc]


def test_a_named_table_of_no_permission_in_the_guide_must_be_there(account: Simulator) -> None:
    tables = ["customrecord_nowhere", "accounttype", "no table"]
    done = checked(configuration(account, tables=tables))
    assert done.exit_code == 8
    [cause] = done["permissions"].causes
    assert cause.key == "table_asked_for_refused"
    assert cause.cause.startswith("customrecord_nowhere: ")


@pytest.mark.parametrize(("tables", "held"), [(["*"], "untold"), (["nosuchtable"], "missing")])
def test_what_the_account_does_not_have_no_permission_would_open(
    account: Simulator, monkeypatch: pytest.MonkeyPatch, tables: list[str], held: str
) -> None:
    of_none = Permission("None", "Lists", "View", "for nothing", "nothing", tables=("nosuchtable",))
    monkeypatch.setattr(
        "tap_netsuite_tba.check.permissions.permissions", lambda: (*permissions(), of_none)
    )
    done = checked(configuration(account, tables=tables))
    assert "Lists > None" in done["permissions"].facts[held]  # type: ignore[operator]


def test_what_only_transactions_show_is_untold_where_they_are_hidden(account: Simulator) -> None:
    account.role = without("Find Transaction", "Sales Order")
    done = checked(configuration(account) | EVERYTHING)
    assert done.causes("permissions") == ["Find Transaction"]
    assert "Transactions > Invoice" in done["permissions"].facts["untold"]  # type: ignore[operator]
    assert "Transactions > Invoice, Sales Order" in str(done["permissions"].notes)


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
