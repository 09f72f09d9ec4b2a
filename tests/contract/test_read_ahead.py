"""Streams that come next are asked for while the current one waits, and nothing else changes."""

from itertools import pairwise
from pathlib import Path

from tap_netsuite_tba.simulator import Simulator
from tests.catalogs import last_state
from tests.contract.gateway import (
    Gateway,
    is_last_range_of,
    is_of,
    letting_go,
)
from tests.contract.tables import (
    KINDS,
    TEXTS,
    UNDATED,
    add_table,
    add_tables,
    came,
    check_rows,
    edit,
    order_of,
    run,
    small,
    tables_of,
)
from tests.faults.nights import Nights
from tests.faults.users import Users

SESSIONS = 5


def test_streams_come_one_after_another_in_the_order_of_the_catalog_and_each_row_once(
    account: Simulator, gateway: Gateway
) -> None:
    sizes = dict(zip("abcdefgh", (2_500, 0, 1, 999, 1_000, 1_001, 3_100, 7), strict=True))
    tables = add_tables(account, {f"table_{name}": rows for name, rows in sizes.items()})
    messages, code, log = run(account, gateway, dict(reversed(tables.items())))
    assert code == 0, log
    assert order_of(messages) == list(tables)
    check_rows(account, tables, messages)
    assert gateway.peak <= SESSIONS
    assert account.counters.over_limit == 0


def test_tables_of_every_kind_are_read_ahead_and_come_whole(
    account: Simulator, gateway: Gateway
) -> None:
    tables = add_tables(account, {"b": 5})
    for number, (kind, rows) in enumerate((kind, rows) for rows in (1_050, 8) for kind in KINDS):
        add_table(account, name := f"table_{number:02}", rows, kind)
        tables[name] = kind
    held = gateway.hold(is_of("b"))

    def release_later() -> None:
        with letting_go(held):
            gateway.wait_until(lambda: bool(gateway.asked("table_03")))
            gateway.wait_until_quiet()

    with gateway.meanwhile(release_later):
        messages, code, log = run(account, gateway, tables)
    assert code == 0, log
    assert order_of(messages) == list(tables)
    check_rows(account, tables, messages)
    dated = [name for name, kind in tables.items() if kind.cursor]
    account.clock.advance(5)
    for name in dated:
        edit(account, name, 3)
    messages, code, log = run(account, gateway, tables, last_state(messages))
    assert code == 0, log
    check_rows(account, {k: v for k, v in tables.items() if k not in dated}, messages)
    for name in dated:
        [edited] = came(messages, name, tables[name])
        assert "edited" in edited


def test_lines_and_tables_without_key_of_a_company_are_read_ahead_and_come_whole(
    tmp_path: Path,
) -> None:
    with Simulator(300, latency=0.02) as account:
        nights, users = Nights(account, tmp_path), Users(account, seed=1)
        for _ in range(2):
            nights.run_quietly()
            nights.check()
            for _ in range(4):
                users.work()


def test_while_the_only_request_of_a_stream_is_held_up_the_next_streams_are_read(
    account: Simulator, gateway: Gateway
) -> None:
    tables = add_tables(account, {"b": 3, "large": 5_000} | small(9))
    held = gateway.hold(is_of("b"))

    def release_later() -> None:
        with letting_go(held):
            gateway.wait_until(lambda: len(gateway.asked("large")) >= 4)
            gateway.wait_until(lambda: bool(gateway.asked("small_008")))

    with gateway.meanwhile(release_later):
        messages, code, log = run(account, gateway, tables)
    assert code == 0, log
    assert order_of(messages) == list(tables)
    check_rows(account, tables, messages)
    assert gateway.peak <= SESSIONS


def test_five_requests_are_in_flight_and_never_six_whatever_order_they_end_in(
    account: Simulator, gateway: Gateway
) -> None:
    tables = add_tables(account, small(12))
    held = [gateway.hold(is_of(name)) for name in small(12)]

    def release_backwards() -> None:
        with letting_go(*held):
            gateway.wait_until(lambda: all(each.arrived for each in held[:SESSIONS]))
            for last, following in pairwise(held[SESSIONS - 1 :]):
                assert not following.arrived
                last.let_go()
                gateway.wait_until(lambda following=following: bool(following.arrived))  # type: ignore[misc]

    with gateway.meanwhile(release_backwards):
        messages, code, log = run(account, gateway, tables)
    assert code == 0, log
    assert order_of(messages) == list(tables)
    check_rows(account, tables, messages)
    assert gateway.peak == SESSIONS


def test_the_tail_of_a_large_table_overlaps_the_tables_behind_it(
    account: Simulator, gateway: Gateway
) -> None:
    tables = add_tables(account, {"large": 5_000} | small(6))
    held = gateway.hold(is_last_range_of("large"))

    def release_later() -> None:
        with letting_go(held):
            gateway.wait_until(lambda: bool(held.arrived))
            gateway.wait_until(lambda: all(gateway.asked(name) for name in tables))

    with gateway.meanwhile(release_later):
        messages, code, log = run(account, gateway, tables)
    assert code == 0, log
    assert order_of(messages) == list(tables)
    check_rows(account, tables, messages)


def test_a_table_of_a_page_costs_one_request_also_if_it_is_read_ahead(
    account: Simulator, gateway: Gateway
) -> None:
    tables = add_tables(account, small(10)) | add_tables(account, {"texts": 30}, TEXTS)
    tables |= add_tables(account, {"undated": 999}, UNDATED)
    held = gateway.hold(is_of("small_000"))

    def release_later() -> None:
        with letting_go(held):
            gateway.wait_until(lambda: all(gateway.asked(name) for name in tables))

    with gateway.meanwhile(release_later):
        messages, code, log = run(account, gateway, tables)
    assert code == 0, log
    check_rows(account, tables, messages)
    assert [len(gateway.asked(name)) for name in tables] == [1] * len(tables)


def test_an_incremental_run_with_nothing_new_costs_one_request_a_stream(
    account: Simulator, gateway: Gateway
) -> None:
    tables = add_tables(account, {"large": 3_500} | small(10))
    messages, code, log = run(account, gateway, tables)
    assert code == 0, log
    before = len(gateway.queries)
    messages, code, log = run(account, gateway, tables, last_state(messages))
    assert code == 0, log
    assert not any(message["type"] == "RECORD" for message in messages)
    asked = [name for name in tables_of(gateway.queries[before:]) if name in tables]
    assert sorted(asked) == sorted(tables)
