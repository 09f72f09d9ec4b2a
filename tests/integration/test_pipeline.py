"""What the account has arrives in the warehouse, whole, and then what changed."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest
import yaml

from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.tables import Table
from tests.integration.conftest import ROOT, Project

[EXTRACTOR] = yaml.safe_load((ROOT / "meltano.yml").read_text())["plugins"]["extractors"]
TABLES = tuple(shipped_tables()[name] for name in EXTRACTOR["config"]["tables"])
CUSTOM_FIELDS = ("custbody", "custcol", "custentity", "custitem")
IDS = re.compile(r"\[\d+(, \d+)*\]")
EDITED, NEW, DELETED = 500, 9_000_001, 497
TEXT = 'quote " comma , back\\slash \\N null é 漢 😀 tab\tend\r\nsecond line\nthird'

Row = dict[str, Any]
Warehouse = dict[str, list[Row]]


def test_duckdb_has_every_row_and_value_and_then_what_changed(
    account: Simulator, project: Project
) -> None:
    project.meltano("run", "load-duckdb")
    first = in_duckdb(project)
    assert differences(account, first, in_doubles) == []
    assert DELETED in {row["id"] for row in first["transaction"]}

    change(account)
    project.meltano("run", "load-duckdb")
    second = in_duckdb(project)
    assert differences(account, second, in_doubles) == []
    end_of_first = max(row["_sdc_batched_at"] for row in first["transaction"])
    read_again = [row for row in second["transaction"] if row["_sdc_batched_at"] > end_of_first]
    assert {row["id"] for row in read_again} == {EDITED, NEW}
    assert DELETED not in {row["id"] for row in second["transaction"]}


@pytest.mark.parametrize(
    "plugin",
    [
        "extractor tap-netsuite-tba",
        "loader target-duckdb",
        pytest.param("loader target-jsonl", marks=pytest.mark.long),
        pytest.param("loader target-postgres", marks=pytest.mark.long),
    ],
)
def test_a_plugin_is_installed_in_the_versions_that_are_written_down(
    project: Project, plugin: str
) -> None:
    kind, name = plugin.split()
    project.install(kind, name)
    assert project.installed(kind, name) <= project.pinned(name)


@pytest.mark.long
def test_json_lines_have_every_row_and_digit_and_then_what_changed(
    account: Simulator, project: Project
) -> None:
    project.meltano("run", "load-jsonl")
    first = in_json_lines(project)
    assert differences(account, first, exactly) == []

    change(account)
    project.meltano("run", "load-jsonl")
    second = in_json_lines(project)
    assert differences(account, second, exactly) == []
    read_again = second["transaction"][len(first["transaction"]) :]
    assert {row["id"] for row in read_again} == {EDITED, NEW, DELETED}


def change(account: Simulator) -> None:
    """Edit a transaction, enter another and delete a third, now."""
    now = account.clock.now().strftime("%Y-%m-%d %H:%M:%S")
    account.sql("DELETE FROM transaction WHERE id = ?", [NEW])
    account.sql(
        "UPDATE transaction SET memo = ?, lastmodifieddate = ? WHERE id = ?", [TEXT, now, EDITED]
    )
    account.sql(
        "INSERT INTO transaction (id, type, recordtype, foreigntotal, memo, lastmodifieddate) "
        "VALUES (?, 'Journal', 'journalentry', -12345678901.23, ?, ?)",
        [NEW, TEXT, now],
    )
    account.sql("DELETE FROM transaction WHERE id = ?", [DELETED])
    account.sql(
        "INSERT INTO deletedrecord (recordid, recordtypeid, scriptid, type, deleteddate) "
        "VALUES (?, -30, 'salesorder', 'Sales Order', ?)",
        [DELETED, now],
    )


def differences(
    account: Simulator, warehouse: Warehouse, comparable: Callable[[Any], Any]
) -> list[str]:
    """The first rows and values in which the warehouse is not as the account, in words."""
    found = []
    for table in TABLES:
        expected = by_key(table, in_account(account, table))
        loaded = by_key(table, warehouse[table.name])
        found += [f"{table.name} {key}: missing" for key in expected.keys() - loaded.keys()]
        found += [f"{table.name} {key}: too much" for key in loaded.keys() - expected.keys()]
        found += [
            f"{table.name} {key} {column}: {loaded[key].get(column)!r}, not {value!r}"
            for key in expected.keys() & loaded.keys()
            for column, value in expected[key].items()
            if not is_same(loaded[key].get(column), value, comparable)
        ]
    return found[:5]


def is_same(loaded: Any, value: Any, comparable: Callable[[Any], Any]) -> bool:  # noqa: ANN401
    """Whether a value arrived; most are equal as they are, and need not be made comparable."""
    if type(loaded) is type(value) and loaded == value:
        return True
    return bool(comparable(loaded) == comparable(value))


def by_key(table: Table, rows: list[Row]) -> dict[tuple[int, ...], Row]:
    """The rows by their key; of several with one key the last, unless that is a tombstone."""
    last = {tuple(row[column] for column in table.key): row for row in rows}
    return {key: row for key, row in last.items() if row.get("_sdc_deleted_at") is None}


def in_account(account: Simulator, table: Table) -> list[Row]:
    """A table's described columns and custom fields, as they are in the account."""
    described = {column.name for column in table.columns}
    columns = [
        name
        for name, *_ in account.sql(f"DESCRIBE {table.name}")
        if name in described or name.startswith(CUSTOM_FIELDS)
    ]
    rows = account.sql(f"SELECT {', '.join(columns)} FROM {table.name}")  # noqa: S608 - our own names
    return [dict(zip(columns, row, strict=True)) for row in rows]


def in_duckdb(project: Project) -> Warehouse:
    """Every table in the warehouse file."""
    with duckdb.connect(project.folder / "output/warehouse.duckdb", read_only=True) as warehouse:
        loaded = {table.name: warehouse.table(f"netsuite.{table.name}") for table in TABLES}
        columns = {name: relation.columns for name, relation in loaded.items()}
        return {
            name: [dict(zip(columns[name], row, strict=True)) for row in relation.fetchall()]
            for name, relation in loaded.items()
        }


def in_json_lines(project: Project) -> Warehouse:
    """Every record in the folder, a file a table, in the order of writing."""
    return {
        table.name: [
            json.loads(line, parse_float=Decimal)
            for line in (project.folder / f"output/{table.name}.jsonl").read_text().splitlines()
        ]
        for table in TABLES
    }


def exactly(value: Any) -> Any:  # noqa: ANN401 - a value of any column
    """A value as text, number or null, the same from the account and from a loader."""
    match value:
        case bool():
            return "T" if value else "F"
        case datetime():
            return value.strftime("%Y-%m-%dT%H:%M:%SZ")
        case date():
            return value.isoformat()
        case list():
            return ", ".join(map(str, value))  # A multi-select; the account has it as text.
        case _:
            return value


def in_doubles(value: Any) -> Any:  # noqa: ANN401 - a value of any column
    """The same where decimals are kept as doubles, to six places, and lists as JSON."""
    if isinstance(value, str) and IDS.fullmatch(value):
        return value[1:-1]
    return round(float(value), 6) if isinstance(value, Decimal | float) else exactly(value)
