import http.client
import json
from datetime import timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import pytest
import requests

from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator
from tests.simulator.client import PATH, ask, signer
from tests.simulator.conftest import TABLES
from tests.simulator.waiting import wait_until

QUERY = "SELECT id FROM transaction WHERE id <= 500 ORDER BY id ASC"


def asked(account: Simulator) -> tuple[http.client.HTTPConnection, requests.PreparedRequest]:
    """Return a connection that asks one thing at a time, and what it may ask once."""
    headers = {"Prefer": "transient", "Content-Type": "application/json"}
    request = requests.Request(
        "POST", account.base_url + PATH, data=json.dumps({"q": QUERY}), headers=headers
    )
    request.auth = signer(account)
    port = urlsplit(account.base_url).port
    return http.client.HTTPConnection("127.0.0.1", port, timeout=30), request.prepare()


@pytest.mark.parametrize(
    ("kind", "status", "content"),
    [
        (FaultKind.TOO_MANY_REQUESTS, 429, "CONCURRENCY_LIMIT_EXCEEDED"),
        (FaultKind.TOO_MANY_REQUESTS_AS_400, 400, "CONCURRENCY_LIMIT_EXCEEDED"),
        (FaultKind.TOO_MANY_REQUESTS_AS_401, 401, "INVALID_LOGIN"),
        (FaultKind.REFUSED, 400, "Search error occurred: Invalid or unsupported search."),
        (FaultKind.UNEXPECTED_ERROR, 500, "An unexpected error occurred. Error ID: "),
        (FaultKind.BAD_GATEWAY, 502, "<html>"),
        (FaultKind.UNAVAILABLE, 503, "<html>"),
        (FaultKind.MAINTENANCE, 200, "<html>"),
        (FaultKind.WRONG_JSON, 200, '{"links":[]'),
        (FaultKind.STALL, 200, '"count":500'),
        (FaultKind.SLOW, 200, '"count":500'),
        (FaultKind.CLOCK, 200, '"count":500'),
        (FaultKind.RESET_AFTER_BODY, 200, '"count":500'),
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
    assert account.counters.refused_logins == {}


@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.RESET_IN_BODY, FaultKind.TRUNCATED])
def test_a_connection_breaks(account: Simulator, kind: FaultKind) -> None:
    account.faults.add(Fault(kind))
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        ask(account, QUERY)
    assert ask(account, QUERY).ok


def test_a_connection_is_reset_before_the_answer(account: Simulator) -> None:
    account.faults.add(Fault(FaultKind.RESET))
    connection, request = asked(account)
    connection.request("POST", PATH, request.body, dict(request.headers))
    assert connection.sock is not None
    with pytest.raises(ConnectionResetError):  # of an orderly end nothing would be read
        connection.sock.recv(1)
    connection.close()


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (FaultKind.RESET_IN_BODY, ConnectionResetError),
        (FaultKind.TRUNCATED, http.client.IncompleteRead),
    ],
)
def test_a_connection_breaks_in_the_body(
    account: Simulator, kind: FaultKind, error: type[Exception]
) -> None:
    account.faults.add(Fault(kind))
    connection, request = asked(account)
    connection.request("POST", PATH, request.body, dict(request.headers))
    response = connection.getresponse()
    with pytest.raises(error):
        response.read()
    connection.close()


def test_a_connection_breaks_after_the_body(account: Simulator) -> None:
    account.faults.add(Fault(FaultKind.RESET_AFTER_BODY))
    connection, request = asked(account)
    connection.request("POST", PATH, request.body, dict(request.headers))
    assert json.loads(connection.getresponse().read())["count"] == 500
    assert account.counters.in_flight == 0
    assert connection.sock is not None
    connection.sock.sendall(b"P")
    with pytest.raises(ConnectionResetError):  # of an orderly end nothing would be read
        connection.sock.recv(1)
    connection.close()


def test_a_slow_body_begins_at_once(account: Simulator) -> None:
    account.faults.add(Fault(FaultKind.SLOW, seconds=600))
    connection, request = asked(account)
    connection.request("POST", PATH, request.body, dict(request.headers))
    response = connection.getresponse()
    assert response.status == 200
    assert connection.sock is not None
    connection.sock.settimeout(0.1)
    with pytest.raises(TimeoutError):
        response.read()
    assert account.counters.in_flight == 1
    connection.close()


def test_a_slow_body_is_whole(account: Simulator) -> None:
    account.faults.add(Fault(FaultKind.SLOW, seconds=0.04))
    assert ask(account, QUERY).json() == ask(account, QUERY).json()


@pytest.mark.parametrize("kind", [FaultKind.STALL, FaultKind.TOO_MANY_REQUESTS_AS_401])
def test_an_answer_is_held_back(account: Simulator, kind: FaultKind) -> None:
    account.faults.add(Fault(kind, seconds=600))
    connection, request = asked(account)
    connection.request("POST", PATH, request.body, dict(request.headers))
    wait_until(lambda: account.counters.in_flight == 1)
    assert {ask(account, QUERY).status_code for _ in range(5)} == {200}
    assert account.counters.in_flight == 1
    connection.close()


