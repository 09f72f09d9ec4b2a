"""Queries of the kinds that consultants publish, as streams: their rows are those of the account.

Each file of `consultants/` is a query as somebody would paste it into the settings. Its truth,
beside it, says the same in DuckDB's SQL and in another way, of the tables behind the account.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.integration.query_streams import asked
from tests.integration.streams import Row, Run, run

FOLDER = Path(__file__).parent / "consultants"
PACIFIC = ZoneInfo("America/Los_Angeles")
"""Where SYSDATE is."""

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Published:
    """A query, and what the settings say of it."""

    name: str
    keys: tuple[str, ...] = ("id",)
    replication_key: str | None = None
    column_types: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return (FOLDER / f"{self.name}.sql").read_text()

    @property
    def setting(self) -> dict[str, Any]:
        given = {"name": self.name, "query": self.text, "primary_keys": list(self.keys)}
        if self.replication_key:
            given["replication_key"] = self.replication_key
        return given | {"column_types": dict(self.column_types)}

    @property
    def truth(self) -> str:
        return (FOLDER / f"{self.name}.truth.sql").read_text()


QUERIES = (
    Published("aged_payables"),
    Published("aged_receivables", ("customer", "currency")),
    Published("bills_due", replication_key="lastmodifieddate"),
    Published("customer_statement"),
    Published("customers_without_orders"),
    Published("employees_with_supervisors"),
    # Numbers of accounts look like numbers.
    Published("gl_by_period", ("period", "account"), column_types={"acctnumber": "string"}),
    Published("inventory_by_location", ("item", "location")),
    Published("open_orders_by_customer"),
    Published("order_to_cash", ("sales_order", "invoice")),
    Published("revenue_by_subsidiary"),
    Published("sales_by_channel", ("quarter", "channel")),  # texts: in one safe read
    Published("sales_by_item_and_month", ("item", "month")),
    Published("top_items", ("item",)),
    Published("trial_balance"),
    Published("vehicles_with_drivers", replication_key="lastmodified"),
)
BY_NAME = {query.name: query for query in QUERIES}


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(transactions=2_000) as account:
        yield account


@pytest.fixture(scope="module")
def everything(account: Simulator) -> Run:
    """All of the queries in one run."""
    return run(account, queries=[query.setting for query in QUERIES])


def test_all_of_them_are_read(everything: Run) -> None:
    assert everything.code == 0, everything.log
    assert everything.rows.keys() == BY_NAME.keys()


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_the_rows_are_the_accounts(account: Simulator, everything: Run, query: Published) -> None:
    expected = truth(account, query.truth)

    assert everything.schemas[query.name]["key_properties"] == list(query.keys)
    assert differences(query, everything.rows[query.name], expected) == []


def test_keys_that_are_integers_are_read_by_them(everything: Run) -> None:
    of_texts = [
        query.name
        for query in QUERIES
        if {
            everything.schemas[query.name]["schema"]["properties"][key]["type"]
            for key in query.keys
        }
        != {"integer"}
    ]
    assert of_texts == ["sales_by_channel"]


def test_no_truth_has_a_column_without_a_value(account: Simulator) -> None:
    for query in QUERIES:
        rows = truth(account, query.truth)
        filled = {name for row in rows for name, value in row.items() if value is not None}
        assert filled == set(rows[0]), query.name


def test_an_aggregate_is_run_once_a_page(account: Simulator) -> None:
    query = BY_NAME["gl_by_period"]
    with asked(account) as texts:
        found = run(account, queries=[query.setting])

    pages = math.ceil(len(found.rows[query.name]) / 1_000)
    times = sum("accountingperiod ap" in text for text in texts)
    assert pages > 1
    assert times <= pages + 8  # and to discover it, and to count it


@pytest.mark.long
def test_a_join_whose_key_is_a_tables_is_read_by_ranges_at_once() -> None:
    query = (
        "SELECT tl.uniquekey, t.tranid, tl.item, tl.netamount AS amount "
        "FROM transactionline tl JOIN transaction t ON t.id = tl.transaction"
    )
    setting = {"name": "sold", "query": query, "primary_keys": ["uniquekey"]}
    with Simulator(transactions=7_000, latency=0.05) as account:
        found = run(account, queries=[setting])
        counters = account.counters
        expected = account.sql(
            "SELECT uniquekey, header.tranid, item, netamount FROM transactionline AS line"
            " JOIN transaction AS header ON header.id = line.transaction ORDER BY uniquekey"
        )
    rows = [(r["uniquekey"], r["tranid"], r["item"], r["amount"]) for r in found.rows["sold"]]
    assert len(rows) > 20_000
    assert sorted(rows) == expected  # a page goes out when it comes
    assert counters.peak_in_flight == 5
    assert counters.requests < len(rows) / 990 + 20


def differences(query: Published, rows: list[Row], expected: list[Row]) -> list[str]:
    """The first rows and values that are not as the truth has them, in words."""
    came, there = by_key(query, rows), by_key(query, expected)
    found = [f"{len(rows) - len(came)} rows came twice"] if len(rows) > len(came) else []
    found += [f"{key}: missing" for key in there.keys() - came.keys()]
    found += [f"{key}: too much" for key in came.keys() - there.keys()]
    found += [
        f"{key} {name}: {came[key].get(name)!r}, not {value!r}"
        for key in there.keys() & came.keys()
        for name, value in there[key].items()
        if not is_same(came[key].get(name), value)
    ]
    names = {name for row in rows for name in row if not name.startswith("_sdc_")}
    found += [f"{name}: nobody asked for it" for name in names - set(expected[0])]
    return found[:5]


def by_key(query: Published, rows: list[Row]) -> dict[Key, Row]:
    return {tuple(row[name] for name in query.keys): row for row in rows}


def is_same(came: Any, value: Any) -> bool:  # noqa: ANN401 - a value of any column
    """Whether a value came as it is in DuckDB, and as a value of that kind."""
    match value:
        case datetime():
            return bool(came == value.strftime("%Y-%m-%dT%H:%M:%SZ"))
        case date():
            return bool(came == value.isoformat())
        case float():  # DuckDB reckoned it, in another order.
            return isinstance(came, int | Decimal) and math.isclose(came, value, rel_tol=1e-9)
        case bool() | str() | None:
            return type(came) is type(value) and bool(came == value)
        case _:
            return isinstance(came, int | Decimal) and came == value


def truth(account: Simulator, query: str) -> list[Row]:
    """The rows of DuckDB's SQL, asked of the tables behind the account."""
    today = account.clock.now().astimezone(PACIFIC).date()
    told = f"SET VARIABLE today = DATE '{today}';"
    names = [name for name, *_ in account.sql(f"{told} DESCRIBE {query}")]
    return [dict(zip(names, row, strict=True)) for row in account.sql(f"{told} {query}")]
