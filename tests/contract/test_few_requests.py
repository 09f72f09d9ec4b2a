"""How many requests a table costs: one if it fits a page, else 1.03 for 1,000 rows and 20 more."""

from datetime import datetime
from itertools import islice, product
from unittest.mock import patch

import pytest

from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.groups import column_groups
from tap_netsuite_tba.extraction.passes import Pass, read_pass
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.netsuite.suiteql import Since
from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.tables import KeyValue, Table
from tap_netsuite_tba.tap import TapNetSuite
from tests.catalogs import last_state
from tests.extraction.account import BEGIN, TABLE, WIDE_KEY, MemoryAccount, of_many_columns
from tests.extraction.wide import WIDE_KEY_WITH_CURSOR
from tests.tap_process import CONFIGURED, discover, run_tap

STREAMS = ["transaction", "transactionline", "customer", "item"]
BORN = datetime.fromisoformat("2026-11-01T12:00:00+00:00")
ROWS = 10_000
LINES: list[KeyValue] = [*islice(product(range(1000), range(30), (1, 2)), ROWS)]
"""Transactions of 60 lines: some forty of each thousand rows are of one that goes on."""
PAIRS: list[KeyValue] = [*product((0, 1, 10**6, 10**6 + 1), range(ROWS // 4), (1,))]
"""Few leading values with thousands of rows each."""


def requests_for(table: Table, keys: list[KeyValue], since: Since | None = None) -> int:
    """What a pass over a table of these rows costs; it reads them all, or those since."""
    account = MemoryAccount(table, dict.fromkeys(keys, BEGIN))
    selection = Selection(table, table.columns, since)
    begun = Pass(since.instant if since else None)
    chunks = [chunk for chunk, _ in read_pass(selection, account.fetch, Workers(5), begun) if chunk]
    assert sum(len(chunk.rows) for chunk in chunks) == (0 if since else len(keys))
    return len(account.queries)


def ids(rows: int) -> list[KeyValue]:
    return [(7 * key,) for key in range(rows)]


@pytest.mark.parametrize("rows", [0, 1, 999])
@pytest.mark.parametrize(
    "table", [TABLE, WIDE_KEY, WIDE_KEY_WITH_CURSOR], ids=["one key", "lines", "dated lines"]
)
def test_a_table_that_fits_a_page_costs_one(table: Table, rows: int) -> None:
    keys = ids(rows) if table is TABLE else LINES[:rows]
    assert requests_for(table, keys) == 1


def test_a_page_that_is_full_costs_four() -> None:
    """The end of the plan, the empty page behind it, and the count that this then needs."""
    assert requests_for(TABLE, ids(1000)) == 4


@pytest.mark.parametrize(
    ("table", "keys"),
    [
        pytest.param(TABLE, ids(ROWS), id="one key"),
        pytest.param(WIDE_KEY, LINES, id="lines"),
        pytest.param(WIDE_KEY_WITH_CURSOR, LINES, id="dated lines"),
        pytest.param(WIDE_KEY, PAIRS, id="pairs"),
    ],
)
def test_a_large_table_costs_little_more_than_one_for_a_thousand_rows(
    table: Table, keys: list[KeyValue]
) -> None:
    assert len(keys) == ROWS
    requests = requests_for(table, keys)
    assert ROWS / 1000 <= requests <= 1.03 * ROWS / 1000 + 6


def test_a_wide_table_costs_so_much_for_each_group_of_columns() -> None:
    """Groups of 99 columns in the account; of 6 here, for texts take their time."""
    table = of_many_columns(TABLE, 14)
    with patch("tap_netsuite_tba.extraction.groups.MAX_COLUMNS", 6):
        assert len(column_groups(table, table.columns)) == 3  # Each has the key and the cursor too.
        assert requests_for(table, ids(5000)) <= 3 * 1.03 * 5 + 6
        assert requests_for(table, ids(999)) == 3


def test_a_pass_that_finds_nothing_new_costs_one() -> None:
    assert requests_for(TABLE, ids(5000), Since(BEGIN.replace(year=2027), ids(5000)[-1])) == 1


def queries_of(tap: TapNetSuite) -> list[str]:
    """The texts of the queries that a tap will send."""
    fetch, sent = tap.connection.fetch, list[str]()

    def fetch_and_note(query: Query) -> Page:
        sent.append(query.text)
        return fetch(query)

    tap.connection.fetch = fetch_and_note
    return sent


@pytest.mark.parametrize("method", CONFIGURED)
def test_an_incremental_run_with_nothing_new_costs_one_a_stream_and_one_for_deletions(
    method: str,
) -> None:
    """And one that tells whether a catalog that was given is still true."""
    with Simulator(200, 3, BORN) as account:
        config = CONFIGURED[method](account, tables=STREAMS, lookback_seconds=0)
        catalog = discover(config)
        messages, _, _ = run_tap(config, catalog=catalog)
        account.clock.advance(5)
        state = last_state(messages)
        state["bookmarks"]["transactionline"]["unsettled_since"] = "2026-11-02T00:00:00Z"
        tap = TapNetSuite(config=config, catalog=catalog, state=state)
        sent = queries_of(tap)
        messages, code, log = run_tap({}, tap=tap)
    assert code == 0, log
    assert [m for m in messages if m["type"] == "RECORD"] == []
    assert len([text for text in sent if " FROM deletedrecord " in text]) == 1
    assert len(sent) == len(STREAMS) + 1 + 1
