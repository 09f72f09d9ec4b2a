"""A PostgreSQL server filled by target-postgres, as a consumer queries it (docs/warehouse.md)."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.integration.conftest import Project
from tests.integration.loading import NAMES, Loader, installed
from tests.integration.postgres import Postgres, running_postgres
from tests.integration.test_pipeline import differences
from tests.tap_process import TapProcess, configuration
from tests.test_warehouse import compiled, snippets

pytestmark = pytest.mark.long

LINES = ("transactionline", "transactionaccountingline")
DISTINCTIVE = Decimal("98765432109876.54321")
"""More digits than a double has."""

# The full table that is killed: enough of it that a STATE comes on the way.
TABLE, COLUMNS = "transaction", ("id", "lastmodifieddate", "memo", "foreigntotal")
ROWS = 12_000

UNUSED_ID = 999_999


@dataclass(frozen=True)
class Warehouse:
    """A schema of the server, and the loader that fills it."""

    server: Postgres
    loader: Loader

    @property
    def schema(self) -> str:
        return str(self.loader.settings["default_target_schema"])

    def rows(self, query: str) -> list[dict[str, Any]]:
        """What a query of the documents gives, asked of this schema."""
        return self.server.rows(query.replace("netsuite.", f"{self.schema}."))

    def live(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table that are not deleted; of a table of lines, those that are live."""
        if table not in LINES:
            return self.rows(f"SELECT * FROM netsuite.{table} WHERE _sdc_deleted_at IS NULL")  # noqa: S608 - ours
        [view] = snippets("sql")
        query = view.partition("AS\n")[2].strip().rstrip(";")
        return self.rows(query.replace("transactionline", table))

    def everything(self) -> dict[str, list[dict[str, Any]]]:
        return {name: self.live(name) for name in NAMES}


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A server that is not in UTC."""
    with running_postgres("Asia/Kathmandu") as server:
        yield server


@pytest.fixture(scope="module")
def program(project: Project) -> Path:
    return installed(project, "target-postgres")


@pytest.fixture
def warehouse(
    server: Postgres, program: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> Warehouse:
    """An empty schema for each test."""
    settings = {
        "host": "127.0.0.1",
        "port": server.port,
        "user": server.user,
        "password": "any",
        "database": server.database,
        "default_target_schema": re.sub(r"\W", "_", request.node.name.lower())[-60:],
    }
    return Warehouse(server, Loader(program, tmp_path, settings, {"PGTZ": "UTC"}))


@pytest.fixture
def company() -> Iterator[Simulator]:
    """An account of a test's own."""
    with Simulator(transactions=1_000) as account:
        yield account


def comparable(value: Any) -> Any:  # noqa: ANN401 - a value of any column
    """A value as text, number, truth or null, the same from the account and from PostgreSQL."""
    match value:
        case "T" | "F":
            return value == "T"
        case datetime() | date():
            return value.isoformat()
        case list():
            return ", ".join(map(str, value))  # A multi-select; the account has it as text.
        case _:
            return value


