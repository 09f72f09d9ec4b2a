"""What a role may not see is left out, and each thing is said, with what would give it."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tap_netsuite_tba.connection import Connection
from tap_netsuite_tba.discovery.found import Discovery, Wanted
from tap_netsuite_tba.discovery.tables import discover
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.settings import read_settings
from tap_netsuite_tba.simulator import ColumnRefusal, Fault, FaultKind, Simulator
from tests.catalogs import only
from tests.integration.command import Outcome, discovered, run
from tests.integration.roles import LISTS, without
from tests.integration.test_discovery import NAMED_ONLY, NO_TABLES
from tests.tap_process import configuration

UNKNOWABLE = (
    "customer.custentity14",  # no row that the role sees has it
    "map_item_custitem_certificates",  # that its field is a multi-select, customfield tells
    "map_transaction_custbody_certificates",
)
"""What only the list of custom fields could tell a role that may not see it."""


@pytest.fixture(scope="module")
def company() -> Iterator[Simulator]:
    with Simulator(transactions=1_000) as account:
        yield account


@pytest.fixture
def account(company: Simulator) -> Iterator[Simulator]:
    """The company, which has its first role again after each test."""
    yield company
    company.role = "administrator"
    company.faults.clear()


def columns(outcome: Outcome) -> dict[str, set[str]]:
    """The columns of NetSuite's that a catalog has, by table."""
    return {
        name: {column for column in table.column_names if not column.startswith("_sdc_")}
        for name, table in outcome.tables.items()
    }


def test_a_role_for_integrations_finds_exactly_what_it_may_read(
    account: Simulator, tmp_path: Path
) -> None:
    account.role = "integration"
    found = columns(discovered(tmp_path, configuration(account, tables=["*"])))
    assert found == readable(account)


def readable(account: Simulator, *unknowable: str) -> dict[str, set[str]]:
    """What the role may read, but for what is left out on purpose, or cannot be known."""
    without = {*NAMED_ONLY, *NO_TABLES, *unknowable}
    return {
        table: {column for column in columns if f"{table}.{column}" not in without}
        for table, columns in account.readable().items()
        if table not in without
    }


def test_a_crippled_role_finds_what_it_may_read_and_what_the_rest_would_take(
    account: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    account.role = "crippled"
    caplog.set_level("INFO")
    found, there = _discovery(account), account.readable()
    assert {
        table.name: {name for name in table.column_names if not name.startswith("_sdc_")}
        for table in found.tables
    } == readable(account, *UNKNOWABLE)
    assert {name for name, _ in found.unseen} == LISTS.keys()
    assert {each.table.name for each in found.unreadable}.isdisjoint(there)
    for each in found.unreadable:
        assert each.table.permissions or each.table.feature, each.table.name
        assert f"Record '{each.table.name}' was not found" in each.reason
        assert re.search(rf"\b{each.table.name}\b", caplog.text), each.table.name
    refused = {
        (each.table.name, one.column.name): one.reason
        for each in found.readable
        for one in each.refused
    }
    assert refused.keys() >= account.role.columns.keys()
    for (table, column), reason in refused.items():
        assert column not in there[table]
        assert column in reason
        [line] = [line for line in caplog.text.splitlines() if f"columns of {table}," in line]
        assert re.search(rf"\b{column}\b", line)
    for column_of, how in account.role.columns.items():
        assert how.value.lower() in refused[column_of].lower()
    for permission in LISTS.values():
        assert f"Setup > {permission}" in caplog.text


def _discovery(account: Simulator) -> Discovery:
    """What is found where everything is asked for."""
    settings = read_settings(configuration(account))
    connection = Connection(settings)
    workers = Workers(settings.max_sessions)
    with closing(connection):
        return discover(Wanted(), connection.fetch_patiently, connection.record_catalog, workers)


def test_a_named_table_that_cannot_be_read_is_said_and_makes_the_run_fail(
    account: Simulator, tmp_path: Path
) -> None:
    account.role = "crippled"
    config = configuration(account, tables=["location", "department", "employee"])
    outcome = run(tmp_path, config)
    assert outcome.code == 1
    assert outcome.rows("location")
    assert "Lists > Employees" in outcome.log
    assert "Enable Features" in outcome.log
    assert "Not read at all: department, employee." in outcome.log


def test_no_named_table_can_be_read(account: Simulator, tmp_path: Path) -> None:
    account.role = "crippled"
    outcome = run(tmp_path, configuration(account, tables=["employee"]))
    assert outcome.code == 1
    assert outcome.output == ""
    assert "Record 'employee' was not found" in outcome.log


@pytest.mark.parametrize("unseen", [["customfield"], [*LISTS]])
def test_without_permission_for_a_list_the_rest_is_found(
    account: Simulator, tmp_path: Path, unseen: list[str]
) -> None:
    account.role = without(*(LISTS[name] for name in unseen))
    patterns = ["account", "currency", "customrecord_v*"]
    outcome = discovered(tmp_path, configuration(account, tables=patterns))
    assert columns(outcome) == {
        table: readable(account)[table] for table in ("account", "currency", "customrecord_vehicle")
    }
    for name in LISTS:
        said = f"The role does not see NetSuite's {name}," in outcome.log
        assert said == (name in unseen)


def test_without_the_metadata_catalog_too_a_named_record_is_found(
    account: Simulator, tmp_path: Path
) -> None:
    account.role = without(*LISTS.values())
    account.faults.add(Fault(FaultKind.REFUSED, path="metadata-catalog", times=None))
    patterns = ["c*", "customrecord_vehicle"]
    outcome = discovered(tmp_path, configuration(account, tables=patterns))
    assert columns(outcome)["customrecord_vehicle"] == account.readable()["customrecord_vehicle"]
    assert "customrecord_quality_check" not in outcome.tables
    for name in (*LISTS, "metadata-catalog"):
        assert f"The role does not see NetSuite's {name}," in outcome.log


def test_a_role_that_loses_tables_and_columns_between_discovery_and_sync(
    account: Simulator, tmp_path: Path
) -> None:
    wanted = ("customer", "department", "item", "location")
    config = configuration(account, tables=[f"{name}*" for name in wanted])
    catalog = only(discovered(tmp_path, config).catalog, *wanted)
    account.role = "crippled"
    outcome = run(tmp_path, config, catalog=catalog)
    assert outcome.code == 1
    for table in wanted:
        assert bool(outcome.rows(table)) == (table != "department"), table
    assert all(row["salesrep"] is None for row in outcome.rows("customer"))
    assert any(row["entityid"] for row in outcome.rows("customer"))
    assert all(row["averagecost"] is None for row in outcome.rows("item"))
    [end] = [line for line in outcome.log.splitlines() if line.startswith("Not read")]
    assert "department" in end
    assert outcome.log.count("salesrep") >= 1
    assert "Traceback" not in outcome.log


def test_a_role_that_changes_between_two_syncs(account: Simulator, tmp_path: Path) -> None:
    config = configuration(account, tables=["customer", "department"])
    first = run(tmp_path, config)
    assert first.code == 0
    account.role = "crippled"
    second = run(tmp_path, config, state=first.state)
    assert second.code == 1
    assert "Not read at all: department." in second.log
    account.role = "administrator"
    account.refuse("customer", "phone", ColumnRefusal.REMOVED)
    third = run(tmp_path, config, state=first.state)
    assert third.code == 0
    assert "phone" in third.log
