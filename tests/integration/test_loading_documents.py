"""Records and own queries in warehouses, as docs/records.md tells people to query them."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.integration.conftest import ROOT, Project
from tests.integration.documents import differences
from tests.integration.loading import Loader, installed, shipped_settings
from tests.integration.postgres import Postgres, running_postgres
from tests.integration.test_consultants import BY_NAME, truth
from tests.integration.test_records_over_runs import orders

pytestmark = pytest.mark.long

Rows = list[dict[str, Any]]
Ask = Callable[[str], Rows]

KEYED = [BY_NAME[name] for name in ("gl_by_period", "bills_due", "trial_balance")]
KEYLESS = {"name": "days", "query": "SELECT entity, trandate FROM transaction"}
SETTINGS: dict[str, Any] = {
    "records": ["salesorder", "customer"],
    "queries": [*(query.setting for query in KEYED), KEYLESS],
}
DAYS_LOADED = "SELECT entity, trandate FROM netsuite.days"
LINES = """
    SELECT transaction, tranid, (SELECT entityid FROM customer WHERE id = t.entity), l.item,
           (SELECT itemid FROM item AS i WHERE i.id = l.item), -quantity, -foreignamount
    FROM transactionline AS l JOIN transaction AS t ON t.id = transaction
    WHERE recordtype = 'salesorder' AND mainline || taxline || iscogs = 'FFF'
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """Of the module, for its user cannot enter the folders of tests."""
    with running_postgres("Asia/Kathmandu") as server:
        yield server


@pytest.fixture
def company() -> Iterator[Simulator]:
    with Simulator(transactions=300) as company:
        yield company


def test_duckdb_takes_them_and_what_changed(
    company: Simulator, project: Project, tmp_path: Path
) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    settings = shipped_settings("target-duckdb") | {"path": str(warehouse)}

    def ask(query: str) -> Rows:
        with duckdb.connect(warehouse, read_only=True) as connection:
            found = connection.sql(query)
            return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]

    loader = Loader(installed(project, "target-duckdb"), tmp_path, settings, {})
    check(company, loader, ask, keeps_keyless=True)


def test_postgres_takes_them_and_what_changed(
    company: Simulator, project: Project, server: Postgres, tmp_path: Path
) -> None:
    settings = {
        "host": "127.0.0.1",
        "port": server.port,
        "user": server.user,
        "password": "any",
        "database": server.database,
        "default_target_schema": "netsuite",
        "hard_delete": True,
    }
    program = installed(project, "target-postgres")
    loader = Loader(program, tmp_path, settings, {"PGTZ": "UTC"})
    check(company, loader, server.rows, keeps_keyless=False)


def test_json_lines_have_every_leaf(company: Simulator, project: Project, tmp_path: Path) -> None:
    settings = {"destination_path": str(tmp_path), "do_timestamp_file": False}
    loader = Loader(installed(project, "target-jsonl"), tmp_path, settings, {})

    loader.run(company, tables=[], **SETTINGS)

    for record_type in SETTINGS["records"]:
        lines = (tmp_path / f"record_{record_type}.jsonl").read_text().splitlines()
        assert lines
        for document in (json.loads(line, parse_float=Decimal) for line in lines):
            expected = company.records.document(record_type, document["id"])
            assert list(differences(document, expected, f"{document['id']}")) == []
    loaded = (json.loads(line) for line in (tmp_path / "days.jsonl").read_text().splitlines())
    assert multiset(loaded) == multiset(days(company))


def test_meltano_hands_the_settings_on(account: Simulator, project: Project) -> None:
    query = BY_NAME["trial_balance"]
    settings = {
        "TABLES": [],
        "RECORDS": ["customrecord_vehicle"],
        "QUERIES": [query.setting],
        # Beside what meltano.yml selects itself a query needs its name there.
        "_SELECT": ["record_*.*", "unreadable_*.*", f"{query.name}.*"],
    }
    environment = {f"TAP_NETSUITE_TBA_{name}": json.dumps(each) for name, each in settings.items()}
    running = replace(project, environment=project.environment | environment)

    running.meltano("run", "load-jsonl")

    vehicles, balances = account.sql("FROM customrecord_vehicle"), truth(account, query.truth)
    for stream, rows in (("record_customrecord_vehicle", vehicles), (query.name, balances)):
        lines = (project.folder / f"output/{stream}.jsonl").read_text().splitlines()
        assert len(lines) == len(rows) > 0


def check(account: Simulator, loader: Loader, ask: Ask, *, keeps_keyless: bool) -> None:
    """Load all, then what changed; the warehouse is as the account both times.

    Rows without a key are added to those of the run before, or replace them.
    """
    state = loader.run(account, tables=[], **SETTINGS)
    compare(account, loader, ask)
    before = days(account)
    assert multiset(ask(DAYS_LOADED)) == multiset(before)
    account.clock.advance(7_200)
    for change in ("edit", "insert", "remove_lines", "delete"):
        assert getattr(account.churn, change)(15), change
    loader.run(account, state, tables=[], **SETTINGS)
    compare(account, loader, ask)
    expected = [*before, *days(account)] if keeps_keyless else days(account)
    assert multiset(ask(DAYS_LOADED)) == multiset(expected)


def compare(account: Simulator, loader: Loader, ask: Ask) -> None:
    lines = ask(unnesting(loader.program.name))
    assert multiset(lines) == multiset(
        dict(zip(lines[0], row, strict=True)) for row in account.sql(LINES)
    )
    live = "WHERE _sdc_deleted_at IS NULL"
    loaded = ask(f"SELECT id FROM netsuite.record_salesorder {live} ORDER BY id")  # noqa: S608 - ours
    assert [row["id"] for row in loaded] == orders(account)
    for query in KEYED:
        expected = truth(account, query.truth)
        names = ", ".join(expected[0])
        loaded = ask(f"SELECT {names} FROM netsuite.{query.name}")  # noqa: S608 - ours
        assert multiset(loaded) == multiset(expected), query.name


def days(account: Simulator) -> Rows:
    """The rows of the query without a key."""
    rows = account.sql("SELECT entity, trandate FROM transaction")
    return [dict(zip(("entity", "trandate"), row, strict=True)) for row in rows]


def unnesting(program: str) -> str:
    """The SQL of the documents that makes lines of orders, in the words of a warehouse."""
    name = {"target-duckdb": "DuckDB", "target-postgres": "PostgreSQL"}[program]
    text = (ROOT / "docs/records.md").read_text()
    [block] = re.findall(rf"```sql\n(-- {name}\n.*?);?\n```", text, re.DOTALL)
    return str(block).rstrip(";")


def multiset(rows: Any) -> list[str]:  # noqa: ANN401 - rows of a warehouse
    """Rows in an order, their numbers alike however they are kept."""
    return sorted(json.dumps([comparable(value) for value in row.values()]) for row in rows)


def comparable(value: Any) -> Any:  # noqa: ANN401 - a value of any column
    match value:
        case bool() | None | str():
            return value
        case int() | float() | Decimal():
            return round(float(value), 6)
        case _:
            return value.isoformat()
