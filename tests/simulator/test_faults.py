import pytest
import requests

from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator
from tests.simulator.client import ask

QUERY = "SELECT id FROM transaction WHERE id <= 500 ORDER BY id ASC"


@pytest.mark.parametrize(
    ("kind", "status", "content"),
    [
        (FaultKind.TOO_MANY_REQUESTS, 429, "CONCURRENCY_LIMIT_EXCEEDED"),
        (FaultKind.TOO_MANY_REQUESTS_AS_400, 400, "CONCURRENCY_LIMIT_EXCEEDED"),
        (FaultKind.UNEXPECTED_ERROR, 500, "An unexpected error occurred. Error ID: "),
        (FaultKind.BAD_GATEWAY, 502, "<html>"),
        (FaultKind.UNAVAILABLE, 503, "<html>"),
        (FaultKind.MAINTENANCE, 200, "<html>"),
        (FaultKind.WRONG_JSON, 200, '{"links":[]'),
        (FaultKind.STALL, 200, '"count":500'),
    ],
)
def test_a_fault_is_dealt_once_and_counted(
    account: Simulator, kind: FaultKind, status: int, content: str
) -> None:
    account.faults.add(Fault(kind))
    response = ask(account, QUERY)
    assert (response.status_code, content in response.text) == (status, True)
    assert ask(account, QUERY).json()["count"] == 500
    assert account.counters.dealt_faults == {kind.value: 1}


@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.RESET_IN_BODY, FaultKind.TRUNCATED])
def test_a_connection_breaks(account: Simulator, kind: FaultKind) -> None:
    account.faults.add(Fault(kind))
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        ask(account, QUERY)
    assert ask(account, QUERY).ok


def test_wrong_json_is_no_json(account: Simulator) -> None:
    account.faults.add(Fault(FaultKind.WRONG_JSON))
    with pytest.raises(requests.JSONDecodeError):
        ask(account, QUERY).json()


def test_a_fault_waits_for_its_request(account: Simulator) -> None:
    account.faults.add(Fault(FaultKind.UNEXPECTED_ERROR, request=3))
    assert [ask(account, QUERY).status_code for _ in range(4)] == [200, 200, 500, 200]


def test_a_fault_waits_for_its_table(account: Simulator) -> None:
    fault = Fault(FaultKind.UNAVAILABLE, table="transactionline", skip=1, times=2)
    account.faults.add(fault)
    lines = "SELECT uniquekey FROM TransactionLine"
    answers = [ask(account, query).status_code for query in (lines, QUERY, lines, lines, lines)]
    assert answers == [200, 200, 503, 503, 200]


def test_a_fault_can_last_until_it_is_cleared(account: Simulator) -> None:
    account.faults.add(Fault(FaultKind.BAD_GATEWAY, times=None))
    assert {ask(account, QUERY).status_code for _ in range(3)} == {502}
    account.faults.clear()
    assert ask(account, QUERY).ok


def test_a_retry_after_is_sent_when_told(account: Simulator) -> None:
    account.faults.add(Fault(FaultKind.TOO_MANY_REQUESTS, retry_after=7))
    assert ask(account, QUERY).headers["Retry-After"] == "7"
