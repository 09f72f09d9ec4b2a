"""DuckDB filled by target-duckdb, as a consumer queries it (docs/warehouse.md)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.integration.conftest import Project
from tests.integration.loading import NAMES, Loader, installed
from tests.integration.test_pipeline import differences, in_doubles
from tests.test_warehouse import snippets

pytestmark = pytest.mark.long

LINES = ("transactionline", "transactionaccountingline")


@pytest.fixture(scope="module")
def program(project: Project) -> Path:
    return installed(project, "target-duckdb")


@pytest.fixture
def company() -> Iterator[Simulator]:
    with Simulator(transactions=1_000) as account:
        yield account


def rows(warehouse: Path, query: str) -> list[dict[str, Any]]:
    with duckdb.connect(warehouse, read_only=True) as connection:
        found = connection.sql(query)
        return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def live(warehouse: Path, table: str) -> list[dict[str, Any]]:
    """The rows of a table that are not deleted; of a table of lines, those that are live."""
    if table not in LINES:
        return rows(warehouse, f"FROM netsuite.{table} WHERE _sdc_deleted_at IS NULL")
    [view] = snippets("sql")
    return rows(warehouse, view.partition("AS\n")[2].replace("transactionline", table))


@pytest.mark.parametrize("hard_delete", [False, True])
def test_after_edits_removals_and_deletions_the_live_rows_are_the_accounts(
    company: Simulator, program: Path, tmp_path: Path, *, hard_delete: bool
) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    settings = {
        "path": str(warehouse),
        "default_target_schema": "netsuite",
        "add_metadata_columns": True,
        "hard_delete": hard_delete,
    }
    loader = Loader(program, tmp_path, settings, {})
    state = loader.run(company)
    company.clock.advance(60)
    gone = company.churn.delete(15)
    for change in ("edit", "insert", "remove_lines", "edit_lines", "commit_late"):
        assert getattr(company.churn, change)(15), change
    loader.run(company, state)

    loaded = {name: live(warehouse, name) for name in NAMES}
    assert differences(company, loaded, in_doubles) == []
    headers = {row["id"]: row for row in rows(warehouse, "FROM netsuite.transaction")}
    assert headers.keys() & set(gone) == (set() if hard_delete else set(gone))
    lines = {row["transaction"] for row in rows(warehouse, "FROM netsuite.transactionline")}
    assert set(gone) <= lines, "of a deleted transaction the loader keeps all but the main line"
