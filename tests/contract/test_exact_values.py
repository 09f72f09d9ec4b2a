"""Every value arrives as it is in the account, whatever the account's formats and time zone are."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.tables import PARENT_MODIFIED_AT, ColumnType, Table
from tests.tap_process import TapProcess, configuration

BORN = datetime.fromisoformat("2026-11-01T12:00:00+00:00")


def company(
    transactions: int, time_zone: str = "America/Los_Angeles", date_format: str = "M/D/YYYY"
) -> Simulator:
    return Simulator(transactions, 3, BORN, time_zone=time_zone, date_format=date_format)


def lines_of(account: Simulator, folder: Path, *tables: str) -> list[str]:
    wanted = tables or tuple(described_tables(account))
    with TapProcess(folder, configuration(account, tables=wanted), is_warm=True) as tap:
        lines = list(tap.lines())
        assert tap.process.wait(timeout=60) == 0, tap.log
        return lines


def described_tables(account: Simulator) -> dict[str, Table]:
    """The tables of the account that a file describes."""
    there = account.readable()
    return {name: table for name, table in shipped_tables().items() if name in there}


def expected(value: object, kind: ColumnType) -> object:
    """What the tap should emit for what DuckDB holds."""
    match value:
        case datetime():
            return value.strftime("%Y-%m-%dT%H:%M:%SZ")
        case date():
            return value.isoformat()
        case "T" | "F" if kind is ColumnType.BOOLEAN:
            return value == "T"
        case int() if kind is ColumnType.TEXT:
            return str(value)
        case str() if kind is ColumnType.MULTISELECT:
            return [int(each) for each in value.split(", ")]
        case _:
            return value


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with company(2_500) as account:
        yield account


@pytest.fixture(scope="module")
def lines(account: Simulator, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return lines_of(account, tmp_path_factory.mktemp("tap"))


def test_every_value_of_every_table_equals_the_truth(account: Simulator, lines: list[str]) -> None:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for line in lines:
        message = json.loads(line, parse_float=Decimal)
        if message["type"] == "RECORD":
            found.setdefault(message["stream"], []).append(message["record"])
    there = account.readable()
    for name, table in described_tables(account).items():
        columns = [column for column in table.columns if column.name in there[name]]
        names = tuple(column.name for column in columns)
        quoted = ", ".join(map('"{}"'.format, names))
        truth = [
            {
                column.name: expected(value, column.type)
                for column, value in zip(columns, row, strict=True)
            }
            for row in account.sql(f"SELECT {quoted} FROM {name}")  # noqa: S608 - names of ours
        ]
        assert by_key(found.pop(name, []), table.key or names, names) == by_key(
            truth, table.key or names, names
        )
    assert found == {}


def by_key(
    rows: Iterable[Mapping[str, Any]], key: tuple[str, ...], names: tuple[str, ...]
) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The rows, each once, with some of their columns."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        known = found.setdefault(tuple(row[name] for name in key), {})
        assert known == {}, "a row came twice"
        known.update({name: row[name] for name in names})
    return found


def test_every_table_says_what_identifies_its_rows(account: Simulator, lines: list[str]) -> None:
    schemas = [message for message in map(json.loads, lines) if message["type"] == "SCHEMA"]
    assert {schema["stream"]: tuple(schema["key_properties"]) for schema in schemas} == {
        name: table.key for name, table in described_tables(account).items()
    }


def test_lines_carry_the_modification_date_of_their_transaction(
    account: Simulator, lines: list[str]
) -> None:
    modified = dict(account.sql("SELECT id, lastmodifieddate FROM transaction"))
    checked = 0
    for line in lines:
        message = json.loads(line)
        if message["type"] == "RECORD" and PARENT_MODIFIED_AT in message["record"]:
            row = message["record"]
            checked += 1
            assert row[PARENT_MODIFIED_AT] == expected(
                modified[row["transaction"]], ColumnType.DATETIME
            )
    assert checked > 5_000


def test_formats_and_time_zones_of_the_account_do_not_show(tmp_path: Path) -> None:
    outputs = set()
    for time_zone, date_format in [
        ("America/Los_Angeles", "M/D/YYYY"),
        ("Australia/Sydney", "DD/MM/YYYY"),
        ("Asia/Kathmandu", "YYYY-MM-DD"),
    ]:
        with company(700, time_zone, date_format) as account:
            # Instants around both clock changes of 2026 in Los Angeles and Sydney.
            account.sql(
                "UPDATE customer SET lastmodifieddate = TIMESTAMP '2026-10-03 15:30:00' "
                "+ INTERVAL (id % 900) HOUR"
            )
            records = [
                json.loads(line) for line in lines_of(account, tmp_path, "transaction", "customer")
            ]
        rows = [json.dumps(m["record"]) for m in records if m["type"] == "RECORD"]
        outputs.add("\n".join(sorted(rows)))
    assert len(outputs) == 1
