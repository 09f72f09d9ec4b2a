from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator
from tap_netsuite_tba.simulator.governance import ConcurrencyLimitExceededError, Governance
from tests.simulator.client import ask
from tests.simulator.conftest import TABLES

QUERY = "SELECT id FROM transaction WHERE id = 1 ORDER BY id ASC"


def test_one_request_over_the_limit_is_refused() -> None:
    governance = Governance(2)
    first, _second = governance.enter(), governance.enter()
    with pytest.raises(ConcurrencyLimitExceededError):
        governance.enter()
    first.close()
    first.close()
    governance.enter()
    with pytest.raises(ConcurrencyLimitExceededError):
        governance.enter()
    assert (governance.load.peak, governance.load.refused) == (2, 2)


def test_a_sixth_request_gets_netsuites_429() -> None:
    with Simulator(company=False, latency=0.5) as account, ThreadPoolExecutor(8) as pool:
        account.sql(TABLES)
        responses = [pool.submit(ask, account, QUERY) for _ in range(8)]
        statuses = sorted(response.result().status_code for response in responses)
        refused = next(
            response.result() for response in responses if response.result().status_code == 429
        )
        assert statuses == [200] * 5 + [429] * 3
        assert refused.json()["title"] == "Bad Request"
        assert refused.json()["o:errorDetails"][0]["o:errorCode"] == "CONCURRENCY_LIMIT_EXCEEDED"
        assert "Retry-After" not in refused.headers
        assert account.counters.peak_in_flight == 5
        assert account.counters.over_limit == 3


def test_whoever_has_the_last_byte_may_ask_again() -> None:
    with Simulator(company=False, concurrency_limit=2) as account, ThreadPoolExecutor(2) as pool:
        account.sql(TABLES)
        statuses = pool.map(lambda _: ask(account, QUERY).status_code, range(100))
        assert set(statuses) == {200}


def test_an_abandoned_request_keeps_its_place() -> None:
    with Simulator(company=False, concurrency_limit=1) as account:
        account.sql(TABLES)
        account.faults.add(Fault(FaultKind.STALL, seconds=60))
        with pytest.raises(requests.ReadTimeout):
            ask(account, QUERY, timeout=0.2)
        assert ask(account, QUERY).status_code == 429
