"""Batch files, loaded by target-postgres: what it makes of them is what it makes of records."""

import gzip
import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.integration.conftest import Project
from tests.integration.loading import NAMES, Loader, State, installed
from tests.integration.postgres import Postgres, running_postgres
from tests.integration.test_pipeline import differences
from tests.integration.test_target_postgres import UNUSED_ID, Warehouse, comparable
from tests.tap_process import TapProcess, configuration

pytestmark = pytest.mark.long

ROWS = 9_000
STOPPED_AT_ROW = """
import os
from tap_netsuite_tba.batches import Batches
add, left = Batches.add, [{rows}]
def stopping(self, *arguments):
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), {number})
    add(self, *arguments)
Batches.add = stopping
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with running_postgres("Asia/Kathmandu") as server:
        yield server


@pytest.fixture(scope="module")
def program(project: Project) -> Path:
    return installed(project, "target-postgres")


@pytest.fixture
def company() -> Iterator[Simulator]:
    with Simulator(transactions=1_000) as account:
        yield account


def warehouse_of(server: Postgres, program: Path, folder: Path, **settings: object) -> Warehouse:
    """A schema named after its test, and the loader that fills it."""
    given = {
        "host": "127.0.0.1",
        "port": server.port,
        "user": server.user,
        "password": "any",
        "database": server.database,
        "default_target_schema": "".join(filter(str.isalnum, folder.name)).lower(),
        **settings,
    }
    return Warehouse(server, Loader(program, folder, given, {"PGTZ": "UTC"}))


def run(
    warehouse: Warehouse,
    account: Simulator,
    state: State | None = None,
    prelude: str = "",
    **settings: object,
) -> State:
    """One run of the tap into the loader, by way of files in a folder with a blank in its name."""
    loader = warehouse.loader
    storage = {"storage": {"root": str(loader.folder / "batch files")}, "batch_size": 1_000}
    config = configuration(account, **{"tables": NAMES, "batch_config": storage, **settings})
    with TapProcess(loader.folder, config, (), state, prelude=prelude) as tap:
        lines = list(tap.lines())
        code = tap.process.wait()
        assert code == 0 or prelude, tap.log
    assert any('"BATCH"' in line for line in lines)
    loaded = loader.load(lines)
    assert loaded
    return loaded


@pytest.mark.parametrize("with_versions", [True, False])
def test_the_warehouse_is_as_the_account_and_then_as_the_changed_account(
    company: Simulator, server: Postgres, program: Path, tmp_path: Path, *, with_versions: bool
) -> None:
    warehouse = warehouse_of(server, program, tmp_path)
    versions: dict[str, Any] = {"emit_activate_version_messages": with_versions}
    state = run(warehouse, company, **versions)
    assert differences(company, warehouse.everything(), comparable) == []

    company.clock.advance(60)
    for change in ("edit", "insert", "delete", "remove_lines", "edit_lines", "commit_late"):
        assert getattr(company.churn, change)(15), change
    run(warehouse, company, state, **versions)
    assert differences(company, warehouse.everything(), comparable) == []


@pytest.mark.parametrize("hard_delete", [False, True])
def test_only_rows_that_are_gone_go(
    company: Simulator, server: Postgres, program: Path, tmp_path: Path, *, hard_delete: bool
) -> None:
    warehouse = warehouse_of(server, program, tmp_path, hard_delete=hard_delete)
    tables = ["account", "customer"]
    state = run(warehouse, company, tables=tables)
    [(gone,)] = company.sql("SELECT max(id) FROM account")
    company.sql("UPDATE account SET id = ? WHERE id = ?", [UNUSED_ID, gone])
    company.clock.advance(60)
    touch = "UPDATE customer SET lastmodifieddate = ? WHERE id = (SELECT min(id) FROM customer)"
    company.sql(touch, [company.clock.now().strftime("%Y-%m-%d %H:%M:%S")])
    run(warehouse, company, state, tables=tables)
    for table in tables:
        expected = {key for (key,) in company.sql(f"SELECT id FROM {table}")}  # noqa: S608 - ours
        assert {row["id"] for row in warehouse.live(table)} == expected


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_run_that_is_stopped_and_goes_on_loses_nothing(
    server: Postgres, program: Path, tmp_path: Path, how: signal.Signals
) -> None:
    warehouse = warehouse_of(server, program, tmp_path)
    with Simulator(transactions=ROWS) as account:
        prelude = STOPPED_AT_ROW.format(rows=ROWS // 2, number=int(how))
        cut_short = run(warehouse, account, prelude=prelude, tables=["transaction"])
        assert cut_short["bookmarks"]["transaction"]["pass"]["started"]
        assert 0 < len(warehouse.live("transaction")) < ROWS // 2
        account.clock.advance(60)
        account.churn.insert(50)
        run(warehouse, account, cut_short, tables=["transaction"])
        expected = account.sql("SELECT id, memo, foreigntotal FROM transaction")
    loaded = {row["id"]: row for row in warehouse.live("transaction")}
    assert {(key, row["memo"], row["foreigntotal"]) for key, row in loaded.items()} == set(expected)


def test_a_version_would_let_go_of_all_rows_that_came_in_files(
    server: Postgres, program: Path, tmp_path: Path
) -> None:
    """Why the tap leaves rows under a version in RECORD messages."""
    warehouse = warehouse_of(server, program, tmp_path, hard_delete=True)
    file = tmp_path / "rows.jsonl.gz"
    file.write_bytes(gzip.compress(b'{"id":1}\n{"id":2}\n'))
    schema = {"properties": {"id": {"type": "integer"}}}
    encoding = {"format": "jsonl", "compression": "gzip"}
    messages: list[dict[str, Any]] = [
        {"type": "SCHEMA", "stream": "t", "schema": schema, "key_properties": ["id"]},
        {"type": "BATCH", "stream": "t", "encoding": encoding, "manifest": [file.as_uri()]},
        {"type": "STATE", "value": {}},
    ]
    version = {"type": "ACTIVATE_VERSION", "stream": "t", "version": 1_700_000_000_000}
    warehouse.loader.load(json.dumps(message) + "\n" for message in messages)
    assert len(warehouse.rows("SELECT * FROM netsuite.t")) == 2
    warehouse.loader.load(json.dumps(m) + "\n" for m in [*messages[:2], version, *messages[2:]])
    assert warehouse.rows("SELECT * FROM netsuite.t") == []
