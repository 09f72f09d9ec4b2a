"""What others who use the account cost, and are cost: the client's threads, played by a clock."""

from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from random import Random

import pytest

from tap_netsuite_tba.netsuite.allowance import Allowance
from tap_netsuite_tba.netsuite.errors import ConcurrencyLimitExceeded
from tests.netsuite.conftest import Time

PLACES = 5
WORKERS = 7
TICK = 0.05
PAGE_SECONDS = (0.25, 0.75)
SLOWEST_RETURN = 70.0
"""Seconds until the limit is back at its most, as the allowance states."""


@dataclass
class Worker:
    """One that asks for one page after the other.

    Attributes:
        until: When its request, or its pause before the next one, is over.
        request: Its request in flight.
        fits: Whether the account has room for that.
        refusals: How often its page was refused.
    """

    until: float = 0.0
    request: ExitStack | None = None
    fits: bool = True
    refusals: int = 0


@dataclass
class SharedAccount:
    """An account that others use now and then."""

    dice: Random
    others: int = 0
    time: Time = field(default_factory=Time)
    workers: list[Worker] = field(default_factory=lambda: [Worker() for _ in range(WORKERS)])
    pages: int = 0
    refused: int = 0

    def __post_init__(self) -> None:
        self.allowance = Allowance(PLACES, monotonic=self.time.monotonic)

    def work(self, seconds: float) -> None:
        for _ in range(round(seconds / TICK)):
            self.time.now += TICK
            for worker in self.workers:
                if worker.until <= self.time.now:
                    self.end(worker)
            for worker in self.workers:
                if worker.until <= self.time.now and self.in_flight() < self.allowance.limit():
                    self.begin(worker)

    def in_flight(self) -> int:
        return sum(worker.request is not None for worker in self.workers)

    def begin(self, worker: Worker) -> None:
        at_work = sum(each.request is not None and each.fits for each in self.workers)
        worker.fits = at_work + self.others < PLACES
        worker.until = self.time.now + (self.dice.uniform(*PAGE_SECONDS) if worker.fits else TICK)
        worker.request = ExitStack()
        worker.request.enter_context(self.allowance.request())

    def end(self, worker: Worker) -> None:
        if worker.request is None:
            return
        if worker.fits:
            worker.request.close()
            worker.refusals = 0
            self.pages += 1
        else:
            with suppress(ConcurrencyLimitExceeded), worker.request:
                raise ConcurrencyLimitExceeded
            worker.until += self.dice.uniform(0, min(60, 2**worker.refusals))
            worker.refusals += 1
            self.refused += 1
        worker.request = None


@pytest.fixture(params=range(5))
def account(request: pytest.FixtureRequest) -> SharedAccount:
    account = SharedAccount(Random(request.param))
    account.work(10)
    return account


@pytest.mark.parametrize("others", [1, 2, 3, 4])
def test_others_for_a_minute_cost_at_most_ten_refusals_and_their_share(
    account: SharedAccount, others: int
) -> None:
    account.others, before = others, account.pages
    account.work(60)
    assert 1 <= account.refused <= 10
    left = 60 * (PLACES - others) / (sum(PAGE_SECONDS) / 2)
    assert account.pages - before > 0.8 * left


@pytest.mark.parametrize("others", [1, 2, 3, 4])
def test_those_who_stay_cost_less_than_two_refusals_a_minute(
    account: SharedAccount, others: int
) -> None:
    account.others = others
    account.work(120)
    account.refused = 0
    account.work(600)
    assert account.refused < 2 * 10


@pytest.mark.parametrize("stay", [1, 13, 60, 71, 200])
@pytest.mark.parametrize("others", [1, 3, 4])
def test_all_five_are_in_use_again_70_seconds_after_they_have_gone(
    account: SharedAccount, others: int, stay: int
) -> None:
    account.others = others
    account.work(stay)
    account.others = 0
    account.work(SLOWEST_RETURN + 4 * PAGE_SECONDS[1])
    assert account.in_flight() == account.allowance.limit() == PLACES
