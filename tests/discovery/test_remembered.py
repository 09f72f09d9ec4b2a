"""What makes a run ask anew instead of believing the last discovery."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tap_netsuite_tba.discovery import memory
from tap_netsuite_tba.discovery.found import Discovery, Readable, Wanted
from tap_netsuite_tba.discovery.memory import Memory, memory_of, remembered
from tap_netsuite_tba.netsuite.query import Query
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.simulator.roles import ADMINISTRATOR, ColumnRefusal
from tests.catalogs import Message, rows_of
from tests.tap_process import configuration, run_tap

from .discovered import CUSTOM_FIELDS, sources_of
from .role import Role

CUSTOMERS = Wanted(("customer",))
MONDAY = datetime(2026, 1, 5, 12, tzinfo=UTC)


def memory_on_monday() -> Memory:
    found = memory_of("f" * 64, CUSTOMERS, 86400)
    assert found
    return replace(found, now=lambda: MONDAY)


def test_what_changes_during_a_discovery_is_found_by_the_next_run() -> None:
    project, tier = CUSTOM_FIELDS["customfield"]
    fields = [project]
    role = Role(rows={"customfield": fields})

    def add_a_field(query: Query) -> None:
        """The fields have been read when the columns of customers are asked for."""
        if query.table == "customer" and tier not in fields:
            fields.append(tier)

    def columns() -> tuple[str, ...]:
        [table] = remembered(CUSTOMERS, memory_on_monday(), sources_of(role)).tables
        return table.column_names

    role.trouble = add_a_field
    assert "custentity_tier" not in columns()
    assert "custentity_tier" in columns()
    before = len(role.queries)
    assert "custentity_tier" in columns()
    assert len(role.queries) == before + 1


def test_another_version_of_the_package_asks_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Discovery((Readable(shipped_tables()["customer"]),))
    memory_on_monday().write((), found)
    kept = memory_on_monday().read()
    assert kept
    assert kept.discovery == found
    monkeypatch.setattr(memory, "version", lambda _: "999.0.0")
    assert memory_on_monday().read() is None


def columns_of(messages: list[Message], stream: str) -> set[str]:
    """The columns that the SCHEMA of a stream has."""
    [schema] = [m["schema"] for m in messages if m["type"] == "SCHEMA" and m["stream"] == stream]
    return set(schema["properties"])


def test_a_sync_that_finds_columns_gone_lets_the_next_one_ask() -> None:
    with Simulator(transactions=100) as account:
        config = configuration(account, tables=["department"])
        messages, code, log = run_tap(config)
        assert code == 0, log
        assert "name" in columns_of(messages, "department")

        hidden = {("department", "name"): ColumnRefusal.NOT_EXPOSED}
        account.role = replace(ADMINISTRATOR, columns=hidden)
        messages, code, log = run_tap(config)
        assert code == 0, log
        assert {row["name"] for row in rows_of(messages, "department")} == {None}

        messages, code, log = run_tap(config)
        assert code == 0, log
        assert "name" not in columns_of(messages, "department")
