"""A table that fails while it is read ahead fails at its own place, and alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator
from tests.catalogs import last_state
from tests.contract.gateway import (
    Gateway,
    is_of,
    letting_go,
)
from tests.contract.tables import (
    UNDATED,
    add_tables,
    came,
    check_rows,
    order_of,
    run,
    tables_of,
    truth,
)


@dataclass(frozen=True)
class Trouble:
    """What keeps one table from being read.

    Attributes:
        words: Of the sentence about it.
        settings: Of the tap.
        faults: That meet each of its requests,
        where: or each that has this behind the table's name.
        is_hidden: Whether the role may not read it.
        is_shrunk: Whether most of its rows are gone since the last run.
    """

    words: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[FaultKind, ...] = ()
    where: str = ""
    is_hidden: bool = False
    is_shrunk: bool = False

    def befall(self, account: Simulator, table: str) -> None:
        """Begins."""
        text = f"FROM {table} {self.where}"
        account.faults.add(*(Fault(kind, text=text, times=None) for kind in self.faults))
        if self.is_hidden:
            account.hide(table)
        if self.is_shrunk:
            account.sql(f"DELETE FROM {table} WHERE id % 4 > 0")  # noqa: S608  # a test's own


TROUBLES = {
    "refused": Trouble("NetSuite refused the query", faults=(FaultKind.REFUSED,)),
    "refused in its middle": Trouble(
        "NetSuite refused the query", faults=(FaultKind.REFUSED,), where="t WHERE"
    ),
    "broken for good": Trouble(
        "Gave up",
        settings={"retry_timeout_seconds": 1},
        faults=(FaultKind.UNEXPECTED_ERROR,),
    ),
    "hidden": Trouble("was not found", is_hidden=True),
    "shrunk": Trouble("the last time", is_shrunk=True),
}


@pytest.mark.usefixtures("said")
@pytest.mark.parametrize("name", TROUBLES)
def test_a_table_that_fails_fails_at_its_own_place_and_alone(
    account: Simulator, gateway: Gateway, name: str
) -> None:
    trouble = TROUBLES[name]
    sizes = {"b": 20, "c": 1_200, "d": 40, "e": 30}
    tables = add_tables(account, sizes, UNDATED)
    messages, code, log = run(account, gateway, tables)
    assert code == 0, log
    state = last_state(messages)
    trouble.befall(account, "c")
    others = {name: UNDATED for name in tables if name != "c"}
    _, code, without = run(account, gateway, others, state)
    assert code == 0, without
    _, code, alone = run(account, gateway, {"c": UNDATED}, state, **trouble.settings)
    assert code == 1
    before = len(gateway.queries)
    held = gateway.hold(is_of("b"))

    def release_later() -> None:
        with letting_go(held):
            gateway.wait_until(lambda: {*"cde"} <= {*tables_of(gateway.queries[before:])})

    with gateway.meanwhile(release_later):
        messages, code, log = run(account, gateway, tables, state, **trouble.settings)
    assert code == 1
    assert order_of(messages) == list(tables)
    check_rows(account, others, messages)
    assert came(messages, "c", UNDATED) <= truth(account, "c", UNDATED)
    assert summary_of(log) == sorted(summary_of(without) + summary_of(alone))
    told = [log.index(words) for words in ("b: 20 rows", "c was not read", "d: 40 rows")]
    assert told == sorted(told)
    assert trouble.words in log
    assert "Not read to their end: c." in log
    assert "Traceback" not in log


def summary_of(log: str) -> list[str]:
    """What the table at the end tells of the rows of each stream, and whether it was read."""
    _, _, summary = log.rpartition("Done.\n")
    lines = [line for line in summary.splitlines()[1:] if line.count("  ") > 4]
    return [" ".join([*line.split()[:5], line.split()[-1]]) for line in lines]
