"""The tap reads the same from an account that answers each open question the other way."""

import json
from dataclasses import asdict
from datetime import datetime

import pytest

from tap_netsuite_tba.simulator import ColumnRefusal, Simulator, Switches
from tap_netsuite_tba.simulator.switches import all_switches, choices
from tests.tap_process import CONFIGURED, run_tap

BORN = datetime.fromisoformat("2026-11-01T12:00:00+00:00")
TABLES = ["transaction", "transactionline", "customer", "item", "currency", "department"]
# A 500 for a column is waited out before it is believed: half a minute, which is for -m long.
QUICK = [switch.name for switch in all_switches() if switch.name != "bad_column"]
# Which answer stands in their place: the second, or the last where there are three.
SECOND = {name: choices(name)[1] for name in QUICK}
LAST = {name: choices(name)[-1] for name in QUICK}


def records(switches: Switches, method: str = "tba") -> list[str]:
    with Simulator(1_000, 3, BORN, switches=switches) as account:
        account.refuse("customer", "comments", ColumnRefusal.UNKNOWN)
        account.refuse("item", "upccode", ColumnRefusal.REMOVED)
        messages, code, log = run_tap(CONFIGURED[method](account, tables=TABLES))
        assert code == 0, log
        assert account.counters.refused_logins == {}
    return sorted(
        json.dumps(m["record"], sort_keys=True) for m in messages if m["type"] == "RECORD"
    )


@pytest.fixture(scope="module")
def usual() -> list[str]:
    found = records(Switches())
    assert len(found) > 4_000
    return found


@pytest.mark.parametrize(
    ("method", "answers"),
    [("tba", SECOND), ("tba", LAST), ("oauth2", LAST)],
    ids=["second", "last", "last by OAuth 2.0"],
)
def test_no_switch_shows_in_what_is_read(
    usual: list[str], method: str, answers: dict[str, str]
) -> None:
    switches = Switches(**answers)  # type: ignore[arg-type]  # checked by Switches
    assert records(switches, method) == usual


@pytest.mark.long
@pytest.mark.parametrize(
    ("switch", "answer"),
    [(s.name, answer) for s in all_switches() for answer in choices(s.name)[1:]],
)
def test_no_switch_alone_shows_in_what_is_read(usual: list[str], switch: str, answer: str) -> None:
    answers = {**asdict(Switches()), switch: answer}
    assert records(Switches(**answers)) == usual
