"""Which records still cannot be read, as docs/records.md tells people to ask a warehouse."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.integration.conftest import ROOT, Project
from tests.integration.loading import Loader, installed, shipped_settings
from tests.integration.postgres import Postgres, running_postgres
from tests.integration.test_records_over_runs import orders
from tests.test_streams import delete

pytestmark = pytest.mark.long

Ask = Callable[[str], list[Any]]


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with running_postgres("Asia/Kathmandu") as server:
        yield server


def test_duckdb_tells_them(project: Project, tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    settings = shipped_settings("target-duckdb") | {"path": str(warehouse), "hard_delete": False}

    def ask(query: str) -> list[Any]:
        with duckdb.connect(warehouse, read_only=True) as connection:
            return [key for (key,) in connection.sql(query).fetchall()]

    check(Loader(installed(project, "target-duckdb"), tmp_path, settings, {}), ask)


def test_postgres_tells_them(project: Project, server: Postgres, tmp_path: Path) -> None:
    settings = {
        "host": "127.0.0.1",
        "port": server.port,
        "user": server.user,
        "password": "any",
        "database": server.database,
        "default_target_schema": "netsuite",
    }
    loader = Loader(installed(project, "target-postgres"), tmp_path, settings, {"PGTZ": "UTC"})
    check(loader, lambda query: [row["id"] for row in server.rows(query)])


def check(loader: Loader, ask: Ask) -> None:
    """A record is told of until it is read again, by whatever run, or deleted."""
    settings: dict[str, Any] = {"tables": [], "records": ["salesorder"], "lookback_seconds": 0}
    with Simulator(transactions=100) as account:

        def run(state: dict[str, Any] | None = None) -> dict[str, Any]:
            state = loader.run(account, state, **settings)
            account.clock.advance(3_600)
            return state

        refreshed, edited, gone, kept, *_ = orders(account)
        account.records.lock("salesorder", refreshed, gone, kept)
        state = run()
        assert still_refused(ask) == [refreshed, gone, kept]
        edit(account, edited)
        account.records.lock("salesorder", edited)
        state = run(state)
        assert still_refused(ask) == [refreshed, edited, gone, kept]
        account.records.release("salesorder", refreshed, edited)
        state = run()
        assert still_refused(ask) == [gone, kept]
        delete(account, "transaction", f"id = {gone}", datetime.now(UTC) - account.clock.now())
        run(state)
        assert still_refused(ask) == [kept]


def edit(account: Simulator, key: int) -> None:
    at = account.clock.now().replace(tzinfo=None)
    account.sql("UPDATE transaction SET lastmodifieddate = ? WHERE id = ?", [at, key])


def still_refused(ask: Ask) -> list[Any]:
    text = (ROOT / "docs/records.md").read_text()
    [query] = re.findall(r"```sql\n(SELECT u\.\*.*?);\n```", text, re.DOTALL)
    return ask(f"SELECT id FROM ({query}) AS refused ORDER BY id")  # noqa: S608 - of the docs
