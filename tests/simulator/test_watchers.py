"""Who watches an account is told of each request that it worked on."""

from tap_netsuite_tba.simulator import Fault, FaultKind, Latency, Served, Simulator
from tests.simulator.client import ask, signer
from tests.simulator.conftest import TABLES

QUERY = "SELECT id FROM subsidiary ORDER BY id ASC"


def test_each_request_is_told_with_its_query_and_its_time() -> None:
    served: list[Served] = []
    with Simulator(company=False, latency=Latency(returned=0.01)) as account:
        account.sql(TABLES)
        account.watchers.append(served.append)
        for _ in range(3):
            assert ask(account, QUERY).ok
    assert [each.request.query for each in served] == [QUERY] * 3
    assert all(each.ended - each.began >= 0.02 for each in served)
    assert served == sorted(served, key=lambda each: each.began)


def test_it_is_told_before_the_client_has_the_last_byte() -> None:
    served: list[Served] = []
    with Simulator(company=False) as account:
        account.sql(TABLES)
        account.watchers.append(served.append)
        for times in range(1, 20):
            assert ask(account, QUERY).ok
            assert len(served) == times


def test_a_request_that_goes_wrong_is_told_once_as_well() -> None:
    served: list[Served] = []
    with Simulator(company=False) as account:
        account.watchers.append(served.append)
        account.faults.add(Fault(FaultKind.UNEXPECTED_ERROR))
        assert ask(account, QUERY).status_code == 500
    assert len(served) == 1


def test_who_is_turned_away_is_not_told() -> None:
    served: list[Served] = []
    with Simulator(company=False, concurrency_limit=1) as account:
        account.watchers.append(served.append)
        account.others = 1
        assert ask(account, QUERY).status_code == 429
        assert ask(account, QUERY, auth=signer(account, client_secret="wrong")).status_code == 401
    assert served == []
