"""Others take a share of the account while it is read: no stream fails, and nobody is pestered."""

import math
import time
from dataclasses import dataclass, field

import pytest

from tap_netsuite_tba.netsuite import allowance, login
from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.simulator.switches import Switches
from tests.contract.tables import add_tables, catalog_of, check_rows
from tests.tap_process import configuration, run_tap

HANDFUL = 10


@dataclass(frozen=True)
class Visit:
    """Others come soon after a run began, and leave before its end.

    Attributes:
        answer: What NetSuite says to requests over its limit: a status.
        share: How many places of the account's five the others take.
        stay: Seconds for which the others stay.
        scale: Of the seconds that the client waits before it asks for more.
        pages: How many there are to read, of two tables.
        latency: Seconds that each takes.
        held: Seconds after which a request over the limit is answered.
    """

    answer: str
    share: int = 3
    stay: float = 0.5
    scale: float = 0.02
    pages: int = 70
    latency: float = 0.05
    held: float = 0.0

    def __str__(self) -> str:
        """What the test is called."""
        return f"{self.share} of 5 for {self.stay:g} s, {self.answer}"


VISITS = [
    Visit("429"),
    Visit("401"),
    *(
        pytest.param(visit, marks=pytest.mark.long)
        for visit in (
            Visit("400"),
            Visit("401", share=5, stay=3, scale=0.04, held=1.3, pages=200),
            Visit("429", stay=60, scale=1, latency=1, pages=450),
            Visit("401", share=5, stay=150, scale=1, latency=1, held=60, pages=250),
        )
    ),
]


@dataclass
class Return:
    """How the places that others left were taken again.

    Attributes:
        gone: When the others left.
        in_flight: How many requests were, and how long after that, whenever one was served.
    """

    account: Simulator
    gone: float
    in_flight: list[tuple[int, float]] = field(default_factory=list)

    def __call__(self, _: object) -> None:
        """Look, as a watcher of the account."""
        if (since := time.monotonic() - self.gone) > 0:
            self.in_flight.append((self.account.governance.load.in_flight, since))

    @property
    def seconds(self) -> float:
        """After which all five were in use for the first time; endless if they never were."""
        return min((since for count, since in self.in_flight if count == 5), default=math.inf)


@pytest.mark.parametrize("visit", VISITS, ids=str)
def test_others_who_come_and_go_cost_a_handful_of_refusals_and_no_stream(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    for name in ("FIRST_WAIT", "LONGEST_WAIT", "HOLD"):
        monkeypatch.setattr(allowance, name, getattr(allowance, name) * visit.scale)
    monkeypatch.setattr(login, "SLOW_REFUSAL", login.SLOW_REFUSAL * visit.scale)
    switches = Switches.of([f"too_many={visit.answer}"])
    with Simulator(
        company=False, switches=switches, too_many_wait=visit.held, latency=visit.latency
    ) as account:
        tables = add_tables(account, dict.fromkeys(["a_long", "b_long"], 500 * visit.pages))
        come = 5 * visit.latency
        after = Return(account, time.monotonic() + come + visit.stay)
        account.watchers.append(after)
        account.governance.visit(visit.share, come, come + visit.stay)
        config = configuration(account, tables=list(tables))
        messages, code, log = run_tap(config, catalog=catalog_of(tables))
        assert code == 0, log
        check_rows(account, tables, messages)
        refused = account.governance.load.refused
        figures = f"{refused} refused, all five in use again after {after.seconds:.1f} s"
        request.node.add_report_section("call", "figures", figures)
        assert 1 <= refused <= HANDFUL
        assert after.seconds < math.inf
        assert not account.counters.refused_logins
