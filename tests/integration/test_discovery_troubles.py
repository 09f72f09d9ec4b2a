"""A hiccup is waited out: whatever goes wrong, the catalog is the same, byte for byte."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tap_netsuite_tba.netsuite import retries
from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator
from tests.faults.trouble import PASSING, trouble
from tests.integration.command import Outcome, discovered
from tests.tap_process import configuration

PATTERNS = ["account*", "custom*", "transaction*", "vendor"]


@pytest.fixture(scope="module")
def company() -> Iterator[Simulator]:
    with Simulator(transactions=1_000) as account:
        yield account


@pytest.fixture(autouse=True)
def _short_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried again, not how long is waited before, is what these tests are about."""
    monkeypatch.setattr(retries, "LONGEST_DELAY", 0.05)


@pytest.fixture
def account(company: Simulator) -> Iterator[Simulator]:
    yield company
    company.faults.clear()


def discovery(account: Simulator, folder: Path, **settings: object) -> Outcome:
    return discovered(folder, configuration(account, **settings))


def test_one_request_in_five_fails_in_every_way_and_the_catalog_is_the_same(
    account: Simulator, tmp_path: Path
) -> None:
    calm = discovery(account, tmp_path, tables=PATTERNS, discovery_cache_seconds=0)
    account.faults.add(*(trouble(kind, 1 / 5, times=1) for kind in PASSING))
    before = account.counters.requests
    stormy = discovery(account, tmp_path, tables=PATTERNS)
    asked = account.counters.requests - before
    remembered = discovery(account, tmp_path, tables=PATTERNS)
    assert stormy.output == remembered.output == calm.output
    assert set(account.faults.dealt) == set(PASSING)
    assert account.faults.dealt.total() >= asked / 5
    assert account.counters.peak_in_flight <= 5
    assert account.counters.over_limit == 0


@pytest.mark.long
@pytest.mark.parametrize("kind", PASSING)
def test_one_request_in_five_fails_in_one_way(
    account: Simulator, tmp_path: Path, kind: FaultKind
) -> None:
    calm = discovery(account, tmp_path, tables=["*"], discovery_cache_seconds=0)
    # Two refused logins in a row end a run.
    times = 1 if kind is FaultKind.TOO_MANY_REQUESTS_AS_401 else None
    account.faults.add(trouble(kind, 1 / 5, times))
    before = account.faults.dealt[kind]
    stormy = discovery(account, tmp_path, tables=["*"], discovery_cache_seconds=0)
    assert stormy.output == calm.output
    assert account.faults.dealt[kind] - before >= (times or 10)


def test_trouble_that_stays_ends_the_discovery_and_shrinks_nothing(
    account: Simulator, tmp_path: Path
) -> None:
    account.faults.add(Fault(FaultKind.UNAVAILABLE, text="FROM vendor ", times=None))
    outcome = discovery(account, tmp_path, tables=PATTERNS, retry_timeout_seconds=1)
    assert outcome.code == 1
    assert outcome.output == ""
    assert "vendor" in outcome.log
    assert "Traceback" not in outcome.log