def test_every_row_arrives_with_its_digits_types_and_instants(
    account: Simulator, project: Project, server: Postgres
) -> None:
    account.sql("UPDATE transaction SET exchangerate = NULL WHERE id = 500")
    account.sql("ALTER TABLE transaction ALTER exchangerate TYPE DECIMAL(38, 8)")
    account.sql("UPDATE transaction SET exchangerate = ? WHERE id = 500", [DISTINCTIVE])
    environment = {
        "TARGET_POSTGRES_PORT": str(server.port),
        "TARGET_POSTGRES_USER": server.user,
        "TARGET_POSTGRES_PASSWORD": "any",
        "TARGET_POSTGRES_DATABASE": server.database,
    }
    loading = replace(project, environment=project.environment | environment)
    loading.meltano("run", "load-postgres")

    settings = {"default_target_schema": "netsuite"}
    warehouse = Warehouse(server, Loader(Path(), Path(), settings, {}))
    assert differences(account, warehouse.everything(), comparable) == []
    [view] = snippets("sql")
    server.run(view)
    [count] = server.rows("SELECT count(*) FROM netsuite.live_transactionline")
    assert [(count["count"],)] == account.sql("SELECT count(*) FROM transactionline")
    [row] = server.rows("SELECT exchangerate FROM netsuite.transaction WHERE id = 500")
    assert row == {"exchangerate": DISTINCTIVE}
    types = server.rows(
        "SELECT column_name, data_type FROM information_schema.columns "
        "WHERE table_schema = 'netsuite' AND table_name = 'transaction'"
    )
    assert {(row["column_name"], row["data_type"]) for row in types} >= {
        ("id", "bigint"),
        ("foreigntotal", "numeric"),
        ("trandate", "date"),
        ("lastmodifieddate", "timestamp without time zone"),
        ("_sdc_deleted_at", "timestamp without time zone"),
        ("voided", "boolean"),
        ("tranid", "text"),
    }


def test_after_edits_removals_and_deletions_the_live_rows_are_the_accounts(
    company: Simulator, warehouse: Warehouse
) -> None:
    state = warehouse.loader.run(company)
    assert differences(company, warehouse.everything(), comparable) == []

    company.clock.advance(60)
    for change in ("edit", "insert", "delete", "remove_lines", "edit_lines", "commit_late"):
        assert getattr(company.churn, change)(15), change
    warehouse.loader.run(company, state)
    assert differences(company, warehouse.everything(), comparable) == []
    stale = warehouse.rows("SELECT count(*) FROM netsuite.transactionline")[0]["count"]
    assert stale > len(warehouse.live("transactionline"))
    [model] = snippets("jinja")
    assert len(warehouse.rows(compiled(model))) == len(warehouse.live("transactionline"))


def test_a_tombstone_stays_as_a_row_with_nothing_but_its_key_and_when(
    company: Simulator, warehouse: Warehouse
) -> None:
    state = warehouse.loader.run(company)
    company.clock.advance(60)
    [gone] = company.churn.delete(1)
    warehouse.loader.run(company, state)
    [(deleted_at,)] = company.sql("SELECT max(deleteddate) FROM deletedrecord")

    [header] = warehouse.rows(f"SELECT * FROM netsuite.transaction WHERE id = {gone}")  # noqa: S608 - ours
    assert known(header) == {"id": gone, "_sdc_deleted_at": deleted_at.isoformat()}
    for table in LINES:
        [burial] = warehouse.rows(
            f"SELECT * FROM netsuite.{table} "  # noqa: S608 - ours
            f"WHERE transaction = {gone} AND _sdc_deleted_at IS NOT NULL"
        )
        later = burial["_sdc_parent_modified_at"]
        siblings = warehouse.rows(
            f"SELECT max(_sdc_parent_modified_at) AS latest FROM netsuite.{table} "  # noqa: S608 - ours
            f"WHERE transaction = {gone} AND _sdc_deleted_at IS NULL"
        )
        assert later > siblings[0]["latest"]
        assert gone not in {row["transaction"] for row in warehouse.live(table)}


def known(row: Mapping[str, Any]) -> dict[str, Any]:
    """What NetSuite or the tap tells in a row, without nulls and the loader's own."""
    return {
        name: value
        for name, value in row.items()
        if value is not None and (name == "_sdc_deleted_at" or not name.startswith("_sdc_"))
    }


