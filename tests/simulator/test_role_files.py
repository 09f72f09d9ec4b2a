import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.simulator.role_files import SHIPPED, RoleFileError, load_role
from tests.simulator.client import ask, column, value

MINIMUM = {
    "REST Web Services": "Full",
    "Log in using Access Tokens": "Full",
    "SuiteAnalytics Workbook": "Edit",
}


def test_a_role_of_ones_own_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    content = {
        "name": "Mine",
        "permissions": {**MINIMUM, "Subsidiaries": "View"},
        "subsidiaries": [2],
        "columns": {"Subsidiary.Name": "unexpected error"},
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    with Simulator(company=False, role=path) as account:
        account.sql("CREATE TABLE subsidiary AS FROM (VALUES (1, 'N'), (2, 'S')) AS s(id, name)")
        assert account.role.name == "Mine"
        assert column(account, "SELECT id FROM subsidiary") == ["2"]
        assert ask(account, "SELECT name FROM subsidiary").status_code == 500
        assert value(account, "1") == "1"


GOOD: dict[str, Any] = {"name": "x", "permissions": {}}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("[]", "holds no JSON object"),
        ({"permissions": {}}, "lacks the key 'name'"),
        ({"name": "x"}, "lacks the key 'permissions'"),
        (GOOD | {"permisions": {}}, "has a key 'permisions'; there are name, about, permissions"),
        (GOOD | {"name": 1}, "'name' must be a text"),
        (GOOD | {"permissions": {"Items": "Read"}}, "'permissions' must be \"all\", or levels"),
        (GOOD | {"permissions": {"Invoce": "View"}}, "permission 'Invoce'; is 'Invoice' meant?"),
        (GOOD | {"permissions": {"items": "View"}}, "permission 'items'; is 'Items' meant?"),
        (
            GOOD | {"permissions": {"Custom Record Entry": "View"}},
            "permission 'Custom Record Entry'; is 'Custom Record Entries' meant?",
        ),
        (GOOD | {"permissions": ["Items"]}, "'permissions' must be \"all\", or levels (View, "),
        (GOOD | {"subsidiaries": ["2"]}, "'subsidiaries' must be \"all\", or a list of"),
        (GOOD | {"features_off": ["Magic"]}, "'features_off' must be a list of Classes, "),
        (GOOD | {"features_off": [[]]}, "'features_off' must be a list of Classes, "),
        (GOOD | {"unlisted": "some"}, "'unlisted' must be \"all\", or a list of record types"),
        (GOOD | {"unqueryable": "all"}, "'unqueryable' must be a list of tables"),
        (GOOD | {"unqueryable": [1]}, "'unqueryable' must be a list of tables"),
        (GOOD | {"web_services_only": "T"}, "'web_services_only' must be true or false"),
        (GOOD | {"columns": {"memo": "REMOVED"}}, "'columns' must be \"table.column\" with NOT_"),
        (GOOD | {"columns": {"a.b": "GONE"}}, "'columns' must be \"table.column\" with NOT_"),
    ],
)
def test_a_bad_role_file_is_one_sentence(
    tmp_path: Path, content: str | Mapping[str, object], sentence: str
) -> None:
    path = tmp_path / "bad.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    with pytest.raises(RoleFileError) as caught:
        load_role(path)
    assert str(path) in str(caught.value)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_role_that_is_not_there_is_one_sentence() -> None:
    with pytest.raises(RoleFileError, match="'admin' is neither one of administrator, integration"):
        Simulator(company=False, role="admin")


def test_a_role_of_a_wrong_type_is_one_sentence() -> None:
    with pytest.raises(RoleFileError, match="a role is a name, a file or a Role, not 5"):
        Simulator(company=False, role=5)  # type: ignore[arg-type]  # what is refused


def test_permissions_that_open_nothing_here_are_named_once_and_harm_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "life.json"
    permissions = dict.fromkeys(
        ("Items", "Calendar", "Custom Sublists", "Calculate Time", "customrecord_of_ours"), "View"
    )
    path.write_text(json.dumps({"name": "Copied", "permissions": permissions}), encoding="utf-8")
    assert load_role(path).permissions == permissions
    [message] = caplog.messages
    assert str(path) in message
    assert message.endswith("open nothing here: Calculate Time, Calendar, Custom Sublists.")


@pytest.mark.parametrize("name", SHIPPED)
def test_the_roles_that_ship_name_no_idle_permission(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    load_role(name)
    assert not caplog.messages
