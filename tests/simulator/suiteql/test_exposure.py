"""NetSuite knows tables that this account does not have."""

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.client import refusal


@pytest.mark.parametrize(
    "table",
    [
        "loginaudit",
        "scriptnote",
        "systemnote2",
        "role",
        "file",
        "salestaxitem",
        "taxtype",
        "unitstype",
        "message",
        "task",
        "calendarevent",
        "phonecall",
        "itemprice",
        "timebill",
        "LoginAudit",
        "customrecord_of_another_account",
    ],
)
def test_a_table_that_others_have_was_not_found(shared: Simulator, table: str) -> None:
    said = refusal(shared, f"SELECT id FROM {table}")  # noqa: S608  # names of this test
    assert said == f"Search error occurred: Record '{table}' was not found."


@pytest.mark.parametrize("table", ["logins", "scriptnotes", "systemnote3", "customer_record"])
def test_a_table_that_nobody_has_is_no_search_type(shared: Simulator, table: str) -> None:
    said = refusal(shared, f"SELECT id FROM {table}")  # noqa: S608  # names of this test
    assert said == f"Invalid search type: {table}."
