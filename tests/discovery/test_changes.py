"""A sync that is given a catalog says what became of the account since, and reads on."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tap_netsuite_tba.discovery.changes import Changes, compared, say_changes
from tap_netsuite_tba.discovery.found import Discovery, Readable, Wanted
from tap_netsuite_tba.discovery.marks import ask_marks
from tap_netsuite_tba.discovery.memory import Memory, memory_of
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import (
    HostUnreachable,
    LoginRefused,
    NetSuiteError,
    PermissionDenied,
    RetriesExhausted,
    ServerFault,
    TimedOut,
)
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.tables import Column, ColumnType, Table
from tests.catalogs import Catalog, catalog_of, metadata_of, rows_of
from tests.tap_process import configuration, run_tap

WORKERS = Workers(3)
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
TABLES = ["currency", "customer", "vendo?", "item", "customrecord*", "customlist*"]
ASKS_EACH_TIME: dict[str, object] = {"discovery_cache_seconds": 0}


def table(name: str, **columns: ColumnType) -> Table:
    return Table(name, (), tuple(Column(column, kind) for column, kind in columns.items()))


def test_what_is_new_gone_and_of_another_type_is_told_by_name() -> None:
    before = [
        table("item", id=ColumnType.INTEGER, memo=ColumnType.TEXT, on=ColumnType.DATE),
        table("vendor", id=ColumnType.INTEGER),
    ]
    now = [
        table("item", size=ColumnType.DECIMAL, id=ColumnType.INTEGER, on=ColumnType.DATETIME),
        table("customrecord_a", id=ColumnType.INTEGER),
    ]
    assert compared(before, now) == Changes(
        new=("customrecord_a", "item.size"),
        gone=("vendor", "item.memo"),
        retyped=("item.on (datetime, was date)",),
    )
    assert compared(before, before) == Changes()


def said(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [r for r in caplog.records if "no longer as the catalog has it" in r.getMessage()]


def the_same_each_time(_: Query) -> Page:
    return Page(b'[{"n": "1"}]', 1, False, 1, MONDAY)  # noqa: FBT003 - no more rows


@pytest.fixture
def memory() -> Memory:
    """A discovery that is too old to be believed: it serves to compare."""
    found = memory_of("f" * 64, Wanted(), 60)
    assert found
    discovery = Discovery(tuple(map(Readable, shipped_tables().values())))
    replace(found, now=lambda: MONDAY).write(ask_marks(the_same_each_time, WORKERS), discovery)
    return found


def test_what_a_remembered_discovery_has_beyond_the_catalog_costs_three_requests(
    memory: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    def fetch(query: Query) -> Page:
        asked.append(query)
        return the_same_each_time(query)

    asked: list[Query] = []
    caplog.set_level(logging.INFO)
    customer = shipped_tables()["customer"]
    less = customer.with_columns(tuple(c for c in customer.columns if c.name != "email"))
    tables = shipped_tables() | {"customer": less}
    del tables["vendor"]
    say_changes(list(tables.values()), Wanted(), memory, fetch, WORKERS)
    assert len(asked) == 3
    [record] = said(caplog)
    assert record.levelno == logging.INFO
    assert "catalog has it. New: vendor, customer.email. To take that in" in record.getMessage()


def test_many_changes_are_ten_names_and_a_number(
    memory: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    more = [table(f"customrecord_{number:02}") for number in range(13)]
    tables = [*shipped_tables().values(), *more]
    say_changes(tables, Wanted(), memory, the_same_each_time, WORKERS)
    [record] = said(caplog)
    assert record.levelno == logging.WARNING
    assert "customrecord_09 and 3 more. To take that in" in record.getMessage()
    assert "customrecord_10" not in record.getMessage()


@pytest.mark.parametrize(
    ("error", "ends"),
    [
        (PermissionDenied("no", status=403), False),
        (TimedOut("no answer in 300 s"), False),
        (RetriesExhausted(ServerFault("down", status=500), seconds=9), False),
        (RetriesExhausted(HostUnreachable("no route"), seconds=9), True),
        (LoginRefused("Invalid login attempt."), True),
    ],
)
def test_what_only_keeps_the_tap_from_comparing_does_not_end_a_sync(
    error: NetSuiteError,
    ends: bool,  # noqa: FBT001 - a case
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fetch(_: Query) -> Page:
        raise error

    tables = [shipped_tables()["customer"]]
    caplog.set_level(logging.INFO)
    if ends:
        with pytest.raises(type(error)):
            say_changes(tables, Wanted(), None, fetch, WORKERS)
        return
    say_changes(tables, Wanted(), None, fetch, WORKERS)
    assert not said(caplog)
    assert "unknown" in caplog.text or "cannot be told" in caplog.text


@pytest.fixture
def account() -> Iterator[Simulator]:
    with Simulator(transactions=100) as account:
        yield account


def catalog_for(account: Simulator, **settings: object) -> Catalog:
    """A catalog of which only the currencies are selected."""
    catalog = catalog_of(configuration(account, tables=TABLES) | settings)
    for entry in catalog["streams"]:
        name = entry["tap_stream_id"]
        metadata_of(catalog, name)["selected"] = name == "currency"
    return catalog


def sync(account: Simulator, catalog: Catalog, **settings: object) -> int:
    """A sync that must succeed; how many requests it took."""
    before = account.counters.requests
    config = configuration(account, tables=TABLES) | settings
    messages, code, log = run_tap(config, catalog=catalog)
    assert code == 0, log
    assert rows_of(messages, "currency")
    return account.counters.requests - before


def add_field(account: Simulator, table: str, name: str, kind: str, column: str) -> None:
    account.sql(f"ALTER TABLE {table} ADD COLUMN {name} {column}")
    account.sql(
        "INSERT INTO customfield (id, scriptid, fieldtype, name, fieldvaluetype, isinactive) "
        "SELECT max(id) + 1, ?, 'X', ?, ?, 'F' FROM customfield",
        [name.upper(), name, kind],
    )


MEMORIES = [{}, ASKS_EACH_TIME]


@pytest.mark.parametrize("settings", MEMORIES, ids=["remembered", "asked"])
def test_an_account_that_is_as_it_was_is_not_talked_about(
    account: Simulator, settings: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    catalog = catalog_for(account, **settings)
    requests = sync(account, catalog, **settings)
    # One reads the currencies. Two custom fields are no columns of any table: they are asked for.
    assert requests <= (1 + 3 if not settings else 1 + 4 + 3)
    assert not said(caplog)


@pytest.mark.parametrize("settings", MEMORIES, ids=["remembered", "asked"])
def test_what_is_new_gone_or_of_another_type_is_said_and_not_read(
    account: Simulator, settings: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    catalog = catalog_for(account, **settings)
    add_field(account, "item", "custitem_size", "Decimal Number", "DECIMAL(9, 2)")
    account.sql("CREATE TABLE customrecord_tool (id BIGINT, name VARCHAR)")
    account.sql(
        "INSERT INTO customrecordtype (internalid, name, scriptid) VALUES "
        "(200, 'Tool', 'CUSTOMRECORD_TOOL'), (201, 'Hidden', 'CUSTOMRECORD_HIDDEN')"
    )
    account.sql("ALTER TABLE item DROP COLUMN custitem_hazardous")
    account.sql("DELETE FROM customfield WHERE scriptid = 'CUSTITEM_HAZARDOUS'")
    account.sql("DROP TABLE customlist_region")
    account.sql("DELETE FROM customlist WHERE scriptid = 'CUSTOMLIST_REGION'")
    account.sql(
        "UPDATE customfield SET fieldvaluetype = 'Decimal Number' "
        "WHERE scriptid = 'CUSTITEM_DRAWING_NO'"
    )
    sync(account, catalog, **settings)
    [record] = said(caplog)
    assert record.levelno == logging.WARNING
    assert (
        "catalog has it. New: customrecord_tool, item.custitem_size. "
        "Gone: customlist_region, item.custitem_hazardous. "
        "Of another type: item.custitem_drawing_no (decimal, was text). To take that in"
    ) in record.getMessage()
    assert "tap-netsuite-tba --config config.json --discover > catalog.json" in record.getMessage()
    assert "meltano run --refresh-catalog" in record.getMessage()


def test_a_type_that_was_set_is_no_change(
    account: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    settings: dict[str, object] = {
        "column_types": {"item.custitem_carbon_kg": "string"},
        **ASKS_EACH_TIME,
    }
    sync(account, catalog_for(account, **settings), **settings)
    assert not said(caplog)


def test_a_role_that_lost_sight_of_the_fields_takes_none_for_gone(
    account: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    catalog = catalog_for(account)
    for name in ("customfield", "customrecordtype", "customlist", "customsegment"):
        account.hide(name)
    sync(account, catalog)
    assert not said(caplog)
    assert "does not see NetSuite's customfield, customlist, customrecordtype" in caplog.text
