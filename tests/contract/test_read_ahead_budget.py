"""What is read ahead, and what nobody takes, is bounded."""

import json
from collections import Counter
from pathlib import Path

import pytest

from tap_netsuite_tba.extraction.budget import MAX_BYTES, MAX_PAGES_AHEAD
from tap_netsuite_tba.simulator import Simulator
from tests.contract.gateway import (
    Gateway,
    is_of,
    letting_go,
)
from tests.contract.tables import (
    Tables,
    add_tables,
    catalog_of,
    check_rows,
    order_of,
    run,
    small,
    tables_of,
)
from tests.extraction.wide import small_pages
from tests.tap_process import TapProcess, configuration

PAGE = 20
WORKERS = 7
"""Requests that the tap prepares at once: two more than it may have in flight."""


@pytest.mark.parametrize("sizes", [small(MAX_PAGES_AHEAD + 9), {"c": PAGE * 2 * MAX_PAGES_AHEAD}])
def test_while_a_stream_is_held_up_no_more_pages_than_the_cap_are_read_ahead(
    account: Simulator, gateway: Gateway, sizes: dict[str, int]
) -> None:
    tables = add_tables(account, {"b": 3} | sizes)
    held = gateway.hold(is_of("b"))
    ahead: list[str] = []

    def release_later() -> None:
        with letting_go(held):
            gateway.wait_until(lambda: bool(held.arrived))
            gateway.wait_until_quiet()
            pages = [query for query in gateway.queries if "ROW_NUMBER" not in query]
            ahead.extend(name for name in tables_of(pages) if name in sizes)

    with small_pages(columns=99, page=PAGE, step=PAGE - 1), gateway.meanwhile(release_later):
        messages, code, log = run(account, gateway, tables)
    assert code == 0, log
    assert WORKERS < len(ahead) <= MAX_PAGES_AHEAD
    assert order_of(messages) == list(tables)
    check_rows(account, tables, messages)


MEBIBYTE = 2**20
"""What a page of a thousand rows of a thousand characters is, nearly."""


def test_however_slowly_somebody_reads_no_more_bytes_wait_than_the_budget_allows(
    account: Simulator, gateway: Gateway, tmp_path: Path
) -> None:
    tables = add_tables(account, {"large": 4_000, **dict.fromkeys(small(24), 999)}, width=1_000)
    config = configuration(account, base_url=gateway.base_url, tables=list(tables))
    with TapProcess(tmp_path, config, catalog=catalog_of(tables), is_warm=True) as tap:
        gateway.wait_until(lambda: bool(gateway.asked("large")))
        gateway.wait_until_quiet()
        taken, most, counts = 0, bytes_of(gateway, tables), Counter[str]()
        for line in tap.lines():
            if counts.total() % 500 == 0:
                gateway.wait_until(lambda: not gateway.busy)
                most = max(most, bytes_of(gateway, tables) - taken)
            taken += len(line)
            if line.startswith('{"type":"RECORD"'):
                counts[json.loads(line)["stream"]] += 1
        assert tap.process.wait(timeout=60) == 0, tap.log
    assert counts == {"large": 4_000, **dict.fromkeys(small(24), 999)}
    assert MAX_BYTES / 2 < most < MAX_BYTES + (WORKERS + 1) * MEBIBYTE


def bytes_of(gateway: Gateway, tables: Tables) -> int:
    """How many bytes of rows NetSuite has sent."""
    return sum(size for query, size in list(gateway.answered) if tables_of([query])[0] in tables)
