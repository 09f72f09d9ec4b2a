"""The SQL of docs/warehouse.md tells which lines are live, in DuckDB as its loader fills it."""

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import yaml

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "warehouse.md").read_text(encoding="utf-8")
TABLES = """
    CREATE SCHEMA netsuite;
    CREATE TABLE netsuite.transaction (id BIGINT, _sdc_deleted_at VARCHAR);
    CREATE TABLE netsuite.transactionline (
        transaction BIGINT, id BIGINT, _sdc_parent_modified_at TIMESTAMP, _sdc_deleted_at VARCHAR
    );
"""
HERE = "(1, NULL)"
BURIED = "(1, '2026-03-01T00:00:00Z')"
OLD, NEW = "TIMESTAMP '2026-01-01 00:00:00'", "TIMESTAMP '2026-02-01 00:00:00'"
TOMBSTONE = "(1, 0, TIMESTAMP '2026-03-01 00:00:01', '2026-03-01T00:00:00Z')"


def snippets(language: str) -> list[str]:
    """The pieces of the document in a language."""
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def compiled(model: str) -> str:
    """A dbt model as the query that dbt makes of it."""
    query = re.sub(r"\{\{ config\(.*?\) \}\}", "", model)
    return re.sub(r"\{\{ source\('(\w+)', '(\w+)'\) \}\}", r"\1.\2", query)


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(TABLES)
        yield connection


@pytest.mark.parametrize(
    ("headers", "lines", "live"),
    [
        pytest.param([HERE], [f"(1, 0, {OLD}, NULL)", f"(1, 1, {OLD}, NULL)"], [0, 1], id="all"),
        pytest.param(
            [HERE], [f"(1, 0, {NEW}, NULL)", f"(1, 1, {OLD}, NULL)"], [0], id="one was removed"
        ),
        pytest.param([BURIED], [TOMBSTONE, f"(1, 1, {OLD}, NULL)"], [], id="deleted"),
        pytest.param([], [TOMBSTONE, f"(1, 1, {OLD}, NULL)"], [], id="deleted, no header"),
        pytest.param([], [f"(1, 1, {OLD}, NULL)"], [], id="deleted by a loader that deletes rows"),
        pytest.param([BURIED], [f"(1, 1, {OLD}, NULL)"], [], id="deleted, only the header knows"),
        pytest.param(
            [], ["(1, 0, NULL, NULL)", "(1, 1, NULL, NULL)"], [0, 1], id="of a hidden transaction"
        ),
        pytest.param([], [TOMBSTONE, "(1, 1, NULL, NULL)"], [], id="hidden and then deleted"),
        pytest.param([HERE], ["(1, 0, NULL, NULL)"], [0], id="of a transaction without a date"),
        pytest.param([HERE], [f"(1, 0, {NEW}, NULL)", "(1, 1, NULL, NULL)"], [0], id="dated since"),
        pytest.param([], [f"(1, 0, {NEW}, NULL)"], [], id="come before their header"),
        pytest.param(
            [HERE],
            [f"(1, 0, {NEW}, NULL)", f"(1, 1, {NEW}, '2026-03-01T00:00:00Z')"],
            [0],
            id="one marked by its version",
        ),
        pytest.param(
            [HERE, "(2, NULL)"],
            [f"(1, 0, {OLD}, NULL)", f"(2, 0, {NEW}, NULL)"],
            [0, 0],
            id="two transactions",
        ),
    ],
)
def test_the_line_rule_finds_the_lines_that_are_live(
    warehouse: duckdb.DuckDBPyConnection, headers: list[str], lines: list[str], live: list[int]
) -> None:
    for table, rows in (("transaction", headers), ("transactionline", lines)):
        for row in rows:
            warehouse.execute(f"INSERT INTO netsuite.{table} VALUES {row}")  # noqa: S608 - ours
    [view] = snippets("sql")
    [model] = snippets("jinja")
    warehouse.execute(view)
    ids = warehouse.execute("SELECT id FROM netsuite.live_transactionline ORDER BY 1").fetchall()
    assert ids == [(number,) for number in live]
    assert len(warehouse.execute(compiled(model)).fetchall()) == len(live)


def test_the_dbt_model_is_the_view() -> None:
    [view] = snippets("sql")
    [model] = snippets("jinja")
    assert view.partition("AS\n")[2].strip() == compiled(model).strip() + ";"


def test_the_yaml_in_it_is_what_it_says() -> None:
    sources, extractor = map(yaml.safe_load, snippets("yaml"))
    [source] = sources["sources"]
    [model] = snippets("jinja")
    assert {table["name"] for table in source["tables"]} == set(
        re.findall(r"source\('netsuite', '(\w+)'\)", model)
    )
    assert extractor == {"metadata": {"customer": {"replication-method": "FULL_TABLE"}}}


def test_meltano_is_set_as_it_says() -> None:
    project = yaml.safe_load((ROOT / "meltano.yml").read_text(encoding="utf-8"))
    loaders = {loader["name"]: loader for loader in project["plugins"]["loaders"]}
    for name, hard_delete in (("target-postgres", False), ("target-duckdb", True)):
        settings = {setting["name"]: setting.get("value") for setting in loaders[name]["settings"]}
        assert settings["hard_delete"] is hard_delete
        assert f"{name}, `hard_delete: {str(hard_delete).lower()}` (" in TEXT
        version = re.search(rf"{name}==(\S+)", loaders[name]["pip_url"])
        assert version
        assert f"{name} {version[1]}" in " ".join(TEXT.split())
    assert loaders["target-postgres"]["env"] == {"PGTZ": "UTC"}