@pytest.mark.parametrize("hard_delete", [False, True])
def test_rows_that_a_whole_reading_does_not_have_are_marked_or_go(
    company: Simulator, warehouse: Warehouse, *, hard_delete: bool
) -> None:
    warehouse = with_settings(warehouse, hard_delete=hard_delete)
    state = warehouse.loader.run(company, tables=["account"])
    [(gone, name)] = company.sql("SELECT max(id), max_by(acctnumber, id) FROM account")
    company.sql("UPDATE account SET id = ? WHERE id = ?", [UNUSED_ID, gone])
    company.clock.advance(60)
    state = warehouse.loader.run(company, state, tables=["account"])
    assert gone not in ids(warehouse, "account")
    rows = warehouse.rows(f"SELECT * FROM netsuite.account WHERE id = {gone}")  # noqa: S608 - ours
    assert [row["acctnumber"] for row in rows] == ([] if hard_delete else [name])

    company.sql("UPDATE account SET id = ? WHERE id = ?", [gone, UNUSED_ID])
    company.clock.advance(60)
    warehouse.loader.run(company, state, tables=["account"])
    assert gone in ids(warehouse, "account")
    assert UNUSED_ID not in ids(warehouse, "account")


def with_settings(warehouse: Warehouse, **settings: Any) -> Warehouse:  # noqa: ANN401 - any settings
    loader = warehouse.loader
    return replace(warehouse, loader=replace(loader, settings={**loader.settings, **settings}))


@pytest.mark.parametrize("hard_delete", [False, True])
def test_a_full_table_that_is_killed_deletes_nothing_and_resumed_loses_nothing(
    warehouse: Warehouse, *, hard_delete: bool
) -> None:
    warehouse = with_settings(warehouse, hard_delete=hard_delete)
    loader = warehouse.loader
    with Simulator(transactions=ROWS) as account:
        catalog = full_table(loader.folder, account)
        state = loader.run(account, None, [TABLE], catalog)
        before = ids(warehouse, TABLE)
        assert len(before) == ROWS

        account.clock.advance(60)
        untraced = set(account.churn.delete(50, traced=False))
        account.churn.edit(100)
        account.churn.insert(50)
        with TapProcess(loader.folder, configuration(account), (), state, catalog) as tap:
            cut_short = loader.load(until_killed(tap, records=ROWS * 9 // 10))
        assert cut_short
        assert cut_short["bookmarks"][TABLE]["pass"]["after_key"]
        assert untraced
        assert ids(warehouse, TABLE) >= before

        loader.run(account, cut_short, [TABLE], catalog)
        names = ", ".join(COLUMNS)
        expected = account.sql(f"SELECT {names} FROM {TABLE} ORDER BY id")  # noqa: S608 - ours
    rows = warehouse.rows(f"SELECT * FROM netsuite.{TABLE} ORDER BY id")  # noqa: S608 - ours
    live = [row for row in rows if row["_sdc_deleted_at"] is None]
    assert [[row[name] for name in COLUMNS] for row in live] == [
        list(map(comparable, row)) for row in expected
    ]
    resumed = cut_short["bookmarks"][TABLE]["pass"]["version"]
    assert {row["_sdc_table_version"] for row in live} == {resumed}
    assert {row["id"] for row in rows} & untraced == (set() if hard_delete else untraced)


def ids(warehouse: Warehouse, table: str) -> set[int]:
    """The keys of the rows that are not deleted."""
    return {row["id"] for row in warehouse.live(table)}


def until_killed(tap: TapProcess, records: int) -> Iterator[str]:
    """What a tap writes until it is killed, after so many records."""
    for line in tap.lines():
        yield line
        records -= '"RECORD"' in line
        if records == 0:
            tap.process.kill()
            return


def full_table(folder: Path, account: Simulator) -> dict[str, Any]:
    """A catalog with COLUMNS of TABLE, which is to be read as a full table."""
    with TapProcess(folder, configuration(account, tables=[TABLE]), ("--discover",)) as tap:
        catalog: dict[str, Any] = json.loads("".join(tap.lines()))
    [entry] = catalog["streams"]
    entry["replication_method"] = "FULL_TABLE"
    for described in entry["metadata"]:
        name = described["breadcrumb"][-1] if described["breadcrumb"] else None
        described["metadata"]["selected"] = name in {None, *COLUMNS, "_sdc_deleted_at"}
    return catalog
