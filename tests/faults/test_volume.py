"""Many rows: past every ceiling, each once, five requests at a time, and in the same memory."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tap_netsuite_tba.catalog import json_schema
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.simulator.switches import Switches
from tests.tap_process import TapProcess, configuration, run_tap

CEILING = 100_000
"""Rows that NetSuite gives at most of one query."""

ALLOWED_GROWTH = 20 * 1024
"""KiB: a page in each worker more or less, not the rows."""

OTHER_ANSWERS = Switches(past_ceiling="refused", total="clamped")


@contextmanager
def account_of(rows: int, switches: Switches | None = None) -> Iterator[Simulator]:
    """An account with so many transactions, most of them made of next to nothing."""
    with Simulator(transactions=1_000, latency=0.005, switches=switches) as account:
        account.sql(
            "INSERT INTO transaction (id, type, recordtype, lastmodifieddate) "
            "SELECT (SELECT max(id) FROM transaction) + 3 * n, 'SalesOrd', 'salesorder', "
            "TIMESTAMP '2025-01-01' + to_seconds(n // 7) "
            "FROM range(1, 1 + ? - (SELECT count(*) FROM transaction)) numbers (n)",
            [rows],
        )
        yield account


def catalog_of(table: str, *columns: str) -> dict[str, Any]:
    """A catalog of some columns of a table; without its cursor the table has none."""
    described = shipped_tables()[table]
    chosen = tuple(column for column in described.columns if column.name in columns)
    entry = {
        "tap_stream_id": table,
        "stream": table,
        "key_properties": list(described.key),
        "schema": json_schema(described.with_columns(chosen)),
        "metadata": [{"breadcrumb": [], "metadata": {"selected": True}}],
    }
    return {"streams": [entry]}


def check_requests(account: Simulator, rows: int, a_thousand: float = 1.03) -> None:
    assert account.counters.requests <= rows / 1000 * a_thousand + 20
    assert account.counters.peak_in_flight == 5
    assert account.counters.refused_logins == {}
    assert account.counters.over_limit == 0


CURSOR, NO_CURSOR = ("id", "lastmodifieddate"), ("id",)


@pytest.mark.parametrize(
    ("rows", "switches", "columns"),
    [
        (CEILING + 1, OTHER_ANSWERS, CURSOR),
        pytest.param(CEILING + 1, OTHER_ANSWERS, NO_CURSOR, marks=pytest.mark.long),
        pytest.param(250_000, Switches(), CURSOR, marks=pytest.mark.long),
        pytest.param(250_000, Switches(), NO_CURSOR, marks=pytest.mark.long),
        pytest.param(250_000, OTHER_ANSWERS, CURSOR, marks=pytest.mark.long),
        pytest.param(250_000, OTHER_ANSWERS, NO_CURSOR, marks=pytest.mark.long),
    ],
)
def test_a_table_past_every_ceiling_comes_whole(
    rows: int, switches: Switches, columns: tuple[str, ...]
) -> None:
    with account_of(rows, switches) as account:
        messages, code, log = run_tap(
            configuration(account), catalog=catalog_of("transaction", *columns)
        )
        assert code == 0, log
        truth = [key for (key,) in account.sql("SELECT id FROM transaction ORDER BY 1")]
        assert len(truth) == rows
        keys = [message["record"]["id"] for message in messages if message["type"] == "RECORD"]
        assert sorted(keys) == truth
        check_requests(account, rows)


def test_pairs_that_are_inserted_into_a_long_table_are_no_false_alarm(tmp_path: Path) -> None:
    emitted = Counter[tuple[int, int]]()
    with Simulator(transactions=1_000, latency=0.005) as account:
        # A hundred vendors an item, but of item 0 more than any page holds.
        account.sql(
            "DELETE FROM itemvendor; INSERT INTO itemvendor (item, vendor) "
            "SELECT n // 100 * (n % 9 > 1)::INT, n FROM range(100001) numbers (n)"
        )
        truth = set(account.sql("SELECT item, vendor FROM itemvendor"))
        assert len(truth) == CEILING + 1
        config = configuration(account, tables=["itemvendor"])
        catalog = catalog_of("itemvendor", "item", "vendor")
        with TapProcess(tmp_path, config, catalog=catalog, is_warm=True) as tap:
            for count, message in enumerate(tap.messages()):
                if message["type"] == "RECORD":
                    emitted[message["record"]["item"], message["record"]["vendor"]] += 1
                if count % 5_000 == 0:
                    account.sql(
                        "INSERT INTO itemvendor (item, vendor) "
                        "SELECT max(vendor) * 7919 % 1000, max(vendor) + 1 FROM itemvendor"
                    )
            assert tap.process.wait(timeout=60) == 0, tap.log
        assert "read once more" not in tap.log
        assert truth <= emitted.keys()
        assert max(emitted.values()) == 1
        # Where pages end is told by items alone, so that many a range holds some rows too many.
        check_requests(account, CEILING, a_thousand=2)


def read(rows: int, folder: Path) -> int:
    """Reads so many transactions, checks them, and tells the tap's peak memory in KiB."""
    with account_of(rows) as account, TapProcess(folder, configuration(account)) as tap:
        status = Path(f"/proc/{tap.process.pid}/status")
        keys = []
        peak = ""
        for count, message in enumerate(tap.messages()):
            if message["type"] == "RECORD":
                keys.append(message["record"]["id"])
            if count % 5_000 == 0:
                [peak] = [line for line in status.read_text().splitlines() if "VmHWM" in line]
        assert tap.process.wait(timeout=60) == 0, tap.log
        assert sorted(keys) == [
            key for (key,) in account.sql("SELECT id FROM transaction ORDER BY 1")
        ]
        check_requests(account, rows)
    return int(peak.split()[1])


@pytest.mark.long
def test_a_million_rows_come_once_at_the_memory_of_twenty_thousand(tmp_path: Path) -> None:
    few, many = read(20_000, tmp_path), read(1_000_000, tmp_path)
    assert many <= few + ALLOWED_GROWTH, (few, many)
