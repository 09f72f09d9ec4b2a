"""What the tap makes of settings, catalogs, states and what the account has."""

import logging
import threading
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from types import SimpleNamespace

import click
import pytest
from singer_sdk.exceptions import ConfigValidationError

from tap_netsuite_tba.netsuite import client, sessions
from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator
from tap_netsuite_tba.tap import TEST_PATIENCE, TapNetSuite
from tests.catalogs import catalog_of, last_state, rows_of, states_of
from tests.tap_process import configuration, run_tap


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    with Simulator(transactions=300) as account:
        yield account


@pytest.fixture(scope="module")
def without_customer() -> Iterator[Simulator]:
    """An account whose customers the role may not read."""
    with Simulator(transactions=300) as account:
        account.hide("customer")
        yield account


def test_a_given_catalog_is_not_discovered_but_compared_by_one_request(
    shared: Simulator,
) -> None:
    config = configuration(shared, tables=["department"])
    catalog = catalog_of(config)
    before = shared.counters.requests
    messages, code, log = run_tap(config, catalog=catalog)
    assert code == 0, log
    assert rows_of(messages, "department")
    assert shared.counters.requests == before + 1 + 1


def test_streams_read_ahead_have_as_many_threads_as_the_current_one(shared: Simulator) -> None:
    workers = TapNetSuite(config=configuration(shared, max_sessions=3)).run.workers
    together = threading.Barrier(2 * workers.size)
    calls = [workers.submit(lambda: together.wait(10)) for _ in range(2 * workers.size)]
    assert {call.result(10) for call in calls} == {*range(2 * workers.size)}
    workers.close()


def test_the_types_of_a_given_catalog_are_those_of_the_rows(shared: Simulator) -> None:
    config = configuration(shared, tables=["department"])
    types = {"department.isinactive": "string"}
    catalog = catalog_of(config | {"column_types": types})
    messages, code, log = run_tap(config, catalog=catalog)
    assert code == 0, log
    [schema] = [message["schema"] for message in messages if message["type"] == "SCHEMA"]
    assert schema["properties"]["isinactive"]["type"] == ["string", "null"]
    assert {row["isinactive"] for row in rows_of(messages, "department")} <= {"T", "F"}