@pytest.mark.parametrize("seconds", [3600, -3600])
def test_a_clock_is_wrong(account: Simulator, seconds: float) -> None:
    account.faults.add(Fault(FaultKind.CLOCK, seconds=seconds))
    before = account.clock.now().replace(microsecond=0)
    date = parsedate_to_datetime(ask(account, QUERY).headers["Date"])
    wrong = timedelta(seconds=seconds)
    assert before <= date - wrong <= account.clock.now()
    assert parsedate_to_datetime(ask(account, QUERY).headers["Date"]) >= before


@pytest.mark.parametrize(
    "kind", [FaultKind.BAD_GATEWAY, FaultKind.UNAVAILABLE, FaultKind.MAINTENANCE]
)
def test_a_gateways_page_knows_of_no_operation(account: Simulator, kind: FaultKind) -> None:
    account.faults.add(Fault(kind))
    names = {"x-n-operationid", "x-netsuite-jobid"}
    assert not names & {name.lower() for name in ask(account, QUERY).headers}
    assert names <= {name.lower() for name in ask(account, QUERY).headers}


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


def test_a_fault_waits_for_a_text_in_any_case(account: Simulator) -> None:
    account.faults.add(Fault(FaultKind.REFUSED, text="Row_Number() OVER", times=None))
    ends = "SELECT row_number() over (ORDER BY id ASC) AS n FROM transaction"
    assert [ask(account, query).status_code for query in (ends, QUERY, ends)] == [400, 200, 400]


def test_a_refusal_is_the_accounts_own(account: Simulator) -> None:
    account.faults.add(Fault(FaultKind.REFUSED, table="transaction"))
    assert ask(account, QUERY).json() == ask(account, "SELECT SOUNDS(1) FROM dual").json()


def test_what_is_no_query_has_no_text(account: Simulator) -> None:
    account.faults.add(Fault(FaultKind.REFUSED, text="q"))
    catalog = account.base_url + "/services/rest/record/v1/metadata-catalog"
    with requests.Session() as session:
        assert session.get(catalog, auth=signer(account), timeout=30).ok
    assert ask(account, "SELECT 1 AS q FROM dual").status_code == 400


def test_a_fault_waits_for_its_service(account: Simulator) -> None:
    account.faults.add(Fault(FaultKind.BAD_GATEWAY, path="metadata-catalog"))
    assert ask(account, QUERY).ok
    catalog = account.base_url + "/services/rest/record/v1/metadata-catalog"
    with requests.Session() as session:
        assert session.get(catalog, auth=signer(account), timeout=30).status_code == 502


def test_a_fault_can_last_until_it_is_cleared(account: Simulator) -> None:
    account.faults.add(Fault(FaultKind.BAD_GATEWAY, times=None))
    assert {ask(account, QUERY).status_code for _ in range(3)} == {502}
    account.faults.clear()
    assert ask(account, QUERY).ok


def statuses(seed: int) -> list[int]:
    with Simulator(company=False, seed=seed) as account:
        account.sql(TABLES)
        account.faults.add(
            Fault(FaultKind.UNEXPECTED_ERROR, rate=0.3), Fault(FaultKind.UNAVAILABLE, rate=0.3)
        )
        return [ask(account, QUERY).status_code for _ in range(30)]


def test_a_rate_is_a_share_of_the_requests_and_comes_again_with_its_seed() -> None:
    fares = statuses(7)
    assert set(fares) == {200, 500, 503}
    assert fares == statuses(7)
    assert fares != statuses(8)


@pytest.mark.parametrize(("rate", "status"), [(0, 200), (1, 500)])
def test_a_rate_may_be_none_or_all(account: Simulator, rate: float, status: int) -> None:
    account.faults.add(Fault(FaultKind.UNEXPECTED_ERROR, rate=rate))
    assert {ask(account, QUERY).status_code for _ in range(5)} == {status}


def test_a_rate_strikes_at_most_so_many_times(account: Simulator) -> None:
    account.faults.add(Fault(FaultKind.UNEXPECTED_ERROR, rate=0.5, times=2, skip=1))
    fares = [ask(account, QUERY).status_code for _ in range(20)]
    assert (fares[0], fares.count(500)) == (200, 2)
    assert fares[1:3] != [500, 500]


def test_a_fault_knows_its_table_in_any_case(account: Simulator) -> None:
    account.faults.add(Fault(FaultKind.UNAVAILABLE, table="TransactionLine"))
    assert ask(account, "SELECT uniquekey FROM transactionLINE").status_code == 503


@pytest.mark.parametrize(
    "query",
    [
        "SELECT id FROM transaction WHERE memo = 'no subsidiary'",
        "SELECT id FROM transaction WHERE memo = 'it''s a subsidiary'",
        "SELECT id /* of a\n subsidiary */ FROM transaction",
        "SELECT id -- of a subsidiary\n FROM transaction",
    ],
)
def test_a_table_in_a_text_or_a_comment_is_not_asked(account: Simulator, query: str) -> None:
    account.faults.add(Fault(FaultKind.UNAVAILABLE, table="subsidiary"))
    assert ask(account, query).status_code == 200
    assert ask(account, f"{query[:10]} FROM subsidiary WHERE name <> 'it''s'").status_code == 503


def test_a_retry_after_is_sent_when_told(account: Simulator) -> None:
    account.faults.add(Fault(FaultKind.TOO_MANY_REQUESTS, retry_after=7))
    assert ask(account, QUERY).headers["Retry-After"] == "7"
