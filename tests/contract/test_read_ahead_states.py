"""What is read ahead is not out: no state says so, and nothing of it is lost."""

from collections import Counter
from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.catalogs import last_state
from tests.contract.gateway import (
    Gateway,
    is_last_range_of,
    is_of,
    letting_go,
)
from tests.contract.tables import (
    add_tables,
    came,
    edit,
    run,
    small,
    truth,
)
from tests.tap_process import Target


@pytest.mark.parametrize("is_first", [True, False])
def test_the_state_of_a_stream_says_nothing_of_those_that_are_read_ahead(
    account: Simulator, gateway: Gateway, *, is_first: bool
) -> None:
    tables = add_tables(account, {"large": 4_000} | small(6))
    state: dict[str, Any] = {"bookmarks": {}}
    if not is_first:
        messages, _, _ = run(account, gateway, {**tables})
        state = last_state(messages)
        state["bookmarks"].pop("large")
    held = gateway.hold(is_last_range_of("large"))

    def release_later() -> None:
        with letting_go(held):
            gateway.wait_until(lambda: bool(held.arrived))
            gateway.wait_until_quiet()

    with gateway.meanwhile(release_later):
        messages, code, log = run(account, gateway, tables, state)
    assert code == 0, log
    order, seen = list(tables), 0
    for message in messages:
        if message["type"] == "SCHEMA":
            seen = order.index(message["stream"]) + 1
        if message["type"] == "STATE":
            for name in order[seen:]:
                told = message["value"]["bookmarks"].get(name)
                assert told == state["bookmarks"].get(name) or not claims(told), name


def claims(bookmark: Mapping[str, Any] | None) -> bool:
    """Whether a bookmark says that rows are out."""
    told = bookmark or {}
    return any(
        [told.get("replication_key_value"), told.get("count"), *(told.get("pass") or {}).values()]
    )


@pytest.mark.parametrize("seed", range(2))
def test_killed_anywhere_while_others_are_read_ahead_nothing_is_missing_in_the_end(
    account: Simulator, gateway: Gateway, seed: int
) -> None:
    tables = add_tables(account, {"b_large": 2_500, "c": 300, "d_large": 1_300} | small(3))
    held = gateway.hold(is_last_range_of("b_large"))

    def release_later() -> None:
        with letting_go(held):
            gateway.wait_until(lambda: bool(held.arrived))
            gateway.wait_until_quiet()
            account.clock.advance(5)
            for name in tables:
                edit(account, name, 3)

    with gateway.meanwhile(release_later):
        messages, code, log = run(account, gateway, tables)
    assert code == 0, log
    dice = Random(seed)
    states = [place for place, message in enumerate(messages) if message["type"] == "STATE"]
    cut = dice.choice([dice.choice(states), dice.choice(states) + 1, dice.randrange(len(messages))])
    target = Target()
    for message in messages[:cut]:
        target.take(message)
    for _ in range(2):  # What changed after its pass began comes with the next one.
        target.crash()
        messages, code, log = run(account, gateway, tables, target.state)
        assert code == 0, log
        for message in messages:
            target.take(message)
    for name, kind in tables.items():
        rows = target.tables[name].values()
        found = Counter(tuple(row[column] for column in kind.columns) for row in rows)
        assert found == truth(account, name, kind), (name, cut)


def test_what_changes_between_being_read_ahead_and_going_out_comes_with_the_next_run(
    account: Simulator, gateway: Gateway
) -> None:
    tables = add_tables(account, small(4) | {"small_long": 1_300})
    held = gateway.hold(is_of("small_000"))

    def change_and_release() -> None:
        with letting_go(held):
            gateway.wait_until(lambda: bool(gateway.asked("small_long")))
            gateway.wait_until_quiet()
            account.clock.advance(60)
            for name in tables:
                edit(account, name, 3)
                account.sql(
                    f"INSERT INTO {name} SELECT 1, 'new', max(modified) FROM {name}"  # noqa: S608  # a test's own
                )
            account.clock.advance(60)

    with gateway.meanwhile(change_and_release):
        messages, code, log = run(account, gateway, tables)
    assert code == 0, log
    first, state = messages, last_state(messages)
    messages, code, log = run(account, gateway, tables, state)
    assert code == 0, log
    for name, kind in tables.items():
        rows = came([*first, *messages], name, kind)
        assert truth(account, name, kind) <= rows, name
