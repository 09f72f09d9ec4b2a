"""Columns that the role loses in the middle of a sync, and what a person is told of it."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tap_netsuite_tba.discovery import columns
from tap_netsuite_tba.extraction import settling
from tap_netsuite_tba.netsuite.query import Fetch, Page, Query
from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.simulator.roles import ADMINISTRATOR, ColumnRefusal
from tap_netsuite_tba.tap import TapNetSuite
from tests.catalogs import Catalog, Message, catalog_of, last_state, metadata_of, rows_of
from tests.extraction.wide import small_pages
from tests.tap_process import configuration, run_tap

TABLES = ["transaction", "transactionline", "vendor"]


@dataclass(frozen=True)
class Company:
    """An account, and the catalog of what it gave when nothing was refused."""

    account: Simulator
    catalog: Catalog

    def lose(self, *names: str, how: ColumnRefusal = ColumnRefusal.NOT_EXPOSED) -> None:
        """Takes columns, as `table.column`, from the role; all others are given back."""
        refused = {(table, name): how for table, _, name in (n.partition(".") for n in names)}
        self.account.role = replace(ADMINISTRATOR, columns=refused)

    def count(self, table: str) -> int:
        [(rows,)] = self.account.sql(f"SELECT COUNT(*) FROM {table}")  # noqa: S608 - a test's own
        return int(rows)

    def read(
        self,
        table: str,
        meanwhile: Callable[[], None],
        state: Mapping[str, Any] | None = None,
        catalog: Catalog | None = None,
        page: int = 2,
    ) -> tuple[list[Message], int, str]:
        """Reads one table; something happens before its second page, or another, is asked for."""
        config = configuration(
            self.account, tables=[table], retry_timeout_seconds=0, lookback_seconds=0
        )
        catalog = deepcopy(catalog or self.catalog)
        catalog["streams"] = [s for s in catalog["streams"] if s["stream"] == table]
        tap = TapNetSuite(config=config, catalog=catalog, state=dict(state or {}))
        tap.connection.fetch = before_page(page, table, tap.connection.fetch, meanwhile)
        quarter = self.count(table) // 4
        with small_pages(columns=99, page=quarter, step=quarter - 2):
            return run_tap({}, tap=tap)


def before_page(number: int, table: str, fetch: Fetch, meanwhile: Callable[[], None]) -> Fetch:
    """Asks, and lets something happen just before a page of a table's rows is asked for."""
    lock, pages = threading.Lock(), []

    def ask(query: Query) -> Page:
        with lock:
            is_page = " ORDER BY t." in query.text and "ROW_NUMBER" not in query.text
            if query.table == table and is_page:
                pages.append(query)
                if len(pages) == number:
                    meanwhile()
        return fetch(query)

    return ask


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(transactions=100) as account:
        yield account


@pytest.fixture(scope="module")
def catalog(account: Simulator) -> Catalog:
    return catalog_of(configuration(account, tables=TABLES))


@pytest.fixture
def company(account: Simulator, catalog: Catalog) -> Iterator[Company]:
    yield Company(account, catalog)
    account.role = ADMINISTRATOR


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "_FIRST_PATIENCE", 0.0)
    monkeypatch.setattr(settling, "SETTLING_SECONDS", 0.0)


@pytest.fixture(autouse=True)
def summary(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "tap-netsuite-tba")


WAYS = [way for way in ColumnRefusal if way is not ColumnRefusal.NO_TIME_ZONE]


@pytest.mark.parametrize("how", WAYS)
def test_a_table_is_read_to_its_end_without_columns_that_vanish(
    company: Company, how: ColumnRefusal
) -> None:
    messages, code, log = company.read(
        "vendor", lambda: company.lose("vendor.email", "vendor.datecreated", how=how)
    )
    assert code == 0, log
    rows = rows_of(messages, "vendor")
    assert len(rows) == len({row["id"] for row in rows}) == company.count("vendor")
    [schema] = [message["schema"] for message in messages if message["type"] == "SCHEMA"]
    assert all(row.keys() == schema["properties"].keys() for row in rows)
    later = [row for row in rows if row["datecreated"] is None]
    assert 0 < len(later) < len(rows)
    assert {row["email"] for row in later} == {None}
    assert log.count("any more: ") == 1
    assert "columns gone: " in log
    assert all(name in log.split("columns gone: ")[1] for name in ("email", "datecreated"))
    assert last_state(messages)["bookmarks"]["vendor"]["pass"]["started"] is None


def test_a_column_that_comes_back_is_read_by_the_next_run(company: Company) -> None:
    messages, _, _ = company.read("vendor", lambda: company.lose("vendor.companyname"))
    company.lose()
    company.account.clock.advance(5)
    edited = company.account.churn.edit(5, "vendor")
    messages, code, log = company.read("vendor", lambda: None, last_state(messages))
    assert code == 0, log
    found = {row["id"]: row["companyname"] for row in rows_of(messages, "vendor")}
    assert all(found[key] for key in edited)
    assert "columns gone" not in log


def test_a_catalog_may_have_a_column_that_was_lost_since(company: Company) -> None:
    company.lose("vendor.email", how=ColumnRefusal.UNKNOWN)
    messages, code, log = company.read("vendor", lambda: None)
    assert code == 0, log
    rows = rows_of(messages, "vendor")
    assert len(rows) == company.count("vendor")
    assert {row["email"] for row in rows} == {None}
    assert "columns gone: email" in log
    assert "Unknown identifier 'email'" in log