def test_time_outs_cost_a_discovery_time_and_no_table(
    shared: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = configuration(shared, tables=["currency", "department"], discovery_cache_seconds=0)
    calm = catalog_of(config)
    monkeypatch.setattr(client, "Client", partial(client.Client, read_timeout=0.3))
    monkeypatch.setattr(sessions, "COOLING_SECONDS", 0.0)
    before = shared.faults.dealt[FaultKind.STALL]
    shared.faults.add(
        Fault(FaultKind.STALL, table="customfield", seconds=600),
        Fault(FaultKind.STALL, table="department", seconds=600, times=2),
    )
    try:
        assert catalog_of(config) == calm
        assert shared.faults.dealt[FaultKind.STALL] - before == 3
    finally:
        shared.faults.clear()


def test_one_bad_table_does_not_end_the_night_but_the_exit_code_tells(
    shared: Simulator, without_customer: Simulator
) -> None:
    tables = ["account", "customer", "employee"]
    catalog = catalog_of(configuration(shared, tables=tables))
    messages, code, log = run_tap(configuration(without_customer, tables=tables), catalog=catalog)
    assert code == 1
    assert rows_of(messages, "employee")
    assert "customer was not read to its end" in log
    assert "Record 'customer' was not found" in log
    assert "Not read to their end: customer. The next run goes on from their last STATE." in log
    assert "Not read at all" not in log
    assert "Traceback" not in log
    assert (
        messages[-1]["value"]["bookmarks"].get("customer", {}).get("pass", {}).get("started")
        is None
    )


def test_a_hidden_table_that_was_named_makes_the_exit_code_tell_while_others_are_read(
    without_customer: Simulator,
) -> None:
    config = configuration(without_customer, tables=["Customer", "department"])
    messages, code, log = run_tap(config)
    assert code == 1
    assert rows_of(messages, "department")
    assert "The table customer is left out" in log
    assert "customer was not read at all" in log
    assert "Not read at all: customer." in log
    assert "Not read to their end" not in log


def test_a_named_table_that_a_given_catalog_lacks_makes_the_exit_code_tell(
    shared: Simulator,
) -> None:
    catalog = catalog_of(configuration(shared, tables=["department"]))
    config = configuration(shared, tables=["customer", "department"])
    messages, code, log = run_tap(config, catalog=catalog)
    assert code == 1
    assert rows_of(messages, "department")
    assert "Not read at all: customer." in log
    assert "Not read to their end" not in log


def test_a_role_that_may_read_nothing_is_told_so(without_customer: Simulator) -> None:
    messages, code, log = run_tap(configuration(without_customer, tables=["customer"]))
    assert code == 1
    assert messages == []
    assert "Record 'customer' was not found" in log


def test_a_table_of_more_columns_than_one_query_gives_is_read_whole(
    without_customer: Simulator,
) -> None:
    account = without_customer
    names = [f"custitem_{number:03}" for number in range(120)]
    for number, name in enumerate(names):
        account.sql(f"ALTER TABLE item ADD COLUMN {name} BIGINT DEFAULT {number}")
        account.sql(
            "INSERT INTO customfield (id, scriptid, name, fieldvaluetype) "
            "VALUES (?, ?, ?, 'Integer Number')",
            [5000 + number, name.upper(), name],
        )
    messages, code, log = run_tap(configuration(account, tables=["item"]))
    assert code == 0, log
    rows = rows_of(messages, "item")
    assert len(rows) == account.sql("SELECT COUNT(*) FROM item")[0][0]
    assert all(row[name] == number for row in rows for number, name in enumerate(names))


def test_a_hidden_table_that_a_pattern_meant_is_left_out_with_a_warning(
    without_customer: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    catalog = catalog_of(configuration(without_customer, tables=["cu*r", "currency"]))
    assert [entry["tap_stream_id"] for entry in catalog["streams"]] == ["currency"]
    [warning] = [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]
    assert "left out" in warning
    assert "customer" in warning


def test_custom_fields_of_the_account_are_in_the_catalog(shared: Simulator) -> None:
    catalog = catalog_of(configuration(shared, tables=["transaction", "item"]))
    custom = {
        name
        for entry in catalog["streams"]
        for name in entry["schema"]["properties"]
        if name.startswith("cust")
    }
    in_account = shared.sql(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_name IN ('transaction', 'item') AND column_name LIKE 'cust%'"
    )
    assert custom <= {name for (name,) in in_account}
    assert len(custom) >= 4


def test_a_state_of_strangers_is_said_and_kept(shared: Simulator) -> None:
    state = {"bookmarks": {"invoices": {"replication_key_value": "2026-01-01T00:00:00Z"}}}
    config = configuration(shared, tables=["department"])
    messages, code, log = run_tap(config, state=state)
    assert code == 0
    assert "bookmarks of streams that the catalog has not: invoices" in log
    assert messages[-1]["value"]["bookmarks"]["invoices"] == state["bookmarks"]["invoices"]


def test_a_value_that_does_not_fit_fails_its_table_and_names_the_override(
    shared: Simulator,
) -> None:
    shared.sql("ALTER TABLE subsidiary ALTER COLUMN parent TYPE VARCHAR")
    shared.sql("UPDATE subsidiary SET parent = 'R-17' WHERE id = (SELECT max(id) FROM subsidiary)")
    config = configuration(shared, tables=["currency", "subsidiary"])
    messages, code, log = run_tap(config)
    assert code == 1
    assert rows_of(messages, "currency")
    assert not any(states_of(messages, "subsidiary"))
    assert 'set column_types to {"subsidiary.parent": "string"}' in log
    assert "R-17" not in log
    config["column_types"] = {"subsidiary.parent": "string"}
    messages, code, log = run_tap(config, state=last_state(messages))
    assert code == 0, log
    assert "R-17" in {row["parent"] for row in rows_of(messages, "subsidiary")}


@pytest.mark.parametrize(
    ("mode", "given", "patience"),
    [
        ("all", {}, TEST_PATIENCE),
        ("schema", {}, TEST_PATIENCE),
        ("all", {"retry_timeout_seconds": 5}, 5),
        ("disabled", {}, None),
    ],
)
def test_only_a_test_is_as_patient_as_a_person(
    mode: str, given: dict[str, int], patience: int | None
) -> None:
    context = click.Context(click.Command("tap"))
    context.params["config"] = SimpleNamespace(config=given, parse_env=False)
    with suppress(ConfigValidationError):
        TapNetSuite.cb_test(context, click.Option(["--test"]), mode)
    assert given.get("retry_timeout_seconds") == patience