def test_changes_and_tombstones_are_read_without_a_column_that_vanishes(company: Company) -> None:
    messages, _, _ = company.read("transaction", lambda: None)
    company.account.clock.advance(5)
    edited = company.account.churn.edit(40, "transaction")
    buried = company.account.churn.delete(3, "transaction")
    messages, code, log = company.read(
        "transaction", lambda: company.lose("transaction.memo"), last_state(messages)
    )
    assert code == 0, log
    rows = {row["id"]: row for row in rows_of(messages, "transaction")}
    assert {key for key, row in rows.items() if row["_sdc_deleted_at"]} >= {*buried}
    assert set(edited) - set(buried) <= rows.keys()
    assert all("memo" in row for row in rows.values())
    assert "columns gone: memo" in log


def test_lines_are_read_on_without_a_column_that_vanishes(company: Company) -> None:
    messages, code, log = company.read(
        "transactionline", lambda: company.lose("transactionline.memo")
    )
    assert code == 0, log
    rows = rows_of(messages, "transactionline")
    keys = {(row["transaction"], row["id"]) for row in rows}
    assert len(rows) == len(keys) == company.count("transactionline")
    assert all(row["_sdc_parent_modified_at"] for row in rows)
    assert "columns gone: memo" in log


def test_lines_whose_own_date_vanishes_follow_their_transactions(company: Company) -> None:
    messages, _, _ = company.read("transactionline", lambda: None)
    company.account.clock.advance(5)
    edited = company.account.churn.edit(5, "transaction")
    company.lose("transactionline.linelastmodifieddate", how=ColumnRefusal.UNSUPPORTED)
    messages, code, log = company.read("transactionline", lambda: None, last_state(messages))
    assert code == 0, log
    owners = {row["transaction"] for row in rows_of(messages, "transactionline")}
    assert set(edited) <= owners
    assert "columns gone: linelastmodifieddate" in log


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("vendor.id", ColumnRefusal.UNKNOWN),
        ("vendor.lastmodifieddate", ColumnRefusal.UNEXPECTED),
        ("transactionline.transaction", ColumnRefusal.NOT_EXPOSED),
    ],
)
def test_a_table_that_loses_its_key_or_cursor_is_not_read_to_its_end(
    company: Company, name: str, how: ColumnRefusal
) -> None:
    table = name.partition(".")[0]
    messages, code, log = company.read(table, lambda: company.lose(name, how=how))
    assert code == 1
    assert f"{table} was not read to its end" in log
    assert "FAILED" in log
    state = last_state(messages)["bookmarks"][table]["pass"]
    assert state["rows"] == len(rows_of(messages, table)) > 0


def test_a_pass_that_is_resumed_goes_on_without_the_column(company: Company) -> None:
    messages, code, _ = company.read("vendor", lambda: company.lose("vendor.id"))
    assert code == 1
    company.lose("vendor.email")
    more, code, log = company.read("vendor", lambda: None, last_state(messages))
    assert code == 0, log
    out = [row["id"] for row in rows_of(messages, "vendor")]
    rest = [row["id"] for row in rows_of(more, "vendor")]
    assert out
    assert rest
    assert len({*out, *rest}) == len(out + rest) == company.count("vendor")
    assert "columns gone: email" in log


def test_a_table_in_full_goes_on_under_its_version(company: Company) -> None:
    catalog = deepcopy(company.catalog)
    metadata_of(catalog, "vendor")["forced-replication-method"] = "FULL_TABLE"
    messages, code, log = company.read(
        "vendor", lambda: company.lose("vendor.email"), catalog=catalog
    )
    assert code == 0, log
    versions = {m["version"] for m in messages if m["type"] in {"RECORD", "ACTIVATE_VERSION"}}
    assert len(versions) == 1
    assert len(rows_of(messages, "vendor")) == company.count("vendor")


@pytest.mark.parametrize(
    ("table", "cursor"),
    [("vendor", "lastmodifieddate"), ("transactionline", "linelastmodifieddate")],
)
def test_an_instant_that_turns_out_to_have_no_time_zone_is_read_on(
    company: Company, table: str, cursor: str
) -> None:
    name = f"{table}.{cursor}"

    def change() -> None:
        company.lose(name, how=ColumnRefusal.NO_TIME_ZONE)

    messages, code, log = company.read(table, change)
    assert code == 0, log
    assert len(rows_of(messages, table)) == company.count(table)
    assert f"NetSuite gives {name} without a time zone" in log
    assert "columns gone" not in log

    company.account.clock.advance(5)
    owners, owner = {"vendor": ("vendor", "id")}.get(table, ("transaction", "transaction"))
    edited = company.account.churn.edit(3, owners)
    messages, code, log = company.read(table, lambda: None, last_state(messages))
    assert code == 0, log
    rows = [row for row in rows_of(messages, table) if not row["_sdc_deleted_at"]]
    assert {*edited} <= {row[owner] for row in rows}
    assert len(rows) < company.count(table)


def test_lines_whose_transactions_are_hidden_meanwhile_are_not_read_to_their_end(
    company: Company,
) -> None:
    messages, code, log = company.read(
        "transactionline", lambda: company.account.hide("transaction")
    )
    company.account.show("transaction")
    assert code == 1
    assert "at _sdc_parent_modified_at]" in log
    assert rows_of(messages, "transactionline")
